package koces_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/koces"
	"shopbox/drivers/sim/kocessim"
)

// open starts a simulated terminal with short waiting times and a driver for
// it.
func open(t *testing.T, config kocessim.Config) (*koces.Terminal, *kocessim.Simulator) {
	t.Helper()
	config.AnswerTimeout = 3 * time.Second
	config.Restart = 30 * time.Millisecond
	config.CardDelay = 5 * time.Millisecond
	sim, err := kocessim.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return driver(t, sim.Addr()), sim
}

func driver(t *testing.T, address string) *koces.Terminal {
	t.Helper()
	terminal, err := koces.New(koces.Config{
		Address: address, TID: "1234567890", Ack: 3 * time.Second, Payment: 6 * time.Second,
		Poll: 5 * time.Millisecond, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return terminal
}

func TestConformance(t *testing.T) {
	t.Parallel()
	const tcp = "127.0.0.1:0"
	together(t, map[string]kocessim.Config{
		"tcp":                 {Listen: tcp},
		"pty":                 {},
		"takes back at once":  {Listen: tcp, NetCancel: true},
		"names whole amounts": {Listen: tcp, GrossAnswer: true},
		"unaware":             {Listen: tcp, Unaware: true},
	}, func(t *testing.T, config kocessim.Config) {
		t.Helper()
		conformance.Terminal(t, func(t *testing.T) (drivers.Terminal, conformance.TerminalSim) {
			t.Helper()
			return open(t, config)
		})
	})
}

// together runs a suite with all configurations at the same time, for it mostly
// waits.
func together(t *testing.T, configs map[string]kocessim.Config, suite func(t *testing.T, config kocessim.Config)) {
	t.Helper()
	var running sync.WaitGroup
	for name, config := range configs {
		running.Go(func() { t.Run(name, func(t *testing.T) { suite(t, config) }) })
	}
	running.Wait()
}

func TestCashReceipts(t *testing.T) {
	t.Parallel()
	together(t, map[string]kocessim.Config{
		"keeps":              {Listen: "127.0.0.1:0"},
		"pty":                {},
		"takes back at once": {Listen: "127.0.0.1:0", NetCancel: true},
	}, func(t *testing.T, config kocessim.Config) {
		t.Helper()
		conformance.CashReceipts(t, func(t *testing.T) (drivers.Terminal, conformance.ReceiptSim) {
			t.Helper()
			return open(t, config)
		})
	})
}

// TestWallet: the code of a phone goes to the terminal, and the payment is
// cancelled without it.
func TestWallet(t *testing.T) {
	t.Parallel()
	terminal, sim := open(t, kocessim.Config{Listen: "127.0.0.1:0"})
	const code = "281006020000000017"
	paid, err := terminal.Pay(t.Context(), drivers.Charge{ID: "a", Amount: 12_000, VAT: 1090, Code: code})
	if err != nil || !paid.Approved || paid.Amount != 12_000 || paid.Scheme != "시험페이" {
		t.Fatalf("%+v, %v", paid, err)
	}
	if strings.Contains(paid.Card, code) || strings.Contains(paid.Reference, code) {
		t.Errorf("the code is kept: %+v", paid)
	}
	back, err := terminal.Reverse(t.Context(), paid, drivers.Charge{ID: "b", Amount: 12_000})
	if err != nil || !back.Approved || sim.Balance() != 0 {
		t.Errorf("%+v, %v, balance %d", back, err, sim.Balance())
	}
	if _, err := terminal.Pay(t.Context(), drivers.Charge{Amount: 1000, Code: "a;S04=1"}); !errors.Is(err, drivers.ErrUnsupported) {
		t.Errorf("a code that breaks the list: %v", err)
	}
	if book := sim.Transactions(); len(book) != 2 || !book[0].Wallet || book[0].Tax != 1090 {
		t.Errorf("book %+v", book)
	}
}

// TestMute: a terminal without M110 takes payments, but leaves an unknown
// outcome to a person.
func TestMute(t *testing.T) {
	t.Parallel()
	terminal, sim := open(t, kocessim.Config{Listen: "127.0.0.1:0", Mute: true})
	mark, err := terminal.Mark(t.Context())
	if err != nil || mark == "" {
		t.Fatalf("mark %q, %v", mark, err)
	}
	if err := sim.SetFault("answer_lost_after_approval:once", true); err != nil {
		t.Fatal(err)
	}
	charge, began := drivers.Charge{ID: "a", Amount: 6000}, time.Now()
	if _, err := terminal.Pay(t.Context(), charge); !errors.Is(err, drivers.ErrOutcomeUnknown) {
		t.Errorf("lost: %v", err)
	}
	found, err := terminal.Find(t.Context(), drivers.Query{Mark: mark, Charge: charge, Began: began})
	if err != nil || found.Outcome != drivers.OutcomeUndecided {
		t.Errorf("found %+v, %v", found, err)
	}
	if paid, err := terminal.Pay(t.Context(), drivers.Charge{ID: "b", Amount: 310}); err != nil || !paid.Approved {
		t.Errorf("the next customer: %+v, %v", paid, err)
	}
}

// TestPreviousCustomer: the undelivered payment of another is not taken for
// this one, nor is it confirmed.
func TestPreviousCustomer(t *testing.T) {
	t.Parallel()
	terminal, sim := open(t, kocessim.Config{Listen: "127.0.0.1:0"})
	if err := sim.SetFault("answer_lost_after_approval:once", true); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := terminal.Pay(t.Context(), drivers.Charge{ID: "a", Amount: 6000}); !errors.Is(err, drivers.ErrOutcomeUnknown) {
		t.Fatalf("lost: %v", err)
	}
	mark, err := terminal.Mark(t.Context())
	if err != nil || mark == "" {
		t.Fatalf("mark %q, %v", mark, err)
	}
	for name, query := range map[string]drivers.Query{
		"it was there before": {Mark: mark, Charge: drivers.Charge{ID: "b", Amount: 6000}, Began: began},
		"another amount":      {Charge: drivers.Charge{ID: "b", Amount: 6001}, Began: began},
		"long before":         {Charge: drivers.Charge{ID: "b", Amount: 6000}, Began: began.Add(time.Hour)},
		"long after":          {Charge: drivers.Charge{ID: "b", Amount: 6000}, Began: began.Add(-time.Hour)},
	} {
		if found, err := terminal.Find(t.Context(), query); err != nil || found.Outcome != drivers.OutcomeUndecided {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	if sim.Balance() != 0 {
		t.Errorf("another's payment was confirmed")
	}
	found, err := terminal.Find(t.Context(), drivers.Query{Charge: drivers.Charge{ID: "a", Amount: 6000}, Began: began})
	if err != nil || found.Outcome != drivers.OutcomeApproved || sim.Balance() != 6000 {
		t.Errorf("found %+v, %v, balance %d", found, err, sim.Balance())
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry, err := drivers.NewRegistry(koces.Factory())
	if err != nil {
		t.Fatal(err)
	}
	if registry["koces"].Verified {
		t.Error("nobody checked it on a terminal")
	}
	for _, settings := range []drivers.Settings{
		{"addr": "tcp://10.0.0.9:9100", "tid": "1234567890"},
		{"addr": "serial:///dev/ttyUSB0?baud=115200", "tid": "1234567890", "payment": "30"},
	} {
		if _, err := registry.New("koces", settings); err != nil {
			t.Errorf("%v: %v", settings, err)
		}
	}
	for _, settings := range []drivers.Settings{
		{},
		{"addr": "tcp://10.0.0.9:9100"},
		{"addr": "10.0.0.9", "tid": "1234567890"},
		{"addr": "tcp://10.0.0.9:9100", "tid": "12345678901"},
		{"addr": "tcp://10.0.0.9:9100", "tid": "1234567890", "payment": "1"},
	} {
		if _, err := registry.New("koces", settings); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%v: %v", settings, err)
		}
	}
	unknown, err := koces.New(koces.Config{})
	if !errors.Is(err, drivers.ErrSettings) {
		t.Errorf("no settings: %v, %v", unknown, err)
	}
}

// TestWrongTID: the terminal's word for a terminal id it does not know.
func TestWrongTID(t *testing.T) {
	t.Parallel()
	terminal, sim := open(t, kocessim.Config{Listen: "127.0.0.1:0", TID: "9999999999"})
	if _, err := terminal.Pay(t.Context(), drivers.Charge{Amount: 1000}); !errors.Is(err, drivers.ErrSettings) || sim.Balance() != 0 {
		t.Errorf("%v, balance %d", err, sim.Balance())
	}
}
