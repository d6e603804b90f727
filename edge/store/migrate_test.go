package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"shopbox/edge/store"
	"shopbox/edge/till"
)

// releases are the program's own migrations and further ones.
func releases(t *testing.T, further map[string]string) fstest.MapFS {
	t.Helper()
	steps := fstest.MapFS{}
	names, err := filepath.Glob("migration/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		script, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: script}
	}
	for name, script := range further {
		steps["migration/"+name] = &fstest.MapFile{Data: []byte(script)}
	}
	return steps
}

// TestMigration: the next release changes the schema. The file as it was lies
// beside it and can be taken back; the shop's records are all there.
func TestMigration(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	if _, err := b.sell(t.Context(), "before", milk()); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	next := releases(t, map[string]string{"9001_next.sql": `ALTER TABLE person ADD COLUMN phone TEXT NOT NULL DEFAULT '';`})
	opened, err := store.OpenWith(t.Context(), b.options(-1), next)
	if err != nil {
		t.Fatal(err)
	}
	b.Store = opened
	if closed, err := b.sell(t.Context(), "after", milk()); err != nil || closed.Number != "20261123-0002" {
		t.Errorf("sale %s, %v", closed.Number, err)
	}
	if err := errors.Join(b.Check(t.Context()), b.Close()); err != nil {
		t.Error(err)
	}
	if _, err := store.Open(t.Context(), b.options(-1)); !errors.Is(err, store.ErrNewerSchema) {
		t.Errorf("the release before opened it: %v", err)
	}
	b.path += ".before-9001_next.sql"
	b.open(t, -1)
	rows, err := b.Sales(t.Context(), till.SaleQuery{Limit: 10})
	if err != nil || len(rows) != 1 || rows[0].Number != "20261123-0001" {
		t.Errorf("the file as it was: %+v, %v", rows, err)
	}
}

// TestMigrationFails: a step that cannot be done changes nothing, and the
// release before opens the file as ever.
func TestMigrationFails(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	broken := releases(t, map[string]string{"9001_broken.sql": `CREATE TABLE half (id INTEGER); ALTER TABLE nowhere ADD COLUMN x TEXT;`})
	for range 2 {
		if _, err := store.OpenWith(t.Context(), b.options(-1), broken); err == nil || !strings.Contains(err.Error(), "9001_broken.sql") {
			t.Fatalf("opened: %v", err)
		}
	}
	b.open(t, -1)
	if _, err := b.ProductWithStock(t.Context(), milk().ID); err != nil {
		t.Error(err)
	}
	b.meddle(t, `CREATE TABLE half (id INTEGER)`)
}
