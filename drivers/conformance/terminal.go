// Package conformance holds one suite of tests for each contract of package
// drivers. A driver's own test runs the suite of its contract over the driver
// and a wire-true simulator; a new driver that passes it fits the till.
//
// What always holds: a suite knows the contract and the simulator's own book,
// never the driver. Money is compared with the book, not with what the driver
// says of itself.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// TerminalSim is the simulated terminal behind a driver. Its faults bear the
// names "decline", "answer_lost_after_approval", "ack_lost", "power_loss",
// "late_answer", "garbage", "busy", "no_card", "wrong_amount",
// "duplicate_answer" and "stale_answer" (the previous customer's result in
// place of this one's, with nothing charged); with ":once" behind, they happen one time.
// "drop_before_telegram=N" and "drop_after_telegram=N" cut the line one time
// at the Nth telegram from now, in either direction; "power_loss_at_telegram=N"
// takes the power away for a moment.
//
// A terminal whose payments stand from the host's approval on, heard or not,
// also has FinalAtHost.
type TerminalSim interface {
	SetFault(name string, on bool) error
	// Armed reports whether a fault is on; one that happened once is not. It
	// lets what the terminal still does come to its end first.
	Armed(name string) bool
	// Balance is what really moved from customers to the shop, by the
	// terminal's own book.
	Balance() int64
}

// finalAtHost is a terminal that takes nothing back because the till did not
// hear of it.
type finalAtHost interface{ FinalAtHost() bool }

// OpenTerminal starts a fresh simulated terminal with an empty book and the
// driver for it. Waiting times must be short; both end with the test.
type OpenTerminal func(t *testing.T) (drivers.Terminal, TerminalSim)

// limit ends a test that hangs.
const limit = 60 * time.Second

// Terminal runs the suite of drivers.Terminal.
func Terminal(t *testing.T, open OpenTerminal) {
	t.Helper()
	t.Run("approved", func(t *testing.T) { terminalApproved(t, open) })
	t.Run("declined", func(t *testing.T) { terminalDeclined(t, open) })
	t.Run("reverse", func(t *testing.T) { terminalReverse(t, open) })
	t.Run("refund", func(t *testing.T) { terminalRefund(t, open) })
	t.Run("status", func(t *testing.T) { terminalStatus(t, open) })
	t.Run("end of day", func(t *testing.T) { terminalEndOfDay(t, open) })
	t.Run("abort", func(t *testing.T) { terminalAbort(t, open) })
	t.Run("one at a time", func(t *testing.T) { terminalOneAtATime(t, open) })
	t.Run("mark", func(t *testing.T) { terminalMark(t, open) })
	t.Run("not kept", func(t *testing.T) { terminalNotKept(t, open) })
	t.Run("given up", func(t *testing.T) { terminalGivenUp(t, open) })
	t.Run("others", func(t *testing.T) { terminalOthers(t, open) })
	t.Run("faults", func(t *testing.T) { terminalFaults(t, open) })
	t.Run("matrix", func(t *testing.T) {
		matrix(t, func(t *testing.T) *bench { t.Helper(); return newBench(t, open) }, moneyActs())
	})
	t.Run("pending", func(t *testing.T) { terminalPending(t, open) })
}

// bench is a driver, its simulator and a till's habits.
type bench struct {
	t        *testing.T
	ctx      context.Context
	terminal drivers.Terminal
	sim      TerminalSim
	able     drivers.Abilities
	// ask is how an unknown outcome is found, booked what the suite's acts did by
	// the terminal's own book.
	ask    func(ctx context.Context, query drivers.Query) (drivers.Found, error)
	booked func() int64
	// doubtful: another's undelivered transaction may hide what became of one.
	doubtful bool
	serial   int
}

func newBench(t *testing.T, open OpenTerminal) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	terminal, sim := open(t)
	if err := terminal.Open(ctx); err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	return &bench{
		t: t, ctx: ctx, terminal: terminal, sim: sim, able: drivers.AbilitiesOf(terminal), ask: terminal.Find,
		booked: sim.Balance,
	}
}

func (b *bench) charge(amount money.Won) drivers.Charge {
	b.serial++
	return drivers.Charge{ID: fmt.Sprintf("attempt-%d", b.serial), Amount: amount}
}

func (b *bench) fault(name string) {
	b.t.Helper()
	if err := b.sim.SetFault(name, true); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) mark() string {
	b.t.Helper()
	mark, err := b.terminal.Mark(b.ctx)
	if err != nil {
		b.t.Fatalf("mark: %v", err)
	}
	return mark
}

// again is how soon a terminal that does not answer is asked again.
const again = 5 * time.Millisecond

// reached waits until the terminal answers again.
func (b *bench) reached() {
	b.t.Helper()
	for {
		_, err := b.terminal.Mark(b.ctx)
		if err == nil {
			return
		}
		select {
		case <-b.ctx.Done():
			b.t.Fatalf("the terminal did not come back: %v", err)
		case <-time.After(again):
		}
	}
}

// pay is a payment that nothing disturbs.
func (b *bench) pay(amount money.Won) drivers.Result {
	b.t.Helper()
	return b.paidBy(b.payment, amount)
}

func (b *bench) paidBy(pay operation, amount money.Won) drivers.Result {
	b.t.Helper()
	result, err := pay(b.charge(amount))
	if err != nil || !result.Approved || result.Amount != amount {
		b.t.Fatalf("pay %d: %+v, %v", amount, result, err)
	}
	return result
}

func (b *bench) balance(want money.Won) {
	b.t.Helper()
	if got := b.sim.Balance(); got != int64(want) {
		b.t.Errorf("the terminal's book says %d, want %d", got, want)
	}
}

// operation is one of the three that move money.
type operation func(charge drivers.Charge) (drivers.Result, error)

// settled is what the till knows in the end; err is what the operation itself
// said.
type settled struct {
	approved bool
	// undecided: a person must look. Only a terminal that cannot recall may say
	// so, and only of a result that was kept, for then nobody knows whether it
	// heard that.
	undecided bool
	result    drivers.Result
	err       error
}

// settle does what a till does: mark, operate, and when the outcome is unknown
// ask until it is known.
func (b *bench) settle(amount money.Won, operate operation) settled {
	b.t.Helper()
	mark := b.mark()
	charge := b.charge(amount)
	began := time.Now()
	var kept drivers.Result
	charge.Keep = func(result drivers.Result) error { kept = result; return nil }
	result, err := operate(charge)
	if err == nil || !errors.Is(err, drivers.ErrOutcomeUnknown) {
		return settled{approved: err == nil && result.Approved, result: result, err: err}
	}
	found := b.findKept(drivers.Query{Mark: mark, Charge: charge, Began: began}, &kept)
	undecided := found.Outcome == drivers.OutcomeUndecided
	if undecided && !b.doubtful && (b.able.Recalls || !kept.Approved) {
		b.t.Errorf("undecided after %v", err)
	}
	return settled{found.Outcome == drivers.OutcomeApproved, undecided, found.Result, err}
}

// find asks until there is an answer.
func (b *bench) find(query drivers.Query) drivers.Found {
	b.t.Helper()
	return b.findKept(query, &drivers.Result{})
}

// findKept is find, telling each time what Keep stored so far.
func (b *bench) findKept(query drivers.Query, kept *drivers.Result) drivers.Found {
	b.t.Helper()
	for {
		query.Kept = *kept
		found, err := b.ask(b.ctx, query)
		if err == nil {
			return found
		}
		if b.ctx.Err() != nil {
			b.t.Fatalf("find: %v", err)
		}
	}
}
