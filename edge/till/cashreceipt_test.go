package till_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/kocessim"
	"shopbox/drivers/sim/terminalsim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

func TestCashReceipt(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	number := s.cashSale("k", 2).Number
	answer := s.mustIssue("r", number)
	if answer.Outcome != till.Done || answer.Number != number || answer.Total != 5_600 {
		t.Fatalf("answer %+v", answer)
	}
	if again := s.mustIssue("r", number); again != answer {
		t.Errorf("again %+v, want %+v", again, answer)
	}
	state := s.sale(number).CashState()
	if state.Cash != 5_600 || state.Receipt == nil || state.Receipt.Issue.CashReceipt.Holder != "010-****-5678" || state.Receipt.CancelDue {
		t.Fatalf("state %+v", state)
	}
	if shown := s.Snapshot().Finished; shown == nil || shown.Cash.Receipt == nil {
		t.Errorf("finished %+v", shown)
	}
	booked := sim.Transactions()[0]
	if count, sum := standing(sim); count != 1 || sum != 5_600 || booked.Tax != 509 || booked.Holder != "01012345678" {
		t.Errorf("%d receipts over %d: %+v", count, sum, booked)
	}
	_, err := s.issue("another", number)
	wantErr(t, err, till.ErrCashReceiptIssued)
	s.checkBooks(nil)
	if records := s.receiptRecords(); len(records) != 1 || records[0].Act != "issue" || records[0].Sale != number || records[0].Outcome != "approved" {
		t.Errorf("the hub is told %+v", records)
	}
	if slips := s.slips(); len(slips) != 1 || slips[0].Number != number {
		t.Errorf("slips %+v", slips)
	}
	s.neverInClear("01012345678", "010-1234-5678")
}

// receiptRecords are the records of cash receipts the hub is told.
func (s *shop) receiptRecords() []protocol.CashReceiptSettled {
	s.t.Helper()
	rows, err := s.store.After(context.Background(), 0, 500)
	if err != nil {
		s.t.Fatal(err)
	}
	var records []protocol.CashReceiptSettled
	for _, row := range rows {
		if row.Type != protocol.TypeCashReceipt {
			continue
		}
		var record protocol.CashReceiptSettled
		if err := json.Unmarshal(row.Data, &record); err != nil {
			s.t.Fatal(err)
		}
		records = append(records, record)
	}
	return records
}

// slips are the queued merchant's copies and cash receipts.
func (s *shop) slips() []printing.Job {
	s.t.Helper()
	var found []printing.Job
	for id := int64(1); ; id++ {
		job, err := s.store.PrintJob(s.t.Context(), id)
		if err != nil {
			return found
		}
		if job.Kind == printing.Slip {
			found = append(found, job)
		}
	}
}

// neverInClear makes sure that numbers are not in the file of the shop.
func (s *shop) neverInClear(numbers ...string) {
	s.t.Helper()
	for _, ending := range []string{"", "-wal"} {
		file, err := os.ReadFile(s.path + ending)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			s.t.Fatal(err)
		}
		for _, number := range numbers {
			if strings.Contains(string(file), number) {
				s.t.Errorf("%s is kept in clear", number)
			}
		}
	}
}

func TestCashReceiptIsRefusedPlainly(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	number := s.cashSale("k", 1).Number
	_, err := s.issue("no terminal", number)
	wantErr(t, err, till.ErrNoTerminal)

	s.withTerminal(zvtsim.Config{})
	_, err = s.issue("cannot", number)
	wantErr(t, err, till.ErrNoCashReceipter)

	s.withKoces(kocessim.Config{})
	_, err = s.issue("unknown", "20261123-0099")
	wantErr(t, err, till.ErrNoSale)
	s.add(milk)
	_, err = s.issue("by card", s.payCard("card").Number)
	wantErr(t, err, till.ErrNoCash)
	for _, holder := range []string{"4111111111111111", "9001011234567", "010-12"} {
		_, err := s.IssueCashReceipt(t.Context(), cashier(), till.CashReceiptRequest{
			Key: "h" + holder, Number: number, Purpose: drivers.IncomeDeduction, Holder: holder,
		})
		wantErr(t, err, drivers.ErrHolder)
	}
	_, err = s.CancelCashReceipt(t.Context(), owner(), till.CancelCashReceiptRequest{Key: "c", Number: number})
	wantErr(t, err, till.ErrNoCashReceipt)
}

