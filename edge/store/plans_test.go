package store_test

import (
	"regexp"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/till"
)

// TestPlans: what is asked while a shop sells does not read through what grows
// with the years.
func TestPlans(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	b.workADay(t)
	plans, err := b.Plans(t.Context())
	must(t, err)
	if len(plans) < 40 {
		t.Fatalf("only %d queries were asked", len(plans))
	}
	grows := regexp.MustCompile(`^SCAN (sale|sale_line|tender|journal_entry|journal_line|payment_attempt|payment_event|` +
		`cash_receipt|print_job|movement|outbox|audit|device_event|answer)\b`)
	for _, plan := range plans {
		for _, step := range plan.Steps {
			if grows.MatchString(step) && !isShort(plan.Query) {
				t.Errorf("%s: %s", step, strings.Join(strings.Fields(plan.Query), " "))
			}
		}
	}
}

// isShort tells of the queries that read a table from one end and soon stop,
// or through an index of few rows.
func isShort(query string) bool {
	for _, short := range []string{
		"ORDER BY id LIMIT ?2)", "ORDER BY sequence LIMIT ?2)", // the oldest rows, to forget them
		"FROM outbox ORDER BY sequence DESC LIMIT 1",
		"FROM payment_attempt WHERE ended = 0",
		"cancel_due = 1 AND cancelled IS NULL ORDER BY attempt",
		"?1 = '' AND ?2 = '' ORDER BY id DESC LIMIT", // the newest of all sales
		"INSERT INTO business_day",                   // once a day; and only where rows await their day
		"UPDATE sale SET sequence = sequence + ?2",   // once, when the hub knows more than the box
	} {
		if strings.Contains(query, short) {
			return true
		}
	}
	return false
}

// workADay asks what a day of selling asks.
func (b *box) workADay(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	sold, err := b.sell(ctx, "sold", milk())
	must(t, err)
	must(t, b.SaveAttempt(ctx, till.AttemptChange{Event: "found", Attempt: till.Attempt{
		ID: "receipt", Purpose: till.Issue, State: till.Approved, Amount: 2_800, By: boss(), Began: b.now, Ended: b.now,
		CashReceipt: &till.CashReceiptJob{Sale: sold.Sale.Number, Purpose: drivers.IncomeDeduction},
	}}))
	back := sold.Sale
	back.ID, back.Kind, back.Original = "back", sale.Refunded, sold.Sale.Number
	if _, err := b.CloseSale(ctx, till.Closing{Sale: back}); err != nil {
		t.Fatal(err)
	}
	if due, err := b.CashReceiptsDue(ctx); err != nil || len(due) != 1 {
		t.Fatalf("due %+v, %v", due, err)
	}
	if owed, err := b.CashReceiptsOwed(ctx, "2026-11-01", 1); err != nil || len(owed) != 0 {
		t.Fatalf("owed %v, %v", owed, err)
	}
	b.printOne(t)
	for _, query := range []till.SaleQuery{{Limit: 10}, {Day: "2026-11-23", Limit: 10}} {
		if rows, err := b.Sales(ctx, query); err != nil || len(rows) != 2 {
			t.Fatalf("%+v: %+v, %v", query, rows, err)
		}
	}
	if count, err := b.CountSales(ctx, till.SaleQuery{Day: "2026-11-23"}); err != nil || count != 2 {
		t.Fatalf("%d sales, %v", count, err)
	}
	if _, err := b.After(ctx, 0, 10); err != nil {
		t.Fatal(err)
	}
	must(t, b.Acked(ctx, 1))
	must(t, b.Tend(ctx))
	day, err := b.Day(ctx)
	must(t, err)
	if _, err := b.CloseDay(ctx, till.DayClosing{Day: day.ID, At: b.now, By: boss(), Paper: func(till.Day) drivers.Document { return drivers.Document{} }}); err != nil {
		t.Fatal(err)
	}
}

func (b *box) printOne(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	if _, err := b.Enqueue(ctx, printing.Job{Kind: printing.Receipt}); err != nil {
		t.Fatal(err)
	}
	job, ok, err := b.NextPrintJob(ctx, "")
	if err != nil || !ok {
		t.Fatalf("%t, %v", ok, err)
	}
	must(t, b.FinishPrintJob(ctx, job.ID, printing.Printed, ""))
	if _, _, err := b.WaitingPrintJobs(ctx); err != nil {
		t.Fatal(err)
	}
}
