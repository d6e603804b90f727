package payroll

import "shopbox/protocol/money"

// Cost is what a worker costs the employer in a month.
type Cost struct {
	// Parts are the pay, the employer's premiums and what to put aside.
	Parts []Figure
	Total Figure
}

// EmployerFigures are the employer's own premiums. Of pension, health and
// long-term care the employer pays what the worker pays (국민연금법 88③,
// 국민건강보험법 76①, 노인장기요양보험법 11).
func (r *Result) EmployerFigures() []Figure {
	var figures []Figure
	for _, shared := range []Figure{r.Pension, r.Health, r.LongTermCare} {
		shared.Name = "employer_" + shared.Name
		figures = append(figures, shared)
	}
	figures = append(figures, r.EmployerEmployment)
	if r.Accident.Name != "" {
		figures = append(figures, r.Accident)
	}
	return figures
}

// Cost adds the employer's premiums to the gross pay and, for workers who
// will be owed severance pay, a twelfth of it (근로자퇴직급여보장법 8①: thirty
// days' pay for a year).
func (r *Result) Cost(gross money.Won, severance bool) Cost {
	pay := Figure{
		Name: "gross", Amount: gross, Rule: "gross", Inputs: []Amount{amountOf("gross", gross)},
		Rate: Fraction{Num: 1, Den: 1}, Sources: []string{"근로기준법 43①"},
	}
	parts := append([]Figure{pay}, r.EmployerFigures()...)
	if severance {
		aside := Figure{
			Name: "severance_accrual", Amount: gross / 12, Rule: "gross x rate", Inputs: []Amount{amountOf("gross", gross)},
			Rate: Fraction{Num: 1, Den: 12},
		}
		aside.Cite("근로자퇴직급여보장법 8①", "an estimate: what is owed in the end hangs on the last three months")
		parts = append(parts, aside)
	}
	total := Figure{
		Name: "employer_cost", Rule: "sum", Inputs: []Amount{}, Rate: Fraction{Num: 1, Den: 1},
		Sources: []string{"고용산재보험료징수법 13, 국민건강보험법 76①, 국민연금법 88③"},
	}
	for _, part := range parts {
		total.Amount += part.Amount
		total.Inputs = append(total.Inputs, amountOf(part.Name, part.Amount))
	}
	return Cost{Parts: parts, Total: total}
}
