package zvtsim

import (
	"bufio"
	"errors"
	"net"
	"sync"
	"time"
)

var (
	errGone   = errors.New("register is gone")
	errSilent = errors.New("register does not answer")
)

// link is one connection of a register. A reader beside takes telegrams off
// the line, so that an abort is heard while the terminal waits for a card.
type link struct {
	sim      *Simulator
	conn     net.Conn
	incoming chan telegram
	closed   chan struct{}
	once     sync.Once
	// born is how often telegrams had been counted from anew when this
	// connection came; faults that count look only at later ones.
	born int
	// abortable: 06 B0 is obeyed now; aborted: it was.
	abortable, aborted bool
}

func newLink(s *Simulator, conn net.Conn) *link {
	l := &link{sim: s, conn: conn, incoming: make(chan telegram), closed: make(chan struct{})}
	s.workers.Go(l.pump)
	return l
}

func (l *link) close() {
	l.once.Do(func() {
		close(l.closed)
		_ = l.conn.Close()
	})
}

func (l *link) pump() {
	defer close(l.incoming)
	reader := bufio.NewReader(l.conn)
	for {
		telegram, err := readTelegram(reader)
		if err != nil {
			return
		}
		select {
		case l.incoming <- telegram:
		case <-l.closed:
			return
		}
	}
}

// send sends a telegram, unless a fault cuts the line first.
func (l *link) send(t telegram) error {
	before, after := l.sim.countTelegram(l)
	if before {
		l.close()
		return errGone
	}
	err := l.write(t.bytes())
	if after {
		l.close()
	}
	return err
}

func (l *link) write(bytes []byte) error {
	_ = l.conn.SetWriteDeadline(time.Now().Add(l.sim.config.AnswerTimeout))
	if _, err := l.conn.Write(bytes); err != nil {
		return errGone
	}
	return nil
}

// next waits for a telegram of the register, without end when timeout is 0. A
// fault that cuts the line behind a telegram still lets this one through.
func (l *link) next(timeout time.Duration) (telegram, error) {
	if l.sim.cutsNext(l) {
		l.close()
		return telegram{}, errGone
	}
	var expired <-chan time.Time
	if timeout > 0 {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case t, ok := <-l.incoming:
		if !ok {
			return telegram{}, errGone
		}
		before, after := l.sim.countTelegram(l)
		if before || after {
			l.close()
		}
		if before {
			return telegram{}, errGone
		}
		return t, nil
	case <-l.closed:
		return telegram{}, errGone
	case <-expired:
		return telegram{}, errSilent
	}
}

// ask sends a telegram and waits for the register's answer to it.
func (l *link) ask(t telegram) (telegram, error) {
	if err := l.send(t); err != nil {
		return telegram{}, err
	}
	return l.answer()
}

// answer waits for an answer of class 80 or 84; an abort may come between.
func (l *link) answer() (telegram, error) {
	for {
		t, err := l.next(l.sim.config.AnswerTimeout)
		if err != nil {
			return telegram{}, err
		}
		switch t.control >> 8 {
		case 0x80, 0x84:
			return t, nil
		}
		if t.control != abort {
			return telegram{}, errMalformed
		}
		if err := l.takeAbort(); err != nil {
			return telegram{}, err
		}
	}
}

// takeAbort answers 06 B0: obeyed while the customer has no card in.
func (l *link) takeAbort() error {
	if !l.abortable {
		return l.send(no(idNotPossible))
	}
	l.aborted = true
	return l.send(telegram{control: positive})
}

// tell sends an intermediate status if the register asked for them.
func (l *link) tell(code byte) error {
	l.sim.mu.Lock()
	wanted := l.sim.registered.config&0x08 != 0
	l.sim.mu.Unlock()
	if !wanted {
		return nil
	}
	_, err := l.ask(telegram{intermediate, []byte{code}})
	return err
}
