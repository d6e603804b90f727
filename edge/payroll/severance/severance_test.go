package severance_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/severance"
	"shopbox/protocol/money"
)

func builtIn(t *testing.T) *payroll.Rates {
	t.Helper()
	rates, err := payroll.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return &rates
}

func date(t *testing.T, text string) payroll.Date {
	t.Helper()
	parsed, err := payroll.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// filled is the window before left with the wages spread over it.
func filled(left payroll.Date, wages money.Won) []severance.Stretch {
	parts := severance.Window(left)
	days := make([]money.Won, len(parts))
	for i, part := range parts {
		days[i] = money.Won(part.To - part.From + 1)
	}
	for i, pay := range money.Spread(wages, days) {
		parts[i].Pay = pay
	}
	return parts
}

// official is the example of the labour ministry's calculator, moved by nine
// years into the time whose rules are known: the same 1,080 and 92 days.
func official(t *testing.T) severance.Input {
	t.Helper()
	left := date(t, "2026-09-16")
	return severance.Input{
		Joined: left - 1080, Left: left, Born: date(t, "1990-05-05"), WeeklyMinutes: 40 * 60,
		Wages: filled(left, 7_080_000), YearBonus: 4_000_000, LeavePay: 300_000,
		OrdinaryDaily: payroll.Fraction{Num: 2_000_000 * 8, Den: 209},
	}
}

func TestOfficialExample(t *testing.T) {
	rates := builtIn(t)
	in := official(t)
	got, err := severance.Compute(rates, in)
	if err != nil {
		t.Fatal(err)
	}
	// 8,155,000 / 92 is 88,641.3043..., which the calculator shows as 88,641.31.
	if got.Average.Rate != (payroll.Fraction{Num: 2_038_750, Den: 23}) || got.Average.Amount != 88_642 {
		t.Errorf("average %+v", got.Average)
	}
	if got.ServiceDays != 1080 || got.Pay.Amount != 7_868_434 {
		t.Errorf("on the average wage: %d days, %d", got.ServiceDays, got.Pay.Amount)
	}
	in.OrdinaryDaily.Num = 2_360_000 * 8
	got, err = severance.Compute(rates, in)
	if err != nil {
		t.Fatal(err)
	}
	if got.Pay.Amount != 8_018_772 {
		t.Errorf("on the ordinary wage: %d", got.Pay.Amount)
	}
	if got.Deadline.String() != "2026-09-29" || got.ClaimEnds.String() != "2029-09-15" {
		t.Errorf("pay by %s, claim by %s", got.Deadline, got.ClaimEnds)
	}
	if !got.RetirementAccount || got.Net.Amount != got.Pay.Amount || len(got.Pay.Remarks) < 3 {
		t.Errorf("account %v, net %d, remarks %q", got.RetirementAccount, got.Net.Amount, got.Pay.Remarks)
	}
}

func TestDueAndAccount(t *testing.T) {
	rates := builtIn(t)
	for name, c := range map[string]struct {
		change       func(*severance.Input)
		due, account bool
	}{
		"usual":          {func(*severance.Input) {}, true, true},
		"a year":         {func(in *severance.Input) { in.Joined = in.Left.AddMonths(-12) }, true, false},
		"a day short":    {func(in *severance.Input) { in.Joined = in.Left.AddMonths(-12) + 1 }, false, false},
		"15 hours":       {func(in *severance.Input) { in.WeeklyMinutes = 15 * 60 }, true, true},
		"under 15 hours": {func(in *severance.Input) { in.WeeklyMinutes = 15*60 - 1 }, false, false},
		"55 that day":    {func(in *severance.Input) { in.Born = in.Left.AddMonths(-55 * 12) }, true, false},
		"55 tomorrow":    {func(in *severance.Input) { in.Born = in.Left.AddMonths(-55*12) + 1 }, true, true},
		"age not known":  {func(in *severance.Input) { in.Born = 0 }, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			in := official(t)
			c.change(&in)
			got, err := severance.Compute(rates, in)
			if err != nil {
				t.Fatal(err)
			}
			if c.due != (got.Pay.Amount > 0) || c.account != got.RetirementAccount {
				t.Errorf("pay %d, account %v", got.Pay.Amount, got.RetirementAccount)
			}
			if !c.account && got.Net.Amount != got.Pay.Amount-got.Income.Amount-got.Local.Amount {
				t.Errorf("net %d", got.Net.Amount)
			}
		})
	}
}

// TestWindow holds the three months to their calendar days.
func TestWindow(t *testing.T) {
	for left, want := range map[string]struct {
		from string
		days int
	}{
		"2026-09-16": {"2026-06-16", 92}, "2026-03-01": {"2025-12-01", 90}, "2026-05-31": {"2026-02-28", 92},
		"2024-05-31": {"2024-02-29", 92}, "2026-05-01": {"2026-02-01", 89},
	} {
		parts := severance.Window(date(t, left))
		days := 0
		for _, part := range parts {
			days += int(part.To-part.From) + 1
		}
		if parts[0].From.String() != want.from || days != want.days || parts[len(parts)-1].To != date(t, left)-1 {
			t.Errorf("%s: %+v", left, parts)
		}
	}
}

func TestExcludedDays(t *testing.T) {
	in := official(t)
	in.ExcludedDays = 32
	got, err := severance.Compute(builtIn(t), in)
	if err != nil {
		t.Fatal(err)
	}
	if got.Average.Rate != (payroll.Fraction{Num: 8_155_000 / 20, Den: 60 / 20}) || len(got.Average.Remarks) == 0 {
		t.Errorf("%+v", got.Average)
	}
}

