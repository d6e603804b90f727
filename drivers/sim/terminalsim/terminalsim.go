// Package terminalsim is what simulated card terminals of any make have: a
// line that a register hangs on, faults that can be switched on, and a book of
// what was really charged. The simulators of single makes are built on it.
//
// What always holds: a terminal is one thing that works alone, whoever is on
// its line; a line that is cut loses what is said on it; a loss of power ends
// whatever the terminal was doing; and the book survives everything.
package terminalsim

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"shopbox/drivers/sim/line"
)

// Splitter takes the first telegram off the bytes heard so far: size is how
// many of them it is, 0 when more must come. Bytes that are none are given
// back as an empty telegram of their size.
type Splitter func(heard []byte) (telegram []byte, size int)

// Wire is the terminal's end of its line.
type Wire struct {
	Faults

	split    Splitter
	inbox    chan []byte
	wasCut   chan struct{} // holds a sign after a cut
	ended    <-chan struct{}
	stop     func()
	workers  sync.WaitGroup
	listener net.Listener // nil on a serial line
	serial   *line.Line   // nil on TCP

	mu      sync.Mutex
	cuts    atomic.Int32
	conn    net.Conn // of the register that came last
	dark    bool
	resting bool
}

// Open opens the line: a TCP port when listen is an address, or else a
// pseudo-terminal. It ends with the context or Close.
func Open(ctx context.Context, listen string, split Splitter) (*Wire, error) {
	w := &Wire{split: split, inbox: make(chan []byte, 64), wasCut: make(chan struct{}, 1)}
	w.on = map[string]*fault{}
	if err := w.plug(ctx, listen); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w.ended, w.stop = ctx.Done(), cancel
	context.AfterFunc(ctx, w.hangUp)
	if w.serial != nil {
		w.workers.Go(w.listenSerial)
	} else {
		w.workers.Go(w.accept)
	}
	return w, nil
}

func (w *Wire) plug(ctx context.Context, listen string) (err error) {
	if listen == "" {
		w.serial, err = line.New()
		return err
	}
	var config net.ListenConfig
	w.listener, err = config.Listen(ctx, "tcp", listen)
	return err
}

// Addr is the line as an address of drivers/port.
func (w *Wire) Addr() string {
	if w.serial != nil {
		return "serial://" + w.serial.Path() + "?baud=115200"
	}
	return "tcp://" + w.listener.Addr().String()
}

// Run runs the terminal's program, which ends with the terminal; Close waits
// for it. A loss of power ends it where it stands, and restart later it begins
// anew.
func (w *Wire) Run(restart time.Duration, program func()) {
	w.workers.Go(func() {
		for !w.over() {
			var life sync.WaitGroup
			life.Go(program)
			life.Wait()
			w.comeBack(restart)
		}
	})
}

// Ended is closed when the terminal is to stop.
func (w *Wire) Ended() <-chan struct{} { return w.ended }

// Close stops everything and waits for it.
func (w *Wire) Close() error {
	w.stop()
	w.hangUp()
	w.workers.Wait()
	return nil
}

func (w *Wire) hangUp() {
	if w.serial != nil {
		_ = w.serial.Close()
		return
	}
	_ = w.listener.Close()
	w.Cut()
}

// Cuts is how often the line was cut so far.
func (w *Wire) Cuts() int { return int(w.cuts.Load()) }

// Cut cuts the line: a TCP connection is closed, a serial line pulled out and
// put in again. Whoever waits for the register is told at once.
func (w *Wire) Cut() {
	w.cuts.Add(1)
	select {
	case w.wasCut <- struct{}{}:
	default:
	}
	if w.serial != nil {
		_ = w.serial.Unplug()
		if !w.over() {
			_ = w.serial.Plug()
		}
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}

func (w *Wire) over() bool {
	select {
	case <-w.ended:
		return true
	default:
		return false
	}
}

// LosePower takes the power away. It is called by the terminal's program, which
// does not return from it.
func (w *Wire) LosePower() {
	w.setDark(true)
	w.Cut()
	runtime.Goexit()
}

// comeBack gives the power back after a time; what was said before is
// forgotten.
func (w *Wire) comeBack(restart time.Duration) {
	w.Pause(restart)
	for len(w.inbox) > 0 {
		<-w.inbox
	}
	w.setDark(false)
}

func (w *Wire) setDark(dark bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dark, w.resting = dark, false
}

// Pause lets time pass; it ends early with the terminal.
func (w *Wire) Pause(long time.Duration) {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.ended:
	}
}

func (w *Wire) accept() {
	for {
		conn, err := w.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil && w.adopt(conn) {
			w.workers.Go(func() { w.hear(conn) })
		}
	}
}