func TestCashReceiptIsOverTheCashAlone(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	s.add(rice)
	s.add(milk)
	request := s.request("card")
	request.Tender, request.Amount = sale.Card, 20_400
	s.pay(request)
	number := s.payCash("cash").Number
	answer, err := s.IssueCashReceipt(t.Context(), cashier(), till.CashReceiptRequest{
		Key: "r", Number: number, Purpose: drivers.SelfIssue,
	})
	if err != nil || answer.Total != 20_400 {
		t.Fatalf("answer %+v, %v", answer, err)
	}
	issued := s.sale(number).CashState().Receipt.Issue
	// Half of the sale: half of the 2,800 with tax, half of the 38,000 without.
	if issued.VAT != 127 || issued.TaxFree != 19_000 || issued.CashReceipt.Holder != "010-000-1234" {
		t.Errorf("issued %+v, %+v", issued, issued.CashReceipt)
	}
	if book := sim.Transactions(); book[len(book)-1].Purpose != "3" || book[len(book)-1].Holder != "0100001234" {
		t.Errorf("book %+v", book)
	}
}

func TestCashReceiptGoesWithItsCash(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	record := s.cashSale("k", 3)
	s.mustIssue("r", record.Number)
	line := record.Lines[0].ID
	s.refund(till.RefundRequest{
		Key: "back", Number: record.Number, Tender: sale.Cash, Reason: "변심", Picks: []sale.Pick{{Line: line, Quantity: money.One}},
	})
	s.until("cancelled", func(state till.Snapshot) bool {
		return state.Finished != nil && state.Finished.Cash.Sale == record.Number && state.Finished.Cash.Cash == 5_600 &&
			state.Finished.Cash.Receipt == nil
	})
	if count, _ := standing(sim); count != 0 {
		t.Errorf("%d receipts stand", count)
	}
	if answer := s.mustIssue("anew", record.Number); answer.Total != 5_600 {
		t.Errorf("issued anew %+v", answer)
	}
	if count, sum := standing(sim); count != 1 || sum != 5_600 {
		t.Errorf("%d receipts over %d", count, sum)
	}
	s.refund(till.RefundRequest{
		Key: "rest", Number: record.Number, Tender: sale.Cash, Reason: "변심", Picks: []sale.Pick{{Line: line, Quantity: 2 * money.One}},
	})
	s.until("all cancelled", func(state till.Snapshot) bool {
		count, _ := standing(sim)
		return count == 0 && (state.Payment == nil || state.Payment.State.Over())
	})
	_, err := s.issue("nothing left", record.Number)
	wantErr(t, err, till.ErrNoCash)
	s.checkBooks(nil)
}

func TestCashReceiptIssuedByMistake(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	number := s.cashSale("k", 1).Number
	s.mustIssue("r", number)
	request := till.CancelCashReceiptRequest{Key: "c", Number: number, Reason: drivers.IssuedWrongly}
	if _, err := s.CancelCashReceipt(t.Context(), cashier(), request); err == nil {
		t.Error("a cashier cancels")
	}
	request.Holder = "010-9999-9999"
	_, err := s.CancelCashReceipt(t.Context(), owner(), request)
	wantErr(t, err, drivers.ErrHolder)
	request.Holder = phone
	if answer, err := s.CancelCashReceipt(t.Context(), owner(), request); err != nil || answer.Outcome != till.Done {
		t.Fatalf("cancel %+v, %v", answer, err)
	}
	s.mustIssue("again", number)
	if count, sum := standing(sim); count != 1 || sum != 2_800 {
		t.Errorf("%d receipts over %d", count, sum)
	}
}

// TestCashReceiptWithoutOutcome spoils the answer in every way: what the shop
// says in the end is what the terminal's book says, and nothing is issued
// twice.
func TestCashReceiptWithoutOutcome(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{
		terminalsim.Decline, terminalsim.AnswerLost, terminalsim.PowerLoss, terminalsim.AckLost, terminalsim.Garbage,
		terminalsim.Duplicate, terminalsim.Busy,
	} {
		for _, takesBack := range []bool{false, true} {
			t.Run(fault, func(t *testing.T) {
				t.Parallel()
				s := newShop(t)
				sim := s.withKoces(kocessim.Config{NetCancel: takesBack})
				number := s.cashSale("k", 1).Number
				spoil(t, sim, fault+":once")
				if _, err := s.issue("r", number); err != nil {
					t.Log(err)
				}
				s.settled(sim, number)
				if s.sale(number).CashState().Receipt == nil {
					s.mustIssue("again", number)
				}
				s.settled(sim, number)
				if count, sum := standing(sim); count != 1 || sum != 2_800 {
					t.Errorf("%d receipts over %d: %+v", count, sum, sim.Transactions())
				}
				s.checkBooks(nil)
			})
		}
	}
}

