package cardmatch_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"shopbox/edge/books/cardmatch"
	"shopbox/protocol/money"
)

func shop(t *testing.T) cardmatch.Shop {
	t.Helper()
	tables, err := cardmatch.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return cardmatch.Shop{
		YearlySales: 300_000_000, Tables: tables, Today: "2026-03-31", Holidays: map[string]bool{"2026-03-02": true},
		Terms: map[string]cardmatch.Terms{"BC": {Days: 2, Sundays: true}, "Samsung": {Days: 2, Saturdays: true}},
	}
}

func TestSettlementDay(t *testing.T) {
	t.Parallel()
	known := shop(t)
	for _, tt := range []struct{ acquirer, day, want string }{
		{"usual", "2026-03-09", "2026-03-11"},
		{"usual", "2026-03-05", "2026-03-09"},
		{"usual", "2026-03-06", "2026-03-10"},
		{"usual", "2026-02-27", "2026-03-04"}, // over a holiday
		{"BC", "2026-02-27", "2026-03-01"},
		{"Samsung", "2026-03-06", "2026-03-09"},
	} {
		terms, set := known.Terms[tt.acquirer]
		if !set {
			terms = cardmatch.UsualTerms()
		}
		got, err := cardmatch.SettlementDay(tt.day, terms, known.Holidays)
		if err != nil || got != tt.want {
			t.Errorf("%s of %s: %s, %v; want %s", tt.day, tt.acquirer, got, err, tt.want)
		}
	}
	if _, err := cardmatch.SettlementDay("9 March", cardmatch.UsualTerms(), nil); !errors.Is(err, cardmatch.ErrDay) {
		t.Error(err)
	}
}

func TestFees(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sales         money.Won
		credit, check money.Won
	}{
		{300_000_000, 400, 150},
		{300_000_001, 1000, 750},
		{1_000_000_000, 1150, 900},
		{3_000_000_000, 1450, 1150},
	} {
		known := shop(t)
		known.YearlySales = tt.sales
		for check, want := range map[bool]money.Won{false: tt.credit, true: tt.check} {
			result, err := cardmatch.Reconcile(
				[]cardmatch.Approval{{Day: "2026-03-09", Acquirer: "A", Amount: 100_000, Check: check}},
				[]cardmatch.Deposit{{Day: "2026-03-11", Acquirer: "A", Amount: 100_000 - want}}, known)
			if err != nil || len(result.Matched) != 1 || result.Matched[0].Fee != want || result.Matched[0].Expected != want {
				t.Errorf("%d: %+v, %v", tt.sales, result, err)
			}
		}
	}
}

func TestFeesRefuse(t *testing.T) {
	t.Parallel()
	slips := []cardmatch.Approval{{Day: "2026-03-09", Acquirer: "A", Amount: 100_000}}
	large := shop(t)
	large.YearlySales = 3_000_000_001
	if _, err := cardmatch.Reconcile(slips, nil, large); !errors.Is(err, cardmatch.ErrFee) {
		t.Error(err)
	}
	large.Contract = cardmatch.Fee{Credit: 200, Check: 150}
	result, err := cardmatch.Reconcile(slips, nil, large)
	if err != nil || result.Approvals[0].Net != 98_000 {
		t.Errorf("%+v, %v", result, err)
	}
	slips[0].Day = "2024-03-09"
	if _, err := cardmatch.Reconcile(slips, nil, shop(t)); !errors.Is(err, cardmatch.ErrFee) {
		t.Error(err)
	}
	slips[0].Day = "today"
	if _, err := cardmatch.Reconcile(slips, nil, shop(t)); !errors.Is(err, cardmatch.ErrDay) {
		t.Error(err)
	}
	slips[0].Day = "2026-08-14"
	if result, err := cardmatch.Reconcile(slips, nil, shop(t)); err != nil || !slices.Equal(result.Remarks, []string{cardmatch.RemarkFees}) {
		t.Errorf("%q, %v", result.Remarks, err)
	}
	if _, err := cardmatch.Parse([]byte("{")); !errors.Is(err, cardmatch.ErrFees) {
		t.Error(err)
	}
}