// adopt puts the register that came last on the line; without power there is
// nobody to come to.
func (w *Wire) adopt(conn net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dark || w.over() {
		_ = conn.Close()
		return false
	}
	if w.conn != nil {
		_ = w.conn.Close()
	}
	w.conn = conn
	return true
}

// hear takes telegrams off a connection until it ends.
func (w *Wire) hear(conn net.Conn) {
	var heard []byte
	buffer := make([]byte, 2048)
	for {
		n, err := conn.Read(buffer)
		heard = w.take(append(heard, buffer[:n]...))
		if err != nil {
			_ = conn.Close()
			return
		}
	}
}

// serialPoll is how long one read of a serial line waits.
const serialPoll = 50 * time.Millisecond

func (w *Wire) listenSerial() {
	var heard []byte
	buffer := make([]byte, 2048)
	for !w.over() {
		device := w.serial.Device()
		if device == nil || device.SetReadDeadline(time.Now().Add(serialPoll)) != nil {
			heard = nil
			w.Pause(time.Millisecond)
			continue
		}
		n, err := device.Read(buffer)
		heard = w.take(append(heard, buffer[:n]...))
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			heard = nil
			w.Pause(time.Millisecond)
		}
	}
}

// take puts whole telegrams into the inbox and gives the rest back.
func (w *Wire) take(heard []byte) []byte {
	for len(heard) > 0 {
		telegram, size := w.split(heard)
		if size == 0 {
			return heard
		}
		if len(telegram) > 0 && !w.isDark() {
			select {
			case w.inbox <- append([]byte(nil), telegram...):
			case <-w.ended:
			}
		}
		heard = heard[size:]
	}
	return nil
}

func (w *Wire) isDark() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dark
}

// writePatience bounds a write to a register that does not read.
const writePatience = time.Second

// Send says a telegram, unless a fault cuts the line first; with nobody on the
// line it is lost.
func (w *Wire) Send(telegram []byte) {
	met := w.count()
	switch {
	case met.powerLost:
		w.LosePower()
	case met.cutBefore:
		w.Cut()
		return
	}
	w.Blurt(telegram)
	if met.cutAfter {
		w.Cut()
	}
}

// Blurt says bytes that are no telegram.
func (w *Wire) Blurt(raw []byte) {
	if w.serial != nil {
		if device := w.serial.Device(); device != nil {
			_, _ = device.Write(raw)
		}
		return
	}
	w.mu.Lock()
	conn := w.conn
	w.mu.Unlock()
	if conn != nil {
		_ = conn.SetWriteDeadline(time.Now().Add(writePatience))
		_, _ = conn.Write(raw)
	}
}

// Next is the next telegram, nil when none came in time, the line was cut or
// the terminal is to stop.
func (w *Wire) Next(timeout time.Duration) []byte {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for late := false; ; {
		select {
		case telegram := <-w.inbox:
			if w.arrives() {
				return telegram
			}
		case <-timer.C:
			// On a busy machine what came in time may be taken late.
			if late {
				return nil
			}
			late = true
			timer.Reset(grace)
		case <-w.wasCut:
			return nil
		case <-w.ended:
			return nil
		}
	}
}

// grace is how much later than in time a telegram is taken.
const grace = 10 * time.Millisecond

// arrives reports whether a telegram came through, past the faults that strike
// at it.
func (w *Wire) arrives() bool {
	met := w.count()
	if met.powerLost {
		w.LosePower()
	}
	if met.cutBefore || met.cutAfter {
		w.Cut()
	}
	return !met.cutBefore
}

// Rest is Next for a terminal that has nothing to do. Faults are switched on
// while it rests, so that they begin with the next operation.
func (w *Wire) Rest() []byte {
	for !w.over() {
		w.setResting(len(w.inbox) == 0)
		telegram := w.Next(serialPoll)
		w.setResting(false)
		if telegram != nil {
			return telegram
		}
	}
	return nil
}

func (w *Wire) setResting(resting bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.resting = resting
}

// settlePatience is how long switching and reading faults waits for an
// operation to end.
const settlePatience = 300 * time.Millisecond

func (w *Wire) settle() {
	for until := time.Now().Add(settlePatience); time.Now().Before(until) && !w.Resting(); {
		w.Pause(time.Millisecond)
	}
}

// SetFault switches a fault on or off; one that counts telegrams counts those
// of the next operation.
func (w *Wire) SetFault(name string, on bool) error {
	w.settle()
	return w.Faults.set(name, on)
}

// Armed reports whether a fault is on; one that happens once is off after it.
// An operation that runs is let to its end first.
func (w *Wire) Armed(name string) bool {
	w.settle()
	return w.Faults.armed(name)
}

// Resting reports whether the terminal has nothing to do.
func (w *Wire) Resting() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.resting && len(w.inbox) == 0
}
