package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"shopbox/hub/ingest"
)

// rows writes a group to SQLite through prepared statements, many rows at a
// time where there are many.
type rows struct {
	db          *DB
	mark, sums  *sql.Stmt
	batch, sale inserter
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
	r.mark = prepare(`UPDATE mark SET through = ?, at = ? WHERE tenant = ? AND box = ? AND through = ?`)
	r.sums = prepare(`INSERT INTO sums (tenant, shop, day, part, payload) VALUES (?, ?, ?, ?, ?)`)
	r.batch = inserter("batch (id, tenant, shop, box, first, last, received_at, payload)", 8)
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
	if err := r.marks(ctx, tx, group.Marks); err != nil {
		return err
	}
	base, err := r.batches(ctx, tx, group.Batches)
	if err != nil {
		return fmt.Errorf("batches: %w", err)
	}
	err = r.sale.insert(ctx, tx, len(group.Sales), func(args []any, row int) []any {
		s := &group.Sales[row]
		return append(args, s.Tenant, s.Shop, s.Day, s.Number, base+int64(s.Batch), s.Sequence, s.At.UnixMilli(), int64(s.Total), original(s))
	})
	if err != nil {
		return fmt.Errorf("sales: %w", err)
	}
	return r.parts(ctx, tx, group.Rollups, base)
}

func (r *rows) parts(ctx context.Context, tx *sql.Tx, rollups []ingest.Rollup, number int64) error {
	parts, err := r.db.cutSums(ctx, tx, rollups, number)
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

func (r *rows) marks(ctx context.Context, tx *sql.Tx, marks []ingest.Mark) error {
	mark := tx.StmtContext(ctx, r.mark)
	defer mark.Close()
	for _, m := range marks {
		result, err := mark.ExecContext(ctx, m.Through, millis(m.At), m.Tenant, m.Box, m.Was)
		if err != nil {
			return fmt.Errorf("mark: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n != 1 {
			return fmt.Errorf("%w: box %s not at %d", ingest.ErrMoved, m.Box, m.Was)
		}
	}
	return nil
}

// batches appends the batches and returns the id of the first.
func (r *rows) batches(ctx context.Context, tx *sql.Tx, batches []ingest.Batch) (base int64, err error) {
	if len(batches) == 0 {
		return 0, nil
	}
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) + 1 FROM batch`).Scan(&base); err != nil {
		return 0, err
	}
	return base, r.batch.insert(ctx, tx, len(batches), func(args []any, row int) []any {
		b := &batches[row]
		return append(args, base+int64(row), b.Tenant, b.Shop, b.Box, b.First, b.Last, millis(b.ReceivedAt), b.Payload)
	})
}
