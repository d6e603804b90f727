package till

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"shopbox/drivers"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
)

// conclusion is the end of an attempt and how it came about.
type conclusion struct {
	attempt Attempt
	event   string
	detail  string
	acts    []staff.AuditEvent
}

// conclude writes the end of an attempt down together with everything that
// follows from it, in one transaction: a tender and perhaps the sale, the
// tender taken out, or the refund. It is called with the lock held.
func (t *Till) conclude(ctx context.Context, c conclusion) (Answer, error) {
	c.attempt.Ended, _ = t.clock.Read()
	change := &AttemptChange{Attempt: c.attempt, Event: c.event, Detail: c.detail}
	s := settling{
		by: c.attempt.By, key: c.attempt.Key, what: c.attempt.What, attempt: change,
		acts: c.acts, noReceipt: c.attempt.NoReceipt,
	}
	answer, err := t.follow(ctx, c.attempt, s)
	if err != nil {
		return Answer{}, err
	}
	delete(t.pending, c.attempt.ID)
	if c.attempt.CashReceipt != nil {
		t.showCash(ctx, c.attempt.CashReceipt.Sale)
	}
	t.ended = endedView(c.attempt)
	t.publish()
	return answer, nil
}

func (t *Till) follow(ctx context.Context, attempt Attempt, s settling) (Answer, error) {
	switch {
	case attempt.State != Approved:
		return t.nothingMoved(ctx, attempt, s)
	case attempt.CashReceipt != nil:
		return t.receiptSettled(ctx, attempt, s)
	case attempt.Refund != nil:
		return t.closeRefund(ctx, *attempt.Refund, s)
	}
	cart, known := t.cartByID(attempt.Cart)
	if !known {
		return Answer{}, fmt.Errorf("%w: %s", ErrNoCart, attempt.Cart)
	}
	s.cart = t.changed(cart, sale.Person{})
	if attempt.Purpose == Reversal {
		at := slices.IndexFunc(s.cart.Tenders, func(tender sale.Tender) bool { return tender.Attempt == attempt.Original })
		if err := s.cart.GiveBack(at); err != nil {
			return Answer{}, err
		}
		return t.afterGivingBack(ctx, s)
	}
	if err := s.cart.Take(attempt.tender()); err != nil {
		return Answer{}, err
	}
	return t.afterTender(ctx, s)
}

func (t *Till) nothingMoved(ctx context.Context, attempt Attempt, s settling) (Answer, error) {
	answer := *attempt.answer()
	remembered, err := remember(s.key, s.what, answer)
	if err != nil {
		return Answer{}, err
	}
	if err := t.store.SaveCarts(ctx, CartChange{Attempt: s.attempt, Answer: remembered, Acts: s.acts}); err != nil {
		return Answer{}, fmt.Errorf("end payment: %w", err)
	}
	return answer, nil
}

// paymentShown is the payment to show: the one at the terminal, else the
// oldest without outcome, else the last one that ended.
func (t *Till) paymentShown() *Payment {
	if t.running != nil && !t.running.unasked {
		view := view(t.running.attempt)
		view.Progress, view.State = t.running.progress, PaymentWaiting
		view.CanCancel = t.running.terminal.CanAbort()
		if t.running.asking {
			view.State, view.CanCancel = PaymentAsking, false
		}
		return view
	}
	var oldest *Attempt
	for _, attempt := range t.pending {
		if oldest == nil || attempt.Began.Before(oldest.Began) {
			oldest = attempt
		}
	}
	if oldest == nil {
		return copied(t.ended)
	}
	view := view(*oldest)
	view.State = PaymentAsking
	if oldest.needsPerson() || oldest.Reason == ReasonUndecided {
		view.State = PaymentUnknown
	}
	return view
}

func view(attempt Attempt) *Payment {
	return &Payment{
		Attempt: attempt.ID, Cart: attempt.Cart, Purpose: attempt.Purpose, Amount: attempt.Amount,
		Instalments: attempt.Instalments, Wallet: attempt.Wallet, Reason: attempt.Reason, Text: attempt.Result.Text, Since: attempt.Began,
	}
}

func endedView(attempt Attempt) *Payment {
	view := view(attempt)
	switch attempt.State {
	case Approved:
		view.State = PaymentApproved
	case Declined:
		view.State = PaymentDeclined
	default:
		view.State = PaymentNotCharged
	}
	return view
}

// SettleRequest is a person's word on a payment nobody knows the outcome of.
type SettleRequest struct {
	Attempt string
	// Approved says that the money moved, as the person saw on the terminal.
	Approved bool
	Reason   string
}

// SettlePayment decides an unknown payment by a person's word, as a new record
// of its own.
func (t *Till) SettlePayment(ctx context.Context, actor staff.Person, request SettleRequest) (Answer, error) {
	if err := actor.Need(staff.SettlePayment); err != nil {
		return Answer{}, err
	}
	if strings.TrimSpace(request.Reason) == "" {
		return Answer{}, ErrReason
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	open, known := t.pending[request.Attempt]
	switch {
	case !known:
		return Answer{}, ErrNoPayment
	case t.running != nil && t.running.attempt.ID == request.Attempt:
		return Answer{}, ErrPaymentInProgress
	}
	attempt := *open
	by := person(actor)
	attempt.SettledBy, attempt.Why = &by, request.Reason
	attempt.State = NotCharged
	if request.Approved {
		attempt.State = Approved
		if !attempt.Result.Approved {
			attempt.Result = drivers.Result{Approved: true, Amount: attempt.Amount}
		}
	}
	act := t.act(actor, staff.ActPaymentSettled, attempt.ID, fmt.Sprintf("%s %s: %s", attempt.Amount, attempt.State, request.Reason))
	defer t.wakeUp()
	return t.conclude(ctx, conclusion{attempt: attempt, event: "settled", detail: request.Reason, acts: []staff.AuditEvent{act}})
}
