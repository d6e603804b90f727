package zvt_test

import (
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/zvt"
)

// open starts a simulated terminal with short waiting times and a driver for
// it.
func open(t *testing.T, config zvtsim.Config) (*zvt.Terminal, *zvtsim.Simulator) {
	t.Helper()
	config.Listen = "127.0.0.1:0"
	config.AnswerTimeout = 2 * time.Second
	config.Restart = 30 * time.Millisecond
	config.SlowDelay = 10 * time.Millisecond
	sim, err := zvtsim.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return driver(t, sim.Addr()), sim
}

func driver(t *testing.T, address string) *zvt.Terminal {
	t.Helper()
	terminal, err := zvt.New(zvt.Config{
		Address: address, Password: "000000", Currency: "0410",
		T3: 2 * time.Second, T4: time.Second, Poll: 5 * time.Millisecond, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return terminal
}

// variants runs a suite on terminals that differ.
func variants(
	t *testing.T, suite func(*testing.T, conformance.OpenTerminal),
	open func(*testing.T, zvtsim.Config) (*zvt.Terminal, *zvtsim.Simulator), configs map[string]zvtsim.Config,
) {
	t.Helper()
	t.Parallel()
	for name, config := range configs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suite(t, func(t *testing.T) (drivers.Terminal, conformance.TerminalSim) {
				t.Helper()
				return open(t, config)
			})
		})
	}
}

func TestConformance(t *testing.T) {
	variants(t, conformance.Terminal, open, map[string]zvtsim.Config{
		"takes back at once":      {},
		"takes back at the next":  {ImplicitReversal: true},
		"prints unasked":          {AlwaysPrint: true},
		"stores declined":         {StoreDeclined: true},
		"prints, takes back next": {AlwaysPrint: true, ImplicitReversal: true},
		"numbers its telegrams":   {MessageIDs: true, AlwaysPrint: true},
	})
}

func TestReservations(t *testing.T) {
	variants(t, conformance.Reserver, open, map[string]zvtsim.Config{
		"takes back at once":     {},
		"takes back at the next": {ImplicitReversal: true},
		"numbers its telegrams":  {MessageIDs: true},
	})
}

func TestServicing(t *testing.T) {
	variants(t, conformance.Servicing, open, map[string]zvtsim.Config{
		"plain": {}, "numbers its telegrams": {MessageIDs: true}, "prints unasked": {AlwaysPrint: true},
	})
}
