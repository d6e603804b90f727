package wage

import (
	"math/big"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
)

// base pays the plain time: by the minute, or a monthly wage less what was
// missed and with what was worked beyond it.
func (p *pay) base() {
	if p.Contract.Per != Monthly {
		item := p.timed(ItemBase, whole(p.result.Time.Regular), p.wageMinute, one())
		item.Cite("근로기준법 43, 근로계약", "")
		p.result.Items = append(p.result.Items, item)
		return
	}
	item := p.share(ItemBase, p.Contract.Wage)
	p.result.Items = append(p.result.Items, item)
	p.absence(item)
	beyond := p.timed(ItemBeyond, whole(p.result.Time.Beyond), p.minute, one())
	beyond.Cite("근로기준법 43 (work outside the contract, within the legal hours)", "")
	p.add(beyond)
}

// absence takes unpaid time off a monthly wage, with the paid holidays of the
// weeks it broke. It never takes more than leaves the time that was attended
// paid in full, and is cut to the won below.
func (p *pay) absence(base Item) {
	t, share := p.result.Time, worktime.HolidayOf(p.Contract.Schedule, p.weekly.Value)
	missed, kept, broken := whole(t.Missed), whole(t.Regular-t.Beyond+t.PaidLeave+t.PublicHoliday), int64(0)
	for _, week := range p.result.Weeks {
		switch week.Reason {
		case worktime.NotAttended, worktime.NoAttended:
			missed, broken = plus(missed, ratOf(share)), broken+1
		case worktime.Due:
			kept = plus(kept, ratOf(week.Holiday))
		case worktime.UnderHours, worktime.LeftBefore:
		}
	}
	most := max(0, base.Amount-ceil(times(kept, p.wageMinute)))
	item := p.timed(ItemAbsence, missed, p.wageMinute, payroll.Fraction{Num: -1, Den: 1})
	item.Amount = -min(most, floor(times(missed, p.wageMinute)))
	item.Rule = "-min(floor(minutes / 60 x hourly), base - attended minutes / 60 x hourly)"
	item.Inputs = append(item.Inputs, payroll.Amount{Name: "weekly_holidays_lost", Value: broken})
	item.Remarks = []string{"cut to the won below: the law sets no rounding, so the fraction stays with the worker"}
	item.Cite("근로기준법 시행령 30①; 최저임금법 6⑥1 (no pay for time not worked)", "")
	if broken > 0 {
		item.Remark("unconfirmed: the weekly holiday of a week not attended in full is taken off a monthly wage")
	}
	p.add(item)
}

// holidays pay time without work to those whose wage does not cover it:
// weekly holidays (근로기준법 55①), public holidays (55②) and leave (60⑤).
func (p *pay) holidays() {
	if p.Contract.Per == Monthly {
		return
	}
	p.weeklyHolidays()
	public := p.timed(ItemPublicHoliday, whole(p.result.Time.PublicHoliday), p.minute, one())
	source := "근로기준법 55②, 시행령 30②"
	if !p.Shop.FiveOrMore {
		source = "근로자의 날 제정에 관한 법률 (May 1, in every shop)"
	}
	public.Cite(source, "unconfirmed: a holiday on a day without contracted work is not paid, and May 1 is paid to short-time workers too")
	p.add(public)
	leave := p.timed(ItemPaidLeave, whole(p.result.Time.PaidLeave), p.minute, one())
	leave.Cite("근로기준법 60⑤", "")
	p.add(leave)
}

func (p *pay) weeklyHolidays() {
	minutes, due := new(big.Rat), int64(0)
	var remarks []string
	for _, week := range p.result.Weeks {
		minutes = plus(minutes, ratOf(week.Holiday))
		if week.Reason == worktime.Due {
			due++
		}
		remarks = append(remarks, week.Remarks...)
	}
	item := p.timed(ItemWeeklyHoliday, minutes, p.minute, one())
	item.Inputs = append(item.Inputs, payroll.Amount{Name: "weeks", Value: due})
	item.Cite(p.weekly.Source, p.weekly.Remark)
	item.Remarks = append(item.Remarks, remarks...)
	p.add(item)
}
