package port

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
)

const (
	// breath is how long a frame may pause between its bytes.
	breath = 300 * time.Millisecond
	// late is how far behind the deadline a busy box still reads what came in
	// time, and lateRead how long it looks for that.
	late     = time.Second
	lateRead = 100 * time.Millisecond
)

// Talk is an open port while one operation with a card terminal runs. Reading
// is done by the operation alone; writing also by whoever wants it stopped.
type Talk struct {
	// Heard is what came and was not taken yet.
	Heard []byte

	port     Port
	patience time.Duration
	stop     func() []byte

	mutex sync.Mutex
	// working: the terminal took a payment; wanted: somebody wants it stopped.
	working, wanted bool
}

// Talk opens the port for one operation. Patience bounds a write; stop makes
// the frame that stops a payment which waits for the customer. The end of the
// context stops it and closes the port, so that nobody pays for nothing; end
// must be called after the operation.
func (a Address) Talk(ctx context.Context, patience time.Duration, stop func() []byte) (talk *Talk, end func(), err error) {
	opened, err := a.Open(ctx)
	if err != nil {
		return nil, nil, err
	}
	talk = &Talk{port: opened, patience: patience, stop: stop}
	forget := context.AfterFunc(ctx, func() {
		_ = talk.Abort()
		_ = opened.Close()
	})
	return talk, func() { forget(); _ = opened.Close() }, nil
}

// Close cuts the talk.
func (t *Talk) Close() error { return t.port.Close() }

// Write sends bytes; sent is false only when not one of them left the box.
func (t *Talk) Write(raw []byte) (sent bool, err error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.write(raw)
}

func (t *Talk) write(raw []byte) (sent bool, err error) {
	n, err := t.port.Write(raw, t.patience)
	if errors.Is(err, ErrTimeout) {
		// A line that does not take bytes may have taken some.
		return true, fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
	return n > 0, err
}

// Abort stops a payment that waits for the customer; one that has not begun
// will not begin.
func (t *Talk) Abort() error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.wanted = true
	if !t.working {
		return nil
	}
	_, err := t.write(t.stop())
	return err
}

// Aborted reports whether somebody wants the operation stopped.
func (t *Talk) Aborted() bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.wanted
}

// Begin notes that the terminal works on a payment, and passes on an abort
// that was wanted before.
func (t *Talk) Begin() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.working = true
	if t.wanted {
		_, _ = t.write(t.stop())
	}
}

// Hear waits for more bytes until the deadline, which is ErrTimeout. What
// stops in its middle is thrown away and reported as broken.
func (t *Talk) Hear(deadline time.Time) (broken bool, err error) {
	until := deadline
	if pause := time.Now().Add(breath); len(t.Heard) > 0 && pause.Before(until) {
		until = pause
	}
	if time.Since(deadline) > late {
		return false, ErrTimeout
	}
	buffer := make([]byte, 1024)
	n, err := t.port.Read(buffer, max(time.Until(until), lateRead))
	t.Heard = append(t.Heard, buffer[:n]...)
	if errors.Is(err, ErrTimeout) && len(t.Heard) > 0 && n == 0 {
		t.Heard = nil
		return true, nil
	}
	return false, err
}
