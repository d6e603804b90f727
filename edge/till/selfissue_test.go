package till_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/kocessim"
	"shopbox/drivers/sim/terminalsim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/sale"
	"shopbox/edge/till"
)

// obliged makes the shop one of a kind that issues cash receipts unasked.
func (s *shop) obliged() {
	s.t.Helper()
	shop, settings, err := s.store.Shop(s.t.Context())
	if err == nil {
		settings.CashReceiptDuty = "2026-11-23"
		err = s.store.SaveShop(s.t.Context(), shop, settings)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// sellRice sells so many sacks of 38,000 won for cash.
func (s *shop) sellRice(key string, sacks int) till.Record {
	s.t.Helper()
	for range sacks {
		s.add(rice)
	}
	return s.sale(s.payCash(key).Number)
}

// issued waits for the cash receipt of a sale.
func (s *shop) issued(number string) till.Attempt {
	s.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if receipt := s.sale(number).CashState().Receipt; receipt != nil {
			return receipt.Issue
		}
		s.Wake()
		<-time.After(5 * time.Millisecond)
	}
	s.t.Fatalf("no cash receipt for %s; notice %+v, payment %+v", number, s.Snapshot().Notice, s.Snapshot().Payment)
	return till.Attempt{}
}

// TestSelfIssue: a cash sale of 100,000 won and more gets its cash receipt over
// the tax office's own number when the next customer comes.
func TestSelfIssue(t *testing.T) {
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	s.obliged()
	small := s.sellRice("small", 2).Number
	big := s.sellRice("big", 3).Number
	s.Wake()
	if shown := s.Snapshot().Finished; shown == nil || shown.Number != big || s.sale(big).CashState().Receipt != nil {
		t.Errorf("issued before the customer could say a number: %+v", shown)
	}
	s.add(milk)
	issue := s.issued(big)
	if issue.Amount != 114_000 || issue.CashReceipt.Purpose != drivers.SelfIssue || issue.CashReceipt.Holder != "010-000-1234" || issue.By != s.sale(big).By {
		t.Errorf("issued %+v", issue)
	}
	book := sim.Transactions()
	if len(book) != 1 || book[0].Kind != terminalsim.Receipt || book[0].Holder != "0100001234" || book[0].Purpose != "3" || book[0].Amount != 114_000 {
		t.Errorf("book %+v", book)
	}
	if s.sale(small).CashState().Receipt != nil {
		t.Error("a receipt for 76,000 won")
	}
	if shown := s.Snapshot().Payment; shown != nil && shown.State == till.PaymentWaiting {
		t.Errorf("the screen is taken by %+v", shown)
	}
	s.restart()
	s.Wake()
	s.add(milk)
	if count, _ := standing(sim); count != 1 {
		t.Errorf("%d receipts after a restart", count)
	}
	jobs, err := s.store.PrintJobs(t.Context(), 20, 0)
	if err != nil {
		t.Fatal(err)
	}
	slips := 0
	for _, job := range jobs {
		if job.Number == big && strings.Contains(string(job.Kind), "slip") {
			slips++
		}
	}
	if slips != 1 {
		t.Errorf("%d slips of it in %+v", slips, jobs)
	}
}

// TestSelfIssueLeaves: what is not owed is not issued.
func TestSelfIssueLeaves(t *testing.T) {
	for name, test := range map[string]struct {
		duty bool
		sell func(s *shop) string
		want int64
	}{
		"not obliged": {false, func(s *shop) string { return s.sellRice("k", 3).Number }, 0},
		"a number was said": {true, func(s *shop) string {
			number := s.sellRice("k", 3).Number
			s.mustIssue("own", number)
			return number
		}, 114_000},
		"by card": {true, func(s *shop) string {
			s.add(rice)
			s.add(rice)
			s.add(rice)
			return s.payCard("k").Number
		}, 0},
		"the cash of a mixed payment": {true, func(s *shop) string {
			for range 3 {
				s.add(rice)
			}
			part := s.request("part")
			part.Tender, part.Amount = sale.Card, 100_000
			s.pay(part)
			return s.payCash("rest").Number
		}, 14_000},
		"cancelled by a person": {true, func(s *shop) string {
			number := s.sellRice("k", 3).Number
			s.mustIssue("own", number)
			if _, err := s.CancelCashReceipt(s.t.Context(), owner(), till.CancelCashReceiptRequest{Key: "c", Number: number, Reason: drivers.IssuedWrongly}); err != nil {
				s.t.Fatal(err)
			}
			return number
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			sim := s.withKoces(kocessim.Config{})
			if test.duty {
				s.obliged()
			}
			test.sell(s)
			// The sale after it is owed in any case of a shop that is obliged.
			last := s.sellRice("last", 3).Number
			s.add(milk)
			want := test.want
			if test.duty {
				s.issued(last)
				want += 114_000
			}
			if _, sum := standing(sim); sum != want {
				t.Errorf("receipts over %d, want %d", sum, want)
			}
		})
	}
}

// TestSelfIssueWaits: nobody touches the till, and the receipt is issued after
// a while all the same.
func TestSelfIssueWaits(t *testing.T) {
	s := newShop(t)
	s.withKoces(kocessim.Config{})
	s.obliged()
	number := s.sellRice("k", 3).Number
	s.clock.pass(3 * time.Minute)
	s.issued(number)
	if shown := s.Snapshot().Finished; shown == nil || shown.Cash.Receipt == nil {
		t.Errorf("shown %+v", shown)
	}
}

// TestSelfIssueTroubles: a lost answer, a refusal and a terminal that cannot.
func TestSelfIssueTroubles(t *testing.T) {
	t.Run("lost", func(t *testing.T) {
		for _, fault := range []string{"answer_lost_after_approval:once", "stale_answer:once", "power_loss:once"} {
			s := newShop(t)
			sim := s.withKoces(kocessim.Config{})
			s.obliged()
			s.mustIssue("other", s.sellRice("first", 3).Number)
			number := s.sellRice("k", 3).Number
			spoil(t, sim, fault)
			s.add(milk)
			s.issued(number)
			if count, sum := standing(sim); count != 2 || sum != 228_000 {
				t.Errorf("%s: %d receipts over %d", fault, count, sum)
			}
		}
	})
	said := func(s *shop, number string) {
		s.t.Helper()
		s.until("told", func(state till.Snapshot) bool {
			return state.Notice != nil && state.Notice.Code == "cash_receipt_owed" && state.Notice.Subject == number
		})
	}
	t.Run("refused", func(t *testing.T) {
		s := newShop(t)
		sim := s.withKoces(kocessim.Config{})
		s.obliged()
		number := s.sellRice("k", 3).Number
		spoil(t, sim, "decline")
		s.add(milk)
		said(s, number)
		s.Wake()
		if len(sim.Transactions()) != 1 {
			t.Errorf("tried again: %+v", sim.Transactions())
		}
	})
	t.Run("cannot", func(t *testing.T) {
		s := newShop(t)
		s.withTerminal(zvtsim.Config{})
		s.obliged()
		number := s.sellRice("k", 3).Number
		s.add(milk)
		said(s, number)
		sim := s.withKoces(kocessim.Config{})
		s.issued(number)
		if count, _ := standing(sim); count != 1 {
			t.Errorf("%d receipts", count)
		}
		if _, err := s.issue("late", number); !errors.Is(err, till.ErrCashReceiptIssued) {
			t.Errorf("issued twice: %v", err)
		}
	})
}
