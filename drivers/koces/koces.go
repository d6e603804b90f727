// Package koces drives the CAT terminals of KOCES over TCP or a serial line.
// edge/app opens it through drivers/all.
//
// The vendor publishes no specification. What stands here was read in one
// public Android program that talks to these terminals, and was tested against
// a simulator written from the same layouts, never on a terminal. Of M110, by
// which the terminal tells of a transaction it could not deliver, only the code
// is public; a terminal that does not understand it leaves an unknown outcome
// to a person. See the comments at each place.
//
// What always holds: nothing is final before the terminal's EOT; a request is
// never sent again after silence; a result is kept by the caller before it is
// confirmed, and one that was kept and whose EOT is missing is never called
// charged or not charged; a full card number never leaves the package.
package koces

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// Config is what the driver needs to know of a terminal.
type Config struct {
	// Address is one of drivers/port.
	Address string
	// TID is the terminal's id at KOCES, up to ten characters.
	TID string
	// Ack is how long the terminal may take for a sign, Payment for a whole
	// transaction with a customer.
	Ack, Payment time.Duration
	// Poll is how often Find asks an absent terminal again.
	Poll time.Duration
	Now  func() time.Time
}

// Terminal is one CAT. It implements drivers.Terminal, Aborter, CashReceipter
// and Describer.
type Terminal struct {
	config Config
	turns  *port.Turns

	mu sync.Mutex
	// mute: the terminal does not know M110.
	mute bool
	// last is the charge whose result was confirmed last, and that result's
	// mark; left is the mark of an undelivered result that was seen and left.
	last, lastMark, left string
}

var (
	_ drivers.Terminal      = (*Terminal)(nil)
	_ drivers.Aborter       = (*Terminal)(nil)
	_ drivers.CashReceipter = (*Terminal)(nil)
	_ drivers.Describer     = (*Terminal)(nil)
)

const tidSize = 10

// New checks the configuration; it does not touch the terminal.
func New(config Config) (*Terminal, error) {
	turns, err := port.NewTurns(config.Address)
	if err != nil {
		return nil, err
	}
	if config.TID == "" || len(config.TID) > tidSize {
		return nil, fmt.Errorf("%w: tid has 1 to %d characters", drivers.ErrSettings, tidSize)
	}
	if config.Ack <= 0 || config.Payment <= 0 || config.Poll <= 0 || config.Now == nil {
		return nil, fmt.Errorf("%w: times and clock must be set", drivers.ErrSettings)
	}
	return &Terminal{config: config, turns: turns}, nil
}

// Factory makes terminals from a person's settings.
func Factory() drivers.Factory {
	return drivers.Factory{
		Name:  "koces",
		Kind:  drivers.KindTerminal,
		Title: "KOCES CAT (from public code, not checked on hardware)",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "tid", Required: true},
			{Name: "payment", Default: "90"},
		},
		New:   fromSettings,
		Suits: suits,
	}
}

func fromSettings(settings drivers.Settings) (any, error) {
	patience, err := strconv.Atoi(settings.Get("payment", "90"))
	if err != nil || patience < 10 || patience > 600 {
		return nil, fmt.Errorf("%w: payment is 10 to 600 seconds", drivers.ErrSettings)
	}
	terminal, err := New(Config{
		Address: settings.Get("addr", ""), TID: settings.Get("tid", ""),
		Ack: 10 * time.Second, Payment: time.Duration(patience) * time.Second, Poll: time.Second, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	return terminal, nil
}

// Abilities are payments in months, wallets, and cash receipts whose holder the
// terminal can ask for. It does not repeat what it delivered.
func (t *Terminal) Abilities() drivers.Abilities {
	return drivers.Abilities{Wallet: true, AsksHolder: true, Instalments: longest}
}

// Open asks the terminal whether it listens.
func (t *Terminal) Open(ctx context.Context) error {
	_, release, err := t.begin(ctx)
	if err != nil {
		return err
	}
	release()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mute = false
	return nil
}

// Close cuts an operation that runs; that operation then returns by itself.
func (t *Terminal) Close() error { return t.turns.Close() }

// Abort stops a transaction that waits for the customer. Without an operation
// it does nothing.
func (t *Terminal) Abort(ctx context.Context) error { return t.turns.Abort(ctx) }

// Status tells whether the terminal listens.
func (t *Terminal) Status(ctx context.Context) (drivers.TerminalStatus, error) {
	_, release, err := t.begin(ctx)
	status := drivers.TerminalStatus{ID: t.config.TID}
	switch {
	case errors.Is(err, errRefused):
		status.Busy = true
		return status, nil
	case err != nil:
		return drivers.TerminalStatus{}, err
	}
	release()
	status.Ready = true
	return status, nil
}

// begin reserves the driver, opens the line and greets the terminal. After it
// the caller must call release.
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
	end := func() { disconnect(); release() }
	if err := s.greet(); err != nil {
		end()
		return nil, nil, err
	}
	return s, end, nil
}

func (t *Terminal) setMute() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mute = true
}

func (t *Terminal) isMute() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mute
}

// confirming notes that a charge's result is about to be confirmed.
func (t *Terminal) confirming(charge string, result Answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last, t.lastMark = charge, result.mark()
}

// leave notes that a result was seen that is not delivered.
func (t *Terminal) leave(result Answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left = result.mark()
}

// knows reports whether an approval is a former one: a terminal may say the
// previous customer's result again.
func (t *Terminal) knows(result Answer) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	mark := result.mark()
	return result.approved() && (mark == t.lastMark || mark == t.left)
}

// confirmed reports whether a charge's result may have been confirmed.
func (t *Terminal) confirmed(charge string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return charge != "" && t.last == charge
}
