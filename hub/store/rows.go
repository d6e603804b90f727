package store

import (
	"context"
	"database/sql"
	"fmt"

	"shopbox/hub/ingest"
)

// rows writes a group to SQLite row by row.
type rows struct {
	mark, batch, sale, rollup *sql.Stmt
}

func prepareRows(ctx context.Context, db *sql.DB) (*rows, error) {
	r := &rows{}
	for _, wanted := range []struct {
		statement **sql.Stmt
		query     string
	}{
		{&r.mark, `UPDATE mark SET through = ?, at = ? WHERE tenant = ? AND box = ? AND through = ?`},
		{&r.batch, `INSERT INTO batch (id, tenant, shop, box, first, last, received_at, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`},
		{&r.sale, `INSERT INTO sale (tenant, shop, day, number, batch, sequence, at, total, original) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&r.rollup, `INSERT INTO rollup (tenant, shop, day, kind, key, label, sales, refunds, refunded, quantity, total, costed, cost, uncosted)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (tenant, shop, day, kind, key) DO UPDATE SET label = excluded.label, sales = sales + excluded.sales,
			refunds = refunds + excluded.refunds, refunded = refunded + excluded.refunded, quantity = quantity + excluded.quantity,
			total = total + excluded.total, costed = costed + excluded.costed, cost = cost + excluded.cost, uncosted = uncosted + excluded.uncosted`},
	} {
		var err error
		if *wanted.statement, err = db.PrepareContext(ctx, wanted.query); err != nil {
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
	rollup := tx.StmtContext(ctx, r.rollup)
	for i := range group.Rollups {
		u := &group.Rollups[i]
		_, err := rollup.ExecContext(ctx, u.Tenant, u.Shop, u.Day, u.Kind, u.Key, u.Label, u.Sales, u.Refunds,
			int64(u.Refunded), int64(u.Quantity), int64(u.Total), int64(u.Costed), int64(u.Cost), u.Uncosted)
		if err != nil {
			return fmt.Errorf("rollup: %w", err)
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
