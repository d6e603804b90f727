package zvtsim

import (
	"bufio"
	"net"
	"sync"
	"time"
)

// wire is what telegrams come over: a connection, or a serial line.
type wire interface {
	// incoming gives the register's telegrams; it is closed when the
	// register is gone for good.
	incoming() <-chan telegram
	// send sends a telegram.
	send(t telegram) error
	// noise sends bytes that are no telegram.
	noise(raw []byte) error
	// requeue gives a telegram back that belongs to the next operation; false
	// when the wire ends with this one.
	requeue(t telegram) bool
	// cut breaks the wire as a fault does; close ends it in peace.
	cut()
	close()
}

// tcpWire is one connection.
type tcpWire struct {
	conn    net.Conn
	timeout time.Duration
	in      chan telegram
	closed  chan struct{}
	once    sync.Once
}

func newTCPWire(s *Simulator, conn net.Conn) *tcpWire {
	w := &tcpWire{conn: conn, timeout: s.config.AnswerTimeout, in: make(chan telegram), closed: make(chan struct{})}
	s.workers.Go(w.pump)
	return w
}

func (w *tcpWire) pump() {
	defer close(w.in)
	reader := bufio.NewReader(w.conn)
	for {
		telegram, err := readTelegram(reader)
		if err != nil {
			return
		}
		select {
		case w.in <- telegram:
		case <-w.closed:
			return
		}
	}
}

func (w *tcpWire) incoming() <-chan telegram { return w.in }

func (w *tcpWire) send(t telegram) error { return w.noise(t.bytes()) }

func (w *tcpWire) noise(raw []byte) error {
	_ = w.conn.SetWriteDeadline(time.Now().Add(w.timeout))
	if _, err := w.conn.Write(raw); err != nil {
		return errGone
	}
	return nil
}

func (w *tcpWire) requeue(telegram) bool { return false }

func (w *tcpWire) cut() { w.close() }

func (w *tcpWire) close() {
	w.once.Do(func() {
		close(w.closed)
		_ = w.conn.Close()
	})
}
