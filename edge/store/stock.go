package store

import (
	"context"
	"fmt"

	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/stock"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

// Move writes movements made by a person, and tells the hub.
func (s *Store) Move(ctx context.Context, movements []stock.Movement, by sale.Person, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		for _, movement := range movements {
			if err := tx.moveByHand(movement, by); err != nil {
				return err
			}
		}
		return tx.audit(acts...)
	})
}

func (t *tx) moveByHand(movement stock.Movement, by sale.Person) error {
	if err := movement.Check(); err != nil {
		return err
	}
	if err := t.move(movement, by.ID); err != nil {
		return err
	}
	_, err := t.record(protocol.StockMoved{
		Product: movement.Product, Name: movement.Name, Quantity: movement.Quantity, Reason: string(movement.Reason),
		Note: movement.Note, By: wirePerson(by), At: t.at,
	}, t.at)
	return err
}

// move appends a movement and brings the level along.
func (t *tx) move(movement stock.Movement, person string) error {
	err := t.exec(`INSERT INTO movement (at, product, quantity, reason, ref, note, person) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		millis(t.at), movement.Product, int64(movement.Quantity), string(movement.Reason), movement.Ref, movement.Note, person)
	if err != nil {
		return fmt.Errorf("movement: %w", err)
	}
	err = t.exec(`INSERT INTO stock (product, level) VALUES (?, ?) ON CONFLICT (product) DO UPDATE SET level = level + excluded.level`,
		movement.Product, int64(movement.Quantity))
	if err != nil {
		return fmt.Errorf("stock: %w", err)
	}
	return nil
}

// Count brings the level of a product to what was counted, whatever was sold
// in the meantime.
func (s *Store) Count(ctx context.Context, product string, counted money.Milli, by sale.Person, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		if err := tx.count(product, counted, by); err != nil {
			return err
		}
		return tx.audit(acts...)
	})
}

func (t *tx) count(product string, counted money.Milli, by sale.Person) error {
	var name string
	var level money.Milli
	err := t.get(into{&name, &level}, `SELECT name, coalesce(level, 0) FROM product
		LEFT JOIN stock ON stock.product = product.id WHERE product.id = ?`, product)
	if err != nil {
		return err
	}
	movement, differs := stock.Count(product, name, level, counted)
	if !differs {
		return nil
	}
	return t.moveByHand(movement, by)
}
