package escpos

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"shopbox/drivers"
)

const (
	// chunkSize is how many bytes go out between two looks at what the printer
	// says: a fraction of the smallest receive buffer in use (4 KB).
	chunkSize = 1024
	// askEvery is how often the status is asked while a job is open.
	askEvery = 250 * time.Millisecond
)

// job is a document on its way.
type job struct {
	pieces  [][]byte
	confirm Confirm
	id      [4]byte
	// usual is the time that a slow printer on a slow line needs.
	usual    time.Duration
	patience time.Duration
	// silence is how long no answer means that the printer is gone.
	silence time.Duration
}

func newJob(document drivers.Document, config Config, number uint32) job {
	j := job{
		pieces:   encode(document, config.Profile),
		confirm:  config.Profile.Confirm,
		id:       jobID(number),
		patience: config.Patience,
		silence:  3 * config.Answer,
	}
	for _, piece := range j.pieces {
		// A byte at 9600 baud takes a millisecond, a line at 50 mm/s 85.
		j.usual += time.Duration(len(piece)+85*bytes.Count(piece, []byte("\n"))) * time.Millisecond
	}
	// GS a: changes of online, error and paper states are told unasked.
	if config.Profile.Status != StatusAsked && j.confirm != ConfirmPoll {
		j.pieces[0] = append(j.pieces[0], 0x1D, 'a', 0x0E)
	}
	switch j.confirm {
	case ConfirmProcessID:
		j.pieces = append(j.pieces, append([]byte{0x1D, '(', 'H', 6, 0, 0x30, 0x30}, j.id[:]...))
	case ConfirmBarrier:
		j.pieces = append(j.pieces, barrier())
	case ConfirmPoll:
		// Nothing in the stream; the status is asked.
	}
	return j
}

// barrier is GS r 1. It is answered in order, and a cut is done only when all
// lines before it are on paper, so the answer after a cut means printed.
func barrier() []byte { return []byte{0x1D, 'r', 1} }

// jobID writes a number in four of the printable characters GS ( H allows.
func jobID(number uint32) [4]byte {
	var id [4]byte
	for i := range id {
		id[i] = '0' + byte(number%64)
		number /= 64
	}
	return id
}

// print sends a job and waits for the word that it was printed.
func (s *session) print(ctx context.Context, j job) error {
	if err := s.settle(ctx); err != nil {
		return err
	}
	if j.confirm == ConfirmBarrier {
		s.owed++
	}
	sent, err := s.send(ctx, j.pieces)
	if err == nil {
		err = s.await(ctx, j)
	}
	if err == nil || sent == 0 {
		return err
	}
	return fmt.Errorf("%w: %w", drivers.ErrPrintUnknown, err)
}

// settle makes sure that no answer to an earlier job's barrier is under way:
// it would be taken for this job's. A fresh barrier is answered after all
// older ones, unless the printer forgot those when its power went.
func (s *session) settle(ctx context.Context) error {
	if s.owed == 0 {
		return nil
	}
	if _, err := s.line.Write(barrier(), sendPatience); err != nil {
		return offline(err)
	}
	s.owed++
	quiet := time.NewTimer(3 * s.patience)
	defer quiet.Stop()
	for heard := false; s.owed > 0; {
		select {
		case found := <-s.answers:
			s.count(found)
			if found.kind == answerBarrier {
				heard = true
				quiet.Reset(askEvery)
			}
		case <-quiet.C:
			if !heard {
				return fmt.Errorf("%w: an earlier job is not finished", drivers.ErrBusy)
			}
			s.owed = 0
		case <-s.lost:
			return fmt.Errorf("%w: connection ended", drivers.ErrOffline)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// send sends whole pieces in chunks, and stops when the printer reports a
// fault in between. It returns how many bytes may have gone out.
func (s *session) send(ctx context.Context, pieces [][]byte) (int, error) {
	sent := 0
	for len(pieces) > 0 {
		count, size := 1, len(pieces[0])
		for count < len(pieces) && size+len(pieces[count]) <= chunkSize {
			size += len(pieces[count])
			count++
		}
		if err := s.mayGoOn(ctx); err != nil {
			return sent, err
		}
		n, err := s.line.Write(slices.Concat(pieces[:count]...), sendPatience)
		sent += n
		if err != nil {
			// A serial line does not say how much it took.
			return max(sent, 1), offline(err)
		}
		pieces = pieces[count:]
	}
	return sent, nil
}

// mayGoOn looks at what the printer said meanwhile.
func (s *session) mayGoOn(ctx context.Context) error {
	for {
		select {
		case found := <-s.answers:
			s.count(found)
			if err := found.fault(); err != nil {
				return err
			}
		case <-s.lost:
			return fmt.Errorf("%w: connection ended", drivers.ErrOffline)
		case <-ctx.Done():
			return ctx.Err()
		default:
			return nil
		}
	}
}

// await waits for the confirmation of a job whose bytes all went out, and asks
// for the status meanwhile.
func (s *session) await(ctx context.Context, j job) error {
	watch := newWatch(j)
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	for {
		select {
		case found := <-s.answers:
			s.count(found)
			if confirmed, err := watch.hear(found, s.owed); confirmed || err != nil {
				return err
			}
		case now := <-ticker.C:
			if err := watch.overdue(now); err != nil {
				return err
			}
			if err := s.poll(watch, now); err != nil {
				return err
			}
		case <-s.lost:
			return fmt.Errorf("%w: connection ended", drivers.ErrOffline)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// poll sends the next question, if the last one was answered.
func (s *session) poll(w *watch, now time.Time) error {
	question := w.ask(now)
	if question == 0 {
		return nil
	}
	return s.question(question)
}
