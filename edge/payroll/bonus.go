package payroll

import "shopbox/protocol/money"

// Bonus is a bonus paid with a month's pay for a period that ends with it.
type Bonus struct {
	// Paid is the month of payment.
	Paid Month
	// Months is how long the period is: that the bonus is set for, or, when
	// none is set, since the last bonus of the year; 1 to 12.
	Months int
	// Bonus and Other are taxable: the bonus, and all other pay of the period,
	// this month's included.
	Bonus, Other money.Won
	// Withheld is the income tax already taken from Other in the months before.
	Withheld money.Won
	Worker   Worker
}

// WithholdBonus is the tax on this month's pay and the bonus together: the
// table's tax on the period's monthly average, for all its months, less what
// was withheld before, not below nothing (소득세법 136). A small shop may as
// well put the bonus into the month and call Withhold. Errors are CodeBonus
// and those of Withhold.
func (r *Rates) WithholdBonus(in Bonus) (Withholding, error) {
	if in.Months < 1 || in.Months > 12 {
		return Withholding{}, fault(CodeBonus, "a bonus period of %d months is not from 1 to 12", in.Months)
	}
	for _, amount := range []money.Won{in.Bonus, in.Other, in.Withheld} {
		if err := checkPay(amount); err != nil {
			return Withholding{}, err
		}
	}
	average := (in.Bonus + in.Other) / money.Won(in.Months)
	monthly, err := r.Withhold(in.Paid, average, in.Worker)
	if err != nil {
		return Withholding{}, err
	}
	figure := monthly.Income
	figure.Amount = max(0, monthly.Income.Amount*money.Won(in.Months)-in.Withheld)
	figure.Rule = "max(0, tax of average x months - withheld), average = (other + bonus) / months"
	figure.Inputs = append(figure.Inputs,
		amountOf("average", average), Amount{"months", int64(in.Months)}, amountOf("bonus", in.Bonus),
		amountOf("other", in.Other), amountOf("tax_of_average", monthly.Income.Amount), amountOf("withheld", in.Withheld))
	figure.Cite("소득세법 136", "unconfirmed: the way of spreading a bonus over its period is from memory")
	return r.withLocal(in.Paid, figure)
}
