package ubl

import (
	"strconv"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// VAT categories of UNCL 5305.
const (
	standard = "S"
	zero     = "Z"
	exempt   = "E"
)

// category is a VAT category with its rate in percent.
type category struct {
	code string
	rate money.Won
}

// standardRates are those of 부가가치세법 30, newest first: ten percent since
// the tax began (1976-12-22 제정, 시행 1977-07-01).
var standardRates = [...]struct {
	from    invoice.Date
	percent money.Won
}{
	{from: "19770701", percent: 10},
}

// category is the same for the whole document.
func (m mapping) category() (category, error) {
	switch t := m.Document.Type; {
	case t.Exempt():
		return category{code: exempt}, nil
	case t.ZeroRated():
		return category{code: zero}, nil
	}
	for _, rate := range standardRates {
		if m.Document.WrittenOn >= rate.from {
			return category{standard, rate.percent}, nil
		}
	}
	return category{}, &Error{CodeRate, "no VAT rate is known for the written date; correct the date"}
}

// breakdown is BG-23's category; only an exempt one gives a reason (BR-E-10).
func (m mapping) breakdown(c category) taxCategory {
	named := taxCategory{ID: c.code, Percent: strconv.FormatInt(int64(c.rate), 10), Scheme: vat()}
	if c.code == exempt {
		named.Reason = "면세 (부가가치세법 제26조)"
	}
	return named
}

// sums are those of the document, with the sign of the document to write.
type sums struct {
	charge, tax         money.Won // BT-109, BT-110
	paid, rounding, due money.Won // BT-113, BT-114, BT-115
}

// sums computes the tax as BR-CO-17 asks: the rate of the whole amount. A
// Korean document drops less than a won of each line, so its tax may differ by
// as many; the difference is BT-114, so that the total stays.
func (m mapping) sums(c category) (sums, error) {
	charge := m.sign * m.Totals.Charge
	if m.Totals.Grand != m.Totals.Charge+m.Totals.TaxAmount() {
		return sums{}, &Error{CodeTotal, "the grand total must be the supply amount and the tax; correct the document"}
	}
	tax := m.sign * m.Totals.TaxAmount()
	s := sums{charge: charge, tax: tax}
	if off := charge*c.rate - 100*tax; off <= -100 || off >= 100 { // hundredths of a won
		s.tax = charge.Permille(int64(c.rate) * 10)
		s.rounding = tax - s.tax
	}
	if most := money.Won(len(m.Lines)); s.rounding > most || s.rounding < -most {
		return sums{}, &Error{CodeTax, "the tax differs from the rate by more than a won a line, which EN 16931 cannot state (BR-CO-17)"}
	}
	s.paid = m.paid()
	s.due = charge + s.tax - s.paid + s.rounding
	return s, nil
}

// paid is BT-113: all but what stays open, or by the purpose when the ways of
// paying are not given.
func (m mapping) paid() money.Won {
	if len(m.Payments) == 0 {
		if m.Document.Purpose == invoice.PurposeReceived {
			return m.sign * m.Totals.Grand
		}
		return 0
	}
	var sum money.Won
	for _, p := range m.Payments {
		if p.Kind != invoice.PaidCredit {
			sum += p.Amount
		}
	}
	return m.sign * sum
}
