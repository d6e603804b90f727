package till

import (
	"encoding/json"
	"fmt"

	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

// keepingLimits makes a change of the cart that leaves less to be paid for
// refuse what would turn a discount given as an amount into a larger part of
// it than the person may give: ten pieces, the price of one off, and then only
// one piece left.
func keepingLimits(actor staff.Person, change func(cart *sale.Cart) error) func(cart *sale.Cart) error {
	return func(cart *sale.Cart) error {
		before := cart.Clone()
		if err := change(cart); err != nil {
			return err
		}
		for _, line := range cart.Lines {
			old, known := lineOf(before, line.ID)
			if !known || old.Discount != line.Discount {
				continue
			}
			if err := mayGrow(actor, line.Discount.Amount, old.Unit.Times(old.Quantity), line.Unit.Times(line.Quantity)); err != nil {
				return err
			}
		}
		return mayGrow(actor, cart.Discount.Amount, undiscounted(before), undiscounted(*cart))
	}
}

// mayGrow is nil when an amount taken off is no larger a part of the goods
// than before, or not above the person's limit.
func mayGrow(actor staff.Person, off, before, after money.Won) error {
	if off == 0 || after >= before {
		return nil
	}
	return actor.NeedDiscount(permilleOf(off, after))
}

// undiscounted is what a cart comes to before the discount on the whole of it.
func undiscounted(cart sale.Cart) money.Won {
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
