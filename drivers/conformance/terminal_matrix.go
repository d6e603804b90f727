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

// act is one way to move money or to issue a receipt, for the matrix of faults.
type act struct {
	name string
	// prepare brings the terminal to where the act can happen, with a former
	// customer who paid as much, and returns it; nil when the driver does not
	// know it.
	prepare func(b *bench, amount money.Won) operation
}

func moneyActs() []act {
	return []act{
		{"pay", func(b *bench, amount money.Won) operation { b.pay(amount); return b.payment }},
		{"refund", prepareRefunding},
		{"reverse", prepareReversing},
		{"pay by wallet", prepareWallet},
		{"reverse of a wallet", prepareWalletReversing},
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

// wallet is a payment with the code on a customer's phone.
func (b *bench) wallet(charge drivers.Charge) (drivers.Result, error) {
	charge.Code = "281006020000000017"
	return b.terminal.Pay(b.ctx, charge)
}

func prepareWallet(b *bench, amount money.Won) operation {
	if !b.able.Wallet {
		return nil
	}
	b.paidBy(b.wallet, amount)
	return b.wallet
}

func prepareWalletReversing(b *bench, amount money.Won) operation {
	if !b.able.Wallet {
		return nil
	}
	paid := b.paidBy(b.wallet, amount)
	return func(charge drivers.Charge) (drivers.Result, error) { return b.terminal.Reverse(b.ctx, paid, charge) }
}

// matrixAmount is what each act of the matrix is over.
const matrixAmount money.Won = 6_000

// answerFaults are those of a terminal's answer.
func answerFaults() []string {
	return []string{
		"answer_lost_after_approval", "ack_lost", "power_loss", "late_answer", "garbage", "decline",
		"duplicate_answer", "busy", "stale_answer", "wrong_amount",
	}
}

// telegramFaults are those that strike at the Nth telegram.
func telegramFaults() []string {
	return []string{"drop_before_telegram", "drop_after_telegram", "power_loss_at_telegram"}
}

// matrix runs every act with every fault.
func matrix(t *testing.T, fresh func(t *testing.T) *bench, acts []act) {
	t.Helper()
	for _, act := range acts {
		if act.prepare(fresh(t), 100) == nil {
			continue
		}
		together(t, act.name, answerFaults(), func(t *testing.T, name string) bool {
			t.Helper()
			happened := disturbed(t, fresh(t), act, name+":once")
			if !happened {
				t.Errorf("the fault %s did not happen", name)
			}
			return happened
		})
		for _, name := range telegramFaults() {
			t.Run(act.name+" "+name, func(t *testing.T) {
				everyTelegram(t, name, func(t *testing.T, fault string) bool {
					t.Helper()
					return disturbed(t, fresh(t), act, fault)
				})
			})
		}
	}
}

// disturbed runs one act with one fault: at the end what the till believes is
// what the terminal's book says, and the next customer can pay. It reports
// whether the fault happened.
func disturbed(t *testing.T, b *bench, act act, fault string) bool {
	t.Helper()
	operate := act.prepare(b, matrixAmount)
	before := b.booked()
	got := b.settle(matrixAmount, func(charge drivers.Charge) (drivers.Result, error) {
		b.fault(fault)
		return operate(charge)
	})
	if b.sim.Armed(fault) {
		return false
	}
	b.reached()
	b.believes(b.booked()-before, got)
	booked, balance := b.booked(), money.Won(b.sim.Balance())
	b.pay(310)
	b.balance(balance + 310)
	if later := b.booked(); later != booked && later != booked+310 {
		t.Errorf("the next customer changed the book from %d to %d", booked, later)
	}
	return true
}

// believes compares the till's belief with what the book says was moved. An
// approval of another amount goes to a person, who looks at the terminal.
func (b *bench) believes(moved int64, got settled) {
	b.t.Helper()
	whole := moved == int64(matrixAmount) || moved == -int64(matrixAmount)
	person := got.approved && got.result.Amount != matrixAmount
	if moved != 0 && !whole || !person && !got.undecided && got.approved != whole {
		b.t.Errorf("the till believes approved=%t of %d (%v), the book moved %d", got.approved, got.result.Amount, got.err, moved)
	}
}

// atOnce is how many telegrams of an act are tried at a time.
const atOnce = 16

// together tries faults at the same time, since the terminals mostly wait, and
// says which of them happened.
func together(t *testing.T, act string, faults []string, try func(t *testing.T, fault string) bool) []bool {
	t.Helper()
	happened := make([]bool, len(faults))
	var running sync.WaitGroup
	for i, fault := range faults {
		running.Go(func() {
			t.Run(strings.TrimSpace(act+" "+fault), func(t *testing.T) { happened[i] = try(t, fault) })
		})
	}
	running.Wait()
	return happened
}

// fewest is how many telegrams the shortest act has in any protocol.
const fewest = 6

// everyTelegram tries a fault at one telegram after the other, until an act had
// no more of them. Try reports whether the fault happened.
func everyTelegram(t *testing.T, fault string, try func(t *testing.T, fault string) bool) {
	t.Helper()
	for first := 1; ; first += atOnce {
		var faults []string
		for i := range atOnce {
			faults = append(faults, fault+"="+strconv.Itoa(first+i))
		}
		happened := together(t, "", faults, try)
		if end := slices.Index(happened, false); end >= 0 {
			if telegrams := first - 1 + end; telegrams < fewest {
				t.Errorf("struck at %d telegrams only", telegrams)
			}
			return
		}
	}
}
