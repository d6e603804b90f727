package till_test

import (
	"fmt"
	"testing"

	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

func (s *shop) whole(key, number string, tender sale.TenderKind) till.RefundRequest {
	s.t.Helper()
	request := till.RefundRequest{Key: key, Number: number, Tender: tender, Reason: "변심"}
	for _, line := range s.sale(number).Lines {
		request.Picks = append(request.Picks, sale.Pick{Line: line.ID, Quantity: line.Quantity})
	}
	return request
}

func (s *shop) refund(request till.RefundRequest) till.Answer {
	s.t.Helper()
	answer, err := s.Refund(s.t.Context(), owner(), request)
	if err != nil {
		s.t.Fatalf("refund: %v", err)
	}
	return answer
}

func TestRefundInParts(t *testing.T) {
	s := newShop(t)
	for range 3 {
		s.add(milk)
	}
	if err := s.Discount(t.Context(), owner(), sale.Discount{Amount: 1_000}); err != nil {
		t.Fatal(err)
	}
	number := s.payCash("k").Number
	line := s.sale(number).Lines[0].ID
	var back money.Won
	for i, key := range []string{"r1", "r2", "r3"} {
		answer := s.refund(till.RefundRequest{
			Key: key, Number: number, Tender: sale.Cash, Reason: "불량", Picks: []sale.Pick{{Line: line, Quantity: money.One}},
		})
		back += answer.Total
		if again := s.refund(till.RefundRequest{
			Key: key, Number: number, Tender: sale.Cash, Reason: "불량", Picks: []sale.Pick{{Line: line, Quantity: money.One}},
		}); again != answer {
			t.Errorf("refund %d again %+v, want %+v", i, again, answer)
		}
	}
	if back != 7_400 {
		t.Errorf("given back %s of 7,400", back)
	}
	_, err := s.Refund(t.Context(), owner(), till.RefundRequest{
		Key: "r4", Number: number, Tender: sale.Cash, Reason: "불량", Picks: []sale.Pick{{Line: line, Quantity: money.One}},
	})
	wantErr(t, err, sale.ErrRefundTooMuch)
	if record := s.sale(number); len(record.Refunds) != 3 {
		t.Errorf("%d refunds", len(record.Refunds))
	}
	s.checkBooks(nil)
}

func TestRefundRefused(t *testing.T) {
	s := newShop(t)
	s.add(milk)
	number := s.payCash("k").Number
	_, err := s.Refund(t.Context(), cashier(), s.whole("r", number, sale.Cash))
	wantErr(t, err, staff.ErrRight)
	_, err = s.Refund(t.Context(), owner(), s.whole("r", number, sale.Card))
	wantErr(t, err, till.ErrRefundTender)
	request := s.whole("r", number, sale.Cash)
	request.Number = "20261123-9999"
	_, err = s.Refund(t.Context(), owner(), request)
	wantErr(t, err, till.ErrNoSale)
	request = s.whole("r", number, sale.Cash)
	request.Reason = " "
	_, err = s.Refund(t.Context(), owner(), request)
	wantErr(t, err, till.ErrReason)
	back := s.refund(s.whole("r", number, sale.Cash)).Number
	_, err = s.Refund(t.Context(), owner(), s.whole("r2", back, sale.Cash))
	wantErr(t, err, sale.ErrNotRefundable)
}

// TestRefundOfSplit: the card gets back at most what the card paid.
func TestRefundOfSplit(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.add(rice)
	request := s.request("k1")
	request.Tender, request.Amount = sale.Card, 30_000
	s.pay(request)
	number := s.payCash("k2").Number
	answer := s.refund(s.whole("r", number, sale.Card))
	tenders := s.sale(answer.Number).Tenders
	if len(tenders) != 2 || tenders[0].Kind != sale.Card || tenders[0].Amount != 30_000 || tenders[1].Amount != 8_000 {
		t.Errorf("tenders %+v", tenders)
	}
	last := sim.Transactions()[len(sim.Transactions())-1]
	if sim.Balance() != 0 || last.Kind != zvtsim.KindReversal {
		t.Errorf("terminal moved %d, last %+v", sim.Balance(), last)
	}
	s.checkBooks(sim)
}

func TestReprint(t *testing.T) {
	s := newShop(t)
	s.add(milk)
	number := s.payCash("k").Number
	id, err := s.Reprint(t.Context(), cashier(), number)
	if err != nil {
		t.Fatal(err)
	}
	job, err := s.store.PrintJob(t.Context(), id)
	if err != nil || !job.Copy || job.Kind != printing.Receipt || job.Document.OpenDrawer {
		t.Errorf("job %+v, %v", job, err)
	}
	_, err = s.Reprint(t.Context(), cashier(), "20261123-0002")
	wantErr(t, err, till.ErrNoSale)
}

func TestNoReceipt(t *testing.T) {
	s := newShop(t)
	s.add(milk)
	request := s.request("k")
	request.Tender, request.NoReceipt = sale.Cash, true
	s.pay(request)
	job, err := s.store.PrintJob(t.Context(), s.Snapshot().Finished.Job)
	if err != nil || job.Kind != printing.Drawer || !job.Document.OpenDrawer || len(job.Document.Blocks) != 0 {
		t.Errorf("job %+v, %v", job, err)
	}
}

// TestNoReceiptLater: that no paper is wanted holds also when the terminal's
// word comes late, and for a payment taken back.
func TestNoReceiptLater(t *testing.T) {
	s := newShop(t)
	sim := s.withTerminal(zvtsim.Config{})
	s.fault(sim, "answer_lost_after_approval:once")
	s.add(milk)
	request := s.request("k")
	request.Tender, request.NoReceipt = sale.Card, true
	s.pay(request)
	closed := s.until("found", func(state till.Snapshot) bool { return state.Finished != nil }).Finished
	s.noPaper("found", closed)
	attempt, err := s.store.AttemptByKey(t.Context(), "k")
	if err != nil || !attempt.Asked || !attempt.NoReceipt {
		t.Errorf("on the disk %+v, %v", attempt, err)
	}
	for _, lost := range []bool{false, true} {
		s.add(milk)
		back := s.whole(fmt.Sprint("r", lost), s.payCard(fmt.Sprint("k", lost)).Number, sale.Card)
		back.NoReceipt = true
		if lost {
			s.fault(sim, "answer_lost_after_approval:once")
		}
		s.refund(back)
		s.noPaper("taken back", s.until("taken back", func(state till.Snapshot) bool {
			return state.Finished != nil && state.Finished.Kind == sale.Refunded
		}).Finished)
	}
}

func (s *shop) noPaper(what string, finished *till.Finished) {
	s.t.Helper()
	if finished.Job != 0 {
		s.t.Errorf("%s: %s printed as job %d", what, finished.Number, finished.Job)
	}
}

func TestNoPrinter(t *testing.T) {
	s := newShop(t)
	s.noPrinter = true
	s.add(milk)
	request := s.request("k")
	request.Tender = sale.Cash
	s.pay(request)
	if finished := s.Snapshot().Finished; finished == nil || finished.Job != 0 {
		t.Errorf("finished %+v; want a sale without a slip", finished)
	}
	_, err := s.Reprint(t.Context(), cashier(), s.Snapshot().Finished.Number)
	wantErr(t, err, till.ErrNoPrinter)
}
