package worktime

import (
	"fmt"

	"shopbox/edge/payroll"
)

// Warning is something the shop must look at; the counting goes on.
type Warning struct {
	Code WarningCode  `json:"code"`
	Date payroll.Date `json:"date"`
	// Minutes are what was counted, Limit what the law or contract has.
	Minutes Minutes `json:"minutes,omitempty"`
	Limit   Minutes `json:"limit,omitempty"`
	// Korean and English say what happened and what to do.
	Korean  string `json:"korean"`
	English string `json:"english"`
	Source  string `json:"source"`
}

// WarningCode names a warning for programs.
type WarningCode string

// The warnings.
const (
	WeekOverLimit     WarningCode = "week_over_limit"
	PartTimeOverLimit WarningCode = "part_time_over_limit"
	MinorDayOver      WarningCode = "minor_day_over_limit"
	MinorWeekOver     WarningCode = "minor_week_over_limit"
	MinorAtNight      WarningCode = "minor_at_night"
	MinorOnHoliday    WarningCode = "minor_on_holiday"
	TooYoung          WarningCode = "worker_too_young"
	BreakTooShort     WarningCode = "break_too_short"
	WorkedLess        WarningCode = "worked_less_than_contracted"
	NoRecord          WarningCode = "no_record"
	AbsenceIgnored    WarningCode = "absence_ignored"
)

func (c *counter) warn(code WarningCode, d payroll.Date, minutes, limit Minutes, source string) {
	korean, english := code.words()
	c.result.Warnings = append(c.result.Warnings, Warning{
		Code: code, Date: d, Minutes: minutes, Limit: limit, Source: source,
		Korean:  fmt.Sprintf("%s: %s (%d분, 기준 %d분)", d, korean, minutes, limit),
		English: fmt.Sprintf("%s: %s (%d minutes, limit %d)", d, english, minutes, limit),
	})
}

func (w WarningCode) words() (korean, english string) {
	switch w {
	case WeekOverLimit:
		return "한 주의 연장근로가 법정 한도를 넘었습니다. 근무 일정을 줄이세요", "more overtime in the week than the law lets agree; plan less work"
	case PartTimeOverLimit:
		return "단시간근로자의 초과근로가 한 주 한도를 넘었습니다. 근무 일정을 줄이세요", "more work beyond a part-timer's contract in the week than the law allows; plan less work"
	case MinorDayOver:
		return "18세 미만 근로자가 하루 한도보다 오래 일했습니다. 근무 일정을 줄이세요", "a worker under 18 worked longer than the law allows in a day; plan less work"
	case MinorWeekOver:
		return "18세 미만 근로자가 한 주 한도보다 오래 일했습니다. 근무 일정을 줄이세요", "a worker under 18 worked longer than the law allows in a week; plan less work"
	case MinorAtNight:
		return "18세 미만 근로자가 야간에 일했습니다. 본인 동의와 인가가 필요합니다", "a worker under 18 worked at night; this needs consent and a permit"
	case MinorOnHoliday:
		return "18세 미만 근로자가 휴일에 일했습니다. 본인 동의와 인가가 필요합니다", "a worker under 18 worked on a holiday; this needs consent and a permit"
	case TooYoung:
		return "15세 미만은 취직인허증 없이 일할 수 없습니다. 인허증을 확인하세요", "the worker is too young to be employed without a permit; check the permit"
	case BreakTooShort:
		return "휴게시간이 법정 시간보다 짧습니다. 휴게를 주거나 기록을 고치세요", "the break was shorter than the law asks; give it or mend the record"
	case WorkedLess:
		return "소정근로시간보다 적게 일했으나 결근·지각 기록이 없어 공제하지 않았습니다. 기록을 확인하세요", "less was worked than contracted and no absence is recorded; nothing was deducted, check the record"
	case NoRecord:
		return "근무하기로 한 날의 기록이 없습니다. 출퇴근이나 결근을 입력하세요", "a contracted day has no record; enter the work or the absence"
	case AbsenceIgnored:
		return "근무일이 아닌 날의 결근·휴가 기록은 계산하지 않았습니다. 날짜를 확인하세요", "an absence on a day without contracted work was not counted; check the date"
	}
	return string(w), string(w)
}

// ignored warns of an absence on a day that has nothing to miss.
func (c *counter) ignored(r record) {
	if len(r.Absences) > 0 && r.Date >= c.Month.First() {
		c.warn(AbsenceIgnored, r.Date, 0, 0, "근로기준법 55, 60")
	}
}

// warnRecord asks for what is missing, also in the days before the month
// that decide on its first week.
func (c *counter) warnRecord(d payroll.Date, day counted) {
	worked := day.Worked()
	if day.rest != workday || day.planned == 0 {
		return
	}
	if worked == 0 && len(c.records[d].Absences) == 0 {
		c.warn(NoRecord, d, 0, day.planned, "근로기준법 시행령 27①7")
		return
	}
	if done := worked + day.PaidLeave + day.Missed; c.AssumeAttended && done < day.planned && d >= c.Month.First() {
		c.warn(WorkedLess, d, done, day.planned, "근로기준법 43①")
	}
}

// warnDay looks at the work of one day of the month.
func (c *counter) warnDay(d payroll.Date, day counted) {
	worked := day.Worked()
	due := worked / Minutes(c.law.BreakEvery) * Minutes(c.law.Break)
	due = min(due, Minutes(c.law.Daily/c.law.BreakEvery*c.law.Break))
	if taken := pauses(c.records[d].work); taken < due {
		c.warn(BreakTooShort, d, taken, due, "근로기준법 54①")
	}
	if worked > 0 {
		c.warnMinor(d, day)
	}
}

func (c *counter) warnMinor(d payroll.Date, day counted) {
	if c.younger(d, c.law.ChildAge) {
		c.warn(TooYoung, d, day.Worked(), 0, "근로기준법 64")
	}
	if !c.minor(d) {
		return
	}
	if most := Minutes(c.law.MinorDaily + c.law.MinorDailyOvertime); day.Worked() > most {
		c.warn(MinorDayOver, d, day.Worked(), most, "근로기준법 69")
	}
	if day.Night > 0 {
		c.warn(MinorAtNight, d, day.Night, 0, "근로기준법 70②")
	}
	if day.HolidayWork > 0 {
		c.warn(MinorOnHoliday, d, day.HolidayWork, 0, "근로기준법 70②")
	}
}

// warnWeek holds a week against its limits. All work counts, on holidays too
// (근로기준법 2①7); that only the week counts, not each day, is the Supreme
// Court's reading of 2023-12-07 (from memory).
func (c *counter) warnWeek(t *tally) {
	legal, own := Minutes(c.law.Weekly), t.planned
	most := legal + Minutes(c.law.WeeklyOvertime)
	t.Overtime = max(0, t.Worked-legal)
	if c.minor(t.To) {
		if most := Minutes(c.law.MinorWeekly + c.law.MinorWeeklyOvertime); t.Worked > most {
			c.warn(MinorWeekOver, t.To, t.Worked, most, "근로기준법 69")
		}
		return
	}
	if !c.FiveOrMore {
		return
	}
	if t.Worked > most {
		c.warn(WeekOverLimit, t.To, t.Worked, most, "근로기준법 53①")
	}
	if most := own + Minutes(c.law.PartTimeOvertime); c.partTime && t.Worked > most {
		c.warn(PartTimeOverLimit, t.To, t.Worked, most, "기간제법 6①")
	}
}
