// Package zvtsim is a simulated ZVT card terminal on a TCP port: the
// terminal's side of PA00P015 13.08 and PA00P016_04, with its own book of what
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
	// Password is what commands that want one must carry; default 000000.
	Password string
	// Currency is the only one accepted, in four digits; default 0410 (KRW).
	Currency string
	// TerminalID is eight digits; default 29001006.
	TerminalID string
	// ImplicitReversal makes a terminal that uses tag 1F1F (PA00P015 4.2): a
	// payment whose result was not acknowledged stays until the next payment,
	// and is taken back then if that does not mirror the payment's number.
	ImplicitReversal bool
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
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Simulator is a running terminal.
type Simulator struct {
	config   Config
	listener net.Listener
	stop     context.CancelFunc
	ended    <-chan struct{}
	workers  sync.WaitGroup
	// engine is a token held by the one operation that runs.
	engine chan struct{}

	mu         sync.Mutex
	dark       bool // without power
	registered registration
	faults     faults
	book       book
	links      map[*link]struct{}
}

// registration is what the register asked for with 06 00.
type registration struct {
	config byte
	blocks bool // 06 D3 permitted
	utf8   bool
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
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", config.Listen)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	s := &Simulator{
		config: config, listener: listener, stop: stop, ended: ctx.Done(),
		engine: make(chan struct{}, 1),
		faults: faults{on: map[string]*fault{}},
		links:  map[*link]struct{}{},
	}
	context.AfterFunc(ctx, s.hangUp)
	s.workers.Go(s.accept)
	return s, nil
}

// Addr is where the terminal listens.
func (s *Simulator) Addr() string { return s.listener.Addr().String() }

// Close stops the terminal and waits for its connections to end.
func (s *Simulator) Close() error {
	s.stop()
	s.hangUp()
	s.workers.Wait()
	return nil
}

// hangUp closes the port and every connection.
func (s *Simulator) hangUp() {
	_ = s.listener.Close()
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
	if s.dark {
		_ = conn.Close()
		return nil
	}
	select {
	case <-s.ended:
		_ = conn.Close()
		return nil
	default:
	}
	l := newLink(s, conn)
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
