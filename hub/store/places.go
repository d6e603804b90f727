package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"shopbox/hub/tenant"
)

// InsertShop implements tenant.Places.
func (db *DB) InsertShop(ctx context.Context, shop tenant.Shop) error {
	return db.transact(ctx, func(tx *sql.Tx) error { return insertShop(ctx, tx, shop) })
}

func insertShop(ctx context.Context, tx *sql.Tx, s tenant.Shop) error {
	_, err := tx.ExecContext(ctx,
		`INSERT INTO shop (tenant, id, name, kind, business_number, representative, address, phone, created_at)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		s.Tenant, s.ID, s.Name, s.Kind, s.BusinessNumber, s.Representative, s.Address, s.Phone, millis(s.CreatedAt))
	return err
}

const shopColumns = `shop.tenant, shop.id, shop.name, shop.kind, shop.business_number, shop.representative, shop.address, shop.phone, shop.created_at`

func scanShop(row func(...any) error) (tenant.Shop, error) {
	var s tenant.Shop
	var created int64
	err := row(&s.Tenant, &s.ID, &s.Name, &s.Kind, &s.BusinessNumber, &s.Representative, &s.Address, &s.Phone, &created)
	s.CreatedAt = fromMillis(created)
	return s, err
}

// Shop implements tenant.Places.
func (db *DB) Shop(ctx context.Context, tenantID, shop string) (tenant.Shop, error) {
	s, err := scanShop(db.read.QueryRowContext(ctx, `SELECT `+shopColumns+` FROM shop WHERE tenant = $1 AND id = $2`, tenantID, shop).Scan)
	return s, found(err, "shop")
}

// Shops implements tenant.Places.
func (db *DB) Shops(ctx context.Context, tenantID string) ([]tenant.Shop, error) {
	return list(ctx, db.read, scanShop, `SELECT `+shopColumns+` FROM shop WHERE tenant = $1 ORDER BY created_at, id`, tenantID)
}

// InsertClaim implements tenant.Places.
func (db *DB) InsertClaim(ctx context.Context, c tenant.StoredClaim) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM claim WHERE expires_at < $1`, millis(c.ExpiresAt.Add(-claimsKept)))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO claim (hash, tenant, shop, expires_at) VALUES ($1, $2, $3, $4)`,
			c.Hash, c.Tenant, c.Shop, millis(c.ExpiresAt))
		return err
	})
}

// claimsKept is how much later than a claim another must end for the first to
// be deleted: long after it stopped working.
const claimsKept = 24 * time.Hour

// ClaimByHash implements tenant.Places.
func (db *DB) ClaimByHash(ctx context.Context, hash string) (tenant.StoredClaim, error) {
	var c tenant.StoredClaim
	var expires int64
	var used sql.NullInt64
	err := db.read.QueryRowContext(ctx, `SELECT hash, tenant, shop, expires_at, used_at FROM claim WHERE hash = $1`, hash).
		Scan(&c.Hash, &c.Tenant, &c.Shop, &expires, &used)
	c.ExpiresAt, c.Used = fromMillis(expires), used.Valid
	return c, found(err, "claim")
}

// Enrol implements tenant.Places.
func (db *DB) Enrol(ctx context.Context, e tenant.Enrolment) (replaced []string, err error) {
	err = db.transact(ctx, func(tx *sql.Tx) error {
		if err := lockPlace(ctx, tx, e.Box); err != nil {
			return err
		}
		err := insertOne(ctx, tx, tenant.ErrClaimCode,
			`UPDATE claim SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND tenant = $3 AND shop = $4`,
			millis(e.At), e.ClaimHash, e.Box.Tenant, e.Box.Shop)
		if err != nil {
			return err
		}
		if replaced, err = replaceOthers(ctx, tx, e); err != nil {
			return err
		}
		if err := putBox(ctx, tx, e); err != nil {
			return err
		}
		return insertCertificate(ctx, tx, e.Box.ID, e.Certificate)
	})
	return replaced, err
}

// lockPlace makes enrolments, renewals and revocations that meet wait for each
// other: a shop has one active box, and no certificate outlives a revocation
// because it was being made. An update of nothing locks in both engines.
func lockPlace(ctx context.Context, tx *sql.Tx, box tenant.Box) error {
	if _, err := tx.ExecContext(ctx, `UPDATE shop SET id = id WHERE tenant = $1 AND id = $2`, box.Tenant, box.Shop); err != nil {
		return err
	}
	return lockBox(ctx, tx, box.ID)
}

func lockBox(ctx context.Context, tx *sql.Tx, box string) error {
	_, err := tx.ExecContext(ctx, `UPDATE box SET id = id WHERE id = $1`, box)
	return err
}

// replaceOthers makes room for the box in its shop.
func replaceOthers(ctx context.Context, tx *sql.Tx, e tenant.Enrolment) ([]string, error) {
	rows, err := tx.QueryContext(ctx,
		`UPDATE box SET state = $1, replaced_at = $2, replaced_by = $3
		 WHERE tenant = $4 AND shop = $5 AND state = $6 AND id <> $3 RETURNING id`,
		string(tenant.BoxReplaced), millis(e.At), e.Box.ID, e.Box.Tenant, e.Box.Shop, string(tenant.BoxActive))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var replaced []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		replaced = append(replaced, id)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	// The box's own earlier certificates end too: its key is a new one.
	for _, id := range append([]string{e.Box.ID}, replaced...) {
		if err := revoke(ctx, tx, id, e.At); err != nil {
			return nil, err
		}
	}
	return replaced, nil
}

// putBox inserts the box, or finds it where it is.
func putBox(ctx context.Context, tx *sql.Tx, e tenant.Enrolment) error {
	box := e.Box
	result, err := tx.ExecContext(ctx,
		`INSERT INTO box (id, tenant, shop, state, claimed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		box.ID, box.Tenant, box.Shop, string(tenant.BoxActive), millis(e.At))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		if err != nil {
			return err
		}
		return claimAgain(ctx, tx, e)
	}
	if _, err := tx.ExecContext(ctx,
		`INSERT INTO box_status (tenant, box, version, connected, unsent) VALUES ($1, $2, $3, 0, 0)`,
		box.Tenant, box.ID, box.Version); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO mark (tenant, box, through, at) VALUES ($1, $2, 0, $3)`,
		box.Tenant, box.ID, millis(e.At))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO projection (tenant, box, through) VALUES ($1, $2, 0)`, box.Tenant, box.ID)
	return err
}

