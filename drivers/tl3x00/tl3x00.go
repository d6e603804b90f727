// Package tl3x00 drives the card readers TL3500, TL3600 and TL3800 of SMARTRO
// on a serial line or a serial server. edge/app opens it through drivers/all.
//
// The vendor gives its specification to partners only. What stands here was
// read in four public code bases that agree on it (protocol V10.1, 2022-02-15),
// and was tested against a simulator written from the same layouts, never on a
// reader. The data of job Q, which issues cash receipts and takes the code of
// a wallet from the box, is in none of them: this driver does neither. The
// reader itself reads the phone of a customer who pays with a wallet.
//
// What always holds: a payment is never sent twice, not even after silence; a
// result is kept by the caller before the reader hears that it arrived; what
// is not known is drivers.ErrOutcomeUnknown and is found by the last approval
// (job L); a full card number never leaves the package.
package tl3x00

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// Config is what the driver needs to know of a reader.
type Config struct {
	// Address is one of drivers/port.
	Address string
	// TerminalID is the reader's own, up to 16 characters; may be empty.
	TerminalID string
	// Ack is how long the reader may take to acknowledge a frame, Answer to do
	// a job without money, Payment one with a customer.
	Ack, Answer, Payment time.Duration
	// Poll is how often Find asks an absent reader again.
	Poll time.Duration
	Now  func() time.Time
}

// Terminal is one reader. It implements drivers.Terminal, Aborter, Recaller
// and Describer.
type Terminal struct {
	config Config
	turns  *port.Turns

	mu sync.Mutex
	id string // as the reader named itself last
}

var (
	_ drivers.Terminal  = (*Terminal)(nil)
	_ drivers.Aborter   = (*Terminal)(nil)
	_ drivers.Recaller  = (*Terminal)(nil)
	_ drivers.Describer = (*Terminal)(nil)
)

// New checks the configuration; it does not touch the reader.
func New(config Config) (*Terminal, error) {
	turns, err := port.NewTurns(config.Address)
	if err != nil {
		return nil, err
	}
	if len(config.TerminalID) > idSize {
		return nil, fmt.Errorf("%w: terminal_id has at most %d characters", drivers.ErrSettings, idSize)
	}
	if config.Ack <= 0 || config.Answer <= 0 || config.Payment <= 0 || config.Poll <= 0 || config.Now == nil {
		return nil, fmt.Errorf("%w: times and clock must be set", drivers.ErrSettings)
	}
	return &Terminal{config: config, turns: turns}, nil
}

// Factory makes readers from a person's settings.
func Factory() drivers.Factory {
	return drivers.Factory{
		Name:  "tl3x00",
		Kind:  drivers.KindTerminal,
		Title: "SMARTRO TL3500/TL3600/TL3800 (from public code, not checked on hardware)",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "terminal_id"},
			{Name: "payment", Default: "90"},
		},
		New:   fromSettings,
		Suits: suits,
		Probe: probe,
	}
}

func fromSettings(settings drivers.Settings) (any, error) {
	patience, err := strconv.Atoi(settings.Get("payment", "90"))
	if err != nil || patience < 10 || patience > 600 {
		return nil, fmt.Errorf("%w: payment is 10 to 600 seconds", drivers.ErrSettings)
	}
	address := settings.Get("addr", "")
	if strings.HasPrefix(address, "serial://") && !strings.Contains(address, "baud=") {
		join := "?"
		if strings.Contains(address, "?") {
			join = "&"
		}
		address += join + speed
	}
	terminal, err := New(Config{
		Address: address, TerminalID: settings.Get("terminal_id", ""),
		Ack: 3 * time.Second, Answer: 10 * time.Second, Payment: time.Duration(patience) * time.Second,
		Poll: time.Second, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	return terminal, nil
}

// Abilities says that payments in months are possible, and that money goes
// back only by cancelling its payment.
func (t *Terminal) Abilities() drivers.Abilities {
	return drivers.Abilities{Instalments: longest, Recalls: true}
}

// Open asks the reader whether it is there (job A).
func (t *Terminal) Open(ctx context.Context) error {
	s, release, err := t.begin(ctx)
	if err != nil {
		return err
	}
	defer release()
	_, err = s.ask(jobCheck)
	return err
}

// Close cuts an operation that runs; that operation then returns by itself.
func (t *Terminal) Close() error { return t.turns.Close() }

// Abort stops a payment that waits for a card (job E). Without an operation it
// does nothing.
func (t *Terminal) Abort(ctx context.Context) error { return t.turns.Abort(ctx) }

// Status asks how the reader and its connection to the VAN are (job A).
func (t *Terminal) Status(ctx context.Context) (drivers.TerminalStatus, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.TerminalStatus{}, err
	}
	frame, err := s.ask(jobCheck)
	release()
	status := drivers.TerminalStatus{ID: t.name()}
	switch {
	case errors.Is(err, errRefused):
		status.Busy = true
		return status, nil
	case err != nil:
		return drivers.TerminalStatus{}, err
	case len(frame.Data) != 4:
		return drivers.TerminalStatus{}, fmt.Errorf("%w: check of %d bytes", drivers.ErrProtocol, len(frame.Data))
	}
	// Card module, radio module, VAN, own server: O is well, N is not fitted.
	status.Ready = frame.Data[0] == 'O' && !strings.ContainsAny(string(frame.Data), "XF")
	return status, nil
}

// begin reserves the driver and opens the line. After it the caller must call
// release.
func (t *Terminal) begin(ctx context.Context) (*session, func(), error) {
	release, err := t.turns.Take()
	if err != nil {
		return nil, nil, err
	}
	s, disconnect, err := t.connect(ctx)
	if err != nil {
		release()
		return nil, nil, err
	}
	return s, func() { disconnect(); release() }, nil
}

// meet remembers how the reader named itself.
func (t *Terminal) meet(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id != "" {
		t.id = id
	}
}

func (t *Terminal) name() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.id != "" {
		return t.id
	}
	return t.config.TerminalID
}
