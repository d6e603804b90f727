package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"shopbox/hub/ingest"
	"shopbox/protocol"
)

// Position implements ingest.Store.
func (db *DB) Position(ctx context.Context, box string) (ingest.Position, error) {
	var p ingest.Position
	err := db.read.QueryRowContext(ctx,
		`SELECT box.tenant, box.shop, mark.through, mark.batch, projection.through FROM box
		   JOIN mark ON mark.tenant = box.tenant AND mark.box = box.id
		   JOIN projection ON projection.tenant = box.tenant AND projection.box = box.id
		 WHERE box.id = $1 AND box.state = 'active'`, box).Scan(&p.Tenant, &p.Shop, &p.Through, &p.Batch, &p.Projected)
	if errors.Is(err, sql.ErrNoRows) {
		return p, ingest.ErrNoBox
	}
	if err != nil {
		return p, fmt.Errorf("read position: %w", err)
	}
	p.Rejects, err = list(ctx, db.read, scanReject,
		`SELECT sequence, code FROM (SELECT sequence, code FROM poison WHERE tenant = $1 AND box = $2 ORDER BY sequence DESC LIMIT $3) AS last
		 ORDER BY sequence`, p.Tenant, box, ingest.MaxRejects)
	if err != nil {
		return p, fmt.Errorf("read rejects: %w", err)
	}
	return p, nil
}

func scanReject(row func(...any) error) (protocol.Reject, error) {
	var r protocol.Reject
	err := row(&r.Sequence, &r.Code)
	return r, err
}

// ResetPresence implements ingest.Store.
func (db *DB) ResetPresence(ctx context.Context, hub string) error {
	_, err := db.exec(ctx, `UPDATE box_status SET connected = 0 WHERE connected = 1 AND hub IN ($1, '')`, hub)
	return err
}

// Commit implements ingest.Store.
func (db *DB) Commit(ctx context.Context, group *ingest.Group) error {
	err := db.transact(ctx, func(tx *sql.Tx) error {
		if err := db.hot.commit(ctx, tx, group); err != nil {
			return err
		}
		return commitRare(ctx, tx, group)
	})
	if err != nil {
		return fmt.Errorf("store group: %w", err)
	}
	return nil
}

// hot writes what comes with every sale. Its two ways are the same rows:
// SQLite is called once per row through prepared statements, PostgreSQL once
// per table with the rows as arrays, because there the round trip costs.
type hot interface {
	commit(ctx context.Context, tx *sql.Tx, group *ingest.Group) error
	project(ctx context.Context, tx *sql.Tx, projection *ingest.Projection) error
}

