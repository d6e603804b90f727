package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"shopbox/hub/ingest"
)

// Project implements ingest.Store.
func (db *DB) Project(ctx context.Context, projection *ingest.Projection) error {
	err := db.transact(ctx, func(tx *sql.Tx) error { return db.hot.project(ctx, tx, projection) })
	if err != nil {
		return fmt.Errorf("project: %w", err)
	}
	return nil
}

// behindQuery reads the boxes whose records are not all in the read models.
const behindQuery = `SELECT box.tenant, box.shop, box.id, projection.through, mark.through, mark.batch FROM box
	  JOIN mark ON mark.tenant = box.tenant AND mark.box = box.id
	  JOIN projection ON projection.tenant = box.tenant AND projection.box = box.id
	WHERE projection.through < mark.through `

func scanBehind(row func(...any) error) (ingest.Behind, error) {
	var b ingest.Behind
	err := row(&b.Tenant, &b.Shop, &b.Box, &b.Projected, &b.Through, &b.Batch)
	return b, err
}

// Behind implements ingest.Store.
func (db *DB) Behind(ctx context.Context, tenantID, shop string) ([]ingest.Behind, error) {
	where, args := `AND box.tenant = $1`, []any{tenantID}
	if shop != "" {
		where, args = where+` AND box.shop = $2`, append(args, shop)
	}
	boxes, err := list(ctx, db.read, scanBehind, behindQuery+where+` ORDER BY box.tenant, box.shop, box.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("list boxes behind: %w", err)
	}
	return boxes, nil
}

// Overdue implements ingest.Store.
func (db *DB) Overdue(ctx context.Context, since time.Time) ([]ingest.Behind, error) {
	boxes, err := list(ctx, db.read, scanBehind, behindQuery+`AND mark.at < $1`, millis(since))
	if err != nil {
		return nil, fmt.Errorf("list boxes overdue: %w", err)
	}
	return boxes, nil
}

// Pending implements ingest.Store. It goes back along the chain of the box's
// batches to the first that counts.
func (db *DB) Pending(ctx context.Context, b ingest.Behind, most int) ([]ingest.Batch, error) {
	var ids []int64
	for id, first := b.Batch, b.Through+1; id != 0 && first > b.Projected+1; {
		ids = append(ids, id)
		err := db.read.QueryRowContext(ctx, `SELECT previous, first FROM batch WHERE tenant = $1 AND id = $2`, b.Tenant, id).Scan(&id, &first)
		if err != nil {
			return nil, missing(err, "batch")
		}
	}
	slices.Reverse(ids)
	batches := make([]ingest.Batch, min(len(ids), most))
	for i := range batches {
		one := ingest.Batch{ID: ids[i], Tenant: b.Tenant, Shop: b.Shop, Box: b.Box}
		err := db.read.QueryRowContext(ctx, `SELECT first, last, payload FROM batch WHERE tenant = $1 AND id = $2`, b.Tenant, one.ID).
			Scan(&one.First, &one.Last, &one.Payload)
		if err != nil {
			return nil, missing(err, "batch")
		}
		batches[i] = one
	}
	return batches, nil
}
