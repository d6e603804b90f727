package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"

	_ "modernc.org/sqlite" // the SQLite engine, as a database/sql driver
)

const (
	// readers is the number of connections that look single things up: what a
	// scan or a payment waits for.
	readers = 4
	// seekers is the number of those that list and search. They are apart, so
	// that no scan waits behind somebody's search through years of sales.
	seekers = 2
	// busyMillis is how long a connection waits for another's lock.
	busyMillis = "5000"
)

// dsn names the file with everything a connection must be set to. There is no
// other place that does. busy_timeout comes first, because setting the journal
// mode may already have to wait.
func dsn(path string, readOnly bool) string {
	pragmas := []string{"busy_timeout(" + busyMillis + ")", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)"}
	query := url.Values{"_txlock": {"immediate"}, "_dqs": {"0"}}
	if readOnly {
		pragmas = append(pragmas, "query_only(ON)")
	}
	query["_pragma"] = pragmas
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
}

// queries runs prepared statements, on the writer's transaction or on the
// readers. Queries are constants, so that there are never more than a few
// hundred statements.
type queries struct {
	ctx     context.Context
	prepare func(ctx context.Context, query string) (statement, error)
	// failed is a transaction's first fault. After some faults SQLite has ended
	// the transaction by itself, and what followed would be written alone.
	failed *error
}

// usable is the transaction's first fault, if it had one.
func (q queries) usable() error {
	if q.failed != nil {
		return *q.failed
	}
	return nil
}

func (q queries) fail(err error) error {
	if q.failed != nil && *q.failed == nil {
		*q.failed = err
	}
	return err
}

// statement is a prepared statement, which belongs to its pool.
type statement interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, args ...any) *sql.Row
}

// into are the places a row is read into.
type into []any

// scanner is a row being read.
type scanner interface{ Scan(places ...any) error }

func (q queries) exec(query string, args ...any) error {
	_, err := q.change(query, args...)
	return err
}

// change is exec that tells how many rows it changed.
func (q queries) change(query string, args ...any) (int64, error) {
	result, err := q.result(query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// insert is exec that tells the new row's number.
func (q queries) insert(query string, args ...any) (int64, error) {
	result, err := q.result(query, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

func (q queries) result(query string, args ...any) (sql.Result, error) {
	stmt, err := q.statement(query)
	if err != nil {
		return nil, err
	}
	result, err := stmt.ExecContext(q.ctx, args...)
	if err != nil {
		return nil, q.fail(err)
	}
	return result, nil
}

func (q queries) statement(query string) (statement, error) {
	if err := q.usable(); err != nil {
		return nil, err
	}
	stmt, err := q.prepare(q.ctx, query)
	if err != nil {
		return nil, q.fail(err)
	}
	return stmt, nil
}

// get reads one row; none is ErrNotFound.
func (q queries) get(places into, query string, args ...any) error {
	stmt, err := q.statement(query)
	if err != nil {
		return err
	}
	err = stmt.QueryRowContext(q.ctx, args...).Scan(places...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	if err != nil {
		return q.fail(err)
	}
	return nil
}

// each calls scan for every row.
func (q queries) each(scan func(row scanner) error, query string, args ...any) error {
	stmt, err := q.statement(query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(q.ctx, args...)
	if err != nil {
		return q.fail(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return q.fail(err)
	}
	return nil
}

// list reads all rows; it is never nil, so that it is [] as JSON.
func list[T any](q queries, scan func(row scanner) (T, error), query string, args ...any) ([]T, error) {
	all := []T{}
	err := q.each(func(row scanner) error {
		one, err := scan(row)
		all = append(all, one)
		return err
	}, query, args...)
	return all, err
}

// one reads one row; none is ErrNotFound.
func one[T any](q queries, scan func(row scanner) (T, error), query string, args ...any) (T, error) {
	var found T
	all, err := list(q, scan, query, args...)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return found, err
	}
	return all[0], nil
}

// reader is the pool of connections that only read.
type reader struct {
	db *sql.DB

	mu       sync.Mutex
	prepared map[string]*sql.Stmt
}

func openReader(path string, connections int) (*reader, error) {
	db, err := sql.Open("sqlite", dsn(path, true))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &reader{db: db, prepared: make(map[string]*sql.Stmt)}, nil
}

func (r *reader) in(ctx context.Context) queries {
	return queries{ctx: ctx, prepare: r.prepare}
}

func (r *reader) prepare(ctx context.Context, query string) (statement, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if stmt, ok := r.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := r.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	r.prepared[query] = stmt
	return stmt, nil
}

func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, stmt := range r.prepared {
		errs = append(errs, stmt.Close())
	}
	clear(r.prepared)
	return errors.Join(append(errs, r.db.Close())...)
}

// writer is the one connection that writes. Its transactions queue up for it.
type writer struct {
	db   *sql.DB
	conn *sql.Conn

	mu       sync.Mutex
	prepared map[string]*sql.Stmt
}

func openWriter(ctx context.Context, path string) (*writer, error) {
	db, err := sql.Open("sqlite", dsn(path, false))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	return &writer{db: db, conn: conn, prepared: make(map[string]*sql.Stmt)}, nil
}

func (w *writer) prepare(ctx context.Context, query string) (statement, error) {
	if stmt, ok := w.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	w.prepared[query] = stmt
	return stmt, nil
}

func (w *writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var errs []error
	for _, stmt := range w.prepared {
		errs = append(errs, stmt.Close())
	}
	clear(w.prepared)
	return errors.Join(append(errs, w.conn.Close(), w.db.Close())...)
}