// settled waits until nothing about cash receipts is open; what the terminal
// does not tell a person reads in its book. The shop then says what the
// terminal says.
func (s *shop) settled(sim *kocessim.Simulator, number string) {
	s.t.Helper()
	state := s.until("decided", func(state till.Snapshot) bool {
		return state.Payment == nil || state.Payment.State.Over() || state.Payment.State == till.PaymentUnknown
	})
	if state.Payment != nil && state.Payment.State == till.PaymentUnknown {
		count, _ := standing(sim)
		held := s.sale(number).CashState().Receipt != nil
		_, err := s.SettlePayment(context.Background(), owner(), till.SettleRequest{
			Attempt: state.Payment.Attempt, Approved: held != (count == 1), Reason: "단말기 내역을 봤어요",
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	s.agrees(sim, number)
}

// agrees waits until shop and terminal say the same: the terminal writes its
// book a moment after it told the box.
func (s *shop) agrees(sim *kocessim.Simulator, number string) {
	s.t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	late := time.After(5 * time.Second)
	for {
		count, _ := standing(sim)
		held := s.sale(number).CashState().Receipt != nil
		if held == (count == 1) && (count == 0 || count == 1) {
			return
		}
		select {
		case <-look.C:
		case <-late:
			s.t.Errorf("the shop says issued %t, the terminal %d: %+v", held, count, sim.Transactions())
			return
		}
	}
}

func TestInstalments(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	for range 2 {
		s.add(rice)
	}
	request := s.request("k")
	request.Tender, request.Instalments = sale.Card, 3
	number := s.pay(request).Number
	record := s.sale(number)
	if book := sim.Transactions(); len(book) != 1 || book[0].Months != 3 || record.Tenders[0].Slip.Instalments != 3 {
		t.Errorf("book %+v, slip %+v", book, record.Tenders[0].Slip)
	}
	for _, refused := range []struct {
		amount money.Won
		months int
		tender sale.TenderKind
	}{{40_000, 3, sale.Card}, {0, 13, sale.Card}, {0, 1, sale.Card}, {0, 3, sale.Cash}} {
		for len(s.Snapshot().Cart.Lines) == 0 {
			s.add(rice)
			s.add(rice)
		}
		request := s.request("refused")
		request.Tender, request.Amount, request.Instalments = refused.tender, refused.amount, refused.months
		_, err := s.Pay(t.Context(), cashier(), request)
		wantErr(t, err, drivers.ErrInstalments)
	}
	s.withTerminal(zvtsim.Config{})
	request = s.request("cannot")
	request.Tender, request.Instalments = sale.Card, 3
	_, err := s.Pay(t.Context(), cashier(), request)
	wantErr(t, err, drivers.ErrInstalments)
	if code := till.Code(err); code != "instalments" {
		t.Errorf("code %s", code)
	}
}

func TestTheNextCustomerNeedNotWaitForACashReceipt(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sim := s.withKoces(kocessim.Config{})
	number := s.cashSale("k", 1).Number
	spoil(t, sim, terminalsim.NoCard)
	waiting, cancel := context.WithCancel(t.Context())
	defer cancel()
	issued := make(chan error, 1)
	go func() {
		_, err := s.IssueCashReceipt(waiting, cashier(), till.CashReceiptRequest{Key: "r", Number: number, Purpose: drivers.SelfIssue})
		issued <- err
	}()
	s.until("waiting", func(state till.Snapshot) bool {
		return state.Payment != nil && state.Payment.State == till.PaymentWaiting && state.Payment.Progress != ""
	})
	s.add(milk)
	s.payCash("next")
	if err := s.CancelPayment(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-issued; err != nil {
		t.Fatal(err)
	}
	s.settled(sim, number)
	if count, _ := standing(sim); count != 0 {
		t.Errorf("%d receipts", count)
	}
}
