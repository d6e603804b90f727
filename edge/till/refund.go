package till

import (
	"context"
	"fmt"
	"strings"

	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/protocol/money"
)

// RefundRequest takes goods of a sale back.
type RefundRequest struct {
	// Key is as in PayRequest.
	Key    string
	Number string
	Picks  []sale.Pick
	// Tender is how the money goes back. Card gives back at most what was paid
	// by card, and the rest in cash.
	Tender sale.TenderKind
	// OtherCard gives the money to a card presented now, instead of undoing
	// the payment at the terminal.
	OtherCard bool
	Reason    string
	NoReceipt bool
}

func (r RefundRequest) what() string {
	return fmt.Sprintf("refund %s %s %v", r.Number, r.Tender, r.Picks)
}

// Refund takes goods back and gives the money back.
func (t *Till) Refund(ctx context.Context, actor staff.Person, request RefundRequest) (Answer, error) {
	if err := checkKey(request.Key); err != nil {
		return Answer{}, err
	}
	if err := actor.Need(staff.Refund); err != nil {
		return Answer{}, err
	}
	t.mu.Lock()
	if answer, run, err := t.answered(ctx, request.Key, request.what()); err != nil || answer != nil || run != nil {
		t.mu.Unlock()
		return t.again(ctx, answer, run, err)
	}
	plan, err := t.planRefund(ctx, actor, request)
	if err != nil {
		t.mu.Unlock()
		return Answer{}, err
	}
	if plan.card > 0 {
		run, err := t.beginRefund(ctx, plan, request)
		t.mu.Unlock()
		if err != nil {
			return Answer{}, err
		}
		return t.wait(ctx, run)
	}
	defer t.mu.Unlock()
	return t.closeRefund(ctx, plan.refund, settling{
		by: plan.refund.By, key: request.Key, what: request.what(), noReceipt: request.NoReceipt,
		acts: []staff.AuditEvent{t.act(actor, staff.ActRefund, request.Number, plan.refund.Total.String()+" "+request.Reason)},
	})
}

// refundPlan is a refund worked out and not yet done.
type refundPlan struct {
	original Record
	// refund has the tenders that need no terminal.
	refund sale.Sale
	// card is what goes back over the terminal; reverse names the attempt to
	// undo for it, empty when the money goes to a card presented now.
	card    money.Won
	reverse string
}

func (t *Till) planRefund(ctx context.Context, actor staff.Person, request RefundRequest) (refundPlan, error) {
	switch {
	case t.day == nil:
		return refundPlan{}, ErrDayClosed
	case t.running != nil:
		return refundPlan{}, ErrPaymentInProgress
	case strings.TrimSpace(request.Reason) == "":
		return refundPlan{}, ErrReason
	case t.refundPending(request.Number):
		return refundPlan{}, ErrPaymentUnknown
	}
	original, err := t.store.Sale(ctx, request.Number)
	if isNotFound(err) {
		return refundPlan{}, ErrNoSale
	}
	if err != nil {
		return refundPlan{}, fmt.Errorf("sale to refund: %w", err)
	}
	if len(request.Picks) > len(original.Lines) {
		return refundPlan{}, sale.ErrQuantity
	}
	id, err := newID()
	if err != nil {
		return refundPlan{}, err
	}
	now, _ := t.clock.Read()
	refund, err := sale.Refund(sale.RefundRequest{
		ID: id, Original: original.Sale, Earlier: original.Refunds, Picks: request.Picks,
		By: person(actor), At: now, Reason: strings.TrimSpace(request.Reason),
	})
	if err != nil {
		return refundPlan{}, err
	}
	plan := refundPlan{original: original, refund: refund}
	err = t.planTenders(&plan, request)
	return plan, err
}

// planTenders divides the money to give back into card and cash.
func (t *Till) planTenders(plan *refundPlan, request RefundRequest) error {
	total := plan.refund.Total
	switch request.Tender {
	case sale.Cash:
	case sale.Card:
		paid := paidIn(sale.Card, plan.original.Sale)
		for _, earlier := range plan.original.Refunds {
			paid -= paidIn(sale.Card, earlier)
		}
		if plan.card = min(paid, total); plan.card <= 0 && total > 0 {
			return ErrRefundTender
		}
		if !request.OtherCard {
			plan.reverse = t.reversible(*plan)
		}
	default:
		return ErrRefundTender
	}
	if cash := total - plan.card; cash > 0 {
		plan.refund.Tenders = append(plan.refund.Tenders, sale.Tender{Kind: sale.Cash, Amount: cash})
	}
	return nil
}

func paidIn(kind sale.TenderKind, done sale.Sale) money.Won {
	var paid money.Won
	for _, tender := range done.Tenders {
		if tender.Kind == kind {
			paid += tender.Amount
		}
	}
	return paid
}

