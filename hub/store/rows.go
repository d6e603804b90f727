package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"shopbox/hub/ingest"
)

// rows writes a group to SQLite through prepared statements, many rows at a
// time where there are many.
type rows struct {
	db               *DB
	mark, step, sums *sql.Stmt
	batch, sale      inserter
}

// manyRows is how many rows one statement inserts; more gains nothing.
const manyRows = 16

// inserter inserts rows into a table, manyRows at a time or one.
type inserter struct {
	many, one *sql.Stmt
	args      []any
}

func prepareRows(ctx context.Context, db *DB) (*rows, error) {
	r := &rows{db: db}
	var err error
	prepare := func(query string) *sql.Stmt {
		var statement *sql.Stmt
		if err == nil {
			statement, err = db.write.PrepareContext(ctx, query)
		}
		return statement
	}
	inserter := func(table string, columns int) inserter {
		row := "(?" + strings.Repeat(", ?", columns-1) + ")"
		insert := "INSERT INTO " + table + " VALUES " + row
		return inserter{many: prepare(insert + strings.Repeat(", "+row, manyRows-1)), one: prepare(insert)}
	}
	r.mark = prepare(`UPDATE mark SET through = ?, at = ?, batch = ? WHERE tenant = ? AND box = ? AND through = ?`)
	r.step = prepare(`UPDATE projection SET through = ? WHERE tenant = ? AND box = ? AND through = ?`)
	r.sums = prepare(`INSERT INTO sums (tenant, shop, day, part, payload) VALUES (?, ?, ?, ?, ?)`)
	r.batch = inserter("batch (id, tenant, shop, box, first, last, received_at, payload, previous)", 9)
	r.sale = inserter("sale (tenant, shop, day, number, batch, sequence, at, total, original)", 9)
	return r, err
}

// insert writes count rows whose values put appends.
func (in *inserter) insert(ctx context.Context, tx *sql.Tx, count int, put func(args []any, row int) []any) error {
	whole := count - count%manyRows
	if err := in.run(ctx, tx.StmtContext(ctx, in.many), span{0, whole, manyRows}, put); err != nil {
		return err
	}
	return in.run(ctx, tx.StmtContext(ctx, in.one), span{whole, count, 1}, put)
}

// span is rows from begin to end, step of them in each statement.
type span struct{ begin, end, step int }

func (in *inserter) run(ctx context.Context, statement *sql.Stmt, rows span, put func(args []any, row int) []any) error {
	defer statement.Close()
	for at := rows.begin; at < rows.end; at += rows.step {
		in.args = in.args[:0]
		for row := at; row < at+rows.step; row++ {
			in.args = put(in.args, row)
		}
		if _, err := statement.ExecContext(ctx, in.args...); err != nil {
			return err
		}
	}
	clear(in.args[:cap(in.args)])
	return nil
}

func (r *rows) commit(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	if len(group.Batches) == 0 {
		return nil
	}
	if err := r.batches(ctx, tx, group.Batches); err != nil {
		return fmt.Errorf("batches: %w", err)
	}
	update := tx.StmtContext(ctx, r.mark)
	defer update.Close()
	for i := range group.Marks {
		m := &group.Marks[i]
		if err := move(ctx, update, m.Through, millis(m.At), group.Batches[m.Last].ID, m.Tenant, m.Box, m.Was); err != nil {
			return fmt.Errorf("mark of %s: %w", m.Box, err)
		}
	}
	return nil
}

// move runs an update that changes one row, or it is ErrMoved.
func move(ctx context.Context, update *sql.Stmt, args ...any) error {
	result, err := update.ExecContext(ctx, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(ingest.ErrMoved, err)
	}
	return nil
}

// batches appends the batches, whose ids follow the last.
func (r *rows) batches(ctx context.Context, tx *sql.Tx, batches []ingest.Batch) error {
	var last int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM batch`).Scan(&last); err != nil {
		return err
	}
	for i := range batches {
		last++
		batches[i].ID = last
	}
	return r.batch.insert(ctx, tx, len(batches), func(args []any, row int) []any {
		b := &batches[row]
		return append(args, b.ID, b.Tenant, b.Shop, b.Box, b.First, b.Last, millis(b.ReceivedAt), b.Payload, previous(batches, b))
	})
}

func (r *rows) project(ctx context.Context, tx *sql.Tx, projection *ingest.Projection) error {
	update := tx.StmtContext(ctx, r.step)
	defer update.Close()
	for i := range projection.Steps {
		s := &projection.Steps[i]
		if err := move(ctx, update, s.Through, s.Tenant, s.Box, s.Was); err != nil {
			return fmt.Errorf("step of %s: %w", s.Box, err)
		}
	}
	err := r.sale.insert(ctx, tx, len(projection.Sales), func(args []any, row int) []any {
		s := &projection.Sales[row]
		return append(args, s.Tenant, s.Shop, s.Day, s.Number, s.Batch, s.Sequence, s.At.UnixMilli(), int64(s.Total), original(s))
	})
	if err != nil {
		return fmt.Errorf("sales: %w", err)
	}
	return r.parts(ctx, tx, projection.Days)
}

func (r *rows) parts(ctx context.Context, tx *sql.Tx, days []ingest.DaySums) error {
	parts, err := r.db.cutSums(ctx, tx, days)
	if err != nil {
		return err
	}
	insert := tx.StmtContext(ctx, r.sums)
	defer insert.Close()
	for i := range parts {
		p := &parts[i]
		if _, err := insert.ExecContext(ctx, p.tenant, p.shop, p.day, p.number, p.payload); err != nil {
			return fmt.Errorf("sums: %w", err)
		}
	}
	return nil
}
