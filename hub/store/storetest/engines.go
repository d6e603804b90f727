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
	Fresh func(tb testing.TB) string
}

// Open opens a new database of the engine, closed at the end of the test.
func (e Engine) Open(tb testing.TB) *store.DB {
	tb.Helper()
	return Open(tb, e.Fresh(tb))
}

// Open opens the database at an address, closed at the end of the test.
func Open(tb testing.TB, address string) *store.DB {
	tb.Helper()
	db, err := store.Open(context.Background(), address)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// Engines are SQLite and a PostgreSQL that runs until the end of the test.
func Engines(tb testing.TB) []Engine {
	tb.Helper()
	return []Engine{SQLite(), Postgres(tb)}
}

// SQLite is the engine of files in the test's own directory.
func SQLite() Engine {
	return Engine{Name: "sqlite", Fresh: func(tb testing.TB) string {
		tb.Helper()
		return filepath.Join(tb.TempDir(), "hub.db")
	}}
}

// Postgres starts a cluster and is the engine of databases in it.
func Postgres(tb testing.TB) Engine {
	tb.Helper()
	cluster, err := StartPostgres()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			tb.Error(err)
		}
	})
	numbers := make(chan int, 1)
	numbers <- 1
	return Engine{Name: "postgres", Fresh: func(tb testing.TB) string {
		tb.Helper()
		number := <-numbers
		numbers <- number + 1
		address, err := cluster.CreateDatabase(context.Background(), fmt.Sprintf("hub%d", number))
		if err != nil {
			tb.Fatal(err)
		}
		return address
	}}
}
