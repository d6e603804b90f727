package zvtsim

import (
	"errors"
	"math"
	"net"
	"slices"
	"sync"
	"time"
)

var (
	errGone   = errors.New("register is gone")
	errSilent = errors.New("register does not answer")
)

// link is one conversation with a register: a connection, or on a serial line
// what is said between two faults. What the register sends is taken off the
// wire beside, so that an abort is heard while the terminal waits for a card.
type link struct {
	sim    *Simulator
	wire   wire
	closed chan struct{}
	once   sync.Once
	// born is how often telegrams had been counted from anew when this
	// connection came; faults that count look only at later ones.
	born int
	// number is the number of the telegram that was sent or heard last (tag
	// 1F73); zero when the command bore none.
	number int64
	// abortable: 06 B0 is obeyed now; aborted: it was.
	abortable, aborted bool
}

func newLink(s *Simulator, w wire) *link {
	return &link{sim: s, wire: w, closed: make(chan struct{})}
}

// newSerialLink counts telegrams always: nobody hangs up a serial line.
func newSerialLink(s *Simulator, w *serialWire) *link {
	w.forget()
	l := newLink(s, w)
	l.born = math.MaxInt
	return l
}

func newTCPLink(s *Simulator, conn net.Conn) *link { return newLink(s, newTCPWire(s, conn)) }

func (l *link) close() {
	l.once.Do(func() {
		close(l.closed)
		l.wire.close()
	})
}

// cut breaks the line as a fault.
func (l *link) cut() {
	l.sim.mu.Lock()
	l.sim.severed = true
	l.sim.mu.Unlock()
	l.wire.cut()
	l.close()
}

// maxNumber is followed by 1 again.
const maxNumber = 999_999

// send sends a telegram, numbered if the command was: an answer bears the
// command's number, what follows the next ones. A print line has no room.
func (l *link) send(t telegram) error {
	class := t.control >> 8
	switch {
	case l.number == 0 || t.control == printLine:
		return l.put(t)
	case class != 0x80 && class != 0x84 && !t.again:
		l.number = l.number%maxNumber + 1
	}
	t.objects = slices.Concat(t.objects, object(0x1F73, number(l.number, 3)))
	return l.put(t)
}

// put sends a telegram as it is, unless a fault cuts the line first.
func (l *link) put(t telegram) error {
	before, after := l.sim.countTelegram(l)
	if before {
		l.cut()
		return errGone
	}
	err := l.wire.send(t)
	if after {
		l.cut()
	}
	return err
}

// next waits for a telegram of the register, without end when timeout is 0. A
// fault that cuts the line behind a telegram still lets this one through.
func (l *link) next(timeout time.Duration) (telegram, error) {
	if l.sim.cutsNext(l) {
		l.cut()
		return telegram{}, errGone
	}
	var expired <-chan time.Time
	if timeout > 0 {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case t, ok := <-l.wire.incoming():
		if !ok {
			return telegram{}, errGone
		}
		before, after := l.sim.countTelegram(l)
		if before || after {
			l.cut()
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

// answer waits for an answer of class 80 or 84; an abort may come between, and
// answers with another number are those of something else.
func (l *link) answer() (telegram, error) {
	for {
		t, err := l.next(l.sim.config.AnswerTimeout)
		if err != nil {
			return telegram{}, err
		}
		switch t.control >> 8 {
		case 0x80, 0x84:
			if said, _ := ParseRequest(t.control, t.data); said.Number != 0 && said.Number != l.number {
				continue
			}
			return t, nil
		}
		if t.control != abort {
			return telegram{}, l.unexpected(t)
		}
		if err := l.takeAbort(); err != nil {
			return telegram{}, err
		}
	}
}

// unexpected is a command in place of an answer: the register has given the
// operation up and begins another one.
func (l *link) unexpected(t telegram) error {
	if l.wire.requeue(t) {
		return errGone
	}
	return errMalformed
}

// takeAbort answers 06 B0: obeyed while the customer has no card in.
func (l *link) takeAbort() error {
	if !l.abortable {
		return l.put(no(idNotPossible))
	}
	l.aborted = true
	return l.put(telegram{control: positive})
}

// tell sends an intermediate status if the register asked for them.
func (l *link) tell(code byte) error {
	l.sim.mu.Lock()
	wanted := l.sim.registered.config&0x08 != 0
	l.sim.mu.Unlock()
	if !wanted {
		return nil
	}
	_, err := l.ask(telegram{control: intermediate, data: []byte{code}})
	return err
}
