package zvt

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"

	"shopbox/drivers"
)

// howItIs is the service byte of 05 01: without the service menu, with the
// software's version and more in a container.
const howItIs = 0x05

// State is the answer to 05 01.
type State struct {
	Code     byte
	Software []byte
	// Details are the objects of the container, as far as one was sent.
	Details Objects
}

// ParseState reads the completion of 05 01: perhaps a version, a code, perhaps
// a container. What cannot be read is left out.
func ParseState(completion []byte) State {
	var state State
	if len(completion) > 1 {
		if version, rest, err := cutText(completion); err == nil && len(rest) > 0 {
			state.Software, completion = version, rest
		}
	}
	if len(completion) == 0 {
		return state
	}
	state.Code = completion[0]
	fields, _ := ParseFields(completion[1:])
	state.Details = fields.Objects()
	return state
}

// busy: the terminal works, or a card is still in it.
func (s State) busy() bool {
	return s.Code == codePleaseWait || s.Code == codeCardInserted || s.Code == codeCardNotRemoved
}

// needs is what PA00P015 11.1 says must be done first.
func (s State) needs() string {
	switch s.Code {
	case codeOK, codePleaseWait, codePartialIssue, codeCardInserted, codeCardNotRemoved:
		return ""
	case 0x51, 0xF6:
		return "initialisation"
	case 0x62:
		return "time"
	case 0xB1:
		return "memory"
	case 0xC1, 0xC2:
		return "diagnosis"
	case 0xCC:
		return "printer"
	case codeDayDue:
		return "end_of_day"
	}
	return "service"
}

func (t *Terminal) enquire(s *session) (State, error) {
	data, err := AppendField(append([]byte{}, t.password...), tagService, []byte{howItIs})
	if err != nil {
		return State{}, err
	}
	x := exchange{session: s}
	completion, err := x.run(order{command: cmdStatusEnquiry, data: data})
	return ParseState(completion), err
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
	return t.statusOf(s, answer), nil
}

func (t *Terminal) statusOf(s *session, answer State) drivers.TerminalStatus {
	status := drivers.TerminalStatus{
		Ready:    answer.Code == codeOK || answer.Code == codeDayDue,
		Busy:     answer.busy(),
		DayDue:   answer.Code == codeDayDue,
		Needs:    answer.needs(),
		Software: maskDigits(s.decode(answer.Software)),
		Model:    maskDigits(s.decode(answer.Details.Find(tlvDevice, tlvDeviceName))),
		Serial:   strings.TrimLeft(hex.EncodeToString(answer.Details.Find(tlvDevice, tlvDeviceSerial)), "0"),
		ID:       t.terminalID(),
	}
	if status.Software == "" {
		status.Software = maskDigits(s.decode(answer.Details.Find(tlvDevice, tlvDeviceSoftware)))
	}
	if status.ID == "" {
		status.ID = hex.EncodeToString(answer.Details.Find(tlvTerminal))
	}
	return status
}
