package sale

import (
	"errors"
	"math/bits"
	"time"

	"shopbox/protocol/money"
)

// The reasons why a refund is refused.
var (
	// ErrNotRefundable says that the sale is itself a refund.
	ErrNotRefundable = errors.New("not_refundable")
	// ErrRefundTooMuch says that more is asked back than is left.
	ErrRefundTooMuch = errors.New("refund_too_much")
)

// Pick is a quantity of one line of the original sale to give back.
type Pick struct {
	Line     string
	Quantity money.Milli
}

// Left is how much of each line of a sale was not yet given back, by line id.
func Left(original Sale, earlier []Sale) map[string]money.Milli {
	left := make(map[string]money.Milli, len(original.Lines))
	for _, line := range original.Lines {
		left[line.ID] = line.Quantity
	}
	for _, refund := range earlier {
		for _, line := range refund.Lines {
			left[line.Of] -= line.Quantity
		}
	}
	return left
}

// RefundRequest asks for goods of a sale to be taken back.
type RefundRequest struct {
	// ID is the new refund's id.
	ID       string
	Original Sale
	// Earlier are the refunds of the same sale so far.
	Earlier []Sale
	Picks   []Pick
	By      Person
	At      time.Time
	Reason  string
}

// Refund works out what is to be given back, without tenders. What is given
// back for a part of a line is the difference of two running shares, and the
// same for VAT, so that all refunds of a sale come to exactly the sale.
func Refund(request RefundRequest) (Sale, error) {
	original := request.Original
	if original.Kind != Sold {
		return Sale{}, ErrNotRefundable
	}
	left := Left(original, request.Earlier)
	lines := make(map[string]SoldLine, len(original.Lines))
	for _, line := range original.Lines {
		lines[line.ID] = line
	}
	refund := Sale{
		ID: request.ID, Kind: Refunded, At: request.At, By: request.By,
		Original: original.Number, Reason: request.Reason,
	}
	for _, pick := range request.Picks {
		line, known := lines[pick.Line]
		if !known {
			return Sale{}, ErrNoLine
		}
		if pick.Quantity <= 0 || !line.Item.ByWeight && pick.Quantity%money.One != 0 {
			return Sale{}, ErrQuantity
		}
		if pick.Quantity > left[pick.Line] {
			return Sale{}, ErrRefundTooMuch
		}
		refund.Lines = append(refund.Lines, line.takeBack(line.Quantity-left[pick.Line], pick.Quantity))
		left[pick.Line] -= pick.Quantity
	}
	if len(refund.Lines) == 0 {
		return Sale{}, ErrEmpty
	}
	refund.addUp(request)
	return refund, nil
}

// takeBack is the part of a line from one running quantity to the next.
func (l SoldLine) takeBack(before, quantity money.Milli) SoldLine {
	back := l
	back.ID, back.Of = l.ID+"-r"+before.String(), l.ID
	back.Quantity = quantity
	back.Amount = l.share(l.Amount, before+quantity) - l.share(l.Amount, before)
	back.Discount = l.Unit.Times(quantity) - back.Amount
	return back
}

// share is the part of an amount that falls on the first so many of a line.
func (l SoldLine) share(amount money.Won, quantity money.Milli) money.Won {
	if quantity == l.Quantity {
		return amount
	}
	hi, lo := bits.Mul64(uint64(amount), uint64(quantity))
	part, _ := bits.Div64(hi, lo, uint64(l.Quantity))
	return money.Won(part)
}

func (s *Sale) addUp(request RefundRequest) {
	var taxable, before money.Won
	for _, earlier := range request.Earlier {
		before += earlier.Supply + earlier.VAT
	}
	for _, line := range s.Lines {
		s.Total += line.Amount
		if line.Item.VAT == money.Exempt {
			s.Exempt += line.Amount
		} else {
			taxable += line.Amount
		}
	}
	_, vatBefore := money.SplitIncluded(before)
	_, vatAfter := money.SplitIncluded(before + taxable)
	s.VAT = vatAfter - vatBefore
	s.Supply = taxable - s.VAT
}
