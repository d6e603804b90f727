package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// LastNumbers implements ingest.Store.
func (db *DB) LastNumbers(ctx context.Context, tenantID, shop string, until time.Time, days int) (map[string]int64, error) {
	numbers := map[string]int64{}
	before := until.Year()*10000 + int(until.Month())*100 + until.Day() + 1
	for range days {
		var day sql.NullInt64
		err := db.read.QueryRowContext(ctx, `SELECT MAX(day) FROM sale WHERE tenant = $1 AND shop = $2 AND day < $3`,
			tenantID, shop, before).Scan(&day)
		if err != nil {
			return nil, fmt.Errorf("read last day: %w", err)
		}
		if !day.Valid {
			break
		}
		before = int(day.Int64)
		if err := db.lastNumber(ctx, tenantID, shop, before, numbers); err != nil {
			return nil, fmt.Errorf("read last receipt number: %w", err)
		}
	}
	return numbers, nil
}

// lastNumber reads the last receipt number of a shop's day. Numbers are text
// and in the order of text; past 9999 the longest is the last.
func (db *DB) lastNumber(ctx context.Context, tenantID, shop string, day int, numbers map[string]int64) error {
	const ofDay = `SELECT number FROM sale WHERE tenant = $1 AND shop = $2 AND day = $3 ORDER BY `
	var last string
	err := db.read.QueryRowContext(ctx, ofDay+`number DESC LIMIT 1`, tenantID, shop, day).Scan(&last)
	if err == nil && strings.HasSuffix(last, "-9999") {
		err = db.read.QueryRowContext(ctx, ofDay+`LENGTH(number) DESC, number DESC LIMIT 1`, tenantID, shop, day).Scan(&last)
	}
	if err != nil {
		return err
	}
	_, text, _ := strings.Cut(last, "-")
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	numbers[fmt.Sprintf("%04d-%02d-%02d", day/10000, day/100%100, day%100)] = number
	return nil
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
