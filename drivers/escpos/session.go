package escpos

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

const (
	// sendPatience is how long the line may refuse to take bytes before the
	// printer counts as gone; a full buffer empties as paper comes out.
	sendPatience = 5 * time.Second
	// listenTurn is how long one read waits; it only bounds how soon a closed
	// session ends.
	listenTurn = time.Second
)

// session is one connection to a printer. A goroutine of its own listens, so
// that what the printer says is heard while bytes are going out.
type session struct {
	line port.Port
	// patience is how long an answer to DLE EOT may take.
	patience time.Duration
	answers  chan answer
	// lost is closed when the line is gone.
	lost chan struct{}
	// done is closed by close.
	done    chan struct{}
	closing sync.Once
	// owed is how many answers to GS r have not come yet, unanswered how many
	// to DLE EOT. They belong to whoever has the printer's turn.
	owed, unanswered int
}

func newSession(line port.Port, patience time.Duration) *session {
	s := &session{
		line:     line,
		patience: patience,
		answers:  make(chan answer, 64),
		lost:     make(chan struct{}),
		done:     make(chan struct{}),
	}
	go s.listen()
	return s
}

// listen cuts what the printer says into answers until the line is gone.
func (s *session) listen() {
	defer close(s.lost)
	var heard []byte
	buffer := make([]byte, 256)
	for {
		n, err := s.line.Read(buffer, listenTurn)
		if err != nil && !errors.Is(err, port.ErrTimeout) {
			return
		}
		heard = append(heard, buffer[:n]...)
		for {
			found, size := nextAnswer(heard)
			if size == 0 {
				break
			}
			heard = heard[size:]
			select {
			case s.answers <- found:
			case <-s.done:
				return
			}
		}
		select {
		case <-s.done:
			return
		default:
		}
	}
}

func (s *session) close() error {
	s.closing.Do(func() { close(s.done) })
	return s.line.Close()
}

// drain takes what was said unasked since the last question.
func (s *session) drain() {
	for {
		select {
		case found := <-s.answers:
			s.count(found)
		default:
			return
		}
	}
}

// count keeps the books of questions.
func (s *session) count(found answer) {
	switch {
	case found.kind == answerBarrier && s.owed > 0:
		s.owed--
	case found.kind == answerRealTime && s.unanswered > 0:
		s.unanswered--
	}
}

// question sends DLE EOT n.
func (s *session) question(n byte) error {
	s.unanswered++
	if _, err := s.line.Write([]byte{0x10, 0x04, n}, s.patience); err != nil {
		return offline(err)
	}
	return nil
}

// ask sends DLE EOT n and waits for the byte. Answers do not say what they
// answer, so those to questions that nobody waited for are let pass first.
func (s *session) ask(ctx context.Context, n byte) (byte, error) {
	s.drain()
	if err := s.question(n); err != nil {
		return 0, err
	}
	patience := time.NewTimer(s.patience)
	defer patience.Stop()
	garbage := 0
	for {
		select {
		case found := <-s.answers:
			s.count(found)
			if found.kind == answerRealTime && s.unanswered == 0 {
				return found.data[0], nil
			}
			if found.kind == answerGarbage {
				garbage++
			}
		case <-s.lost:
			return 0, fmt.Errorf("%w: connection ended", drivers.ErrOffline)
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-patience.C:
			if garbage > 0 {
				return 0, fmt.Errorf("%w: %d unintelligible bytes instead of a status", drivers.ErrProtocol, garbage)
			}
			return 0, fmt.Errorf("%w: no answer to a status request", drivers.ErrOffline)
		}
	}
}

// status asks for the whole status. The error is about the connection; what
// keeps the printer from printing is in the status.
func (s *session) status(ctx context.Context) (drivers.PrinterStatus, error) {
	var status drivers.PrinterStatus
	printer, err := s.ask(ctx, askPrinter)
	if err != nil {
		return status, err
	}
	cause, err := s.ask(ctx, askOffline)
	if err != nil {
		return status, err
	}
	paper, err := s.ask(ctx, askPaper)
	if err != nil {
		return status, err
	}
	status.DrawerOpen = printer&bitDrawer != 0
	status.PaperLow = paper&bitsNearEnd != 0
	status.Fault = paperFault(paper)
	if status.Fault == nil {
		status.Fault = offlineFault(cause)
	}
	if status.Fault == nil && printer&bitOffline != 0 {
		status.Fault = fmt.Errorf("%w: offline without a cause", drivers.ErrPrinterFault)
	}
	if cause&bitError != 0 && errors.Is(status.Fault, drivers.ErrPrinterFault) {
		bits, err := s.ask(ctx, askError)
		if err != nil {
			return status, err
		}
		status.Fault = errorFault(bits)
	}
	return status, nil
}
