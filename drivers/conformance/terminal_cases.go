package conformance

import (
	"context"
	"errors"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

func (b *bench) payment(charge drivers.Charge) (drivers.Result, error) {
	return b.terminal.Pay(b.ctx, charge)
}

func (b *bench) refund(charge drivers.Charge) (drivers.Result, error) {
	return b.terminal.Refund(b.ctx, charge)
}

func terminalApproved(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	charge := b.charge(12_000)
	var kept []drivers.Result
	charge.Keep = func(result drivers.Result) error {
		kept = append(kept, result)
		if final, is := b.sim.(finalAtHost); !is || !final.FinalAtHost() {
			b.balance(0) // nothing is final before it is kept
		}
		return nil
	}
	steps := 0
	charge.Progress = func(drivers.Progress) { steps++ }
	result, err := b.terminal.Pay(b.ctx, charge)
	if err != nil || !result.Approved {
		t.Fatalf("pay: %+v, %v", result, err)
	}
	if result.Amount != 12_000 || result.Reference == "" || result.Approval == "" || result.Reason != "" {
		t.Errorf("result %+v", result)
	}
	if age := time.Since(result.At).Abs(); age > time.Minute {
		t.Errorf("the terminal's time is %v", result.At)
	}
	if len(kept) != 1 || !kept[0].Approved || kept[0].Reference != result.Reference {
		t.Errorf("kept %+v", kept)
	}
	if steps == 0 {
		t.Error("no progress was told")
	}
	b.balance(12_000)
}

func terminalDeclined(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	b.fault("decline:once")
	result, err := b.terminal.Pay(b.ctx, b.charge(5_000))
	if err != nil || result.Approved || result.Reason == "" || result.Amount != 0 {
		t.Errorf("pay: %+v, %v", result, err)
	}
	b.balance(0)
	b.pay(5_000)
	b.balance(5_000)
}

func terminalReverse(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	paid := b.pay(7_000)
	result, err := b.terminal.Reverse(b.ctx, paid, b.charge(7_000))
	if err != nil || !result.Approved || result.Amount != 7_000 {
		t.Fatalf("reverse: %+v, %v", result, err)
	}
	b.balance(0)
	again, err := b.terminal.Reverse(b.ctx, paid, b.charge(7_000))
	if err != nil || again.Approved || again.Reason == "" {
		t.Errorf("reversed twice: %+v, %v", again, err)
	}
	b.balance(0)
}

func terminalRefund(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	b.pay(9_000)
	result, err := b.terminal.Refund(b.ctx, b.charge(4_000))
	if !b.able.Refund {
		if !errors.Is(err, drivers.ErrUnsupported) {
			t.Errorf("refund of a terminal that cannot: %+v, %v", result, err)
		}
		b.balance(9_000)
		return
	}
	if err != nil || !result.Approved || result.Amount != 4_000 {
		t.Fatalf("refund: %+v, %v", result, err)
	}
	b.balance(5_000)
}

func terminalStatus(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	status, err := b.terminal.Status(b.ctx)
	if err != nil || !status.Ready || status.Busy || status.ID == "" {
		t.Errorf("status %+v, %v", status, err)
	}
	b.fault("busy:once")
	status, err = b.terminal.Status(b.ctx)
	if err != nil || !status.Busy {
		t.Errorf("busy status %+v, %v", status, err)
	}
}

func terminalEndOfDay(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	closer, ok := b.terminal.(drivers.DayCloser)
	if !ok {
		return
	}
	paid := b.pay(3_000)
	b.pay(4_500)
	totals, err := closer.EndOfDay(b.ctx)
	if err != nil || totals.Total != 7_500 || totals.Count != 2 {
		t.Errorf("totals %+v, %v", totals, err)
	}
	result, err := b.terminal.Reverse(b.ctx, paid, b.charge(3_000))
	if err != nil || result.Approved {
		t.Errorf("reversed after the end of the day: %+v, %v", result, err)
	}
	b.balance(7_500)
}

func terminalAbort(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	aborter, ok := b.terminal.(drivers.Aborter)
	if !ok {
		return
	}
	if err := aborter.Abort(b.ctx); err != nil {
		t.Errorf("abort of nothing: %v", err)
	}
	unwanted := b.charge(2_000)
	unwanted.Cancelled = func() bool { return true }
	if result, err := b.terminal.Pay(b.ctx, unwanted); err != nil || result.Approved || result.Reason != "aborted" {
		t.Errorf("not wanted any more: %+v, %v", result, err)
	}
	b.balance(0)
	b.fault("no_card:once")
	result, err := b.terminal.Pay(b.ctx, b.abortWhenWaiting(aborter, b.charge(2_000)))
	if err != nil || result.Approved || result.Reason != "aborted" {
		t.Errorf("aborted: %+v, %v", result, err)
	}
	b.balance(0)
	b.pay(2_000)
	b.balance(2_000)
}

// abortWhenWaiting makes a charge stop itself when a card is asked for.
func (b *bench) abortWhenWaiting(aborter drivers.Aborter, charge drivers.Charge) drivers.Charge {
	charge.Progress = func(step drivers.Progress) {
		if step != drivers.ProgressInsertCard {
			return
		}
		if err := aborter.Abort(b.ctx); err != nil {
			b.t.Errorf("abort: %v", err)
		}
	}
	return charge
}

func terminalOneAtATime(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	charge := b.charge(1_000)
	charge.Progress = func(drivers.Progress) {
		if _, err := b.terminal.Pay(b.ctx, b.charge(1_000)); !errors.Is(err, drivers.ErrBusy) {
			t.Errorf("a second payment beside the first: %v", err)
		}
		if _, err := b.terminal.Mark(b.ctx); !errors.Is(err, drivers.ErrBusy) {
			t.Errorf("a mark beside a payment: %v", err)
		}
		if _, err := b.terminal.Find(b.ctx, drivers.Query{}); !errors.Is(err, drivers.ErrBusy) {
			t.Errorf("find beside a payment: %v", err)
		}
	}
	if result, err := b.terminal.Pay(b.ctx, charge); err != nil || !result.Approved {
		t.Errorf("pay: %+v, %v", result, err)
	}
	b.balance(1_000)
}

func terminalMark(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	empty := b.mark()
	if empty != "" {
		t.Errorf("mark of an empty terminal is %q", empty)
	}
	query := drivers.Query{Mark: empty, Charge: b.charge(1_000), Began: time.Now()}
	if found := b.find(query); found.Outcome != drivers.OutcomeNotCharged {
		t.Errorf("an empty terminal charged: %+v", found)
	}
	paid := b.pay(1_000)
	if !b.able.Recalls {
		b.delivered(query, paid)
		return
	}
	found := b.find(query)
	if found.Outcome != drivers.OutcomeApproved || found.Result.Reference != paid.Reference ||
		found.Result.Amount != 1_000 || !found.Result.Approved {
		t.Errorf("found %+v, paid %+v", found, paid)
	}
	first := b.mark()
	if first == empty || first != b.mark() {
		t.Error("a mark must change with a payment and only then")
	}
	query.Mark = first
	if found := b.find(query); found.Outcome != drivers.OutcomeNotCharged {
		t.Errorf("found the payment before the mark: %+v", found)
	}
	b.balance(1_000)
}

// delivered: a terminal that keeps only what it could not deliver knows nothing
// of a payment that ended well, so of one whose result was kept it cannot tell.
func (b *bench) delivered(query drivers.Query, paid drivers.Result) {
	b.t.Helper()
	if found := b.findKept(query, &paid); found.Outcome != drivers.OutcomeUndecided {
		b.t.Errorf("kept and delivered: %+v", found)
	}
	if again := b.mark(); again != "" {
		b.t.Errorf("mark after a payment that was delivered is %q", again)
	}
	b.balance(paid.Amount)
}

// terminalNotKept: a result that was not stored must not be acknowledged, and
// what then became of it is found.
func terminalNotKept(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	b.pay(100)
	got := b.settle(6_000, func(charge drivers.Charge) (drivers.Result, error) {
		charge.Keep = func(drivers.Result) error { return errors.New("disk full") }
		return b.terminal.Pay(b.ctx, charge)
	})
	if !errors.Is(got.err, drivers.ErrOutcomeUnknown) {
		t.Errorf("not kept: %+v", got)
	}
	b.agrees(100, 6_000, got)
}

// agrees compares what the till believes with the book, then lets the next
// customer pay and compares again.
func (b *bench) agrees(before, amount money.Won, got settled) {
	b.t.Helper()
	if got.approved || got.undecided && money.Won(b.sim.Balance()) != before {
		before += amount
	}
	b.reached()
	b.balance(before)
	b.pay(310)
	b.balance(before + 310)
}

// terminalGivenUp: the till's context ends while the customer looks for a
// card.
func terminalGivenUp(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	b.pay(100)
	b.fault("no_card:once")
	got := b.settle(6_500, func(charge drivers.Charge) (drivers.Result, error) {
		ctx, cancel := context.WithCancel(b.ctx)
		defer cancel()
		charge.Progress = func(drivers.Progress) { cancel() }
		return b.terminal.Pay(ctx, charge)
	})
	// A terminal that could still be stopped in time may know better.
	aborted := got.err == nil && got.result.Reason == "aborted"
	if !aborted && !errors.Is(got.err, drivers.ErrOutcomeUnknown) || got.approved {
		t.Errorf("given up: %+v", got)
	}
	b.agrees(100, 6_500, got)
}

// terminalOthers: a transaction that cannot be this charge is not reported as
// this one.
func terminalOthers(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	if !b.able.Recalls {
		return // it has no transaction of others to tell; see its own tests
	}
	b.pay(100)
	mark := b.mark()
	b.pay(8_000)
	now := time.Now()
	for name, query := range map[string]drivers.Query{
		"another amount":      {Mark: mark, Charge: b.charge(8_001), Began: now},
		"long before it":      {Mark: mark, Charge: b.charge(8_000), Began: now.Add(-2 * time.Hour)},
		"begun only after it": {Mark: mark, Charge: b.charge(8_000), Began: now.Add(2 * time.Hour)},
		"mark is unknown":     {Mark: mark + "?", Charge: b.charge(9_000), Began: now},
	} {
		if found := b.find(query); found.Outcome != drivers.OutcomeUndecided {
			t.Errorf("%s: %+v", name, found)
		}
	}
	b.balance(8_100)
}

func terminalFaults(t *testing.T, open OpenTerminal) {
	t.Helper()
	t.Run("wrong_amount", func(t *testing.T) {
		b := newBench(t, open)
		b.fault("wrong_amount:once")
		result, err := b.terminal.Pay(b.ctx, b.charge(6_000))
		if err != nil || !result.Approved || result.Amount == 6_000 {
			t.Errorf("the terminal's own amount must be told: %+v, %v", result, err)
		}
	})
	t.Run("kept once", func(t *testing.T) {
		b := newBench(t, open)
		b.fault("duplicate_answer:once")
		charge, kept := b.charge(6_000), 0
		charge.Keep = func(drivers.Result) error { kept++; return nil }
		if result, err := b.terminal.Pay(b.ctx, charge); err != nil || !result.Approved || kept != 1 {
			t.Errorf("%+v, %v, kept %d times", result, err, kept)
		}
	})
}
