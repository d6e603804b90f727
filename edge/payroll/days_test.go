package payroll_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

// days are days of equal pay.
func days(count int, pay money.Won) []payroll.DayPay {
	return slices.Repeat([]payroll.DayPay{{Pay: pay}}, count)
}

func TestWithholdDays(t *testing.T) {
	rates := builtIn(t)
	for _, c := range []struct {
		days          []payroll.DayPay
		income, local money.Won
	}{
		{days(1, 100_000), 0, 0},
		{days(1, 150_000), 0, 0},
		{days(1, 180_000), 0, 0},
		{days(1, 187_037), 0, 0},
		{days(1, 187_038), 1_000, 100},
		{days(1, 200_000), 1_350, 130},
		{days(1, 250_000), 2_700, 270},
		{days(5, 180_000), 4_050, 400},
		{append(days(1, 180_000), days(30, 90_000)...), 0, 0},
		{append(days(2, 180_000), days(1, 90_000)...), 1_620, 160},
		{[]payroll.DayPay{{Pay: 250_000, TaxFree: 50_000}}, 1_350, 130},
	} {
		got, err := rates.WithholdDays(month(t, "2026-11"), c.days)
		if err != nil {
			t.Fatal(err)
		}
		if got.Income.Amount != c.income || got.Local.Amount != c.local {
			t.Errorf("%v: got %d and %d, want %d and %d", c.days, got.Income.Amount, got.Local.Amount, c.income, c.local)
		}
		if summed := len(c.days) > 1; summed != (len(got.Income.Remarks) > 0) {
			t.Errorf("%v: remarks are %q", c.days, got.Income.Remarks)
		}
	}
}

func TestPayDays(t *testing.T) {
	rates := builtIn(t)
	paid := month(t, "2026-11")
	work := payroll.DayWork{Employed: 1, Days: 10, Hours: 80}
	for name, c := range map[string]struct {
		change               func(*payroll.DayInput)
		pension, health, emp money.Won
		remarked             bool
	}{
		"a month with us": {func(*payroll.DayInput) {}, 95_000, 71_900, 18_000, true},
		"first month":     {func(in *payroll.DayInput) { in.Work.Employed = 0 }, 0, 0, 18_000, false},
		"few hours":       {func(in *payroll.DayInput) { in.Work.Hours = 59 }, 95_000, 0, 18_000, true},
		"few days": {
			func(in *payroll.DayInput) { in.Work.Days, in.Work.Hours = 7, 59 }, 0, 0, 18_000, true,
		},
		"few days, many hours": {func(in *payroll.DayInput) { in.Work.Days = 7 }, 95_000, 71_900, 18_000, true},
		"building, few days": {
			func(in *payroll.DayInput) { in.Work.Days, in.Work.Construction = 7, true }, 0, 71_900, 18_000, true,
		},
		"hired at 65": {
			func(in *payroll.DayInput) { in.Exempt = []payroll.Exemption{payroll.ExemptUnemployment} }, 95_000, 71_900, 0, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := payroll.DayInput{
				Month: paid, Work: work,
				Payouts: []payroll.Payout{{Paid: paid, Days: days(5, 200_000)}, {Paid: paid, Days: days(5, 200_000)}},
			}
			c.change(&in)
			got, err := rates.PayDays(in)
			if err != nil {
				t.Fatal(err)
			}
			if got.Pension.Amount != c.pension || got.Health.Amount != c.health || got.Employment.Amount != c.emp {
				t.Errorf("got %d, %d, %d", got.Pension.Amount, got.Health.Amount, got.Employment.Amount)
			}
			if len(got.Payouts) != 2 || got.Payouts[1].Income.Amount != 6_750 || got.Payouts[1].Local.Amount != 670 {
				t.Errorf("payouts are %+v", got.Payouts)
			}
			if c.remarked != (len(got.Remarks) > 0) {
				t.Errorf("remarks are %q", got.Remarks)
			}
		})
	}
}

// TestPayDaysAddsUp draws months and holds net and deductions to the gross.
func TestPayDaysAddsUp(t *testing.T) {
	rates := builtIn(t)
	random := rand.New(rand.NewPCG(7, 11))
	for range 500 {
		in := payroll.DayInput{
			Month: month(t, "2026-11"),
			Work:  payroll.DayWork{Employed: random.IntN(3), Days: 1 + random.IntN(31), Hours: random.IntN(24)},
		}
		var gross money.Won
		for range 1 + random.IntN(4) {
			payout := payroll.Payout{Paid: in.Month}
			for range 1 + random.IntN(8) {
				pay := money.Won(random.IntN(500_000))
				payout.Days = append(payout.Days, payroll.DayPay{Pay: pay, TaxFree: pay / 10})
				gross += pay
			}
			in.Payouts = append(in.Payouts, payout)
		}
		got, err := rates.PayDays(in)
		if err != nil {
			t.Fatal(err)
		}
		sum := got.Net.Amount
		for _, figure := range got.Deductions() {
			sum += figure.Amount
		}
		if sum != gross {
			t.Fatalf("%+v: net and deductions are %d, gross %d", in, sum, gross)
		}
	}
}

