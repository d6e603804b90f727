package till

import (
	"context"
	"fmt"

	"shopbox/drivers"
	"shopbox/edge/printing"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/protocol/money"
)

// CashReceiptJob is what an attempt does about a sale's cash receipt
// (현금영수증).
type CashReceiptJob struct {
	// Sale is the number of the sale whose cash it is about.
	Sale    string
	Purpose drivers.CashReceiptPurpose
	// Holder is masked, or the tax office's own number of a self-issue. The number itself is never written down: who cancels a
	// receipt at a terminal that wants it must be told it again.
	Holder string
	// Cancel is why, for a cancellation.
	Cancel drivers.CancelReason
}

// CashReceipt is a cash receipt that was issued.
type CashReceipt struct {
	// Issue is the attempt that issued it.
	Issue Attempt
	// Cancelled is the attempt that cancelled it, empty as long as it holds.
	Cancelled string
	// CancelDue says that cash it is over went back to the customer, so that it
	// must be cancelled.
	CancelDue bool
}

// CashState is how a sale's cash and its cash receipt stand.
type CashState struct {
	Sale string
	// Cash is what was paid in cash and not given back.
	Cash money.Won
	// Receipt is the one that holds, nil when there is none.
	Receipt *CashReceipt
}

// CashState is how a sale's cash and its cash receipt stand; of a refund it is
// that of the sale.
func (r Record) CashState() CashState {
	state := CashState{Sale: r.Number, Cash: paidIn(sale.Cash, r.Sale)}
	if r.Kind == sale.Refunded {
		return CashState{Sale: r.Original}
	}
	for _, refund := range r.Refunds {
		state.Cash -= paidIn(sale.Cash, refund)
	}
	for _, issued := range r.CashReceipts {
		if issued.Cancelled == "" {
			state.Receipt = &issued
		}
	}
	return state
}

// CashReceiptRequest issues a cash receipt over the cash of a sale.
type CashReceiptRequest struct {
	// Key is as in PayRequest.
	Key    string
	Number string
	// Purpose and Holder are as in drivers.CashReceipt.
	Purpose drivers.CashReceiptPurpose
	Holder  string
}

func (r CashReceiptRequest) what() string {
	return fmt.Sprintf("cash receipt %s %s", r.Number, r.Purpose)
}

// IssueCashReceipt issues a cash receipt at the terminal, with the durability
// of a card payment: written down before the first byte, kept before it is
// acknowledged, asked for when nobody knows, and never issued twice.
func (t *Till) IssueCashReceipt(ctx context.Context, actor staff.Person, request CashReceiptRequest) (Answer, error) {
	holder := drivers.CashReceipt{Purpose: request.Purpose, Holder: request.Holder}
	if err := holder.Check(); err != nil {
		return Answer{}, err
	}
	return t.receiptJob(ctx, request.Key, request.what(), func() (*running, error) {
		record, err := t.cashSale(ctx, request.Number)
		if err != nil {
			return nil, err
		}
		state := record.CashState()
		switch {
		case state.Receipt != nil:
			return nil, ErrCashReceiptIssued
		case state.Cash <= 0:
			return nil, ErrNoCash
		}
		run := t.issueFor(record, holder, person(actor), request)
		return run, t.begin(run, "")
	})
}

// shownHolder is the holder as paper and screens show it.
func (t *Till) shownHolder(holder drivers.CashReceipt) string {
	if holder.Purpose != drivers.SelfIssue {
		return holder.Masked()
	}
	now, _ := t.clock.Read()
	number := drivers.CardRulesOn(now).SelfIssueNumber
	return number[:3] + "-" + number[3:6] + "-" + number[6:]
}

// CancelCashReceiptRequest cancels the cash receipt of a sale.
type CancelCashReceiptRequest struct {
	// Key is as in PayRequest.
	Key    string
	Number string
	// Holder is wanted by a terminal that does not ask for it itself.
	Holder string
	Reason drivers.CancelReason
}

func (r CancelCashReceiptRequest) what() string { return "cash receipt cancel " + r.Number }

