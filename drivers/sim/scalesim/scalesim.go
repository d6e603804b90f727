// Package scalesim is a simulated weighing scale on a serial line. Tests and
// drivers/sim start it.
//
// What always holds: it says what lies on it, in the wire format of the
// dialect it was started with, and what a fault makes of that.
package scalesim

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"shopbox/drivers/sim/line"
	"shopbox/drivers/sim/switches"
	"shopbox/protocol/money"
)

// Dialect is how the scale speaks.
type Dialect string

// The dialects: the CAS line sent all the time, the CAS question, and Mettler
// Toledo 8217.
const (
	CASStream Dialect = "cas-stream"
	CASAsked  Dialect = "cas-asked"
	Toledo    Dialect = "toledo"
)

// Dialects lists the dialects.
func Dialects() []Dialect { return []Dialect{CASStream, CASAsked, Toledo} }

// The faults that can be switched on.
const (
	// Unplugged takes the scale off its port.
	Unplugged = "unplugged"
	// Moving never comes to rest.
	Moving = "moving"
	// Overload has too much on it.
	Overload = "overload"
	// BelowZero was not zeroed.
	BelowZero = "below_zero"
	// Silent says nothing.
	Silent = "silent"
	// Garbage says noise instead of a weight.
	Garbage = "garbage"
	// BadSum says a weight that was changed on the way; dialects without a
	// checksum lose a sign of it.
	BadSum = "bad_sum"
)

// Config is how the scale is set up.
type Config struct {
	// Dialect is CASAsked when empty.
	Dialect Dialect
	// Every is the time between two lines of a stream, 100 ms when zero.
	Every time.Duration
}

// Simulator is a running scale.
type Simulator struct {
	*switches.Set

	config Config
	line   *line.Line
	stop   func()

	mutex  sync.Mutex
	weight money.Milli
	tared  bool
}

// Start plugs a scale in; it runs until the context ends or Close.
func Start(ctx context.Context, config Config) (*Simulator, error) {
	if config.Dialect == "" {
		config.Dialect = CASAsked
	}
	if config.Every == 0 {
		config.Every = 100 * time.Millisecond
	}
	if !slices.Contains(Dialects(), config.Dialect) {
		return nil, fmt.Errorf("no scale speaks %q", config.Dialect)
	}
	wire, err := line.New()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Simulator{Set: switches.New("a scale", Unplugged, Moving, Overload, BelowZero, Silent, Garbage, BadSum), config: config, line: wire}
	var running sync.WaitGroup
	s.stop = func() {
		cancel()
		_ = wire.Close()
		running.Wait()
	}
	context.AfterFunc(ctx, func() { _ = wire.Close() })
	running.Go(func() { s.run(ctx) })
	return s, nil
}

// Addr is where a driver finds the scale, as an address of drivers/port.
func (s *Simulator) Addr() string { return s.line.Address() }

// Close unplugs the scale for good.
func (s *Simulator) Close() error {
	s.stop()
	return nil
}

// Put lays goods of so many grams on the scale; tared says that it shows a net
// weight.
func (s *Simulator) Put(weight money.Milli, tared bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.weight, s.tared = weight, tared
}

// Weight is what lies on the scale.
func (s *Simulator) Weight() money.Milli {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.weight
}

// SetFault switches a fault on or off.
func (s *Simulator) SetFault(name string, on bool) error {
	if err := s.Switch(name, on); err != nil || name != Unplugged {
		return err
	}
	if on {
		return s.line.Unplug()
	}
	return s.line.Plug()
}