func TestPayDaysRefusals(t *testing.T) {
	rates := builtIn(t)
	for name, c := range map[string]struct {
		change func(*payroll.DayInput)
		want   payroll.Code
	}{
		"good":         {func(*payroll.DayInput) {}, ""},
		"three months": {func(in *payroll.DayInput) { in.Work.Employed = 3 }, payroll.CodeDays},
		"building, three months": {
			func(in *payroll.DayInput) { in.Work.Employed, in.Work.Construction = 3, true }, "",
		},
		"building, a year": {
			func(in *payroll.DayInput) { in.Work.Employed, in.Work.Construction = 12, true }, payroll.CodeDays,
		},
		"no day":          {func(in *payroll.DayInput) { in.Work.Days = 0 }, payroll.CodeDays},
		"too many hours":  {func(in *payroll.DayInput) { in.Work.Hours = 25 }, payroll.CodeDays},
		"nothing paid":    {func(in *payroll.DayInput) { in.Payouts[0].Days = nil }, payroll.CodeDays},
		"pay below 0":     {func(in *payroll.DayInput) { in.Payouts[0].Days[0].Pay = -1 }, payroll.CodePay},
		"free over pay":   {func(in *payroll.DayInput) { in.Payouts[0].Days[0].TaxFree = 200_001 }, payroll.CodeNontaxable},
		"too much in all": {func(in *payroll.DayInput) { in.Payouts[0].Days = days(300, payroll.MaxPay/100) }, payroll.CodePay},
		"no rate":         {func(in *payroll.DayInput) { in.Month = month(t, "2018-12") }, payroll.CodeRateMissing},
		"paid too early":  {func(in *payroll.DayInput) { in.Payouts[0].Paid = month(t, "2018-12") }, payroll.CodeRateMissing},
		"exemption":       {func(in *payroll.DayInput) { in.Exempt = []payroll.Exemption{"all"} }, payroll.CodeExemption},
	} {
		t.Run(name, func(t *testing.T) {
			in := payroll.DayInput{
				Month: month(t, "2026-11"), Work: payroll.DayWork{Days: 1, Hours: 8},
				Payouts: []payroll.Payout{{Paid: month(t, "2026-11"), Days: days(1, 200_000)}},
			}
			c.change(&in)
			if _, err := rates.PayDays(in); code(t, err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestPayFreelance(t *testing.T) {
	rates := builtIn(t)
	for _, c := range []struct {
		paid               string
		amount             money.Won
		income, local, net money.Won
	}{
		{"2026-11", 1_000_000, 30_000, 3_000, 967_000},
		{"2026-11", 1_234_567, 37_030, 3_700, 1_193_837},
		{"2026-11", 30_000, 900, 90, 29_010},
		{"2024-07", 30_000, 900, 90, 29_010},
		{"2024-06", 30_000, 0, 0, 30_000},
		{"2024-06", 33_334, 1_000, 100, 32_234},
	} {
		got, err := rates.PayFreelance(payroll.Freelance{Paid: month(t, c.paid), Amount: c.amount})
		if err != nil {
			t.Fatal(err)
		}
		if got.Income.Amount != c.income || got.Local.Amount != c.local || got.Net.Amount != c.net || len(got.Warnings) > 0 {
			t.Errorf("%s %d: got %d, %d, %d, %q", c.paid, c.amount, got.Income.Amount, got.Local.Amount, got.Net.Amount, got.Warnings)
		}
	}
	for _, sign := range []payroll.Sign{payroll.FixedHours, payroll.FixedPlace, payroll.UnderOrder} {
		got, err := rates.PayFreelance(payroll.Freelance{Paid: month(t, "2026-11"), Amount: 1, Signs: []payroll.Sign{sign}})
		if err != nil || len(got.Warnings) != 1 {
			t.Errorf("%s: warnings %q, error %v", sign, got.Warnings, err)
		}
	}
	if _, err := rates.PayFreelance(payroll.Freelance{Paid: month(t, "2026-11"), Amount: -1}); code(t, err) != payroll.CodePay {
		t.Errorf("got %v", err)
	}
}

func TestServiceCharge(t *testing.T) {
	rates := builtIn(t)
	for _, c := range []struct{ charge, price, income, local money.Won }{
		{100_000, 400_000, 5_000, 500},
		{100_000, 499_999, 5_000, 500},
		{100_000, 500_000, 0, 0},
		{19_999, 0, 0, 0},
		{20_000, 0, 1_000, 100},
		{20_219, 0, 1_010, 100},
	} {
		got, err := rates.WithholdServiceCharge(month(t, "2026-11"), c.charge, c.price)
		if err != nil {
			t.Fatal(err)
		}
		if got.Income.Amount != c.income || got.Local.Amount != c.local || len(got.Income.Remarks) == 0 {
			t.Errorf("%d of %d: got %+v", c.charge, c.price, got)
		}
	}
}

func TestWithholdBonus(t *testing.T) {
	rates := builtIn(t)
	worker := payroll.Worker{Family: 1, Ratio: 100}
	// Three months of 3,000,000 with a bonus of 3,000,000: an average of
	// 4,000,000 with 195,960 a month, less 74,350 twice.
	got, err := rates.WithholdBonus(payroll.Bonus{
		Paid: month(t, "2026-11"), Months: 3, Bonus: 3_000_000, Other: 9_000_000, Withheld: 2 * 74_350, Worker: worker,
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := money.Won(3*195_960 - 2*74_350); got.Income.Amount != want || got.Local.Amount != want/10/10*10 || len(got.Income.Remarks) == 0 {
		t.Errorf("got %+v, want %d", got, want)
	}
	// A bonus for one month is the same as putting it into the month.
	one, err := rates.WithholdBonus(payroll.Bonus{Paid: month(t, "2026-11"), Months: 1, Bonus: 1_000_000, Other: 3_000_000, Worker: worker})
	if err != nil || one.Income.Amount != 195_960 {
		t.Errorf("got %d, %v", one.Income.Amount, err)
	}
	for months, want := range map[int]payroll.Code{0: payroll.CodeBonus, 13: payroll.CodeBonus, 12: ""} {
		if _, err := rates.WithholdBonus(payroll.Bonus{Paid: month(t, "2026-11"), Months: months, Worker: worker}); code(t, err) != want {
			t.Errorf("%d months: got %v", months, err)
		}
	}
}

func TestDate(t *testing.T) {
	for _, text := range []string{"", "2026-11", "2026-02-29", "1970-01-01", "2026-11-23T00:00:00Z", "26-11-23"} {
		if _, err := payroll.ParseDate(text); code(t, err) != payroll.CodeDate {
			t.Errorf("%q: got %v", text, err)
		}
	}
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-11-23", 1, "2026-12-23"},
		{"2026-12-31", 2, "2027-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-01-31", -13, "2024-12-31"},
	} {
		from, err := payroll.ParseDate(c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := from.AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s and %d months: got %s, want %s", c.from, c.months, got, c.want)
		}
		if from.Month().First() > from || from.Month().Last() < from || from.String() != c.from {
			t.Errorf("%s is outside its month", c.from)
		}
	}
}

func TestCost(t *testing.T) {
	rates := builtIn(t)
	result, err := rates.Pay(payroll.Input{
		Month: month(t, "2026-11"), Gross: 3_000_000, Nontaxable: 200_000,
		Worker: payroll.Worker{Family: 1, Ratio: 100}, Employer: payroll.Employer{Industry: "도소매·음식·숙박업"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for severance, want := range map[bool]money.Won{
		false: 3_000_000 + 133_000 + 100_660 + 13_220 + 32_200 + 26_600,
		true:  3_000_000 + 133_000 + 100_660 + 13_220 + 32_200 + 26_600 + 250_000,
	} {
		cost := result.Cost(3_000_000, severance)
		if cost.Total.Amount != want || !severance && cost.Total.Amount != 3_000_000+result.EmployerCost() {
			t.Errorf("severance %v: %d, want %d", severance, cost.Total.Amount, want)
		}
		for _, part := range cost.Parts {
			if part.Rule == "" || len(part.Sources) == 0 {
				t.Errorf("%+v is not explained", part)
			}
		}
	}
}

func TestBilled(t *testing.T) {
	rates := builtIn(t)
	input := payroll.Input{
		Month: month(t, "2026-11"), Gross: 3_000_000, Nontaxable: 200_000, Worker: payroll.Worker{Family: 1, Ratio: 100},
		Billed: map[string]money.Won{"pension": 140_000, "ltc": 0},
	}
	result, err := rates.Pay(input)
	if err != nil {
		t.Fatal(err)
	}
	if result.Pension.Amount != 140_000 || result.LongTermCare.Amount != 0 || result.Health.Amount != 100_660 ||
		result.Net.Amount != 2_665_440-7_000+13_220 || result.EmployerCost() != 140_000+100_660+32_200 {
		t.Errorf("got %+v", result)
	}
	for name, want := range map[string]payroll.Code{"income_tax": payroll.CodeBilled, "health": payroll.CodePay} {
		input.Billed = map[string]money.Won{name: -1}
		if _, err := rates.Pay(input); code(t, err) != want {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}

func TestJoining(t *testing.T) {
	rates := builtIn(t)
	for text, want := range map[string][2]money.Won{
		"2026-11-01": {133_000, 25_200}, "2026-11-02": {0, 25_200}, "2026-10-31": {133_000, 25_200}, "2025-11-15": {133_000, 25_200},
	} {
		joined, err := payroll.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		result, err := rates.Pay(payroll.Input{
			Month: month(t, "2026-11"), Joined: joined, Gross: 2_800_000, Worker: payroll.Worker{Family: 1, Ratio: 100},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]money.Won{result.Pension.Amount, result.Employment.Amount}; got != want {
			t.Errorf("joined %s: got %d, want %d", text, got, want)
		}
		if (result.Pension.Amount == 0) != (result.Health.Amount+result.LongTermCare.Amount == 0) {
			t.Errorf("joined %s: health %d, care %d", text, result.Health.Amount, result.LongTermCare.Amount)
		}
	}
}
