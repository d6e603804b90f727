package wage_test

import (
	"errors"
	"testing"
	"time"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/wage"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/holiday"
	"shopbox/protocol/money"
)

// law is what the tests pay by.
type law struct {
	rates    payroll.Rates
	calendar holiday.Calendar
}

func builtIn(tb testing.TB) law {
	tb.Helper()
	rates, err := payroll.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	calendar, err := holiday.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	return law{rates: rates, calendar: calendar}
}

func (l law) pay(tb testing.TB, m wage.Month) wage.Result {
	tb.Helper()
	result, err := wage.Pay(&l.rates, l.calendar, m)
	if err != nil {
		tb.Fatal(err)
	}
	check(tb, result)
	return result
}

// check holds every result to what must always be true.
func check(tb testing.TB, result wage.Result) {
	tb.Helper()
	var gross, nontaxable money.Won
	for _, item := range result.Items {
		gross += item.Amount
		nontaxable += item.Nontaxable
		if item.Nontaxable < 0 || item.Nontaxable > max(0, item.Amount) {
			tb.Errorf("%s: %d of %d is tax-free", item.Name, item.Nontaxable, item.Amount)
		}
		if item.Name == "" || item.Rule == "" || len(item.Inputs) == 0 || item.Rate.Den == 0 || len(item.Sources) == 0 {
			tb.Errorf("%s is not explained: %+v", item.Name, item.Figure)
		}
	}
	if gross != result.Gross || nontaxable != result.Nontaxable {
		tb.Errorf("items sum to %d and %d, the result says %d and %d", gross, nontaxable, result.Gross, result.Nontaxable)
	}
}

