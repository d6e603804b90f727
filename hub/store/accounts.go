package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"shopbox/hub/tenant"
)

// InsertTenant implements tenant.Accounts.
func (db *DB) InsertTenant(ctx context.Context, t tenant.Tenant) error {
	return db.transact(ctx, func(tx *sql.Tx) error { return insertTenant(ctx, tx, t) })
}

func insertTenant(ctx context.Context, tx *sql.Tx, t tenant.Tenant) error {
	return insertOne(ctx, tx, tenant.ErrBusinessTaken,
		`INSERT INTO tenant (id, name, business_number, reseller, created_at) VALUES ($1, $2, $3, $4, $5)
		 ON CONFLICT (business_number) DO NOTHING`,
		t.ID, t.Name, t.BusinessNumber, t.Reseller, millis(t.CreatedAt))
}

// insertOne runs an insert that does nothing on a conflict, which is taken.
func insertOne(ctx context.Context, tx *sql.Tx, taken error, query string, args ...any) error {
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return taken
	}
	return err
}

// Tenant implements tenant.Accounts.
func (db *DB) Tenant(ctx context.Context, id string) (tenant.Tenant, error) {
	var t tenant.Tenant
	var created int64
	err := db.read.QueryRowContext(ctx, `SELECT id, name, business_number, reseller, created_at FROM tenant WHERE id = $1`, id).
		Scan(&t.ID, &t.Name, &t.BusinessNumber, &t.Reseller, &created)
	t.CreatedAt = fromMillis(created)
	return t, found(err, "tenant")
}

// found turns no row into tenant.ErrNotFound.
func found(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", what, tenant.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	return nil
}

// InsertAccount implements tenant.Accounts.
func (db *DB) InsertAccount(ctx context.Context, account tenant.Account) error {
	return db.transact(ctx, func(tx *sql.Tx) error { return insertAccount(ctx, tx, account) })
}

func insertAccount(ctx context.Context, tx *sql.Tx, a tenant.Account) error {
	return insertOne(ctx, tx, tenant.ErrLoginTaken,
		`INSERT INTO account (id, login, name, role, tenant, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		 ON CONFLICT (login) DO NOTHING`,
		a.ID, a.Login, a.Name, string(a.Role), sql.NullString{String: a.Tenant, Valid: a.Tenant != ""}, a.PasswordHash, millis(a.CreatedAt))
}

const accountColumns = `account.id, account.login, account.name, account.role, COALESCE(account.tenant, ''), account.password_hash, account.created_at`

func accountFields(a *tenant.Account, role *string, created *int64) []any {
	return []any{&a.ID, &a.Login, &a.Name, role, &a.Tenant, &a.PasswordHash, created}
}

// AccountByLogin implements tenant.Accounts.
func (db *DB) AccountByLogin(ctx context.Context, login string) (tenant.Account, error) {
	var account tenant.Account
	var role string
	var created int64
	err := db.read.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM account WHERE login = $1`, login).
		Scan(accountFields(&account, &role, &created)...)
	account.Role, account.CreatedAt = tenant.Role(role), fromMillis(created)
	return account, found(err, "account")
}

// SetPassword implements tenant.Accounts.
func (db *DB) SetPassword(ctx context.Context, account, hash string) error {
	n, err := db.exec(ctx, `UPDATE account SET password_hash = $1 WHERE id = $2`, hash, account)
	if err == nil && n == 0 {
		return tenant.ErrNotFound
	}
	return err
}

// FoundTenant implements tenant.Accounts.
func (db *DB) FoundTenant(ctx context.Context, founding tenant.Founding) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		if err := insertTenant(ctx, tx, founding.Tenant); err != nil {
			return err
		}
		if err := insertAccount(ctx, tx, founding.Owner); err != nil {
			return err
		}
		return insertShop(ctx, tx, founding.Shop)
	})
}

// InsertSession implements tenant.Sessions.
func (db *DB) InsertSession(ctx context.Context, s tenant.StoredSession) error {
	_, err := db.exec(ctx, `INSERT INTO session (hash, account, csrf, created_at, seen_at) VALUES ($1, $2, $3, $4, $5)`,
		s.Hash, s.Account, s.CSRF, millis(s.CreatedAt), millis(s.SeenAt))
	return err
}

// SessionByHash implements tenant.Sessions.
func (db *DB) SessionByHash(ctx context.Context, hash string) (tenant.StoredSession, tenant.Account, error) {
	var s tenant.StoredSession
	var account tenant.Account
	var role string
	var created, seen, accountCreated int64
	fields := append([]any{&s.Hash, &s.Account, &s.CSRF, &created, &seen}, accountFields(&account, &role, &accountCreated)...)
	err := db.read.QueryRowContext(ctx,
		`SELECT session.hash, session.account, session.csrf, session.created_at, session.seen_at, `+accountColumns+`
		 FROM session JOIN account ON account.id = session.account WHERE session.hash = $1`, hash).Scan(fields...)
	s.CreatedAt, s.SeenAt = fromMillis(created), fromMillis(seen)
	account.Role, account.CreatedAt = tenant.Role(role), fromMillis(accountCreated)
	return s, account, found(err, "session")
}

// TouchSession implements tenant.Sessions.
func (db *DB) TouchSession(ctx context.Context, hash string, seen time.Time) error {
	_, err := db.exec(ctx, `UPDATE session SET seen_at = $1 WHERE hash = $2`, millis(seen), hash)
	return err
}

// DeleteSession implements tenant.Sessions.
func (db *DB) DeleteSession(ctx context.Context, hash string) error {
	_, err := db.exec(ctx, `DELETE FROM session WHERE hash = $1`, hash)
	return err
}

// DeleteSessionsOf implements tenant.Sessions.
func (db *DB) DeleteSessionsOf(ctx context.Context, account string) error {
	_, err := db.exec(ctx, `DELETE FROM session WHERE account = $1`, account)
	return err
}

// DeleteSessionsBefore implements tenant.Sessions.
func (db *DB) DeleteSessionsBefore(ctx context.Context, created, seen time.Time) error {
	_, err := db.exec(ctx, `DELETE FROM session WHERE created_at < $1 OR seen_at < $2`, millis(created), millis(seen))
	return err
}
