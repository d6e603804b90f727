package tl3x00

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// sends is how often a frame is sent before the terminal counts as deaf.
const sends = 3

// errBusy and errDeaf: the terminal took a frame three times as broken, or
// never said anything to it.
var (
	errRefused = fmt.Errorf("%w: the terminal refused the frame three times", drivers.ErrBusy)
	errDeaf    = fmt.Errorf("%w: the terminal does not answer", drivers.ErrOffline)
)

// session is the line while one operation runs.
type session struct {
	*port.Talk

	config Config
	// terminal is the id the terminal gave itself last.
	terminal string
	progress func(drivers.Progress)
}

func (t *Terminal) connect(ctx context.Context) (*session, func(), error) {
	s := &session{config: t.config}
	talk, end, err := t.turns.Talk(ctx, t.config.Ack, func() []byte { return s.frame(jobStandby, nil) })
	if err != nil {
		return nil, nil, err
	}
	s.Talk = talk
	return s, func() { end(); t.meet(s.terminal) }, nil
}

func (s *session) frame(job byte, data []byte) []byte {
	return request(s.config.TerminalID, s.config.Now(), job, data).Append(nil)
}

func (s *session) say(sign byte) error {
	_, err := s.Write([]byte{sign})
	return err
}

// next is the next token that means something; port.ErrTimeout when none came
// in time. Events are told as progress and never acknowledged.
func (s *session) next(deadline time.Time) (Token, Frame, error) {
	for {
		token, frame, size := Split(s.Heard)
		s.Heard = s.Heard[size:]
		switch {
		case token == Noise:
			continue
		case token == Whole && frame.Job == jobEvent:
			s.tell(frame)
			continue
		case token == Whole && frame.Terminal != "":
			s.terminal = frame.Terminal
			return token, frame, nil
		case token != Unfinished:
			return token, frame, nil
		}
		if broken, err := s.Hear(deadline); broken || err != nil {
			return Broken, Frame{}, err
		}
	}
}

// tell turns an event into what the counter's screen shows.
func (s *session) tell(event Frame) {
	if s.progress == nil || len(event.Data) == 0 {
		return
	}
	switch event.Data[0] {
	case 'F': // the chip could not be read; the stripe is asked for
		s.progress(drivers.ProgressInsertCard)
	case 'O':
		s.progress(drivers.ProgressWait)
	default:
		s.progress(drivers.ProgressAskingHost)
	}
}

// submit sends a request until the terminal acknowledges it. A frame the
// terminal found broken (NAK) is sent again; after silence only one that moves
// no money is, for the terminal may have begun to work on the first. sent is
// false when the terminal certainly did not take it.
func (s *session) submit(job byte, data []byte) (sent bool, err error) {
	moves := job == jobApprove || job == jobCancel
	for range sends {
		wrote, err := s.Write(s.frame(job, data))
		if err != nil {
			return wrote, err
		}
		taken, err := s.acknowledged()
		switch {
		case taken:
			return true, nil
		case errors.Is(err, port.ErrTimeout) && moves:
			return true, errDeaf
		case errors.Is(err, port.ErrTimeout):
			sent = true
		case err != nil:
			return true, err
		}
	}
	if sent {
		return true, errDeaf
	}
	return false, errRefused
}

// acknowledged waits for ACK or NAK. What a former operation still says is
// acknowledged and left, so that the terminal becomes quiet.
func (s *session) acknowledged() (bool, error) {
	deadline := time.Now().Add(s.config.Ack)
	for {
		token, _, err := s.next(deadline)
		switch {
		case err != nil:
			return false, err
		case token == Ack:
			return true, nil
		case token == Nak:
			return false, nil
		case token == Whole:
			if err := s.say(ack); err != nil {
				return false, err
			}
		}
	}
}

// answer waits for the answer to a job. It is not acknowledged yet. A broken
// frame is asked for again.
func (s *session) answer(job byte, deadline time.Time) (Frame, error) {
	for {
		token, frame, err := s.next(deadline)
		switch {
		case errors.Is(err, port.ErrTimeout):
			return Frame{}, errDeaf
		case err != nil:
			return Frame{}, err
		case token == Broken:
			err = s.say(nak)
		case token == Whole && frame.Job == job|0x20:
			return frame, nil
		case token == Whole:
			err = s.say(ack)
		}
		if err != nil {
			return Frame{}, err
		}
		if token == Whole && frame.Job == jobStandby|0x20 {
			// The payment was stopped; its own answer comes now or never.
			if soon := time.Now().Add(s.config.Ack); soon.Before(deadline) {
				deadline = soon
			}
		}
	}
}

// ask does a job that moves no money.
func (s *session) ask(job byte) (Frame, error) {
	if _, err := s.submit(job, nil); err != nil {
		return Frame{}, err
	}
	frame, err := s.answer(job, time.Now().Add(s.config.Answer))
	if err != nil {
		return Frame{}, err
	}
	return frame, s.say(ack)
}

// last asks for the last approval again.
func (s *session) last() (Answer, error) {
	frame, err := s.ask(jobLast)
	if err != nil {
		return Answer{}, err
	}
	return ParseAnswer(frame.Data)
}
