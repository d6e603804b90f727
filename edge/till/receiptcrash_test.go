package till_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"shopbox/drivers/sim/kocessim"
	"shopbox/edge/sale"
	"shopbox/edge/till"
)

// receiptScript does something about the cash receipt of a sale.
type receiptScript func(s *shop, number, key string, gone <-chan struct{}) error

// lanes share the points, for nearly all the time is waiting.
const lanes = 4

// TestPowerCutAtCashReceipts lets the power go at every point of issuing a
// cash receipt, and of a refund that cancels it: after the restart shop, hub
// and terminal agree, and the same requests sent again finish the work once.
func TestPowerCutAtCashReceipts(t *testing.T) {
	t.Parallel()
	scripts := map[string]receiptScript{
		"issue": func(s *shop, number, key string, gone <-chan struct{}) error { return s.issueOnce(number, key) },
		"refund": func(s *shop, number, key string, gone <-chan struct{}) error {
			return errors.Join(s.issueOnce(number, key), s.cashBack(number, key, gone))
		},
	}
	for name, script := range scripts {
		for _, config := range []kocessim.Config{{}, {NetCancel: true}} {
			for first := 1; first <= lanes; first++ {
				t.Run(fmt.Sprintf("%s %t from %d", name, config.NetCancel, first), func(t *testing.T) {
					t.Parallel()
					points := 0
					for at := first; receiptCut(t, config, at, script); at += lanes {
						points++
					}
					if points == 0 {
						t.Error("the power never went")
					}
				})
			}
		}
	}
}

// receiptCut runs a script with the power going at one point, and again after
// the restart. It reports whether there was such a point.
func receiptCut(t *testing.T, config kocessim.Config, outAt int, script receiptScript) bool {
	t.Helper()
	s := newShop(t)
	// Short patience: what a slow machine loses by it, persist finds again.
	config.AnswerTimeout = 80 * time.Millisecond
	sim := s.withKoces(config)
	number := s.cashSale("sale", 1).Number
	alive, used := s.terminal, s.kocesAt(sim, 300*time.Millisecond)
	cut := &power{outAt: outAt, path: s.path, copyTo: filepath.Join(t.TempDir(), "after.db")}
	s.plug(func(string) (till.Terminal, error) { return mortalTerminal{device: used, power: cut}, nil })
	s.stop()
	s.openTillOn(mortalStore{Store: s.store, power: cut})
	if err := s.persist(sim, number, cut, script); err != nil && !cut.gone() {
		t.Fatalf("point %d: %v", outAt, err)
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
	s.settled(sim, number)
	if struck {
		if err := s.persist(sim, number, &power{}, script); err != nil {
			t.Errorf("point %d: script again: %v", outAt, err)
		}
		s.settled(sim, number)
	}
	state := s.sale(number).CashState()
	if held := state.Receipt != nil; held != (state.Cash > 0) {
		t.Errorf("point %d: cash %s, receipt %+v; %+v", outAt, state.Cash, state.Receipt, sim.Transactions())
	}
	s.checkBooks(nil)
	return struck
}

var errPerson = errors.New("a person must look")

// persist does a script until it goes through, and looks into the terminal's
// book where a person would: a slow machine alone can lose an answer.
func (s *shop) persist(sim *kocessim.Simulator, number string, cut *power, script receiptScript) error {
	gone := make(chan struct{})
	cut.mu.Lock()
	cut.then = func() { close(gone) }
	cut.mu.Unlock()
	for {
		err := script(s, number, "k", gone)
		if !errors.Is(err, errPerson) || cut.gone() {
			return err
		}
		s.settled(sim, number)
	}
}

// issueOnce has the cash receipt of a sale issued, unless the sale has one or
// its cash went back.
func (s *shop) issueOnce(number, key string) error {
	for try := range 5 {
		answer, err := s.issue(fmt.Sprintf("%s %d", key, try), number)
		switch {
		case errors.Is(err, till.ErrCashReceiptIssued), errors.Is(err, till.ErrNoCash):
			return nil
		case err != nil:
			return err
		case answer.Outcome == till.Done:
			return nil
		case answer.Outcome == till.Unsure:
			return errPerson
		}
	}
	return errors.New("never issued")
}

// cashBack refunds a sale in cash, once, and waits until its cash receipt is
// cancelled.
func (s *shop) cashBack(number, key string, gone <-chan struct{}) error {
	if record, err := s.store.Sale(context.Background(), number); err != nil {
		return err
	} else if len(record.Refunds) == 0 {
		if _, err := s.Refund(context.Background(), owner(), s.whole(key+" back", number, sale.Cash)); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	go func() {
		select {
		case <-gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	for state := range s.Subscribe(ctx) {
		if state.Payment != nil && !state.Payment.State.Over() {
			if state.Payment.State == till.PaymentUnknown {
				return errPerson
			}
			continue
		}
		if record, err := s.store.Sale(ctx, number); err != nil || record.CashState().Receipt == nil {
			return err
		}
	}
	return errors.New("never cancelled")
}
