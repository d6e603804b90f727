package worktime

import (
	"slices"

	"shopbox/edge/payroll"
	"shopbox/protocol/holiday"
)

// Input is a worker's month to be counted.
type Input struct {
	Month    payroll.Month
	Schedule Schedule
	// Hired is the first day of employment, Left the last or none. Born is
	// needed only of workers under 18.
	Hired, Left, Born payroll.Date
	// FiveOrMore says every article of the act applies to the shop.
	FiveOrMore bool
	// FullTime is a full-timer's week; 0 is the legal one. Whoever has less
	// is a part-timer (근로기준법 2①9).
	FullTime Minutes
	// AssumeAttended takes contracted days without a record as attended, as
	// with a monthly wage; otherwise they are absences.
	AssumeAttended bool
	// Days are the records. They begin with the week the month begins in: its
	// earlier days decide on overtime and the weekly holiday.
	Days []Day
}

// Counted is the month's time.
type Counted struct {
	Total Total
	// Weeks are those that end in the month: a week's paid holiday belongs to
	// the month of its last day.
	Weeks    []Week
	Warnings []Warning
	// Remarks say what of the counting is unconfirmed.
	Remarks []string
}

// counter holds what stays the same through a month.
type counter struct {
	Input

	law      payroll.WorkingTime
	weekly   payroll.WeeklyHoliday
	labour   payroll.Dated[payroll.LabourDay]
	calendar holiday.Calendar
	records  map[payroll.Date]record
	partTime bool
	result   Counted
}

// Count counts a month. Errors are *payroll.Error, and *holiday.Error for a
// year whose public holidays are not known.
func Count(rates *payroll.Rates, calendar holiday.Calendar, in Input) (Counted, error) {
	c, err := newCounter(rates, calendar, in)
	if err != nil {
		return Counted{}, err
	}
	last := in.Month.Last()
	for from := in.Schedule.weekOf(in.Month.First()); from <= last; from += 7 {
		if err := c.week(from); err != nil {
			return Counted{}, err
		}
	}
	return c.result, nil
}

func newCounter(rates *payroll.Rates, calendar holiday.Calendar, in Input) (*counter, error) {
	law, err := rates.WorkingTime.At("working time", in.Month)
	if err != nil {
		return nil, err
	}
	weekly, err := rates.WeeklyHoliday.At("weekly holiday", in.Month)
	if err != nil {
		return nil, err
	}
	labour, err := rates.LabourDay.At("labour day", in.Month)
	if err != nil {
		return nil, err
	}
	if in.Hired == 0 || in.Left != 0 && in.Left < in.Hired {
		return nil, payroll.Refuse(CodeEmployment, "the employment from %s to %s has no days", in.Hired, in.Left)
	}
	if in.FullTime == 0 {
		in.FullTime = Minutes(law.Value.Weekly)
	}
	c := &counter{
		Input: in, law: law.Value, weekly: weekly.Value, labour: labour, calendar: calendar,
		partTime: in.Schedule.Weekly() < in.FullTime,
	}
	if err := c.checkSchedule(); err != nil {
		return nil, err
	}
	if c.records, err = readDays(in.Days); err != nil {
		return nil, err
	}
	return c, c.checkRecords()
}

// checkRecords holds the records against employment and schedule.
func (c *counter) checkRecords() error {
	for _, d := range c.Days {
		r := c.records[d.Date]
		if len(r.work) > 0 && !c.employed(r.Date) {
			return payroll.Refuse(CodeRecord, "%s has work but is outside the employment", r.Date)
		}
		if r.Exchange == AsWorkday && r.Planned == nil && c.Schedule.Contracted[r.Date.Weekday()] == 0 {
			return payroll.Refuse(CodeRecord, "%s is made a working day and needs its planned time", r.Date)
		}
	}
	return nil
}

// checkSchedule keeps contracted time out of the weekly holiday and, where
// the hours are limited, within the law (근로기준법 2①8): longer days are
// overtime, whatever the contract calls them.
func (c *counter) checkSchedule() error {
	s := c.Schedule
	if err := s.Check(); err != nil {
		return err
	}
	if daily, weekly := c.limits(c.Month.First()); c.FiveOrMore && (slices.Max(s.Contracted[:]) > daily || s.Weekly() > weekly) {
		return payroll.Refuse(CodeSchedule, "the law lets contract %d minutes a day and %d a week; the rest is overtime", daily, weekly)
	}
	if s.Weekly() >= Minutes(c.weekly.LeastWeekly) && s.Contracted[s.WeeklyHoliday] > 0 {
		return payroll.Refuse(CodeSchedule, "work is contracted on the weekly holiday")
	}
	return nil
}

// employed reports whether a day lies in the employment.
func (c *counter) employed(d payroll.Date) bool {
	return d >= c.Hired && (c.Left == 0 || d <= c.Left)
}

// minor reports whether the worker is under 18 on a day (근로기준법 69).
func (c *counter) minor(d payroll.Date) bool { return c.younger(d, c.law.MinorAge) }

func (c *counter) younger(d payroll.Date, years int) bool {
	return c.Born != 0 && d < c.Born.AddMonths(12*years)
}

// limits are the legal hours of a day and a week (근로기준법 50, 69).
func (c *counter) limits(d payroll.Date) (daily, weekly Minutes) {
	if c.minor(d) {
		return Minutes(c.law.MinorDaily), Minutes(c.law.MinorWeekly)
	}
	return Minutes(c.law.Daily), Minutes(c.law.Weekly)
}

// planned is the contracted time of a day.
func (c *counter) planned(d payroll.Date) Minutes {
	if !c.employed(d) {
		return 0
	}
	r := c.records[d]
	if r.Exchange == AsWeeklyHoliday {
		return 0
	}
	if r.Planned != nil {
		return *r.Planned
	}
	return c.Schedule.Contracted[d.Weekday()]
}

func (c *counter) plannedWeek(from payroll.Date) Minutes {
	var sum Minutes
	for d := from; d < from+7; d++ {
		sum += c.planned(d)
	}
	return sum
}
