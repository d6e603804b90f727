package conformance

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// act is one way to move money, for the matrix of faults.
type act struct {
	name string
	// prepare brings the terminal to where the act can happen and returns it;
	// nil when the driver does not know it.
	prepare func(b *bench, amount money.Won) operation
}

func moneyActs() []act {
	return []act{
		{"pay", func(b *bench, amount money.Won) operation { b.pay(amount); return b.payment }},
		{"refund", prepareRefunding},
		{"reverse", prepareReversing},
	}
}

func prepareRefunding(b *bench, amount money.Won) operation {
	if !b.able.Refund {
		return nil
	}
	b.pay(amount)
	return b.refund
}

func prepareReversing(b *bench, amount money.Won) operation {
	paid := b.pay(amount)
	return func(charge drivers.Charge) (drivers.Result, error) { return b.terminal.Reverse(b.ctx, paid, charge) }
}

// disturbed runs one act with one fault: at the end what the till believes is
// what the terminal's book says, and the next customer can pay. It reports
// whether the fault happened.
func disturbed(t *testing.T, open OpenTerminal, act act, fault string) bool {
	t.Helper()
	const amount = 6_000
	b := newBench(t, open)
	operate := act.prepare(b, amount)
	if operate == nil || !b.knows(fault) {
		return false
	}
	before := b.sim.Balance()
	got := b.settle(amount, func(charge drivers.Charge) (drivers.Result, error) {
		b.fault(fault)
		return operate(charge)
	})
	if b.sim.Armed(fault) {
		return false
	}
	b.reached()
	b.believes(b.sim.Balance()-before, amount, got)
	balance := money.Won(b.sim.Balance())
	b.pay(310)
	b.balance(balance + 310)
	return true
}

// knows reports whether the simulator has the fault; only the two that came
// last to this suite may be missing.
func (b *bench) knows(fault string) bool {
	b.t.Helper()
	name, _, _ := strings.Cut(fault, "=")
	if !slices.Contains([]string{"stale_answer:once", "power_loss_at_telegram"}, name) {
		return true
	}
	return b.sim.SetFault(fault, true) == nil && b.sim.SetFault(fault, false) == nil
}

// believes compares the till's belief with what the book says was moved. An
// approval of another amount goes to a person, who looks at the terminal.
func (b *bench) believes(moved int64, amount money.Won, got settled) {
	b.t.Helper()
	whole := moved == int64(amount) || moved == -int64(amount)
	person := got.approved && got.result.Amount != amount
	if moved != 0 && !whole || !person && !got.undecided && got.approved != whole {
		b.t.Errorf("the till believes approved=%t of %d (%v), the book moved %d", got.approved, got.result.Amount, got.err, moved)
	}
}

// atOnce is how many telegrams of an act are tried at a time: the terminals
// mostly wait.
const atOnce = 8

// terminalCut cuts the line and the power at every telegram of every act.
func terminalCut(t *testing.T, open OpenTerminal) {
	t.Helper()
	for _, act := range moneyActs() {
		if act.prepare(newBench(t, open), 100) == nil {
			continue
		}
		for _, fault := range []string{"drop_before_telegram", "drop_after_telegram", "power_loss_at_telegram"} {
			t.Run(act.name+" "+fault, func(t *testing.T) {
				if !newBench(t, open).knows(fault + "=1") {
					return
				}
				if telegrams := everyTelegram(t, open, act, fault); telegrams < 6 {
					t.Errorf("cut at %d telegrams only", telegrams)
				}
			})
		}
	}
}

// everyTelegram tries one telegram after the other until the act had no more;
// it returns how many there were.
func everyTelegram(t *testing.T, open OpenTerminal, act act, fault string) (telegrams int) {
	t.Helper()
	for {
		happened := make([]bool, atOnce)
		var running sync.WaitGroup
		for i := range atOnce {
			number := strconv.Itoa(telegrams + i + 1)
			running.Go(func() {
				t.Run(number, func(t *testing.T) { happened[i] = disturbed(t, open, act, fault+"="+number) })
			})
		}
		running.Wait()
		if end := slices.Index(happened, false); end >= 0 {
			return telegrams + end
		}
		telegrams += atOnce
	}
}
