// Package serialscan drives barcode scanners on a serial line: RS-232, or USB
// in the mode that looks like a serial line (USB-CDC, /dev/ttyACM0).
// drivers/all lists it; edge/devices runs it.
//
// What always holds: what is not clearly a code never reaches the till; an
// unplugged scanner ends Scans with drivers.ErrOffline, and Open finds it
// again.
package serialscan

import (
	"context"
	"errors"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/codeline"
	"shopbox/drivers/port"
)

// turn is how long one read waits: the idle gap that ends a code.
const turn = 100 * time.Millisecond

// Config says where the scanner is: an address of package port.
type Config struct{ Address string }

// Scanner is a drivers.Scanner. Closing it ends a running Scans with
// drivers.ErrOffline.
type Scanner struct{ *port.Line }

// New checks the configuration; it does not touch the scanner.
func New(config Config) (*Scanner, error) {
	line, err := port.NewLine(config.Address)
	if err != nil {
		return nil, err
	}
	return &Scanner{line}, nil
}

// Scans reads codes until the context ends, whose error it returns, or the
// scanner is gone, which is drivers.ErrOffline. The same code twice is two
// scans: what that means is the till's to say.
func (s *Scanner) Scans(ctx context.Context, each func(drivers.Scan), bad func(error)) error {
	line, err := s.Port()
	if err != nil {
		return err
	}
	var splitter codeline.Splitter
	buffer := make([]byte, 256)
	for ctx.Err() == nil {
		n, err := line.Read(buffer, turn)
		reads := splitter.Write(buffer[:n])
		switch {
		case errors.Is(err, port.ErrTimeout):
			reads = splitter.Silence()
		case err != nil:
			return err
		}
		codeline.Deliver(reads, each, bad)
	}
	return ctx.Err()
}

var _ drivers.Scanner = (*Scanner)(nil)

// Factory is the driver for the registry. It was tested against simulators,
// not on real hardware.
func Factory() drivers.Factory {
	return drivers.Factory{
		Name:   "serialscan",
		Kind:   drivers.KindScanner,
		Title:  "Serial barcode scanner",
		Fields: []drivers.Field{{Name: "addr", Required: true}},
		New: func(settings drivers.Settings) (any, error) {
			scanner, err := New(Config{Address: settings.Get("addr", "")})
			if err != nil {
				return nil, err
			}
			return scanner, nil
		},
		Suits: suits,
	}
}
