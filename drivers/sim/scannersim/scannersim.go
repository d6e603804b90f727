// Package scannersim is a simulated barcode scanner on a serial line. Tests
// and drivers/sim start it.
//
// What always holds: a scan is one code with its prefix and suffix, sent in
// one go; bytes sent raw are sent as they are.
package scannersim

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"shopbox/drivers/sim/line"
	"shopbox/drivers/sim/switches"
)

// The faults that can be switched on.
const (
	// Unplugged takes the scanner off its port.
	Unplugged = "unplugged"
	// Garbage sends binary noise before every scan.
	Garbage = "garbage"
	// Twice sends every scan twice, as a trigger that bounces.
	Twice = "twice"
	// NoSuffix sends codes without an ending sign.
	NoSuffix = "no_suffix"
)

// Config is how the scanner is set up.
type Config struct {
	// Prefix and Suffix stand around every code; no suffix is CR.
	Prefix, Suffix string
}

// Simulator is a running scanner.
type Simulator struct {
	*switches.Set

	config Config
	line   *line.Line
	stop   func() bool

	mutex sync.Mutex
	sent  []string
}

// Start plugs a scanner in; it runs until the context ends or Close.
func Start(ctx context.Context, config Config) (*Simulator, error) {
	if config.Suffix == "" {
		config.Suffix = "\r"
	}
	wire, err := line.New()
	if err != nil {
		return nil, err
	}
	s := &Simulator{Set: switches.New("a scanner", Unplugged, Garbage, Twice, NoSuffix), config: config, line: wire}
	s.stop = context.AfterFunc(ctx, func() { _ = wire.Close() })
	return s, nil
}

// Addr is where a driver finds the scanner, as an address of drivers/port.
func (s *Simulator) Addr() string { return s.line.Address() }

// Close unplugs the scanner for good.
func (s *Simulator) Close() error {
	s.stop()
	return s.line.Close()
}

// Sent lists the codes scanned so far.
func (s *Simulator) Sent() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.sent)
}

// Scan reads a code, as if one were held before the scanner.
func (s *Simulator) Scan(code string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	frame := s.config.Prefix + code + s.config.Suffix
	if s.On(NoSuffix) {
		frame = s.config.Prefix + code
	}
	if s.On(Twice) {
		frame += frame
	}
	if s.On(Garbage) {
		frame = "\x80\xff\x00\x07\xfe" + s.config.Suffix + frame
	}
	if err := s.send([]byte(frame)); err != nil {
		return err
	}
	s.sent = append(s.sent, code)
	return nil
}

// Raw sends bytes as they are.
func (s *Simulator) Raw(data []byte) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.send(data)
}

// send writes to the line; bytes that nobody takes are lost after a while, as
// on a real line.
func (s *Simulator) send(data []byte) error {
	device := s.line.Device()
	if device == nil {
		return errors.New("the scanner is unplugged")
	}
	if err := device.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	_, err := device.Write(data)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
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
