package till_test

import (
	"testing"
	"time"

	"shopbox/edge/sale"
	"shopbox/edge/till"
)

func TestCashSale(t *testing.T) {
	s := newShop(t)
	s.scan(milkCode)
	s.clock.pass(time.Second)
	s.scan(milkCode)
	request := s.request("k1")
	request.Tender, request.Received = sale.Cash, 10_000
	answer := s.pay(request)
	want := till.Answer{Outcome: till.Done, Number: "20261123-0001", Total: 5_600, Change: 4_400}
	if answer != want {
		t.Fatalf("answer %+v, want %+v", answer, want)
	}
	record := s.sale(answer.Number)
	if len(record.Lines) != 1 || record.Lines[0].Quantity != 2_000 || record.Total != 5_600 || record.VAT != 509 || record.By.ID != cashier().ID {
		t.Errorf("sale %+v", record.Sale)
	}
	snapshot := s.Snapshot()
	if snapshot.Finished == nil || snapshot.Finished.Change != 4_400 || len(snapshot.Cart.Lines) != 0 || snapshot.Cart.ID == request.Cart {
		t.Errorf("snapshot %+v", snapshot)
	}
	job, err := s.store.PrintJob(t.Context(), snapshot.Finished.Job)
	if err != nil || !job.Document.OpenDrawer || job.Number != answer.Number || job.Copy {
		t.Errorf("print job %+v, %v", job, err)
	}
	s.scan(milkCode)
	if s.Snapshot().Finished != nil {
		t.Error("the change is still shown after the next touch")
	}
}

// TestSameKey: double taps, retries after a lost answer, and after a restart.
func TestSameKey(t *testing.T) {
	s := newShop(t)
	s.scan(milkCode)
	request := s.request("k1")
	request.Tender = sale.Cash
	first := s.pay(request)
	if again := s.pay(request); again != first {
		t.Errorf("again %+v, want %+v", again, first)
	}
	s.restart()
	if again := s.pay(request); again != first {
		t.Errorf("after restart %+v, want %+v", again, first)
	}
	other := request
	other.Received = 50_000
	_, err := s.Pay(t.Context(), cashier(), other)
	wantErr(t, err, till.ErrKeyReused)
	all, err := s.store.CountSales(t.Context(), till.SaleQuery{Limit: 10})
	if err != nil || all != 1 {
		t.Errorf("%d sales, %v", all, err)
	}
}