// brief writes a result: what matched and what is open, with reasons.
func brief(result cardmatch.Result) []string {
	var lines []string
	for _, match := range result.Matched {
		line := "matched"
		for _, approval := range match.Approvals {
			line += " " + approval.ID
		}
		for _, deposit := range match.Deposits {
			line += " " + deposit.ID
		}
		lines = append(lines, fmt.Sprint(line, " ", match.Fee, " ", match.Reason))
	}
	for _, open := range result.Approvals {
		lines = append(lines, fmt.Sprint("slip ", open.ID, " ", open.Due, " ", open.Reason))
	}
	for _, open := range result.Deposits {
		lines = append(lines, fmt.Sprint("money ", open.ID, " ", open.Reason))
	}
	return lines
}

func slip(id, day, acquirer string, amount money.Won) cardmatch.Approval {
	return cardmatch.Approval{ID: id, Day: "2026-03-" + day, Acquirer: acquirer, Amount: amount}
}

func paid(id, day, acquirer string, amount money.Won) cardmatch.Deposit {
	return cardmatch.Deposit{ID: id, Day: "2026-03-" + day, Acquirer: acquirer, Amount: amount}
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	type slips = []cardmatch.Approval
	type money = []cardmatch.Deposit
	two := slips{slip("a", "09", "A", 100_000), slip("b", "09", "A", 10_000)}
	for name, tt := range map[string]struct {
		slips slips
		money money
		want  []string
	}{
		"whole day":    {two, money{paid("x", "11", "A", 109_560)}, []string{"matched a b x 440 "}},
		"a won off":    {two, money{paid("x", "11", "A", 109_558)}, []string{"matched a b x 442 "}},
		"in two parts": {two, money{paid("x", "11", "A", 9960), paid("y", "11", "A", 99_600)}, []string{"matched a b x y 440 "}},
		"cancelled": {
			slips{slip("a", "09", "A", 100_000), slip("b", "09", "A", -100_000)}, nil, []string{"matched a b 0 "},
		},
		"given back": {
			slips{slip("a", "09", "A", 100_000), slip("b", "09", "A", -10_000)},
			money{paid("x", "11", "A", 89_640)},
			[]string{"matched a b x 360 "},
		},
		"late": {two, money{paid("x", "13", "A", 109_560)}, []string{"matched a b x 440 late"}},
		"combined": {
			slips{slip("a", "09", "A", 100_000), slip("b", "10", "A", 10_000)},
			money{paid("x", "12", "A", 109_560)},
			[]string{"matched a b x 440 combined"},
		},
		"left out": {
			two, money{paid("x", "11", "A", 99_600)}, []string{"matched a x 400 ", "slip b 2026-03-11 left_out"},
		},
		"another fee": {two, money{paid("x", "11", "A", 108_000)}, []string{"matched a b x 2,000 fee_differs"}},
		"not due":     {slips{slip("a", "31", "A", 100_000)}, nil, []string{"slip a 2026-04-02 not_due"}},
		"missing":     {slips{slip("a", "09", "A", 100_000)}, nil, []string{"slip a 2026-03-11 deposit_missing"}},
		"amount": {
			slips{slip("a", "09", "A", 100_000)},
			money{paid("x", "11", "A", 50_000)},
			[]string{"slip a 2026-03-11 amount_differs", "money x amount_differs"},
		},
		"twice": {
			two,
			money{paid("x", "11", "A", 109_560), paid("y", "12", "A", 109_560)},
			[]string{"matched a b x 440 ", "money y paid_twice"},
		},
		"other acquirer": {
			slips{slip("a", "09", "A", 100_000)},
			money{paid("x", "11", "B", 99_600)},
			[]string{"slip a 2026-03-11 other_acquirer", "money x other_acquirer"},
		},
		"earlier": {
			two,
			money{paid("w", "03", "A", 7000), paid("x", "11", "A", 109_560), paid("y", "20", "A", 5)},
			[]string{"matched a b x 440 ", "money w earlier_slips", "money y no_approval"},
		},
	} {
		result, err := cardmatch.Reconcile(tt.slips, tt.money, shop(t))
		if got := brief(result); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, tt.want)
		}
	}
}

