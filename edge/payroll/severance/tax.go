package severance

import (
	"math/big"

	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

// Years are the years of service for the tax: begun years count whole
// (소득세법 48①).
func Years(joined, left payroll.Date) int {
	years := max(1, int(left.Month()-joined.Month())/12)
	for joined.AddMonths(12*years) < left {
		years++
	}
	return years
}

// Tax is the income tax and local tax on severance pay after so many years of
// service (소득세법 48, 55②, 86; 지방세법 103의13).
func Tax(rates *payroll.Rates, paid payroll.Month, pay money.Won, years int) (income, local payroll.Figure, err error) {
	table, err := rates.SeveranceTax.At("severance tax", paid)
	if err != nil {
		return income, local, err
	}
	if pay < 0 || pay > payroll.MaxPay || years < 1 {
		return income, local, payroll.Refuse(payroll.CodePay, "severance pay of %d won for %d years cannot be taxed", pay, years)
	}
	income = incomeTax(table, pay, int64(years))
	local, err = rates.Local(paid, income.Amount)
	return income, local, err
}

// incomeTax takes the deduction for the years off, converts the rest to what
// a year's twelve months would be, takes the second deduction off, taxes the
// rest as a year's income and converts back.
func incomeTax(table payroll.Dated[payroll.SeveranceTax], pay money.Won, years int64) payroll.Figure {
	service := min(pay, serviceDeduction(table.Value.Service, years))
	converted := big.NewRat(int64(pay-service)*12, years)
	base := floor(new(big.Rat).Sub(converted, banded(table.Value.Converted, converted)))
	yearly := banded(table.Value.TaxRates, big.NewRat(base, 1))
	tax := money.Won(floor(yearly.Mul(yearly, big.NewRat(years, 12)))) / 10 * 10
	if tax < table.Value.SmallAmountBelow {
		tax = 0
	}
	figure := payroll.Figure{
		Name: "severance_income_tax", Amount: tax,
		Rule: "floor10(tax of base / 12 x years), base = converted - its deduction, converted = (severance - service_deduction) x 12 / years, 0 when below small_amount",
		Inputs: []payroll.Amount{
			{Name: "severance", Value: int64(pay)},
			{Name: "years", Value: years},
			{Name: "service_deduction", Value: int64(service)},
			{Name: "converted", Value: floor(converted)},
			{Name: "base", Value: base},
			{Name: "small_amount", Value: int64(table.Value.SmallAmountBelow)},
		},
		Rate: payroll.Fraction{Num: years, Den: 12},
	}
	figure.Cite(table.Source, table.Remark)
	figure.Remark("only the base is cut to the won and the tax to ten won (국고금관리법 47); the law sets no rounding between")
	return figure
}

func serviceDeduction(bands []payroll.ServiceBand, years int64) money.Won {
	band := bands[0]
	for _, b := range bands {
		if years > b.Over {
			band = b
		}
	}
	return band.Base + band.Each*money.Won(years-band.Over)
}

// banded is the base of the highest band below the amount and its share of
// what is over.
func banded(bands []payroll.Band, amount *big.Rat) *big.Rat {
	band := bands[0]
	for _, b := range bands {
		if amount.Cmp(big.NewRat(b.Over, 1)) > 0 {
			band = b
		}
	}
	over := new(big.Rat).Sub(amount, big.NewRat(band.Over, 1))
	over.Mul(over, big.NewRat(band.Permille, 1000))
	return over.Add(over, big.NewRat(band.Base, 1))
}

// floor cuts a value of nothing or more to the won.
func floor(value *big.Rat) int64 { return new(big.Int).Quo(value.Num(), value.Denom()).Int64() }
