package wage_test

import (
	"testing"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/wage"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

func TestTaxFreeItems(t *testing.T) {
	l := builtIn(t)
	allowance := func(kind wage.TaxFree, won money.Won, children int) func(*wage.Month) {
		return func(m *wage.Month) {
			m.Contract.Allowances = append(m.Contract.Allowances,
				wage.Allowance{Name: string(kind), Amount: won, TaxFree: kind, Children: children})
		}
	}
	birth := func(born string, payment int) func(*wage.Month) {
		return func(m *wage.Month) {
			m.Extras = append(m.Extras, wage.Extra{
				Name: "출산지원금", Amount: 50_000_000, TaxFree: wage.BirthSupport, Born: date(t, born), Payment: payment,
			})
		}
	}
	for name, c := range map[string]struct {
		month  string
		change []func(*wage.Month)
		want   money.Won
	}{
		"none":                     {"2026-11", nil, 0},
		"meal":                     {"2026-11", []func(*wage.Month){allowance(wage.Meal, 150_000, 0)}, 150_000},
		"meal over the limit":      {"2026-11", []func(*wage.Month){allowance(wage.Meal, 250_000, 0)}, 200_000},
		"two meal items":           {"2026-11", []func(*wage.Month){allowance(wage.Meal, 150_000, 0), allowance(wage.Meal, 100_000, 0)}, 200_000},
		"meal and car":             {"2026-11", []func(*wage.Month){allowance(wage.Meal, 250_000, 0), allowance(wage.OwnCar, 250_000, 0)}, 400_000},
		"two children, 2026":       {"2026-11", []func(*wage.Month){allowance(wage.ChildCare, 500_000, 2)}, 400_000},
		"two children, 2025":       {"2025-11", []func(*wage.Month){allowance(wage.ChildCare, 500_000, 2)}, 200_000},
		"no child":                 {"2026-11", []func(*wage.Month){allowance(wage.ChildCare, 500_000, 0)}, 0},
		"birth":                    {"2026-11", []func(*wage.Month){birth("2024-11-30", 2)}, 50_000_000},
		"birth, third payment":     {"2026-11", []func(*wage.Month){birth("2026-01-30", 3)}, 0},
		"birth, two years ago":     {"2026-11", []func(*wage.Month){birth("2024-10-30", 1)}, 0},
		"birth beside other bonus": {"2026-11", []func(*wage.Month){func(m *wage.Month) { m.Extras = append(m.Extras, wage.Extra{Name: "상여", Amount: 7}) }, birth("2026-01-30", 1)}, 50_000_000},
	} {
		t.Run(name, func(t *testing.T) {
			m := month(t, wage.Monthly, 2_500_000, schedule(8, 5))
			var err error
			if m.Month, err = payroll.ParseMonth(c.month); err != nil {
				t.Fatal(err)
			}
			m.Days = nil
			for _, change := range c.change {
				change(&m)
			}
			if got := l.pay(t, m); got.Nontaxable != c.want {
				t.Errorf("got %d tax-free of %+v, want %d", got.Nontaxable, got.Items, c.want)
			}
		})
	}
}

// TestPremiumPayTaxFree: 20 hours of overtime are 300,000 won at 10,000 an
// hour, of a fixed pay of 2,090,000.
func TestPremiumPayTaxFree(t *testing.T) {
	l := builtIn(t)
	for name, c := range map[string]struct {
		change func(*wage.Month)
		want   money.Won
	}{
		"service job":          {func(*wage.Month) {}, 300_000},
		"office job":           {func(m *wage.Month) { m.Contract.ServiceJob = false }, 0},
		"nearly used up":       {func(m *wage.Month) { m.PremiumTaxFree = 2_150_000 }, 250_000},
		"used up":              {func(m *wage.Month) { m.PremiumTaxFree = 2_400_000 }, 0},
		"last year at limit":   {func(m *wage.Month) { m.LastYearPay = 37_000_000 }, 300_000},
		"last year over":       {func(m *wage.Month) { m.LastYearPay = 37_000_001 }, 0},
		"fixed pay at limit":   {func(m *wage.Month) { fixed(m, 510_000, wage.Taxable) }, 300_000},
		"fixed pay over":       {func(m *wage.Month) { fixed(m, 510_001, wage.Taxable) }, 0},
		"car money aside":      {func(m *wage.Month) { fixed(m, 600_000, wage.OwnCar) }, 300_000 + 200_000},
		"bonus aside":          {func(m *wage.Month) { m.Extras = []wage.Extra{{Name: "상여", Amount: 9_000_000}} }, 300_000},
		"2025: lower limits":   {func(m *wage.Month) { m.Month -= 12; m.Days = overtimeOf(m); fixed(m, 10_001, wage.Taxable) }, 0},
		"shop of four and two": {func(m *wage.Month) { m.Shop.FiveOrMore = false }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := month(t, wage.Monthly, 2_090_000, schedule(8, 5))
			m.Shop.Hours, m.Contract.ServiceJob = wage.HoursUp, true
			m.Days = overtimeOf(&m)
			c.change(&m)
			got := l.pay(t, m)
			if got.Nontaxable != c.want {
				t.Errorf("got %d of %v, want %d", got.Nontaxable, amounts(got), c.want)
			}
		})
	}
}

