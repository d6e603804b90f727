package payroll

// WorkingTime are the limits of working time, in minutes, and of ages, in
// years. edge/payroll/worktime counts by them.
type WorkingTime struct {
	// Staff makes a shop one to which every article applies
	// (근로기준법 11①).
	Staff int `json:"staff"`
	// Daily and Weekly are the legal hours (50); WeeklyOvertime is what may
	// be agreed on top (53①), PartTimeOvertime on top of a part-timer's
	// contract (기간제법 6①).
	Daily            int `json:"daily"`
	Weekly           int `json:"weekly"`
	WeeklyOvertime   int `json:"weekly_overtime"`
	PartTimeOvertime int `json:"part_time_overtime"`
	// Workers under MinorAge have shorter hours (69), those under ChildAge
	// need a permit (64).
	MinorAge            int `json:"minor_age"`
	MinorDaily          int `json:"minor_daily"`
	MinorWeekly         int `json:"minor_weekly"`
	MinorDailyOvertime  int `json:"minor_daily_overtime"`
	MinorWeeklyOvertime int `json:"minor_weekly_overtime"`
	ChildAge            int `json:"child_age"`
	// Break is due for each BreakEvery worked (54①).
	BreakEvery int `json:"break_every"`
	Break      int `json:"break"`
	// NightFrom and NightTo bound the night, from the midnight before it
	// (56③).
	NightFrom int `json:"night_from"`
	NightTo   int `json:"night_to"`
}

// Premiums are added to the ordinary wage (근로기준법 56).
type Premiums struct {
	Overtime Fraction `json:"overtime"`
	Night    Fraction `json:"night"`
	// Holiday is for work on a holiday within the legal day, HolidayOver for
	// what is beyond it.
	Holiday     Fraction `json:"holiday"`
	HolidayOver Fraction `json:"holiday_over"`
}

// WeeklyHoliday is the paid day of rest (근로기준법 55①), in minutes.
type WeeklyHoliday struct {
	// LeastWeekly is the contracted time of a week, on average over so many
	// Weeks, from which it is due (18③).
	LeastWeekly int `json:"least_weekly"`
	Weeks       int `json:"weeks"`
	// Days are a full-timer's in a week: a day's pay is the week's contracted
	// time over them (시행령 별표 2), but not over Most.
	Days int `json:"days"`
	Most int `json:"most"`
}

// LabourDay is the day paid to every worker of every shop.
type LabourDay struct {
	Month int `json:"month"`
	Day   int `json:"day"`
}

// Probation may lower the minimum wage (최저임금법 5②).
type Probation struct {
	// Share is what is left of it for the first Months of a contract of at
	// least LeastTermMonths.
	Share           Fraction `json:"share"`
	Months          int      `json:"months"`
	LeastTermMonths int      `json:"least_term_months"`
}

// AnnualLeave is paid leave by service (근로기준법 60, 61).
// edge/payroll/leave keeps the ledger.
type AnnualLeave struct {
	// MonthlyMost days are the most of the first year (60②).
	MonthlyMost int `json:"monthly_most"`
	// Days are a year's (60①), one more for every ExtraEveryYears over the
	// first, up to Most (60④).
	Days            int `json:"days"`
	ExtraEveryYears int `json:"extra_every_years"`
	Most            int `json:"most"`
	// Attendance is the share of the contracted days a year needs.
	Attendance Fraction `json:"attendance"`
	// Day is a full-timer's in minutes.
	Day int `json:"day"`
	// Notice, FirstYearNotice and LateNotice are how unused days are pressed
	// on the worker (61①, 61②, 61② for days that arose after the notice).
	Notice          LeaveNotice `json:"notice"`
	FirstYearNotice LeaveNotice `json:"first_year_notice"`
	LateNotice      LeaveNotice `json:"late_notice"`
}

// LeaveNotice is the timing of the two letters, counted back from the end.
type LeaveNotice struct {
	// The first goes out within WithinDays from BeforeMonths before the end.
	BeforeMonths int `json:"before_months"`
	WithinDays   int `json:"within_days"`
	// The second, which sets the dates, at the latest so long before it.
	AssignBeforeMonths int `json:"assign_before_months,omitempty"`
	AssignBeforeDays   int `json:"assign_before_days,omitempty"`
}

// checkLabour refuses rules of working time that would count wrongly.
func (r *Rates) checkLabour() error {
	for _, err := range []error{
		checkEach("working time", r.WorkingTime, WorkingTime.valid),
		checkEach("premiums", r.Premiums, Premiums.valid),
		checkEach("weekly holiday", r.WeeklyHoliday, WeeklyHoliday.valid),
		checkEach("labour day", r.LabourDay, func(d LabourDay) bool {
			return d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= 31
		}),
		checkEach("probation", r.Probation, func(p Probation) bool {
			return p.Share.valid() && p.Months >= 0 && p.LeastTermMonths >= 0
		}),
		checkEach("annual leave", r.AnnualLeave, AnnualLeave.valid),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkEach holds every entry to a rule and the series to its own.
func checkEach[T any](name string, series Series[T], valid func(T) bool) error {
	for _, entry := range series.Entries {
		if !valid(entry.Value) {
			return fault(CodeRates, "%s from %s is out of range", name, entry.From)
		}
	}
	return series.check(name)
}

func (w WorkingTime) valid() bool {
	const week = 7 * 24 * 60
	return within(week, int64(w.Daily), int64(w.Weekly), int64(w.WeeklyOvertime), int64(w.PartTimeOvertime),
		int64(w.MinorDaily), int64(w.MinorWeekly), int64(w.MinorDailyOvertime), int64(w.MinorWeeklyOvertime),
		int64(w.MinorAge), int64(w.ChildAge), int64(w.Break), int64(w.NightFrom)) &&
		w.Staff > 0 && w.BreakEvery > 0 && w.NightFrom < w.NightTo && w.NightTo-w.NightFrom < 24*60
}

func (p Premiums) valid() bool {
	return p.Overtime.valid() && p.Night.valid() && p.Holiday.valid() && p.HolidayOver.valid()
}

func (h WeeklyHoliday) valid() bool {
	return h.LeastWeekly >= 0 && h.Weeks > 0 && h.Days > 0 && h.Most > 0
}

func (l AnnualLeave) valid() bool {
	return l.MonthlyMost >= 0 && l.Days >= 0 && l.Most >= l.Days && l.ExtraEveryYears > 0 &&
		l.Attendance.valid() && l.Day > 0
}
