// Package vfd drives customer displays of 20 columns and two lines, on a
// serial line of their own or behind a printer that passes it on. It speaks
// the ESC/POS commands of Epson's displays and the CD5220 commands that most
// others know. drivers/all lists it; edge/devices runs it.
//
// What always holds: what is shown never wraps and an amount is never cut; a
// display without Hangul gets Latin letters. Displays answer nothing, so only
// a line that is gone is a fault.
package vfd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// Dialect is how a display is commanded.
type Dialect string

// The dialects.
const (
	Epson  Dialect = "epson"
	CD5220 Dialect = "cd5220"
)

// The display's size.
const (
	columns = 20
	rows    = 2
)

// writeWithin is how long two lines may take at 9600 baud, with much to spare.
const writeWithin = time.Second

// Config says where the display is, by an address of package port, and what
// it understands.
type Config struct {
	Address string
	Dialect Dialect
	// Korean displays have a Hangul font and take CP949.
	Korean bool
	// BehindPrinter displays hang on a printer's line and must be selected.
	BehindPrinter bool
}

// Display is a drivers.Display.
type Display struct {
	*port.Line

	config Config
}

// New checks the configuration; it does not touch the display.
func New(config Config) (*Display, error) {
	line, err := port.NewLine(config.Address)
	if err != nil {
		return nil, err
	}
	if config.Dialect != Epson && config.Dialect != CD5220 {
		return nil, fmt.Errorf("%w: dialect %q", drivers.ErrSettings, config.Dialect)
	}
	return &Display{Line: line, config: config}, nil
}

// Open opens the line and clears the display.
func (d *Display) Open(ctx context.Context) error {
	if err := d.Line.Open(ctx); err != nil {
		return err
	}
	return d.send(d.start())
}

// Show replaces both lines.
func (d *Display) Show(ctx context.Context, lines []drivers.DisplayLine) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return d.send(d.screen(lines))
}

func (d *Display) send(data []byte) error {
	line, err := d.Port()
	if err != nil {
		return err
	}
	_, err = line.Write(data, writeWithin)
	if errors.Is(err, port.ErrTimeout) {
		return fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
	return err
}

var _ drivers.Display = (*Display)(nil)

// Factory is the driver for the registry. It was tested against simulators,
// not on real hardware.
func Factory() drivers.Factory {
	yesNo := []string{"no", "yes"}
	return drivers.Factory{
		Name:  "vfd",
		Kind:  drivers.KindDisplay,
		Title: "Customer display, 2 lines of 20",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "dialect", Default: string(Epson), Choices: []string{string(Epson), string(CD5220)}},
			{Name: "korean", Default: "no", Choices: yesNo},
			{Name: "behind_printer", Default: "no", Choices: yesNo},
		},
		New: func(settings drivers.Settings) (any, error) {
			display, err := New(Config{
				Address: settings.Get("addr", ""), Dialect: Dialect(settings.Get("dialect", string(Epson))),
				Korean: settings.Get("korean", "no") == "yes", BehindPrinter: settings.Get("behind_printer", "no") == "yes",
			})
			if err != nil {
				return nil, err
			}
			return display, nil
		},
		Suits: suits,
	}
}
