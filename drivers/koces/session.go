package koces

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// sends is how often something is said that the terminal refuses: once, and
// once again.
const sends = 2

var (
	errSilent  = fmt.Errorf("%w: the terminal does not answer", drivers.ErrOffline)
	errEnded   = fmt.Errorf("%w: the terminal ended without a result", drivers.ErrProtocol)
	errRefused = fmt.Errorf("%w: the terminal refused twice", drivers.ErrBusy)
)

// session is the line while one operation runs.
type session struct {
	*port.Talk

	config Config
}

func (t *Terminal) connect(ctx context.Context) (*session, func(), error) {
	talk, end, err := t.turns.Talk(ctx, t.config.Ack, func() []byte { return Append(nil, stop()) })
	if err != nil {
		return nil, nil, err
	}
	return &session{Talk: talk, config: t.config}, end, nil
}

// next is the next token that means something; port.ErrTimeout when none came
// in time.
func (s *session) next(deadline time.Time) (Token, []byte, error) {
	for {
		token, body, size := Split(s.Heard)
		s.Heard = s.Heard[size:]
		switch token {
		case Noise:
		case Unfinished:
			if broken, err := s.Hear(deadline); broken || err != nil {
				return Broken, nil, err
			}
		default:
			return token, body, nil
		}
	}
}

// greet asks whether the terminal listens: ACK for ACK, as the public code
// does before every transaction. What it still said before is left.
func (s *session) greet() error {
	if _, err := s.Write([]byte{ack}); err != nil {
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
		if sent, err := s.Write(Append(nil, body)); err != nil {
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
		if _, err := s.Write(say); err != nil {
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
	if _, err := s.Write(frame); err != nil {
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
			if _, err := s.Write(frame); err != nil {
				return err
			}
		}
	}
}
