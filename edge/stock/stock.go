// Package stock says how goods move. edge/store keeps the movements of a sale
// in the sale's own transaction; the stock screen makes the others.
//
// What always holds: a level is the sum of its movements and nothing else; a
// movement is never changed; a sale and all its refunds add up to nothing.
package stock

import (
	"errors"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// Reason says why goods moved.
type Reason string

// The reasons. Sale and refund move stock by themselves; the others are acts
// of a person.
const (
	Sale     Reason = "sale"
	Refund   Reason = "refund"
	Received Reason = "received"
	Counted  Reason = "counted"
	Lost     Reason = "lost"
	Opening  Reason = "opening"
)

// ErrMovement says that a movement has no product, no quantity, or a quantity
// in the wrong direction for its reason.
var ErrMovement = errors.New("movement_invalid")

// Movement is goods coming (positive) or going (negative).
type Movement struct {
	Product string
	// Name is what the product was called then.
	Name     string
	Quantity money.Milli
	Reason   Reason
	// Ref is the id of the sale or refund behind it, empty for others.
	Ref  string
	Note string
}

// ForSale is what a finished sale or refund moves: one movement for each
// product of the catalogue, in the order of the lines.
func ForSale(done sale.Sale) []Movement {
	var movements []Movement
	at := make(map[string]int)
	reason, sign := Sale, money.Milli(-1)
	if done.Kind == sale.Refunded {
		reason, sign = Refund, 1
	}
	for _, line := range done.Lines {
		product := line.Item.Product
		if product == "" {
			continue
		}
		i, seen := at[product]
		if !seen {
			i, at[product] = len(movements), len(movements)
			movements = append(movements, Movement{Product: product, Name: line.Item.Name, Reason: reason, Ref: done.ID})
		}
		movements[i].Quantity += sign * line.Quantity
	}
	return movements
}

// Count is the movement that brings a level to what was counted; ok is false
// when they agree already.
func Count(product, name string, level, counted money.Milli) (movement Movement, ok bool) {
	return Movement{Product: product, Name: name, Quantity: counted - level, Reason: Counted}, counted != level
}

// MaxQuantity is the most that can move at once; more is a typing mistake.
const MaxQuantity = 9_999_999 * money.One

// Check reports whether a movement made by a person makes sense.
func (m Movement) Check() error {
	if m.Product == "" || m.Quantity == 0 || m.Quantity > MaxQuantity || m.Quantity < -MaxQuantity {
		return ErrMovement
	}
	switch m.Reason {
	case Received:
		// Goods sent back to the supplier are received backwards.
		return nil
	case Lost:
		if m.Quantity > 0 {
			return ErrMovement
		}
	case Opening, Counted:
		return nil
	case Sale, Refund:
		// These come from a sale alone.
		return ErrMovement
	default:
		return ErrMovement
	}
	return nil
}