func TestTax(t *testing.T) {
	rates := builtIn(t)
	for _, c := range []struct {
		pay    money.Won
		years  int
		income money.Won
	}{
		// By hand: 50,000,000 - 15,000,000 = 35,000,000; x 12/10 = 42,000,000;
		// - 28,400,000 = 13,600,000; 6 % is 816,000; x 10/12.
		{50_000_000, 10, 680_000},
		// 85,000,000 x 12/10 = 102,000,000; - 62,600,000 = 39,400,000;
		// 840,000 + 15 % of 25,400,000 = 4,650,000; x 10/12.
		{100_000_000, 10, 3_875_000},
		// 10,000,000 - 3,000,000 = 7,000,000; x 12/3 = 28,000,000;
		// - 20,000,000 = 8,000,000; 480,000; x 3/12.
		{10_000_000, 3, 120_000},
		// 300,000,000 - 55,000,000 = 245,000,000; x 12/25 = 117,600,000;
		// - 69,620,000 = 47,980,000; 840,000 + 5,097,000 = 5,937,000; x 25/12.
		{300_000_000, 25, 12_368_750},
		// All of it is deducted.
		{3_000_000, 3, 0},
		{0, 1, 0},
		// 1,000,000 over five years' deduction: x 12/5 = 2,400,000, all deducted.
		{6_000_000, 5, 0},
	} {
		income, local, err := severance.Tax(rates, payroll.NewMonth(2026, 11), c.pay, c.years)
		if err != nil {
			t.Fatal(err)
		}
		if income.Amount != c.income || local.Amount != c.income/100*10 {
			t.Errorf("%d for %d years: got %d and %d, want %d", c.pay, c.years, income.Amount, local.Amount, c.income)
		}
	}
}

func TestYears(t *testing.T) {
	for _, c := range []struct {
		joined, left string
		want         int
	}{
		{"2023-10-02", "2026-09-16", 3},
		{"2023-09-16", "2026-09-16", 3},
		{"2023-09-15", "2026-09-16", 4},
		{"2026-09-15", "2026-09-16", 1},
		{"2024-02-29", "2025-02-28", 1},
		{"2024-02-29", "2025-03-01", 2},
	} {
		if got := severance.Years(date(t, c.joined), date(t, c.left)); got != c.want {
			t.Errorf("%s to %s: %d years, want %d", c.joined, c.left, got, c.want)
		}
	}
}

// TestTaxRises holds that more pay is never less after tax, and that more
// years never cost more.
func TestTaxRises(t *testing.T) {
	rates := builtIn(t)
	random := rand.New(rand.NewPCG(48, 55))
	tax := func(pay money.Won, years int) money.Won {
		income, local, err := severance.Tax(rates, payroll.NewMonth(2026, 11), pay, years)
		if err != nil {
			t.Fatal(err)
		}
		return income.Amount + local.Amount
	}
	for range 1_000 {
		pay, years := money.Won(random.Int64N(2_000_000_000)), 1+random.IntN(40)
		more := pay + money.Won(random.Int64N(1_000_000))
		// Cuts to ten won may take back less than twenty.
		if more-tax(more, years) < pay-tax(pay, years)-1_100 {
			t.Fatalf("%d won for %d years leave less than %d", more, years, pay)
		}
		if tax(pay, years+1) > tax(pay, years) {
			t.Fatalf("%d won: %d years cost more than %d", pay, years+1, years)
		}
	}
}

func TestRefusals(t *testing.T) {
	rates := builtIn(t)
	for name, c := range map[string]struct {
		change func(*severance.Input)
		want   payroll.Code
	}{
		"left first":     {func(in *severance.Input) { in.Left = in.Joined }, severance.CodeService},
		"no dates":       {func(in *severance.Input) { in.Joined, in.Left = 0, 0 }, severance.CodeService},
		"no ordinary":    {func(in *severance.Input) { in.OrdinaryDaily = payroll.Fraction{} }, severance.CodeOrdinary},
		"below nothing":  {func(in *severance.Input) { in.OrdinaryDaily.Num = -1 }, severance.CodeOrdinary},
		"above all":      {func(in *severance.Input) { in.OrdinaryDaily = payroll.Fraction{Num: int64(payroll.MaxPay) + 1, Den: 1} }, severance.CodeOrdinary},
		"week too long":  {func(in *severance.Input) { in.WeeklyMinutes = 7*24*60 + 1 }, severance.CodeHours},
		"no wages":       {func(in *severance.Input) { in.Wages = nil }, severance.CodeWages},
		"a gap":          {func(in *severance.Input) { in.Wages[1].From++ }, severance.CodeWages},
		"cut off":        {func(in *severance.Input) { in.Wages = in.Wages[:3] }, severance.CodeWages},
		"wages below 0":  {func(in *severance.Input) { in.Wages[0].Pay = -1 }, severance.CodeWages},
		"all excluded":   {func(in *severance.Input) { in.ExcludedDays = 92 }, severance.CodeWages},
		"bonus below 0":  {func(in *severance.Input) { in.YearBonus = -1 }, payroll.CodePay},
		"too much leave": {func(in *severance.Input) { in.LeavePay = payroll.MaxPay + 1 }, payroll.CodePay},
		"rules unknown": {func(in *severance.Input) {
			in.Left = date(t, "2017-09-16")
			in.Joined, in.Wages = in.Left-1080, filled(in.Left, 1)
		}, payroll.CodeRateMissing},
		"paid too early": {func(in *severance.Input) { in.Paid = payroll.NewMonth(2022, 12) }, payroll.CodeRateMissing},
	} {
		t.Run(name, func(t *testing.T) {
			in := official(t)
			c.change(&in)
			_, err := severance.Compute(rates, in)
			var refused *payroll.Error
			if !errors.As(err, &refused) || refused.Code != c.want || refused.Message == "" {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
