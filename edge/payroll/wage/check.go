package wage

import (
	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

// The refusals of this room.
const (
	// CodeContract is a contract that cannot be paid by.
	CodeContract payroll.Code = "contract_invalid"
	// CodeExtra is a single payment that contradicts itself.
	CodeExtra payroll.Code = "extra_invalid"
)

// check refuses what would be computed with wrongly.
func (m *Month) check() error {
	c := m.Contract
	switch c.Per {
	case Hourly, Daily, Monthly:
	default:
		return payroll.Refuse(CodeContract, "a wage for each %q is unknown", c.Per)
	}
	if err := checkAmount(c.Wage); err != nil {
		return err
	}
	if err := c.Schedule.Check(); err != nil {
		return err
	}
	if c.Per != Hourly && c.Schedule.Weekly() == 0 {
		return payroll.Refuse(CodeContract, "a wage for a %s needs contracted hours", c.Per)
	}
	if c.TermMonths < 0 || c.ProbationMonths < 0 {
		return payroll.Refuse(CodeContract, "the contract or its probation has less than no months")
	}
	for _, a := range c.Allowances {
		if err := a.check(c.Schedule.Weekly() > 0); err != nil {
			return err
		}
	}
	for _, e := range m.Extras {
		if err := e.check(); err != nil {
			return err
		}
	}
	for _, amount := range []money.Won{m.PremiumTaxFree, m.LastYearPay} {
		if err := checkAmount(amount); err != nil {
			return err
		}
	}
	return nil
}

func (a Allowance) check(contracted bool) error {
	if err := checkAmount(a.Amount); err != nil {
		return err
	}
	switch a.TaxFree {
	case Taxable, Meal, OwnCar, ChildCare:
	default:
		return payroll.Refuse(CodeContract, "the allowance %q cannot be tax-free as %q", a.Name, a.TaxFree)
	}
	if a.Name == "" || a.Children < 0 || a.Ordinary && !contracted {
		return payroll.Refuse(CodeContract, "the allowance %q lacks its name, children or contracted hours", a.Name)
	}
	return nil
}

func (e Extra) check() error {
	if e.Amount < -payroll.MaxPay || e.Amount > payroll.MaxPay {
		return payroll.Refuse(payroll.CodePay, "%d won are out of range", e.Amount)
	}
	switch e.TaxFree {
	case Taxable, Meal, OwnCar:
	case BirthSupport:
		if e.Born == 0 || e.Payment < 1 {
			return payroll.Refuse(CodeExtra, "birth support needs the child's birth and the number of the payment")
		}
	default:
		return payroll.Refuse(CodeExtra, "the payment %q cannot be tax-free as %q", e.Name, e.TaxFree)
	}
	if e.Name == "" || e.Amount < 0 && e.TaxFree != Taxable {
		return payroll.Refuse(CodeExtra, "a payment lacks its name, or less than nothing is tax-free")
	}
	if e.Figure != nil && e.Figure.Amount != e.Amount {
		return payroll.Refuse(CodeExtra, "the payment %q is %d won, its explanation %d", e.Name, e.Amount, e.Figure.Amount)
	}
	return nil
}

func checkAmount(amount money.Won) error {
	if amount < 0 || amount > payroll.MaxPay {
		return payroll.Refuse(payroll.CodePay, "%d won are not from 0 to %d", amount, payroll.MaxPay)
	}
	return nil
}
