// Package zvt drives card terminals that speak ZVT over TCP (PA00P015 13.08,
// PA00P016_04), with amounts in won. edge/app opens it through drivers/all.
//
// What always holds: every operation has its own connection, as the standard
// has the register open and close it; a result is kept by the caller before
// the terminal hears that it arrived; nothing that may have moved money is
// ever called declined or approved on anything less than the terminal's own
// end of the operation, and is drivers.ErrOutcomeUnknown otherwise; a full
// card number never leaves the package.
package zvt

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"shopbox/drivers"
)

// DefaultPort is where terminals listen (PA00P016 chapter 3).
const DefaultPort = "20007"

// Config is what the driver needs to know of a terminal.
type Config struct {
	// Address is host:port.
	Address string
	// Password is the cashier's, six digits.
	Password string
	// Currency is the ISO 4217 number in four digits, 0410 for won.
	Currency string
	// T3 is how long the terminal may take to answer a command or to be
	// reached, T4 how long it may take from there to the result unless it
	// reports progress (PA00P016 5.2.5 and 5.2.6).
	T3, T4 time.Duration
	// Poll is how often Find asks a busy or absent terminal again.
	Poll time.Duration
	// Now is the clock; the terminal names dates without a year.
	Now func() time.Time
}

// Terminal is one ZVT terminal. It implements drivers.Terminal, Aborter and
// DayCloser.
type Terminal struct {
	config   Config
	password []byte
	currency []byte

	operation sync.Mutex // held while one operation runs

	mu      sync.Mutex
	running *session // of the operation that runs
	id      string   // the terminal's TID, from its registration
	unique  []byte   // tag 1F1F of the last result, mirrored in the next command
}

// New checks the configuration; it does not touch the terminal.
func New(config Config) (*Terminal, error) {
	if _, port, err := net.SplitHostPort(config.Address); err != nil || port == "" {
		return nil, fmt.Errorf("%w: address %q is not host:port", drivers.ErrSettings, config.Address)
	}
	password, err := digits("password", config.Password, 6)
	if err != nil {
		return nil, err
	}
	currency, err := digits("currency", config.Currency, 4)
	if err != nil {
		return nil, err
	}
	if config.T3 <= 0 || config.T4 <= 0 || config.Poll <= 0 || config.Now == nil {
		return nil, fmt.Errorf("%w: times and clock must be set", drivers.ErrSettings)
	}
	return &Terminal{config: config, password: password, currency: currency}, nil
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
		Title: "ZVT (TCP)",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "password", Default: "000000", Secret: true},
			{Name: "currency", Default: "0410"},
			{Name: "t3", Default: "5"},
			{Name: "t4", Default: "180"},
		},
		New: fromSettings,
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
		Currency: settings.Get("currency", "0410"),
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
	if !t.operation.TryLock() {
		return nil, nil, fmt.Errorf("%w: another operation runs", drivers.ErrBusy)
	}
	s, disconnect, err := t.connect(ctx)
	if err != nil {
		t.operation.Unlock()
		return nil, nil, err
	}
	release = func() { disconnect(); t.operation.Unlock() }
	if err := t.register(s); err != nil {
		release()
		return nil, nil, err
	}
	return s, release, nil
}

// connect dials the terminal; release closes the connection. The end of the
// context cuts the connection at any moment.
func (t *Terminal) connect(ctx context.Context) (s *session, release func(), err error) {
	s, err = dial(ctx, t.config)
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