func fixed(m *wage.Month, won money.Won, kind wage.TaxFree) {
	m.Contract.Allowances = []wage.Allowance{{Name: "수당", Amount: won, TaxFree: kind}}
}

// overtimeOf is ten days of two hours' overtime.
func overtimeOf(m *wage.Month) []worktime.Day {
	days := attended(*m)
	for i, d := range days {
		if d.Date >= m.Month.First() && i < 15 {
			days[i] = work(d.Date, 9*worktime.Hour, 10*worktime.Hour)
		}
	}
	return days
}

func TestMinimumWage(t *testing.T) {
	l := builtIn(t)
	for name, c := range map[string]struct {
		per       wage.Per
		won       money.Won
		change    func(*wage.Contract)
		month     string
		met       bool
		required  money.Won
		shortfall money.Won
	}{
		"hourly":              {wage.Hourly, 10_320, nil, "2026-11", true, 10_320, 0},
		"hourly, a won less":  {wage.Hourly, 10_319, nil, "2026-11", false, 10_320, 1},
		"hourly in 2027":      {wage.Hourly, 10_320, nil, "2027-01", false, 10_700, 380},
		"daily":               {wage.Daily, 82_560, nil, "2026-11", true, 10_320, 0},
		"daily, a won less":   {wage.Daily, 82_559, nil, "2026-11", false, 10_320, 1},
		"monthly":             {wage.Monthly, 2_156_880, nil, "2026-11", true, 10_320, 0},
		"monthly, a won less": {wage.Monthly, 2_156_879, nil, "2026-11", false, 10_320, 1},
		"monthly, 20 hours":   {wage.Monthly, 1_076_229, half, "2026-11", true, 10_320, 0}, // 24 x 365 / 84 h
		"20 hours, less":      {wage.Monthly, 1_076_228, half, "2026-11", false, 10_320, 1},
		"with meal money":     {wage.Monthly, 1_956_880, with(wage.Allowance{Amount: 200_000, TaxFree: wage.Meal}), "2026-11", true, 10_320, 0},
		"meals in kind":       {wage.Monthly, 1_956_880, with(wage.Allowance{Amount: 200_000, InKind: true}), "2026-11", false, 10_320, 957},
		"lump for overtime":   {wage.Monthly, 1_956_880, with(wage.Allowance{Amount: 200_000, NoMinimum: true}), "2026-11", false, 10_320, 957},
		"car money":           {wage.Monthly, 1_956_880, with(wage.Allowance{Amount: 200_000, TaxFree: wage.OwnCar}), "2026-11", false, 10_320, 957},
		"paid Saturday":       {wage.Monthly, 2_332_320, func(c *wage.Contract) { c.Schedule.PaidRest = 240 }, "2026-11", true, 10_320, 0},
		"paid Saturday, less": {wage.Monthly, 2_332_319, func(c *wage.Contract) { c.Schedule.PaidRest = 240 }, "2026-11", false, 10_320, 1},
		"probation":           {wage.Hourly, 9_288, probation("2026-09-01", 12), "2026-11", true, 9_288, 0},
		"probation, less":     {wage.Hourly, 9_287, probation("2026-09-01", 12), "2026-11", false, 9_288, 1},
		"probation without end": {
			wage.Hourly, 9_288, probation("2026-09-01", 0), "2026-11", true, 9_288, 0,
		},
		"probation over":     {wage.Hourly, 9_288, probation("2026-08-31", 12), "2026-11", false, 10_320, 1_032},
		"short contract":     {wage.Hourly, 9_288, probation("2026-09-01", 11), "2026-11", false, 10_320, 1_032},
		"simple labour":      {wage.Hourly, 9_288, func(c *wage.Contract) { probation("2026-09-01", 12)(c); c.SimpleLabour = true }, "2026-11", false, 10_320, 1_032},
		"six months of it":   {wage.Hourly, 9_288, func(c *wage.Contract) { probation("2026-06-01", 12)(c); c.ProbationMonths = 6 }, "2026-11", false, 10_320, 1_032},
		"probation not said": {wage.Hourly, 9_288, func(c *wage.Contract) { probation("2026-09-01", 12)(c); c.ProbationMonths = 0 }, "2026-11", false, 10_320, 1_032},
	} {
		t.Run(name, func(t *testing.T) {
			m := month(t, c.per, c.won, schedule(8, 5))
			m.Days = nil
			var err error
			if m.Month, err = payroll.ParseMonth(c.month); err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(&m.Contract)
			}
			result := l.pay(t, m)
			got := result.Minimum
			if got.Met != c.met || got.Required.Amount != c.required || got.Shortfall != c.shortfall {
				t.Errorf("got %t, %d, %d with %+v; want %t, %d, %d",
					got.Met, got.Required.Amount, got.Shortfall, got.Hourly, c.met, c.required, c.shortfall)
			}
			warned := false
			for _, w := range result.Warnings {
				warned = warned || w.Code == wage.BelowMinimum
			}
			if warned == c.met {
				t.Errorf("warned is %t", warned)
			}
		})
	}
}

