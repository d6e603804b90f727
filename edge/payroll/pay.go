// Package payroll computes Korean monthly pay to the won: the four social
// insurances, the income tax withheld and what the employer adds, each figure
// with its rule, inputs, rate and source. The command edge pay and the shop's
// pay slips call it. It is pure: integers only, no clock, no files but the
// embedded rates; a month without a known rate is refused, never guessed;
// and net pay plus deductions is always the gross pay.
package payroll

import "shopbox/protocol/money"

// MaxPay is the largest monthly pay taken, in won; sums stay exact below it.
const MaxPay money.Won = 1_000_000_000_000

// Input is a month's pay of one worker.
type Input struct {
	// Month is what the pay and the premiums are for.
	Month Month
	// Paid is the month of payment, which decides the withholding table; none
	// means the same month.
	Paid Month
	// Gross is everything paid; Nontaxable the part of it that is tax-free
	// (소득세법 12 3호) and so outside the premiums too.
	Gross, Nontaxable money.Won
	// Joined is the first day of employment; none is long ago.
	Joined   Date
	Worker   Worker
	Employer Employer
	// Exempt are the insurances the worker is not in.
	Exempt []Exemption
	// Billed replaces premiums computed by those that the insurance offices
	// billed for the worker, by the figure's name: in real life they bill on
	// reported pay. Of the first three the employer is billed the same.
	Billed map[string]money.Won
}

// Result is the pay computed.
type Result struct {
	Insurances

	Withholding Withholding
	// Net is Gross less the six deductions; it may be below nothing when the
	// lowest premiums are above a tiny pay.
	Net Figure
}

// Pay computes one worker's month. Errors are *Error.
func (r *Rates) Pay(in Input) (Result, error) {
	if err := checkPay(in.Gross); err != nil {
		return Result{}, err
	}
	if err := checkPay(in.Nontaxable); err != nil {
		return Result{}, err
	}
	if in.Nontaxable > in.Gross {
		return Result{}, fault(CodeNontaxable, "nontaxable %d is more than gross %d", in.Nontaxable, in.Gross)
	}
	paid := in.Paid
	if paid == 0 {
		paid = in.Month
	}
	taxable := in.Gross - in.Nontaxable
	insurances, err := r.Insure(in.Month, taxable, in.Employer, in.Exempt...)
	if err != nil {
		return Result{}, err
	}
	if in.Joined.Month() == in.Month && in.Joined.Day() > 1 {
		insurances.joining()
	}
	if err := insurances.bill(in.Billed); err != nil {
		return Result{}, err
	}
	tax, err := r.Withhold(paid, taxable, in.Worker)
	if err != nil {
		return Result{}, err
	}
	result := Result{Insurances: insurances, Withholding: tax}
	result.Net = net(in.Gross, result.Deductions())
	return result, nil
}

// Deductions are the worker's six, in the order of a slip.
func (r *Result) Deductions() []Figure {
	return []Figure{
		r.Pension, r.Health, r.LongTermCare, r.Employment, r.Withholding.Income, r.Withholding.Local,
	}
}

// Figures are all amounts with their explanations: deductions, net, then the
// employer's own.
func (r *Result) Figures() []Figure {
	figures := append(r.Deductions(), r.Net, r.EmployerEmployment)
	if r.Accident.Name != "" {
		figures = append(figures, r.Accident)
	}
	return figures
}

// EmployerCost is what the employer pays beside the gross pay.
func (r *Result) EmployerCost() money.Won {
	return r.Pension.Amount + r.Health.Amount + r.LongTermCare.Amount +
		r.EmployerEmployment.Amount + r.Accident.Amount
}

// net is the gross pay less the deductions the law allows (근로기준법 43①).
func net(gross money.Won, deductions []Figure) Figure {
	figure := Figure{
		Name: "net", Amount: gross, Rule: "gross - deductions",
		Inputs: []Amount{amountOf("gross", gross)}, Rate: Fraction{Num: 1, Den: 1},
		Sources: []string{"근로기준법 43①"},
	}
	for _, deduction := range deductions {
		figure.Amount -= deduction.Amount
		figure.Inputs = append(figure.Inputs, amountOf(deduction.Name, deduction.Amount))
	}
	return figure
}

// checkPay keeps an amount where sums stay exact.
func checkPay(amount money.Won) error {
	if amount < 0 || amount > MaxPay {
		return fault(CodePay, "pay of %d won is not from 0 to %d", amount, MaxPay)
	}
	return nil
}
