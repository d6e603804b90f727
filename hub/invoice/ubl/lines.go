package ubl

import (
	"strconv"
	"strings"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// pieces is "one" in UN/ECE Recommendation 20.
const pieces = "C62"

// lines are BG-25. Their sum must be the document's (BR-CO-10): the only line
// without an amount takes what the others leave.
func (m mapping) lines(c category) ([]line, error) {
	rest, without := m.Totals.Charge, 0
	for _, l := range m.Lines {
		if l.Charge == nil {
			without++
		} else {
			rest -= *l.Charge
		}
	}
	if without > 1 || without == 0 && rest != 0 || len(m.Lines) == 0 {
		return nil, &Error{CodeLines, "the lines must add up to the supply amount (BR-CO-10); give each line its amount"}
	}
	lines := make([]line, len(m.Lines))
	for n, l := range m.Lines {
		charge := rest
		if l.Charge != nil {
			charge = *l.Charge
		}
		lines[n] = m.line(n, l, m.sign*charge, c)
	}
	return lines, nil
}

func (m mapping) line(n int, l invoice.Line, charge money.Won, c category) line {
	written := line{
		ID: strconv.Itoa(n + 1), Note: l.Remark, Amount: won(charge),
		Item: item{
			Description: l.Specification, Name: itemName(l),
			Category: taxCategory{ID: c.code, Percent: strconv.FormatInt(int64(c.rate), 10), Scheme: vat()},
		},
	}
	if l.SuppliedOn.Valid() {
		written.Period = &period{Start: date(l.SuppliedOn), End: date(l.SuppliedOn)}
	}
	written.quantify(l, charge, int64(m.sign))
	written.name(m.credit())
	return written
}

// itemName is BT-153, which must not be empty (BR-25).
func itemName(l invoice.Line) string {
	for _, name := range []string{l.Name, l.Specification, l.Remark} {
		if strings.TrimSpace(name) != "" {
			return name
		}
	}
	return "품목"
}

// quantify sets quantity and price. A price is never negative (BR-27): the
// quantity takes its sign. Without a price the amount is that of all pieces
// (BT-149), without a quantity of one.
func (w *line) quantify(l invoice.Line, charge money.Won, sign int64) {
	quantity := invoice.Hundredths(100)
	if charge < 0 {
		quantity = -100
	}
	if l.Quantity != nil && *l.Quantity != 0 {
		quantity = *l.Quantity * invoice.Hundredths(sign)
		if l.UnitPrice != nil && *l.UnitPrice < 0 {
			quantity = -quantity
		}
	}
	w.Quantity = measure{Unit: pieces, Value: quantity.String()}
	if l.UnitPrice != nil && l.Quantity != nil && *l.Quantity != 0 {
		w.Price.Amount = amount{Currency: currency, Value: max(*l.UnitPrice, -*l.UnitPrice).String()}
		return
	}
	w.Price.Amount = won(max(charge, -charge))
	if base := max(quantity, -quantity); base != 100 {
		w.Price.Base = &measure{Unit: pieces, Value: base.String()}
	}
}