func date(tb testing.TB, text string) payroll.Date {
	tb.Helper()
	d, err := payroll.ParseDate(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func code(tb testing.TB, err error) payroll.Code {
	tb.Helper()
	if err == nil {
		return ""
	}
	var refused *payroll.Error
	if !errors.As(err, &refused) {
		tb.Fatalf("%v carries no code", err)
	}
	return refused.Code
}

// amounts are the items by name.
func amounts(result wage.Result) map[string]money.Won {
	named := map[string]money.Won{}
	for _, item := range result.Items {
		named[item.Name] += item.Amount
	}
	return named
}

func schedule(hours worktime.Minutes, days int) worktime.Schedule {
	s := worktime.Schedule{WeeklyHoliday: time.Sunday, WeekStart: time.Monday}
	for i := range days {
		s.Contracted[1+i] = hours * worktime.Hour
	}
	return s
}

func november() payroll.Month { return payroll.NewMonth(2026, 11) }

// month is a worker's plain month in a shop of five and more.
func month(tb testing.TB, per wage.Per, won money.Won, s worktime.Schedule) wage.Month {
	tb.Helper()
	m := wage.Month{
		Month:    november(),
		Contract: wage.Contract{Per: per, Wage: won, Schedule: s, Hired: date(tb, "2025-01-06")},
		Shop:     wage.Shop{FiveOrMore: true},
	}
	m.Days = attended(m)
	return m
}

// attended records the contracted time of the month and the week before.
func attended(m wage.Month) []worktime.Day {
	var days []worktime.Day
	for d := max(m.Contract.Hired, m.Month.First()-7); d <= m.Month.Last(); d++ {
		if minutes := m.Contract.Schedule.Contracted[d.Weekday()]; minutes > 0 {
			days = append(days, work(d, 9*worktime.Hour, minutes))
		}
	}
	return days
}

// work is so long from a time, with an hour's break after 4 hours if longer.
func work(d payroll.Date, from, length worktime.Minutes) worktime.Day {
	day := worktime.Day{Date: d, Spans: []worktime.Span{{From: from, To: from + length}}}
	if length > 4*worktime.Hour {
		day.Spans[0].To += worktime.Hour
		day.Breaks = []worktime.Span{{From: from + 4*worktime.Hour, To: from + 5*worktime.Hour}}
	}
	return day
}

// replaced puts a day in the place of the one with its date.
func replaced(days []worktime.Day, day worktime.Day) []worktime.Day {
	var rest []worktime.Day
	for _, d := range days {
		if d.Date != day.Date {
			rest = append(rest, d)
		}
	}
	return append(rest, day)
}

// TestWeeklyHolidayPay has the worked examples: five weeks end in November.
func TestWeeklyHolidayPay(t *testing.T) {
	l := builtIn(t)
	for name, c := range map[string]struct {
		s    worktime.Schedule
		week money.Won
	}{
		"40 hours": {schedule(8, 5), 82_560},
		"20 hours": {schedule(4, 5), 41_280},
		"16 hours": {schedule(8, 2), 33_024},
		"15 hours": {schedule(3, 5), 30_960},
		"14 hours": {schedule(7, 2), 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := month(t, wage.Hourly, 10_320, c.s)
			if got := amounts(l.pay(t, m))[wage.ItemWeeklyHoliday]; got != 5*c.week {
				t.Errorf("got %d, want 5 x %d", got, c.week)
			}
			m.Shop.FiveOrMore = false
			if got := amounts(l.pay(t, m))[wage.ItemWeeklyHoliday]; got != 5*c.week {
				t.Errorf("small shop: got %d, want 5 x %d", got, c.week)
			}
		})
	}
}

// TestMonthHours: 209 is 208.57 made whole, from 48 x 365 / 7 / 12.
func TestMonthHours(t *testing.T) {
	l := builtIn(t)
	weekly, err := l.rates.WeeklyHoliday.At("weekly holiday", november())
	if err != nil {
		t.Fatal(err)
	}
	saturday := schedule(8, 5)
	saturday.PaidRest = 4 * worktime.Hour
	twoDays := schedule(8, 5)
	twoDays.PaidRest = 8 * worktime.Hour
	for name, c := range map[string]struct {
		s        worktime.Schedule
		num, den int64 // hours
		up       int64
		nearest  int64
	}{
		"40 hours":               {schedule(8, 5), 1460, 7, 209, 209},
		"with a paid half day":   {saturday, 52 * 365, 84, 226, 226},
		"with two paid days":     {twoDays, 56 * 365, 84, 244, 243},
		"20 hours":               {schedule(4, 5), 24 * 365, 84, 105, 104},
		"15 hours":               {schedule(3, 5), 18 * 365, 84, 79, 78},
		"14 hours":               {schedule(7, 2), 14 * 365, 84, 61, 61},
		"54 hours, small shop":   {schedule(9, 6), 62 * 365, 84, 270, 269},
		"30 hours, three paid 6": {schedule(6, 5), 36 * 365, 84, 157, 156},
	} {
		t.Run(name, func(t *testing.T) {
			for rounding, want := range map[wage.HourRounding]payroll.Fraction{
				wage.ExactHours: {Num: c.num, Den: c.den}, wage.HoursUp: {Num: c.up, Den: 1}, wage.HoursNearest: {Num: c.nearest, Den: 1},
			} {
				got, err := wage.MonthMinutes(c.s, weekly.Value, rounding)
				if err != nil {
					t.Fatal(err)
				}
				if got.Num*want.Den != 60*want.Num*got.Den {
					t.Errorf("%q: got %+v minutes, want %+v hours", rounding, got, want)
				}
			}
		})
	}
	if _, err := wage.MonthMinutes(schedule(8, 5), weekly.Value, "down"); code(t, err) != wage.CodeContract {
		t.Errorf("down: got %v", err)
	}
}

func TestOrdinaryWage(t *testing.T) {
	l := builtIn(t)
	for name, c := range map[string]struct {
		per      wage.Per
		won      money.Won
		rounding wage.HourRounding
		meal     money.Won
		want     payroll.Fraction
	}{
		"hourly":             {wage.Hourly, 10_320, wage.ExactHours, 0, payroll.Fraction{Num: 10_320, Den: 1}},
		"daily":              {wage.Daily, 100_000, wage.ExactHours, 0, payroll.Fraction{Num: 12_500, Den: 1}},
		"monthly, 209":       {wage.Monthly, 2_156_880, wage.HoursUp, 0, payroll.Fraction{Num: 10_320, Den: 1}},
		"monthly, exact":     {wage.Monthly, 2_156_880, wage.ExactHours, 0, payroll.Fraction{Num: 2_156_880 * 7 / 20, Den: 1460 / 20}},
		"monthly with meals": {wage.Monthly, 2_156_880, wage.HoursUp, 209_000, payroll.Fraction{Num: 11_320, Den: 1}},
		"hourly with meals":  {wage.Hourly, 10_320, wage.HoursUp, 209_000, payroll.Fraction{Num: 11_320, Den: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			m := month(t, c.per, c.won, schedule(8, 5))
			m.Shop.Hours = c.rounding
			if c.meal > 0 {
				m.Contract.Allowances = []wage.Allowance{
					{Name: "식대", Amount: c.meal, Ordinary: true, TaxFree: wage.Meal}, {Name: "자가운전", Amount: 100_000, TaxFree: wage.OwnCar},
				}
			}
			got := l.pay(t, m)
			if got.Hourly != c.want || got.Ordinary.Amount != money.Won((c.want.Num+c.want.Den-1)/c.want.Den) {
				t.Errorf("got %+v, %d; want %+v", got.Hourly, got.Ordinary.Amount, c.want)
			}
		})
	}
}

// TestPremiums pays one more piece of work by each kind at 10,000 won.
func TestPremiums(t *testing.T) {
	l := builtIn(t)
	h := worktime.Hour
	for name, c := range map[string]struct {
		date         string
		from, length worktime.Minutes
		full, small  money.Won // over the plain month, with and without premium
	}{
		"overtime":               {"2026-11-10", 9 * h, 10 * h, 30_000, 20_000},
		"overtime at night":      {"2026-11-10", 15 * h, 10 * h, 30_000 + 20_000, 20_000}, // to 02:00: 4 h of night
		"Saturday":               {"2026-11-14", 9 * h, 4 * h, 60_000, 40_000},
		"Sunday":                 {"2026-11-15", 9 * h, 8 * h, 120_000, 80_000},
		"Sunday, 10 hours":       {"2026-11-15", 9 * h, 10 * h, 120_000 + 40_000, 100_000},
		"Sunday night, 10 hours": {"2026-11-15", 13 * h, 10 * h, 120_000 + 40_000 + 10_000, 100_000}, // to 24:00
	} {
		t.Run(name, func(t *testing.T) {
			for _, per := range []wage.Per{wage.Hourly, wage.Daily, wage.Monthly} {
				won := map[wage.Per]money.Won{wage.Hourly: 10_000, wage.Daily: 80_000, wage.Monthly: 2_090_000}[per]
				m := month(t, per, won, schedule(8, 5))
				m.Shop.Hours = wage.HoursUp
				before := l.pay(t, m).Gross
				m.Days = replaced(m.Days, work(date(t, c.date), c.from, c.length))
				if got := l.pay(t, m).Gross - before; got != c.full {
					t.Errorf("%s: got %d more, want %d", per, got, c.full)
				}
				m.Shop.FiveOrMore = false
				if got := l.pay(t, m).Gross - before; got != c.small {
					t.Errorf("%s in a small shop: got %d more, want %d", per, got, c.small)
				}
			}
		})
	}
}

// TestPartTimePremium: beyond the contract is overtime within 8 hours already.
func TestPartTimePremium(t *testing.T) {
	l := builtIn(t)
	m := month(t, wage.Hourly, 10_000, schedule(4, 5))
	before := l.pay(t, m).Gross
	m.Days = replaced(m.Days, work(date(t, "2026-11-10"), 9*worktime.Hour, 6*worktime.Hour))
	if got := l.pay(t, m).Gross - before; got != 30_000 {
		t.Errorf("got %d more, want 30,000", got)
	}
	m.Shop.FullTime = 20 * worktime.Hour
	if got := l.pay(t, m).Gross - before; got != 20_000 {
		t.Errorf("where 20 hours are full-time: got %d more, want 20,000", got)
	}
}

// TestPublicHolidayPay in May 2026, with the 1st, 5th and 25th.
func TestPublicHolidayPay(t *testing.T) {
	l := builtIn(t)
	for name, c := range map[string]struct {
		worked, small bool
		paid, work    money.Won
	}{
		"free":               {false, false, 240_000, 0},
		"worked":             {true, false, 240_000, 360_000},
		"small shop, free":   {false, true, 80_000, 0},
		"small shop, worked": {true, true, 80_000, 80_000},
	} {
		t.Run(name, func(t *testing.T) {
			m := month(t, wage.Hourly, 10_000, schedule(8, 5))
			m.Month, m.Shop.FiveOrMore = payroll.NewMonth(2026, 5), !c.small
			m.Days = attended(m)
			for _, text := range []string{"2026-05-01", "2026-05-05", "2026-05-25"} {
				if !c.worked {
					m.Days = replaced(m.Days, worktime.Day{Date: date(t, text)})
				}
			}
			got := amounts(l.pay(t, m))
			if got[wage.ItemPublicHoliday] != c.paid || got[wage.ItemHolidayWork] != c.work {
				t.Errorf("got %v, want %d and %d", got, c.paid, c.work)
			}
		})
	}
}

// TestMonthlyWage covers absence, joining and leaving at 2,090,000 won, 10,000
// an hour.
func TestMonthlyWage(t *testing.T) {
	l := builtIn(t)
	tuesday := date(t, "2026-11-10")
	gone := func(kind worktime.AbsenceKind, minutes worktime.Minutes) worktime.Day {
		return worktime.Day{Date: tuesday, Absences: []worktime.Absence{{Kind: kind, Minutes: minutes}}}
	}
	late := work(tuesday, 11*worktime.Hour, 6*worktime.Hour)
	late.Absences = []worktime.Absence{{Kind: worktime.LateEarly, Minutes: 120}}
	madeUp := work(tuesday, 11*worktime.Hour, 8*worktime.Hour)
	madeUp.Absences = late.Absences
	half := work(tuesday, 9*worktime.Hour, 4*worktime.Hour)
	half.Absences = []worktime.Absence{{Kind: worktime.PaidLeave, Minutes: 240}}
	for name, c := range map[string]struct {
		day         worktime.Day
		hired, left string
		want        money.Won
	}{
		"plain":             {worktime.Day{Date: tuesday}, "", "", 2_090_000},
		"absent":            {gone(worktime.Absent, 0), "", "", 2_090_000 - 160_000},
		"excused":           {gone(worktime.Excused, 0), "", "", 2_090_000 - 80_000},
		"two hours late":    {late, "", "", 2_090_000 - 20_000},
		"late, but made up": {madeUp, "", "", 2_090_000},
		"on leave":          {gone(worktime.PaidLeave, 0), "", "", 2_090_000},
		"half a day's":      {half, "", "", 2_090_000},
		"hired on the 16th": {worktime.Day{Date: date(t, "2026-11-17")}, "2026-11-16", "", 1_045_000},
		"left on the 10th":  {worktime.Day{Date: tuesday}, "", "2026-11-10", 696_667},
		"both":              {worktime.Day{Date: tuesday}, "2026-11-10", "2026-11-10", 69_667},
	} {
		t.Run(name, func(t *testing.T) {
			m := month(t, wage.Monthly, 2_090_000, schedule(8, 5))
			m.Shop.Hours = wage.HoursUp
			if c.hired != "" {
				m.Contract.Hired = date(t, c.hired)
			}
			if c.left != "" {
				m.Contract.Left = date(t, c.left)
			}
			m.Days = []worktime.Day{c.day}
			if got := l.pay(t, m); got.Gross != c.want {
				t.Errorf("got %d %v, want %d", got.Gross, amounts(got), c.want)
			}
		})
	}
}

// TestOneDayOfAMonth: hours deducted may be more than 209, yet the day worked
// is paid.
func TestOneDayOfAMonth(t *testing.T) {
	l := builtIn(t)
	m := month(t, wage.Monthly, 2_090_000, schedule(8, 5))
	m.Month, m.Shop.Hours, m.Shop.FiveOrMore = payroll.NewMonth(2026, 12), wage.HoursUp, false
	m.Days = nil
	for d := m.Month.First() - 7; d <= m.Month.Last(); d++ {
		if m.Contract.Schedule.Contracted[d.Weekday()] > 0 {
			m.Days = append(m.Days, worktime.Day{Date: d, Absences: []worktime.Absence{{Kind: worktime.Absent}}})
		}
	}
	if got := l.pay(t, m).Gross; got != 0 {
		t.Errorf("absent all month: got %d", got)
	}
	m.Days = replaced(m.Days, work(date(t, "2026-12-10"), 9*worktime.Hour, 8*worktime.Hour))
	if got := l.pay(t, m).Gross; got != 80_000 {
		t.Errorf("one day worked: got %d, want 80,000", got)
	}
}
