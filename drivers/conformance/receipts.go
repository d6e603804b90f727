package conformance

import (
	"errors"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// ReceiptSim is the simulated terminal behind a drivers.CashReceipter.
type ReceiptSim interface {
	TerminalSim
	// Receipts is how many cash receipts stand: issued and not cancelled.
	Receipts() int
}

// OpenReceipts is OpenTerminal for terminals that issue cash receipts.
type OpenReceipts func(t *testing.T) (drivers.Terminal, ReceiptSim)

// CashReceipts runs the suite of drivers.CashReceipter.
func CashReceipts(t *testing.T, open OpenReceipts) {
	t.Helper()
	t.Run("issued and cancelled", func(t *testing.T) { receiptIssued(t, open) })
	t.Run("holders", func(t *testing.T) { receiptHolders(t, open) })
	t.Run("not a payment", func(t *testing.T) { receiptNoPayment(t, open) })
	t.Run("matrix", func(t *testing.T) {
		matrix(t, func(t *testing.T) *bench { t.Helper(); return newCounter(t, open).bench }, receiptActs())
	})
}

// counter is a bench for cash receipts.
type counter struct {
	*bench

	issuer drivers.CashReceipter
	book   ReceiptSim
}

func newCounter(t *testing.T, open OpenReceipts) counter {
	t.Helper()
	var book ReceiptSim
	b := newBench(t, func(t *testing.T) (drivers.Terminal, TerminalSim) {
		t.Helper()
		var terminal drivers.Terminal
		terminal, book = open(t)
		return terminal, book
	})
	issuer, is := b.terminal.(drivers.CashReceipter)
	if !is || !b.able.CashReceipt {
		t.Fatalf("%T issues no cash receipts", b.terminal)
	}
	b.ask = issuer.FindCashReceipt
	b.booked = func() int64 { return int64(book.Receipts()) * int64(matrixAmount) }
	return counter{bench: b, issuer: issuer, book: book}
}

func person() drivers.CashReceipt {
	return drivers.CashReceipt{Purpose: drivers.IncomeDeduction, Holder: "010-1234-5678"}
}

// issue is for a bench whose terminal issues cash receipts.
func (b *bench) issue(charge drivers.Charge) (drivers.Result, error) {
	issuer, is := b.terminal.(drivers.CashReceipter)
	if !is {
		return drivers.Result{}, drivers.ErrUnsupported
	}
	return issuer.IssueCashReceipt(b.ctx, person(), charge)
}

// issued is a receipt that nothing disturbs.
func (b *bench) issued(amount money.Won) drivers.Result {
	b.t.Helper()
	result, err := b.issue(b.charge(amount))
	if err != nil || !result.Approved || result.Amount != amount {
		b.t.Fatalf("issue %d: %+v, %v", amount, result, err)
	}
	return result
}

// cancelling cancels a receipt.
func (b *bench) cancelling(issued drivers.Result) operation {
	receipt := person()
	receipt.Cancel = drivers.CancelledSale
	return func(charge drivers.Charge) (drivers.Result, error) {
		issuer, is := b.terminal.(drivers.CashReceipter)
		if !is {
			return drivers.Result{}, drivers.ErrUnsupported
		}
		return issuer.CancelCashReceipt(b.ctx, issued, receipt, charge)
	}
}

// stands compares the count of receipts, and that no money moved.
func (c counter) stands(want int) {
	c.t.Helper()
	if got := c.book.Receipts(); got != want {
		c.t.Errorf("%d receipts stand, want %d", got, want)
	}
	c.balance(0)
}

func receiptIssued(t *testing.T, open OpenReceipts) {
	t.Helper()
	c := newCounter(t, open)
	charge, kept := c.charge(11_000), 0
	charge.VAT = 1000
	charge.Keep = func(result drivers.Result) error { kept++; c.stands(0); return nil }
	issued, err := c.issuer.IssueCashReceipt(c.ctx, person(), charge)
	if err != nil || !issued.Approved || issued.Amount != 11_000 || issued.Approval == "" || issued.Reference == "" || kept != 1 {
		t.Fatalf("issued: %+v, %v, kept %d times", issued, err, kept)
	}
	if issued.Card != "010-****-5678" {
		t.Errorf("the holder is shown as %q", issued.Card)
	}
	c.stands(1)
	c.cancel(issued)
}

// cancel cancels a receipt of 11,000 won whole, and once.
func (c counter) cancel(issued drivers.Result) {
	c.t.Helper()
	cancelling := c.cancelling(issued)
	cancelled, err := cancelling(c.charge(11_000))
	if err != nil || !cancelled.Approved {
		c.t.Fatalf("cancelled: %+v, %v", cancelled, err)
	}
	c.stands(0)
	again, err := cancelling(c.charge(11_000))
	if err != nil || again.Approved || again.Reason == "" {
		c.t.Errorf("cancelled twice: %+v, %v", again, err)
	}
	c.stands(0)
}

func receiptHolders(t *testing.T, open OpenReceipts) {
	t.Helper()
	c := newCounter(t, open)
	for _, receipt := range []drivers.CashReceipt{
		{Purpose: drivers.SelfIssue},
		{Purpose: drivers.ExpenseProof, Holder: "220-81-62517"},
		{Purpose: drivers.IncomeDeduction},
	} {
		if receipt.Holder == "" && receipt.Purpose != drivers.SelfIssue && !c.able.AsksHolder {
			continue
		}
		if result, err := c.issuer.IssueCashReceipt(c.ctx, receipt, c.charge(5000)); err != nil || !result.Approved {
			t.Errorf("%+v: %+v, %v", receipt, result, err)
		}
	}
	stand := c.book.Receipts()
	for _, receipt := range []drivers.CashReceipt{
		{Purpose: drivers.IncomeDeduction, Holder: "4111111111111111"},
		{Purpose: drivers.IncomeDeduction, Holder: "900101-1234567"},
		{Purpose: drivers.ExpenseProof, Holder: "010-000"},
		{},
	} {
		if _, err := c.issuer.IssueCashReceipt(c.ctx, receipt, c.charge(5000)); !errors.Is(err, drivers.ErrHolder) {
			t.Errorf("%+v: %v", receipt, err)
		}
	}
	c.stands(stand)
}

// receiptNoPayment: a cash receipt is never found as a payment, nor the other
// way round.
func receiptNoPayment(t *testing.T, open OpenReceipts) {
	t.Helper()
	c := newCounter(t, open)
	for name, test := range map[string]struct {
		do    operation
		wrong func(drivers.Query) (drivers.Found, error)
	}{
		"receipt": {c.issue, func(query drivers.Query) (drivers.Found, error) { return c.terminal.Find(c.ctx, query) }},
		"payment": {c.payment, func(query drivers.Query) (drivers.Found, error) {
			return c.issuer.FindCashReceipt(c.ctx, query)
		}},
	} {
		mark, charge, began := c.mark(), c.charge(7000), time.Now()
		c.fault("answer_lost_after_approval:once")
		if _, err := test.do(charge); !errors.Is(err, drivers.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", name, err)
		}
		query := drivers.Query{Mark: mark, Charge: charge, Began: began}
		if found, err := test.wrong(query); err == nil && found.Outcome == drivers.OutcomeApproved {
			t.Errorf("a %s was found as the other: %+v", name, found)
		}
	}
}

// receiptActs are the acts of the matrix. A card payment and a receipt of a
// former customer were as much.
func receiptActs() []act {
	return []act{
		{"issue", func(b *bench, amount money.Won) operation { b.issued(amount); b.pay(amount); return b.issue }},
		{"issue again", func(b *bench, amount money.Won) operation { b.pay(amount); b.issued(amount); return b.issue }},
		{"cancel", func(b *bench, amount money.Won) operation { issued := b.issued(amount); return b.cancelling(issued) }},
	}
}
