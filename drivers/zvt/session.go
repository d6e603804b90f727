package zvt

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"shopbox/drivers"
)

// session is one connection to a terminal. Reading is done by the operation
// alone; writing also by an abort from beside.
type session struct {
	conn net.Conn
	t3   time.Duration
	t4   time.Duration
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

func dial(ctx context.Context, config Config) (*session, error) {
	dialer := net.Dialer{
		Timeout: config.T3,
		// A terminal that lost its power says no goodbye; notice it in half a
		// minute instead of at the end of T4.
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 4},
	}
	conn, err := dialer.DialContext(ctx, "tcp", config.Address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
	return &session{conn: conn, t3: config.T3, t4: config.T4}, nil
}

func (s *session) close() { _ = s.conn.Close() }

// send writes a telegram whole; sent is false only when not one byte of it
// left the box.
func (s *session) send(telegram APDU) (sent bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(telegram)
}

// write is send with s.mu held.
func (s *session) write(telegram APDU) (sent bool, err error) {
	_ = s.conn.SetWriteDeadline(time.Now().Add(s.t3))
	n, err := s.conn.Write(telegram.Append(nil))
	if err != nil {
		err = fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
	return n > 0, err
}

// receive reads the next telegram.
func (s *session) receive(deadline time.Time) (APDU, error) {
	_ = s.conn.SetReadDeadline(deadline)
	telegram, err := ReadAPDU(s.conn)
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
func (s *session) command(command APDU) (sent bool, err error) {
	if sent, err := s.send(command); err != nil {
		return sent, err
	}
	answer, err := s.receive(time.Now().Add(s.t3))
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
		return true, &refusal{code: answer.Refusal()}
	}
	return true, s.accept()
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
	// late: the terminal had accepted the command before (06 1E).
	late bool
}

// Error names the error id of PA00P015 chapter 10.
func (r *refusal) Error() string { return fmt.Sprintf("terminal refused with %02X", r.code) }

// fault is what a refusal of a command that moves no money means to a caller.
func (r *refusal) fault() error {
	switch r.code {
	case codePleaseWait, codeReceiverNotReady, codeCardInserted, codeCardNotRemoved:
		return fmt.Errorf("%w: %w", drivers.ErrBusy, r)
	case codeWrongCurrency:
		return fmt.Errorf("%w: currency: %w", drivers.ErrSettings, r)
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
