package zvt

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

const (
	// maxSends is how often a block is sent before the line counts as dead
	// (PA00P016 chapter 4).
	maxSends = 3
	// idleRead is how long a read waits between blocks; then it is begun anew.
	idleRead = time.Second
	// waiting is how many telegrams may wait to be read. Every telegram is
	// answered before the next one comes, so that it is never full.
	waiting = 16
)

// serialLine carries telegrams in blocks over a serial line. One goroutine
// reads; it acknowledges whole blocks at once and asks for broken ones again.
type serialLine struct {
	port   port.Port
	t1, t2 time.Duration
	sends  int

	incoming chan received
	answers  chan FrameEvent // FrameACK or FrameNAK
	ended    chan struct{}   // closed by close

	sending sync.Mutex // held while a block is on its way
	writing sync.Mutex // held while bytes are written
	once    sync.Once

	// last is the block that came last, nil once a block of ours was
	// acknowledged behind it. Only the reading goroutine uses it.
	last []byte
}

// received is what the reading goroutine hands over; with an error it is the
// last one.
type received struct {
	telegram APDU
	err      error
}

func newSerialLine(opened port.Port, config Config) *serialLine {
	l := &serialLine{
		port: opened, t1: config.T1, t2: config.T2, sends: config.sends,
		incoming: make(chan received, waiting),
		answers:  make(chan FrameEvent, 1),
		ended:    make(chan struct{}),
	}
	go l.read()
	return l
}

func (l *serialLine) close() {
	l.once.Do(func() {
		close(l.ended)
		_ = l.port.Close()
	})
}

// read takes bytes off the line until it is closed or lost. A block that stops
// in the middle for longer than T1 is asked for again.
func (l *serialLine) read() {
	var frames FrameReader
	buffer := make([]byte, 512)
	for {
		patience := idleRead
		if frames.Within() {
			patience = l.t1
		}
		n, err := l.port.Read(buffer, patience)
		switch {
		case errors.Is(err, port.ErrTimeout):
			if frames.Within() {
				frames.Reset()
				l.answer(nak)
			}
			continue
		case err != nil:
			l.hand(received{err: err})
			return
		}
		for _, b := range buffer[:n] {
			event, block := frames.Take(b)
			l.take(event, block)
		}
	}
}

func (l *serialLine) take(event FrameEvent, block []byte) {
	switch event {
	case FrameACK, FrameNAK:
		if event == FrameACK {
			l.last = nil
		}
		l.settle(event)
	case FrameNothing:
	case FrameBroken:
		l.answer(nak)
	case FrameBlock:
		l.answer(ack)
		if l.repeated(block) {
			return
		}
		telegram, err := ParseAPDU(block)
		l.hand(received{telegram, err})
	}
}

// repeated: the terminal did not hear the ACK and sent the block again. Since
// every telegram is answered before the next one comes, a block that equals
// the one before it is new only if a block of ours got through between.
func (l *serialLine) repeated(block []byte) bool {
	if l.last != nil && bytes.Equal(l.last, block) {
		return true
	}
	l.last = block
	return false
}

// settle tells a sender that waits; without one the answer is an old one's.
func (l *serialLine) settle(event FrameEvent) {
	select {
	case l.answers <- event:
	default:
	}
}

func (l *serialLine) hand(r received) {
	select {
	case l.incoming <- r:
	case <-l.ended:
	}
}

// answer acknowledges at the level of the line. When it gets lost the block
// comes again.
func (l *serialLine) answer(b byte) { _, _ = l.write([]byte{b}, l.t2) }

func (l *serialLine) write(raw []byte, wait time.Duration) (int, error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	return l.port.Write(raw, wait)
}

// send sends a block until it is acknowledged, at most as often as set. wait is
// not asked for: the line has its own times.
func (l *serialLine) send(telegram APDU, _ time.Duration) (sent bool, err error) {
	l.sending.Lock()
	defer l.sending.Unlock()
	l.forgetAnswers()
	block := AppendFrame(nil, telegram.Append(nil))
	for range l.sends {
		n, err := l.write(block, l.t2)
		sent = sent || n > 0
		if err != nil {
			return sent, err
		}
		acknowledged, err := l.acknowledged()
		if acknowledged || err != nil {
			return sent, err
		}
	}
	return sent, fmt.Errorf("%w: block not acknowledged", drivers.ErrOffline)
}

// forgetAnswers drops an answer that came when nobody waited for one.
func (l *serialLine) forgetAnswers() {
	select {
	case <-l.answers:
	default:
	}
}

// acknowledged waits T2 for the answer to a block.
func (l *serialLine) acknowledged() (bool, error) {
	timer := time.NewTimer(l.t2)
	defer timer.Stop()
	select {
	case event := <-l.answers:
		return event == FrameACK, nil
	case <-timer.C:
		return false, nil
	case <-l.ended:
		return false, errLineClosed
	}
}

var errLineClosed = errors.New("line closed")

func (l *serialLine) receive(deadline time.Time) (APDU, error) {
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case r := <-l.incoming:
		return r.telegram, r.err
	case <-timer.C:
		return APDU{}, port.ErrTimeout
	case <-l.ended:
		return APDU{}, errLineClosed
	}
}
