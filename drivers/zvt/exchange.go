package zvt

import (
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
)

// exchange is one command from its first byte to its end. Between, the
// terminal is master: everything it sends is answered.
type exchange struct {
	session  *session
	progress func(drivers.Progress)
	// keep stores a result before it is acknowledged; an error cuts the line.
	keep func(Fields) error

	// sent: at least one byte of the command left the box.
	sent bool
	// status is the last 04 0F, nil before one came.
	status Fields
	kept   string // its bytes, to know a repetition
	lines  []string
	// hostTime is what the terminal said of its host's time.
	hostTime Fields
	// deadline is the end of T4.
	deadline time.Time
}

// run carries the command through. It returns the data of 06 0F; 84 xx and
// 06 1E are a *refusal.
func (x *exchange) run(o order) (completion []byte, err error) {
	if x.sent, err = x.session.command(o); err != nil {
		return nil, err
	}
	x.deadline = time.Now().Add(x.session.t4)
	for {
		telegram, err := x.session.receive(x.deadline)
		if err != nil {
			return nil, err
		}
		switch place := x.session.ids.placeOf(telegram); {
		case place == placeSame:
			_, err = x.session.send(x.session.ids.answer)
		case place == placeBehind:
			// It must not be acknowledged: an acknowledged result counts as known.
			err = fmt.Errorf("%w: an old telegram %04X", drivers.ErrProtocol, uint16(telegram.Command))
		case telegram.Command == cmdCompletion:
			x.finish(telegram)
			return telegram.Data, nil
		case telegram.Command == cmdAborted:
			return nil, x.aborted(telegram)
		default:
			err = x.serve(telegram)
		}
		if err != nil {
			return nil, err
		}
	}
}

// finish answers the end; that the answer gets lost changes nothing.
func (x *exchange) finish(end APDU) { _, _ = x.session.send(x.session.ids.reply(end, yes())) }

// aborted reads 06 1E: result code and the terminal's words for it.
func (x *exchange) aborted(telegram APDU) error {
	x.finish(telegram)
	if len(telegram.Data) == 0 {
		return &refusal{code: codeSystemError, late: true}
	}
	return &refusal{
		code: telegram.Data[0], rest: telegram.Data[1:], late: true,
		text: x.session.decode(ContainerOf(telegram).Find(tlvErrorText)),
	}
}

// serve handles what the terminal sends before the end, and answers it.
func (x *exchange) serve(telegram APDU) error {
	if isAnswer, _ := telegram.Answer(); isAnswer {
		if x.session.abortAnswered() {
			return nil
		}
		return fmt.Errorf("%w: answer to nothing", drivers.ErrProtocol)
	}
	answer := yes()
	switch telegram.Command {
	case cmdStatusInformation:
		var err error
		if answer, err = x.result(telegram.Data); err != nil {
			return err
		}
	case cmdIntermediateStatus:
		x.intermediate(telegram)
	case cmdPrintLine:
		x.lines = append(x.lines, x.session.printLine(telegram.Data)...)
	case cmdPrintBlock:
		x.lines = append(x.lines, x.session.printBlock(telegram.Data)...)
	case cmdSetTime:
		// The box keeps its own time; a diagnosis tells this one.
		x.hostTime, _ = ParseFields(telegram.Data)
	default:
		answer = no(codeNotPossible)
	}
	_, err := x.session.send(x.session.ids.reply(telegram, answer))
	return err
}

// result takes 04 0F. What came twice is kept once. A result that cannot be
// read far enough to be trusted is refused, upon which the terminal takes it
// back (PA00P015 2.2.6 c).
func (x *exchange) result(data []byte) (answer APDU, err error) {
	x.deadline = time.Now().Add(x.session.t4)
	fields, err := ParseFields(data)
	var unknown UnknownTagError
	switch {
	case errors.As(err, &unknown):
		if !fields.Has(tagResult) || !fields.Has(tagAmount) || !fields.Has(tagReceipt) {
			return no(codeNotPossible), nil
		}
	case err != nil:
		return APDU{}, fmt.Errorf("%w: %w", drivers.ErrProtocol, err)
	}
	if x.status != nil && x.kept == string(data) {
		return yes(), nil
	}
	x.status, x.kept = fields, string(data)
	if x.keep == nil {
		return yes(), nil
	}
	if err := x.keep(fields); err != nil {
		return APDU{}, fmt.Errorf("result not kept: %w", err)
	}
	return yes(), nil
}

// intermediate takes 04 FF: what happens, perhaps a new T4 in minutes, perhaps
// a container.
func (x *exchange) intermediate(telegram APDU) {
	data, t4 := telegram.Data, x.session.t4
	if len(data) > 1 && !isContainer(data[1:]) {
		if minutes, err := BCD(data[1:2]); err == nil && minutes > 0 {
			t4 = max(t4, time.Duration(minutes)*time.Minute)
		}
	}
	x.deadline = time.Now().Add(t4)
	if x.progress != nil && len(data) > 0 {
		x.progress(progressOf(data[0]))
	}
}

// isContainer: a TLV container and nothing else, not a T4 of six minutes.
func isContainer(data []byte) bool {
	fields, err := ParseFields(data)
	return err == nil && fields.Has(tagTLV)
}
