// Package toledo drives weighing scales that speak Mettler Toledo 8217 (also
// called VIVA) on a serial line, usually 9600 baud 7E1: the box sends W, the
// scale answers with its weight or with a status. drivers/all lists it;
// edge/devices runs it.
//
// What always holds: a weight is what the scale itself gave as one, never
// rounded and never older than the question.
package toledo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// answerWithin is how long the scale may take; answerLimit is more than any
// answer has.
const (
	answerWithin = time.Second
	answerLimit  = 64
)

// Scale is a drivers.Scale and a drivers.Zeroer.
type Scale struct {
	*port.Line

	asking sync.Mutex // held while one question runs
}

// New checks the address of package port; it does not touch the scale.
func New(address string) (*Scale, error) {
	line, err := port.NewLine(address)
	if err != nil {
		return nil, err
	}
	return &Scale{Line: line}, nil
}

// Weigh asks for the weight.
func (s *Scale) Weigh(ctx context.Context) (drivers.Weight, error) {
	answer, err := s.ask(ctx, 'W')
	if err != nil {
		return drivers.Weight{}, err
	}
	return Parse(answer)
}

// Zero sets the scale to zero; it must be empty.
func (s *Scale) Zero(ctx context.Context) error {
	_, err := s.ask(ctx, 'Z')
	return err
}

// ask sends a command and reads the answer up to its CR.
func (s *Scale) ask(ctx context.Context, command byte) ([]byte, error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	line, err := s.Port()
	if err != nil {
		return nil, err
	}
	if err := port.Drain(line); err != nil {
		return nil, err
	}
	if _, err := line.Write([]byte{command}, answerWithin); err != nil {
		return nil, fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
	return hear(ctx, line)
}

// hear reads until a CR.
func hear(ctx context.Context, line port.Port) ([]byte, error) {
	until := time.Now().Add(answerWithin)
	var heard []byte
	buffer := make([]byte, answerLimit)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if at := bytes.IndexByte(heard, '\r'); at >= 0 {
			return heard[:at+1], nil
		}
		if len(heard) > answerLimit {
			return nil, fmt.Errorf("%w: only noise", drivers.ErrProtocol)
		}
		wait := time.Until(until)
		if wait <= 0 {
			return nil, silence(heard)
		}
		n, err := line.Read(buffer, wait)
		heard = append(heard, buffer[:n]...)
		if err != nil && !errors.Is(err, port.ErrTimeout) {
			return nil, err
		}
	}
}

func silence(heard []byte) error {
	if len(heard) > 0 {
		return fmt.Errorf("%w: half an answer, % X", drivers.ErrProtocol, heard)
	}
	return fmt.Errorf("%w: the scale is silent", drivers.ErrOffline)
}

const stx = 0x02

// The bits of a status.
const (
	statusMotion    = 0x01
	statusOver      = 0x02
	statusUnderZero = 0x04
	statusOutside   = 0x08
)

// Parse reads an answer with its CR: a weight of kilograms, perhaps with N
// behind it for net, or "?" and a status. The status bits are from common
// knowledge of the 8217, not confirmed by its manual; what they do not explain
// is drivers.ErrUnstable, so that nothing is sold by it.
func Parse(answer []byte) (drivers.Weight, error) {
	start := bytes.LastIndexByte(answer, stx)
	body, ended := bytes.CutSuffix(answer[max(start, 0):], []byte{'\r'})
	if start < 0 || !ended || len(body) < 2 {
		return drivers.Weight{}, fmt.Errorf("%w: answer % X", drivers.ErrProtocol, answer)
	}
	if body[1] == '?' {
		return drivers.Weight{}, fault(body[2:])
	}
	digits, tared := bytes.CutSuffix(body[1:], []byte{'N'})
	net, err := drivers.ParseKilograms(string(digits))
	if err != nil {
		return drivers.Weight{}, err
	}
	if net < 0 {
		return drivers.Weight{}, drivers.ErrBelowZero
	}
	return drivers.Weight{Net: net, Tared: tared}, nil
}

func fault(status []byte) error {
	if len(status) != 1 {
		return fmt.Errorf("%w: status % X", drivers.ErrProtocol, status)
	}
	switch bits := status[0]; {
	case bits&statusMotion != 0:
		return drivers.ErrUnstable
	case bits&statusOver != 0:
		return drivers.ErrOverload
	case bits&(statusUnderZero|statusOutside) != 0:
		return drivers.ErrBelowZero
	}
	return drivers.ErrUnstable
}

var (
	_ drivers.Scale  = (*Scale)(nil)
	_ drivers.Zeroer = (*Scale)(nil)
)

// Factory is the driver for the registry. It was tested against simulators,
// not on real hardware.
func Factory() drivers.Factory {
	return drivers.Factory{
		Name:   "toledo",
		Kind:   drivers.KindScale,
		Title:  "Mettler Toledo 8217 scale",
		Fields: []drivers.Field{{Name: "addr", Required: true}},
		New: func(settings drivers.Settings) (any, error) {
			scale, err := New(settings.Get("addr", ""))
			if err != nil {
				return nil, err
			}
			return scale, nil
		},
		Suits: suits,
		Probe: probe,
	}
}
