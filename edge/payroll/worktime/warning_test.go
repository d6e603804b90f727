package worktime_test

import (
	"slices"
	"testing"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
)

func has(counted worktime.Counted, code worktime.WarningCode) bool {
	return slices.ContainsFunc(counted.Warnings, func(w worktime.Warning) bool {
		return w.Code == code && w.Korean != "" && w.English != "" && w.Source != ""
	})
}

// TestWarnings changes one day of a good month, or the worker.
func TestWarnings(t *testing.T) {
	l := builtIn(t)
	full := weekdaysOf(8, 5)
	tuesday, sunday := date(t, "2026-11-10"), date(t, "2026-11-15")
	h := worktime.Hour
	day := func(d payroll.Date, from, hours worktime.Minutes) []worktime.Day {
		return append(without(fullMonth(full, november()), d), shift(d, from*h, hours*h))
	}
	child := func(text string) func(*worktime.Input) {
		return func(in *worktime.Input) {
			in.Born = date(t, text)
			in.Schedule = weekdaysOf(7, 5)
		}
	}
	monthly := func(in *worktime.Input) { in.AssumeAttended = true }
	for name, c := range map[string]struct {
		days   []worktime.Day
		change func(*worktime.Input)
		code   worktime.WarningCode
		want   bool
	}{
		"52 hours":            {day(sunday, 9, 12), nil, worktime.WeekOverLimit, false},
		"53 hours":            {day(sunday, 9, 13), nil, worktime.WeekOverLimit, true},
		"53 hours, small":     {day(sunday, 9, 13), func(in *worktime.Input) { in.FiveOrMore = false }, worktime.WeekOverLimit, false},
		"part-timer, 13 more": {day(tuesday, 8, 12), func(in *worktime.Input) { in.Schedule = weekdaysOf(6, 5) }, worktime.PartTimeOverLimit, true},
		"minor, 8 hours":      {day(tuesday, 9, 8), child("2009-12-01"), worktime.MinorDayOver, false},
		"minor, 9 hours":      {day(tuesday, 9, 9), child("2009-12-01"), worktime.MinorDayOver, true},
		"18 since Monday":     {day(tuesday, 9, 9), child("2008-11-09"), worktime.MinorDayOver, false},
		"minor, 40 hours":     {day(tuesday, 9, 8), child("2009-12-01"), worktime.MinorWeekOver, false},
		"minor, 41 hours":     {day(tuesday, 9, 9), child("2009-12-01"), worktime.MinorWeekOver, true},
		"minor at night":      {day(tuesday, 16, 7), child("2009-12-01"), worktime.MinorAtNight, true},
		"minor on Sunday":     {day(sunday, 9, 2), child("2009-12-01"), worktime.MinorOnHoliday, true},
		"fifteen":             {day(tuesday, 9, 7), child("2011-11-01"), worktime.TooYoung, false},
		"fourteen":            {day(tuesday, 9, 7), child("2012-01-01"), worktime.TooYoung, true},
		"break":               {day(tuesday, 9, 8), nil, worktime.BreakTooShort, false},
		"no break": {
			append(without(fullMonth(full, november()), tuesday), worktime.Day{Date: tuesday, Spans: []worktime.Span{{9 * h, 13 * h}}}),
			nil, worktime.BreakTooShort, true,
		},
		"short day":      {day(tuesday, 9, 7), monthly, worktime.WorkedLess, true},
		"no record":      {without(fullMonth(full, november()), tuesday), nil, worktime.NoRecord, true},
		"all recorded":   {fullMonth(full, november()), nil, worktime.NoRecord, false},
		"Sunday missing": {append(fullMonth(full, november()), worktime.Day{Date: sunday, Absences: []worktime.Absence{{Kind: worktime.Absent}}}), nil, worktime.AbsenceIgnored, true},
	} {
		t.Run(name, func(t *testing.T) {
			in := employee(t, full, c.days)
			if c.change != nil {
				c.change(&in)
			}
			got, err := l.count(in)
			if err != nil {
				t.Fatal(err)
			}
			if has(got, c.code) != c.want {
				t.Errorf("%s is %t in %+v", c.code, !c.want, got.Warnings)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	l := builtIn(t)
	full := weekdaysOf(8, 5)
	d := date(t, "2026-11-10")
	h := worktime.Hour
	over := day(25)
	for name, c := range map[string]struct {
		change func(*worktime.Input)
		want   payroll.Code
	}{
		"no hire date":       {func(in *worktime.Input) { in.Hired = 0 }, worktime.CodeEmployment},
		"left before hired":  {func(in *worktime.Input) { in.Left = in.Hired - 1 }, worktime.CodeEmployment},
		"nine hours a day":   {func(in *worktime.Input) { in.Schedule.Contracted[1] = 9 * h }, worktime.CodeSchedule},
		"48 hours":           {func(in *worktime.Input) { in.Schedule.Contracted[6] = 8 * h }, worktime.CodeSchedule},
		"below nothing":      {func(in *worktime.Input) { in.Schedule.Contracted[1] = -1 }, worktime.CodeSchedule},
		"Sunday contracted":  {func(in *worktime.Input) { in.Schedule.Contracted = [7]worktime.Minutes{480, 480} }, worktime.CodeSchedule},
		"no such weekday":    {func(in *worktime.Input) { in.Schedule.WeekStart = 7 }, worktime.CodeSchedule},
		"minor, 40 hours":    {func(in *worktime.Input) { in.Born = date(t, "2010-01-01") }, worktime.CodeSchedule},
		"two records":        {days(worktime.Day{Date: d}, worktime.Day{Date: d}), worktime.CodeRecord},
		"backwards":          {days(worktime.Day{Date: d, Spans: []worktime.Span{{9 * h, 9 * h}}}), worktime.CodeRecord},
		"before midnight":    {days(worktime.Day{Date: d, Spans: []worktime.Span{{-1, 9 * h}}}), worktime.CodeRecord},
		"two days long":      {days(worktime.Day{Date: d, Spans: []worktime.Span{{9 * h, 49 * h}}}), worktime.CodeRecord},
		"begins tomorrow":    {days(worktime.Day{Date: d, Spans: []worktime.Span{{25 * h, 26 * h}}}), worktime.CodeRecord},
		"at once":            {days(worktime.Day{Date: d, Spans: []worktime.Span{{9 * h, 12 * h}, {11 * h, 13 * h}}}), worktime.CodeRecord},
		"into the next day":  {days(worktime.Day{Date: d, Spans: []worktime.Span{{20 * h, 30 * h}}}, worktime.Day{Date: d + 1, Spans: []worktime.Span{{5 * h, 9 * h}}}), worktime.CodeRecord},
		"bad break":          {days(worktime.Day{Date: d, Breaks: []worktime.Span{{9 * h, 8 * h}}}), worktime.CodeRecord},
		"unknown absence":    {days(worktime.Day{Date: d, Absences: []worktime.Absence{{Kind: "moon"}}}), worktime.CodeRecord},
		"unknown exchange":   {days(worktime.Day{Date: d, Exchange: "moon"}), worktime.CodeRecord},
		"Sunday, no plan":    {days(worktime.Day{Date: d + 5, Exchange: worktime.AsWorkday}), worktime.CodeRecord},
		"absence too long":   {days(worktime.Day{Date: d, Absences: []worktime.Absence{{Kind: worktime.Absent, Minutes: 481}}}), worktime.CodeRecord},
		"absence of a year":  {days(worktime.Day{Date: d, Absences: []worktime.Absence{{Kind: worktime.Absent, Minutes: 1 << 40}}}), worktime.CodeRecord},
		"planned over a day": {days(worktime.Day{Date: d, Planned: &over}), worktime.CodeRecord},
		"before hired":       {days(worktime.Day{Date: date(t, "2025-01-05"), Spans: []worktime.Span{{9 * h, 10 * h}}}), worktime.CodeRecord},
		"no law":             {func(in *worktime.Input) { in.Month = payroll.NewMonth(2017, 1) }, payroll.CodeRateMissing},
		"long, small shop":   {func(in *worktime.Input) { in.Schedule.Contracted[1] = 9 * h; in.FiveOrMore = false }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := employee(t, full, nil)
			c.change(&in)
			if _, err := l.count(in); code(t, err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func day(hours worktime.Minutes) worktime.Minutes { return hours * worktime.Hour }

func days(records ...worktime.Day) func(*worktime.Input) {
	return func(in *worktime.Input) { in.Days = records }
}
