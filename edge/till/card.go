package till

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"shopbox/drivers"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
)

// running is the payment at the terminal now.
type running struct {
	attempt  Attempt
	what     string
	terminal Terminal
	// original is the result that a reversal undoes.
	original drivers.Result
	// holder is the holder of a cash receipt, in clear: it is kept nowhere else.
	holder drivers.CashReceipt
	// code is the code of the wallet that is charged, next of the one to charge
	// when this ended without effect. They are kept nowhere else.
	code, next string
	asking     bool
	// unasked: no person began it, so it takes no screen while it runs.
	unasked  bool
	progress drivers.Progress
	// cancelled: a person does not want it any more.
	cancelled atomic.Bool

	// done is closed when answer and err are set.
	done   chan struct{}
	answer Answer
	err    error
}

// beginCharge sends the open cart's payment to the terminal.
func (t *Till) beginCharge(by sale.Person, request PayRequest) (*running, error) {
	run := t.chargeOf(by, request)
	return run, t.begin(run, "")
}

func (t *Till) chargeOf(by sale.Person, request PayRequest) *running {
	amount := request.Amount
	totals := t.cart.Totals()
	if amount == 0 {
		amount = totals.Due
	}
	run := &running{what: request.what(), attempt: Attempt{
		Key: request.Key, What: request.what(), Cart: t.cart.ID, Purpose: Charge, Amount: amount, By: by,
		Instalments: request.Instalments, NoReceipt: request.NoReceipt,
	}}
	run.attempt.VAT, run.attempt.TaxFree = taxesWithin(amount, totals.Split)
	return run
}

// charge is what goes to the terminal.
func (r *running) charge() drivers.Charge {
	charge := r.attempt.charge()
	charge.Code = r.code
	return charge
}

// begin starts a payment at a terminal. It is called with the lock held.
func (t *Till) begin(run *running, terminal string) error {
	used, err := t.terminal(terminal)
	if err != nil {
		return err
	}
	for _, open := range t.pending {
		if open.Terminal == used.ID() {
			return ErrPaymentUnknown
		}
	}
	able := used.Abilities()
	now, _ := t.clock.Read()
	if err := errors.Join(run.issues(able), able.Allow(run.charge(), now)); err != nil {
		return err
	}
	if run.attempt.ID, err = newID(); err != nil {
		return err
	}
	run.attempt.Began = now
	run.attempt.Terminal, run.terminal, run.done = used.ID(), used, make(chan struct{})
	if run.attempt.CashReceipt == nil {
		// A cash receipt belongs to the finished sale, which stays in view.
		t.touch()
	}
	t.running = run
	t.publish()
	t.group.Go(func() { t.run(t.life, run) })
	return nil
}

// wait gives a payment's answer when it is there.
func (t *Till) wait(ctx context.Context, run *running) (Answer, error) {
	select {
	case <-run.done:
		return run.answer, run.err
	case <-ctx.Done():
		return Answer{}, fmt.Errorf("%w: %w", ErrPaymentInProgress, ctx.Err())
	}
}