func (db *DB) prepareHot(ctx context.Context) (hot, error) {
	if db.dialect == postgres {
		return &arrays{db: db}, nil
	}
	statements, err := prepareRows(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	return statements, nil
}

// previous is the id of the box's batch before.
func previous(batches []ingest.Batch, b *ingest.Batch) int64 {
	if b.Before >= 0 {
		return batches[b.Before].ID
	}
	return b.Previous
}

// commitRare writes what seldom comes, the same way in both engines.
func commitRare(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	for _, write := range []func(context.Context, *sql.Tx, *ingest.Group) error{
		writePoison, writeShops, writeDays, writeDevices, writeStatuses, writePresence,
	} {
		if err := write(ctx, tx, group); err != nil {
			return err
		}
	}
	return nil
}

func writePoison(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	for _, p := range group.Poison {
		raw := p.Raw
		if raw == nil {
			raw = []byte{}
		}
		_, err := tx.ExecContext(ctx,
			`INSERT INTO poison (tenant, shop, box, sequence, code, raw, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			p.Tenant, p.Shop, p.Box, p.Sequence, p.Code, raw, millis(p.At))
		if err != nil {
			return fmt.Errorf("poison: %w", err)
		}
	}
	return nil
}

func writeShops(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	for _, s := range group.Shops {
		_, err := tx.ExecContext(ctx,
			`UPDATE shop SET name = $1, kind = $2, business_number = $3, representative = $4, address = $5, phone = $6
			 WHERE tenant = $7 AND id = $8`,
			s.Name, s.Kind, s.BusinessNumber, s.Representative, s.Address, s.Phone, s.Tenant, s.Shop)
		if err != nil {
			return fmt.Errorf("shop: %w", err)
		}
	}
	return nil
}

func writeDays(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	for i := range group.Days {
		write := openDay
		if group.Days[i].ClosedAt != nil {
			write = closeDay
		}
		if err := write(ctx, tx, &group.Days[i]); err != nil {
			return fmt.Errorf("day: %w", err)
		}
	}
	return nil
}

// openDay begins the next part of a shop's days.
func openDay(ctx context.Context, tx *sql.Tx, d *ingest.Day) error {
	var last int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(part), 0) FROM day_part WHERE tenant = $1 AND shop = $2`, d.Tenant, d.Shop).Scan(&last)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx,
		`INSERT INTO day_part (tenant, shop, part, day, opened_at, closed_at, difference) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		d.Tenant, d.Shop, last+1, d.Day, millisOrNil(d.OpenedAt), millisOrNil(d.ClosedAt), int64(d.Difference))
	return err
}

// closeDay ends the part of the day that is open. A day whose opening never
// came is a part of its own.
func closeDay(ctx context.Context, tx *sql.Tx, d *ingest.Day) error {
	result, err := tx.ExecContext(ctx,
		`UPDATE day_part SET closed_at = $1, difference = $2 WHERE tenant = $3 AND shop = $4 AND part =
		   (SELECT MAX(part) FROM day_part WHERE tenant = $3 AND shop = $4 AND day = $5 AND closed_at IS NULL)`,
		millisOrNil(d.ClosedAt), int64(d.Difference), d.Tenant, d.Shop, d.Day)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return openDay(ctx, tx, d)
}

func writeDevices(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	for _, d := range group.Devices {
		_, err := tx.ExecContext(ctx,
			`INSERT INTO device (tenant, shop, box, id, kind, driver, name, state, code, at)
			 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			 ON CONFLICT (tenant, box, id) DO UPDATE SET kind = excluded.kind, driver = excluded.driver, name = excluded.name,
			   state = excluded.state, code = excluded.code, at = excluded.at`,
			d.Tenant, d.Shop, d.Box, d.Device, d.Kind, d.Driver, d.Name, d.State, d.Code, millis(d.At))
		if err != nil {
			return fmt.Errorf("device: %w", err)
		}
	}
	return nil
}

func writeStatuses(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	for _, s := range group.Statuses {
		_, err := tx.ExecContext(ctx,
			`UPDATE box_status SET version = $1, unsent = $2, oldest_unsent = $3, started_at = $4, seen_at = $5
			 WHERE tenant = $6 AND box = $7`,
			s.Version, s.Unsent, millisOrNil(s.OldestUnsent), millis(s.StartedAt), millis(s.At), s.Tenant, s.Box)
		if err != nil {
			return fmt.Errorf("status: %w", err)
		}
	}
	return nil
}

// writePresence notes who came and went. That a box left another hub than the
// one it is at, because it went over, changes nothing.
func writePresence(ctx context.Context, tx *sql.Tx, group *ingest.Group) error {
	for _, p := range group.Presence {
		query := `UPDATE box_status SET connected = 0, seen_at = $1 WHERE tenant = $2 AND box = $3 AND hub = $4`
		if p.Connected {
			query = `UPDATE box_status SET connected = 1, seen_at = $1, hub = $4 WHERE tenant = $2 AND box = $3`
		}
		if _, err := tx.ExecContext(ctx, query, millis(p.At), p.Tenant, p.Box, group.Hub); err != nil {
			return fmt.Errorf("presence: %w", err)
		}
	}
	return nil
}

// original is the sale a refund is of; NULL marks what is no refund.
func original(s *ingest.Sale) *string {
	if !s.Refund {
		return nil
	}
	return &s.Original
}
