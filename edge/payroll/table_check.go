package payroll

import "slices"

// Bounds within which every step of a table stays exact in 64 bits.
const (
	// widest is the last row a table may have, in thousand won.
	widest = 100_000
	// largest is the largest amount of won a table or child entry may hold.
	largest  = 1_000_000_000
	permille = 1000
)

// within reports whether all values are from 0 to most.
func within(most int64, values ...int64) bool {
	return slices.Min(values) >= 0 && slices.Max(values) <= most
}

// check refuses a table that would be computed with wrongly.
func (t *Table) check() error {
	lists := []int{
		len(t.Rows), len(t.EarnedIncomeDeduction), len(t.TaxRates), len(t.EarnedIncomeCredit),
		len(t.CreditLimits), len(t.Above), len(t.Ratios),
	}
	if slices.Contains(lists, 0) {
		return fault(CodeRates, "the withholding table lacks a list")
	}
	if err := t.checkRows(); err != nil {
		return err
	}
	if err := t.checkSpecial(); err != nil {
		return err
	}
	return t.checkAmounts()
}

func (t *Table) checkRows() error {
	for i, rows := range t.Rows {
		if rows.Step <= 0 || rows.From <= 0 || rows.To <= rows.From || rows.To > widest || (rows.To-rows.From)%rows.Step != 0 {
			return fault(CodeRates, "rows from %d do not divide evenly", rows.From)
		}
		if i > 0 && rows.From != t.Rows[i-1].To {
			return fault(CodeRates, "rows from %d leave a gap", rows.From)
		}
	}
	return nil
}

func (t *Table) checkSpecial() error {
	if len(t.SpecialDeduction) != 3 {
		return fault(CodeRates, "special deductions are for one, two, and three or more people")
	}
	for _, special := range t.SpecialDeduction {
		if len(special.Bands) == 0 {
			return fault(CodeRates, "a special deduction has no bands")
		}
		good := within(largest, special.Base, special.MoreOver) && within(permille, special.MorePermille)
		for _, band := range special.Bands {
			good = good && within(largest, band.Over) && within(permille, band.Permille, band.LessPermille)
		}
		if !good {
			return fault(CodeRates, "a special deduction is out of range")
		}
	}
	return nil
}

func (t *Table) checkAmounts() error {
	good := within(permille, t.Pension.Permille) && within(largest,
		int64(t.EarnedIncomeDeductionCap), int64(t.BasicDeductionEach), int64(t.SmallAmountBelow),
		int64(t.Pension.Low), int64(t.Pension.High))
	for _, band := range slices.Concat(t.EarnedIncomeDeduction, t.TaxRates, t.EarnedIncomeCredit) {
		good = good && within(largest, band.Over, band.Base) && within(permille, band.Permille)
	}
	for _, limit := range t.CreditLimits {
		good = good && within(largest, limit.Over, limit.Limit, limit.Floor)
	}
	for _, above := range t.Above {
		good = good && within(largest, int64(above.Over), int64(above.To), int64(above.Add)) && within(million, above.PPM)
	}
	for _, ratio := range t.Ratios {
		good = good && within(permille, int64(ratio))
	}
	if !good {
		return fault(CodeRates, "an amount of the withholding table is out of range")
	}
	return nil
}

// checkChildren also holds the amounts to a range.
func (r *Rates) checkChildren() error {
	for _, entry := range r.WithholdingChildren.Entries {
		if c := entry.Value; !within(largest, int64(c.One), int64(c.Two), int64(c.EachMore)) {
			return fault(CodeRates, "child amounts from %s are out of range", entry.From)
		}
	}
	return r.WithholdingChildren.check("child amounts")
}

// checkAccident holds every part to a share of pay.
func (r *Rates) checkAccident() error {
	for _, entry := range r.Accident.Entries {
		parts := entry.Value
		good := within(million, parts.Commuting, parts.WageClaim, parts.Asbestos)
		for _, rate := range parts.Industries {
			good = good && within(million, rate)
		}
		if !good {
			return fault(CodeRates, "an accident rate from %s is not a share", entry.From)
		}
	}
	return r.Accident.check("accident rate")
}
