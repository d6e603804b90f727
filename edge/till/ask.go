package till

import (
	"context"
	"fmt"
	"maps"
	"time"

	"shopbox/drivers"
	"shopbox/edge/staff"
)

// recover repairs at the start what a power cut tore apart. Whatever was
// written in one transaction is whole; only payments can be half-way. It is
// called with the lock held.
func (t *Till) recover(ctx context.Context) error {
	open, err := t.store.OpenAttempts(ctx)
	if err != nil {
		return fmt.Errorf("load payments: %w", err)
	}
	for _, attempt := range open {
		if err := t.repair(ctx, attempt); err != nil {
			return fmt.Errorf("repair payment %s: %w", attempt.ID, err)
		}
	}
	t.ended, t.finished = nil, nil
	return nil
}

func (t *Till) repair(ctx context.Context, attempt Attempt) error {
	switch {
	case attempt.State == Intended:
		attempt.State, attempt.Reason = NotCharged, "not_sent"
		_, err := t.conclude(ctx, conclusion{attempt: attempt, event: "not_sent"})
		return err
	case attempt.State == Kept && !attempt.Result.Approved:
		attempt.State, attempt.Reason = verdict(attempt.Result)
		_, err := t.conclude(ctx, conclusion{attempt: attempt, event: string(attempt.State)})
		return err
	}
	if attempt.Reason == ReasonUndecided {
		// The terminal may remember better now.
		attempt.Reason = ""
	}
	before := attempt.State
	attempt.State = Unknown
	t.pending[attempt.ID] = &attempt
	if before == Unknown {
		return nil
	}
	return t.store.SaveAttempt(ctx, AttemptChange{Attempt: attempt, Event: string(Unknown), Detail: "restart"})
}

// Run asks terminals for the outcomes nobody knows, cancels cash receipts whose
// cash went back and issues those the shop owes, until the context ends.
func (t *Till) Run(ctx context.Context) {
	wait := t.waits.AskFirst
	for {
		asked := t.askAll(ctx)
		t.cancelDue(ctx)
		later := t.issueOwed(ctx)
		var again <-chan time.Time
		pause := wait
		if !asked || later > 0 && later < wait {
			pause = later
		}
		timer := time.NewTimer(pause)
		if pause > 0 {
			again = timer.C
		}
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-t.wake:
			wait = t.waits.AskFirst
		case <-again:
			wait = min(2*wait, t.waits.AskLongest)
		}
		timer.Stop()
	}
}

// Wake has terminals asked at once: one has come back, or a person wants it.
func (t *Till) Wake() {
	t.mu.Lock()
	maps.DeleteFunc(t.tried, func(_ string, tries int) bool { return tries == away })
	t.mu.Unlock()
	t.wakeUp()
}

func (t *Till) wakeUp() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// AskAgain asks the terminal once more for a payment whose outcome it did not
// remember.
func (t *Till) AskAgain(attempt string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	open, known := t.pending[attempt]
	if !known {
		return ErrNoPayment
	}
	if open.Reason == ReasonUndecided {
		open.Reason = ""
	}
	t.publish()
	t.wakeUp()
	return nil
}

// askAll asks for every attempt that can be asked for; it reports whether
// there is any left.
func (t *Till) askAll(ctx context.Context) (left bool) {
	t.mu.Lock()
	var ids []string
	for id, attempt := range t.pending {
		if t.running == nil && t.askable(*attempt) {
			ids = append(ids, id)
		}
	}
	t.mu.Unlock()
	for _, id := range ids {
		left = !t.askOnce(ctx, id) || left
	}
	return left
}

func (t *Till) askable(attempt Attempt) bool {
	return !attempt.needsPerson() && attempt.Reason != ReasonUndecided
}

// askOnce asks the terminal what became of an attempt; false when there was no
// answer.
func (t *Till) askOnce(ctx context.Context, id string) (answered bool) {
	t.mu.Lock()
	open, known := t.pending[id]
	if !known || !t.askable(*open) {
		t.mu.Unlock()
		return true
	}
	attempt := *open
	t.mu.Unlock()
	found, err := t.find(ctx, attempt)
	t.mu.Lock()
	defer t.mu.Unlock()
	open, known = t.pending[id]
	if !known {
		// A person was faster.
		return true
	}
	if err != nil {
		t.noAnswer(ctx, open, err)
		return false
	}
	return t.found(ctx, *open, found)
}

