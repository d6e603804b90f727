package store

import (
	"context"
	"maps"
	"slices"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/protocol/money"
)

// importPart is how many products of a list are written in one transaction. A
// sale waits behind one or two of them, never behind the whole list.
const importPart = 200

// Import writes a long list of products in parts, each a transaction of its
// own between which sales pass, and reports how many products are in. After a
// fault or a power cut those are in for good; the same list compared again then
// asks only for the rest. The acts are written with the first part.
func (s *Store) Import(ctx context.Context, change catalog.Change, by sale.Person, acts ...staff.AuditEvent) (written int, err error) {
	parts, err := s.importParts(ctx, change)
	if err != nil {
		return 0, err
	}
	for _, part := range parts {
		if err := s.ChangeCatalog(ctx, part, by, acts...); err != nil {
			return written, err
		}
		written += len(part.Products)
		acts = nil
	}
	return written, nil
}

// importParts divides a change. Products that exchange barcodes stay together
// in the first part, because neither can go before the other.
func (s *Store) importParts(ctx context.Context, change catalog.Change) ([]catalog.Change, error) {
	together, err := s.exchanging(ctx, change.Products)
	if err != nil {
		return nil, err
	}
	var first, rest []catalog.Product
	for _, product := range change.Products {
		if together[product.ID] {
			first = append(first, product)
		} else {
			rest = append(rest, product)
		}
	}
	if len(first) == 0 {
		first, rest = rest[:min(importPart, len(rest))], rest[min(importPart, len(rest)):]
	}
	parts := []catalog.Change{{Categories: change.Categories, Gone: change.Gone, Products: first}}
	for some := range slices.Chunk(rest, importPart) {
		parts = append(parts, catalog.Change{Products: some})
	}
	left := make(map[string]money.Milli, len(change.Counted))
	maps.Copy(left, change.Counted)
	for i := range parts {
		parts[i].Counted = takeCounts(left, parts[i].Products)
	}
	// What was counted of products that are not in the list.
	maps.Copy(parts[0].Counted, left)
	return parts, nil
}

func takeCounts(left map[string]money.Milli, products []catalog.Product) map[string]money.Milli {
	counted := make(map[string]money.Milli)
	for _, product := range products {
		if level, known := left[product.ID]; known {
			counted[product.ID] = level
			delete(left, product.ID)
		}
	}
	return counted
}

// exchanging are the products that get a barcode of another one, and those
// others.
func (s *Store) exchanging(ctx context.Context, products []catalog.Product) (map[string]bool, error) {
	owners := make(map[string]string)
	err := s.seek.in(ctx).each(func(row scanner) error {
		var code, product string
		err := row.Scan(&code, &product)
		owners[code] = product
		return err
	}, `SELECT code, product FROM barcode`)
	if err != nil {
		return nil, err
	}
	together := make(map[string]bool)
	for _, product := range products {
		for _, code := range product.Barcodes {
			if owner, known := owners[code]; known && owner != product.ID {
				together[product.ID], together[owner] = true, true
			}
		}
	}
	return together, nil
}
