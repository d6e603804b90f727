package till

import (
	"encoding/json"
	"fmt"
	"math/big"

	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

// keepsLimits refuses a change of the cart after which more is taken off a line
// than the person may give, by the line's own discount and its share of the
// cart's together. What was taken off before, by whoever might, may stay: only
// more of it is asked about. An amount becomes a larger part when goods go out
// again, so every change is looked at and not only those of discounts.
func keepsLimits(actor staff.Person, before, after sale.Cart) error {
	rest := left(after.Discount, afterOwn(after))
	restBefore := left(before.Discount, afterOwn(before))
	for _, line := range after.Lines {
		own := leftOf(line)
		kept := new(big.Rat).Mul(own, rest)
		// A line that comes (back) in had its own discount given to it, and the
		// others gave theirs to the cart; both together nobody gave.
		granted := smaller(own, restBefore)
		if old, known := lineOf(before, line.ID); known {
			granted = new(big.Rat).Mul(leftOf(old), restBefore)
		}
		if kept.Cmp(granted) >= 0 {
			continue
		}
		if err := actor.NeedDiscount(permilleOff(kept)); err != nil {
			return err
		}
	}
	return nil
}

// left is the part of an amount that a discount leaves, between 0 and 1. It
// reckons with the discount as it was given, so that a won rounded up is no
// larger discount.
func left(discount sale.Discount, amount money.Won) *big.Rat {
	switch {
	case discount.Permille > 0:
		return big.NewRat(1000-discount.Permille, 1000)
	case amount <= 0:
		return big.NewRat(1, 1)
	}
	return big.NewRat(int64(amount-discount.On(amount)), int64(amount))
}

func leftOf(line sale.Line) *big.Rat {
	return left(line.Discount, line.Unit.Times(line.Quantity))
}

func smaller(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// permilleOff is how much is taken off when so much is left, in thousandths
// rounded up.
func permilleOff(kept *big.Rat) int64 {
	thousandths := new(big.Rat).Mul(kept, big.NewRat(1000, 1))
	return 1000 - new(big.Int).Quo(thousandths.Num(), thousandths.Denom()).Int64()
}

// afterOwn is what a cart comes to before the discount on the whole of it.
func afterOwn(cart sale.Cart) money.Won {
	cart.Discount = sale.Discount{}
	return cart.Totals().Total
}

const (
	// maxCartBytes leaves room for what a sale has and its cart has not: names,
	// times, tenders. A line weighs less in the record of the sale than here.
	maxCartBytes = protocol.MaxEventBytes - 16<<10
	// smallCart is a number of lines that can never weigh so much.
	smallCart = 20
)

// checkSize is sale.ErrTooMany when the sale of the cart could not be told to
// the hub. That must be known before money moves.
func checkSize(cart sale.Cart) error {
	if len(cart.Lines) <= smallCart {
		return nil
	}
	text, err := json.Marshal(cart)
	if err != nil {
		return fmt.Errorf("weigh cart: %w", err)
	}
	if len(text) > maxCartBytes {
		return sale.ErrTooMany
	}
	return nil
}
