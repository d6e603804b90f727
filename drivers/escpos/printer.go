package escpos

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// Config says where a printer is and what it can do.
type Config struct {
	// Address is one of package port: tcp://, serial:// or file://.
	Address string
	Profile Profile
	// Patience is how long after the usual time a job may stay unconfirmed;
	// zero is 15 seconds.
	Patience time.Duration
	// Answer is how long the printer may take to answer a status request; zero
	// is a second, with room for a slow serial line.
	Answer time.Duration
}

// Printer is a drivers.Printer and drivers.Drawer. One thing is done at a
// time; others wait for their turn as long as their context allows.
type Printer struct {
	config  Config
	address port.Address
	turn    chan struct{}
	// jobs numbers the jobs, so that an answer to an old one is not taken for
	// an answer to this one. It is used by whoever has the turn.
	jobs uint32
	// doubt says that the last job may still be in the printer, whose answer
	// to its barrier could then come during the next. It goes with the turn.
	doubt bool

	mutex  sync.Mutex
	active *session
}

// New checks the configuration; it does not touch the printer.
func New(config Config) (*Printer, error) {
	address, err := port.Parse(config.Address)
	if err != nil {
		return nil, err
	}
	if err := config.Profile.check(); err != nil {
		return nil, err
	}
	if config.Patience == 0 {
		config.Patience = 15 * time.Second
	}
	if config.Answer == 0 {
		config.Answer = time.Second
	}
	return &Printer{
		config: config, address: address, turn: make(chan struct{}, 1),
		jobs: uint32(time.Now().UnixMilli()),
	}, nil
}

// Columns is the width of the paper in characters of the normal font.
func (p *Printer) Columns() int { return p.config.Profile.Columns }

// Encode is the bytes that Print sends for a document, less the question
// whether they came out.
func (p *Printer) Encode(document drivers.Document) []byte {
	return Encode(document, p.config.Profile)
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
func (p *Printer) Close() error {
	p.mutex.Lock()
	active := p.active
	p.active = nil
	p.mutex.Unlock()
	if active == nil {
		return nil
	}
	return active.close()
}

// Status asks the printer how it is. A printer that does not answer is a
// status with the fault drivers.ErrOffline.
func (p *Printer) Status(ctx context.Context) (drivers.PrinterStatus, error) {
	if err := p.take(ctx); err != nil {
		return drivers.PrinterStatus{}, err
	}
	defer p.give()
	_, status, err := p.connected(ctx)
	if errors.Is(err, drivers.ErrOffline) {
		return drivers.PrinterStatus{Fault: err}, nil
	}
	return status, err
}

// Print puts a document on paper; see drivers.Printer.
func (p *Printer) Print(ctx context.Context, document drivers.Document) error {
	if err := p.take(ctx); err != nil {
		return err
	}
	defer p.give()
	link, status, err := p.connected(ctx)
	if err != nil {
		return err
	}
	if status.Fault != nil {
		return status.Fault
	}
	p.jobs++
	if p.doubt && link.owed == 0 {
		link.owed = 1
	}
	err = link.print(ctx, newJob(document, p.config, p.jobs))
	p.doubt = p.config.Profile.Confirm == ConfirmBarrier && err != nil && (p.doubt || errors.Is(err, drivers.ErrPrintUnknown))
	if errors.Is(err, drivers.ErrOffline) {
		p.drop(link)
	}
	return err
}

// OpenDrawer sends the pulse. When the printer cannot print, the pulse goes in
// real time (DLE DC4), since one in the buffer would open the drawer by
// surprise when paper is put in.
func (p *Printer) OpenDrawer(ctx context.Context) error {
	if err := p.take(ctx); err != nil {
		return err
	}
	defer p.give()
	link, status, err := p.connected(ctx)
	if err != nil {
		return err
	}
	command := pulse(p.config.Profile)
	if status.Fault != nil {
		command = []byte{0x10, 0x14, 1, p.config.Profile.drawerConnector(), 1}
	}
	if _, err := link.line.Write(command, sendPatience); err != nil {
		p.drop(link)
		return fmt.Errorf("drawer: %w", offline(err))
	}
	return nil
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

// connected is the session with the printer and the printer's status. A
// session that died since its last use, as when the printer was switched off
// and on, is replaced once.
func (p *Printer) connected(ctx context.Context) (*session, drivers.PrinterStatus, error) {
	p.mutex.Lock()
	link := p.active
	p.mutex.Unlock()
	if link != nil {
		status, err := link.status(ctx)
		if err == nil || ctx.Err() != nil {
			return link, status, err
		}
		p.drop(link)
	}
	line, err := p.address.Open(ctx)
	if err != nil {
		return nil, drivers.PrinterStatus{}, err
	}
	link = newSession(line, p.config.Answer)
	p.mutex.Lock()
	p.active = link
	p.mutex.Unlock()
	status, err := link.status(ctx)
	if err != nil {
		p.drop(link)
	}
	return link, status, err
}

// drop ends a session that went wrong.
func (p *Printer) drop(link *session) {
	p.mutex.Lock()
	if p.active == link {
		p.active = nil
	}
	p.mutex.Unlock()
	_ = link.close()
}

// offline says that the printer is gone, whatever the port said.
func offline(err error) error {
	if errors.Is(err, drivers.ErrOffline) {
		return err
	}
	return fmt.Errorf("%w: %w", drivers.ErrOffline, err)
}
