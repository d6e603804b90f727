// Package printersim is a simulated ESC/POS receipt printer on a TCP port or a
// serial line. It answers as a printer does, keeps what came out on paper, and
// can be made to fail in the ways printers fail. Tests and drivers/sim start
// it.
//
// What always holds: a slip counts only when it was printed and cut; data
// behind a paper end waits in the buffer; data in the buffer is lost with the
// power.
package printersim

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	"shopbox/drivers/paper"
	"shopbox/drivers/sim/bell"
	"shopbox/drivers/sim/line"
)

// The faults that can be switched on.
const (
	PaperOut = "paper_out"
	// PaperOutMidway ends the paper after the third line of the next slip.
	PaperOutMidway = "paper_out_midway"
	CoverOpen      = "cover_open"
	NearEnd        = "near_end"
	Cutter         = "cutter"
	DrawerOpen     = "drawer_open"
	// PowerLoss takes the power after the third line of the next slip; it
	// comes back when the fault is switched off.
	PowerLoss = "power_loss"
	// Offline is a printer that is switched off.
	Offline = "offline"
	// Slow prints ten lines a second.
	Slow = "slow"
	// Garbage answers status questions with bytes that mean nothing.
	Garbage = "garbage"
	// NoConfirm prints, but never says so.
	NoConfirm = "no_confirm"
)

// FaultNames lists the faults.
func FaultNames() []string {
	return []string{
		PaperOut, PaperOutMidway, CoverOpen, NearEnd, Cutter, DrawerOpen,
		PowerLoss, Offline, Slow, Garbage, NoConfirm,
	}
}

const (
	// bufferSize is the receive buffer of a common printer; when it is full
	// the line stops, for questions in real time too.
	bufferSize = 4096
	// midway is the line after which power or paper end.
	midway = 3
	// slowLine is the time of a line of a slow printer.
	slowLine = 100 * time.Millisecond
	// replyPatience bounds how long an answer waits for a reader.
	replyPatience = time.Second
)

// Config says where the printer is: on a TCP address, or on a serial line when
// Listen is empty.
type Config struct {
	Listen string
	// Columns is the width of its paper; zero is 48.
	Columns int
}

// connection is a TCP connection or the device's end of a serial line.
type connection interface {
	io.ReadWriteCloser
	SetWriteDeadline(at time.Time) error
}

// Simulator is a running printer.
type Simulator struct {
	address string
	stop    context.CancelFunc
	running sync.WaitGroup
	close   func() error

	mutex  sync.Mutex
	bell   *bell.Bell
	faults map[string]bool
	// dead says that the power went by PowerLoss.
	dead bool
	// outages counts the losses of power: what was read before one is lost.
	outages  int
	roll     *paper.Roll
	queue    []paper.Command
	buffered int
	current  connection
	// tells is the mask of GS a: which changes are told unasked.
	tells byte
}

// Start starts a printer; it runs until the context ends or Close.
func Start(ctx context.Context, config Config) (*Simulator, error) {
	columns := config.Columns
	if columns == 0 {
		columns = 48
	}
	s := &Simulator{faults: map[string]bool{}, roll: paper.NewRoll(columns)}
	s.bell = bell.New(&s.mutex)
	ctx, s.stop = context.WithCancel(ctx)
	serve, err := s.attach(ctx, config.Listen)
	if err != nil {
		s.stop()
		return nil, err
	}
	s.running.Go(serve)
	s.running.Go(func() { s.print(ctx) })
	s.running.Go(func() {
		<-ctx.Done()
		_ = s.close()
		s.hangUp()
	})
	return s, nil
}

// attach opens the TCP port or the serial line and returns what serves it.
func (s *Simulator) attach(ctx context.Context, listen string) (func(), error) {
	if listen == "" {
		wire, err := line.New()
		if err != nil {
			return nil, err
		}
		s.address, s.close = wire.Address(), wire.Close
		return func() { s.receive(ctx, wire.Device()) }, nil
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, err
	}
	s.address, s.close = "tcp://"+listener.Addr().String(), listener.Close
	return func() { s.accept(ctx, listener) }, nil
}

// accept serves one connection after the other, as printers do: a second one
// waits until the first is closed.
func (s *Simulator) accept(ctx context.Context, listener net.Listener) {
	for {
		accepted, err := listener.Accept()
		if err != nil {
			return
		}
		if tcp, ok := accepted.(*net.TCPConn); ok {
			// A printer that is cut off sends no goodbye.
			_ = tcp.SetLinger(0)
		}
		s.receive(ctx, accepted)
		_ = accepted.Close()
	}
}

// Addr is where a driver finds the printer, as an address of drivers/port.
func (s *Simulator) Addr() string { return s.address }

// Close stops the printer.
func (s *Simulator) Close() error {
	s.stop()
	s.running.Wait()
	return nil
}

// Slips is what came out on paper, oldest first. A slip that was torn by the
// loss of power is there with Cut false.
func (s *Simulator) Slips() []paper.Slip {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.roll.Slips()
}

// Pulses is how many drawer pulses came.
func (s *Simulator) Pulses() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.roll.Pulses()
}

// WaitSlips waits until at least so many slips came out.
func (s *Simulator) WaitSlips(ctx context.Context, count int) ([]paper.Slip, error) {
	var slips []paper.Slip
	err := s.bell.Wait(ctx, func() bool {
		slips = s.roll.Slips()
		return len(slips) >= count
	})
	return slips, err
}

// WaitPulses waits until at least so many drawer pulses came.
func (s *Simulator) WaitPulses(ctx context.Context, count int) error {
	return s.bell.Wait(ctx, func() bool { return s.roll.Pulses() >= count })
}

// Faults says which faults are on.
func (s *Simulator) Faults() map[string]bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	faults := make(map[string]bool, len(FaultNames()))
	for _, name := range FaultNames() {
		faults[name] = false
	}
	maps.Copy(faults, s.faults)
	return faults
}

// SetFault switches a fault on or off.
func (s *Simulator) SetFault(name string, on bool) error {
	if !slices.Contains(FaultNames(), name) {
		return fmt.Errorf("a printer has no fault %q", name)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	before := s.automaticStatus()
	s.faults[name] = on
	if name == PowerLoss && !on {
		s.dead = false
	}
	if s.off() {
		s.loseAll()
	}
	s.tell(before)
	s.bell.Ring()
	return nil
}

// off says that the printer has no power. The mutex is held.
func (s *Simulator) off() bool { return s.dead || s.faults[Offline] }

// stuck says that nothing can be printed now. The mutex is held.
func (s *Simulator) stuck() bool {
	return s.off() || s.faults[PaperOut] || s.faults[CoverOpen] || s.faults[Cutter]
}

// loseAll is what happens when the power goes. The mutex is held.
func (s *Simulator) loseAll() {
	s.outages++
	s.queue, s.buffered, s.tells = nil, 0, 0
	s.roll.Tear()
	if tcp, ok := s.current.(*net.TCPConn); ok {
		_ = tcp.Close()
	}
}

// hangUp ends the connection there is.
func (s *Simulator) hangUp() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.current != nil {
		_ = s.current.Close()
	}
}
