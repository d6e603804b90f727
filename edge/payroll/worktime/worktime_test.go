package worktime_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/holiday"
)

// law is what the tests count by.
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

func (l law) count(in worktime.Input) (worktime.Counted, error) {
	return worktime.Count(&l.rates, l.calendar, in)
}

func date(tb testing.TB, text string) payroll.Date {
	tb.Helper()
	d, err := payroll.ParseDate(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// code is the code of a refusal, "" of none.
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

// weekdaysOf is so many hours on each day from Monday, with Sunday as the
// weekly holiday of a week from Monday.
func weekdaysOf(hours worktime.Minutes, days int) worktime.Schedule {
	s := worktime.Schedule{WeeklyHoliday: time.Sunday, WeekStart: time.Monday}
	for i := range days {
		s.Contracted[1+i] = hours * worktime.Hour
	}
	return s
}

// fullMonth records the contracted time of each day of a month and the week
// it begins in, from nine o'clock and with the break the law asks.
func fullMonth(s worktime.Schedule, m payroll.Month) []worktime.Day {
	var days []worktime.Day
	for d := m.First() - 7; d <= m.Last(); d++ {
		if minutes := s.Contracted[d.Weekday()]; minutes > 0 {
			days = append(days, shift(d, 9*worktime.Hour, minutes))
		}
	}
	return days
}

// shift is work of a length with a break half way.
func shift(d payroll.Date, from, length worktime.Minutes) worktime.Day {
	pause := length / 240 * 30
	half := from + length/2
	return worktime.Day{
		Date:   d,
		Spans:  []worktime.Span{{From: from, To: from + length + pause}},
		Breaks: []worktime.Span{{From: half, To: half + max(1, pause)}}[:min(1, pause)],
	}
}

// without drops days of a record.
func without(days []worktime.Day, dates ...payroll.Date) []worktime.Day {
	var rest []worktime.Day
	for _, d := range days {
		keep := true
		for _, date := range dates {
			keep = keep && d.Date != date
		}
		if keep {
			rest = append(rest, d)
		}
	}
	return rest
}

func november() payroll.Month { return payroll.NewMonth(2026, 11) }

// employee is hired long ago in a shop of five and more.
func employee(tb testing.TB, s worktime.Schedule, days []worktime.Day) worktime.Input {
	tb.Helper()
	return worktime.Input{
		Month: november(), Schedule: s, Hired: date(tb, "2025-01-06"), FiveOrMore: true, Days: days,
	}
}

// TestWeeklyHoliday: November 2026 begins on a Sunday; its weeks end on 1, 8,
// 15, 22 and 29.
func TestWeeklyHoliday(t *testing.T) {
	l := builtIn(t)
	for name, c := range map[string]struct {
		schedule worktime.Schedule
		num, den int64
		reason   worktime.Reason
	}{
		"40 hours":          {weekdaysOf(8, 5), 480, 1, worktime.Due},
		"20 hours":          {weekdaysOf(4, 5), 240, 1, worktime.Due},
		"16 hours":          {weekdaysOf(8, 2), 192, 1, worktime.Due},
		"15 hours exactly":  {weekdaysOf(3, 5), 180, 1, worktime.Due},
		"14 hours":          {weekdaysOf(7, 2), 0, 1, worktime.UnderHours},
		"one minute short":  {worktime.Schedule{Contracted: [7]worktime.Minutes{1: 480, 2: 419}, WeekStart: time.Monday}, 0, 1, worktime.UnderHours},
		"a minute more":     {worktime.Schedule{Contracted: [7]worktime.Minutes{1: 480, 2: 421}, WeekStart: time.Monday}, 901, 5, worktime.Due},
		"no fixed contract": {worktime.Schedule{WeekStart: time.Monday}, 0, 1, worktime.UnderHours},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := l.count(employee(t, c.schedule, fullMonth(c.schedule, november())))
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Weeks) != 5 {
				t.Fatalf("got %d weeks, want 5", len(got.Weeks))
			}
			for _, week := range got.Weeks {
				if week.Holiday != (payroll.Fraction{Num: c.num, Den: c.den}) || week.Reason != c.reason {
					t.Errorf("week to %s: got %+v %s, want %d/%d %s", week.To, week.Holiday, week.Reason, c.num, c.den, c.reason)
				}
			}
		})
	}
}

