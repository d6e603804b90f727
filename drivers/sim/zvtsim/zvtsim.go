// Package zvtsim is a simulated ZVT card terminal on a TCP port or a serial
// line: the terminal's side of PA00P015 13.08 and PA00P016_04, with its own book of what
// was really charged, and faults that can be switched on. The tests of
// drivers, the rig and drivers/sim start it; any cash register that speaks ZVT
// can pay on it.
//
// It is written from the standard, not from the driver, and shares no code
// with it. What always holds: the book survives a simulated loss of power, one
// operation runs at a time, and a payment whose result was not acknowledged is
// taken back, at once or at the next payment.
package zvtsim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Config says what terminal to simulate. The zero value of each field but
// Listen has a default.
type Config struct {
	// Listen is host:port; port 0 takes a free one.
	Listen string
	// Serial hangs the terminal on a serial line instead of a port.
	Serial bool
	// T1 is the longest pause within a block of a serial line, T2 how long its
	// acknowledgement may take; default 200 ms and 5 s.
	T1, T2 time.Duration
	// CutFor is how long a fault that cuts a serial line leaves it dead;
	// default three times T2 and a second.
	CutFor time.Duration
	// Password is what commands that want one must carry; default 000000.
	Password string
	// Currency is the only one accepted, in four digits; default 0410 (KRW).
	Currency string
	// TakesAny makes a terminal that was set up for whatever register comes: any
	// password will do, and it works in the currency that was named last.
	TakesAny bool
	// TerminalID is eight digits; default 29001006.
	TerminalID string
	// ImplicitReversal makes a terminal that uses tag 1F1F (PA00P015 4.2): a
	// payment whose result was not acknowledged stays until the next payment,
	// and is taken back then if that does not mirror the payment's number.
	ImplicitReversal bool
	// MessageIDs makes a terminal that numbers its telegrams for a register that
	// asked for it (tag 1F73).
	MessageIDs bool
	// AlwaysPrint sends print lines even to a register that did not ask; the
	// payment then stands only when all of them were acknowledged.
	AlwaysPrint bool
	// StoreDeclined also keeps declined payments as the last one.
	StoreDeclined bool
	// CardDelay is how long the customer takes to present a card.
	CardDelay time.Duration
	// CardTimeout is when the terminal gives up waiting for a card; default
	// one minute.
	CardTimeout time.Duration
	// SlowDelay is one of the three pauses of the fault "slow"; default 2 s.
	SlowDelay time.Duration
	// Restart is how long the terminal is dark after a loss of power; default
	// 3 s.
	Restart time.Duration
	// AnswerTimeout is how long the register may take to answer; default 5 s.
	AnswerTimeout time.Duration
	// Now is the terminal's clock; default time.Now.
	Now func() time.Time
}

