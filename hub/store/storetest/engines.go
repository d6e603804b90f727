package storetest

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"shopbox/hub/store"
)

// Engine is one of the databases the hub runs on.
type Engine struct {
	Name string
	// Fresh is the address of a new, empty database.
	Fresh func(t testing.TB) string
}

// Open opens a new database of the engine, closed at the end of the test.
func (e Engine) Open(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, e.Fresh(t))
}

// Open opens the database at an address, closed at the end of the test.
func Open(t testing.TB, address string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Engines are SQLite and a PostgreSQL that runs until the end of the test.
func Engines(t testing.TB) []Engine {
	t.Helper()
	return []Engine{SQLite(), Postgres(t)}
}

// SQLite is the engine of files in the test's own directory.
func SQLite() Engine {
	return Engine{Name: "sqlite", Fresh: func(t testing.TB) string {
		t.Helper()
		return filepath.Join(t.TempDir(), "hub.db")
	}}
}

// Postgres starts a cluster and is the engine of databases in it.
func Postgres(t testing.TB) Engine {
	t.Helper()
	cluster, err := StartPostgres()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	numbers := make(chan int, 1)
	numbers <- 1
	return Engine{Name: "postgres", Fresh: func(t testing.TB) string {
		t.Helper()
		number := <-numbers
		numbers <- number + 1
		address, err := cluster.CreateDatabase(context.Background(), fmt.Sprintf("hub%d", number))
		if err != nil {
			t.Fatal(err)
		}
		return address
	}}
}
