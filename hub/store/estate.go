package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"shopbox/hub/report"
)

// ShopInfos implements report.Estate.
func (db *DB) ShopInfos(ctx context.Context, tenantID string) ([]report.ShopInfo, error) {
	infos, err := list(ctx, db.read, scanShopInfo,
		`SELECT s.id, s.name, s.kind, s.business_number, s.representative, s.address, s.phone,
		   (SELECT COUNT(*) FROM box WHERE box.tenant = s.tenant AND box.shop = s.id AND box.state = 'active'),
		   COALESCE(d.day, 0), d.opened_at, d.closed_at, COALESCE(d.difference, 0)
		 FROM shop AS s LEFT JOIN day_part AS d ON d.tenant = s.tenant AND d.shop = s.id
		   AND d.part = (SELECT MAX(part) FROM day_part AS l WHERE l.tenant = s.tenant AND l.shop = s.id)
		 WHERE s.tenant = $1 ORDER BY s.created_at, s.id`, tenantID)
	if err != nil {
		return nil, fmt.Errorf("list shops: %w", err)
	}
	return infos, nil
}

func scanShopInfo(row func(...any) error) (report.ShopInfo, error) {
	var s report.ShopInfo
	var day int
	var opened, closed sql.NullInt64
	err := row(&s.ID, &s.Name, &s.Kind, &s.BusinessNumber, &s.Representative, &s.Address, &s.Phone, &s.Boxes,
		&day, &opened, &closed, (*int64)(&s.State.Difference))
	if day != 0 {
		s.State.Day = dayText(day)
	}
	s.State.OpenedAt, s.State.ClosedAt = fromNullMillis(opened), fromNullMillis(closed)
	return s, err
}

func dayText(day int) string { return fmt.Sprintf("%04d-%02d-%02d", day/10000, day/100%100, day%100) }

// Differences implements report.Estate.
func (db *DB) Differences(ctx context.Context, tenantID string, since time.Time) ([]report.Difference, error) {
	differences, err := list(ctx, db.read, func(row func(...any) error) (report.Difference, error) {
		var d report.Difference
		var day int
		var closed int64
		err := row(&d.Shop, &day, &closed, (*int64)(&d.Amount))
		d.Day, d.ClosedAt = dayText(day), fromMillis(closed)
		return d, err
	}, `SELECT shop, day, closed_at, difference FROM day_part
		WHERE tenant = $1 AND closed_at > $2 AND difference <> 0 ORDER BY closed_at, shop, part`, tenantID, millis(since))
	if err != nil {
		return nil, fmt.Errorf("list differences: %w", err)
	}
	return differences, nil
}

// boxQuery reads boxes with all that is known of them. The rejected are
// counted by the key of poison.
const boxQuery = `SELECT box.id, box.tenant, tenant.name, box.shop, shop.name, box.state, st.version, st.connected, st.hub,
	  st.seen_at, st.unsent, st.oldest_unsent, st.started_at, mark.through, mark.at,
	  (SELECT COUNT(*) FROM poison WHERE poison.tenant = box.tenant AND poison.box = box.id)
	FROM box JOIN tenant ON tenant.id = box.tenant
	  JOIN shop ON shop.tenant = box.tenant AND shop.id = box.shop
	  JOIN box_status AS st ON st.tenant = box.tenant AND st.box = box.id
	  JOIN mark ON mark.tenant = box.tenant AND mark.box = box.id `

func scanBox(row func(...any) error) (report.Box, error) {
	var b report.Box
	var connected, moved int64
	var seen, oldest, started sql.NullInt64
	err := row(&b.ID, &b.Tenant, &b.TenantName, &b.Shop, &b.ShopName, &b.State, &b.Version, &connected, &b.Hub,
		&seen, &b.Unsent, &oldest, &started, &b.Through, &moved, &b.Rejects)
	b.Connected = connected == 1
	if seen.Valid {
		seen.Int64 = max(seen.Int64, moved)
	}
	b.LastSeen, b.OldestUnsent, b.StartedAt = fromNullMillis(seen), fromNullMillis(oldest), fromNullMillis(started)
	return b, err
}

// Boxes implements report.Estate.
func (db *DB) Boxes(ctx context.Context, tenantID string) ([]report.Box, error) {
	boxes, err := list(ctx, db.read, scanBox, boxQuery+`WHERE box.tenant = $1 ORDER BY box.state, box.claimed_at, box.id`, tenantID)
	if err != nil {
		return nil, fmt.Errorf("list boxes: %w", err)
	}
	return boxes, nil
}

