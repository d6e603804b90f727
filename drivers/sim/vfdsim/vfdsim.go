// Package vfdsim is a simulated customer display on a serial line. Tests and
// drivers/sim start it.
//
// What always holds: it shows what the commands it was sent make of two lines
// of 20 characters, and counts the commands it does not know.
package vfdsim

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"time"

	"shopbox/drivers/sim/line"
	"shopbox/drivers/sim/switches"
)

// Unplugged takes the display off its port.
const Unplugged = "unplugged"

// Simulator is a running display.
type Simulator struct {
	*switches.Set

	line *line.Line
	stop func()

	mutex  sync.Mutex
	screen screen
	// changed is closed and replaced whenever the display took bytes.
	changed chan struct{}
}

// Start plugs a display in; it runs until the context ends or Close.
func Start(ctx context.Context) (*Simulator, error) {
	wire, err := line.New()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Simulator{Set: switches.New("a display", Unplugged), line: wire, screen: newScreen(), changed: make(chan struct{})}
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

// Addr is where a driver finds the display, as an address of drivers/port.
func (s *Simulator) Addr() string { return s.line.Address() }

// Close unplugs the display for good.
func (s *Simulator) Close() error {
	s.stop()
	return nil
}

// Shown is what stands on the display, blanks at the end left out, and a
// channel that is closed when that may have changed.
func (s *Simulator) Shown() (lines []string, changed <-chan struct{}) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for row := range rows {
		lines = append(lines, strings.TrimRight(s.screen.text(row), " "))
	}
	return lines, s.changed
}

// Unknown counts the bytes that were no command the display knows.
func (s *Simulator) Unknown() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.screen.unknown
}

// poll is how long one read waits.
const poll = 50 * time.Millisecond

func (s *Simulator) run(ctx context.Context) {
	buffer := make([]byte, 256)
	for ctx.Err() == nil {
		device := s.line.Device()
		if device == nil {
			wait(ctx, poll)
			continue
		}
		if err := device.SetReadDeadline(time.Now().Add(poll)); err != nil {
			wait(ctx, poll)
			continue
		}
		n, err := device.Read(buffer)
		if n > 0 {
			s.take(buffer[:n])
		}
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			wait(ctx, poll)
		}
	}
}

func (s *Simulator) take(data []byte) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, sign := range data {
		s.screen.take(sign)
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

func wait(ctx context.Context, long time.Duration) {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
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