// TestWeekDecided looks at the week from Monday 9 to Sunday 15 November.
func TestWeekDecided(t *testing.T) {
	l := builtIn(t)
	s := weekdaysOf(8, 5)
	tuesday := date(t, "2026-11-10")
	all := fullMonth(s, november())
	replace := func(day worktime.Day) []worktime.Day {
		return append(without(all, tuesday), day)
	}
	late := shift(tuesday, 10*worktime.Hour, 420)
	late.Absences = []worktime.Absence{{Kind: worktime.LateEarly, Minutes: 60}}
	gone := func(kind worktime.AbsenceKind) worktime.Day {
		return worktime.Day{Date: tuesday, Absences: []worktime.Absence{{Kind: kind}}}
	}
	var leave []worktime.Day
	for d := tuesday - 1; d < tuesday+4; d++ {
		leave = append(leave, worktime.Day{Date: d, Absences: []worktime.Absence{{Kind: worktime.PaidLeave}}})
	}
	rest := without(all, tuesday-1, tuesday, tuesday+1, tuesday+2, tuesday+3)
	var excused []worktime.Day
	for _, d := range leave {
		excused = append(excused, worktime.Day{Date: d.Date, Absences: []worktime.Absence{{Kind: worktime.Excused}}})
	}
	for name, c := range map[string]struct {
		days   []worktime.Day
		left   string
		assume bool
		want   worktime.Reason
		missed worktime.Minutes
	}{
		"worked":             {all, "", false, worktime.Due, 0},
		"absent":             {replace(gone(worktime.Absent)), "", false, worktime.NotAttended, 480},
		"late":               {replace(late), "", false, worktime.Due, 60},
		"on leave":           {replace(gone(worktime.PaidLeave)), "", false, worktime.Due, 0},
		"excused":            {replace(gone(worktime.Excused)), "", false, worktime.Due, 480},
		"no record":          {without(all, tuesday), "", false, worktime.NotAttended, 480},
		"no record, monthly": {without(all, tuesday), "", true, worktime.Due, 0},
		"a week of leave":    {slices.Concat(rest, leave), "", false, worktime.Due, 0},
		"a week excused":     {slices.Concat(rest, excused), "", false, worktime.NoAttended, 2400},
		"left on Friday":     {until(all, date(t, "2026-11-13")), "2026-11-13", false, worktime.LeftBefore, 0},
		"left on Sunday":     {until(all, date(t, "2026-11-13")), "2026-11-15", false, worktime.Due, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in := employee(t, s, c.days)
			in.AssumeAttended = c.assume
			if c.left != "" {
				in.Left = date(t, c.left)
			}
			got, err := l.count(in)
			if err != nil {
				t.Fatal(err)
			}
			week := got.Weeks[2]
			if week.From != tuesday-1 || week.Reason != c.want || got.Total.Missed != c.missed {
				t.Errorf("got %s %s and %d missed, want %s and %d", week.From, week.Reason, got.Total.Missed, c.want, c.missed)
			}
		})
	}
}

func until(days []worktime.Day, last payroll.Date) []worktime.Day {
	var rest []worktime.Day
	for _, d := range days {
		if d.Date <= last {
			rest = append(rest, d)
		}
	}
	return rest
}

