package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"shopbox/edge/catalog"
	"shopbox/edge/store"
	"shopbox/protocol/money"
)

func manyProducts(count int) []catalog.Product {
	products := make([]catalog.Product, count)
	for i := range products {
		products[i] = catalog.Product{
			ID: fmt.Sprintf("p%05d", i), Name: fmt.Sprintf("상품 %05d", i), Price: 1_000, VAT: money.Taxable,
			Barcodes: []string{fmt.Sprintf("C%05d", i)}, TrackStock: true,
		}
	}
	return products
}

// TestSalesPassAnImport counts how many parts of an import went in while a
// sale waited. Every part is a new version of the catalogue.
func TestSalesPassAnImport(t *testing.T) {
	const products = 6_000
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	version := func() int64 {
		at, err := b.CatalogVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	begun := version()
	ended := make(chan error, 1)
	go func() {
		written, err := b.Import(context.WithoutCancel(t.Context()), catalog.Change{Products: manyProducts(products)}, boss())
		if err == nil && written != products {
			err = fmt.Errorf("%d written", written)
		}
		ended <- err
	}()
	var waited []int64
	for going := true; going; {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			going = false
		default:
			before := version()
			if _, err := b.sell(t.Context(), fmt.Sprintf("cart-%d", len(waited)), milk()); err != nil {
				t.Fatal(err)
			}
			waited = append(waited, version()-before)
		}
	}
	slices.Sort(waited)
	parts := version() - begun
	p99 := waited[len(waited)*99/100]
	t.Logf("%d parts, %d sales beside, behind at most %d (p99), %d (ever)", parts, len(waited), p99, waited[len(waited)-1])
	if len(waited) < 5 || p99 > 8 {
		t.Errorf("%d sales passed an import of %d parts; p99 waited for %d of them", len(waited), parts, p99)
	}
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestImportGoesOn: what was in when an import broke off stays in, and the
// same list again adds only the rest.
func TestImportGoesOn(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	ctx := t.Context()
	list := manyProducts(600)
	bad := slices.Clone(list)
	bad[450].Barcodes = []string{"C00001"}
	counted := map[string]money.Milli{"p00000": 5_000, "p00599": 7_000}
	written, err := b.Import(ctx, catalog.Change{Products: bad, Counted: counted}, boss())
	if !errors.Is(err, store.ErrTaken) || written == 0 || written >= len(list) {
		t.Fatalf("broke off after %d: %v", written, err)
	}
	known, err := b.Known(ctx)
	if err != nil || len(known.Products) != written+1 || known.Stock["p00000"] != 5_000 || known.Stock["p00599"] != 0 {
		t.Errorf("%d products, stock %v, %v", len(known.Products), known.Stock, err)
	}
	for range 2 {
		if written, err := b.Import(ctx, catalog.Change{Products: list, Counted: counted}, boss()); err != nil || written != len(list) {
			t.Fatalf("again: %d, %v", written, err)
		}
		if known, err = b.Known(ctx); err != nil || len(known.Products) != len(list)+1 || known.Stock["p00599"] != 7_000 {
			t.Errorf("%d products, stock %v, %v", len(known.Products), known.Stock, err)
		}
	}
}

// TestImportExchanges: products that exchange their barcodes can stand at the
// two ends of a list.
func TestImportExchanges(t *testing.T) {
	b := newBox(t)
	b.setUp(t)
	ctx := t.Context()
	list := manyProducts(500)
	if _, err := b.Import(ctx, catalog.Change{Products: list}, boss()); err != nil {
		t.Fatal(err)
	}
	list[0].Barcodes, list[499].Barcodes = list[499].Barcodes, list[0].Barcodes
	if _, err := b.Import(ctx, catalog.Change{Products: list}, boss()); err != nil {
		t.Fatal(err)
	}
	if found, err := b.ProductByCode(ctx, []string{"C00000"}); err != nil || found.ID != "p00499" {
		t.Errorf("C00000 is %+v, %v", found, err)
	}
}