// run is a payment from the first look at the terminal to its answer.
func (t *Till) run(ctx context.Context, run *running) {
	result, err := t.move(ctx, run)
	t.mu.Lock()
	unknown := t.judge(ctx, run, result, err)
	t.mu.Unlock()
	if unknown && ctx.Err() == nil {
		t.askOnce(ctx, run.attempt.ID)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if unknown && run.answer.Outcome == "" && run.err == nil {
		run.answer = *run.attempt.answer()
	}
	t.running = nil
	close(run.done)
	t.thenWallet(run)
	t.publish()
	t.wakeUp()
}

// move does the steps of a payment in their order: look what the terminal did
// last, write the intent down, write down that it goes out, send it.
func (t *Till) move(ctx context.Context, run *running) (drivers.Result, error) {
	mark, err := run.terminal.Mark(ctx)
	if err != nil {
		return drivers.Result{}, notSent(err)
	}
	if err := t.step(ctx, run, func(attempt *Attempt) { attempt.Mark, attempt.State = mark, Intended }); err != nil {
		return drivers.Result{}, notSent(err)
	}
	sent := func(attempt *Attempt) {
		attempt.State = Sent
		attempt.SentAt, _ = t.clock.Read()
	}
	if err := t.step(ctx, run, sent); err != nil {
		return drivers.Result{}, notSent(err)
	}
	charge := run.charge()
	charge.Cancelled = run.cancelled.Load
	charge.Progress = func(progress drivers.Progress) { t.progress(run, progress) }
	charge.Keep = func(result drivers.Result) error {
		if err := t.isFresh(ctx, run.attempt, result); err != nil {
			return err
		}
		return t.step(ctx, run, func(attempt *Attempt) { attempt.State, attempt.Result = Kept, result })
	}
	switch run.attempt.Purpose {
	case Refund:
		return run.terminal.Refund(ctx, charge)
	case Reversal:
		return run.terminal.Reverse(ctx, run.original, charge)
	case Issue:
		return run.terminal.IssueCashReceipt(ctx, run.holder, charge)
	case CancelIssue:
		return run.terminal.CancelCashReceipt(ctx, run.original, run.holder, charge)
	default:
		return run.terminal.Pay(ctx, charge)
	}
}

// lookedBack is how many former attempts a result is compared with.
const lookedBack = 8

// isFresh refuses a result that a former attempt had, which is the previous
// customer's: a driver knows it no more after a restart, these books do.
func (t *Till) isFresh(ctx context.Context, attempt Attempt, result drivers.Result) error {
	if !result.Approved {
		return nil
	}
	former, err := t.store.LastAttempts(ctx, attempt.Terminal, lookedBack)
	if err != nil {
		return fmt.Errorf("former payments: %w", err)
	}
	for _, other := range former {
		if other.ID != attempt.ID && other.had(result, attempt) {
			return fmt.Errorf("%w: the result of payment %s again", drivers.ErrProtocol, other.ID)
		}
	}
	return nil
}

// notSentError is a fault before anything went to the terminal.
type notSentError struct{ error }

func (e notSentError) Unwrap() error { return e.error }

func notSent(err error) error { return notSentError{err} }

// step writes the next state of a running attempt down before it is acted on.
func (t *Till) step(ctx context.Context, run *running, change func(attempt *Attempt)) error {
	t.mu.Lock()
	next := run.attempt
	t.mu.Unlock()
	change(&next)
	if err := t.store.SaveAttempt(ctx, AttemptChange{Attempt: next, Event: string(next.State)}); err != nil {
		return fmt.Errorf("payment attempt: %w", err)
	}
	t.mu.Lock()
	run.attempt = next
	t.mu.Unlock()
	return nil
}

func (t *Till) progress(run *running, progress drivers.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running == run && run.progress != progress {
		run.progress = progress
		t.publish()
	}
}

// judge decides what became of a payment when the driver returned; it reports
// whether that is unknown.
func (t *Till) judge(ctx context.Context, run *running, result drivers.Result, err error) (unknown bool) {
	var early notSentError
	attempt := run.attempt
	switch {
	case errors.As(err, &early):
		run.err = t.neverSent(ctx, attempt, early.error)
		return false
	case ctx.Err() != nil:
		// The box is being stopped; the next start clears it up.
		run.answer = *attempt.answer()
		return false
	case err == nil && result.Approved && result.Amount != attempt.Amount:
		attempt.Result, attempt.Reason = result, ReasonAmount
	case err == nil:
		attempt.Result = result
		attempt.State, attempt.Reason = verdict(result)
	case certain(err) && !(attempt.State == Kept && attempt.Result.Approved):
		attempt.State, attempt.Reason = NotCharged, drivers.Code(err)
	default:
		t.log.WarnContext(ctx, "payment without outcome", "attempt", attempt.ID, "error", err)
		attempt.Reason = drivers.Code(err)
	}
	if attempt.State.Final() {
		run.answer, run.err = t.conclude(ctx, conclusion{attempt: attempt, event: string(attempt.State)})
		if run.err == nil {
			return false
		}
		t.log.ErrorContext(ctx, "payment not written down", "attempt", attempt.ID, "error", run.err)
		run.err = nil
	}
	t.unknown(ctx, run, attempt)
	return true
}

func verdict(result drivers.Result) (AttemptState, string) {
	if result.Approved {
		return Approved, ""
	}
	return Declined, result.Reason
}

// certain reports whether a driver's error says that no money moved. Anything
// that is not clearly so is taken as unknown.
func certain(err error) bool {
	switch drivers.Code(err) {
	case drivers.ErrOutcomeUnknown.Error(), "fault":
		return false
	}
	return true
}

// neverSent ends an attempt that did not reach the terminal.
func (t *Till) neverSent(ctx context.Context, attempt Attempt, cause error) error {
	if attempt.State == Intended {
		attempt.State, attempt.Reason = NotCharged, "not_sent"
		if _, err := t.conclude(ctx, conclusion{attempt: attempt, event: "not_sent"}); err != nil {
			// It stays an intent, which the next start ends.
			t.log.WarnContext(ctx, "intent not ended", "attempt", attempt.ID, "error", err)
		}
	}
	code := drivers.Code(cause)
	t.say(LevelStop, "terminal_"+code, "")
	return &TerminalError{Code: code, Err: cause}
}

// unknown begins to ask for an attempt.
func (t *Till) unknown(ctx context.Context, run *running, attempt Attempt) {
	attempt.State = Unknown
	run.attempt = attempt
	run.asking = !attempt.needsPerson()
	t.pending[attempt.ID] = &attempt
	if err := t.store.SaveAttempt(ctx, AttemptChange{Attempt: attempt, Event: string(Unknown), Detail: attempt.Reason}); err != nil {
		// On the disk it is still as sent, which the next start takes as unknown.
		t.log.ErrorContext(ctx, "payment attempt", "attempt", attempt.ID, "error", err)
	}
	t.publish()
}

// CancelPayment asks the terminal to give up the payment that waits for a
// card. The payment then ends by itself.
func (t *Till) CancelPayment(ctx context.Context) error {
	t.mu.Lock()
	run := t.running
	t.mu.Unlock()
	switch {
	case run == nil:
		return ErrNoPayment
	case !run.terminal.CanAbort():
		return drivers.ErrUnsupported
	}
	// First the mark, for an operation that has not begun, then the message,
	// for one that has.
	run.cancelled.Store(true)
	return run.terminal.Abort(ctx)
}

// cartAtTerminal reports whether a payment runs that carts must wait for; a
// cash receipt is of a sale that is finished.
func (t *Till) cartAtTerminal() bool {
	return t.running != nil && t.running.attempt.CashReceipt == nil
}

// blocked reports whether a cart has a payment with unknown outcome.
func (t *Till) blocked(cart string) bool {
	for _, attempt := range t.pending {
		if attempt.Cart == cart {
			return true
		}
	}
	return false
}

// GiveBackRequest takes a tender of the open cart out again.
type GiveBackRequest struct {
	Key     string
	Cart    string
	Version int64
	// Tender counts from 0.
	Tender int
}

// GiveBack hands cash back, or reverses a card payment, so that a cart paid in
// part can be changed or paid otherwise.
func (t *Till) GiveBack(ctx context.Context, actor staff.Person, request GiveBackRequest) (Answer, error) {
	if err := checkKey(request.Key); err != nil {
		return Answer{}, err
	}
	what := fmt.Sprintf("give back %s %d", request.Cart, request.Tender)
	t.mu.Lock()
	if answer, run, err := t.answered(ctx, request.Key, what); err != nil || answer != nil || run != nil {
		t.mu.Unlock()
		return t.again(ctx, answer, run, err)
	}
	tender, err := t.tenderToGiveBack(request)
	if err != nil {
		t.mu.Unlock()
		return Answer{}, err
	}
	if tender.Kind == sale.Card {
		run, err := t.beginReversal(ctx, person(actor), reversing{
			attempt: tender.Attempt, cart: request.Cart, key: request.Key, what: what,
		})
		t.mu.Unlock()
		if err != nil {
			return Answer{}, err
		}
		return t.wait(ctx, run)
	}
	defer t.mu.Unlock()
	next := t.changed(t.cart, person(actor))
	if err := next.GiveBack(request.Tender); err != nil {
		return Answer{}, err
	}
	act := t.act(actor, staff.ActTenderGivenBack, "", tender.Amount.String())
	return t.afterGivingBack(ctx, settling{cart: next, key: request.Key, what: what, acts: []staff.AuditEvent{act}})
}

func (t *Till) tenderToGiveBack(request GiveBackRequest) (sale.Tender, error) {
	switch {
	case t.running != nil:
		return sale.Tender{}, ErrPaymentInProgress
	case request.Cart != t.cart.ID || request.Version != t.cart.Version:
		return sale.Tender{}, ErrCartChanged
	case t.blocked(t.cart.ID):
		return sale.Tender{}, ErrPaymentUnknown
	case request.Tender < 0 || request.Tender >= len(t.cart.Tenders):
		return sale.Tender{}, sale.ErrTender
	}
	return t.cart.Tenders[request.Tender], nil
}

type reversing struct {
	attempt, cart, key, what string
	refund                   *sale.Sale
	noReceipt                bool
}

// beginReversal undoes a card payment at the terminal that made it.
func (t *Till) beginReversal(ctx context.Context, by sale.Person, reversing reversing) (*running, error) {
	original, err := t.store.Attempt(ctx, reversing.attempt)
	if err != nil {
		return nil, fmt.Errorf("payment to reverse: %w", err)
	}
	run := &running{what: reversing.what, original: original.Result, attempt: Attempt{
		Key: reversing.key, What: reversing.what, Cart: reversing.cart, Purpose: Reversal, Amount: original.Amount,
		VAT: original.VAT, TaxFree: original.TaxFree, Original: original.ID, Refund: reversing.refund, By: by,
		NoReceipt: reversing.noReceipt,
	}}
	return run, t.begin(run, original.Terminal)
}

// afterGivingBack writes a cart down that has one tender less.
func (t *Till) afterGivingBack(ctx context.Context, s settling) (Answer, error) {
	answer := Answer{Outcome: GivenBack, Due: s.cart.Totals().Due}
	if s.attempt != nil {
		answer.Attempt = s.attempt.Attempt.ID
	}
	change := CartChange{Attempt: s.attempt, Acts: s.acts}
	if err := t.carry(&change, s, answer); err != nil {
		return Answer{}, err
	}
	if err := t.store.SaveCarts(ctx, change); err != nil {
		return Answer{}, fmt.Errorf("give back: %w", err)
	}
	t.keep(s.cart)
	t.touch()
	t.publish()
	return answer, nil
}
