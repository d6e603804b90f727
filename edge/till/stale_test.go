package till_test

import (
	"testing"
	"time"

	"shopbox/drivers/sim/kocessim"
	"shopbox/edge/sale"
	"shopbox/edge/till"
)

// TestPreviousResultAfterRestart: the terminal answers with the previous
// customer's result after the box was started anew, so that no driver remembers
// it. The till's own books do.
func TestPreviousResultAfterRestart(t *testing.T) {
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	s.add(milk)
	first := s.payCard("first")
	s.restart()
	s.plug(func(string) (till.Terminal, error) { return s.kocesAt(sim, time.Second), nil })
	spoil(t, sim, "stale_answer:once")
	s.add(milk)
	answer := s.payCard("second")
	if answer.Outcome == till.Done {
		t.Errorf("the second customer's goods were paid with the first one's money: %+v", answer)
	}
	s.until("known", func(state till.Snapshot) bool {
		return state.Payment != nil && state.Payment.State == till.PaymentNotCharged
	})
	if sim.Balance() != 2_800 || s.cardMoney() != 2_800 {
		t.Errorf("the terminal moved %d, the sales say %d", sim.Balance(), s.cardMoney())
	}
	if again := s.payCard("third"); again.Outcome != till.Done || sim.Balance() != 5_600 {
		t.Errorf("then %+v, %d moved", again, sim.Balance())
	}
	tenders := s.sale(first.Number).Tenders
	if len(tenders) != 1 || tenders[0].Kind != sale.Card {
		t.Errorf("the first sale has %+v", tenders)
	}
}
