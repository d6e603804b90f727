package zvt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// Service bytes: 06 20 with the status information and without paper; 05 01
// without the service menu.
const (
	repeatSilently = 0x03
	statusNoMenu   = 0x01
)

// state is the answer to 05 01.
type state struct {
	code     byte
	software string
}

// busy: the terminal works, or a card is still in it.
func (s state) busy() bool {
	return s.code == codePleaseWait || s.code == codeCardInserted || s.code == codeCardNotRemoved
}

func (t *Terminal) enquire(s *session) (state, error) {
	data, err := AppendField(append([]byte{}, t.password...), tagService, []byte{statusNoMenu})
	if err != nil {
		return state{}, err
	}
	x := exchange{session: s}
	completion, err := x.run(APDU{cmdStatusEnquiry, data})
	if err != nil {
		return state{}, err
	}
	var answer state
	if len(completion) > 1 {
		if version, rest, err := cutText(completion); err == nil {
			answer.software, completion = s.decode(version), rest
		}
	}
	if len(completion) > 0 {
		answer.code = completion[0]
	}
	return answer, nil
}

// Status asks the terminal how it is (05 01). A terminal that another register
// keeps busy is Busy, not an error.
func (t *Terminal) Status(ctx context.Context) (drivers.TerminalStatus, error) {
	if !t.operation.TryLock() {
		return drivers.TerminalStatus{Busy: true, ID: t.terminalID()}, nil
	}
	defer t.operation.Unlock()
	s, release, err := t.connect(ctx)
	if err != nil {
		return drivers.TerminalStatus{}, err
	}
	defer release()
	answer, err := t.enquire(s)
	if err = plain(err); errors.Is(err, drivers.ErrBusy) {
		return drivers.TerminalStatus{Busy: true, ID: t.terminalID()}, nil
	}
	if err != nil {
		return drivers.TerminalStatus{}, err
	}
	return drivers.TerminalStatus{
		Ready:    answer.code == codeOK || answer.code == codeDayDue,
		Busy:     answer.busy(),
		DayDue:   answer.code == codeDayDue,
		Software: answer.software,
		ID:       t.terminalID(),
	}, nil
}

func (t *Terminal) terminalID() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.id
}

// EndOfDay closes the terminal's day with its host and returns its totals
// (06 50).
func (t *Terminal) EndOfDay(ctx context.Context) (drivers.TerminalTotals, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.TerminalTotals{}, err
	}
	defer release()
	fields, err := t.totals(s, cmdEndOfDay)
	if err != nil {
		return drivers.TerminalTotals{}, err
	}
	return readTotals(fields)
}

// totals runs a command that answers with turnover totals.
func (t *Terminal) totals(s *session, command Command) (Fields, error) {
	x := exchange{session: s}
	if _, err := x.run(APDU{command, t.password}); err != nil {
		return nil, plain(err)
	}
	if code, ok := x.status.Byte(tagResult); ok && code != codeOK {
		return nil, fmt.Errorf("%w: totals refused with %02X", drivers.ErrProtocol, code)
	}
	return x.status, nil
}

// groupSize is one card kind in bitmap 60: a count and six bytes of decimals,
// after four bytes of receipt numbers.
const (
	receiptRange = 4
	groupSize    = 7
)

// readTotals reads the sum and counts all kinds of cards together.
func readTotals(fields Fields) (drivers.TerminalTotals, error) {
	total, ok := fields.Number(tagAmount)
	if !ok {
		return drivers.TerminalTotals{}, fmt.Errorf("%w: totals without a sum", drivers.ErrProtocol)
	}
	totals := drivers.TerminalTotals{Total: money.Won(total)}
	groups := fields.Bytes(tagTotals)
	for at := receiptRange; at+groupSize <= len(groups); at += groupSize {
		totals.Count += int(groups[at])
	}
	return totals, nil
}

// LogOff tells the terminal that the box leaves (06 02), upon which it may be
// used by hand again.
func (t *Terminal) LogOff(ctx context.Context) error {
	if !t.operation.TryLock() {
		return fmt.Errorf("%w: another operation runs", drivers.ErrBusy)
	}
	defer t.operation.Unlock()
	s, release, err := t.connect(ctx)
	if err != nil {
		return err
	}
	defer release()
	_, err = s.command(APDU{Command: cmdLogOff})
	return plain(err)
}

// memory is the terminal's last stored transaction.
type memory struct {
	fields Fields
	// mark names it; empty when the terminal has none, and refusedMark with
	// the error id when it would not say. Many refuse while they have none.
	mark string
}

const refusedMark = "refused/"

// recall asks for the last transaction's result again without paper (06 20).
func (t *Terminal) recall(s *session) (memory, error) {
	data, err := AppendField(append([]byte{}, t.password...), tagService, []byte{repeatSilently})
	if err != nil {
		return memory{}, err
	}
	x := exchange{session: s}
	_, err = x.run(APDU{cmdRepeatReceipt, data})
	if no, ok := errors.AsType[*refusal](err); ok {
		if fault := no.fault(); errors.Is(fault, drivers.ErrBusy) {
			return memory{}, fault
		}
		return memory{mark: fmt.Sprintf("%s%02x", refusedMark, no.code)}, nil
	}
	if err != nil {
		return memory{}, err
	}
	if x.status == nil {
		return memory{}, nil
	}
	t.remember(x.status)
	return memory{fields: x.status, mark: markOf(x.status)}, nil
}

// remember keeps tag 1F1F for the next command. A terminal that knows the tag
// takes its last transaction back when the next command does not mirror it
// (PA00P015 4.2); the till never begins one before it knows the last outcome.
func (t *Terminal) remember(fields Fields) {
	unique := fields.Objects().Find(tlvUnique)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unique = unique
	t.last = markOf(fields)
}

// isPrevious: an approval that is the last transaction known, told again in
// place of this one. To acknowledge it would be to take the previous
// customer's payment for this one's.
func (t *Terminal) isPrevious(fields Fields) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return isApproved(fields) && fields.Has(tagReceipt) && fields.Has(tagTime) && markOf(fields) == t.last
}

// wait lets d pass, or less when the context ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
