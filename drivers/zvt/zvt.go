// Package zvt drives card terminals that speak ZVT over TCP or a serial line
// (PA00P015 13.08, PA00P016_04), with amounts in the smallest unit of the
// currency: won, or cents. edge/app opens it through drivers/all.
//
// What always holds: every operation has its own connection, as the standard
// has the register open and close it; a result is kept by the caller before
// the terminal hears that it arrived; nothing that may have moved money is
// ever called declined or approved on anything less than the terminal's own
// end of the operation, and is drivers.ErrOutcomeUnknown otherwise; a full
// card number never leaves the package.
package zvt

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"sync"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// The times of a serial line (PA00P016 chapter 4).
const (
	defaultT1 = 200 * time.Millisecond
	defaultT2 = 5 * time.Second
)

// Config is what the driver needs to know of a terminal.
type Config struct {
	// Address is tcp://host:port, host:port, or
	// serial:///dev/ttyUSB0?baud=9600&stop=2.
	Address string
	// Password is the cashier's, six digits.
	Password string
	// Currency is the ISO 4217 number in four digits, 0410 for won. With
	// drivers.AnyCurrency the terminal's own is taken, which a shop must never do:
	// 2,040 is won here and 20.40 euro there.
	Currency string
	// T1 is the longest pause within a block of a serial line, T2 how long its
	// acknowledgement may take; 200 ms and 5 s when zero.
	T1, T2 time.Duration
	// T3 is how long the terminal may take to answer a command or to be
	// reached, T4 how long it may take from there to the result unless it
	// reports progress (PA00P016 5.2.5 and 5.2.6).
	T3, T4 time.Duration
	// Poll is how often Find asks a busy or absent terminal again.
	Poll time.Duration
	// Now is the clock; the terminal names dates without a year.
	Now func() time.Time
	// sends is how often a block of a serial line is sent; maxSends when zero.
	sends int
}

// won is the currency of a shop.
const won = "0410"

// Terminal is one ZVT terminal. It implements drivers.Terminal and all of its
// optional abilities but those of Korean terminals.
type Terminal struct {
	config   Config
	address  port.Address
	password []byte

	operation sync.Mutex // held while one operation runs

	mu      sync.Mutex
	running *session // of the operation that runs
	// currency is the one set, or with AnyCurrency the terminal's own as soon as
	// it is known.
	currency []byte
	id       string // the terminal's TID, from its registration
	// last is the mark of the last transaction known, empty when none is.
	last   string
	unique []byte // tag 1F1F of the last result, mirrored in the next command
}

// New checks the configuration; it does not touch the terminal.
func New(config Config) (*Terminal, error) {
	address, err := parseAddress(config.Address)
	if err != nil {
		return nil, err
	}
	password, err := digits("password", config.Password, 6)
	if err != nil {
		return nil, err
	}
	currency, err := digits("currency", wantedCurrency(config.Currency), 4)
	if err != nil {
		return nil, err
	}
	if config.T3 <= 0 || config.T4 <= 0 || config.Poll <= 0 || config.Now == nil {
		return nil, fmt.Errorf("%w: times and clock must be set", drivers.ErrSettings)
	}
	config.sends = cmp.Or(config.sends, maxSends)
	config.T1, config.T2 = cmp.Or(config.T1, defaultT1), cmp.Or(config.T2, defaultT2)
	return &Terminal{config: config, address: address, password: password, currency: currency}, nil
}

// wantedCurrency is what the terminal is first asked for. ISO numbers have
// three digits; ZVT writes them with four.
func wantedCurrency(setting string) string {
	switch {
	case setting == drivers.AnyCurrency:
		return won
	case len(setting) == 3:
		return "0" + setting
	}
	return setting
}

// digits packs a setting of exactly so many decimal digits.
func digits(name, value string, count int) ([]byte, error) {
	packed, err := hex.DecodeString(value)
	if err == nil {
		_, err = BCD(packed)
	}
	if err != nil || len(value) != count {
		return nil, fmt.Errorf("%w: %s is %d digits", drivers.ErrSettings, name, count)
	}
	return packed, nil
}

// Factory makes ZVT terminals from a person's settings.
func Factory() drivers.Factory {
	return drivers.Factory{
		Name:  "zvt",
		Kind:  drivers.KindTerminal,
		Title: "ZVT (TCP, serial)",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "password", Default: "000000", Secret: true},
			{Name: "currency", Default: won},
			{Name: "t3", Default: "5"},
			{Name: "t4", Default: "180"},
		},
		New:     fromSettings,
		Suits:   suits,
		Probe:   probe,
		OwnPort: true,
	}
}

func fromSettings(settings drivers.Settings) (any, error) {
	t3, err := seconds(settings.Get("t3", "5"))
	if err != nil {
		return nil, err
	}
	t4, err := seconds(settings.Get("t4", "180"))
	if err != nil {
		return nil, err
	}
	terminal, err := New(Config{
		Address:  settings.Get("addr", ""),
		Password: settings.Get("password", "000000"),
		Currency: settings.Get("currency", won),
		T3:       t3,
		T4:       t4,
		Poll:     time.Second,
		Now:      time.Now,
	})
	if err != nil {
		return nil, err
	}
	return terminal, nil
}

func seconds(text string) (time.Duration, error) {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || !(number > 0 && number <= 3600) {
		return 0, fmt.Errorf("%w: %q is not a number of seconds up to 3600", drivers.ErrSettings, text)
	}
	return time.Duration(number * float64(time.Second)), nil
}

// Open reaches the terminal and registers the box with it.
func (t *Terminal) Open(ctx context.Context) error {
	_, release, err := t.begin(ctx)
	if err != nil {
		return err
	}
	release()
	return nil
}

// Close cuts an operation that runs; that operation then returns by itself.
func (t *Terminal) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running != nil {
		t.running.close()
	}
	return nil
}

// Abort asks the terminal to stop the operation that runs (06 B0). Many
// terminals only listen until a card is in, some never. Without an operation
// it does nothing.
func (t *Terminal) Abort(context.Context) error {
	t.mu.Lock()
	running := t.running
	t.mu.Unlock()
	if running == nil {
		return nil
	}
	return running.abort()
}

// begin starts an operation: it reserves the driver, connects and registers.
// After it the caller must call release.
func (t *Terminal) begin(ctx context.Context) (s *session, release func(), err error) {
	return t.beginAs(ctx, ownSlips)
}

// beginAs is begin with a config byte.
func (t *Terminal) beginAs(ctx context.Context, config byte) (s *session, release func(), err error) {
	if !t.operation.TryLock() {
		return nil, nil, fmt.Errorf("%w: another operation runs", drivers.ErrBusy)
	}
	s, disconnect, err := t.connect(ctx)
	if err != nil {
		t.operation.Unlock()
		return nil, nil, err
	}
	release = func() { disconnect(); t.operation.Unlock() }
	if err := t.register(s, config); err != nil {
		release()
		return nil, nil, err
	}
	return s, release, nil
}

// connect dials the terminal; release closes the connection. The end of the
// context cuts the connection at any moment.
func (t *Terminal) connect(ctx context.Context) (s *session, release func(), err error) {
	s, err = dial(ctx, t.config, t.address)
	if err != nil {
		return nil, nil, err
	}
	t.setRunning(s)
	stop := context.AfterFunc(ctx, s.close)
	return s, func() {
		stop()
		t.setRunning(nil)
		s.close()
	}, nil
}

func (t *Terminal) setRunning(s *session) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = s
}
