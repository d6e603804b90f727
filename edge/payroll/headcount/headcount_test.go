package headcount_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/headcount"
)

func builtIn(t *testing.T) *payroll.Rates {
	t.Helper()
	rates, err := payroll.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return &rates
}

// open are days with so many workers each.
func open(counts ...int) []headcount.Day {
	var days []headcount.Day
	for i, n := range counts {
		days = append(days, headcount.Day{Date: payroll.NewDate(2026, 10, 1+i), Workers: n})
	}
	return days
}

func with(family int, days []headcount.Day) []headcount.Day {
	for i := range days {
		days[i].Family = family
	}
	return days
}

func TestDecide(t *testing.T) {
	rates := builtIn(t)
	for name, c := range map[string]struct {
		days   []headcount.Day
		enough bool
	}{
		"five":                            {open(5, 5, 5, 5), true},
		"four":                            {open(4, 4, 4, 4), false},
		"under five on average, few days": {open(5, 5, 5, 1), true},
		"over five on average, half":      {open(4, 4, 9, 9), false},
		"under five, half":                {open(5, 5, 4, 4), false},
		"one big day":                     {open(4, 4, 4, 40), false},
		"family with four others":         {with(1, open(4, 4, 4, 4)), true},
		"family alone":                    {with(6, open(0, 0, 0, 0)), false},
		"family and one on one day":       {with(5, open(1, 0, 0, 0)), true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := headcount.Decide(rates, payroll.NewMonth(2026, 11), c.days)
			if err != nil {
				t.Fatal(err)
			}
			if got.Enough != c.enough {
				t.Errorf("got %+v, want %t", got, c.enough)
			}
		})
	}
}

// TestDaysDecide: however the average falls, it is the count of days that
// decides in the end.
func TestDaysDecide(t *testing.T) {
	rates := builtIn(t)
	random := rand.New(rand.NewPCG(8, 2026))
	for range 1000 {
		var counts []int
		under := 0
		for range 1 + random.IntN(30) {
			counts = append(counts, random.IntN(10))
			if counts[len(counts)-1] < 5 {
				under++
			}
		}
		got, err := headcount.Decide(rates, payroll.NewMonth(2026, 11), open(counts...))
		if err != nil {
			t.Fatal(err)
		}
		if got.Enough != (2*under < len(counts)) {
			t.Fatalf("%v: got %+v", counts, got)
		}
	}
}

func TestPeriod(t *testing.T) {
	day := payroll.NewDate
	for _, c := range []struct{ event, founded, from, to payroll.Date }{
		{day(2026, 11, 1), 0, day(2026, 10, 1), day(2026, 10, 31)},
		{day(2026, 11, 23), 0, day(2026, 10, 23), day(2026, 11, 22)},
		{day(2026, 11, 23), day(2026, 11, 10), day(2026, 11, 10), day(2026, 11, 22)},
		{day(2026, 3, 31), 0, day(2026, 2, 28), day(2026, 3, 30)},
	} {
		if from, to := headcount.Period(c.event, c.founded); from != c.from || to != c.to {
			t.Errorf("%s: got %s to %s", c.event, from, to)
		}
	}
}

func TestRefused(t *testing.T) {
	rates := builtIn(t)
	for name, days := range map[string][]headcount.Day{
		"no days":       nil,
		"twice":         append(open(5), open(5)...),
		"below nothing": open(-1),
	} {
		var refused *payroll.Error
		if _, err := headcount.Decide(rates, payroll.NewMonth(2026, 11), days); !errors.As(err, &refused) || refused.Code != headcount.CodeHeadcount {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
