package payroll

import "shopbox/protocol/money"

// DayLabour is how day labourers are taxed and until when one is one.
type DayLabour struct {
	// Deduction is taken off each day's pay (소득세법 47②).
	Deduction money.Won `json:"deduction"`
	// Rate is of the rest (129①4), Credit of the tax (59③).
	Rate   Fraction `json:"rate"`
	Credit Fraction `json:"credit"`
	// SmallAmountBelow is the tax that is not withheld (86).
	SmallAmountBelow money.Won `json:"small_amount_below"`
	// Months of employment with one employer end it (시행령 20①), in
	// construction ConstructionMonths.
	Months             int `json:"months"`
	ConstructionMonths int `json:"construction_months"`
}

// DayInsurance is from how much work in a month a day labourer is insured.
type DayInsurance struct {
	Days   int       `json:"days"`
	Hours  int       `json:"hours"`
	Income money.Won `json:"income"`
}

// DayPay is the pay of one day. Premium and holiday pay of the day belong to
// it (NTS 서면-2022-소득관리-5649); a day labourer's premiums for overtime,
// night and holiday work are tax-free without limit (소득세법 시행령 17②1).
type DayPay struct {
	Pay     money.Won `json:"pay"`
	TaxFree money.Won `json:"tax_free,omitempty"`
}

// Payout is days paid together: the small-amount rule looks at their sum.
type Payout struct {
	// Paid is the month of payment.
	Paid Month
	Days []DayPay
}

// DayWork is what decides a day labourer's standing and insurances.
type DayWork struct {
	// Employed is how many full months the worker has been with the employer.
	Employed int
	// Days and Hours are those of the month.
	Days, Hours  int
	Construction bool
}

// DayInput is a month of one day labourer.
type DayInput struct {
	Month    Month
	Payouts  []Payout
	Work     DayWork
	Employer Employer
	// Exempt are further exemptions, such as ExemptUnemployment.
	Exempt []Exemption
}

// DayResult is the month computed.
type DayResult struct {
	Insurances

	// Payouts are the taxes, one for each payout of the input.
	Payouts []Withholding
	Net     Figure
	// Remarks are about the whole month.
	Remarks []string
}

// PayDays computes a day labourer's month: each payout's tax, the month's
// insurances, and what is left. A worker employed too long to be a day
// labourer is CodeDays: Pay is for them.
func (r *Rates) PayDays(in DayInput) (DayResult, error) {
	if err := r.checkDayWork(in); err != nil {
		return DayResult{}, err
	}
	var result DayResult
	var gross, taxable money.Won
	for _, payout := range in.Payouts {
		tax, err := r.WithholdDays(payout.Paid, payout.Days)
		if err != nil {
			return DayResult{}, err
		}
		result.Payouts = append(result.Payouts, tax)
		pay, free := sumDays(payout.Days)
		gross, taxable = gross+pay, taxable+pay-free
	}
	exempt, remark, err := r.dayExemptions(in, taxable)
	if err != nil {
		return DayResult{}, err
	}
	result.Insurances, err = r.Insure(in.Month, taxable, in.Employer, append(exempt, in.Exempt...)...)
	if err != nil {
		return DayResult{}, err
	}
	result.Remarks = remark
	result.Net = net(gross, result.Deductions())
	return result, nil
}

// Deductions are the worker's: the insurances, then each payout's two taxes.
func (r *DayResult) Deductions() []Figure {
	figures := []Figure{r.Pension, r.Health, r.LongTermCare, r.Employment}
	for _, tax := range r.Payouts {
		figures = append(figures, tax.Income, tax.Local)
	}
	return figures
}

// WithholdDays is the tax on days paid together (소득세법 134③): each day's
// pay over the deduction, taxed and credited, and the sum withheld unless it
// is small. Errors are CodeRateMissing, CodePay, CodeNontaxable and CodeDays.
func (r *Rates) WithholdDays(paid Month, days []DayPay) (Withholding, error) {
	rule, err := r.DayLabour.At("day labour tax", paid)
	if err != nil {
		return Withholding{}, err
	}
	if err := checkDayPay(days); err != nil {
		return Withholding{}, err
	}
	var taxable, excess money.Won
	for _, day := range days {
		taxable += day.Pay - day.TaxFree
		excess += max(0, day.Pay-day.TaxFree-rule.Value.Deduction)
	}
	rate := rule.Value.Rate.times(rule.Value.Credit.rest())
	figure := Figure{
		Name: "income_tax", Amount: smallOr(rule.Value.SmallAmountBelow, rate.of(excess)),
		Rule: "floor10(sum of max(0, day - deduction) x rate), 0 when below small_amount",
		Inputs: []Amount{
			{"days", int64(len(days))},
			{"taxable", int64(taxable)},
			{"deduction", int64(rule.Value.Deduction)},
			{"excess", int64(excess)},
			{"small_amount", int64(rule.Value.SmallAmountBelow)},
		},
		Rate: rate,
	}
	figure.Cite(rule.Source, rule.Remark)
	if len(days) > 1 {
		figure.Remark("secondary: that the sum of days paid together, not each day, is held against the small amount is NTS practice")
	}
	return r.withLocal(paid, figure)
}

