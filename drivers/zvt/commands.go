package zvt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
)

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
	return ReadTotals(fields)
}

// Totals asks for the turnover of the open day (06 10), which stays open.
func (t *Terminal) Totals(ctx context.Context) (drivers.TerminalTotals, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.TerminalTotals{}, err
	}
	defer release()
	fields, err := t.totals(s, cmdTurnoverTotals)
	if err != nil {
		return drivers.TerminalTotals{}, err
	}
	return ReadTotals(fields)
}

// totals runs a command that answers with turnover totals.
func (t *Terminal) totals(s *session, command Command) (Fields, error) {
	x := exchange{session: s}
	if _, err := x.run(order{command: command, data: t.password}); err != nil {
		return nil, plain(err)
	}
	if code, ok := x.status.Byte(tagResult); ok && code != codeOK {
		return nil, fmt.Errorf("%w: totals refused with %02X", drivers.ErrProtocol, code)
	}
	return x.status, nil
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
	_, err = s.command(order{command: cmdLogOff})
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

// repeatSilently: 06 20 with the status information and without paper.
const repeatSilently = 0x03

// recall asks for the last transaction's result again without paper (06 20).
func (t *Terminal) recall(s *session) (memory, error) {
	data, err := AppendField(append([]byte{}, t.password...), tagService, []byte{repeatSilently})
	if err != nil {
		return memory{}, err
	}
	x := exchange{session: s}
	_, err = x.run(order{command: cmdRepeatReceipt, data: data})
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
