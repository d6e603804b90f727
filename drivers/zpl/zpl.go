// Package zpl drives label printers that speak ZPL II (Zebra, and the emulations
// of Bixolon, TSC, Godex, Citizen and others) over TCP port 9100, a serial line
// or a USB printer's device file. drivers/all lists it; edge/devices runs it.
//
// What always holds: Encode is pure; nothing on a label can become a command;
// Print is nil only when the printer twice said that nothing waits any more. ZPL
// numbers no jobs, so somebody else's label at the same printer may delay that,
// and it was not checked on hardware.
package zpl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// Config says where a printer is and how fine it prints.
type Config struct {
	// Address is one of package port: tcp://, serial:// or file://.
	Address string
	// Resolution is in dots an inch: 152, 203, 300 or 600.
	Resolution int
	// Answer is how long the printer may take to answer; zero is a second.
	Answer time.Duration
	// Poll is the time between two questions while labels come out; zero is a
	// quarter of a second.
	Poll time.Duration
	// Patience is how long no further label may come before the job counts as
	// unconfirmed; zero is 15 seconds.
	Patience time.Duration
}

// Printer is a drivers.Printer of labels alone. One thing is done at a time; others wait
// for their turn as long as their context allows.
type Printer struct {
	config Config
	line   *port.Line
	turn   chan struct{}
}

// New checks the configuration; it does not touch the printer.
func New(config Config) (*Printer, error) {
	line, err := port.NewLine(config.Address)
	if err != nil {
		return nil, err
	}
	if config.Resolution < 100 || config.Resolution > 600 {
		return nil, fmt.Errorf("%w: %d dots an inch", drivers.ErrSettings, config.Resolution)
	}
	for field, fallback := range map[*time.Duration]time.Duration{
		&config.Answer: time.Second, &config.Poll: 250 * time.Millisecond, &config.Patience: 15 * time.Second,
	} {
		if *field == 0 {
			*field = fallback
		}
	}
	return &Printer{config: config, line: line, turn: make(chan struct{}, 1)}, nil
}

// Columns is 0: labels have no columns.
func (p *Printer) Columns() int { return 0 }

// LabelStock implements drivers.Labeller.
func (p *Printer) LabelStock() drivers.LabelStock {
	return drivers.LabelStock{Resolution: p.config.Resolution, Only: true}
}

// Open connects and asks for the status; a printer that does not answer is
// drivers.ErrOffline.
func (p *Printer) Open(ctx context.Context) error {
	if err := p.take(ctx); err != nil {
		return err
	}
	defer p.give()
	_, _, err := p.connected(ctx)
	return err
}

// Close lets the printer go; a job under way ends as unknown.
func (p *Printer) Close() error { return p.line.Close() }

// Status asks the printer how it is. A printer that does not answer is a status
// with the fault drivers.ErrOffline.
func (p *Printer) Status(ctx context.Context) (drivers.PrinterStatus, error) {
	if err := p.take(ctx); err != nil {
		return drivers.PrinterStatus{}, err
	}
	defer p.give()
	_, now, err := p.connected(ctx)
	if errors.Is(err, drivers.ErrOffline) {
		return drivers.PrinterStatus{Fault: err}, nil
	}
	return drivers.PrinterStatus{Fault: now.fault()}, err
}

// Print puts labels on paper; see drivers.Printer.
func (p *Printer) Print(ctx context.Context, document drivers.Document) error {
	formats, err := Encode(document, p.config.Resolution)
	if err != nil {
		return err
	}
	if err := p.take(ctx); err != nil {
		return err
	}
	defer p.give()
	link, now, err := p.connected(ctx)
	if err != nil {
		return err
	}
	if fault := now.fault(); fault != nil {
		return fault
	}
	if !now.idle() {
		// Its end would be taken for the end of this job.
		return fmt.Errorf("%w: another label is being printed", drivers.ErrBusy)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err = link.print(ctx, formats, p.config)
	if errors.Is(err, drivers.ErrOffline) {
		_ = p.line.Close()
	}
	return err
}

// take waits for the turn.
func (p *Printer) take(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", drivers.ErrBusy, ctx.Err())
	}
}

func (p *Printer) give() { <-p.turn }

// connected is the open line and how the printer is. A line that died since its
// last use is opened anew, once.
func (p *Printer) connected(ctx context.Context) (talk, status, error) {
	if opened, err := p.line.Port(); err == nil {
		link := talk{port: opened, patience: p.config.Answer}
		now, err := link.status(ctx)
		if err == nil || ctx.Err() != nil {
			return link, now, err
		}
	}
	if err := p.line.Open(ctx); err != nil {
		return talk{}, status{}, err
	}
	opened, err := p.line.Port()
	if err != nil {
		return talk{}, status{}, err
	}
	link := talk{port: opened, patience: p.config.Answer}
	now, err := link.status(ctx)
	if err != nil {
		_ = p.line.Close()
	}
	return link, now, err
}
