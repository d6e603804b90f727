package tl3x00_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/sim/kocessim"
	"shopbox/drivers/sim/tl3x00sim"
	"shopbox/drivers/tl3x00"
)

// open starts a simulated reader with short waiting times and a driver for it.
func open(t *testing.T, config tl3x00sim.Config) (*tl3x00.Terminal, *tl3x00sim.Simulator) {
	t.Helper()
	config.AnswerTimeout = 2 * time.Second
	config.Restart = 30 * time.Millisecond
	config.CardDelay = 5 * time.Millisecond
	sim, err := tl3x00sim.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return driver(t, sim.Addr()), sim
}

func driver(t *testing.T, address string) *tl3x00.Terminal {
	t.Helper()
	terminal, err := tl3x00.New(tl3x00.Config{
		Address: address, TerminalID: "TERM01", Ack: 3 * time.Second, Answer: 4 * time.Second, Payment: 6 * time.Second,
		Poll: 5 * time.Millisecond, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return terminal
}

func TestConformance(t *testing.T) {
	t.Parallel()
	var running sync.WaitGroup
	for line, listen := range map[string]string{"tcp": "127.0.0.1:0", "pty": ""} {
		running.Go(func() {
			t.Run(line, func(t *testing.T) {
				conformance.Terminal(t, func(t *testing.T) (drivers.Terminal, conformance.TerminalSim) {
					t.Helper()
					return open(t, tl3x00sim.Config{Listen: listen})
				})
			})
		})
	}
	running.Wait()
}

func factory(t *testing.T) drivers.Registry {
	t.Helper()
	registry, err := drivers.NewRegistry(tl3x00.Factory())
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry := factory(t)
	if registry["tl3x00"].Verified {
		t.Error("nobody checked it on a reader")
	}
	for _, address := range []string{"serial:///dev/ttyUSB0", "serial:///dev/ttyUSB0?parity=N", "tcp://10.0.0.9:4001"} {
		if _, err := registry.New("tl3x00", drivers.Settings{"addr": address, "terminal_id": "7303502001"}); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, settings := range []drivers.Settings{
		{},
		{"addr": "ttyUSB0"},
		{"addr": "tcp://10.0.0.9:4001", "payment": "5"},
		{"addr": "tcp://10.0.0.9:4001", "terminal_id": "12345678901234567"},
	} {
		if _, err := registry.New("tl3x00", settings); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%v: %v", settings, err)
		}
	}
}

// TestProbe: a reader is known by its answer and adopted with it; nothing was
// charged. A line with something else is not taken for one.
func TestProbe(t *testing.T) {
	t.Parallel()
	sim, err := tl3x00sim.Start(t.Context(), tl3x00sim.Config{TerminalID: "7303502001"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	registry := factory(t)
	path, _, _ := strings.Cut(strings.TrimPrefix(sim.Addr(), "serial://"), "?")
	seen := drivers.Sighting{Bus: drivers.BusSerial, Path: path, Name: "FT232R USB UART"}
	offers := registry.Ask(t.Context(), seen)
	if len(offers) != 1 || offers[0].Score != drivers.ScoreSure || offers[0].Settings["terminal_id"] != "7303502001" {
		t.Fatalf("offers %+v", offers)
	}
	made, err := registry.New("tl3x00", offers[0].Settings)
	if err != nil {
		t.Fatal(err)
	}
	terminal, is := made.(drivers.Terminal)
	if !is {
		t.Fatalf("a %T", made)
	}
	if err := terminal.Open(t.Context()); err != nil {
		t.Error(err)
	}
	if len(sim.Transactions()) != 0 {
		t.Errorf("probed into %+v", sim.Transactions())
	}
	other, err := kocessim.Start(t.Context(), kocessim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	seen.Path, _, _ = strings.Cut(strings.TrimPrefix(other.Addr(), "serial://"), "?")
	if offers := registry.Ask(t.Context(), seen); len(offers) != 1 || offers[0].Score != drivers.ScorePossible {
		t.Errorf("a terminal of another make: %+v", offers)
	}
}

// TestRefusedBefore: what cannot be asked of a reader never reaches it.
func TestRefusedBefore(t *testing.T) {
	t.Parallel()
	terminal, sim := open(t, tl3x00sim.Config{Listen: "127.0.0.1:0"})
	for name, test := range map[string]struct {
		charge drivers.Charge
		want   error
	}{
		"no amount":     {drivers.Charge{}, drivers.ErrUnsupported},
		"huge":          {drivers.Charge{Amount: 10_000_000_000}, drivers.ErrUnsupported},
		"small months":  {drivers.Charge{Amount: 49_999, Instalments: 3}, drivers.ErrInstalments},
		"many months":   {drivers.Charge{Amount: 50_000, Instalments: 13}, drivers.ErrInstalments},
		"code of phone": {drivers.Charge{Amount: 1000, Code: "281006020000000000"}, drivers.ErrUnsupported},
	} {
		if _, err := terminal.Pay(t.Context(), test.charge); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	paid, err := terminal.Pay(t.Context(), drivers.Charge{Amount: 60_000, VAT: 5454, Instalments: 6})
	if err != nil || !paid.Approved || paid.Card != "411111******1111" {
		t.Fatalf("%+v, %v", paid, err)
	}
	if _, err := terminal.Reverse(t.Context(), paid, drivers.Charge{Amount: 10_000}); !errors.Is(err, drivers.ErrUnsupported) {
		t.Errorf("a part: %v", err)
	}
	kakao := paid
	kakao.Reference = "5" + kakao.Reference[1:]
	if _, err := terminal.Reverse(t.Context(), kakao, drivers.Charge{Amount: 60_000}); !errors.Is(err, drivers.ErrUnsupported) {
		t.Errorf("a wallet that wants its code: %v", err)
	}
	book := sim.Transactions()
	if len(book) != 1 || book[0].Months != 6 || book[0].Tax != 5454 {
		t.Errorf("book %+v", book)
	}
	last, ok, err := terminal.Last(t.Context())
	if err != nil || !ok || last.Reference != paid.Reference {
		t.Errorf("last %+v, %v", last, err)
	}
}
