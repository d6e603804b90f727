package worktime

import (
	"slices"

	"shopbox/edge/payroll"
)

// weekOf is the first day of the working week a day is in.
func (s Schedule) weekOf(d payroll.Date) payroll.Date {
	return d - payroll.Date((d.Weekday()-s.WeekStart+7)%7)
}

// tally is a week while it is counted.
type tally struct {
	Week

	// used is what the legal week has taken, planned the contracted time.
	used, planned Minutes
	attended      int
	broken, late  bool
}

// week counts the days of a week up to the end of the month, and its paid
// holiday if the week ends in the month.
func (c *counter) week(from payroll.Date) error {
	t := tally{Week: Week{From: from, To: from + 6, Average: c.average(from)}, planned: c.plannedWeek(from)}
	covered := t.Average.Num >= int64(c.weekly.LeastWeekly)*t.Average.Den
	first, last := c.Month.First(), c.Month.Last()
	for d := from; d <= min(t.To, last); d++ {
		if !c.employed(d) {
			continue
		}
		day, err := c.count(d, t.used, covered)
		if err != nil {
			return err
		}
		t.add(day)
		t.late = t.late || has(c.records[d], LateEarly)
		c.warnRecord(d, day)
		if d >= first {
			c.result.Total.add(day.Total)
			c.warnDay(d, day)
			c.remark(d)
		}
	}
	if t.To <= last && t.To >= c.Hired && (c.Left == 0 || c.Left >= from) {
		c.close(&t, covered)
		c.result.Weeks = append(c.result.Weeks, t.Week)
		c.warnWeek(&t)
	}
	return nil
}

func (t *tally) add(d counted) {
	t.used += d.Regular
	t.Worked += d.Worked()
	t.broken = t.broken || d.broken
	if d.attended {
		t.attended++
	}
}

func (t *Total) add(d Total) {
	t.Days += d.Days
	t.Regular += d.Regular
	t.Beyond += d.Beyond
	t.Overtime += d.Overtime
	t.HolidayWork += d.HolidayWork
	t.HolidayOver += d.HolidayOver
	t.Night += d.Night
	t.PublicHoliday += d.PublicHoliday
	t.PaidLeave += d.PaidLeave
	t.Missed += d.Missed
}

// average is the contracted time of a week over the four weeks that end with
// this one, or those of them that lie in the employment (근로기준법 18③). A
// worker with no whole week yet has the contract's.
func (c *counter) average(from payroll.Date) payroll.Fraction {
	var sum, weeks Minutes
	for i := range payroll.Date(c.weekly.Weeks) {
		start := from - 7*i
		if start >= c.Hired && (c.Left == 0 || start+6 <= c.Left) {
			sum += c.plannedWeek(start)
			weeks++
		}
	}
	if weeks == 0 {
		return payroll.Fraction{Num: int64(c.Schedule.Weekly()), Den: 1}
	}
	return reduced(int64(sum), int64(weeks))
}

// close decides on the week's paid holiday (근로기준법 55①, 시행령 30①).
func (c *counter) close(t *tally, covered bool) {
	t.Holiday = payroll.Fraction{Den: 1}
	switch {
	case !covered:
		t.Reason = UnderHours
	case c.Left != 0 && c.Left < t.To:
		t.Reason = LeftBefore
	case t.broken:
		t.Reason = NotAttended
	case t.attended == 0:
		t.Reason = NoAttended
	default:
		t.Reason = Due
		t.Holiday = c.holidayOf(t)
	}
	t.remark(c)
}

// holidayOf is a day's share of the week (근로기준법 시행령 별표 2), at most
// the legal day. The week of joining has its own contracted time.
func (c *counter) holidayOf(t *tally) payroll.Fraction {
	week := t.Average
	if c.Hired > t.From {
		week = payroll.Fraction{Num: int64(t.planned), Den: 1}
	}
	return dailyShare(week, c.weekly)
}

func dailyShare(week payroll.Fraction, law payroll.WeeklyHoliday) payroll.Fraction {
	days := week.Den * int64(law.Days)
	if week.Num > int64(law.Most)*days {
		return payroll.Fraction{Num: int64(law.Most), Den: 1}
	}
	return reduced(week.Num, days)
}

// HolidayOf is the weekly holiday a schedule earns in minutes, 0 below the
// least weekly time (근로기준법 18③, 55①).
func HolidayOf(s Schedule, law payroll.WeeklyHoliday) payroll.Fraction {
	if s.Weekly() < Minutes(law.LeastWeekly) {
		return payroll.Fraction{Den: 1}
	}
	return dailyShare(payroll.Fraction{Num: int64(s.Weekly()), Den: 1}, law)
}

// remark says what the decision rests on beside the statute.
func (t *tally) remark(c *counter) {
	for _, remark := range []struct {
		holds bool
		text  string
	}{
		{t.Reason == LeftBefore, "unconfirmed: a week not completed because of leaving earns no weekly holiday"},
		{t.Reason == Due && c.Left == t.To, "unconfirmed: a week completed on the day of leaving earns its weekly holiday (view of the ministry since August 2021)"},
		{t.Reason == Due && c.Hired > t.From, "unconfirmed: the week of joining earns a weekly holiday by its own contracted time"},
		{t.Reason == Due && t.late, "unconfirmed: coming late or leaving early is no absence"},
		{t.Reason == Due && t.Worked == 0 && !c.AssumeAttended, "unconfirmed: a week of leave and holidays alone earns its weekly holiday here; the ministry may see none due"},
	} {
		if remark.holds {
			t.Remarks = append(t.Remarks, remark.text)
		}
	}
}

// remark notes the readings the day's record makes use of.
func (c *counter) remark(d payroll.Date) {
	r := c.records[d]
	if len(r.work) > 0 && r.work[len(r.work)-1].To > day {
		c.note("unconfirmed: work past midnight counts with the day it began on, also into or out of a holiday")
	}
	if r.Exchange != "" {
		c.note("a holiday was exchanged: this needs an agreement before the day, in writing for public holidays (근로기준법 55②)")
	}
}

func (c *counter) note(text string) {
	if !slices.Contains(c.result.Remarks, text) {
		c.result.Remarks = append(c.result.Remarks, text)
	}
}

// reduced is num over den in lowest terms.
func reduced(num, den int64) payroll.Fraction {
	a, b := num, den
	for b != 0 {
		a, b = b, a%b
	}
	return payroll.Fraction{Num: num / a, Den: den / a}
}
