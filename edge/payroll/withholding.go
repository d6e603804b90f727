package payroll

import (
	"slices"

	"shopbox/protocol/money"
)

// Children are the amounts taken off for children of an age
// (소득세법 시행령 별표 2 비고 3).
type Children struct {
	AgeFrom  int       `json:"age_from"`
	AgeTo    int       `json:"age_to"`
	One      money.Won `json:"one"`
	Two      money.Won `json:"two"`
	EachMore money.Won `json:"each_more"`
}

// relief is what so many children take off the table's tax.
func (c Children) relief(children int) money.Won {
	switch children {
	case 0:
		return 0
	case 1:
		return c.One
	}
	return c.Two + c.EachMore*money.Won(children-2)
}

// MaxFamily is the largest family the engine takes.
const MaxFamily = 99

// Worker is what decides the tax beside the pay.
type Worker struct {
	// Family counts the worker, the spouse and all dependants.
	Family int
	// Children are those of the family aged 8 to 20.
	Children int
	// Ratio is the share of the table in percent: 80, 100 or 120.
	Ratio int
}

// Withholding is the month's tax and how it came about.
type Withholding struct {
	Income, Local Figure
}

// Withhold is the income tax and local tax on a month's taxable pay, by the
// table in force in the month it is paid out (소득세법 134①, 시행령 194;
// 지방세법 103의13). Errors are CodeRateMissing and those of Worker.
func (r *Rates) Withhold(paid Month, taxable money.Won, w Worker) (Withholding, error) {
	table, err := r.WithholdingTable.At("withholding table", paid)
	if err != nil {
		return Withholding{}, err
	}
	children, err := r.WithholdingChildren.At("child amounts", paid)
	if err != nil {
		return Withholding{}, err
	}
	if err := w.check(table.Value.Ratios); err != nil {
		return Withholding{}, err
	}
	if err := checkPay(taxable); err != nil {
		return Withholding{}, err
	}
	return r.withLocal(paid, incomeTax(table, children, taxable, w))
}

// withLocal adds the local tax that goes with every income tax withheld
// (지방세법 103의13).
func (r *Rates) withLocal(paid Month, income Figure) (Withholding, error) {
	local, err := r.Local(paid, income.Amount)
	return Withholding{Income: income, Local: local}, err
}

// Local is the local tax on an income tax withheld (지방세법 103의13), or
// CodeRateMissing.
func (r *Rates) Local(paid Month, income money.Won) (Figure, error) {
	rate, err := r.LocalIncomeTax.At("local income tax", paid)
	if err != nil {
		return Figure{}, err
	}
	return rated("local_tax", amountOf("income_tax", income), rate), nil
}

func (w Worker) check(ratios []int) error {
	switch {
	case w.Family < 1 || w.Family > MaxFamily:
		return fault(CodeFamily, "family %d is not from 1 to %d", w.Family, MaxFamily)
	case w.Children < 0 || w.Children >= w.Family:
		return fault(CodeChildren, "children %d do not fit in a family of %d that counts the worker", w.Children, w.Family)
	case !slices.Contains(ratios, w.Ratio):
		return fault(CodeRatio, "ratio %d is not one of %v percent", w.Ratio, ratios)
	}
	return nil
}

func incomeTax(table Dated[Table], children Dated[Children], taxable money.Won, w Worker) Figure {
	full := table.Value.Tax(taxable, w.Family)
	relief := children.Value.relief(w.Children)
	tax := floor10(max(0, full-relief) * money.Won(w.Ratio) / 100)
	if tax < table.Value.SmallAmountBelow {
		tax = 0
	}
	figure := Figure{
		Name: "income_tax", Amount: tax,
		Rule: "floor10(max(0, table - children_relief) x ratio), 0 when below small_amount",
		Inputs: []Amount{
			{"taxable", int64(taxable)},
			{"family", int64(w.Family)},
			{"children", int64(w.Children)},
			{"table", int64(full)},
			{"children_relief", int64(relief)},
			{"small_amount", int64(table.Value.SmallAmountBelow)},
		},
		Rate: Fraction{Num: int64(w.Ratio), Den: 100},
	}
	figure.Cite(table.Source+"; 소득세법 86", table.Remark)
	if w.Children > 0 {
		figure.Cite(children.Source, children.Remark)
	}
	if last := money.Won(table.Value.last() * 1000); taxable > last || w.Ratio != 100 {
		// The annex does not say how these amounts are rounded.
		figure.Remarks = append(figure.Remarks, "the cut to ten won of amounts over the last row or at another ratio follows 국고금관리법 47; the annex is silent")
	}
	return figure
}

// Tax is the table's tax for a monthly pay and a family of any size: the
// printed row, note 4 for more than 11 people, and the formulas above the
// last row. Children and ratio come after.
func (t *Table) Tax(taxable money.Won, family int) money.Won {
	if family <= Columns {
		return t.column(taxable, family)
	}
	eleven := t.column(taxable, Columns)
	step := t.column(taxable, Columns-1) - eleven
	return max(0, eleven-step*money.Won(family-Columns))
}

func (t *Table) column(taxable money.Won, family int) money.Won {
	low, high, ok := t.find(taxable)
	if !ok {
		return 0
	}
	return t.cell(middle(low, high), family) + t.above(taxable)
}

// above is what the formulas add for pay over the last row.
func (t *Table) above(taxable money.Won) money.Won {
	for _, a := range t.Above {
		if taxable > a.Over && (a.To == 0 || taxable <= a.To) {
			return floor10(a.Add + (taxable-a.Over)*money.Won(a.PPM)/million)
		}
	}
	return 0
}
