package store

import (
	"context"
	"database/sql"
	"fmt"

	"shopbox/hub/ingest"
)

// rows writes a group to SQLite row by row.
type rows struct {
	db                      *DB
	mark, batch, sale, sums *sql.Stmt
}

func prepareRows(ctx context.Context, db *DB) (*rows, error) {
	r := &rows{db: db}
	for _, wanted := range []struct {
		statement **sql.Stmt
		query     string
	}{
		{&r.mark, `UPDATE mark SET through = ?, at = ? WHERE tenant = ? AND box = ? AND through = ?`},
		{&r.batch, `INSERT INTO batch (id, tenant, shop, box, first, last, received_at, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`},
		{&r.sale, `INSERT INTO sale (tenant, shop, day, number, batch, sequence, at, total, original) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&r.sums, `INSERT INTO sums (tenant, shop, day, part, payload) VALUES (?, ?, ?, ?, ?)`},
	} {
		var err error
		if *wanted.statement, err = db.write.PrepareContext(ctx, wanted.query); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *rows) commit(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	if err := r.marks(ctx, tx, group.Marks); err != nil {
		return err
	}
	base, err := r.batches(ctx, tx, group.Batches)
	if err != nil {
		return fmt.Errorf("batches: %w", err)
	}
	sale := tx.StmtContext(ctx, r.sale)
	for i := range group.Sales {
		s := &group.Sales[i]
		_, err := sale.ExecContext(ctx, s.Tenant, s.Shop, s.Day, s.Number, base+int64(s.Batch), s.Sequence, s.At.UnixMilli(),
			int64(s.Total), original(s))
		if err != nil {
			return fmt.Errorf("sale: %w", err)
		}
	}
	return r.parts(ctx, tx, group.Rollups, base)
}

func (r *rows) parts(ctx context.Context, tx *sql.Tx, rollups []ingest.Rollup, number int64) error {
	parts, err := r.db.cutSums(ctx, tx, rollups, number)
	if err != nil {
		return err
	}
	insert := tx.StmtContext(ctx, r.sums)
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
	insert := tx.StmtContext(ctx, r.batch)
	for i := range batches {
		b := &batches[i]
		_, err := insert.ExecContext(ctx, base+int64(i), b.Tenant, b.Shop, b.Box, b.First, b.Last, millis(b.ReceivedAt), b.Payload)
		if err != nil {
			return 0, err
		}
	}
	return base, nil
}