// CancelCashReceipt cancels the cash receipt of a sale, whole, at the terminal
// that issued it.
func (t *Till) CancelCashReceipt(ctx context.Context, actor staff.Person, request CancelCashReceiptRequest) (Answer, error) {
	if err := actor.Need(staff.Refund); err != nil {
		return Answer{}, err
	}
	return t.receiptJob(ctx, request.Key, request.what(), func() (*running, error) {
		record, err := t.cashSale(ctx, request.Number)
		if err != nil {
			return nil, err
		}
		issued := record.CashState().Receipt
		if issued == nil {
			return nil, ErrNoCashReceipt
		}
		return t.beginCancel(person(actor), issued.Issue, request)
	})
}

// receiptJob is a job of cash receipts under an idempotency key.
func (t *Till) receiptJob(ctx context.Context, key, what string, begin func() (*running, error)) (Answer, error) {
	if err := checkKey(key); err != nil {
		return Answer{}, err
	}
	t.mu.Lock()
	answer, run, err := t.answered(ctx, key, what)
	if err == nil && answer == nil && run == nil {
		run, err = begin()
	}
	t.mu.Unlock()
	return t.again(ctx, answer, run, err)
}

// cashSale is the sale a job of cash receipts is about, when one can begin.
func (t *Till) cashSale(ctx context.Context, number string) (Record, error) {
	if t.running != nil {
		return Record{}, ErrPaymentInProgress
	}
	for _, attempt := range t.pending {
		if attempt.CashReceipt != nil && attempt.CashReceipt.Sale == number {
			return Record{}, ErrPaymentUnknown
		}
	}
	record, err := t.store.Sale(ctx, number)
	switch {
	case isNotFound(err):
		return Record{}, ErrNoSale
	case err != nil:
		return Record{}, fmt.Errorf("sale of the cash receipt: %w", err)
	case record.Kind == sale.Refunded:
		return Record{}, ErrNoCash
	}
	return record, nil
}

// beginCancel sends the cancellation of an issued receipt to its terminal.
func (t *Till) beginCancel(by sale.Person, issue Attempt, request CancelCashReceiptRequest) (*running, error) {
	job := *issue.CashReceipt
	job.Cancel = request.Reason
	if job.Cancel == "" {
		job.Cancel = drivers.CancelledSale
	}
	holder := drivers.CashReceipt{Purpose: job.Purpose, Holder: request.Holder, Cancel: job.Cancel}
	if err := holder.Check(); err != nil {
		return nil, err
	}
	if request.Holder != "" && job.Holder != "" && holder.Masked() != job.Holder {
		return nil, fmt.Errorf("%w: not the holder of this receipt", drivers.ErrHolder)
	}
	run := &running{what: request.what(), holder: holder, original: issue.Result, attempt: Attempt{
		Key: request.Key, What: request.what(), Cart: issue.Cart, Purpose: CancelIssue, Amount: issue.Amount,
		VAT: issue.VAT, TaxFree: issue.TaxFree, Original: issue.ID, By: by, CashReceipt: &job,
	}}
	return run, t.begin(run, issue.Terminal)
}

// issues checks that a terminal can do the job of a cash receipt.
func (r *running) issues(able drivers.Abilities) error {
	switch {
	case r.attempt.CashReceipt == nil:
		return nil
	case !able.CashReceipt:
		return ErrNoCashReceipter
	case r.holder.Purpose != drivers.SelfIssue && r.holder.Holder == "" && !able.AsksHolder:
		return fmt.Errorf("%w: this terminal does not ask for it", drivers.ErrHolder)
	}
	return nil
}

// receiptSettled writes the end of an approved job down, with its slip.
func (t *Till) receiptSettled(ctx context.Context, attempt Attempt, s settling) (Answer, error) {
	job := attempt.CashReceipt
	if job.Holder == "" {
		job.Holder = attempt.Result.Card
	}
	answer := Answer{Outcome: Done, Number: job.Sale, Total: attempt.Amount, Attempt: attempt.ID}
	change := CartChange{Attempt: s.attempt, Acts: s.acts}
	var err error
	if change.Answer, err = remember(s.key, s.what, answer); err != nil {
		return Answer{}, err
	}
	if t.printer() {
		options, err := t.receiptOptions(ctx)
		if err != nil {
			return Answer{}, err
		}
		slip := t.paper.CashReceipt(attempt.cashSlip(), options)
		change.Slip = &printing.Job{Kind: printing.Slip, Number: job.Sale, Document: slip}
	}
	if err := t.store.SaveCarts(ctx, change); err != nil {
		return Answer{}, fmt.Errorf("end cash receipt: %w", err)
	}
	return answer, nil
}

