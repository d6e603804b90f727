package wage

import (
	"math/big"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/holiday"
	"shopbox/protocol/money"
)

// pay is a month while it is computed.
type pay struct {
	Month

	rates    *payroll.Rates
	weekly   payroll.Dated[payroll.WeeklyHoliday]
	premiums payroll.Dated[payroll.Premiums]
	// employed and days are those of the month.
	employed, days int
	// wageMinute is the wage proper and minute the ordinary wage for a
	// minute, both exact.
	wageMinute, minute *big.Rat
	result             Result
}

// Pay computes a worker's gross pay of a calendar month. Errors are
// *payroll.Error, and *holiday.Error for a year whose public holidays are not
// known. The contract is that of the whole month: a wage raised within it is
// paid by the old contract with the difference as an Extra.
func Pay(rates *payroll.Rates, calendar holiday.Calendar, month Month) (Result, error) {
	p := &pay{Month: month, rates: rates}
	if err := p.prepare(); err != nil {
		return Result{}, err
	}
	counted, err := worktime.Count(rates, calendar, p.sheet())
	if err != nil {
		return Result{}, err
	}
	p.result.Time, p.result.Weeks = counted.Total, counted.Weeks
	p.result.Warnings, p.result.Remarks = counted.Warnings, counted.Remarks
	p.base()
	p.holidays()
	p.premiumItems()
	p.allowances()
	p.extras()
	if err := p.taxFree(); err != nil {
		return Result{}, err
	}
	for _, item := range p.result.Items {
		p.result.Gross += item.Amount
		p.result.Nontaxable += item.Nontaxable
	}
	if p.result.Gross < 0 || p.result.Gross > payroll.MaxPay {
		return Result{}, payroll.Refuse(payroll.CodePay, "the month's pay would be %d won", p.result.Gross)
	}
	return p.result, p.minimum()
}

// prepare checks the input and finds the law of the month.
func (p *pay) prepare() error {
	if err := p.check(); err != nil {
		return err
	}
	var err error
	if p.weekly, err = p.rates.WeeklyHoliday.At("weekly holiday", p.Month.Month); err != nil {
		return err
	}
	if p.premiums, err = p.rates.Premiums.At("premiums", p.Month.Month); err != nil {
		return err
	}
	first, last := p.Month.Month.First(), p.Month.Month.Last()
	p.days = int(last-first) + 1
	from, to := max(first, p.Contract.Hired), last
	if p.Contract.Left != 0 {
		to = min(last, p.Contract.Left)
	}
	if p.employed = int(to-from) + 1; p.employed < 1 {
		return payroll.Refuse(worktime.CodeEmployment, "the worker is not employed in %s", p.Month.Month)
	}
	return p.ordinary()
}

func (p *pay) sheet() worktime.Input {
	c := p.Contract
	return worktime.Input{
		Month: p.Month.Month, Schedule: c.Schedule, Hired: c.Hired, Left: c.Left, Born: c.Born,
		FiveOrMore: p.Shop.FiveOrMore, FullTime: p.Shop.FullTime, AssumeAttended: c.Per == Monthly, Days: p.Days,
	}
}

// add appends an item unless it is nothing.
func (p *pay) add(item Item) {
	if item.Amount != 0 {
		p.result.Items = append(p.result.Items, item)
	}
}

// timed is an item paid by the minute: minutes x a minute's wage x rate.
func (p *pay) timed(name string, minutes, minute *big.Rat, rate payroll.Fraction) Item {
	amount := times(times(minutes, minute), ratOf(rate))
	item := Item{Varies: true, Figure: payroll.Figure{
		Name: name, Amount: ceil(amount), Rule: "ceil(minutes / 60 x hourly x rate)", Rate: rate,
	}}
	item.Inputs = append(fractionInputs("minutes", minutes), fractionInputs("hourly", perHour(minute))...)
	item.Minutes = payroll.Fraction{Num: minutes.Num().Int64(), Den: minutes.Denom().Int64()}
	if !amount.IsInt() {
		item.Remark(roundedUp)
	}
	return item
}

