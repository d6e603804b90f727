package till_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// TestRandomDays lets a shop do whatever comes to its mind, with faults and
// restarts, and then looks whether its books, its stock, its numbers and its
// terminal agree.
func TestRandomDays(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := newShop(t)
			sim := s.withTerminal(zvtsim.Config{ImplicitReversal: seed%2 == 0})
			random := &anyone{shop: s, sim: sim, dice: rand.New(rand.NewPCG(seed, 7))}
			for range 120 {
				random.act()
			}
			s.until("decided", func(state till.Snapshot) bool { return state.Payment == nil || state.Payment.State.Over() })
			s.checkBooks(sim)
		})
	}
}

type anyone struct {
	*shop
	sim  *zvtsim.Simulator
	dice *rand.Rand
	keys int
}

func (a *anyone) key() string {
	a.keys++
	return fmt.Sprint("key ", a.keys)
}

// act does one thing. What the till refuses is refused; that it does so well
// is for other tests to say.
func (a *anyone) act() {
	ctx := a.t.Context()
	a.clock.pass(time.Duration(a.dice.IntN(5_000)) * time.Millisecond)
	state := a.Snapshot()
	switch choice := a.dice.IntN(100); {
	case choice < 30:
		_, _ = a.Scan(ctx, "scanner-1", milkCode)
	case choice < 40:
		_, _ = a.Scan(ctx, "", label(1+a.dice.IntN(5_000)))
	case choice < 50:
		_, _ = a.AddProduct(ctx, cashier(), till.AddRequest{Product: rice})
	case choice < 55:
		_ = a.Discount(ctx, owner(), sale.Discount{Permille: a.dice.Int64N(1_000)})
	case choice < 58 && len(state.Cart.Lines) > 0:
		_ = a.Remove(ctx, owner(), state.Cart.Lines[0].ID)
	case choice < 60:
		_ = a.Undo(ctx, owner())
	case choice < 64:
		_ = a.Park(ctx, cashier(), "")
	case choice < 68 && len(state.Parked) > 0:
		_ = a.Resume(ctx, cashier(), state.Parked[a.dice.IntN(len(state.Parked))].ID)
	case choice < 82:
		a.payAnyhow(state)
	case choice < 85 && len(state.Cart.Tenders) > 0:
		_, _ = a.GiveBack(ctx, owner(), till.GiveBackRequest{
			Key: a.key(), Cart: state.Cart.ID, Version: state.Cart.Version, Tender: a.dice.IntN(len(state.Cart.Tenders)),
		})
	case choice < 94:
		a.refundAnything()
	case choice < 96:
		a.restart()
	case choice < 98:
		if day, err := a.CloseDay(ctx, owner(), till.CloseDayRequest{Counted: money.Won(a.dice.Int64N(200_000)), Anyway: true}); err == nil {
			_ = a.OpenDay(ctx, owner(), day.Counted)
		}
	}
}

func (a *anyone) payAnyhow(state till.Snapshot) {
	faults := []string{
		"", "", "", "decline:once", "answer_lost_after_approval:once", "power_loss:once", "ack_lost:once", "garbage:once",
		fmt.Sprintf("drop_before_telegram=%d", 1+a.dice.IntN(12)),
	}
	if fault := faults[a.dice.IntN(len(faults))]; fault != "" {
		a.fault(a.sim, fault)
	}
	request := till.PayRequest{Key: a.key(), Cart: state.Cart.ID, Version: state.Cart.Version, Tender: sale.Cash}
	if a.dice.IntN(2) == 0 {
		request.Tender = sale.Card
	}
	if due := state.Cart.Totals().Due; due > 1 && a.dice.IntN(3) == 0 {
		request.Amount = 1 + money.Won(a.dice.Int64N(int64(due)))
	}
	first, err := a.Pay(a.t.Context(), cashier(), request)
	if err != nil {
		return
	}
	if again, err := a.Pay(a.t.Context(), cashier(), request); err != nil || again != first && first.Outcome != till.Unsure {
		a.t.Errorf("same key: first %+v, then %+v, %v", first, again, err)
	}
}

func (a *anyone) refundAnything() {
	rows, err := a.store.Sales(a.t.Context(), till.SaleQuery{Limit: 20})
	if err != nil || len(rows) == 0 {
		return
	}
	row := rows[a.dice.IntN(len(rows))]
	record := a.sale(row.Number)
	line := record.Lines[a.dice.IntN(len(record.Lines))]
	quantity := line.Quantity
	if !line.Item.ByWeight && a.dice.IntN(2) == 0 {
		quantity = money.One
	}
	tender := sale.Cash
	if a.dice.IntN(2) == 0 {
		tender = sale.Card
	}
	_, _ = a.Refund(a.t.Context(), owner(), till.RefundRequest{
		Key: a.key(), Number: row.Number, Tender: tender, OtherCard: a.dice.IntN(2) == 0, Reason: "변심",
		Picks: []sale.Pick{{Line: line.ID, Quantity: quantity}},
	})
}
