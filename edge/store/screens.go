package store

import (
	"context"
	"errors"

	"shopbox/edge/staff"
)

const screenColumns = `SELECT id, secret, name, at, by FROM screen`

// Screens lists the browsers that face the customer, the oldest first.
func (s *Store) Screens(ctx context.Context) ([]staff.Screen, error) {
	return list(s.read.in(ctx), scanScreen, screenColumns+` ORDER BY id`)
}

// Screen is the screen with a secret, or till.ErrNotFound.
func (s *Store) Screen(ctx context.Context, secret string) (screen staff.Screen, err error) {
	var at int64
	err = s.read.in(ctx).get(into{&screen.ID, &screen.Secret, &screen.Name, &at, &screen.By}, screenColumns+` WHERE secret = ?`, secret)
	screen.At = fromMillis(at)
	return screen, err
}

func scanScreen(row scanner) (screen staff.Screen, err error) {
	var at int64
	err = row.Scan(&screen.ID, &screen.Secret, &screen.Name, &at, &screen.By)
	screen.At = fromMillis(at)
	return screen, err
}

// SaveScreen writes a new screen. A browser that was one before is the new one
// from now on.
func (s *Store) SaveScreen(ctx context.Context, screen staff.Screen, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		return errors.Join(
			tx.exec(`DELETE FROM screen WHERE secret = ?`, screen.Secret),
			tx.exec(`INSERT INTO screen (id, secret, name, at, by) VALUES (?, ?, ?, ?, ?)`,
				screen.ID, screen.Secret, screen.Name, millis(screen.At), screen.By),
			tx.audit(acts...),
		)
	})
}

// RemoveScreen makes a screen a browser like any other.
func (s *Store) RemoveScreen(ctx context.Context, id string, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		return errors.Join(tx.exec(`DELETE FROM screen WHERE id = ?`, id), tx.audit(acts...))
	})
}
