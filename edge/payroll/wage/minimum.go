package wage

import (
	"fmt"
	"math/big"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

// BelowMinimum warns of a wage under the minimum.
const BelowMinimum worktime.WarningCode = "below_minimum_wage"

// minimum holds the contract's pay against the minimum wage of the month: what
// counts of it for an hour (최저임금법 6④, 시행령 5). It is the agreed wage
// that is tested, so absences change nothing.
func (p *pay) minimum() error {
	required, least, err := p.requiredWage()
	if err != nil {
		return err
	}
	counted := perHour(p.countedMinute())
	p.result.Minimum = Minimum{Required: required, Met: counted.Cmp(least) >= 0}
	if p.result.Minimum.Hourly, err = fractionOf(counted); err != nil || p.result.Minimum.Met {
		return err
	}
	p.result.Minimum.Shortfall = ceil(new(big.Rat).Sub(least, counted))
	p.result.Warnings = append(p.result.Warnings, worktime.Warning{
		Code: BelowMinimum, Date: p.Month.Month.First(), Source: "최저임금법 6①③",
		Korean: fmt.Sprintf("%s: 시간당 임금이 최저임금보다 %s원 적습니다. 계약과 관계없이 최저임금을 주어야 합니다. 임금을 올리세요",
			p.Month.Month, p.result.Minimum.Shortfall),
		English: fmt.Sprintf("%s: an hour lacks %s won of the minimum wage, which is owed whatever was agreed; raise the wage",
			p.Month.Month, p.result.Minimum.Shortfall),
	})
	return nil
}

// countedMinute is the pay that counts, for a minute. A monthly amount is
// divided by the contracted hours and the weekly holiday's (시행령 5①3). Paid
// rest beyond them has the same pay an hour, so with it on both sides, in the
// wage and in the hours, the quotient is the same.
func (p *pay) countedMinute() *big.Rat {
	s := p.Contract.Schedule
	minute := p.wageMinute
	if p.Contract.Per == Monthly {
		minute = over(whole(p.Contract.Wage), testedMonth(baseWeek(s, p.weekly.Value)))
	}
	s.PaidRest = 0
	month := testedMonth(baseWeek(s, p.weekly.Value))
	var allowances money.Won
	for _, a := range p.Contract.Allowances {
		if !a.InKind && !a.NoMinimum && a.TaxFree != OwnCar {
			allowances += a.Amount
		}
	}
	if allowances == 0 || month.Sign() == 0 {
		return minute
	}
	return plus(minute, over(whole(allowances), month))
}

// testedMonth is the month's time of a week in minutes, as whole hours where
// that is more: 209 of the notice, not 208.57.
func testedMonth(week *big.Rat) *big.Rat {
	month := times(week, weeksPerMonth())
	if published := ratOf(hours(nearestHour(month))); published.Cmp(month) > 0 {
		return published
	}
	return month
}

// requiredWage is the minimum wage, or its share in probation (최저임금법 5②).
func (p *pay) requiredWage() (payroll.Figure, *big.Rat, error) {
	wage, err := p.rates.MinimumWageAt(p.Month.Month)
	if err != nil {
		return payroll.Figure{}, nil, err
	}
	figure := payroll.Figure{
		Name: "minimum_wage", Rule: "ceil(minimum x rate)", Rate: one(),
		Inputs: []payroll.Amount{{Name: "minimum", Value: int64(wage.Value)}},
	}
	figure.Cite(wage.Source, wage.Remark)
	figure.Cite("최저임금법 6④, 시행령 5", "a month's hours are rounded to the whole hour where that is more, as the notice does (209)")
	if law, err := p.rates.Probation.At("probation", p.Month.Month); err != nil {
		return payroll.Figure{}, nil, err
	} else if p.onProbation(law.Value) {
		figure.Rate = law.Value.Share
		figure.Cite(law.Source, law.Remark)
		if p.Contract.TermMonths == 0 {
			figure.Remark("unconfirmed: a contract without end is taken as one of a year or longer")
		}
	}
	least := times(whole(wage.Value), ratOf(figure.Rate))
	figure.Amount = ceil(least)
	return figure, least, nil
}

// onProbation reports whether all of the month's employment is within the
// probation that lowers the minimum.
func (p *pay) onProbation(law payroll.Probation) bool {
	c := p.Contract
	months := min(c.ProbationMonths, law.Months)
	if months == 0 || c.SimpleLabour || c.TermMonths != 0 && c.TermMonths < law.LeastTermMonths {
		return false
	}
	last := p.Month.Month.Last()
	if c.Left != 0 {
		last = min(last, c.Left)
	}
	return last < c.Hired.AddMonths(months)
}
