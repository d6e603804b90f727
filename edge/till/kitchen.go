package till

import (
	"context"
	"slices"

	"shopbox/edge/sale"
)

// kitchenOf makes the orders of a sale: one slip for each printer that
// prepares something of it. A refund orders nothing.
func (t *Till) kitchenOf(ctx context.Context, kind sale.Kind) (func(sale.Sale, map[string]string) []Order, error) {
	if kind != sale.Sold {
		return nil, nil //nolint:nilnil // nothing is prepared for a refund
	}
	options, err := t.receiptOptions(ctx)
	if err != nil {
		return nil, err
	}
	return func(closed sale.Sale, printers map[string]string) []Order {
		lines := make(map[string][]sale.SoldLine)
		var order []string
		for _, line := range closed.Lines {
			printer := printers[line.Item.Category]
			if printer == "" {
				continue
			}
			if !slices.Contains(order, printer) {
				order = append(order, printer)
			}
			lines[printer] = append(lines[printer], line)
		}
		orders := make([]Order, len(order))
		for i, printer := range order {
			orders[i] = Order{Printer: printer, Document: t.paper.Kitchen(closed, lines[printer], options)}
		}
		return orders
	}, nil
}
