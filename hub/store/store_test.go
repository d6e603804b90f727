package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"shopbox/hub/store"
	"shopbox/hub/store/storetest"
)

// A database of a newer hub is refused and left as it is; one of this hub is
// opened again.
func TestSchemaVersions(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			address := engine.Fresh(t)
			for range 2 {
				db, err := store.Open(ctx, address)
				if err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(db.Ping(ctx), db.Close()); err != nil {
					t.Fatal(err)
				}
			}
			raw := openRaw(t, address)
			if _, err := raw.ExecContext(ctx, "UPDATE schema_version SET version = 1000"); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Open(ctx, address); !errors.Is(err, store.ErrNewer) {
				t.Errorf("error %v; want %v", err, store.ErrNewer)
			}
		})
	}
}

func openRaw(t *testing.T, address string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(address, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Every table of facts leads its key with the tenant, so that a database can
// be split by tenant.
func TestFactsLeadWithTenant(t *testing.T) {
	t.Parallel()
	engine := storetest.Postgres(t)
	address := engine.Fresh(t)
	storetest.Open(t, address)
	directory := map[string]bool{
		"tenant": true, "account": true, "session": true, "claim": true, "box": true, "certificate": true, "schema_version": true,
	}
	rows, err := openRaw(t, address).QueryContext(context.Background(),
		`SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE n.nspname = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	indexes := 0
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		indexes++
		if !directory[table] && column != "tenant" {
			t.Errorf("an index of %s leads with %s", table, column)
		}
	}
	if err := rows.Err(); err != nil || indexes < 15 {
		t.Errorf("%d indexes, %v", indexes, err)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"postgres://nobody@127.0.0.1:1/none?sslmode=disable&connect_timeout=1", t.TempDir() + "/none/hub.db"} {
		if db, err := store.Open(context.Background(), address); err == nil {
			t.Errorf("%s was opened", address)
			db.Close()
		}
	}
}
