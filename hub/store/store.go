// Package store keeps everything the hub knows, in SQLite by default or in
// PostgreSQL, by one schema. hub/app opens it and hands it to the rooms, each
// of which declares the few methods it needs.
//
// What always holds:
//
//   - What a method has written is on disk when it returns.
//   - Every table of facts leads its key with the tenant; a method that is
//     given a tenant reads and writes only that tenant's rows.
//   - The schema only moves forward; a database of a newer hub is refused.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	// The drivers, by their names in database/sql.
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// ErrNewer says that the database was written by a newer hub.
var ErrNewer = errors.New("schema_newer")

// dialect is which engine is spoken to.
type dialect string

const (
	sqlite   dialect = "sqlite"
	postgres dialect = "postgres"
)

// The sizes of the pools. SQLite has one writer; more readers than this only
// compete for the processor.
const (
	sqliteReaders = 4
	postgresConns = 16
)

// DB is the hub's database. It is safe for use by many goroutines.
type DB struct {
	dialect dialect
	// write is where transactions run, read where questions are asked; with
	// PostgreSQL they are the same pool.
	write *sql.DB
	read  *sql.DB
	hot   hot
	folds folds
}

// Open opens the database at an address, postgres://..., or a SQLite file,
// and brings its schema up to date.
func Open(ctx context.Context, address string) (*DB, error) {
	names, err := migrations()
	if err != nil {
		return nil, err
	}
	db, err := openAt(ctx, address, names)
	if err != nil {
		return nil, err
	}
	if db.hot, err = db.prepareHot(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openAt opens a database and applies the migrations.
func openAt(ctx context.Context, address string, names []string) (*DB, error) {
	db := &DB{folds: folds{parts: map[shopDay]int{}}}
	var err error
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		err = db.openPostgres(address)
	} else {
		err = db.openSQLite(address)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.migrate(ctx, names); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) openPostgres(address string) error {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	db.dialect, db.write, db.read = postgres, pool, pool
	return nil
}

func (db *DB) openSQLite(path string) error {
	pragmas := url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)",
		"cache_size(-65536)", "temp_store(MEMORY)", "wal_autocheckpoint(16000)",
	}, "_txlock": {"immediate"}}
	write, err := sql.Open("sqlite", "file:"+path+"?"+pragmas.Encode())
	if err != nil {
		return err
	}
	write.SetMaxOpenConns(1)
	reading := url.Values{"_pragma": {"busy_timeout(10000)", "query_only(ON)", "cache_size(-16384)"}}
	read, err := sql.Open("sqlite", "file:"+path+"?"+reading.Encode())
	if err != nil {
		return errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(sqliteReaders)
	read.SetMaxIdleConns(sqliteReaders)
	db.dialect, db.write, db.read = sqlite, write, read
	return nil
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }

// Close closes the database.
func (db *DB) Close() error {
	if db.dialect == postgres {
		return db.write.Close()
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// transact runs work in one transaction that is on disk when it returns.
func (db *DB) transact(ctx context.Context, work func(tx *sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if err := work(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// exec runs one statement that is on disk when it returns.
func (db *DB) exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := db.write.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// querier is the database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func scanNumber(row func(...any) error) (int64, error) {
	var number int64
	err := row(&number)
	return number, err
}

// list reads all rows of a query through scan.
func list[T any](ctx context.Context, db querier, scan func(row func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

func millis(t time.Time) int64 { return t.UnixMilli() }

func millisOrNil(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func fromNullMillis(ms sql.NullInt64) *time.Time {
	if !ms.Valid {
		return nil
	}
	t := fromMillis(ms.Int64)
	return &t
}
