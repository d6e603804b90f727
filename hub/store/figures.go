package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"shopbox/hub/report"
	"shopbox/protocol/money"
)

func (db *DB) shopsOf(ctx context.Context, scope report.Scope) ([]string, error) {
	if scope.Shop != "" {
		return []string{scope.Shop}, nil
	}
	return list(ctx, db.read, scanText, `SELECT id FROM shop WHERE tenant = $1`, scope.Tenant)
}

func scanText(row func(...any) error) (string, error) {
	var text string
	err := row(&text)
	return text, err
}

// TotalUntil implements report.Figures.
func (db *DB) TotalUntil(ctx context.Context, scope report.Scope, day int, until time.Time) (money.Won, error) {
	shops, err := db.shopsOf(ctx, scope)
	if err != nil {
		return 0, err
	}
	var total money.Won
	for _, shop := range shops {
		var sum int64
		err := db.read.QueryRowContext(ctx,
			`SELECT CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM sale WHERE tenant = $1 AND shop = $2 AND day = $3 AND at <= $4`,
			scope.Tenant, shop, day, millis(until)).Scan(&sum)
		if err != nil {
			return 0, fmt.Errorf("sum sales: %w", err)
		}
		total += money.Won(sum)
	}
	return total, nil
}

const saleColumns = `shop, day, number, batch, sequence, at, total, CASE WHEN original IS NULL THEN 0 ELSE 1 END`

func scanSaleKey(row func(...any) error) (report.SaleKey, error) {
	var s report.SaleKey
	var at, refund int64
	err := row(&s.Shop, &s.Day, &s.Number, &s.Batch, &s.Sequence, &at, (*int64)(&s.Total), &refund)
	s.At, s.Refund = fromMillis(at), refund == 1
	return s, err
}

// Sales implements report.Figures.
func (db *DB) Sales(ctx context.Context, search report.SaleSearch) ([]report.SaleKey, error) {
	where := []string{"tenant = $1 AND shop = $2"}
	args := []any{search.Tenant, search.Shop}
	arg := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	if search.Day != 0 {
		where = append(where, "day = "+arg(search.Day))
	}
	if search.Number != "" {
		where = append(where, "number LIKE "+arg("%"+search.Number))
	}
	if after := search.After; after != nil {
		order, places := "", arg(millis(after.At))+", "+arg(after.Number)+", "+arg(after.Shop)+", "+arg(after.Batch)+", "+arg(after.Sequence)
		if after.Day != search.Day {
			// Within a day the day is not compared: SQLite would read every day before it.
			day := arg(after.Day)
			where, order, places = append(where, "day <= "+day), "day, ", day+", "+places
		}
		where = append(where, "("+order+"at, number, shop, batch, sequence) < ("+places+")")
	}
	rows, err := list(ctx, db.read, scanSaleKey, `SELECT `+saleColumns+` FROM sale WHERE `+strings.Join(where, " AND ")+
		` ORDER BY day DESC, at DESC, number DESC, batch DESC, sequence DESC LIMIT `+arg(search.Limit), args...)
	if err != nil {
		return nil, fmt.Errorf("list sales: %w", err)
	}
	return rows, nil
}

// SaleByNumber implements report.Figures.
func (db *DB) SaleByNumber(ctx context.Context, scope report.Scope, day int, number string, at time.Time) (report.SaleKey, error) {
	sale, err := scanSaleKey(db.read.QueryRowContext(ctx,
		`SELECT `+saleColumns+` FROM sale WHERE tenant = $1 AND shop = $2 AND day = $3 AND number = $4 AND (at = $5 OR $6)
		 ORDER BY batch, sequence LIMIT 1`,
		scope.Tenant, scope.Shop, day, number, millis(at), at.IsZero()).Scan)
	return sale, missing(err, "sale")
}

// missing turns no row into report.ErrNotFound.
func missing(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", what, report.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// RefundsOf implements report.Figures.
func (db *DB) RefundsOf(ctx context.Context, scope report.Scope, number string) ([]string, error) {
	numbers, err := list(ctx, db.read, scanText,
		`SELECT number FROM sale WHERE tenant = $1 AND shop = $2 AND original = $3 ORDER BY day, number`, scope.Tenant, scope.Shop, number)
	if err != nil {
		return nil, fmt.Errorf("list refunds: %w", err)
	}
	return numbers, nil
}

// Batches implements report.Figures.
func (db *DB) Batches(ctx context.Context, tenantID string, ids []int64) (map[int64]report.StoredBatch, error) {
	batches := make(map[int64]report.StoredBatch, len(ids))
	for _, id := range ids {
		var b report.StoredBatch
		err := db.read.QueryRowContext(ctx, `SELECT box, payload FROM batch WHERE tenant = $1 AND id = $2`, tenantID, id).Scan(&b.Box, &b.Payload)
		if err != nil {
			return nil, missing(err, "batch")
		}
		batches[id] = b
	}
	return batches, nil
}
