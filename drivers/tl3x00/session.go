package tl3x00

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// sends is how often a frame is sent before the terminal counts as deaf.
const sends = 3

// breath is how long a frame may pause between its bytes.
const breath = 300 * time.Millisecond

// errBusy and errDeaf: the terminal took a frame three times as broken, or
// never said anything to it.
var (
	errRefused = fmt.Errorf("%w: the terminal refused the frame three times", drivers.ErrBusy)
	errDeaf    = fmt.Errorf("%w: the terminal does not answer", drivers.ErrOffline)
)

// session is the line while one operation runs. Reading is done by the
// operation alone, writing also by an abort from beside.
type session struct {
	line   port.Port
	config Config
	heard  []byte
	// terminal is the id the terminal gave itself last.
	terminal string
	progress func(drivers.Progress)

	mu sync.Mutex
	// working: the terminal took a payment; wanted: somebody wants it stopped.
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
		t.meet(s.terminal)
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

func (s *session) frame(job byte, data []byte) []byte {
	return request(s.config.TerminalID, s.config.Now(), job, data).Append(nil)
}

// abort stops a payment that waits for a card (job E); one that has not begun
// will not begin.
func (s *session) abort() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wanted = true
	if !s.working {
		return nil
	}
	_, err := s.writeLocked(s.frame(jobStandby, nil))
	return err
}

func (s *session) abortWanted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wanted
}

// accept notes that the terminal works on a payment, and passes on an abort
// that was wanted before.
func (s *session) accept() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.working = true
	if s.wanted {
		_, _ = s.writeLocked(s.frame(jobStandby, nil))
	}
}

func (s *session) say(sign byte) error {
	_, err := s.write([]byte{sign})
	return err
}

// next is the next token that means something; port.ErrTimeout when none came
// in time. Events are told as progress and never acknowledged.
func (s *session) next(deadline time.Time) (Token, Frame, error) {
	for {
		token, frame, size := Split(s.heard)
		s.heard = s.heard[size:]
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
		if token, err := s.hear(deadline); token != Unfinished || err != nil {
			return token, Frame{}, err
		}
	}
}

// hear waits for more bytes. A frame that stops in its middle is broken.
func (s *session) hear(deadline time.Time) (Token, error) {
	until := deadline
	if len(s.heard) > 0 {
		if pause := time.Now().Add(breath); pause.Before(until) {
			until = pause
		}
	}
	wait := time.Until(until)
	if wait <= 0 {
		return Unfinished, port.ErrTimeout
	}
	buffer := make([]byte, 512)
	n, err := s.line.Read(buffer, wait)
	s.heard = append(s.heard, buffer[:n]...)
	if errors.Is(err, port.ErrTimeout) && len(s.heard) > 0 && n == 0 {
		s.heard = nil
		return Broken, nil
	}
	return Unfinished, err
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
		wrote, err := s.write(s.frame(job, data))
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
