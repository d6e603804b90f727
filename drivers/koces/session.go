package koces

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// sends is how often something is said that the terminal refuses: once, and
// once again.
const sends = 2

// breath is how long a frame may pause between its bytes.
const breath = 300 * time.Millisecond

var (
	errSilent  = fmt.Errorf("%w: the terminal does not answer", drivers.ErrOffline)
	errEnded   = fmt.Errorf("%w: the terminal ended without a result", drivers.ErrProtocol)
	errRefused = fmt.Errorf("%w: the terminal refused twice", drivers.ErrBusy)
)

// session is the line while one operation runs. Reading is done by the
// operation alone, writing also by an abort from beside.
type session struct {
	line   port.Port
	config Config
	heard  []byte

	mu sync.Mutex
	// working: the terminal took a request; wanted: somebody wants it stopped.
	working, wanted bool
}

func (t *Terminal) connect(ctx context.Context) (*session, func(), error) {
	line, err := t.address.Open(ctx)
	if err != nil {
		return nil, nil, err
	}
	s := &session{line: line, config: t.config}
	t.setRunning(s)
	stop := context.AfterFunc(ctx, s.giveUp)
	return s, func() {
		stop()
		t.setRunning(nil)
		_ = line.Close()
	}, nil
}

// giveUp ends an operation whose caller went away: a payment that waits for a
// card is cancelled, so that nobody pays for nothing.
func (s *session) giveUp() {
	_ = s.abort()
	_ = s.line.Close()
}

// write sends bytes; sent is false only when not one of them left the box.
func (s *session) write(raw []byte) (sent bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writeLocked(raw)
}

func (s *session) writeLocked(raw []byte) (sent bool, err error) {
	n, err := s.line.Write(raw, s.config.Ack)
	if errors.Is(err, port.ErrTimeout) {
		// A line that does not take bytes may have taken some.
		return true, fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
	return n > 0, err
}

// abort stops a transaction that waits for the customer; one that has not
// begun will not begin.
func (s *session) abort() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = true
	if !s.working {
		return nil
	}
	_, err := s.writeLocked(Append(nil, stop()))
	return err
}

func (s *session) abortWanted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wanted
}

// accept notes that the terminal works on a request, and passes on an abort
// that was wanted before.
func (s *session) accept() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.working = true
	if s.wanted {
		_, _ = s.writeLocked(Append(nil, stop()))
	}
}

// next is the next token that means something; port.ErrTimeout when none came
// in time.
func (s *session) next(deadline time.Time) (Token, []byte, error) {
	for {
		token, body, size := Split(s.heard)
		s.heard = s.heard[size:]
		switch token {
		case Noise:
		case Unfinished:
			if broken, err := s.hear(deadline); broken || err != nil {
				return Broken, nil, err
			}
		default:
			return token, body, nil
		}
	}
}

// hear waits for more bytes. A frame that stops in its middle is broken.
func (s *session) hear(deadline time.Time) (broken bool, err error) {
	until := deadline
	if pause := time.Now().Add(breath); len(s.heard) > 0 && pause.Before(until) {
		until = pause
	}
	wait := time.Until(until)
	if wait <= 0 {
		return false, port.ErrTimeout
	}
	buffer := make([]byte, 1024)
	n, err := s.line.Read(buffer, wait)
	s.heard = append(s.heard, buffer[:n]...)
	if errors.Is(err, port.ErrTimeout) && len(s.heard) > 0 && n == 0 {
		s.heard = nil
		return true, nil
	}
	return false, err
}

// greet asks whether the terminal listens: ACK for ACK, as the public code
// does before every transaction. What it still said before is left.
func (s *session) greet() error {
	if _, err := s.write([]byte{ack}); err != nil {
		return err
	}
	taken, err := s.acknowledged()
	if err == nil && !taken {
		return errRefused
	}
	return err
}

// acknowledged waits for ACK or NAK.
func (s *session) acknowledged() (bool, error) {
	deadline := time.Now().Add(s.config.Ack)
	for {
		token, _, err := s.next(deadline)
		switch {
		case errors.Is(err, port.ErrTimeout):
			return false, errSilent
		case err != nil:
			return false, err
		case token == Ack:
			return true, nil
		case token == Nak:
			return false, nil
		}
	}
}

// submit sends a request until it is acknowledged; after NAK once again, after
// silence never. sent is false when the terminal certainly did not take it.
func (s *session) submit(body []byte) (sent bool, err error) {
	for range sends {
		if sent, err := s.write(Append(nil, body)); err != nil {
			return sent, err
		}
		taken, err := s.acknowledged()
		if taken || err != nil {
			return true, err
		}
	}
	return false, errRefused
}

// refusal is how the terminal ends a transaction before it began.
type refusal struct{ letter byte }

func (r refusal) Error() string { return fmt.Sprintf("the terminal ended with %q", r.letter) }

// begun waits until the terminal begins (A110), or says that it does not: Q
// for a terminal id it does not know, E for a person who cancelled, A115 for
// no transaction.
func (s *session) begun(deadline time.Time, progress func(drivers.Progress)) (begins bool, err error) {
	for {
		token, body, err := s.next(deadline)
		switch {
		case errors.Is(err, port.ErrTimeout):
			return false, errSilent
		case err != nil:
			return false, err
		case token == End:
			return false, errEnded
		case token != Whole:
			continue
		}
		switch word := string(body[:min(len(body), 4)]); {
		case word == "A110", word == "A115":
			return word == "A110", nil
		case strings.HasPrefix(word, "Q"), strings.HasPrefix(word, "E"):
			return false, refusal{body[0]}
		case progress != nil && (strings.HasPrefix(word, "D") || strings.HasPrefix(word, "F")):
			progress(drivers.ProgressInsertCard)
		}
	}
}

// result says that the beginning was heard and waits for the result. A broken
// one is asked for again, once; and once what was heard is said again.
func (s *session) result(deadline time.Time) (Answer, error) {
	say := []byte{ack, ack}
	for range sends {
		if _, err := s.write(say); err != nil {
			return Answer{}, err
		}
		token, body, err := s.outcome(deadline)
		switch {
		case err != nil:
			return Answer{}, err
		case token == Whole:
			return ParseAnswer(body)
		case token == Broken:
			say = []byte{nak}
		}
	}
	return Answer{}, errEnded
}

// outcome waits for a result, a broken frame or NAK.
func (s *session) outcome(deadline time.Time) (Token, []byte, error) {
	for {
		token, body, err := s.next(deadline)
		switch {
		case errors.Is(err, port.ErrTimeout):
			return token, nil, errSilent
		case err != nil:
			return token, nil, err
		case token == End:
			return token, nil, errEnded
		case token == Nak, token == Broken, token == Whole && len(body) > 0 && (body[0] == 'G' || body[0] == 'T'):
			return token, body, nil
		}
	}
}

// confirm says that the result arrived and waits for EOT: only then it stands.
func (s *session) confirm(telegram string) error {
	frame := Append(nil, confirmation(telegram))
	if _, err := s.write(frame); err != nil {
		return err
	}
	deadline, again := time.Now().Add(s.config.Ack), false
	for {
		token, _, err := s.next(deadline)
		switch {
		case errors.Is(err, port.ErrTimeout):
			return errSilent
		case err != nil:
			return err
		case token == End:
			return nil
		case token == Nak && !again:
			again = true
			if _, err := s.write(frame); err != nil {
				return err
			}
		}
	}
}
