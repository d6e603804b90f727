package till

import (
	"context"
	"time"

	"shopbox/drivers"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// numberWithin is how long the customer of the sale in view may still say a
// number; the next touch of the till ends it earlier.
const numberWithin = 3 * time.Minute

// issueOwed issues the cash receipts (자진발급) that a shop of a kind obliged to
// owes for cash sales whose customers named no number: 소득세법 162의3 ④. It
// returns after what time there is one more, 0 for none.
func (t *Till) issueOwed(ctx context.Context) (later time.Duration) {
	now, _ := t.clock.Read()
	rules := drivers.CardRulesOn(now)
	_, settings, err := t.store.Shop(ctx)
	if err != nil || settings.CashReceiptDuty == "" || rules.SelfIssueFrom == 0 {
		return 0
	}
	since := max(settings.CashReceiptDuty, now.AddDate(0, 0, -rules.SelfIssueDays).Format(time.DateOnly))
	owed, err := t.store.CashReceiptsOwed(ctx, since, rules.SelfIssueFrom)
	if err != nil {
		t.log.ErrorContext(ctx, "cash receipts owed", "error", err)
	}
	for _, number := range owed {
		if ctx.Err() != nil {
			return 0
		}
		run, wait := t.beginOwed(ctx, number, rules.SelfIssueFrom)
		later = max(later, wait) // only the sale in view waits
		if run == nil {
			continue
		}
		answer, err := t.wait(ctx, run)
		t.tell(ctx, number, answer, err)
	}
	return later
}

// tell has a person look after a receipt that was not issued.
func (t *Till) tell(ctx context.Context, number string, answer Answer, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err != nil:
		t.tried[number] = away
	case answer.Outcome == Refused:
		t.tried[number] = maxTries
	case answer.Outcome != Nothing:
		return
	}
	if t.tried[number] >= maxTries && ctx.Err() == nil {
		t.say(LevelWarn, "cash_receipt_owed", number)
		t.publish()
	}
}

// beginOwed begins one, unless its customer may still name a number; then wait
// says how long.
func (t *Till) beginOwed(ctx context.Context, number string, from money.Won) (run *running, wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tried[number] >= maxTries {
		return nil, 0
	}
	record, err := t.cashSale(ctx, number)
	if err != nil {
		return nil, 0 // the end of what runs wakes the till again
	}
	state, left := record.CashState(), record.left()
	if state.Cash <= 0 || len(record.CashReceipts) > 0 || left.Supply+left.VAT+left.Exempt < from {
		return nil, 0
	}
	now, _ := t.clock.Read()
	if until := record.At.Add(numberWithin); t.finished != nil && t.finished.Number == number && now.Before(until) {
		return nil, until.Sub(now)
	}
	key, err := newID()
	if err != nil {
		return nil, 0
	}
	holder := drivers.CashReceipt{Purpose: drivers.SelfIssue}
	run = t.issueFor(record, holder, record.By, CashReceiptRequest{Key: key, Number: number, Purpose: holder.Purpose})
	run.unasked = true
	if err := t.begin(run, ""); err != nil {
		t.tried[number] = away
		t.log.InfoContext(ctx, "cash receipt not issued", "sale", number, "error", err)
		t.say(LevelWarn, "cash_receipt_owed", number)
		t.publish()
		return nil, 0
	}
	t.tried[number]++
	return run, 0
}

// issueFor is the job of a cash receipt over the cash of a sale.
func (t *Till) issueFor(record Record, holder drivers.CashReceipt, by sale.Person, request CashReceiptRequest) *running {
	cash := record.CashState().Cash
	run := &running{what: request.what(), holder: holder, attempt: Attempt{
		Key: request.Key, What: request.what(), Cart: record.ID, Purpose: Issue, Amount: cash, By: by,
		CashReceipt: &CashReceiptJob{Sale: record.Number, Purpose: holder.Purpose, Holder: t.shownHolder(holder)},
	}}
	run.attempt.VAT, run.attempt.TaxFree = taxesWithin(cash, record.left())
	return run
}
