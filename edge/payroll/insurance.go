package payroll

import (
	"slices"

	"shopbox/protocol/money"
)

// Size is the employer's class for employment insurance
// (고용산재보험료징수법 시행령 12①1).
type Size string

// The classes by regular staff.
const (
	// Under150 has fewer than 150 staff; no size given means this.
	Under150 Size = "under_150"
	// Priority is a priority-support firm with 150 or more.
	Priority Size = "priority"
	// Under1000 has 150 to 999.
	Under1000 Size = "under_1000"
	// Large has 1,000 or more, or is the state.
	Large Size = "large"
)

// Employer is what decides the employer's own premiums.
type Employer struct {
	Size Size
	// Industry is the notice's Korean name; none leaves the accident premium
	// out.
	Industry string
	// Staff decides the asbestos levy.
	Staff int
}

// Insurances are both sides' premiums of a month.
type Insurances struct {
	Pension, Health, LongTermCare, Employment Figure
	// EmployerEmployment holds the employer's further share as well. Of the
	// other three the employer pays what the worker pays.
	EmployerEmployment Figure
	// Accident is the employer's alone; no name when no industry was given.
	Accident Figure
}

// Insure computes the premiums on a month's taxable pay (국민연금법 시행령 3,
// 국민건강보험법 시행령 33, 고용산재보험료징수법 2: pay without non-taxable
// items). In real life the offices bill on reported pay; this is the premium
// of the pay itself. Errors are CodeRateMissing, CodePay, CodeExemption and
// the employer's.
func (r *Rates) Insure(month Month, taxable money.Won, employer Employer, exempt ...Exemption) (Insurances, error) {
	if err := checkPay(taxable); err != nil {
		return Insurances{}, err
	}
	if err := checkExemptions(exempt); err != nil {
		return Insurances{}, err
	}
	var result Insurances
	for _, premium := range []func(*Insurances, premiumInput) error{
		r.pension, r.health, r.longTermCare, r.employment, r.accident,
	} {
		if err := premium(&result, premiumInput{month, taxable, employer, exempt}); err != nil {
			return Insurances{}, err
		}
	}
	return result, nil
}

type premiumInput struct {
	month    Month
	taxable  money.Won
	employer Employer
	exempt   []Exemption
}

func (in premiumInput) without(e Exemption) bool { return slices.Contains(in.exempt, e) }

// pension is on income cut to 1,000 won and held within the limits
// (국민연금법 88, 시행령 5①).
func (r *Rates) pension(result *Insurances, in premiumInput) error {
	if in.without(ExemptPension) {
		result.Pension = uninsured("pension", "국민연금법 6, 시행령 2")
		return nil
	}
	rate, err := r.PensionRate.At("pension rate", in.month)
	if err != nil {
		return err
	}
	limits, err := r.PensionBase.At("pension base", in.month)
	if err != nil {
		return err
	}
	base := limits.Value.clamp(in.taxable / 1000 * 1000)
	figure := Figure{
		Name: "pension", Amount: rate.Value.of(base),
		Rule: "floor10(base x rate), base = taxable cut to 1,000 won within low and high",
		Inputs: []Amount{
			{"taxable", int64(in.taxable)},
			{"base", int64(base)},
			{"low", int64(limits.Value.Low)},
			{"high", int64(limits.Value.High)},
		},
		Rate: rate.Value,
	}
	figure.Cite(rate.Source, rate.Remark)
	figure.Cite(limits.Source, limits.Remark)
	result.Pension = figure
	return nil
}

// health is within half the limits of the whole premium
// (국민건강보험법 69, 73, 76①, 107; 시행령 32, 44).
func (r *Rates) health(result *Insurances, in premiumInput) error {
	if in.without(ExemptHealth) {
		result.Health = uninsured("health", "국민건강보험법 6②, 시행령 9")
		return nil
	}
	rate, err := r.HealthRate.At("health rate", in.month)
	if err != nil {
		return err
	}
	both, err := r.HealthPremium.At("limit of the health premium", in.month)
	if err != nil {
		return err
	}
	limits := Limits{Low: both.Value.Low / 2, High: both.Value.High / 2}
	figure := Figure{
		Name: "health", Amount: limits.clamp(rate.Value.of(in.taxable)),
		Rule: "floor10(taxable x rate) within low and high",
		Inputs: []Amount{
			{"taxable", int64(in.taxable)},
			{"low", int64(limits.Low)},
			{"high", int64(limits.High)},
		},
		Rate: rate.Value,
	}
	figure.Cite(rate.Source, rate.Remark)
	figure.Cite(both.Source, both.Remark)
	result.Health = figure
	return nil
}

