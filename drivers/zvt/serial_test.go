package zvt_test

import (
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/zvt"
)

// openSerial is open over a serial line, with short waiting times.
func openSerial(t *testing.T, config zvtsim.Config) (*zvt.Terminal, *zvtsim.Simulator) {
	t.Helper()
	config.Serial = true
	config.AnswerTimeout = 2 * time.Second
	config.Restart = 30 * time.Millisecond
	config.SlowDelay = 10 * time.Millisecond
	config.T2, config.CutFor = 150*time.Millisecond, 500*time.Millisecond
	sim, err := zvtsim.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	terminal, err := zvt.New(zvt.Config{
		Address: sim.Addr(), Password: "000000", Currency: "0410",
		T2: 150 * time.Millisecond, T3: 700 * time.Millisecond, T4: 700 * time.Millisecond,
		Poll: 5 * time.Millisecond, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return terminal, sim
}

func TestConformanceOverSerial(t *testing.T) {
	variants(t, conformance.Terminal, openSerial, map[string]zvtsim.Config{
		"takes back at once":     {},
		"takes back at the next": {ImplicitReversal: true},
	})
}

func TestReservationsOverSerial(t *testing.T) {
	variants(t, conformance.Reserver, openSerial, map[string]zvtsim.Config{"numbers its telegrams": {MessageIDs: true}})
}

func TestServicingOverSerial(t *testing.T) {
	variants(t, conformance.Servicing, openSerial, map[string]zvtsim.Config{"plain": {}})
}

// TestLineFaults: what the line itself mends is not noticed above it.
func TestLineFaults(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"link_ack_lost", "link_ack_unheard", "link_nak", "link_bad_sum", "link_noise",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminal, sim := openSerial(t, zvtsim.Config{AlwaysPrint: true})
			for payment := range 3 {
				kept, steps := 0, 0
				charge := drivers.Charge{
					Amount: 2040, Keep: func(drivers.Result) error { kept++; return nil },
				}
				charge.Progress = func(drivers.Progress) {
					// Once in the middle of the payment, each time at another place.
					if steps++; steps == payment+1 {
						if err := sim.SetFault(name+":once", true); err != nil {
							t.Error(err)
						}
					}
				}
				result, err := terminal.Pay(t.Context(), charge)
				if err != nil || !result.Approved || kept != 1 || steps != 3 || len(result.Lines) != 3 {
					t.Errorf("payment %d: %+v, %v; kept %d times in %d steps", payment, result, err, kept, steps)
				}
				if sim.Armed(name) {
					t.Errorf("%s did not happen", name)
				}
			}
			if sim.Balance() != 3*2040 {
				t.Errorf("the terminal's book says %d", sim.Balance())
			}
		})
	}
}
