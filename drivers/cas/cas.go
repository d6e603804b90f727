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
	*port.Line

	dialect Dialect
	asking  sync.Mutex // held while one question runs
}

// New checks the configuration; it does not touch the scale.
func New(config Config) (*Scale, error) {
	line, err := port.NewLine(config.Address)
	if err != nil {
		return nil, err
	}
	if config.Dialect != Stream && config.Dialect != Asked {
		return nil, fmt.Errorf("%w: dialect %q", drivers.ErrSettings, config.Dialect)
	}
	return &Scale{Line: line, dialect: config.Dialect}, nil
}

// Weigh is the weight the scale says next.
func (s *Scale) Weigh(ctx context.Context) (drivers.Weight, error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	line, err := s.Port()
	if err != nil {
		return drivers.Weight{}, err
	}
	// What stands in the buffers may be old.
	if err := port.Drain(line); err != nil {
		return drivers.Weight{}, err
	}
	talk := conversation{line: line, ctx: ctx, until: time.Now().Add(answerWithin)}
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
		Suits: suits,
		Probe: probe,
	}
}
