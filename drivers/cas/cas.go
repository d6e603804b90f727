// Package cas drives weighing scales that speak one of the two CAS dialects
// on a serial line: indicators that send their 22-byte line all the time
// (PDS, CI-400/600, NT-200, Caston), and desk scales that answer when asked
// (AP, ER, PD). drivers/all lists it; edge/devices runs it.
//
// What always holds: a weight is what the scale itself called stable, never
// rounded and never older than the question.
package cas

import (
	"context"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// Dialect is how a scale speaks.
type Dialect string

// The dialects.
const (
	// Stream is the 22-byte line sent all the time.
	Stream Dialect = "stream"
	// Asked is the desk scales' ENQ and DC1.
	Asked Dialect = "asked"
)

// answerWithin is how long a scale may take to say something; streams come
// several times a second.
const answerWithin = time.Second

// Config says where the scale is, by an address of package port, and how it
// speaks.
type Config struct {
	Address string
	Dialect Dialect
}

// Scale is a drivers.Scale.
type Scale struct {
	address port.Address
	dialect Dialect

	mutex sync.Mutex
	line  port.Port
}

// New checks the configuration; it does not touch the scale.
func New(config Config) (*Scale, error) {
	address, err := port.Parse(config.Address)
	if err != nil {
		return nil, err
	}
	if config.Dialect != Stream && config.Dialect != Asked {
		return nil, fmt.Errorf("%w: dialect %q", drivers.ErrSettings, config.Dialect)
	}
	return &Scale{address: address, dialect: config.Dialect}, nil
}

// Open opens the line; a line opened before is closed first.
func (s *Scale) Open(ctx context.Context) error {
	if err := s.Close(); err != nil {
		return err
	}
	line, err := s.address.Open(ctx)
	if err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.line = line
	return nil
}

// Close lets the line go.
func (s *Scale) Close() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	line := s.line
	s.line = nil
	if line == nil {
		return nil
	}
	return line.Close()
}

// Weigh is the weight the scale says next.
func (s *Scale) Weigh(ctx context.Context) (drivers.Weight, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.line == nil {
		return drivers.Weight{}, fmt.Errorf("%w: not open", drivers.ErrOffline)
	}
	talk := conversation{line: s.line, ctx: ctx, until: time.Now().Add(answerWithin)}
	if s.dialect == Asked {
		return talk.ask()
	}
	return talk.overhear()
}

var _ drivers.Scale = (*Scale)(nil)

// Factory is the driver for the registry. Its lines were read in published
// manuals and tested against simulators, not on real hardware.
func Factory() drivers.Factory {
	return drivers.Factory{
		Name:  "cas",
		Kind:  drivers.KindScale,
		Title: "CAS scale",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "dialect", Default: string(Asked), Choices: []string{string(Asked), string(Stream)}},
		},
		New: func(settings drivers.Settings) (any, error) {
			scale, err := New(Config{
				Address: settings.Get("addr", ""), Dialect: Dialect(settings.Get("dialect", string(Asked))),
			})
			if err != nil {
				return nil, err
			}
			return scale, nil
		},
	}
}
