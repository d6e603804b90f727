package sale

import "shopbox/protocol/money"

// LineTotal is what a line comes to.
type LineTotal struct {
	// Gross is unit price times quantity.
	Gross money.Won
	// Own is the line's own discount, Share its part of the cart's discount.
	Own, Share money.Won
	// Amount is what is left: Gross - Own - Share.
	Amount money.Won
}

// Totals are the sums of a cart.
type Totals struct {
	Lines    []LineTotal
	Gross    money.Won
	Discount money.Won
	// Total is the sum of the lines' amounts.
	Total money.Won
	Split
	Paid money.Won
	// Due is what is still to be paid.
	Due money.Won
}

// Split divides a total by VAT: Supply + VAT + Exempt = total.
type Split struct {
	Supply money.Won
	VAT    money.Won
	Exempt money.Won
}

// Totals adds the cart up. The cart's discount is spread over the lines in
// proportion to what they come to, so that every line knows what was paid for
// it; VAT is split once on the taxable sum.
func (c *Cart) Totals() Totals {
	totals := Totals{Lines: make([]LineTotal, len(c.Lines))}
	weights := make([]money.Won, len(c.Lines))
	var sum money.Won
	for i, line := range c.Lines {
		total := &totals.Lines[i]
		total.Gross = line.Unit.Times(line.Quantity)
		total.Own = line.Discount.On(total.Gross)
		weights[i] = total.Gross - total.Own
		sum += weights[i]
	}
	var taxable money.Won
	for i, share := range money.Spread(c.Discount.On(sum), weights) {
		total := &totals.Lines[i]
		total.Share = share
		total.Amount = weights[i] - share
		totals.Gross += total.Gross
		totals.Discount += total.Own + share
		totals.Total += total.Amount
		if c.Lines[i].Item.VAT == money.Exempt {
			totals.Exempt += total.Amount
		} else {
			taxable += total.Amount
		}
	}
	totals.Supply, totals.VAT = money.SplitIncluded(taxable)
	for _, tender := range c.Tenders {
		totals.Paid += tender.Amount
	}
	totals.Due = totals.Total - totals.Paid
	return totals
}

func (c *Cart) afterLineDiscounts() money.Won {
	var sum money.Won
	for _, line := range c.Lines {
		gross := line.Unit.Times(line.Quantity)
		sum += gross - line.Discount.On(gross)
	}
	return sum
}
