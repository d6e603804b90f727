package slip

import (
	"fmt"
	"slices"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/correction"
	"shopbox/edge/payroll/wage"
	"shopbox/protocol/money"
)

// Make puts a month's gross pay and what is taken from it on a slip: the
// items, the premiums and taxes, other deductions, and the corrections of
// earlier months it carries. Errors are CodeIncomplete and those of the
// engine.
func Make(rates *payroll.Rates, in *Input, gross wage.Result) (Slip, error) {
	if in.PaidOn == 0 {
		return Slip{}, payroll.Refuse(CodeIncomplete, "the day of payment is needed (근로기준법 시행령 27의2 2)")
	}
	pay, err := rates.Pay(in.pay(gross))
	if err != nil {
		return Slip{}, err
	}
	slip := Slip{
		Shop: in.Shop, Worker: in.Worker, Month: in.Work.Month, PaidOn: in.PaidOn, Basis: basis(in.Work.Contract),
		Time: Time{
			Days: gross.Time.Days, Worked: gross.Time.Worked(), Overtime: gross.Time.Overtime,
			Night: gross.Time.Night, Holiday: gross.Time.HolidayWork,
		},
		Nontaxable: gross.Nontaxable, Ordinary: gross.Ordinary, Warnings: gross.Warnings,
	}
	if slip.Worker.Hired == 0 {
		slip.Worker.Hired = in.Work.Contract.Hired
	}
	for _, item := range gross.Items {
		slip.Earnings = append(slip.Earnings, earning(item, in.Work.Extras))
	}
	if sum(slip.Earnings) != gross.Gross {
		return Slip{}, payroll.Refuse(CodeSum, "the items are %d won, the gross pay %d", sum(slip.Earnings), gross.Gross)
	}
	slip.Deductions = lines(pay.Deductions())
	slip.Employer = lines(pay.EmployerFigures())
	if err := slip.deduct(in.Deductions); err != nil {
		return Slip{}, err
	}
	for _, c := range in.Corrections {
		if err := slip.carry(c); err != nil {
			return Slip{}, err
		}
	}
	slip.Gross, slip.Deducted = sum(slip.Earnings), sum(slip.Deductions)
	slip.Net = slip.Gross - slip.Deducted
	return slip, slip.Check()
}

// earning is an item of the gross pay with its sentence.
func earning(item wage.Item, extras []wage.Extra) Line {
	line := figureLine(item.Figure)
	line.Varies, line.Nontaxable = item.Varies, item.Nontaxable
	once := slices.IndexFunc(extras, func(extra wage.Extra) bool { return extra.Name == item.Name })
	if once >= 0 && extras[once].Figure != nil {
		line.Method = Sentence(*extras[once].Figure)
	}
	switch {
	case line.Method != "":
	case item.Varies:
		line.Method = item.Rule // the formula is better than nothing
	case once >= 0:
		line.Method = "이번 달에 한 번 지급"
	default:
		line.Method = "매월 정액"
	}
	return line
}

func lines(figures []payroll.Figure) []Line {
	result := make([]Line, 0, len(figures))
	for _, figure := range figures {
		result = append(result, figureLine(figure))
	}
	return result
}

func figureLine(figure payroll.Figure) Line {
	return Line{
		Name: figure.Name, Label: label(figure.Name), Amount: figure.Amount, Method: Sentence(figure), Figure: &figure,
	}
}

// deduct adds deductions beside taxes and premiums.
func (s *Slip) deduct(deductions []Deduction) error {
	for _, d := range deductions {
		if d.Name == "" || d.Amount < 0 || d.Amount > payroll.MaxPay {
			return payroll.Refuse(payroll.CodePay, "deduction %q of %d won is out of range", d.Name, d.Amount)
		}
		s.Deductions = append(s.Deductions, Line{Name: d.Name, Label: label(d.Name), Amount: d.Amount, Method: d.Note})
	}
	return nil
}

// carry adds what a correction of a locked month changes, item by item.
func (s *Slip) carry(c correction.Correction) error {
	if c.Into != s.Month || c.Of >= s.Month || c.Reason == "" || len(c.Entries) == 0 {
		return payroll.Refuse(correction.CodeInto, "the correction of %s into %s does not belong on the slip of %s", c.Of, c.Into, s.Month)
	}
	for _, entry := range c.Entries {
		line := Line{
			Name: entry.Name, Label: fmt.Sprintf("%d월 정정 %s", c.Of.Of(), label(entry.Name)), Amount: entry.Difference(),
			Method: fmt.Sprintf("%s → %s, %s", won(int64(entry.Booked)), won(int64(entry.Recomputed)), c.Reason), Varies: true,
		}
		if max(entry.Booked, -entry.Booked, entry.Recomputed, -entry.Recomputed) > payroll.MaxPay {
			return payroll.Refuse(payroll.CodePay, "a correction of %s is out of range", entry.Name)
		}
		switch entry.Kind {
		case correction.Earning:
			s.Earnings = append(s.Earnings, line)
		case correction.Deduction:
			s.Deductions = append(s.Deductions, line)
		case correction.Employer:
			s.Employer = append(s.Employer, line)
		default:
			return payroll.Refuse(correction.CodeItem, "item %q is of no known kind", entry.Name)
		}
	}
	return nil
}

// basis says what the wage is agreed for (시행령 27①5).
func basis(contract wage.Contract) string {
	word := map[wage.Per]string{wage.Hourly: "시급", wage.Daily: "일급", wage.Monthly: "월급"}[contract.Per]
	var fixed money.Won
	for _, allowance := range contract.Allowances {
		fixed += allowance.Amount
	}
	text := word + " " + won(int64(contract.Wage))
	if fixed > 0 {
		text += ", 고정수당 " + won(int64(fixed))
	}
	return text
}
