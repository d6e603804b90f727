package sale

import "shopbox/protocol/money"

// TenderKind is a way of paying.
type TenderKind string

// The ways of paying.
const (
	Cash TenderKind = "cash"
	Card TenderKind = "card"
)

// Tender is one part of the payment.
type Tender struct {
	Kind   TenderKind
	Amount money.Won
	// Received and Change are for cash: Received - Change = Amount.
	Received money.Won
	Change   money.Won
	// Attempt is the payment attempt that moved the money on a card.
	Attempt string
	Slip    *CardSlip
}

// CardSlip is what the terminal said of a card payment; the number is masked.
type CardSlip struct {
	Number    string
	Scheme    string
	Acquirer  string
	Approval  string
	Reference string
	Terminal  string
	Merchant  string
	// Instalments is the number of months, 0 for at once.
	Instalments int
	Signature   bool
	Lines       []string
}

// CashTender is cash given towards what is due. Received may be more than
// that, the rest is change; it may be less, then a part is paid.
func CashTender(due, received money.Won) (Tender, error) {
	if received <= 0 || received > MaxPrice || due <= 0 {
		return Tender{}, ErrTender
	}
	amount := min(due, received)
	return Tender{Kind: Cash, Amount: amount, Received: received, Change: received - amount}, nil
}

// Take adds a tender to the cart. From then on its goods cannot change.
func (c *Cart) Take(tender Tender) error {
	totals := c.Totals()
	switch {
	case len(c.Lines) == 0:
		return ErrEmpty
	case tender.Amount <= 0 || tender.Amount > totals.Due:
		return ErrTender
	case !tender.whole():
		return ErrTender
	}
	c.Tenders = append(c.Tenders, tender)
	return nil
}

// whole reports whether a tender tells all its kind must.
func (t Tender) whole() bool {
	switch t.Kind {
	case Cash:
		return t.Change >= 0 && t.Received-t.Change == t.Amount
	case Card:
		return t.Attempt != "" && t.Received == 0 && t.Change == 0
	}
	return false
}

// GiveBack takes a tender out again after its money was given back; i counts
// from 0. When none is left the goods can change again.
func (c *Cart) GiveBack(i int) error {
	if i < 0 || i >= len(c.Tenders) {
		return ErrTender
	}
	c.Tenders = append(c.Tenders[:i:i], c.Tenders[i+1:]...)
	return nil
}
