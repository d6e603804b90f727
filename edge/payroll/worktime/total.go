package worktime

import "shopbox/edge/payroll"

// Total is time by kind. Regular, Overtime and HolidayWork together are every
// minute worked; Night lies within them.
type Total struct {
	// Days are those with any work (근로기준법 시행령 27①6).
	Days int `json:"days"`
	// Regular is work at the plain wage.
	Regular Minutes `json:"regular"`
	// Beyond is the part of Regular outside the contract, which a monthly
	// wage does not cover.
	Beyond Minutes `json:"beyond"`
	// Overtime is over the legal day or week, or over a part-timer's contract
	// (근로기준법 56①, 기간제법 6③).
	Overtime Minutes `json:"overtime"`
	// HolidayWork is on a holiday, HolidayOver the part over 8 hours of a day
	// (근로기준법 56②).
	HolidayWork Minutes `json:"holiday_work"`
	HolidayOver Minutes `json:"holiday_over"`
	// Night is from 22:00 to 06:00 (근로기준법 56③).
	Night Minutes `json:"night"`
	// PublicHoliday is contracted time of paid public holidays, PaidLeave of
	// leave taken.
	PublicHoliday Minutes `json:"public_holiday"`
	PaidLeave     Minutes `json:"paid_leave"`
	// Missed is unpaid contracted time: absences, excused ones included.
	Missed Minutes `json:"missed"`
}

// Worked is all time worked.
func (t Total) Worked() Minutes { return t.Regular + t.Overtime + t.HolidayWork }

// Week is a working week and its paid weekly holiday (근로기준법 55①).
type Week struct {
	From payroll.Date `json:"from"`
	To   payroll.Date `json:"to"`
	// Average is the contracted time of a week in exact minutes, over up to
	// four weeks (근로기준법 18③).
	Average payroll.Fraction `json:"average"`
	// Holiday is the paid weekly holiday in exact minutes; 0 when not due.
	Holiday payroll.Fraction `json:"holiday"`
	// Reason says why it is due or not.
	Reason  Reason   `json:"reason"`
	Remarks []string `json:"remarks,omitempty"`
	// Worked is all work of the week, Overtime what is over the legal week.
	Worked   Minutes `json:"worked"`
	Overtime Minutes `json:"overtime"`
}

// Reason is why a weekly holiday is due or not.
type Reason string

// The reasons.
const (
	Due         Reason = "due"
	UnderHours  Reason = "under_15_hours"
	NotAttended Reason = "not_attended"
	NoAttended  Reason = "no_day_attended"
	LeftBefore  Reason = "left_before_end"
)