// smallOr is the tax, or nothing when it is below the small amount. The limit
// is a multiple of ten won, so a tax cut to ten won compares as the exact one.
func smallOr(small, tax money.Won) money.Won {
	if tax < small {
		return 0
	}
	return tax
}

func sumDays(days []DayPay) (pay, free money.Won) {
	for _, day := range days {
		pay, free = pay+day.Pay, free+day.TaxFree
	}
	return pay, free
}

func checkDayPay(days []DayPay) error {
	if len(days) == 0 || len(days) > 366 {
		return fault(CodeDays, "%d days are paid together, not 1 to 366", len(days))
	}
	var sum money.Won
	for _, day := range days {
		if err := checkPay(day.Pay); err != nil {
			return err
		}
		if day.TaxFree < 0 || day.TaxFree > day.Pay {
			return fault(CodeNontaxable, "nontaxable %d does not fit in a day's pay of %d", day.TaxFree, day.Pay)
		}
		sum += day.Pay
	}
	return checkPay(sum)
}

// checkDayWork holds the month to its days and the worker to the time after
// which pay is monthly (소득세법 시행령 20①).
func (r *Rates) checkDayWork(in DayInput) error {
	rule, err := r.DayLabour.At("day labour tax", in.Month)
	if err != nil {
		return err
	}
	if in.Work.Days < 1 || in.Work.Days > 31 || in.Work.Hours < 0 || in.Work.Hours > 24*in.Work.Days || in.Work.Employed < 0 {
		return fault(CodeDays, "%d days and %d hours do not fit in a month", in.Work.Days, in.Work.Hours)
	}
	limit := rule.Value.Months
	if in.Work.Construction {
		limit = rule.Value.ConstructionMonths
	}
	if in.Work.Employed >= limit {
		return fault(CodeDays, "after %d months with one employer pay is monthly, not by the day", limit)
	}
	return nil
}

// dayExemptions are the insurances a month of day labour does not reach: both
// ask for a month of employment (국민연금법 시행령 2, 국민건강보험법 6②,
// 시행령 9); employment and accident insurance hold from the first day
// (고용보험법 시행령 3②2).
func (r *Rates) dayExemptions(in DayInput, taxable money.Won) ([]Exemption, []string, error) {
	rule, err := r.DayInsurance.At("day labour insurance", in.Month)
	if err != nil {
		return nil, nil, err
	}
	var exempt []Exemption
	limits, work := rule.Value, in.Work
	long := work.Hours >= limits.Hours
	pension := work.Days >= limits.Days || taxable >= limits.Income || long && !work.Construction
	if work.Employed < 1 || !pension {
		exempt = append(exempt, ExemptPension)
	}
	if work.Employed < 1 || !long {
		exempt = append(exempt, ExemptHealth)
	}
	if work.Employed < 1 || rule.Remark == "" {
		return exempt, nil, nil
	}
	return exempt, []string{rule.Remark}, nil
}

// checkDays refuses rules that would be computed with wrongly.
func (r *Rates) checkDays() error {
	for _, entry := range r.DayLabour.Entries {
		rule := entry.Value
		if !rule.Rate.valid() || !rule.Credit.valid() || rule.Rate.Den*rule.Credit.Den > million ||
			!within(largest, int64(rule.Deduction)) || !small(rule.SmallAmountBelow) ||
			!within(1200, int64(rule.Months), int64(rule.ConstructionMonths)) {
			return fault(CodeRates, "day labour tax from %s is out of range", entry.From)
		}
	}
	for _, entry := range r.DayInsurance.Entries {
		if v := entry.Value; !within(largest, int64(v.Days), int64(v.Hours), int64(v.Income)) {
			return fault(CodeRates, "day labour insurance from %s is out of range", entry.From)
		}
	}
	if err := r.DayInsurance.check("day labour insurance"); err != nil {
		return err
	}
	return r.DayLabour.check("day labour tax")
}

// small reports whether an amount can be held against taxes cut to ten won.
func small(amount money.Won) bool { return amount%10 == 0 && within(largest, int64(amount)) }
