package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"shopbox/hub/ingest"
	"shopbox/hub/report"
	"shopbox/hub/store"
	"shopbox/hub/store/storetest"
	"shopbox/hub/tenant"
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

// Two hubs that write one shop's day at the same time, while a box takes
// another's place, lose nothing of its sums.
func TestTwoHubsOneDay(t *testing.T) {
	t.Parallel()
	const groups = 150
	engine := storetest.Postgres(t)
	address := engine.Fresh(t)
	hubs := []*store.DB{storetest.Open(t, address), storetest.Open(t, address)}
	ended := make(chan error, len(hubs))
	for i, db := range hubs {
		box := fmt.Sprintf("019b7d00-0000-7000-8000-%012x", i)
		if i == 0 {
			mustNot(t, db.InsertTenant(context.Background(), tenant.Tenant{ID: "kim", BusinessNumber: "1208147521"}))
			mustNot(t, db.InsertShop(context.Background(), tenant.Shop{ID: "shop", Tenant: "kim"}))
		}
		mustNot(t, db.InsertClaim(context.Background(), tenant.StoredClaim{Hash: box, Tenant: "kim", Shop: "shop"}))
		_, err := db.Enrol(context.Background(), tenant.Enrolment{
			ClaimHash: box, Box: tenant.Box{ID: box, Tenant: "kim", Shop: "shop"}, Certificate: tenant.Certificate{Serial: box},
		})
		mustNot(t, err)
		go func() { ended <- writeDay(db, box, groups) }()
	}
	for range hubs {
		mustNot(t, <-ended)
	}
	sums, err := hubs[0].Rollups(context.Background(), report.Scope{Tenant: "kim", Shop: "shop"}, 20261123)
	mustNot(t, err)
	if len(sums) != 1 || sums[0].Sales != int64(len(hubs)*groups) {
		t.Errorf("sums %+v; want %d sales", sums, len(hubs)*groups)
	}
}

// writeDay stores and projects a sale at a time; what met the other hub's is
// done again, as the intake does.
func writeDay(db *store.DB, box string, groups int) error {
	ctx := context.Background()
	again := func(write func() error) error {
		err := write()
		for tries := 0; err != nil && tries < 10; tries++ {
			err = write()
		}
		return err
	}
	for n := range int64(groups) {
		group := &ingest.Group{
			Marks:   []ingest.Mark{{Tenant: "kim", Box: box, Was: n, Through: n + 1}},
			Batches: []ingest.Batch{{Tenant: "kim", Shop: "shop", Box: box, First: n + 1, Last: n + 1, Payload: []byte{1}, Before: -1}},
		}
		if err := again(func() error { return db.Commit(ctx, group) }); err != nil {
			return err
		}
		hour := ingest.Rollup{RollupKey: ingest.RollupKey{Kind: report.RollupHour, Key: "09"}, Sales: 1}
		projection := &ingest.Projection{
			Steps: []ingest.Step{{Tenant: "kim", Box: box, Was: n, Through: n + 1}},
			Days: []ingest.DaySums{{
				Tenant: "kim", Shop: "shop", Day: 20261123, Part: group.Batches[0].ID, Rollups: []ingest.Rollup{hour},
			}},
		}
		if err := again(func() error { return db.Project(ctx, projection) }); err != nil {
			return err
		}
	}
	return nil
}

// Claims that stopped working long ago are not kept.
func TestOldClaimsGo(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), storetest.SQLite().Open(t)
	mustNot(t, db.InsertTenant(ctx, tenant.Tenant{ID: "kim", BusinessNumber: "1208147521"}))
	mustNot(t, db.InsertShop(ctx, tenant.Shop{ID: "shop", Tenant: "kim"}))
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for i, ends := range []time.Time{noon, noon.Add(time.Hour), noon.Add(25*time.Hour - time.Second), noon.Add(25 * time.Hour)} {
		mustNot(t, db.InsertClaim(ctx, tenant.StoredClaim{Hash: fmt.Sprint(i), Tenant: "kim", Shop: "shop", ExpiresAt: ends}))
	}
	for hash, want := range map[string]error{"0": tenant.ErrNotFound, "1": nil, "2": nil, "3": nil} {
		if _, err := db.ClaimByHash(ctx, hash); !errors.Is(err, want) {
			t.Errorf("claim %s: %v; want %v", hash, err, want)
		}
	}
}

func mustNot(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
