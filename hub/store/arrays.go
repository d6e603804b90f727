package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"shopbox/hub/ingest"
)

// arrays writes to PostgreSQL, one statement per table.
type arrays struct{ db *DB }

func (*arrays) commit(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	if len(group.Batches) == 0 {
		return nil
	}
	if err := batchArrays(ctx, tx, group.Batches); err != nil {
		return fmt.Errorf("batches: %w", err)
	}
	marks := group.Marks
	return moveAll(ctx, tx, len(marks),
		`UPDATE mark SET through = m.through, at = m.at, batch = m.batch
		 FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) AS m (tenant, box, was, through, at, batch)
		 WHERE mark.tenant = m.tenant AND mark.box = m.box AND mark.through = m.was`,
		column(marks, func(m *ingest.Mark) string { return m.Tenant }),
		column(marks, func(m *ingest.Mark) string { return m.Box }),
		column(marks, func(m *ingest.Mark) int64 { return m.Was }),
		column(marks, func(m *ingest.Mark) int64 { return m.Through }),
		column(marks, func(m *ingest.Mark) int64 { return millis(m.At) }),
		column(marks, func(m *ingest.Mark) int64 { return group.Batches[m.Last].ID }))
}

func (a *arrays) project(ctx context.Context, tx *sql.Tx, projection *ingest.Projection) error {
	steps := projection.Steps
	err := moveAll(ctx, tx, len(steps),
		`UPDATE projection SET through = s.through
		 FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS s (tenant, box, was, through)
		 WHERE projection.tenant = s.tenant AND projection.box = s.box AND projection.through = s.was`,
		column(steps, func(s *ingest.Step) string { return s.Tenant }),
		column(steps, func(s *ingest.Step) string { return s.Box }),
		column(steps, func(s *ingest.Step) int64 { return s.Was }),
		column(steps, func(s *ingest.Step) int64 { return s.Through }))
	if err != nil {
		return err
	}
	if err := saleArrays(ctx, tx, projection.Sales); err != nil {
		return fmt.Errorf("sales: %w", err)
	}
	parts, err := a.db.cutSums(ctx, tx, projection.Days)
	if err != nil {
		return err
	}
	if err := partArrays(ctx, tx, parts); err != nil {
		return fmt.Errorf("sums: %w", err)
	}
	return nil
}

// moveAll runs an update that changes count rows, or it is ErrMoved.
func moveAll(ctx context.Context, tx *sql.Tx, count int, query string, args ...any) error {
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("move boxes: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n != int64(count) {
		return fmt.Errorf("%w: %d of %d boxes", errors.Join(ingest.ErrMoved, err), int64(count)-n, count)
	}
	return nil
}

// column makes an array of one field of the rows.
func column[R, V any](rows []R, field func(row *R) V) []V {
	values := make([]V, len(rows))
	for i := range rows {
		values[i] = field(&rows[i])
	}
	return values
}

// batchArrays appends the batches, whose ids are the next of the sequence.
func batchArrays(ctx context.Context, tx *sql.Tx, batches []ingest.Batch) error {
	ids, err := list(ctx, tx, scanNumber, `SELECT nextval('batch_id') FROM generate_series(1, $1)`, len(batches))
	if err != nil {
		return err
	}
	for i := range batches {
		batches[i].ID = ids[i]
	}
	_, err = tx.ExecContext(ctx,
		`INSERT INTO batch (id, tenant, shop, box, first, last, received_at, payload, previous)
		 SELECT id, tenant, shop, box, first, last, received_at, payload, previous
		 FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bigint[])
		   AS b (id, tenant, shop, box, first, last, received_at, payload, previous)`,
		ids,
		column(batches, func(b *ingest.Batch) string { return b.Tenant }),
		column(batches, func(b *ingest.Batch) string { return b.Shop }),
		column(batches, func(b *ingest.Batch) string { return b.Box }),
		column(batches, func(b *ingest.Batch) int64 { return b.First }),
		column(batches, func(b *ingest.Batch) int64 { return b.Last }),
		column(batches, func(b *ingest.Batch) int64 { return millis(b.ReceivedAt) }),
		column(batches, func(b *ingest.Batch) []byte { return b.Payload }),
		column(batches, func(b *ingest.Batch) int64 { return previous(batches, b) }))
	return err
}

func saleArrays(ctx context.Context, tx *sql.Tx, sales []ingest.Sale) error {
	if len(sales) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx,
		`INSERT INTO sale (tenant, shop, day, number, batch, sequence, at, total, original)
		 SELECT tenant, shop, day, number, batch, sequence, at, total, original
		 FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[])
		   AS s (tenant, shop, day, number, batch, sequence, at, total, original)`,
		column(sales, func(s *ingest.Sale) string { return s.Tenant }),
		column(sales, func(s *ingest.Sale) string { return s.Shop }),
		column(sales, func(s *ingest.Sale) int64 { return int64(s.Day) }),
		column(sales, func(s *ingest.Sale) string { return s.Number }),
		column(sales, func(s *ingest.Sale) int64 { return s.Batch }),
		column(sales, func(s *ingest.Sale) int64 { return s.Sequence }),
		column(sales, func(s *ingest.Sale) int64 { return millis(s.At) }),
		column(sales, func(s *ingest.Sale) int64 { return int64(s.Total) }),
		column(sales, original))
	return err
}

func partArrays(ctx context.Context, tx *sql.Tx, parts []part) error {
	if len(parts) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx,
		`INSERT INTO sums (tenant, shop, day, part, payload)
		 SELECT tenant, shop, day, part, payload
		 FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[]) AS p (tenant, shop, day, part, payload)`,
		column(parts, func(p *part) string { return p.tenant }),
		column(parts, func(p *part) string { return p.shop }),
		column(parts, func(p *part) int64 { return int64(p.day) }),
		column(parts, func(p *part) int64 { return p.number }),
		column(parts, func(p *part) []byte { return p.payload }))
	return err
}