// claimAgain lets a box back into the shop it is in.
func claimAgain(ctx context.Context, tx *sql.Tx, e tenant.Enrolment) error {
	return insertOne(ctx, tx, tenant.ErrBoxTaken,
		`UPDATE box SET claimed_at = $1 WHERE id = $2 AND tenant = $3 AND shop = $4 AND state = $5`,
		millis(e.At), e.Box.ID, e.Box.Tenant, e.Box.Shop, string(tenant.BoxActive))
}

func insertCertificate(ctx context.Context, tx *sql.Tx, box string, c tenant.Certificate) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO certificate (serial, box, public_key, not_before, not_after) VALUES ($1, $2, $3, $4, $5)`,
		c.Serial, box, c.PublicKey, millis(c.NotBefore), millis(c.NotAfter))
	return err
}

func revoke(ctx context.Context, tx *sql.Tx, box string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE certificate SET revoked_at = $1 WHERE box = $2 AND revoked_at IS NULL`, millis(at), box)
	return err
}

// goodCertificate is for the certificates of an active box that were not
// revoked.
const goodCertificate = `SELECT 1 FROM certificate JOIN box ON box.id = certificate.box
	WHERE certificate.box = $1 AND certificate.revoked_at IS NULL AND box.state = 'active'`

// Renew implements tenant.Places.
func (db *DB) Renew(ctx context.Context, renewal tenant.Renewal) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		if err := lockBox(ctx, tx, renewal.Box); err != nil {
			return err
		}
		var one int
		err := tx.QueryRowContext(ctx, goodCertificate+` AND certificate.public_key = $2 LIMIT 1`, renewal.Box, renewal.Certificate.PublicKey).Scan(&one)
		if errors.Is(err, sql.ErrNoRows) {
			return tenant.ErrRenewal
		}
		if err != nil {
			return err
		}
		return insertCertificate(ctx, tx, renewal.Box, renewal.Certificate)
	})
}

// RevokeBox implements tenant.Places.
func (db *DB) RevokeBox(ctx context.Context, tenantID, box string, at time.Time) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		var one int
		err := tx.QueryRowContext(ctx, `SELECT 1 FROM box WHERE tenant = $1 AND id = $2`, tenantID, box).Scan(&one)
		if err != nil {
			return found(err, "box")
		}
		if err := lockBox(ctx, tx, box); err != nil {
			return err
		}
		return revoke(ctx, tx, box, at)
	})
}

// Admit implements broker.Directory.
func (db *DB) Admit(ctx context.Context, box, serial string) (bool, error) {
	var one int
	err := db.read.QueryRowContext(ctx, goodCertificate+` AND certificate.serial = $2`, box, serial).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
