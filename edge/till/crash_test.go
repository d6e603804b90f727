package till_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/sale"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

var errDead = errors.New("the power is out")

// power goes out at one point: the files stay as they are then, and whatever
// the dying program does afterwards fails.
type power struct {
	mu     sync.Mutex
	points int
	outAt  int
	copyTo string
	path   string
	out    bool
	err    error
	// then, when set, is called when it has gone out.
	then func()
}

// point is a moment at which the power may go. It reports errDead from the
// moment on when it has gone.
func (p *power) point() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out {
		return errDead
	}
	if p.points++; p.points != p.outAt {
		return nil
	}
	p.out = true
	if p.then != nil {
		p.then()
	}
	for _, ending := range []string{"", "-wal"} {
		if err := copyFile(p.path+ending, p.copyTo+ending); err != nil {
			p.err = err
		}
	}
	return errDead
}

func (p *power) gone() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out
}

func copyFile(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// mortalStore is the real store in a box whose power may go before and after
// every write.
type mortalStore struct {
	*store.Store
	power *power
}

func (m mortalStore) around(write func() error) error {
	if err := m.power.point(); err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	return m.power.point()
}

func (m mortalStore) SaveAttempt(ctx context.Context, change till.AttemptChange) error {
	return m.around(func() error { return m.Store.SaveAttempt(ctx, change) })
}

func (m mortalStore) SaveCarts(ctx context.Context, change till.CartChange) error {
	return m.around(func() error { return m.Store.SaveCarts(ctx, change) })
}

func (m mortalStore) CloseSale(ctx context.Context, closing till.Closing) (closed till.Closed, err error) {
	err = m.around(func() error {
		closed, err = m.Store.CloseSale(ctx, closing)
		return err
	})
	return closed, err
}

// mortalTerminal hears nothing more from a box without power.
type mortalTerminal struct {
	device
	power *power
}

func (m mortalTerminal) Mark(ctx context.Context) (string, error) {
	if err := m.power.point(); err != nil {
		return "", err
	}
	return m.device.Mark(ctx)
}

func (m mortalTerminal) guarded(ctx context.Context, charge drivers.Charge, work func(ctx context.Context, charge drivers.Charge) (drivers.Result, error)) (drivers.Result, error) {
	if err := m.power.point(); err != nil {
		return drivers.Result{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	keep := charge.Keep
	charge.Keep = func(result drivers.Result) error {
		err := keep(result)
		if err != nil {
			cancel()
		}
		return err
	}
	result, err := work(ctx, charge)
	if dead := m.power.point(); dead != nil {
		return drivers.Result{}, dead
	}
	return result, err
}

func (m mortalTerminal) Pay(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	return m.guarded(ctx, charge, m.device.Pay)
}

func (m mortalTerminal) Refund(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	return m.guarded(ctx, charge, m.device.Refund)
}

func (m mortalTerminal) Reverse(ctx context.Context, original drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	return m.guarded(ctx, charge, func(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
		return m.device.Reverse(ctx, original, charge)
	})
}

func (m mortalTerminal) IssueCashReceipt(ctx context.Context, receipt drivers.CashReceipt, charge drivers.Charge) (drivers.Result, error) {
	return m.guarded(ctx, charge, func(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
		return m.device.IssueCashReceipt(ctx, receipt, charge)
	})
}

func (m mortalTerminal) CancelCashReceipt(ctx context.Context, original drivers.Result, receipt drivers.CashReceipt, charge drivers.Charge) (drivers.Result, error) {
	return m.guarded(ctx, charge, func(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
		return m.device.CancelCashReceipt(ctx, original, receipt, charge)
	})
}

func (m mortalTerminal) FindCashReceipt(ctx context.Context, query drivers.Query) (drivers.Found, error) {
	if m.power.gone() {
		return drivers.Found{}, errDead
	}
	return m.device.FindCashReceipt(ctx, query)
}

func (m mortalTerminal) Find(ctx context.Context, query drivers.Query) (drivers.Found, error) {
	if m.power.gone() {
		return drivers.Found{}, errDead
	}
	return m.device.Find(ctx, query)
}

// TestPowerCut lets the power go at every point of several sales, one after
// the other: after each restart money, receipts, stock, books and outbox
// agree, and the same requests sent again finish the work exactly once.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	scripts := map[string]func(s *shop, key string) error{
		"cash": func(s *shop, key string) error {
			return s.sell(key, sale.Cash, 0)
		},
		"card": func(s *shop, key string) error {
			return s.sell(key, sale.Card, 0)
		},
		"split": func(s *shop, key string) error {
			return errors.Join(s.sell(key+"a", sale.Card, 1_000), s.sell(key+"b", sale.Cash, 800), s.sell(key+"c", sale.Card, 0))
		},
		"refund by reversal": func(s *shop, key string) error {
			return errors.Join(s.sell(key, sale.Card, 0), s.takeBack(key+" back", false))
		},
		"refund to another card": func(s *shop, key string) error {
			return errors.Join(s.sell(key, sale.Card, 0), s.takeBack(key+" back", true))
		},
	}
	for name, script := range scripts {
		for _, config := range []zvtsim.Config{{}, {ImplicitReversal: true}} {
			if config.ImplicitReversal && (name == "cash" || name == "refund to another card") {
				continue // the terminal's temperament makes no difference there
			}
			t.Run(fmt.Sprintf("%s %v", name, config.ImplicitReversal), func(t *testing.T) {
				t.Parallel()
				points := 0
				for powerCut(t, config, points+1, script) {
					points++
				}
				if points == 0 {
					t.Error("the power never went")
				}
			})
		}
	}
}

// powerCut runs a script with the power going at one point, and then the same
// script again after the restart. It reports whether there was such a point.
func powerCut(t *testing.T, config zvtsim.Config, outAt int, script func(s *shop, key string) error) bool {
	t.Helper()
	s := newShop(t)
	sim := s.withTerminal(config)
	used := device{newDriver(t, sim.Addr(), s.clock)}
	alive := s.terminal
	cut := &power{outAt: outAt, path: s.path, copyTo: filepath.Join(t.TempDir(), "after.db")}
	s.plug(func(id string) (till.Terminal, error) {
		if _, err := alive(id); err != nil {
			return nil, err
		}
		return mortalTerminal{device: used, power: cut}, nil
	})
	s.stop()
	s.openTillOn(mortalStore{Store: s.store, power: cut})
	if _, err := s.AddProduct(t.Context(), cashier(), till.AddRequest{Product: milk}); err == nil {
		err = script(s, "k")
		if !cut.gone() && err != nil {
			t.Fatalf("point %d: %v", outAt, err)
		}
	}
	struck := cut.gone()
	s.close()
	if cut.err != nil {
		t.Fatal(cut.err)
	}
	if struck {
		s.path = cut.copyTo
	}
	s.plug(alive)
	s.clock.pass(time.Minute)
	s.openStore()
	s.openTill()
	s.until("decided", func(state till.Snapshot) bool { return state.Payment == nil || state.Payment.State.Over() })
	s.checkBooks(sim)
	if struck && len(s.Snapshot().Cart.Lines) > 0 {
		if err := script(s, "k"); err != nil {
			t.Errorf("point %d: script again: %v", outAt, err)
		}
		s.checkBooks(sim)
	}
	return struck
}

// sell pays the open cart, or a part of it, and does it again when the till
// says that nothing was charged the first time.
func (s *shop) sell(key string, tender sale.TenderKind, amount money.Won) error {
	if len(s.Snapshot().Cart.Lines) == 0 {
		return nil
	}
	for try := range 5 {
		request := s.request(fmt.Sprintf("%s %d", key, try))
		cart := s.Snapshot().Cart
		due := cart.Totals().Due
		request.Tender, request.Amount = tender, due
		if amount != 0 {
			request.Amount = min(due, amount)
		}
		answer, err := s.Pay(context.Background(), cashier(), request)
		if err != nil {
			return err
		}
		if answer.Outcome == till.Done || answer.Outcome == till.PartPaid {
			return nil
		}
		if answer.Outcome == till.Unsure {
			return fmt.Errorf("outcome %+v", answer)
		}
	}
	return errors.New("never paid")
}

// takeBack refunds the last sale whole, unless that was done.
func (s *shop) takeBack(key string, otherCard bool) error {
	rows, err := s.store.Sales(context.Background(), till.SaleQuery{Limit: 1})
	if err != nil || len(rows) == 0 || rows[0].Kind == sale.Refunded {
		return err
	}
	record, err := s.store.Sale(context.Background(), rows[0].Number)
	if err != nil {
		return err
	}
	answer, err := s.Refund(context.Background(), owner(), till.RefundRequest{
		Key: key, Number: record.Number, Tender: sale.Card, OtherCard: otherCard, Reason: "변심",
		Picks: []sale.Pick{{Line: record.Lines[0].ID, Quantity: record.Lines[0].Quantity}},
	})
	if err == nil && answer.Outcome != till.Done {
		err = fmt.Errorf("refund %+v", answer)
	}
	return err
}
