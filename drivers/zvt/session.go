package zvt

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// session is one connection to a terminal. Reading is done by the operation
// alone; writing also by an abort from beside.
type session struct {
	line line
	t3   time.Duration
	t4   time.Duration
	ids  messageIDs
	// leftovers: nothing was answered yet, so that what comes unasked belongs to
	// an operation before. A serial line has no other end of one.
	leftovers bool
	// utf8 is set when the terminal agreed to send texts in UTF-8.
	utf8 bool

	mu sync.Mutex
	// accepted: the terminal took the command and works on it.
	accepted bool
	// wanted: somebody wants the operation stopped.
	wanted bool
	// aborts is how many 06 B0 were sent and not yet answered.
	aborts int
}

func dial(ctx context.Context, config Config, address port.Address) (*session, error) {
	opened, err := openLine(ctx, config, address)
	if err != nil {
		return nil, err
	}
	return &session{line: opened, t3: config.T3, t4: config.T4, leftovers: address.Serial()}, nil
}

func (s *session) close() { s.line.close() }

// send writes a telegram whole; sent is false only when not one byte of it
// left the box.
func (s *session) send(telegram APDU) (sent bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(telegram)
}

// write is send with s.mu held.
func (s *session) write(telegram APDU) (sent bool, err error) {
	sent, err = s.line.send(telegram, s.t3)
	if err != nil {
		err = fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
	return sent, err
}

// receive reads the next telegram.
func (s *session) receive(deadline time.Time) (APDU, error) {
	telegram, err := s.line.receive(deadline)
	switch {
	case err == nil:
		return telegram, nil
	case errors.Is(err, ErrMalformed):
		return APDU{}, fmt.Errorf("%w: %w", drivers.ErrProtocol, err)
	default:
		return APDU{}, fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
}

// command sends a command and waits T3 for its answer. A negative answer is a
// refusal. sent is false when not one byte went out.
func (s *session) command(o order) (sent bool, err error) {
	command := s.ids.command(o).telegram()
	if sent, err := s.send(command); err != nil {
		return sent, err
	}
	answer, err := s.answerTo(time.Now().Add(s.t3))
	if err != nil {
		return true, err
	}
	isAnswer, agrees := answer.Answer()
	switch {
	case !isAnswer:
		// A telegram of an operation nobody waits for any more. It must not be
		// acknowledged: an acknowledged result counts as known.
		return true, fmt.Errorf("%w: %04X instead of an answer to %04X",
			drivers.ErrProtocol, uint16(answer.Command), uint16(command.Command))
	case !agrees:
		return true, refusedBy(answer)
	}
	return true, s.accept()
}

// answerTo waits for what answers the command sent last. Leftovers are passed
// over unanswered; the first command of a session moves no money.
func (s *session) answerTo(deadline time.Time) (APDU, error) {
	for {
		telegram, err := s.receive(deadline)
		if err != nil {
			return APDU{}, err
		}
		isAnswer, _ := telegram.Answer()
		if isAnswer && s.ids.foreign(telegram) || !isAnswer && s.leftovers {
			continue
		}
		s.leftovers = false
		return telegram, nil
	}
}

// accept notes that the terminal works on the command, and passes on an abort
// that was wanted before.
func (s *session) accept() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted = true
	if s.wanted {
		return s.sendAbort()
	}
	return nil
}

// abort asks the terminal to stop as soon as it listens.
func (s *session) abort() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = true
	if s.accepted {
		return s.sendAbort()
	}
	return nil
}

// sendAbort is abort with s.mu held.
func (s *session) sendAbort() error {
	s.aborts++
	_, err := s.write(APDU{Command: cmdAbort})
	return err
}

// abortAnswered takes an answer that belongs to an abort; false when none was
// sent.
func (s *session) abortAnswered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.aborts == 0 {
		return false
	}
	s.aborts--
	return true
}

// abortWanted reports whether somebody wants the operation stopped. After it
// returned false the operation counts as begun: an abort then waits for the
// terminal to accept the command.
func (s *session) abortWanted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted = false
	return s.wanted
}

// refusal is a clear no of the terminal: 84 xx to a command, or 06 1E at the
// end of one.
type refusal struct {
	code byte
	text string
	// currency is the terminal's own, when it refused another one.
	currency []byte
	// rest is what stood behind the code of 06 1E.
	rest []byte
	// late: the terminal had accepted the command before (06 1E).
	late bool
}

// refusedBy reads a negative answer: 84 xx, or 84 1E with the id in its data
// and, for a wrong currency, the right one behind it.
func refusedBy(answer APDU) *refusal {
	no := &refusal{code: answer.Refusal()}
	if no.code == codeWrongCurrency && len(answer.Data) >= 3 {
		no.currency = answer.Data[1:3]
	}
	return no
}

// Error names the error id of PA00P015 chapter 10.
func (r *refusal) Error() string { return fmt.Sprintf("terminal refused with %02X", r.code) }

// fault is what a refusal of a command that moves no money means to a caller.
func (r *refusal) fault() error {
	switch r.code {
	case codePleaseWait, codeReceiverNotReady, codeCardInserted, codeCardNotRemoved:
		return fmt.Errorf("%w: %w", drivers.ErrBusy, r)
	case codeWrongCurrency:
		return fmt.Errorf("%w: the terminal has another currency (%x): %w", drivers.ErrSettings, r.currency, r)
	case codeNotPossible:
		return fmt.Errorf("%w: %w", drivers.ErrUnsupported, r)
	default:
		return fmt.Errorf("%w: %w", drivers.ErrProtocol, r)
	}
}

// plain turns a refusal into the driver's sentinel and leaves other errors.
func plain(err error) error {
	if no, ok := errors.AsType[*refusal](err); ok {
		return no.fault()
	}
	return err
}
