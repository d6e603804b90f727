package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

var (
	kst  = time.FixedZone("KST", 9*60*60)
	noon = time.Date(2026, 11, 23, 12, 0, 0, 0, kst)
)

func boss() sale.Person { return sale.Person{ID: "p-owner", Name: "김사장"} }

type box struct {
	*store.Store

	path string
	now  time.Time
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{path: filepath.Join(t.TempDir(), "box.db"), now: noon}
	b.open(t, -1)
	return b
}

func (b *box) open(t *testing.T, reserve int64) {
	t.Helper()
	opened, err := store.Open(t.Context(), b.options(reserve))
	if err != nil {
		t.Fatal(err)
	}
	b.Store = opened
	t.Cleanup(func() { _ = opened.Close() })
}

func (b *box) options(reserve int64) store.Options {
	return store.Options{
		Path: b.path, ReserveBytes: reserve, Now: func() time.Time { return b.now }, Logger: slog.New(slog.DiscardHandler),
	}
}

func (b *box) setUp(t *testing.T, products ...catalog.Product) {
	t.Helper()
	err := b.SetUp(t.Context(), till.SetUp{
		Shop:    catalog.Shop{Name: "가나다마트", BusinessNumber: "1208147521", Kind: "retail"},
		Owner:   staff.Person{ID: boss().ID, Name: boss().Name, Role: staff.Owner, PINHash: "x", Active: true},
		Catalog: catalog.Change{Products: products},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *box) openDay(t *testing.T) {
	t.Helper()
	if _, err := b.OpenDay(t.Context(), till.Opening{Day: "2026-11-23", At: b.now, By: boss(), Float: 100_000}); err != nil {
		t.Fatal(err)
	}
}

// sell writes a cash sale of one product.
func (b *box) sell(ctx context.Context, id string, product catalog.Product) (till.Closed, error) {
	cart := sale.Cart{ID: id}
	line := product.Line(catalog.Code{})
	line.ID = id + "-1"
	if _, err := cart.Add(line); err != nil {
		return till.Closed{}, err
	}
	due := cart.Totals().Due
	tender, err := sale.CashTender(due, due)
	if err != nil {
		return till.Closed{}, err
	}
	if err := cart.Take(tender); err != nil {
		return till.Closed{}, err
	}
	done, err := cart.Close(boss(), b.now)
	if err != nil {
		return till.Closed{}, err
	}
	return b.CloseSale(ctx, till.Closing{Sale: done})
}

func milk() catalog.Product {
	return catalog.Product{ID: "milk", Name: "우유 1L", Price: 2_800, VAT: money.Taxable, Barcodes: []string{"8801234567893"}}
}

func TestBoxID(t *testing.T) {
	b := newBox(t)
	id, boot := b.Box(), b.Boot()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.open(t, -1)
	if len(id) != 36 || b.Box() != id || b.Boot() != boot+1 {
		t.Errorf("box %q, then %q; boot %d, then %d", id, b.Box(), boot, b.Boot())
	}
}

func TestSetUpOnce(t *testing.T) {
	b := newBox(t)
	_, _, err := b.Shop(t.Context())
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	b.setUp(t)
	if err := b.SetUp(t.Context(), till.SetUp{}); !errors.Is(err, store.ErrTaken) {
		t.Errorf("again: %v", err)
	}
}

func TestSaleTwice(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	if _, err := b.sell(t.Context(), "cart-1", milk()); !errors.Is(err, till.ErrDayClosed) {
		t.Errorf("before the day: %v", err)
	}
	b.openDay(t)
	first, err := b.sell(t.Context(), "cart-1", milk())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.sell(t.Context(), "cart-1", milk()); err == nil {
		t.Error("the same cart was sold twice")
	}
	second, err := b.sell(t.Context(), "cart-2", milk())
	if err != nil || first.Number != "20261123-0001" || second.Number != "20261123-0002" {
		t.Errorf("numbers %s, %s, %v", first.Number, second.Number, err)
	}
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestNewerSchema(t *testing.T) {
	b := newBox(t)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.meddle(t, `INSERT INTO migration (name, checksum, at) VALUES ('9999_later.sql', '', 0)`)
	if _, err := store.Open(t.Context(), b.options(-1)); !errors.Is(err, store.ErrNewerSchema) {
		t.Errorf("newer: %v", err)
	}
	b.meddle(t, `DELETE FROM migration WHERE name = '9999_later.sql'`, `UPDATE migration SET checksum = 'other'`)
	if _, err := store.Open(t.Context(), b.options(-1)); !errors.Is(err, store.ErrChangedMigration) {
		t.Errorf("changed: %v", err)
	}
}

// meddle changes the file behind the store's back.
func (b *box) meddle(t *testing.T, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", b.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPragmas(t *testing.T) {
	b := newBox(t)
	file, err := os.ReadFile(b.path)
	if err != nil {
		t.Fatal(err)
	}
	// Bytes 18 and 19 of the header are 2 in WAL mode.
	if !bytes.Equal(file[18:20], []byte{2, 2}) {
		t.Errorf("not in WAL mode: % x", file[18:20])
	}
}

func TestOutbox(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	ctx := t.Context()
	for _, cart := range []string{"a", "b", "c"} {
		b.now = b.now.Add(time.Minute)
		if _, err := b.sell(ctx, cart, milk()); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := b.After(ctx, 0, 100)
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	must(t, b.Acked(ctx, 0))
	want := []string{
		protocol.TypeShopChanged, protocol.TypeProductChanged, protocol.TypeDayOpened,
		protocol.TypeSaleClosed, protocol.TypeSaleClosed, protocol.TypeSaleClosed,
	}
	for i, row := range rows {
		if row.Sequence != int64(i+1) || row.Type != want[i] {
			t.Errorf("row %d: %d %s", i, row.Sequence, row.Type)
		}
	}
	for _, step := range []struct {
		through, unsent int64
		oldest          time.Time
	}{
		{4, 2, noon.Add(2 * time.Minute)},
		{6, 0, time.Time{}},
		{3, 3, noon.Add(time.Minute)},
		{6, 0, time.Time{}},
	} {
		if err := b.Acked(ctx, step.through); err != nil {
			t.Fatal(err)
		}
		count, oldest, err := b.Unsent(ctx)
		if err != nil || count != step.unsent || !oldest.Equal(step.oldest) {
			t.Errorf("through %d: %d unsent since %s, %v", step.through, count, oldest, err)
		}
	}
	if record, err := b.Sale(ctx, "20261123-0003"); err != nil || !record.Sent {
		t.Errorf("sent %v, %v", record.Sent, err)
	}
}

// TestPrune: what the hub has held for a month goes, the count goes on.
func TestPrune(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	ctx := t.Context()
	must(t, b.Acked(ctx, 0))
	for step, want := range []struct {
		after time.Duration
		first int64
		rows  int
	}{{29 * 24 * time.Hour, 1, 3}, {48 * time.Hour, 3, 1}} {
		if step == 0 {
			if err := b.Acked(ctx, 3); err != nil {
				t.Fatal(err)
			}
		}
		b.now = b.now.Add(want.after)
		if err := b.Tend(ctx); err != nil {
			t.Fatal(err)
		}
		rows, err := b.After(ctx, 0, 100)
		if err != nil || len(rows) != want.rows || rows[0].Sequence != want.first {
			t.Errorf("after %s: %+v, %v", want.after, rows, err)
		}
	}
	if _, err := b.sell(ctx, "a", milk()); err != nil {
		t.Fatal(err)
	}
	rows, err := b.After(ctx, 3, 100)
	if err != nil || len(rows) != 1 || rows[0].Sequence != 4 {
		t.Errorf("rows %+v, %v", rows, err)
	}
	if seen, err := b.LastSeen(ctx); err != nil || !seen.Equal(b.now) {
		t.Errorf("last seen %s, %v", seen, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
