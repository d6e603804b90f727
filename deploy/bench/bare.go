package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the same driver as the box's
)

// boxDatabase is the name of the box's file.
const boxDatabase = "shopbox.db"

// bareBooks is a copy of a box's database that only takes the rows of a sale:
// prepared statements, one transaction, the box's pragmas, no program around
// it. It is what a cash sale cannot be faster than.
type bareBooks struct {
	db   *sql.DB
	conn *sql.Conn
	rows []bareRow
	done int
}

// bareRow is one statement of a sale.
type bareRow struct {
	statement *sql.Stmt
	values    []any
	// fresh are the indexes of the values that must differ each time.
	fresh []int
}

// appended are the tables a sale adds rows to, with the columns whose values
// must be new each time.
var appended = [...]struct{ table, key, fresh string }{
	{"sale", "id", "cart number"},
	{"sale_line", "id", ""},
	{"tender", "id", ""},
	{"movement", "id", ""},
	{"journal_entry", "id", ""},
	{"journal_line", "id", ""},
	{"outbox", "sequence", ""},
	{"print_job", "id", ""},
	{"answer", "id", "key"},
}

// changed are the rows a sale changes in place.
var changed = [...]string{
	`UPDATE number SET last = last + 1`,
	`UPDATE business_day SET sales = sales + 1, sold = sold + 3000, supply = supply + 2727, vat = vat + 273, last_number = last_number WHERE closed_at IS NULL`,
	`UPDATE day_tender SET count = count + 1, sum = sum + 3000 WHERE kind = 'cash' AND day = (SELECT max(day) FROM day_tender)`,
	`UPDATE stock SET level = level - 1000 WHERE product = (SELECT product FROM movement ORDER BY id DESC LIMIT 1)`,
	`UPDATE cart SET version = version + 1, at = at + 1 WHERE open = 1`,
}

func openBooks(path string) (*sql.DB, error) {
	query := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)"}}
	db, err := sql.Open("sqlite", "file:"+path+"?"+query.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// copyBooks copies a box's database and learns from one sale which rows a
// sale writes.
func copyBooks(ctx context.Context, from, to string, sell func() error) (_ *bareBooks, err error) {
	box, err := openBooks(from)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	if _, err := box.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return nil, fmt.Errorf("copy the box's database: %w", err)
	}
	db, err := openBooks(to)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	b := &bareBooks{db: db, conn: conn}
	if err := b.learn(ctx, box, sell); err != nil {
		return nil, errors.Join(fmt.Errorf("rows of a sale: %w", err), b.close())
	}
	return b, nil
}

func (b *bareBooks) learn(ctx context.Context, box *sql.DB, sell func() error) error {
	marks := make([]int64, len(appended))
	for i, table := range appended {
		err := box.QueryRowContext(ctx, `SELECT coalesce(max(`+table.key+`), 0) FROM `+table.table).Scan(&marks[i])
		if err != nil {
			return err
		}
	}
	if err := sell(); err != nil {
		return err
	}
	for i, table := range appended {
		if err := b.learnTable(ctx, box, table.table, `WHERE `+table.key+` > ?`, marks[i], table.fresh); err != nil {
			return fmt.Errorf("%s: %w", table.table, err)
		}
	}
	for _, statement := range changed {
		prepared, err := b.conn.PrepareContext(ctx, statement)
		if err != nil {
			return err
		}
		b.rows = append(b.rows, bareRow{statement: prepared})
	}
	return nil
}

func (b *bareBooks) learnTable(ctx context.Context, box *sql.DB, table, where string, mark int64, fresh string) error {
	rows, err := box.QueryContext(ctx, `SELECT * FROM `+table+` `+where, mark) //nolint:unqueryvet // every column is copied, whichever there are
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	insert, err := b.conn.PrepareContext(ctx, `INSERT INTO `+table+` VALUES (NULL`+strings.Repeat(", ?", len(columns)-1)+`)`)
	if err != nil {
		return err
	}
	for rows.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		row := bareRow{statement: insert, values: values[1:]}
		for i, column := range columns[1:] {
			if slices.Contains(strings.Fields(fresh), column) {
				row.fresh = append(row.fresh, i)
			}
		}
		b.rows = append(b.rows, row)
	}
	return rows.Err()
}

// count is how many rows a sale writes.
func (b *bareBooks) count() int { return len(b.rows) }

// commit writes the rows of one sale and tells how long that took.
func (b *bareBooks) commit(ctx context.Context) (time.Duration, error) {
	b.done++
	began := time.Now()
	if _, err := b.conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return 0, fmt.Errorf("bare commit: %w", err)
	}
	for i := range b.rows {
		row := &b.rows[i]
		for _, index := range row.fresh {
			row.values[index] = fmt.Sprintf("bench-%012d", b.done)
		}
		if _, err := row.statement.ExecContext(ctx, row.values...); err != nil {
			return 0, fmt.Errorf("bare commit: %w", err)
		}
	}
	if _, err := b.conn.ExecContext(ctx, `COMMIT`); err != nil {
		return 0, fmt.Errorf("bare commit: %w", err)
	}
	return time.Since(began), nil
}

func (b *bareBooks) close() error { return errors.Join(b.conn.Close(), b.db.Close()) }
