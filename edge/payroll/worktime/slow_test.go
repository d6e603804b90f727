package worktime_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
)

// clockwork walks every minute of a month and asks of each what it is. It is
// written from the statute's words and shares no code with the counting.
type clockwork struct {
	schedule   worktime.Schedule
	fiveOrMore bool
	free       map[payroll.Date]bool // public holidays
	days       map[payroll.Date]worktime.Day
}

func (c clockwork) walk(m payroll.Month) worktime.Total {
	var total worktime.Total
	start := m.First()
	for start.Weekday() != c.schedule.WeekStart {
		start--
	}
	plainOfWeek := 0
	for d := start; d <= m.Last(); d++ {
		if d.Weekday() == c.schedule.WeekStart {
			plainOfWeek = 0
		}
		var today worktime.Total
		workedToday, record := 0, c.days[d]
		for minute := range 48 * 60 {
			if !working(record, worktime.Minutes(minute)) {
				continue
			}
			workedToday++
			if clock := minute % 1440; clock >= 22*60 || clock < 6*60 {
				today.Night++
			}
			switch {
			case c.holiday(d):
				today.HolidayWork++
				if workedToday > 8*60 {
					today.HolidayOver++
				}
			case c.fiveOrMore && c.overtime(d, workedToday, plainOfWeek):
				today.Overtime++
			default:
				today.Regular++
				plainOfWeek++
				if workedToday > int(c.schedule.Contracted[d.Weekday()]) {
					today.Beyond++
				}
			}
		}
		if d < m.First() {
			continue
		}
		if workedToday > 0 {
			total.Days++
		}
		total.Regular += today.Regular
		total.Beyond += today.Beyond
		total.Overtime += today.Overtime
		total.Night += today.Night
		total.HolidayWork += today.HolidayWork
		total.HolidayOver += today.HolidayOver
	}
	return total
}

func working(d worktime.Day, minute worktime.Minutes) bool {
	in := func(span worktime.Span) bool { return span.From <= minute && minute < span.To }
	return slices.ContainsFunc(d.Spans, in) && !slices.ContainsFunc(d.Breaks, in)
}

func (c clockwork) week() int {
	sum := 0
	for _, minutes := range c.schedule.Contracted {
		sum += int(minutes)
	}
	return sum
}

func (c clockwork) holiday(d payroll.Date) bool {
	if d.Month().Of() == 5 && d.Day() == 1 {
		return true
	}
	if c.week() < 15*60 {
		return false
	}
	return d.Weekday() == c.schedule.WeeklyHoliday || c.fiveOrMore && c.free[d]
}

func (c clockwork) overtime(d payroll.Date, workedToday, plainOfWeek int) bool {
	return workedToday > 8*60 || plainOfWeek >= 40*60 ||
		c.week() < 40*60 && workedToday > int(c.schedule.Contracted[d.Weekday()])
}

// public2026 are the public holidays of 2026 by hand.
func public2026(tb testing.TB) map[payroll.Date]bool {
	tb.Helper()
	free := map[payroll.Date]bool{}
	for _, text := range []string{
		"2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-03-01", "2026-03-02", "2026-05-01", "2026-05-05",
		"2026-05-24", "2026-05-25", "2026-06-03", "2026-06-06", "2026-07-17", "2026-08-15", "2026-08-17", "2026-09-24",
		"2026-09-25", "2026-09-26", "2026-10-03", "2026-10-05", "2026-10-09", "2026-12-25",
	} {
		free[date(tb, text)] = true
	}
	return free
}

// randomSchedule is a contract the law allows in a shop of five and more.
func randomSchedule(random *rand.Rand) worktime.Schedule {
	s := worktime.Schedule{WeeklyHoliday: time.Weekday(random.IntN(7)), WeekStart: time.Weekday(random.IntN(7))}
	left := worktime.Minutes(random.IntN(41)) * worktime.Hour
	for weekday := range s.Contracted {
		if time.Weekday(weekday) != s.WeeklyHoliday {
			s.Contracted[weekday] = min(left, worktime.Minutes(random.IntN(9))*worktime.Hour)
			left -= s.Contracted[weekday]
		}
	}
	return s
}

// randomDay has up to two spans and two breaks, some past midnight.
func randomDay(random *rand.Rand, d payroll.Date) worktime.Day {
	day := worktime.Day{Date: d}
	from := worktime.Minutes(10*60 + random.IntN(8*60))
	for range 1 + random.IntN(2) {
		to := from + worktime.Minutes(1+random.IntN(8*60))
		day.Spans = append(day.Spans, worktime.Span{From: from, To: to})
		from = min(to+worktime.Minutes(random.IntN(3))*30, 1439)
		if from < to {
			break
		}
	}
	for range random.IntN(3) {
		pause := day.Spans[0].From + worktime.Minutes(random.IntN(400))
		day.Breaks = append(day.Breaks, worktime.Span{From: pause, To: pause + worktime.Minutes(1+random.IntN(90))})
	}
	return day
}

// TestSlowVersionAgrees compares random months minute by minute.
func TestSlowVersionAgrees(t *testing.T) {
	l := builtIn(t)
	free := public2026(t)
	random := rand.New(rand.NewPCG(4, 2026))
	for range 100 {
		month := payroll.NewMonth(2026, 2+random.IntN(11))
		slow := clockwork{
			schedule: randomSchedule(random), fiveOrMore: random.IntN(3) > 0, free: free,
			days: map[payroll.Date]worktime.Day{},
		}
		in := employee(t, slow.schedule, nil)
		in.Month, in.FiveOrMore = month, slow.fiveOrMore
		for d := month.First() - 7; d <= month.Last(); d++ {
			if random.IntN(4) > 0 {
				slow.days[d] = randomDay(random, d)
				in.Days = append(in.Days, slow.days[d])
			}
		}
		got, want := total(t, l, in), slow.walk(month)
		got.PublicHoliday, got.Missed = 0, 0 // it walks work only
		if got != want {
			t.Fatalf("%s %+v: got %+v, want %+v", month, slow.schedule, got, want)
		}
	}
}

// TestSplittingChangesNothing cuts every span at random and gives the pieces
// in another order.
func TestSplittingChangesNothing(t *testing.T) {
	l := builtIn(t)
	random := rand.New(rand.NewPCG(5, 2026))
	for range 100 {
		in := employee(t, randomSchedule(random), nil)
		cut := in
		for d := in.Month.First(); d <= in.Month.Last(); d++ {
			day := randomDay(random, d)
			in.Days = append(in.Days, day)
			var pieces []worktime.Span
			for _, span := range day.Spans {
				at := span.From + worktime.Minutes(random.IntN(int(span.To-span.From)))
				if at > span.From && at < 1440 {
					pieces = append(pieces, worktime.Span{From: at, To: span.To}, worktime.Span{From: span.From, To: at})
				} else {
					pieces = append(pieces, span)
				}
			}
			day.Spans = pieces
			cut.Days = append(cut.Days, day)
		}
		slices.Reverse(cut.Days)
		if got, want := total(t, l, cut), total(t, l, in); got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	}
}
