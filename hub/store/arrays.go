package store

import (
	"context"
	"database/sql"
	"fmt"

	"shopbox/hub/ingest"
)

// commitArrays writes a group to PostgreSQL, one statement per table.
func (db *DB) commitArrays(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	if len(group.Marks) == 0 {
		return nil
	}
	if err := markArrays(ctx, tx, group.Marks); err != nil {
		return err
	}
	ids, err := batchArrays(ctx, tx, group.Batches)
	if err != nil {
		return fmt.Errorf("batches: %w", err)
	}
	if err := saleArrays(ctx, tx, group.Sales, ids); err != nil {
		return fmt.Errorf("sales: %w", err)
	}
	parts, err := db.cutSums(ctx, tx, group.Rollups, ids[0])
	if err != nil {
		return err
	}
	if err := partArrays(ctx, tx, parts); err != nil {
		return fmt.Errorf("sums: %w", err)
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

func markArrays(ctx context.Context, tx *sql.Tx, marks []ingest.Mark) error {
	result, err := tx.ExecContext(ctx,
		`UPDATE mark SET through = m.through, at = m.at
		 FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) AS m (tenant, box, was, through, at)
		 WHERE mark.tenant = m.tenant AND mark.box = m.box AND mark.through = m.was`,
		column(marks, func(m *ingest.Mark) string { return m.Tenant }),
		column(marks, func(m *ingest.Mark) string { return m.Box }),
		column(marks, func(m *ingest.Mark) int64 { return m.Was }),
		column(marks, func(m *ingest.Mark) int64 { return m.Through }),
		column(marks, func(m *ingest.Mark) int64 { return millis(m.At) }))
	if err != nil {
		return fmt.Errorf("marks: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n != int64(len(marks)) {
		return fmt.Errorf("%w: %d of %d boxes", ingest.ErrMoved, int64(len(marks))-n, len(marks))
	}
	return nil
}

func batchArrays(ctx context.Context, tx *sql.Tx, batches []ingest.Batch) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT nextval('batch_id') FROM generate_series(1, $1)`, len(batches))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	ids := make([]int64, 0, len(batches))
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx,
		`INSERT INTO batch (id, tenant, shop, box, first, last, received_at, payload)
		 SELECT id, tenant, shop, box, first, last, received_at, payload
		 FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[])
		   AS b (id, tenant, shop, box, first, last, received_at, payload)`,
		ids,
		column(batches, func(b *ingest.Batch) string { return b.Tenant }),
		column(batches, func(b *ingest.Batch) string { return b.Shop }),
		column(batches, func(b *ingest.Batch) string { return b.Box }),
		column(batches, func(b *ingest.Batch) int64 { return b.First }),
		column(batches, func(b *ingest.Batch) int64 { return b.Last }),
		column(batches, func(b *ingest.Batch) int64 { return millis(b.ReceivedAt) }),
		column(batches, func(b *ingest.Batch) []byte { return b.Payload }))
	return ids, err
}

func saleArrays(ctx context.Context, tx *sql.Tx, sales []ingest.Sale, ids []int64) error {
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
		column(sales, func(s *ingest.Sale) int64 { return ids[s.Batch] }),
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