// showCash brings what is shown of the finished sale up to date.
func (t *Till) showCash(ctx context.Context, number string) {
	if t.finished == nil || t.finished.Cash.Sale != number {
		return
	}
	record, err := t.store.Sale(ctx, number)
	if err != nil {
		t.log.WarnContext(ctx, "cash receipt not shown", "sale", number, "error", err)
		return
	}
	shown := *t.finished
	shown.Cash = record.CashState()
	t.finished = &shown
}

// cashSlip is the job as its paper shows it.
func (a Attempt) cashSlip() receipt.CashReceipt {
	return receipt.CashReceipt{
		Number: a.CashReceipt.Sale, Cancelled: a.Purpose == CancelIssue, Purpose: string(a.CashReceipt.Purpose),
		Holder: a.CashReceipt.Holder, Amount: a.Amount, VAT: a.VAT, TaxFree: a.TaxFree,
		Approval: a.Result.Approval, Terminal: a.Result.Terminal, At: a.moment(), By: a.By,
	}
}

const (
	// maxTries is how often a cancellation that is due is tried: what ended
	// without effect is tried again, what was refused is not.
	maxTries = 3
	// away is in place of the tries when the terminal could not be reached or
	// wants the number; Wake forgets it.
	away = maxTries + 1
)

// cancelDue cancels the receipts over cash that went back, where that needs no
// number from a person. After the last try a person goes on, or the next start.
func (t *Till) cancelDue(ctx context.Context) {
	due, err := t.store.CashReceiptsDue(ctx)
	if err != nil {
		t.log.ErrorContext(ctx, "cash receipts to cancel", "error", err)
		return
	}
	for _, issued := range due {
		if ctx.Err() != nil {
			return
		}
		run := t.beginDue(ctx, issued)
		if run == nil {
			continue
		}
		answer, err := t.wait(ctx, run)
		t.mu.Lock()
		switch {
		case err != nil:
			t.tried[issued.Issue.ID] = away
		case answer.Outcome == Refused:
			t.tried[issued.Issue.ID] = maxTries
		}
		t.mu.Unlock()
	}
}

func (t *Till) beginDue(ctx context.Context, issued CashReceipt) *running {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tried[issued.Issue.ID] >= maxTries {
		return nil
	}
	record, err := t.cashSale(ctx, issued.Issue.CashReceipt.Sale)
	if err != nil {
		return nil
	}
	by := issued.Issue.By
	if refunds := record.Refunds; len(refunds) > 0 {
		by = refunds[len(refunds)-1].By
	}
	run, err := t.beginCancel(by, issued.Issue, CancelCashReceiptRequest{Number: record.Number})
	if err != nil {
		// The terminal is away, or wants the number: the counter shows it.
		t.tried[issued.Issue.ID] = away
		t.log.InfoContext(ctx, "cash receipt not cancelled", "sale", record.Number, "error", err)
		return nil
	}
	t.tried[issued.Issue.ID]++
	return run
}

// left is what remains of a sale after its refunds.
func (r Record) left() sale.Split {
	split := r.Split
	for _, refund := range r.Refunds {
		split.Supply -= refund.Supply
		split.VAT -= refund.VAT
		split.Exempt -= refund.Exempt
	}
	return split
}

// taxesWithin is the tax and the tax-free part inside a part of an amount.
func taxesWithin(part money.Won, of sale.Split) (vat, taxFree money.Won) {
	shares := money.Spread(part, []money.Won{of.Supply + of.VAT, of.Exempt})
	_, vat = money.SplitIncluded(shares[0])
	return vat, shares[1]
}
