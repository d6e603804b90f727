package till_test

import (
	"context"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/zvt"
	"shopbox/edge/till"
)

// device is a real driver as the box has adopted it.
type device struct {
	drivers.Terminal
}

func (device) ID() string { return "terminal-1" }

func (d device) Abilities() drivers.Abilities { return drivers.AbilitiesOf(d.Terminal) }

func (d device) CanAbort() bool { return d.Abilities().Abort }

func (d device) Abort(ctx context.Context) error {
	if aborter, can := d.Terminal.(drivers.Aborter); can {
		return aborter.Abort(ctx)
	}
	return drivers.ErrUnsupported
}

func (d device) IssueCashReceipt(ctx context.Context, receipt drivers.CashReceipt, charge drivers.Charge) (drivers.Result, error) {
	if issuer, can := d.Terminal.(drivers.CashReceipter); can {
		return issuer.IssueCashReceipt(ctx, receipt, charge)
	}
	return drivers.Result{}, drivers.ErrUnsupported
}

func (d device) CancelCashReceipt(ctx context.Context, original drivers.Result, receipt drivers.CashReceipt, charge drivers.Charge) (drivers.Result, error) {
	if issuer, can := d.Terminal.(drivers.CashReceipter); can {
		return issuer.CancelCashReceipt(ctx, original, receipt, charge)
	}
	return drivers.Result{}, drivers.ErrUnsupported
}

func (d device) FindCashReceipt(ctx context.Context, query drivers.Query) (drivers.Found, error) {
	if issuer, can := d.Terminal.(drivers.CashReceipter); can {
		return issuer.FindCashReceipt(ctx, query)
	}
	return drivers.Found{}, drivers.ErrUnsupported
}

// withTerminal gives the shop a simulated terminal on a real line.
func (s *shop) withTerminal(config zvtsim.Config) *zvtsim.Simulator {
	s.t.Helper()
	config.Listen, config.Now = "127.0.0.1:0", s.clock.now
	config.AnswerTimeout, config.Restart, config.SlowDelay = 2*time.Second, 20*time.Millisecond, 5*time.Millisecond
	sim, err := zvtsim.Start(context.Background(), config)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = sim.Close() })
	used := device{newDriver(s.t, sim.Addr(), s.clock)}
	s.plug(func(id string) (till.Terminal, error) {
		if id != "" && id != used.ID() {
			return nil, till.ErrNoTerminal
		}
		return used, nil
	})
	return sim
}

func newDriver(t *testing.T, address string, clock *hands) *zvt.Terminal {
	t.Helper()
	driver, err := zvt.New(zvt.Config{
		Address: address, Password: "000000", Currency: "0410",
		T3: time.Second, T4: 2 * time.Second, Poll: 2 * time.Millisecond, Now: clock.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return driver
}

func (s *shop) fault(sim *zvtsim.Simulator, name string) {
	s.t.Helper()
	if err := sim.SetFault(name, true); err != nil {
		s.t.Fatal(err)
	}
}

// until waits for a state of the till.
func (s *shop) until(what string, is func(till.Snapshot) bool) till.Snapshot {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	var last till.Snapshot
	for snapshot := range s.Subscribe(ctx) {
		if last = snapshot; is(snapshot) {
			return snapshot
		}
	}
	s.t.Fatalf("never %s; payment %+v, cart %+v", what, last.Payment, last.Cart)
	return last
}

// cardMoney is what all finished sales and refunds say was moved by card.
func (s *shop) cardMoney() int64 {
	s.t.Helper()
	rows, err := s.store.Sales(s.t.Context(), till.SaleQuery{Limit: 10_000})
	if err != nil {
		s.t.Fatal(err)
	}
	var sum int64
	for _, row := range rows {
		for _, tender := range s.sale(row.Number).Tenders {
			switch {
			case tender.Kind != "card":
			case row.Kind == "refund":
				sum -= int64(tender.Amount)
			default:
				sum += int64(tender.Amount)
			}
		}
	}
	return sum
}
