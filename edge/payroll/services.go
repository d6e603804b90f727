package payroll

import (
	"slices"

	"shopbox/protocol/money"
)

// PersonalServices is what is withheld from a freelancer.
type PersonalServices struct {
	Rate             Fraction  `json:"rate"`
	SmallAmountBelow money.Won `json:"small_amount_below"`
}

// ServiceCharge is what is withheld from a service charge (봉사료) that is
// more than PriceOver of the price.
type ServiceCharge struct {
	PersonalServices

	PriceOver Fraction `json:"price_over"`
}

// Sign is something a freelancer's work has in common with an employee's.
type Sign string

// The signs that a worker paid as a freelancer is an employee whatever the
// contract says (근로기준법 2①1: work given for wages).
const (
	FixedHours Sign = "fixed_hours"
	FixedPlace Sign = "fixed_place"
	UnderOrder Sign = "under_orders"
)

// Freelance is a payment to a freelancer.
type Freelance struct {
	Paid   Month
	Amount money.Won
	// Signs are what the shop says of how the work is done.
	Signs []Sign
}

// FreelanceResult is the payment computed.
type FreelanceResult struct {
	Withholding

	Net Figure
	// Warnings must be shown to the shop before it pays.
	Warnings []string
}

// employeeWarning is shown when work carries a sign of employment.
const employeeWarning = "근무 시간이나 장소가 정해져 있거나 지시를 받아 일하면 계약 이름과 상관없이 근로자예요. " +
	"그러면 최저임금, 주휴수당, 4대 보험, 퇴직금을 적용해야 해요(근로기준법 2①1)."

// PayFreelance withholds 3 % and local tax from a payment for personal
// services (소득세법 127①3, 129①3). Errors are CodeRateMissing and CodePay.
func (r *Rates) PayFreelance(in Freelance) (FreelanceResult, error) {
	rule, err := r.PersonalServices.At("tax on personal services", in.Paid)
	if err != nil {
		return FreelanceResult{}, err
	}
	tax, err := r.withholdService(in.Paid, in.Amount, rule)
	if err != nil {
		return FreelanceResult{}, err
	}
	result := FreelanceResult{Withholding: tax, Net: net(in.Amount, []Figure{tax.Income, tax.Local})}
	if slices.ContainsFunc(in.Signs, Sign.known) {
		result.Warnings = []string{employeeWarning}
	}
	return result, nil
}

func (s Sign) known() bool { return s == FixedHours || s == FixedPlace || s == UnderOrder }

// WithholdServiceCharge is the tax on a service charge paid on to the person
// who served (소득세법 127①8, 129①8); price is what the guest paid for the
// service itself. A charge within the share of the price is not withheld from.
func (r *Rates) WithholdServiceCharge(paid Month, charge, price money.Won) (Withholding, error) {
	rule, err := r.ServiceCharge.At("tax on service charges", paid)
	if err != nil {
		return Withholding{}, err
	}
	if err := checkPay(price); err != nil {
		return Withholding{}, err
	}
	over := rule.Value.PriceOver
	taxed := Dated[PersonalServices]{Value: rule.Value.PersonalServices, Source: rule.Source, Remark: rule.Remark}
	within := int64(charge)*over.Den <= int64(price)*over.Num
	if within {
		taxed.Value.Rate.Num = 0
	}
	tax, err := r.withholdService(paid, charge, taxed)
	tax.Income.Inputs = append(tax.Income.Inputs, amountOf("price", price))
	if within {
		tax.Income.Rule = "0, the charge is within its share of the price"
	}
	return tax, err
}

// withholdService is the rate, cut to ten won, unless small.
func (r *Rates) withholdService(paid Month, amount money.Won, rule Dated[PersonalServices]) (Withholding, error) {
	if err := checkPay(amount); err != nil {
		return Withholding{}, err
	}
	figure := rated("income_tax", amountOf("amount", amount), Dated[Fraction]{
		Value: rule.Value.Rate, Source: rule.Source, Remark: rule.Remark,
	})
	if limit := rule.Value.SmallAmountBelow; limit > 0 {
		figure.Amount = smallOr(limit, figure.Amount)
		figure.Rule += ", 0 when below small_amount"
		figure.Inputs = append(figure.Inputs, amountOf("small_amount", limit))
	}
	return r.withLocal(paid, figure)
}

// checkServices refuses rules that would be computed with wrongly.
func (r *Rates) checkServices() error {
	for _, entry := range r.PersonalServices.Entries {
		if !entry.Value.Rate.valid() || !small(entry.Value.SmallAmountBelow) {
			return fault(CodeRates, "tax on personal services from %s is out of range", entry.From)
		}
	}
	for _, entry := range r.ServiceCharge.Entries {
		if v := entry.Value; !v.Rate.valid() || !v.PriceOver.valid() || !small(v.SmallAmountBelow) {
			return fault(CodeRates, "tax on service charges from %s is out of range", entry.From)
		}
	}
	if err := r.ServiceCharge.check("tax on service charges"); err != nil {
		return err
	}
	return r.PersonalServices.check("tax on personal services")
}