// fractionInputs names a number, or both halves of a fraction.
func fractionInputs(name string, r *big.Rat) []payroll.Amount {
	if r.IsInt() {
		return []payroll.Amount{{Name: name, Value: r.Num().Int64()}}
	}
	return []payroll.Amount{
		{Name: name + "_numerator", Value: r.Num().Int64()},
		{Name: name + "_denominator", Value: r.Denom().Int64()},
	}
}

func one() payroll.Fraction { return payroll.Fraction{Num: 1, Den: 1} }

// onTop is the whole wage and a premium.
func onTop(premium payroll.Fraction) payroll.Fraction {
	return payroll.Fraction{Num: premium.Den + premium.Num, Den: premium.Den}
}

// premiumItems pay the time beyond the plain day (근로기준법 56). Premiums add
// up: night is paid on top of what else the minute is. Shops under five pay
// the time without premium (근로기준법 11②, 시행령 별표 1).
func (p *pay) premiumItems() {
	t, premium := p.result.Time, p.premiums.Value
	if !p.Shop.FiveOrMore {
		none := payroll.Fraction{Den: 1}
		premium = payroll.Premiums{Overtime: none, Night: none, Holiday: none, HolidayOver: none}
	}
	for _, kind := range []struct {
		name    string
		minutes worktime.Minutes
		rate    payroll.Fraction
	}{
		{ItemOvertime, t.Overtime, onTop(premium.Overtime)},
		{ItemHolidayWork, t.HolidayWork - t.HolidayOver, onTop(premium.Holiday)},
		{ItemHolidayOvertime, t.HolidayOver, onTop(premium.HolidayOver)},
		{ItemNight, t.Night, premium.Night},
	} {
		item := p.timed(kind.name, whole(kind.minutes), p.minute, kind.rate)
		if p.Shop.FiveOrMore {
			item.Cite(p.premiums.Source, p.premiums.Remark)
			item.TaxFree = PremiumPay
		} else {
			item.Cite("근로기준법 11②, 시행령 별표 1 (no premium under five staff)", "")
		}
		p.add(item)
	}
}

// allowances are paid for the days of employment.
func (p *pay) allowances() {
	for _, a := range p.Contract.Allowances {
		item := p.share(a.Name, a.Amount)
		item.TaxFree, item.InKind = a.TaxFree, a.InKind
		p.add(item)
	}
}

// share is a monthly amount, in a month of joining or leaving by its calendar
// days.
func (p *pay) share(name string, amount money.Won) Item {
	part := times(whole(amount), big.NewRat(int64(p.employed), int64(p.days)))
	item := Item{Figure: payroll.Figure{
		Name: name, Amount: ceil(part), Rule: "amount", Rate: one(),
		Inputs:  []payroll.Amount{{Name: "amount", Value: int64(amount)}},
		Sources: []string{"근로기준법 43, 근로계약"},
	}}
	if p.employed == p.days {
		return item
	}
	item.Varies = true
	item.Rule = "ceil(amount x employed_days / days)"
	item.Inputs = append(item.Inputs,
		payroll.Amount{Name: "employed_days", Value: int64(p.employed)}, payroll.Amount{Name: "days", Value: int64(p.days)})
	item.Rate = payroll.Fraction{Num: int64(p.employed), Den: int64(p.days)}
	item.Remark("the law sets no way of dividing a month: calendar days, rounded up to the won")
	return item
}

// extras are paid once, with the explanation they came with.
func (p *pay) extras() {
	for _, e := range p.Extras {
		item := Item{TaxFree: e.TaxFree, Figure: payroll.Figure{
			Name: e.Name, Amount: e.Amount, Rule: "amount", Rate: one(),
			Inputs:  []payroll.Amount{{Name: "amount", Value: int64(e.Amount)}},
			Sources: []string{"근로기준법 43, 근로계약"},
		}}
		if e.Figure != nil {
			item.Figure, item.Varies = *e.Figure, true
			item.Name = e.Name
		}
		p.add(item)
	}
}