// longTermCare is a share of the health premium (노인장기요양보험법 9①).
func (r *Rates) longTermCare(result *Insurances, in premiumInput) error {
	if in.without(ExemptHealth) {
		result.LongTermCare = uninsured("ltc", "국민건강보험법 6②, 시행령 9; 노인장기요양보험법 7③")
		return nil
	}
	ratio, err := r.LongTermCareRatio.At("long-term care ratio", in.month)
	if err != nil {
		return err
	}
	result.LongTermCare = rated("ltc", amountOf("health", result.Health.Amount), ratio)
	return nil
}

// employment has no limits (고용산재보험료징수법 13②④, 시행령 12).
func (r *Rates) employment(result *Insurances, in premiumInput) error {
	if in.without(ExemptEmployment) {
		result.Employment = uninsured("employment", "고용보험법 10, 시행령 3")
		result.EmployerEmployment = uninsured("employer_employment", "고용보험법 10, 시행령 3")
		return nil
	}
	rate, err := r.EmploymentRate.At("employment rate", in.month)
	if err != nil {
		return err
	}
	extra, err := r.EmploymentExtra.At("employment extra", in.month)
	if err != nil {
		return err
	}
	size := in.employer.Size
	if size == "" {
		size = Under150
	}
	share, ok := extra.Value[size]
	if !ok {
		return fault(CodeSize, "employer size %q is unknown", size)
	}
	if in.without(ExemptUnemployment) {
		rate.Value.Num, rate.Source = 0, "고용산재보험료징수법 13③"
	}
	taxable := amountOf("taxable", in.taxable)
	result.Employment = rated("employment", taxable, rate)
	whole := rate
	whole.Value = rate.Value.plus(share)
	result.EmployerEmployment = rated("employer_employment", taxable, whole)
	result.EmployerEmployment.Cite(extra.Source, extra.Remark)
	return nil
}

// accident is the employer's alone (고용산재보험료징수법 13⑤, 14③⑦).
func (r *Rates) accident(result *Insurances, in premiumInput) error {
	if in.employer.Industry == "" {
		return nil
	}
	parts, err := r.Accident.At("accident rate", in.month)
	if err != nil {
		return err
	}
	industry, ok := parts.Value.Industries[in.employer.Industry]
	if !ok {
		return fault(CodeIndustry, "industry %q has no accident rate", in.employer.Industry)
	}
	sum := industry + parts.Value.Commuting + parts.Value.WageClaim
	if in.employer.Staff >= parts.Value.AsbestosStaff {
		sum += parts.Value.Asbestos
	}
	rate := Dated[Fraction]{Value: ppm(sum), Source: parts.Source, Remark: parts.Remark}
	result.Accident = rated("accident", amountOf("taxable", in.taxable), rate)
	return nil
}

// joining takes out the premiums that begin with the month after joining: who
// joins on the first of a month pays for it, who joins later does not
// (국민연금법 17①, 국민건강보험법 69②).
func (i *Insurances) joining() {
	for _, place := range []*Figure{&i.Pension, &i.Health, &i.LongTermCare} {
		if place.Rule != notInsured {
			*place = uninsured(place.Name, "국민연금법 17①, 국민건강보험법 69②")
			place.Rule = "0, due from the month after joining"
		}
	}
}

// bill puts the premiums billed in the place of those computed, which stay
// among the inputs.
func (i *Insurances) bill(billed map[string]money.Won) error {
	places := map[string]*Figure{
		"pension": &i.Pension, "health": &i.Health, "ltc": &i.LongTermCare, "employment": &i.Employment,
	}
	for name, amount := range billed {
		place, ok := places[name]
		if !ok {
			return fault(CodeBilled, "no premium is called %q; billed are pension, health, ltc and employment", name)
		}
		if err := checkPay(amount); err != nil {
			return err
		}
		*place = Figure{
			Name: name, Amount: amount, Rule: "as billed",
			Inputs: []Amount{amountOf("billed", amount), amountOf("computed", place.Amount)},
			Rate:   Fraction{Num: 1, Den: 1}, Sources: place.Sources, Remarks: place.Remarks,
		}
	}
	return nil
}
