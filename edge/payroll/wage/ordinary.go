package wage

import (
	"math/big"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

// weeksPerMonth is the year's average weeks over twelve months, with the year
// of 365 days the published 209 hours rest on (근로기준법 시행령 6②4).
func weeksPerMonth() *big.Rat { return big.NewRat(365, 7*12) }

// baseWeek is the paid time of a week in minutes: contracted, weekly holiday
// and other paid rest (근로기준법 시행령 6②3).
func baseWeek(s worktime.Schedule, law payroll.WeeklyHoliday) *big.Rat {
	return plus(whole(s.Weekly()+s.PaidRest), ratOf(worktime.HolidayOf(s, law)))
}

// MonthMinutes is the standard time of a month in exact minutes, such as 209
// hours for 40 a week (근로기준법 시행령 6②4).
func MonthMinutes(s worktime.Schedule, law payroll.WeeklyHoliday, rounding HourRounding) (payroll.Fraction, error) {
	exact := times(baseWeek(s, law), weeksPerMonth())
	switch rounding {
	case ExactHours:
		return fractionOf(exact)
	case HoursUp:
		return hours(ceil(over(exact, whole(worktime.Hour)))), nil
	case HoursNearest:
		return hours(nearestHour(exact)), nil
	}
	return payroll.Fraction{}, payroll.Refuse(CodeContract, "hours are not rounded %q", rounding)
}

func nearestHour(minutes *big.Rat) money.Won {
	return floor(over(plus(minutes, whole(worktime.Hour/2)), whole(worktime.Hour)))
}

func hours(n money.Won) payroll.Fraction {
	return payroll.Fraction{Num: int64(n) * int64(worktime.Hour), Den: 1}
}

// perMinute is the wage proper for a minute of contracted time, exact
// (근로기준법 시행령 6②1, 2, 4).
func (c Contract) perMinute(month *big.Rat) *big.Rat {
	wage := whole(c.Wage)
	switch c.Per {
	case Hourly:
		return over(wage, whole(worktime.Hour))
	case Daily:
		days := 0
		for _, minutes := range c.Schedule.Contracted {
			if minutes > 0 {
				days++
			}
		}
		return over(times(wage, whole(days)), whole(c.Schedule.Weekly()))
	default: // Monthly; check has let no other pass
		return over(wage, month)
	}
}

// ordinary computes the ordinary hourly wage: the wage and every allowance
// promised to all for contracted work, each by its own unit (근로기준법 시행령
// 6①②7).
func (p *pay) ordinary() error {
	month, err := MonthMinutes(p.Contract.Schedule, p.weekly.Value, p.Shop.Hours)
	if err != nil {
		return err
	}
	p.wageMinute = p.Contract.perMinute(ratOf(month))
	p.minute = p.wageMinute
	var allowances money.Won
	for _, a := range p.Contract.Allowances {
		if a.Ordinary {
			allowances += a.Amount
		}
	}
	if allowances > 0 { // so hours are contracted
		p.minute = plus(p.minute, over(whole(allowances), ratOf(month)))
	}
	if p.result.Hourly, err = fractionOf(perHour(p.minute)); err != nil {
		return err
	}
	figure := payroll.Figure{
		Name: "ordinary_hourly", Amount: ceil(perHour(p.minute)), Rule: ordinaryRule(p.Contract.Per),
		Inputs: []payroll.Amount{
			{Name: "wage", Value: int64(p.Contract.Wage)},
			{Name: "allowances", Value: int64(allowances)},
			{Name: "weekly_minutes", Value: int64(p.Contract.Schedule.Weekly())},
			{Name: "month_minutes_numerator", Value: month.Num},
			{Name: "month_minutes_denominator", Value: month.Den},
		},
		Rate: p.result.Hourly,
	}
	figure.Cite("근로기준법 시행령 6", "secondary: regular bonuses belong to the ordinary wage since the Supreme Court's ruling of 2024-12-19; enter them as ordinary allowances")
	p.result.Ordinary = figure
	return nil
}

func ordinaryRule(per Per) string {
	switch per {
	case Hourly:
		return "wage + allowances / month_minutes x 60"
	case Daily:
		return "wage / average minutes of a contracted day x 60 + allowances / month_minutes x 60"
	default:
		return "(wage + allowances) / month_minutes x 60"
	}
}