func half(c *wage.Contract) { c.Schedule = schedule(4, 5) }

func with(a wage.Allowance) func(*wage.Contract) {
	a.Name = "수당"
	return func(c *wage.Contract) { c.Allowances = []wage.Allowance{a} }
}

func probation(hired string, term int) func(*wage.Contract) {
	return func(c *wage.Contract) {
		d, err := payroll.ParseDate(hired)
		if err != nil {
			panic(err)
		}
		c.Hired, c.TermMonths, c.ProbationMonths = d, term, 3
	}
}

func TestRefused(t *testing.T) {
	l := builtIn(t)
	for name, c := range map[string]struct {
		change func(*wage.Month)
		want   payroll.Code
	}{
		"fine":                 {func(*wage.Month) {}, ""},
		"per year":             {func(m *wage.Month) { m.Contract.Per = "year" }, wage.CodeContract},
		"below nothing":        {func(m *wage.Month) { m.Contract.Wage = -1 }, payroll.CodePay},
		"too much":             {func(m *wage.Month) { m.Contract.Wage = payroll.MaxPay + 1 }, payroll.CodePay},
		"no hours":             {func(m *wage.Month) { m.Contract.Schedule = worktime.Schedule{} }, wage.CodeContract},
		"hourly without hours": {func(m *wage.Month) { m.Contract.Per, m.Contract.Schedule = wage.Hourly, worktime.Schedule{} }, ""},
		"rest that eats all":   {func(m *wage.Month) { m.Contract.Schedule.PaidRest = -2880 }, worktime.CodeSchedule},
		"ordinary, no hours": {func(m *wage.Month) {
			m.Contract.Per, m.Contract.Schedule = wage.Hourly, worktime.Schedule{}
			m.Contract.Allowances = []wage.Allowance{{Name: "a", Amount: 1, Ordinary: true}}
		}, wage.CodeContract},
		"term below nothing":    {func(m *wage.Month) { m.Contract.TermMonths = -1 }, wage.CodeContract},
		"nameless allowance":    {func(m *wage.Month) { m.Contract.Allowances = []wage.Allowance{{Amount: 1}} }, wage.CodeContract},
		"allowance below":       {func(m *wage.Month) { m.Contract.Allowances = []wage.Allowance{{Name: "a", Amount: -1}} }, payroll.CodePay},
		"odd tax-free kind":     {func(m *wage.Month) { fixed(m, 1, "yacht") }, wage.CodeContract},
		"nameless extra":        {func(m *wage.Month) { m.Extras = []wage.Extra{{Amount: 1}} }, wage.CodeExtra},
		"birth without a child": {func(m *wage.Month) { m.Extras = []wage.Extra{{Name: "a", Amount: 1, TaxFree: wage.BirthSupport}} }, wage.CodeExtra},
		"wrong explanation": {func(m *wage.Month) {
			m.Extras = []wage.Extra{{Name: "a", Amount: 1, Figure: &payroll.Figure{Amount: 2}}}
		}, wage.CodeExtra},
		"gross below nothing": {func(m *wage.Month) { m.Extras = []wage.Extra{{Name: "a", Amount: -9_000_000}} }, payroll.CodePay},
		"taken back":          {func(m *wage.Month) { m.Extras = []wage.Extra{{Name: "a", Amount: -9_000}} }, ""},
		"not yet hired":       {func(m *wage.Month) { m.Contract.Hired = m.Month.Last() + 1; m.Days = nil }, worktime.CodeEmployment},
		"hours down":          {func(m *wage.Month) { m.Shop.Hours = "down" }, wage.CodeContract},
		"bad record":          {func(m *wage.Month) { m.Days = append(m.Days, m.Days[0]) }, worktime.CodeRecord},
		"no law":              {func(m *wage.Month) { m.Month = payroll.NewMonth(2016, 1) }, payroll.CodeRateMissing},
	} {
		t.Run(name, func(t *testing.T) {
			m := month(t, wage.Monthly, 2_500_000, schedule(8, 5))
			c.change(&m)
			if _, err := wage.Pay(&l.rates, l.calendar, m); code(t, err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
