package conformance

import (
	"errors"
	"testing"

	"shopbox/drivers"
)

// terminalPending: the result of the previous customer's payment was lost and
// nobody asked for it, a person decided. The next customer pays as much. What
// the till believes of the second payment is about the second alone.
func terminalPending(t *testing.T, open OpenTerminal) {
	t.Helper()
	fate := pendingFate(t, open)
	try := func(t *testing.T, fault string) bool {
		t.Helper()
		b := newBench(t, open)
		b.leavePending()
		return b.afterPending(fate, fault)
	}
	t.Run("then nothing", func(t *testing.T) { try(t, "") })
	together(t, "then", answerFaults(), func(t *testing.T, fault string) bool {
		t.Helper()
		return try(t, fault+":once")
	})
	for _, fault := range telegramFaults() {
		t.Run("then "+fault, func(t *testing.T) { everyTelegram(t, fault, try) })
	}
}

// leavePending makes a payment whose result is lost.
func (b *bench) leavePending() {
	b.t.Helper()
	b.fault("answer_lost_after_approval:once")
	if result, err := b.terminal.Pay(b.ctx, b.charge(matrixAmount)); !errors.Is(err, drivers.ErrOutcomeUnknown) {
		b.t.Fatalf("the result was not lost: %+v, %v", result, err)
	}
	b.reached()
}

// pendingFate is what the terminal makes of such a payment by itself, once the
// next customer has paid.
func pendingFate(t *testing.T, open OpenTerminal) int64 {
	t.Helper()
	b := newBench(t, open)
	b.leavePending()
	b.pay(310)
	return b.sim.Balance() - 310
}

// afterPending is the next customer's payment, with a fault or with none. It
// reports whether the fault happened.
func (b *bench) afterPending(fate int64, fault string) (happened bool) {
	b.t.Helper()
	// A terminal that keeps only what it could not deliver still has the first.
	b.doubtful = !b.able.Recalls
	got := b.settle(matrixAmount, func(charge drivers.Charge) (drivers.Result, error) {
		if fault != "" {
			b.fault(fault)
		}
		return b.terminal.Pay(b.ctx, charge)
	})
	if fault != "" && b.sim.Armed(fault) {
		return false
	}
	b.reached()
	b.pay(310)
	b.believes(b.sim.Balance()-fate-310, got)
	return true
}