func (c Config) withDefaults() Config {
	text := func(value *string, fallback string) {
		if *value == "" {
			*value = fallback
		}
	}
	duration := func(value *time.Duration, fallback time.Duration) {
		if *value == 0 {
			*value = fallback
		}
	}
	text(&c.Listen, "127.0.0.1:20007")
	text(&c.Password, "000000")
	text(&c.Currency, "0410")
	text(&c.TerminalID, "29001006")
	duration(&c.CardTimeout, time.Minute)
	duration(&c.SlowDelay, 2*time.Second)
	duration(&c.Restart, 3*time.Second)
	duration(&c.AnswerTimeout, 5*time.Second)
	duration(&c.T1, 200*time.Millisecond)
	duration(&c.T2, 5*time.Second)
	duration(&c.CutFor, sends*c.T2+time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Simulator is a running terminal.
type Simulator struct {
	config   Config
	listener net.Listener // nil on a serial line
	serial   *serialWire  // nil on a port
	stop     context.CancelFunc
	ended    <-chan struct{}
	workers  sync.WaitGroup
	// engine is a token held by the one operation that runs.
	engine chan struct{}

	mu         sync.Mutex
	dark       bool // without power
	severed    bool // a fault has cut the line
	registered registration
	faults     faults
	book       book
	links      map[*link]struct{}
	// currency is the one it works in.
	currency string
	// ahead is how far the terminal's clock was set from Config.Now.
	ahead time.Duration
}

// registration is what the register asked for with 06 00.
type registration struct {
	config byte
	blocks bool // 06 D3 permitted
	utf8   bool
	// lists: a container came, so that a list may be sent as one.
	lists bool
}

// Status is how the simulator is.
type Status struct {
	Address string `json:"address"`
	// Busy: an operation runs.
	Busy bool `json:"busy"`
	// Dark: the power is out.
	Dark         bool     `json:"dark"`
	Faults       []string `json:"faults"`
	Transactions int      `json:"transactions"`
	// Balance is what the book says was moved from customers to the shop.
	Balance int64 `json:"balance"`
	// Reserved is what is held on customers' cards.
	Reserved int64 `json:"reserved"`
}

// Start listens and serves until the context ends or Close is called.
func Start(ctx context.Context, config Config) (*Simulator, error) {
	config = config.withDefaults()
	if _, err := packed(config.Password, 3); err != nil {
		return nil, fmt.Errorf("password: %w", err)
	}
	if _, err := packed(config.Currency, 2); err != nil {
		return nil, fmt.Errorf("currency: %w", err)
	}
	if _, err := packed(config.TerminalID, 4); err != nil {
		return nil, fmt.Errorf("terminal id: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	s := &Simulator{
		config: config, stop: stop, ended: ctx.Done(),
		engine: make(chan struct{}, 1),
		faults: faults{on: map[string]*fault{}},
		links:  map[*link]struct{}{}, currency: config.Currency,
	}
	if err := s.plugIn(ctx); err != nil {
		stop()
		return nil, err
	}
	context.AfterFunc(ctx, s.hangUp)
	return s, nil
}

// plugIn begins to serve on the port or the line.
func (s *Simulator) plugIn(ctx context.Context) (err error) {
	if s.config.Serial {
		if s.serial, err = newSerialWire(s); err == nil {
			s.workers.Go(s.serveLine)
		}
		return err
	}
	var listen net.ListenConfig
	if s.listener, err = listen.Listen(ctx, "tcp", s.config.Listen); err == nil {
		s.workers.Go(s.accept)
	}
	return err
}

// serveLine serves one conversation after another on the serial line.
func (s *Simulator) serveLine() {
	for {
		select {
		case <-s.ended:
			return
		default:
		}
		l := newSerialLink(s, s.serial)
		s.mu.Lock()
		s.links[l] = struct{}{}
		s.mu.Unlock()
		s.serve(l)
	}
}

// Addr is where the terminal is: host:port, or an address of drivers/port.
func (s *Simulator) Addr() string {
	if s.serial != nil {
		return s.serial.line.Address()
	}
	return s.listener.Addr().String()
}

// Close stops the terminal and waits for its connections to end.
func (s *Simulator) Close() error {
	s.stop()
	s.hangUp()
	s.workers.Wait()
	return nil
}

// hangUp closes the port and every connection.
func (s *Simulator) hangUp() {
	if s.listener != nil {
		_ = s.listener.Close()
	}
	if s.serial != nil {
		s.serial.unplug()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.links {
		l.close()
	}
}

// Status tells how the terminal is.
func (s *Simulator) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Status{
		Address:      s.Addr(),
		Busy:         len(s.engine) > 0,
		Dark:         s.dark,
		Faults:       s.faults.names(),
		Transactions: len(s.book.transactions),
		Balance:      s.book.balance(),
		Reserved:     s.book.reserved(),
	}
}

func (s *Simulator) accept() {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		if l := s.adopt(conn); l != nil {
			s.workers.Go(func() { s.serve(l) })
		}
	}
}

// adopt takes a connection in; without power there is nobody to take it.
func (s *Simulator) adopt(conn net.Conn) *link {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outOfReach() {
		_ = conn.Close()
		return nil
	}
	select {
	case <-s.ended:
		_ = conn.Close()
		return nil
	default:
	}
	l := newTCPLink(s, conn)
	l.born = s.faults.generation
	s.links[l] = struct{}{}
	return l
}

func (s *Simulator) serve(l *link) {
	defer func() {
		l.close()
		s.mu.Lock()
		delete(s.links, l)
		s.mu.Unlock()
	}()
	for {
		telegram, err := l.next(0)
		if err != nil {
			return
		}
		if err := s.obey(l, telegram); err != nil {
			return
		}
	}
}

// patience is how long a command waits for the operation before it to end.
const patience = 300 * time.Millisecond

// acquire takes the engine; false when another operation keeps it.
func (s *Simulator) acquire() bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case s.engine <- struct{}{}:
		return true
	case <-timer.C:
		return false
	case <-s.ended:
		return false
	}
}

func (s *Simulator) release() { <-s.engine }

// pause lets time pass in the terminal; it ends early with the simulator.
func (s *Simulator) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ended:
	}
}
