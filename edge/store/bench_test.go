package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// TestBigDay: closing a day is a look at sums that every sale kept up, however
// many there were.
func TestBigDay(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	ctx := t.Context()
	const sales = 400
	for i := range sales {
		if _, err := b.sell(ctx, fmt.Sprint(i), milk()); err != nil {
			t.Fatal(err)
		}
	}
	day, err := b.Day(ctx)
	if err != nil || day == nil || day.Sales != sales || day.Total != sales*2_800 {
		t.Fatalf("day %+v, %v", day, err)
	}
	closed, err := b.CloseDay(ctx, till.DayClosing{Day: day.ID, At: b.now, By: boss(), Counted: day.Expected(), Paper: func(till.Day) drivers.Document { return drivers.Document{} }})
	if err != nil || closed.Difference() != 0 {
		t.Errorf("closed %+v, %v", closed, err)
	}
	if err := b.Check(ctx); err != nil {
		t.Error(err)
	}
}

func big(b *testing.B) *store.Store {
	b.Helper()
	path := filepath.Join(b.TempDir(), "box.db")
	opened, err := store.Open(b.Context(), (&box{path: path, now: noon}).options(-1))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = opened.Close() })
	products := make([]catalog.Product, 50_000)
	for i := range products {
		products[i] = catalog.Product{
			ID: fmt.Sprintf("product-%06d", i), Name: fmt.Sprintf("상품 %d번 아메리카노", i), Price: 1_000, VAT: money.Taxable,
			Barcodes: []string{fmt.Sprintf("88%010d", i)},
		}
	}
	if err := opened.ChangeCatalog(b.Context(), catalog.Change{Products: products}, boss()); err != nil {
		b.Fatal(err)
	}
	return opened
}

func BenchmarkProductByCode(b *testing.B) {
	opened := big(b)
	for i := 0; b.Loop(); i++ {
		if _, err := opened.ProductByCode(b.Context(), []string{fmt.Sprintf("88%010d", i*7919%50_000)}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	opened := big(b)
	for name, text := range map[string]string{"first page": "아메", "one": "49999번", "none": "홍차", "consonants": "ㅇㅁㄹ", "mixed": "아메ㄹ"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := opened.Products(b.Context(), catalog.Query{Text: text, Limit: 50}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCloseSale(b *testing.B) {
	shop := &box{path: filepath.Join(b.TempDir(), "box.db"), now: noon}
	opened, err := store.Open(b.Context(), shop.options(-1))
	if err != nil {
		b.Fatal(err)
	}
	shop.Store = opened
	defer opened.Close()
	if err := opened.ChangeCatalog(b.Context(), catalog.Change{Products: []catalog.Product{milk()}}, boss()); err != nil {
		b.Fatal(err)
	}
	if _, err := opened.OpenDay(b.Context(), till.Opening{Day: "2026-11-23", At: noon, By: boss()}); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := shop.sell(b.Context(), fmt.Sprint(i), milk()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBareCommit writes as many rows of as many bytes, with nothing
// around it.
func BenchmarkBareCommit(b *testing.B) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(b.Context(), `CREATE TABLE r (id INTEGER PRIMARY KEY, data BLOB)`); err != nil {
		b.Fatal(err)
	}
	rows := [][]byte{make([]byte, 200), make([]byte, 120), make([]byte, 40), make([]byte, 600), make([]byte, 60), make([]byte, 30), make([]byte, 30), make([]byte, 30), make([]byte, 30)}
	for b.Loop() {
		if err := bare(b.Context(), db, rows); err != nil {
			b.Fatal(err)
		}
	}
}

func bare(ctx context.Context, db *sql.DB, rows [][]byte) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, row := range rows {
		if _, err := tx.ExecContext(ctx, `INSERT INTO r (data) VALUES (?)`, row); err != nil {
			return err
		}
	}
	return tx.Commit()
}