// reversible is the attempt that can simply be undone: the only card payment
// of a sale that is taken back whole, of this business day where the terminal
// can give money back otherwise.
func (t *Till) reversible(plan refundPlan) string {
	attempt := ""
	for _, tender := range plan.original.Tenders {
		switch {
		case tender.Kind != sale.Card:
		case attempt != "" || tender.Amount != plan.card:
			return ""
		default:
			attempt = tender.Attempt
		}
	}
	if len(plan.original.Refunds) > 0 || plan.original.Day != t.day.Day && t.refundsFreely() {
		return ""
	}
	return attempt
}

// refundsFreely reports whether the terminal gives money to a card without
// naming a payment. One that does not undoes payments of earlier days too.
func (t *Till) refundsFreely() bool {
	able, _, known := t.Abilities()
	return !known || able.Refund
}

func (t *Till) refundPending(number string) bool {
	for _, attempt := range t.pending {
		if attempt.Refund != nil && attempt.Refund.Original == number {
			return true
		}
	}
	return false
}

func (t *Till) beginRefund(ctx context.Context, plan refundPlan, request RefundRequest) (*running, error) {
	if plan.reverse != "" {
		return t.beginReversal(ctx, plan.refund.By, reversing{
			attempt: plan.reverse, cart: plan.refund.ID, key: request.Key, what: request.what(), refund: &plan.refund,
			noReceipt: request.NoReceipt,
		})
	}
	run := &running{what: request.what(), attempt: Attempt{
		Key: request.Key, What: request.what(), Cart: plan.refund.ID, Purpose: Refund, Amount: plan.card,
		Refund: &plan.refund, By: plan.refund.By, NoReceipt: request.NoReceipt,
	}}
	run.attempt.VAT, run.attempt.TaxFree = taxesWithin(plan.card, plan.refund.Split)
	return run, t.begin(run, "")
}

// closeRefund writes a refund down, with the card's part when there is one. It
// is called with the lock held.
func (t *Till) closeRefund(ctx context.Context, refund sale.Sale, s settling) (Answer, error) {
	refund.At, refund.ClockDoubt = t.clock.Read()
	if s.attempt != nil {
		refund.Tenders = append([]sale.Tender{s.attempt.Attempt.tender()}, refund.Tenders...)
		s.acts = append(s.acts, t.act(staff.Person{ID: refund.By.ID, Name: refund.By.Name}, staff.ActRefund, refund.Original, refund.Total.String()+" "+refund.Reason))
	}
	answer, err := t.finish(ctx, Closing{Sale: refund, CartChange: CartChange{Attempt: s.attempt, Acts: s.acts}}, s)
	if err != nil {
		return Answer{}, err
	}
	t.publish()
	return answer, nil
}

// Reprint prints a receipt again, marked as a copy.
func (t *Till) Reprint(ctx context.Context, actor staff.Person, number string) (job int64, err error) {
	if !t.printer() {
		return 0, ErrNoPrinter
	}
	record, err := t.store.Sale(ctx, number)
	if isNotFound(err) {
		return 0, ErrNoSale
	}
	if err != nil {
		return 0, fmt.Errorf("reprint: %w", err)
	}
	options, err := t.receiptOptions(ctx)
	if err != nil {
		return 0, err
	}
	options.Copy = true
	if issued := record.CashState().Receipt; issued != nil {
		slip := issued.Issue.cashSlip()
		options.CashReceipt = &slip
	}
	return t.store.Reprint(ctx, Reprint{
		Kind: printing.Receipt, Number: number, Document: t.paper.Sale(record.Sale, options),
		Act: t.act(actor, staff.ActReprint, number, ""),
	})
}

// PrintAgain prints a job again that may not have reached the paper: a receipt
// made anew, any other slip as it was; both say that they are a copy.
func (t *Till) PrintAgain(ctx context.Context, actor staff.Person, job int64) (again int64, err error) {
	before, err := t.store.PrintJob(ctx, job)
	if err != nil {
		return 0, err
	}
	switch before.Kind {
	case printing.Receipt:
		return t.Reprint(ctx, actor, before.Number)
	case printing.Drawer:
		return 0, ErrNotFound
	case printing.Test:
		return 0, ErrNotFound
	default:
		options, err := t.receiptOptions(ctx)
		if err != nil {
			return 0, err
		}
		return t.store.Reprint(ctx, Reprint{
			Kind: before.Kind, Number: before.Number, Printer: before.Printer, Document: t.paper.Copied(before.Document, options),
			Act: t.act(actor, staff.ActReprint, before.Number, string(before.Kind)),
		})
	}
}
