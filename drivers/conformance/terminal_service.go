package conformance

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// Servicing runs the suite of what a terminal can do besides money:
// drivers.Diagnoser, TimeSetter, TotalsTeller and Reprinter, on top of
// Terminal.
func Servicing(t *testing.T, open OpenTerminal) {
	t.Helper()
	t.Run("diagnosis", func(t *testing.T) { terminalDiagnosed(t, open) })
	t.Run("time", func(t *testing.T) { terminalTimeSet(t, open) })
	t.Run("totals", func(t *testing.T) { terminalTotals(t, open) })
	t.Run("reprint", func(t *testing.T) { terminalReprints(t, open) })
}

func terminalDiagnosed(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	diagnoser, can := b.terminal.(drivers.Diagnoser)
	if !can {
		return
	}
	diagnosis, err := diagnoser.Diagnose(b.ctx)
	if age := time.Since(diagnosis.HostTime).Abs(); err != nil || !diagnosis.HostTime.IsZero() && age > time.Minute {
		t.Errorf("diagnosis %+v, %v", diagnosis, err)
	}
	b.fault("busy:once")
	if _, err := diagnoser.Diagnose(b.ctx); err == nil {
		t.Error("a busy terminal was diagnosed")
	}
	b.pay(1_000)
	b.balance(1_000)
}

func terminalTimeSet(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	setter, can := b.terminal.(drivers.TimeSetter)
	if !can {
		return
	}
	ahead := time.Now().Add(3 * time.Hour)
	if err := setter.SetTime(b.ctx, ahead); err != nil {
		t.Fatal(err)
	}
	if paid := b.pay(1_000); paid.At.Sub(ahead).Abs() > time.Minute {
		t.Errorf("set to %v, paid at %v", ahead, paid.At)
	}
}

func terminalTotals(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	teller, can := b.terminal.(drivers.TotalsTeller)
	if !can {
		return
	}
	if totals, err := teller.Totals(b.ctx); err != nil || totals.Total != 0 || totals.Count != 0 {
		t.Errorf("totals of nothing: %+v, %v", totals, err)
	}
	first, second := b.pay(3_000), b.pay(4_500)
	for range 2 { // they close nothing
		totals, err := teller.Totals(b.ctx)
		if err != nil || totals.Total != 7_500 || totals.Count != 2 || totals.First != first.Reference || totals.Last != second.Reference {
			t.Errorf("totals %+v, %v", totals, err)
		}
		if sum := sumOf(totals.Schemes); len(totals.Schemes) > 0 && sum != totals.Total {
			t.Errorf("the kinds of cards sum to %d of %d", sum, totals.Total)
		}
	}
	if result, err := b.terminal.Reverse(b.ctx, first, b.charge(3_000)); err != nil || !result.Approved {
		t.Errorf("reversed on the open day: %+v, %v", result, err)
	}
	b.balance(4_500)
}

func sumOf(schemes []drivers.SchemeTotal) (sum money.Won) {
	for _, scheme := range schemes {
		sum += scheme.Total
	}
	return sum
}

func terminalReprints(t *testing.T, open OpenTerminal) {
	t.Helper()
	b := newBench(t, open)
	reprinter, can := b.terminal.(drivers.Reprinter)
	if !can {
		return
	}
	paid := b.pay(3_000)
	b.pay(4_500)
	mark := b.mark()
	if lines, err := reprinter.Reprint(b.ctx, ""); err != nil || !anyContains(lines, "4500") {
		t.Errorf("the last slip: %q, %v", lines, err)
	}
	if lines, err := reprinter.Reprint(b.ctx, paid.Reference); err != nil || !anyContains(lines, "3000") || anyContains(lines, "4500") {
		t.Errorf("the slip of %s: %q, %v", paid.Reference, lines, err)
	}
	if lines, err := reprinter.Reprint(b.ctx, "9998"); err == nil {
		t.Errorf("a slip of nothing: %q", lines)
	}
	if b.mark() != mark {
		t.Error("a slip printed again is no transaction")
	}
	b.balance(7_500)
}

// anyContains ignores how a slip groups digits.
func anyContains(lines []string, digits string) bool {
	return slices.ContainsFunc(lines, func(line string) bool {
		return strings.Contains(strings.NewReplacer(",", "", ".", "").Replace(line), digits)
	})
}