// TestFirstWeek: hired on Wednesday 4 November, the week of joining has its
// own share and the next ones the contract's.
func TestFirstWeek(t *testing.T) {
	l := builtIn(t)
	s := weekdaysOf(4, 5)
	in := employee(t, s, nil)
	in.Hired = date(t, "2026-11-04")
	for _, d := range fullMonth(s, november()) {
		if d.Date >= in.Hired {
			in.Days = append(in.Days, d)
		}
	}
	got, err := l.count(in)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{144, 240, 240, 240} { // 12 h / 5, then 20 h / 5
		if got.Weeks[i].Holiday != (payroll.Fraction{Num: want, Den: 1}) {
			t.Errorf("week to %s: got %+v, want %d", got.Weeks[i].To, got.Weeks[i].Holiday, want)
		}
	}
}

// TestRoster: 20 and 10 hours by turns are 15 on average, so every week has a
// paid holiday of 3 hours.
func TestRoster(t *testing.T) {
	l := builtIn(t)
	s := weekdaysOf(4, 5)
	in := employee(t, s, nil)
	short := worktime.Minutes(120)
	for d := date(t, "2026-09-28"); d <= november().Last(); d++ {
		if s.Contracted[d.Weekday()] == 0 {
			continue
		}
		day := shift(d, 9*worktime.Hour, 240)
		if d/7%2 == 0 {
			day = shift(d, 9*worktime.Hour, short)
			day.Planned = &short
		}
		in.Days = append(in.Days, day)
	}
	got, err := l.count(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, week := range got.Weeks {
		if week.Holiday != (payroll.Fraction{Num: 180, Den: 1}) {
			t.Errorf("week to %s: got %+v on average %+v", week.To, week.Holiday, week.Average)
		}
	}
}

// TestKinds counts one Tuesday's, Saturday's or Sunday's work beside a plain
// week.
func TestKinds(t *testing.T) {
	l := builtIn(t)
	full, part := weekdaysOf(8, 5), weekdaysOf(4, 5)
	h := worktime.Hour
	for name, c := range map[string]struct {
		schedule worktime.Schedule
		day      string
		spans    []worktime.Span
		small    bool
		want     worktime.Total // only the day's
	}{
		"plain":                {full, "2026-11-10", []worktime.Span{{9 * h, 17 * h}}, false, worktime.Total{Regular: 480}},
		"overtime":             {full, "2026-11-10", []worktime.Span{{9 * h, 19 * h}}, false, worktime.Total{Regular: 480, Overtime: 120}},
		"overtime at night":    {full, "2026-11-10", []worktime.Span{{14 * h, 24 * h}}, false, worktime.Total{Regular: 480, Overtime: 120, Night: 120}},
		"past midnight":        {full, "2026-11-10", []worktime.Span{{22 * h, 31 * h}}, false, worktime.Total{Regular: 480, Overtime: 60, Night: 480}},
		"early":                {full, "2026-11-10", []worktime.Span{{4 * h, 12 * h}}, false, worktime.Total{Regular: 480, Night: 120}},
		"Saturday":             {full, "2026-11-14", []worktime.Span{{9 * h, 13 * h}}, false, worktime.Total{Overtime: 240}},
		"Sunday":               {full, "2026-11-15", []worktime.Span{{9 * h, 17 * h}}, false, worktime.Total{HolidayWork: 480}},
		"long Sunday":          {full, "2026-11-15", []worktime.Span{{13 * h, 23 * h}}, false, worktime.Total{HolidayWork: 600, HolidayOver: 120, Night: 60}},
		"part-timer":           {part, "2026-11-10", []worktime.Span{{9 * h, 14 * h}}, false, worktime.Total{Regular: 240, Overtime: 60}},
		"part-timer, Saturday": {part, "2026-11-14", []worktime.Span{{9 * h, 10 * h}}, false, worktime.Total{Overtime: 60}},
		"small shop":           {full, "2026-11-10", []worktime.Span{{9 * h, 19 * h}}, true, worktime.Total{Regular: 600, Beyond: 120}},
		"small shop, Sunday":   {full, "2026-11-15", []worktime.Span{{9 * h, 19 * h}}, true, worktime.Total{HolidayWork: 600, HolidayOver: 120}},
	} {
		t.Run(name, func(t *testing.T) {
			rest := without(fullMonth(c.schedule, november()), date(t, c.day))
			in := employee(t, c.schedule, rest)
			in.FiveOrMore = !c.small
			before := total(t, l, in)
			in.Days = slices.Concat(rest, []worktime.Day{{Date: date(t, c.day), Spans: c.spans}})
			got := total(t, l, in)
			diff := worktime.Total{
				Regular: got.Regular - before.Regular, Beyond: got.Beyond - before.Beyond,
				Overtime: got.Overtime - before.Overtime, Night: got.Night - before.Night,
				HolidayWork: got.HolidayWork - before.HolidayWork, HolidayOver: got.HolidayOver - before.HolidayOver,
			}
			if diff != c.want {
				t.Errorf("got %+v, want %+v", diff, c.want)
			}
			if got.Days != before.Days+1 {
				t.Errorf("got %d days after %d", got.Days, before.Days)
			}
		})
	}
}

func total(tb testing.TB, l law, in worktime.Input) worktime.Total {
	tb.Helper()
	got, err := l.count(in)
	if err != nil {
		tb.Fatal(err)
	}
	return got.Total
}

// TestPublicHolidays are paid and, worked on, holiday work; only May 1 is one
// in a shop under five or for less than 15 hours a week.
func TestPublicHolidays(t *testing.T) {
	l := builtIn(t)
	full, short := weekdaysOf(8, 5), weekdaysOf(2, 5)
	for name, c := range map[string]struct {
		month        payroll.Month
		schedule     worktime.Schedule
		small        bool
		paid, worked worktime.Minutes
	}{
		"February 2026":           {payroll.NewMonth(2026, 2), full, false, 3 * 480, 3 * 480},
		"February, small shop":    {payroll.NewMonth(2026, 2), full, true, 0, 0},
		"February, short week":    {payroll.NewMonth(2026, 2), short, false, 0, 0},
		"May 2026":                {payroll.NewMonth(2026, 5), full, false, 3 * 480, 3 * 480}, // 1, 5, 25
		"May, small shop":         {payroll.NewMonth(2026, 5), full, true, 480, 480},
		"May, short week":         {payroll.NewMonth(2026, 5), short, false, 120, 120},
		"May 2025":                {payroll.NewMonth(2025, 5), full, false, 3 * 480, 3 * 480}, // 1, 5, 6
		"July 2025: no 17th":      {payroll.NewMonth(2025, 7), full, false, 0, 0},
		"July 2026":               {payroll.NewMonth(2026, 7), full, false, 480, 480},
		"September 2026: 24, 25":  {payroll.NewMonth(2026, 9), full, false, 2 * 480, 2 * 480},
		"May 2027: 3, 5, 13":      {payroll.NewMonth(2027, 5), full, false, 3 * 480, 3 * 480},
		"November 2026 has none":  {november(), full, false, 0, 0},
		"October 2025: 3, 6 to 9": {payroll.NewMonth(2025, 10), full, false, 5 * 480, 5 * 480},
	} {
		t.Run(name, func(t *testing.T) {
			in := employee(t, c.schedule, fullMonth(c.schedule, c.month))
			in.Month, in.FiveOrMore = c.month, !c.small
			got := total(t, l, in)
			if got.PublicHoliday != c.paid || got.HolidayWork != c.worked {
				t.Errorf("got %d paid and %d worked, want %d and %d", got.PublicHoliday, got.HolidayWork, c.paid, c.worked)
			}
		})
	}
	in := employee(t, full, nil)
	in.Month = payroll.NewMonth(2028, 2)
	var unknown *holiday.Error
	if _, err := l.count(in); !errors.As(err, &unknown) || unknown.Code != holiday.CodeYear {
		t.Errorf("2028: got %v, want %s", err, holiday.CodeYear)
	}
}

// TestExchange moves a public holiday and a weekly one to a Wednesday.
func TestExchange(t *testing.T) {
	l := builtIn(t)
	s := weekdaysOf(8, 5)
	july := payroll.NewMonth(2026, 7)
	plain := without(fullMonth(s, july), date(t, "2026-07-17"))
	wednesday := date(t, "2026-07-15")
	off := func(kind worktime.Exchange) worktime.Day { return worktime.Day{Date: wednesday, Exchange: kind} }
	worked := func(text string) worktime.Day {
		day := shift(date(t, text), 9*worktime.Hour, 480)
		day.Exchange, day.Planned = worktime.AsWorkday, new(worktime.Minutes(480))
		return day
	}
	base := worktime.Total{Days: 22, Regular: 22 * 480, PublicHoliday: 480}
	for name, c := range map[string]struct {
		days []worktime.Day
		want worktime.Total
	}{
		"free":              {plain, base},
		"public, exchanged": {slices.Concat(without(plain, wednesday), []worktime.Day{worked("2026-07-17"), off(worktime.AsPublicHoliday)}), base},
		"weekly, exchanged": {slices.Concat(without(plain, wednesday), []worktime.Day{worked("2026-07-19"), off(worktime.AsWeeklyHoliday)}), base},
	} {
		t.Run(name, func(t *testing.T) {
			in := employee(t, s, c.days)
			in.Month = july
			got, err := l.count(in)
			if err != nil {
				t.Fatal(err)
			}
			if got.Total != c.want || got.Weeks[2].Reason != worktime.Due {
				t.Errorf("got %+v and %s, want %+v", got.Total, got.Weeks[2].Reason, c.want)
			}
		})
	}
	in := employee(t, s, []worktime.Day{worked("2026-05-01")})
	in.Month = payroll.NewMonth(2026, 5)
	if got := total(t, l, in); got.HolidayWork != 480 {
		t.Errorf("May 1 was moved: %+v", got)
	}
}

// TestRemarks: what is unconfirmed is said where it decided something.
func TestRemarks(t *testing.T) {
	l := builtIn(t)
	s := weekdaysOf(8, 5)
	tuesday := date(t, "2026-11-10")
	plain := fullMonth(s, november())
	late := shift(tuesday, 10*worktime.Hour, 420)
	late.Absences = []worktime.Absence{{Kind: worktime.LateEarly, Minutes: 60}}
	for name, c := range map[string]struct {
		day             worktime.Day
		left            string
		remarks, weekly int
		joined          bool
	}{
		"plain":         {shift(tuesday, 9*worktime.Hour, 480), "", 0, 0, false},
		"past midnight": {shift(tuesday, 20*worktime.Hour, 480), "", 1, 0, false},
		"late":          {late, "", 0, 1, false},
		"left":          {shift(tuesday, 9*worktime.Hour, 480), "2026-11-15", 0, 1, false},
		"joined":        {shift(tuesday, 9*worktime.Hour, 480), "", 0, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			in := employee(t, s, slices.Concat(without(plain, tuesday), []worktime.Day{c.day}))
			if c.joined {
				in.Hired = tuesday
				in.Days = slices.DeleteFunc(in.Days, func(d worktime.Day) bool { return d.Date < tuesday })
			}
			if c.left != "" {
				in.Left = date(t, c.left)
				in.Days = until(in.Days, in.Left)
			}
			got, err := l.count(in)
			if err != nil {
				t.Fatal(err)
			}
			weekly := 0
			for _, week := range got.Weeks {
				weekly += len(week.Remarks)
			}
			if len(got.Remarks) != c.remarks || weekly != c.weekly {
				t.Errorf("got %q and %+v", got.Remarks, got.Weeks)
			}
		})
	}
}
