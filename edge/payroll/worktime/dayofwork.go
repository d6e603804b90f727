package worktime

import "shopbox/edge/payroll"

// rest is why a day is a holiday.
type rest int

const (
	workday rest = iota
	weeklyRest
	publicRest
)

// counted is one day's time and what it means for the week's attendance.
type counted struct {
	Total

	rest    rest
	planned Minutes
	// attended is a contracted day worked, or one paid without work; broken
	// is one missed without leave.
	attended, broken bool
}

// count sorts a day's time into its kinds. used is what the week's legal
// hours have already taken; covered says the rules of holidays apply to the
// worker (근로기준법 18③).
func (c *counter) count(d payroll.Date, used Minutes, covered bool) (counted, error) {
	rest, err := c.restOn(d, covered)
	if err != nil {
		return counted{}, err
	}
	r, recorded := c.records[d]
	result := counted{rest: rest, planned: c.planned(d)}
	worked := length(r.work)
	if worked > 0 {
		result.Days = 1
		result.Night = within(r.work, Span{From: Minutes(c.law.NightFrom), To: Minutes(c.law.NightTo)})
	}
	if rest != workday {
		result.HolidayWork = worked
		result.HolidayOver = max(0, worked-Minutes(c.law.Daily))
		if rest == publicRest {
			result.PublicHoliday = result.planned
			result.attended = result.planned > 0
		}
		c.ignored(r)
		return result, nil
	}
	result.Regular = min(worked, c.plainTime(d, used))
	result.Overtime = worked - result.Regular
	if err := c.absences(&result, r); err != nil {
		return counted{}, err
	}
	c.attendance(&result, r, recorded && (worked > 0 || len(r.Absences) > 0))
	// Time made up for what was missed that day is inside the contract.
	result.Beyond = min(result.Regular, max(0, result.Regular+result.PaidLeave+result.Missed-result.planned))
	return result, nil
}

// plainTime is how long a day may be worked without overtime premium: the
// legal day, the rest of the legal week, and a part-timer's own contract
// (근로기준법 50, 69; 기간제법 6③). Shops under five have no such limit.
func (c *counter) plainTime(d payroll.Date, used Minutes) Minutes {
	if !c.FiveOrMore {
		return 2 * day
	}
	daily, weekly := c.limits(d)
	plain := max(0, min(daily, weekly-used))
	if c.partTime {
		plain = min(plain, c.planned(d))
	}
	return plain
}

// restOn finds the holiday a day is. May 1 is one for everyone by its own
// act; public holidays are for shops of five and more (근로기준법 55②).
func (c *counter) restOn(d payroll.Date, covered bool) (rest, error) {
	exchange := c.records[d].Exchange
	if covered && exchange == AsWeeklyHoliday {
		return weeklyRest, nil
	}
	if covered && exchange != AsWorkday && d.Weekday() == c.Schedule.WeeklyHoliday {
		return weeklyRest, nil
	}
	if _, month, number := d.Time().Date(); int(month) == c.labour.Value.Month && number == c.labour.Value.Day {
		return publicRest, nil
	}
	if !covered || !c.FiveOrMore || exchange == AsWorkday {
		return workday, nil
	}
	if exchange == AsPublicHoliday {
		return publicRest, nil
	}
	holidays, err := c.calendar.On(d.Time())
	if err != nil || len(holidays) == 0 {
		return workday, err
	}
	return publicRest, nil
}

// absences adds up what was not worked. Together they are no longer than the
// contracted day.
func (c *counter) absences(result *counted, r record) error {
	if result.planned == 0 {
		c.ignored(r)
		return nil
	}
	for _, a := range r.Absences {
		minutes := a.Minutes
		if minutes == 0 {
			minutes = result.planned
		}
		if a.Kind == PaidLeave {
			result.PaidLeave += minutes
		} else {
			result.Missed += minutes
		}
	}
	if result.PaidLeave+result.Missed > result.planned {
		return payroll.Refuse(CodeRecord, "%s misses more than the %d minutes contracted", r.Date, result.planned)
	}
	return nil
}

// attendance says what a contracted working day means for the week
// (근로기준법 시행령 30①). Coming late breaks nothing.
func (c *counter) attendance(result *counted, r record, known bool) {
	worked := result.Regular + result.Overtime
	switch {
	case result.planned == 0:
	case !known && c.AssumeAttended:
		result.attended = true
	case !known:
		result.broken = true
		result.Missed = result.planned
	default:
		result.attended = worked > 0 || result.PaidLeave > 0 || has(r, LateEarly)
		result.broken = !result.attended && has(r, Absent)
	}
}

func has(r record, kind AbsenceKind) bool {
	for _, a := range r.Absences {
		if a.Kind == kind {
			return true
		}
	}
	return false
}