func (t *Till) find(ctx context.Context, attempt Attempt) (drivers.Found, error) {
	ctx, cancel := context.WithTimeout(ctx, t.waits.Ask)
	defer cancel()
	terminal, err := t.terminal(attempt.Terminal)
	if err != nil {
		return drivers.Found{}, err
	}
	query := drivers.Query{Mark: attempt.Mark, Charge: attempt.charge(), Began: attempt.SentAt, Kept: attempt.Result}
	query.Charge.Keep = func(result drivers.Result) error { return t.keepFound(ctx, attempt.ID, result) }
	if attempt.CashReceipt != nil {
		return terminal.FindCashReceipt(ctx, query)
	}
	return terminal.Find(ctx, query)
}

// keepFound writes a result down that the terminal delivers late, before it is
// told that it arrived.
func (t *Till) keepFound(ctx context.Context, id string, result drivers.Result) error {
	t.mu.Lock()
	open, known := t.pending[id]
	if !known {
		t.mu.Unlock()
		return ErrNoPayment // a person was faster
	}
	next := *open
	t.mu.Unlock()
	next.Result = result
	if err := t.store.SaveAttempt(ctx, AttemptChange{Attempt: next, Event: string(Kept)}); err != nil {
		return fmt.Errorf("payment attempt: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if open, known := t.pending[id]; known {
		open.Result = result
	}
	return nil
}

func (t *Till) noAnswer(ctx context.Context, open *Attempt, err error) {
	t.log.WarnContext(ctx, "terminal does not tell", "attempt", open.ID, "error", err)
	if code := drivers.Code(err); open.Reason != code {
		open.Reason = code
		t.publish()
	}
}

// found takes the terminal's word over.
func (t *Till) found(ctx context.Context, attempt Attempt, found drivers.Found) (answered bool) {
	attempt.Asked = true
	switch {
	case found.Outcome == drivers.OutcomeApproved && found.Result.Amount != attempt.Amount:
		attempt.Result, attempt.Reason = found.Result, ReasonAmount
		return t.undecided(ctx, attempt)
	case found.Outcome == drivers.OutcomeApproved:
		attempt.State, attempt.Result, attempt.Reason = Approved, found.Result, ""
	case found.Outcome == drivers.OutcomeNotCharged:
		attempt.State, attempt.Reason = NotCharged, "asked"
	default:
		attempt.Reason = ReasonUndecided
		return t.undecided(ctx, attempt)
	}
	answer, err := t.conclude(ctx, conclusion{attempt: attempt, event: "found_" + string(found.Outcome)})
	if err != nil {
		t.log.ErrorContext(ctx, "payment not written down", "attempt", attempt.ID, "error", err)
		return false
	}
	if t.running != nil && t.running.attempt.ID == attempt.ID {
		t.running.answer = answer
	}
	t.say(LevelWarn, attempt.kind()+"_found_"+string(attempt.State), attempt.Amount.String())
	t.publish()
	return true
}

func (t *Till) undecided(ctx context.Context, attempt Attempt) bool {
	t.pending[attempt.ID] = &attempt
	if err := t.store.SaveAttempt(ctx, AttemptChange{Attempt: attempt, Event: "asked", Detail: attempt.Reason}); err != nil {
		t.log.ErrorContext(ctx, "payment attempt", "attempt", attempt.ID, "error", err)
	}
	t.say(LevelStop, attempt.kind()+"_"+attempt.Reason, attempt.Amount.String())
	t.publish()
	return true
}

// PendingPayments are the payments nobody knows the outcome of, for the person
// who may settle them.
func (t *Till) PendingPayments(actor staff.Person) ([]Attempt, error) {
	if err := actor.Need(staff.SettlePayment); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	open := make([]Attempt, 0, len(t.pending))
	for _, attempt := range t.pending {
		open = append(open, *attempt)
	}
	return open, nil
}

// UsesTerminal reports whether a payment is at the terminal now, or one at it
// has no known outcome yet.
func (t *Till) UsesTerminal(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, attempt := range t.pending {
		if attempt.Terminal == id {
			return true
		}
	}
	return t.running != nil && t.running.attempt.Terminal == id
}
