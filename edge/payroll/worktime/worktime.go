// Package worktime counts a worker's time by kind: regular, overtime, night
// and holiday work, paid and unpaid absence, and the weekly holiday, by the
// Labour Standards Act (근로기준법 50 to 60, 69). The room wage turns the
// minutes into pay; screens show them as they are. It is pure: whole minutes
// in, every worked minute in exactly one of regular, overtime and holiday
// work; how a day was clocked in pieces changes nothing.
package worktime

import (
	"time"

	"shopbox/edge/payroll"
)

// Minutes is a time of day from midnight, or a length. A day's work may run
// past its midnight: 26:00 is 1560.
type Minutes int

// Lengths of time in minutes.
const (
	Hour Minutes = 60
	day  Minutes = 24 * Hour
)

// Span is from one time to a later one of the day it is recorded on.
type Span struct {
	From Minutes `json:"from"`
	To   Minutes `json:"to"`
}

// AbsenceKind is why contracted time was not worked.
type AbsenceKind string

// The kinds of absence.
const (
	// Absent is 결근: unpaid, and the week's attendance is broken.
	Absent AbsenceKind = "absent"
	// LateEarly is coming late or leaving early: unpaid, but the day was
	// attended.
	LateEarly AbsenceKind = "late_early"
	// Excused is unpaid leave both sides agreed on; it breaks no attendance.
	Excused AbsenceKind = "excused"
	// PaidLeave is annual leave and other leave with pay (근로기준법 60⑤).
	PaidLeave AbsenceKind = "paid_leave"
)

// Absence is contracted time not worked.
type Absence struct {
	Kind AbsenceKind `json:"kind"`
	// Minutes are how long; 0 is the whole contracted day.
	Minutes Minutes `json:"minutes,omitempty"`
}

// Exchange moves a holiday to another day, as agreed before it came: public
// holidays in writing with the staff's representative (근로기준법 55②). Both
// days are marked; May 1 cannot be moved.
type Exchange string

// The marks.
const (
	// AsWorkday is a holiday worked as a plain day; without contracted time of
	// its own it needs Planned.
	AsWorkday Exchange = "workday"
	// AsWeeklyHoliday and AsPublicHoliday are the days off in its place.
	AsWeeklyHoliday Exchange = "weekly_holiday"
	AsPublicHoliday Exchange = "public_holiday"
)

// Day is the record of one day: what was clocked and what was missed. Work
// past midnight stays with the day it began on.
type Day struct {
	Date payroll.Date `json:"date"`
	// Spans are from clock-in to clock-out; Breaks are taken off them.
	Spans  []Span `json:"spans,omitempty"`
	Breaks []Span `json:"breaks,omitempty"`
	// Absences need saying: nothing is deducted only because a clock shows
	// less.
	Absences []Absence `json:"absences,omitempty"`
	// Planned is the day's contracted time where the roster differs from the
	// contract; nil keeps the contract's.
	Planned  *Minutes `json:"planned,omitempty"`
	Exchange Exchange `json:"exchange,omitempty"`
}

// Schedule is the contracted time (소정근로시간, 근로기준법 2①8).
type Schedule struct {
	// Contracted are the minutes of each weekday, Sunday first.
	Contracted [7]Minutes `json:"contracted"`
	// WeeklyHoliday is the paid day of rest (근로기준법 55①).
	WeeklyHoliday time.Weekday `json:"weekly_holiday"`
	// WeekStart is the first day of the shop's working week.
	WeekStart time.Weekday `json:"week_start"`
	// PaidRest are minutes a week paid without work beyond the weekly
	// holiday, such as a paid Saturday; the 226 and 243 hour months have it.
	PaidRest Minutes `json:"paid_rest,omitempty"`
}

// Weekly is the contracted time of a week.
func (s Schedule) Weekly() Minutes {
	var sum Minutes
	for _, minutes := range s.Contracted {
		sum += minutes
	}
	return sum
}

// Check refuses a schedule no week has room for, with CodeSchedule.
func (s Schedule) Check() error {
	for weekday, minutes := range s.Contracted {
		if minutes < 0 || minutes > day {
			return payroll.Refuse(CodeSchedule, "%d minutes are contracted on a %s", minutes, time.Weekday(weekday))
		}
	}
	known := func(d time.Weekday) bool { return d >= time.Sunday && d <= time.Saturday }
	if s.PaidRest < 0 || s.PaidRest > day || !known(s.WeeklyHoliday) || !known(s.WeekStart) {
		return payroll.Refuse(CodeSchedule, "the schedule has an unknown weekday, or %d minutes of paid rest", s.PaidRest)
	}
	return nil
}
