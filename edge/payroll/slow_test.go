package payroll_test

import "math/big"

// The rules once more, written from their text in fractions of a won with no
// thought of speed and nothing taken from the package or its rates: what the
// fast version must agree with.

func rat(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic("not a number: " + text)
	}
	return r
}

func won(amount int64) *big.Rat           { return new(big.Rat).SetInt64(amount) }
func plus(a, b *big.Rat) *big.Rat         { return new(big.Rat).Add(a, b) }
func minus(a, b *big.Rat) *big.Rat        { return new(big.Rat).Sub(a, b) }
func times(a *big.Rat, b string) *big.Rat { return new(big.Rat).Mul(a, rat(b)) }

func larger(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) >= 0 {
		return a
	}
	return b
}

func smaller(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// down cuts what is under a step, of amounts not below nothing.
func down(amount *big.Rat, step int64) int64 {
	steps := new(big.Rat).Quo(amount, won(step))
	return new(big.Int).Quo(steps.Num(), steps.Denom()).Int64() * step
}

// slowWork is 소득세법 47: the deduction from a year's pay.
func slowWork(year *big.Rat) *big.Rat {
	switch {
	case year.Cmp(rat("5e6")) <= 0:
		return times(year, "0.7")
	case year.Cmp(rat("15e6")) <= 0:
		return plus(rat("3.5e6"), times(minus(year, rat("5e6")), "0.4"))
	case year.Cmp(rat("45e6")) <= 0:
		return plus(rat("7.5e6"), times(minus(year, rat("15e6")), "0.15"))
	case year.Cmp(rat("100e6")) <= 0:
		return plus(rat("12e6"), times(minus(year, rat("45e6")), "0.05"))
	}
	return smaller(rat("20e6"), plus(rat("14.75e6"), times(minus(year, rat("100e6")), "0.02")))
}

// slowSpecial is the flat special deduction of the annex.
func slowSpecial(year *big.Rat, family int) *big.Rat {
	base, rates := "3.1e6", [4]string{"0.04", "0.04", "0.015", "0.005"}
	switch {
	case family == 2:
		base, rates = "3.6e6", [4]string{"0.04", "0.04", "0.02", "0.01"}
	case family >= 3:
		base, rates = "5e6", [4]string{"0.07", "0.07", "0.05", "0.03"}
	}
	sum := rat(base)
	switch {
	case year.Cmp(rat("30e6")) <= 0:
		sum = plus(sum, times(year, rates[0]))
	case year.Cmp(rat("45e6")) <= 0:
		sum = minus(plus(sum, times(year, rates[1])), times(minus(year, rat("30e6")), "0.05"))
	case year.Cmp(rat("70e6")) <= 0:
		sum = plus(sum, times(year, rates[2]))
	default:
		sum = plus(sum, times(year, rates[3]))
	}
	if family >= 3 {
		sum = plus(sum, times(larger(won(0), minus(year, rat("40e6"))), "0.04"))
	}
	return sum
}

// slowYear is 소득세법 55: the tax on a year's base, up to the table's end.
func slowYear(base *big.Rat) *big.Rat {
	tax := won(0)
	for _, band := range []struct{ from, to, rate string }{
		{"0", "14e6", "0.06"}, {"14e6", "50e6", "0.15"}, {"50e6", "88e6", "0.24"}, {"88e6", "150e6", "0.35"},
	} {
		part := minus(smaller(base, rat(band.to)), rat(band.from))
		tax = plus(tax, times(larger(won(0), part), band.rate))
	}
	return tax
}

// slowCredit is 소득세법 59 as the table keeps it.
func slowCredit(tax, year *big.Rat) *big.Rat {
	credit := times(smaller(tax, rat("5e5")), "0.55")
	credit = plus(credit, times(larger(won(0), minus(tax, rat("5e5"))), "0.3"))
	limit := rat("660000")
	switch {
	case year.Cmp(rat("70e6")) > 0:
		limit = larger(rat("500000"), minus(rat("630000"), times(minus(year, rat("70e6")), "0.5")))
	case year.Cmp(rat("55e6")) > 0:
		limit = larger(rat("630000"), minus(rat("660000"), times(minus(year, rat("55e6")), "0.5")))
	}
	return smaller(credit, limit)
}

// slowCell is one amount of the table; the bounds are in thousand won.
func slowCell(low, high int64, family int) int64 {
	month := times(won((low+high)*1000), "0.5")
	year := times(month, "12")
	income := larger(rat("290000"), smaller(rat("4490000"), won(down(month, 1000))))
	pension := won(12 * down(times(income, "0.045"), 10))
	base := minus(minus(year, slowWork(year)), won(int64(family)*1_500_000))
	base = larger(won(0), minus(minus(base, pension), slowSpecial(year, family)))
	tax := slowYear(base)
	left := larger(won(0), minus(tax, slowCredit(tax, year)))
	cell := down(new(big.Rat).Quo(left, won(12)), 10)
	if cell < 1000 {
		return 0
	}
	return cell
}

// slowBounds finds the row by walking the table from its start.
func slowBounds(pay int64) (low, high int64) {
	for low = 770; low < 10000; low = high {
		step := int64(20)
		if low < 1500 {
			step = 5
		} else if low < 3000 {
			step = 10
		}
		high = low + step
		if pay < high*1000 {
			return low, high
		}
	}
	return 10000, 10000
}

func slowTable(pay int64, family int) int64 {
	if pay < 770_000 {
		return 0
	}
	if family > 11 {
		eleven := slowTable(pay, 11)
		return max(0, eleven-(slowTable(pay, 10)-eleven)*int64(family-11))
	}
	low, high := slowBounds(pay)
	cell := slowCell(low, high, family)
	over := func(from int64, rate string) *big.Rat { return times(won(pay-from), rate) }
	var more *big.Rat
	switch {
	case pay <= 10_000_000:
		return cell
	case pay <= 14_000_000:
		more = plus(won(25_000), times(over(10_000_000, "0.98"), "0.35"))
	case pay <= 28_000_000:
		more = plus(won(1_397_000), times(over(14_000_000, "0.98"), "0.38"))
	case pay <= 30_000_000:
		more = plus(won(6_610_600), times(over(28_000_000, "0.98"), "0.40"))
	case pay <= 45_000_000:
		more = plus(won(7_394_600), over(30_000_000, "0.40"))
	case pay <= 87_000_000:
		more = plus(won(13_394_600), over(45_000_000, "0.42"))
	default:
		more = plus(won(31_034_600), over(87_000_000, "0.45"))
	}
	return down(plus(won(cell), more), 10)
}

type slowWorker struct {
	family, children, ratio int
}

// slowTax is the income tax of a month from 2024-03 on; newChildren says
// whether the amounts from 2026-03 hold.
func slowTax(pay int64, w slowWorker, newChildren bool) int64 {
	one, two, each := int64(12_500), int64(29_160), int64(25_000)
	if newChildren {
		one, two, each = 20_830, 45_830, 33_330
	}
	tax := slowTable(pay, w.family)
	for child := 1; child <= w.children; child++ {
		switch child {
		case 1:
			tax -= one
		case 2:
			tax -= two - one
		default:
			tax -= each
		}
	}
	tax = down(new(big.Rat).Mul(won(max(0, tax)), big.NewRat(int64(w.ratio), 100)), 10)
	if tax < 1000 {
		return 0
	}
	return tax
}

// slowYearRates are the insurance rules of one stretch of months.
type slowYearRates struct {
	months               []string
	pension, low, high   string
	health, least, most  string
	careOver, careUnder  string
	employment, employer string
}

func slowRates() []slowYearRates {
	return []slowYearRates{
		{[]string{"2024-03", "2024-06"}, "0.045", "370000", "5900000", "0.03545", "9890", "4240710", "0.9182", "7.09", "0.009", "0.0115"},
		{[]string{"2024-07", "2024-12"}, "0.045", "390000", "6170000", "0.03545", "9890", "4240710", "0.9182", "7.09", "0.009", "0.0115"},
		{[]string{"2025-01", "2025-06"}, "0.045", "390000", "6170000", "0.03545", "9890", "4504170", "0.9182", "7.09", "0.009", "0.0115"},
		{[]string{"2025-07", "2025-12"}, "0.045", "400000", "6370000", "0.03545", "9890", "4504170", "0.9182", "7.09", "0.009", "0.0115"},
		{[]string{"2026-01", "2026-02", "2026-03", "2026-06"}, "0.0475", "400000", "6370000", "0.03595", "10080", "4591740", "0.9448", "7.19", "0.009", "0.0115"},
		{[]string{"2026-07", "2026-10"}, "0.0475", "410000", "6590000", "0.03595", "10080", "4591740", "0.9448", "7.19", "0.009", "0.0115"},
		{[]string{"2026-11", "2026-12"}, "0.0475", "410000", "6590000", "0.03595", "10080", "4591740", "0.1314", "1", "0.009", "0.0115"},
	}
}

type slowPremiums struct {
	pension, health, care, employment, employer int64
}

func slowInsure(pay int64, rates slowYearRates) slowPremiums {
	base := larger(rat(rates.low), smaller(rat(rates.high), won(down(won(pay), 1000))))
	health := won(down(times(won(pay), rates.health), 10))
	health = larger(rat(rates.least), smaller(rat(rates.most), health))
	care := new(big.Rat).Quo(times(health, rates.careOver), rat(rates.careUnder))
	return slowPremiums{
		pension:    down(times(base, rates.pension), 10),
		health:     down(health, 1),
		care:       down(care, 10),
		employment: down(times(won(pay), rates.employment), 10),
		employer:   down(times(won(pay), rates.employer), 10),
	}
}
