// Package zplsim is a simulated label printer that speaks ZPL II, on a TCP port
// or a serial line, written from Zebra's ZPL II Programming Guide. It answers as
// a printer does, keeps the labels that came out, and can be made to fail in the
// ways label printers fail. Tests and drivers/sim start it.
//
// What always holds: a label counts only when it came out; formats behind a
// paper end wait in the buffer; what is in the buffer is lost with the power; a
// command it does not know is noted on the label and skipped.
package zplsim

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"shopbox/drivers/sim/bell"
	"shopbox/drivers/sim/line"
	"shopbox/drivers/sim/switches"
)

// The faults that can be switched on.
const (
	PaperOut  = "paper_out"
	HeadOpen  = "head_open"
	RibbonOut = "ribbon_out"
	Paused    = "paused"
	// PaperOutMidway ends the labels after the next one.
	PaperOutMidway = "paper_out_midway"
	// PowerLoss takes the power after the next label; it comes back when the
	// fault is switched off.
	PowerLoss = "power_loss"
	// Cut cuts the line after the next label; printing goes on.
	Cut = "cut"
	// Offline is a printer that is switched off.
	Offline = "offline"
	// Slow prints ten labels a second.
	Slow = "slow"
	// Garbage answers questions with bytes that mean nothing.
	Garbage = "garbage"
	// Mute leaves ~HS unanswered while there is a fault, as the guide says some
	// printers do, and answers ~HQES.
	Mute = "mute"
)

const (
	// slowLabel is the time of a label of a slow printer.
	slowLabel = 100 * time.Millisecond
	// replyPatience bounds how long an answer waits for a reader.
	replyPatience = time.Second
	// mostKept is how many labels are kept; the oldest go first.
	mostKept = 5000
)

// Config says where the printer is: on a TCP address, or on a serial line when
// Listen is empty.
type Config struct {
	Listen string
	// Dots is what ~HI tells, dots in a millimetre: 8 when 0.
	Dots int
}

// connection is a TCP connection or the device's end of a serial line.
type connection interface {
	io.ReadWriteCloser
	SetWriteDeadline(at time.Time) error
}

// Simulator is a running printer.
type Simulator struct {
	*switches.Set

	dots    int
	address string
	stop    context.CancelFunc
	running sync.WaitGroup
	serial  *line.Line // nil on TCP
	closing func() error

	mutex sync.Mutex
	bell  *bell.Bell
	// dead says that the power went by PowerLoss.
	dead    bool
	current connection
	lexer   lexer
	// open is the format that is not whole yet, queue those that wait, left how
	// many labels of the first of them.
	open   *format
	queue  []Label
	left   int
	labels []Label
}

// Start starts a printer; it runs until the context ends or Close.
func Start(ctx context.Context, config Config) (*Simulator, error) {
	s := &Simulator{
		Set: switches.New("a label printer",
			PaperOut, HeadOpen, RibbonOut, Paused, PaperOutMidway, PowerLoss, Cut, Offline, Slow, Garbage, Mute),
		dots: config.Dots,
	}
	if s.dots == 0 {
		s.dots = 8
	}
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
		_ = s.closing()
		s.mutex.Lock()
		defer s.mutex.Unlock()
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
		s.address, s.serial, s.closing = wire.Address(), wire, wire.Close
		return func() { s.hear(ctx) }, nil
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, err
	}
	s.address, s.closing = "tcp://"+listener.Addr().String(), listener.Close
	return func() { s.accept(ctx, listener) }, nil
}

// accept serves one connection after the other, as printers do.
func (s *Simulator) accept(ctx context.Context, listener net.Listener) {
	for {
		accepted, err := listener.Accept()
		if err != nil {
			return
		}
		if tcp, ok := accepted.(*net.TCPConn); ok && !s.off() {
			_ = tcp.SetLinger(0)
			s.receive(ctx, tcp)
		}
		_ = accepted.Close()
	}
}

// hear serves the serial line, again after each time it was pulled out.
func (s *Simulator) hear(ctx context.Context) {
	for ctx.Err() == nil {
		if device := s.serial.Device(); device != nil {
			s.receive(ctx, device)
		}
		if s.pause(ctx, 5*time.Millisecond) != nil {
			return
		}
	}
}

func (s *Simulator) pause(ctx context.Context, long time.Duration) error {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
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

// Labels is what came out, oldest first, each copy by itself.
func (s *Simulator) Labels() []Label {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.labels)
}

// WaitLabels waits until at least so many labels came out.
func (s *Simulator) WaitLabels(ctx context.Context, count int) ([]Label, error) {
	var labels []Label
	err := s.bell.Wait(ctx, func() bool {
		labels = slices.Clone(s.labels)
		return len(labels) >= count
	})
	return labels, err
}

// SetFault switches a fault on or off.
func (s *Simulator) SetFault(name string, on bool) error {
	if err := s.Switch(name, on); err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if name == PowerLoss && !on {
		s.dead = false
	}
	if name == Offline && on {
		s.loseAll()
	}
	s.bell.Ring()
	return nil
}

// off says that the printer has no power.
func (s *Simulator) off() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.dark()
}

// dark is off with the mutex held.
func (s *Simulator) dark() bool { return s.dead || s.On(Offline) }

// stuck says that no label can come out now. The mutex is held.
func (s *Simulator) stuck() bool { return s.dark() || s.On(Paused) || s.faulty() }

func (s *Simulator) faulty() bool { return s.On(PaperOut) || s.On(HeadOpen) || s.On(RibbonOut) }

// loseAll is what happens when the power goes. The mutex is held.
func (s *Simulator) loseAll() {
	s.open, s.queue, s.left, s.lexer = nil, nil, 0, lexer{}
	if _, tcp := s.current.(*net.TCPConn); tcp {
		s.hangUp()
	}
}

// hangUp ends the connection there is. The mutex is held.
func (s *Simulator) hangUp() {
	if s.current != nil {
		_ = s.current.Close()
		s.current = nil
	}
}