const faultQuery = `SELECT device.tenant, device.shop, device.box, device.id, device.kind, device.name, device.state, device.code, device.at
	FROM device JOIN box ON box.id = device.box AND box.state = 'active' `

func scanFault(row func(...any) error) (report.Fault, error) {
	var f report.Fault
	var at int64
	err := row(&f.Tenant, &f.Shop, &f.Box, &f.Device, &f.Kind, &f.Name, &f.State, &f.Code, &at)
	f.Since = fromMillis(at)
	return f, err
}

// Faults implements report.Estate.
func (db *DB) Faults(ctx context.Context, tenantID string) ([]report.Fault, error) {
	faults, err := list(ctx, db.read, scanFault,
		faultQuery+`WHERE device.tenant = $1 AND device.state <> 'ok' ORDER BY device.state, device.at, device.box, device.id`, tenantID)
	if err != nil {
		return nil, fmt.Errorf("list faults: %w", err)
	}
	return faults, nil
}

// Rejected implements report.Estate.
func (db *DB) Rejected(ctx context.Context, tenantID, box string, limit int) ([]report.Rejected, error) {
	rejected, err := list(ctx, db.read, func(row func(...any) error) (report.Rejected, error) {
		r := report.Rejected{Box: box}
		var at int64
		err := row(&r.Sequence, &r.Code, &r.Raw, &at)
		r.At = fromMillis(at)
		return r, err
	}, `SELECT sequence, code, raw, at FROM poison WHERE tenant = $1 AND box = $2 ORDER BY sequence DESC LIMIT $3`, tenantID, box, limit)
	if err != nil {
		return nil, fmt.Errorf("list rejected records: %w", err)
	}
	return rejected, nil
}

// filterSQL is each filter of the fleet as a condition.
func filterSQL(filter report.FleetFilter) string {
	active := `box.state = 'active'`
	switch filter {
	case report.FleetOnline:
		return active + ` AND st.connected = 1`
	case report.FleetSilent:
		return active + ` AND st.connected = 0 AND st.seen_at IS NOT NULL`
	case report.FleetNew:
		return active + ` AND st.connected = 0 AND st.seen_at IS NULL`
	case report.FleetUnsent:
		return active + ` AND st.unsent > 0`
	case report.FleetFault:
		return active + ` AND EXISTS (SELECT 1 FROM device WHERE device.tenant = box.tenant AND device.box = box.id AND device.state <> 'ok')`
	default:
		return active
	}
}

// Fleet implements report.Estate.
func (db *DB) Fleet(ctx context.Context, query report.FleetQuery) ([]report.Box, error) {
	search := likeEscape(strings.ToLower(strings.TrimSpace(query.Search)))
	boxes, err := list(ctx, db.read, scanBox, boxQuery+`WHERE `+filterSQL(query.Filter)+` AND box.id > $1
		AND ($2 = '' OR LOWER(tenant.name) LIKE '%' || $2 || '%' ESCAPE '\' OR LOWER(shop.name) LIKE '%' || $2 || '%' ESCAPE '\'
		  OR tenant.business_number = $2 OR box.id LIKE $2 || '%' ESCAPE '\')
		ORDER BY box.id LIMIT $3`, query.Cursor, search, query.Limit)
	if err != nil {
		return nil, fmt.Errorf("list fleet: %w", err)
	}
	for i := range boxes {
		if boxes[i].Faults, err = db.boxFaults(ctx, &boxes[i]); err != nil {
			return nil, err
		}
	}
	return boxes, nil
}

func (db *DB) boxFaults(ctx context.Context, box *report.Box) ([]report.Fault, error) {
	faults, err := list(ctx, db.read, scanFault,
		faultQuery+`WHERE device.tenant = $1 AND device.box = $2 AND device.state <> 'ok' ORDER BY device.state, device.at, device.id`,
		box.Tenant, box.ID)
	if err != nil {
		return nil, fmt.Errorf("list faults: %w", err)
	}
	return faults, nil
}

func likeEscape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// FleetCounts implements report.Estate.
func (db *DB) FleetCounts(ctx context.Context, filter report.FleetFilter) (int, error) {
	var n int
	err := db.read.QueryRowContext(ctx,
		`SELECT COUNT(*) FROM box JOIN box_status AS st ON st.tenant = box.tenant AND st.box = box.id WHERE `+filterSQL(filter)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count fleet: %w", err)
	}
	return n, nil
}
