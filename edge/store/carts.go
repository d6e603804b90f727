package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"shopbox/edge/staff"
	"shopbox/edge/till"
)

// Carts are the open cart (its ID is empty when there is none yet) and the
// parked ones, oldest first.
func (s *Store) Carts(ctx context.Context) (open till.Cart, parked []till.Cart, err error) {
	err = s.read.in(ctx).each(func(row scanner) error {
		cart, isOpen, err := scanCart(row)
		if isOpen {
			open = cart
		} else {
			parked = append(parked, cart)
		}
		return err
	}, `SELECT open, version, at, person, content FROM cart ORDER BY at`)
	return open, parked, err
}

func scanCart(row scanner) (cart till.Cart, open bool, err error) {
	var at int64
	var person, content []byte
	if err := row.Scan(&open, &cart.Version, &at, &person, &content); err != nil {
		return till.Cart{}, false, err
	}
	cart.At = fromMillis(at)
	if err := errors.Join(json.Unmarshal(person, &cart.By), json.Unmarshal(content, &cart.Cart)); err != nil {
		return till.Cart{}, false, fmt.Errorf("read cart: %w", err)
	}
	return cart, open, nil
}

// SaveCarts writes a change of carts with all that belongs to it.
func (s *Store) SaveCarts(ctx context.Context, change till.CartChange) error {
	return s.inTx(ctx, func(tx *tx) error { return tx.changeCarts(change) })
}

func (t *tx) changeCarts(change till.CartChange) error {
	for _, id := range change.Dropped {
		if err := t.exec(`DELETE FROM cart WHERE id = ?`, id); err != nil {
			return fmt.Errorf("drop cart: %w", err)
		}
	}
	for _, cart := range change.Saved {
		if err := t.saveCart(cart, false); err != nil {
			return err
		}
	}
	if change.Open != nil {
		if err := t.saveCart(*change.Open, true); err != nil {
			return err
		}
	}
	if change.Attempt != nil {
		if err := t.saveAttempt(*change.Attempt); err != nil {
			return err
		}
	}
	if change.Answer != nil {
		if err := t.remember(*change.Answer); err != nil {
			return err
		}
	}
	if change.Slip != nil {
		if _, err := t.enqueue(*change.Slip); err != nil {
			return err
		}
	}
	return t.audit(change.Acts...)
}

func (t *tx) saveCart(cart till.Cart, open bool) error {
	person, err := json.Marshal(cart.By)
	if err != nil {
		return fmt.Errorf("encode cart: %w", err)
	}
	content, err := json.Marshal(cart.Cart)
	if err != nil {
		return fmt.Errorf("encode cart: %w", err)
	}
	err = t.exec(`INSERT INTO cart (id, open, version, at, person, name, content) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET open = excluded.open, version = excluded.version, at = excluded.at,
		person = excluded.person, name = excluded.name, content = excluded.content`,
		cart.ID, open, cart.Version, millis(cart.At), string(person), cart.Name, string(content))
	if err != nil {
		return fmt.Errorf("save cart: %w", err)
	}
	return nil
}

// Answer is what was answered to an idempotency key, nil when the key is new.
func (s *Store) Answer(ctx context.Context, key string) (*till.Answered, error) {
	known := &till.Answered{Key: key}
	err := s.read.in(ctx).get(into{&known.What, &known.Answer}, `SELECT what, answer FROM answer WHERE key = ?`, key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil //nolint:nilnil // a new key has no answer, and that is no fault
	}
	return known, err
}

func (t *tx) remember(answer till.Answered) error {
	err := t.exec(`INSERT INTO answer (key, at, what, answer) VALUES (?, ?, ?, ?)`,
		answer.Key, millis(t.at), answer.What, string(answer.Answer))
	if err != nil {
		return fmt.Errorf("remember answer: %w", err)
	}
	return nil
}

func (t *tx) audit(acts ...staff.AuditEvent) error {
	for _, act := range acts {
		err := t.exec(`INSERT INTO audit (at, person, name, act, subject, detail) VALUES (?, ?, ?, ?, ?, ?)`,
			millis(act.At), act.Person, act.Name, string(act.Act), act.Subject, act.Detail)
		if err != nil {
			return fmt.Errorf("audit: %w", err)
		}
	}
	return nil
}

// Audited writes acts down that changed nothing else.
func (s *Store) Audited(ctx context.Context, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error { return tx.audit(acts...) })
}

// Audit lists acts, the latest first.
func (s *Store) Audit(ctx context.Context, limit, offset int) ([]staff.AuditEvent, error) {
	return list(s.seek.in(ctx), func(row scanner) (staff.AuditEvent, error) {
		var act staff.AuditEvent
		var at int64
		err := row.Scan(&at, &act.Person, &act.Name, &act.Act, &act.Subject, &act.Detail)
		act.At = fromMillis(at)
		return act, err
	}, `SELECT at, person, name, act, subject, detail FROM audit ORDER BY id DESC LIMIT ? OFFSET ?`, limit, offset)
}
