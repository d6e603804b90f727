package payroll

import "shopbox/protocol/money"

// Columns are the family sizes the annex prints.
const Columns = 11

// Table holds the parameters that make the monthly withholding table
// (소득세법 시행령 별표 2). The annex prints results only; these frozen values
// reproduce each of them and are not the values of the year-end settlement.
type Table struct {
	Rows []RowStep `json:"rows"`
	// EarnedIncomeDeduction is 소득세법 47①, at most the cap.
	EarnedIncomeDeduction    []Band    `json:"earned_income_deduction"`
	EarnedIncomeDeductionCap money.Won `json:"earned_income_deduction_cap"`
	// BasicDeductionEach is 소득세법 50, for each of the family.
	BasicDeductionEach money.Won `json:"basic_deduction_each"`
	// Pension is the deduction of 소득세법 51의3 at the frozen rate and limits.
	Pension TablePension `json:"pension"`
	// SpecialDeduction stands for 소득세법 52: for one, two, and three or more.
	SpecialDeduction []Special `json:"special_deduction"`
	// TaxRates is 소득세법 55.
	TaxRates []Band `json:"tax_rates"`
	// EarnedIncomeCredit and CreditLimits are 소득세법 59 as frozen.
	EarnedIncomeCredit []Band        `json:"earned_income_credit"`
	CreditLimits       []CreditLimit `json:"credit_limits"`
	// Above are the formulas for pay over the last row.
	Above []Above `json:"above"`
	// SmallAmountBelow is the tax that is not withheld (소득세법 86).
	SmallAmountBelow money.Won `json:"small_amount_below"`
	// Ratios are the shares of the table a worker may choose (시행령 194①).
	Ratios []int `json:"ratios_percent"`
}

// RowStep is a stretch of rows of the same width, in thousand won.
type RowStep struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
	Step int64 `json:"step"`
}

// Band is base + permille of what is over.
type Band struct {
	Over     int64 `json:"over"`
	Base     int64 `json:"base"`
	Permille int64 `json:"permille"`
}

// TablePension is a rate on pay within limits.
type TablePension struct {
	Limits

	Permille int64 `json:"permille"`
}

// Special is the flat deduction of a family size: base + permille of the
// year's pay less less_permille of what is over the band's start, plus
// more_permille of what is over more_over.
type Special struct {
	Base         int64         `json:"base"`
	Bands        []SpecialBand `json:"bands"`
	MoreOver     int64         `json:"more_over"`
	MorePermille int64         `json:"more_permille"`
}

// SpecialBand holds for a year's pay above Over.
type SpecialBand struct {
	Over         int64 `json:"over"`
	Permille     int64 `json:"permille"`
	LessPermille int64 `json:"less_permille"`
}

// CreditLimit is limit less half of what is over, at least floor.
type CreditLimit struct {
	Over  int64 `json:"over"`
	Limit int64 `json:"limit"`
	Floor int64 `json:"floor"`
}

// Above adds to the tax of the last row: add + ppm of the pay over Over. The
// law's 98 % x rate is multiplied out. To 0 is no end.
type Above struct {
	Over money.Won `json:"over"`
	To   money.Won `json:"to"`
	Add  money.Won `json:"add"`
	PPM  int64     `json:"ppm"`
}

// Row is a printed row: monthly pay from Low to below High in thousand won
// and the tax for 1 to 11 people. The last row is exactly 10,000.
type Row struct {
	Low, High int64
	Tax       [Columns]money.Won
}

// last is the pay of the last row, in thousand won.
func (t *Table) last() int64 { return t.Rows[len(t.Rows)-1].To }

// All are the printed rows, lowest first.
func (t *Table) All() []Row {
	var rows []Row
	for _, stretch := range t.Rows {
		for low := stretch.From; low < stretch.To; low += stretch.Step {
			rows = append(rows, t.row(low, low+stretch.Step))
		}
	}
	return append(rows, t.row(t.last(), t.last()))
}

func (t *Table) row(low, high int64) Row {
	row := Row{Low: low, High: high}
	for i := range row.Tax {
		row.Tax[i] = t.cell(middle(low, high), i+1)
	}
	return row
}

// middle of a row, in won.
func middle(low, high int64) int64 { return (low + high) * 1000 / 2 }

// find gives the row of a monthly pay up to the last row's; ok is false below
// the first.
func (t *Table) find(pay money.Won) (low, high int64, ok bool) {
	thousand := int64(pay) / 1000
	if thousand >= t.last() {
		return t.last(), t.last(), true
	}
	for _, stretch := range t.Rows {
		if thousand >= stretch.From && thousand < stretch.To {
			low = thousand - (thousand-stretch.From)%stretch.Step
			return low, low + stretch.Step, true
		}
	}
	return 0, 0, false
}

// cell is one printed amount: the year's tax on twelve times the middle of
// the row, a twelfth of it, cut to 10 won, nothing when small (소득세법 86).
// All steps are exact: thousandths, millionths and billionths of a won.
func (t *Table) cell(month int64, family int) money.Won {
	year := 12 * month
	base := max(0, 1000*(year-t.pension(month)-int64(family)*int64(t.BasicDeductionEach))-
		t.earned(year)-t.special(year, family))
	tax := banded(t.TaxRates, base, 1000)
	credit := banded(t.EarnedIncomeCredit, tax, million)
	tax, limit := 1000*tax, t.creditLimit(year)
	monthly := floor10(money.Won(max(0, tax-min(credit, limit)) / (12 * 1000 * million)))
	if monthly < t.SmallAmountBelow {
		return 0
	}
	return monthly
}

// banded applies the highest band below the amount, which counts in parts of
// a won; the answer counts in thousandths of such parts.
func banded(bands []Band, amount, parts int64) int64 {
	band := bands[0]
	for _, b := range bands {
		if amount > b.Over*parts {
			band = b
		}
	}
	return band.Base*parts*1000 + (amount-band.Over*parts)*band.Permille
}

// earned is the earned income deduction in thousandths (소득세법 47).
func (t *Table) earned(year int64) int64 {
	return min(banded(t.EarnedIncomeDeduction, year, 1), 1000*int64(t.EarnedIncomeDeductionCap))
}

// pension is the frozen year's contribution in won.
func (t *Table) pension(month int64) int64 {
	base := t.Pension.clamp(money.Won(month / 1000 * 1000))
	return 12 * int64(floor10(base*money.Won(t.Pension.Permille)/1000))
}

// special is the special deduction in thousandths.
func (t *Table) special(year int64, family int) int64 {
	special := t.SpecialDeduction[min(family, len(t.SpecialDeduction))-1]
	band := special.Bands[0]
	for _, b := range special.Bands {
		if year > b.Over {
			band = b
		}
	}
	return special.Base*1000 + year*band.Permille - (year-band.Over)*band.LessPermille +
		max(0, year-special.MoreOver)*special.MorePermille
}

// creditLimit is in billionths of a won.
func (t *Table) creditLimit(year int64) int64 {
	limit := t.CreditLimits[0]
	for _, l := range t.CreditLimits {
		if year > l.Over {
			limit = l
		}
	}
	if limit.Limit == limit.Floor {
		return limit.Limit * 1000 * million
	}
	return max(limit.Floor*1000*million, limit.Limit*1000*million-(year-limit.Over)*500*million)
}