func TestEverySlipAndDepositComesBackOnce(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(6, 6))
	for range 300 {
		slips, deposits := randomMonth(random)
		result, err := cardmatch.Reconcile(slips, deposits, shop(t))
		if err != nil {
			t.Fatal(err)
		}
		seen := make(map[string]int)
		var fees, gross, came money.Won
		for _, match := range result.Matched {
			for _, approval := range match.Approvals {
				seen["s"+approval.ID]++
				gross += approval.Amount
			}
			for _, deposit := range match.Deposits {
				seen["d"+deposit.ID]++
				came += deposit.Amount
			}
			fees += match.Fee
		}
		for _, open := range result.Approvals {
			seen["s"+open.ID]++
		}
		for _, open := range result.Deposits {
			seen["d"+open.ID]++
		}
		if gross != came+fees || len(seen) != len(slips)+len(deposits) {
			t.Fatalf("%d of %d, %d, %d", len(seen), len(slips)+len(deposits), gross, came+fees)
		}
		for id, times := range seen {
			if times != 1 {
				t.Fatalf("%s came back %d times", id, times)
			}
		}
	}
}

// randomMonth has slips on some days and money that mostly fits them.
func randomMonth(random *rand.Rand) (slips []cardmatch.Approval, deposits []cardmatch.Deposit) {
	acquirers := []string{"A", "B", "BC"}
	for i := range random.IntN(60) {
		approval := slip(fmt.Sprint(i), fmt.Sprintf("%02d", 1+random.IntN(20)), acquirers[random.IntN(3)], money.Won(random.Int64N(4))*10_000-5000)
		approval.Check = random.IntN(2) == 0
		slips = append(slips, approval)
		day := fmt.Sprintf("%02d", 1+random.IntN(28))
		deposits = append(deposits, paid(fmt.Sprint(i), day, approval.Acquirer, approval.Amount-approval.Amount*40/10_000))
	}
	return slips, deposits
}

func TestAMonthOfGoodMoneyMatchesWhole(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(8, 1))
	var slips []cardmatch.Approval
	sums := make(map[string]money.Won)
	for i := range 400 {
		approval := slip(fmt.Sprint(i), fmt.Sprintf("%02d", 2+random.IntN(24)), "A", money.Won(1000+random.Int64N(90_000)))
		slips = append(slips, approval)
		due, err := cardmatch.SettlementDay(approval.Day, cardmatch.UsualTerms(), shop(t).Holidays)
		if err != nil {
			t.Fatal(err)
		}
		sums[due] += approval.Amount - (approval.Amount*40+5000)/10_000
	}
	var deposits []cardmatch.Deposit
	for day, sum := range sums {
		deposits = append(deposits, cardmatch.Deposit{ID: day, Day: day, Acquirer: "A", Amount: sum})
	}
	result, err := cardmatch.Reconcile(slips, deposits, shop(t))
	if err != nil || len(result.Matched) != len(deposits) || len(result.Approvals)+len(result.Deposits) != 0 {
		t.Errorf("%q, %v", brief(result), err)
	}
	for _, match := range result.Matched {
		if match.Reason != "" {
			t.Errorf("%+v", match)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`[{"from":"2025-02-14","tiers":[{"max_sales":5,"credit_bp":40}]}]`))
	f.Fuzz(func(t *testing.T, content []byte) {
		tables, err := cardmatch.Parse(content)
		if err != nil {
			return
		}
		for i := 1; i < len(tables); i++ {
			if tables[i-1].From > tables[i].From {
				t.Errorf("not sorted: %+v", tables)
			}
		}
	})
}
