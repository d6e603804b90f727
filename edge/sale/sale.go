package sale

import (
	"time"

	"shopbox/protocol/money"
)

// Person is who did something.
type Person struct {
	ID   string
	Name string
}

// Kind says which way the goods went.
type Kind string

// The kinds of sale.
const (
	Sold     Kind = "sale"
	Refunded Kind = "refund"
)

// Sale is a finished sale or refund, for ever. The amounts of a refund are
// positive.
type Sale struct {
	// ID is the cart's id, and the idempotency of closing.
	ID   string
	Kind Kind
	// Number and Day are given when the sale is written.
	Number     string
	Day        string
	At         time.Time
	ClockDoubt bool
	By         Person
	Lines      []SoldLine
	Total      money.Won
	Split
	Tenders []Tender
	Note    string
	// Original and Reason belong to a refund.
	Original string
	Reason   string
}

// SoldLine is one line of a finished sale.
type SoldLine struct {
	ID       string
	Item     Item
	Quantity money.Milli
	Unit     money.Won
	// Discount is all that was taken off. Amount = Unit x Quantity - Discount.
	Discount money.Won
	Amount   money.Won
	Note     string
	// Of is the line of the original sale, in a refund.
	Of string
}

// Cost is what the line's goods cost the shop, nil when that is not known.
func (l SoldLine) Cost() *money.Won {
	if l.Item.Cost == nil {
		return nil
	}
	cost := l.Item.Cost.Times(l.Quantity)
	return &cost
}

// Change is the cash given back to the customer.
func (s Sale) Change() money.Won {
	var change money.Won
	for _, tender := range s.Tenders {
		change += tender.Change
	}
	return change
}

// Close turns a cart that is paid in full into a sale. A cart that comes to
// nothing (all discounted) needs no tender.
func (c *Cart) Close(by Person, at time.Time) (Sale, error) {
	totals := c.Totals()
	switch {
	case len(c.Lines) == 0:
		return Sale{}, ErrEmpty
	case totals.Due != 0:
		return Sale{}, ErrDue
	}
	closed := Sale{
		ID: c.ID, Kind: Sold, At: at, By: by, Total: totals.Total, Split: totals.Split,
		Tenders: append([]Tender(nil), c.Tenders...), Note: c.Note,
	}
	for i, line := range c.Lines {
		total := totals.Lines[i]
		closed.Lines = append(closed.Lines, SoldLine{
			ID: line.ID, Item: line.Item, Quantity: line.Quantity, Unit: line.Unit,
			Discount: total.Own + total.Share, Amount: total.Amount, Note: line.Note,
		})
	}
	return closed, nil
}
