package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/till"
)

func scanPerson(row scanner) (staff.Person, error) {
	var person staff.Person
	err := row.Scan(&person.ID, &person.Name, &person.Role, &person.PINHash, &person.Active)
	return person, err
}

const personColumns = `SELECT id, name, role, pin_hash, active FROM person `

// People lists everyone who works or worked here.
func (s *Store) People(ctx context.Context) ([]staff.Person, error) {
	return list(s.read.in(ctx), scanPerson, personColumns+`ORDER BY active DESC, name`)
}

// Person is one of them.
func (s *Store) Person(ctx context.Context, id string) (staff.Person, error) {
	return one(s.read.in(ctx), scanPerson, personColumns+`WHERE id = ?`, id)
}

// SavePerson writes a person. Sessions end of someone who may not work here any
// more, or whose PIN is another one now.
func (s *Store) SavePerson(ctx context.Context, person staff.Person, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		if err := tx.savePerson(person); err != nil {
			return err
		}
		return tx.audit(acts...)
	})
}

func (t *tx) savePerson(person staff.Person) error {
	err := t.exec(`DELETE FROM session WHERE person = ?1 AND EXISTS (SELECT 1 FROM person WHERE id = ?1 AND pin_hash <> ?2)`,
		person.ID, person.PINHash)
	if err != nil {
		return fmt.Errorf("person: %w", err)
	}
	err = t.exec(`INSERT INTO person (id, name, role, pin_hash, active) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, pin_hash = excluded.pin_hash, active = excluded.active`,
		person.ID, person.Name, string(person.Role), person.PINHash, person.Active)
	if err == nil && !person.Active {
		err = t.exec(`DELETE FROM session WHERE person = ?`, person.ID)
	}
	if err != nil {
		return fmt.Errorf("person: %w", err)
	}
	return nil
}

// PINAttempts are the wrong PINs in a row of a person.
func (s *Store) PINAttempts(ctx context.Context, person string) (attempts staff.Attempts, err error) {
	var last int64
	err = s.read.in(ctx).get(into{&attempts.Failed, &last}, `SELECT failed, tried_at FROM person WHERE id = ?`, person)
	attempts.Last = fromMillis(last)
	return attempts, err
}

// SavePINAttempts writes them down.
func (s *Store) SavePINAttempts(ctx context.Context, person string, attempts staff.Attempts, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		return errors.Join(
			tx.exec(`UPDATE person SET failed = ?, tried_at = ? WHERE id = ?`, attempts.Failed, millis(attempts.Last), person),
			tx.audit(acts...),
		)
	})
}

// Session is a session by its secret id, with its person.
func (s *Store) Session(ctx context.Context, id string) (session staff.Session, person staff.Person, err error) {
	var since, seen int64
	err = s.read.in(ctx).get(
		into{&session.ID, &session.Person, &since, &seen, &person.ID, &person.Name, &person.Role, &person.PINHash, &person.Active},
		`SELECT session.id, session.person, since, seen, person.id, name, role, pin_hash, active
		FROM session JOIN person ON person.id = session.person WHERE session.id = ?`, id)
	session.Since, session.Seen = fromMillis(since), fromMillis(seen)
	return session, person, err
}

// SaveSession writes a session that begins, or the touch of one that was not
// ended in the meantime: who signed out stays signed out.
func (s *Store) SaveSession(ctx context.Context, session staff.Session, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		return errors.Join(
			tx.exec(`INSERT INTO session (id, person, since, seen) SELECT ?1, ?2, ?3, ?4
				WHERE ?3 = ?4 OR EXISTS (SELECT 1 FROM session WHERE id = ?1) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen`,
				session.ID, session.Person, millis(session.Since), millis(session.Seen)),
			tx.audit(acts...),
		)
	})
}

// EndSession ends a session.
func (s *Store) EndSession(ctx context.Context, id string, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		return errors.Join(tx.exec(`DELETE FROM session WHERE id = ?`, id), tx.audit(acts...))
	})
}

const pepperBytes = 32

// Pepper is the box's own secret for hashing PINs, made when first asked for.
func (s *Store) Pepper(ctx context.Context) (pepper []byte, err error) {
	made := make([]byte, pepperBytes)
	if _, err := rand.Read(made); err != nil {
		return nil, fmt.Errorf("pepper: %w", err)
	}
	var text string
	err = s.inTx(ctx, func(tx *tx) error {
		if err := tx.exec(`INSERT INTO meta (name, value) VALUES ('pepper', ?) ON CONFLICT (name) DO NOTHING`,
			base64.StdEncoding.EncodeToString(made)); err != nil {
			return err
		}
		return tx.get(into{&text}, `SELECT value FROM meta WHERE name = 'pepper'`)
	})
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}

// Shop is the shop's particulars and settings; ErrNotFound before the set-up.
func (s *Store) Shop(ctx context.Context) (shop catalog.Shop, settings till.Settings, err error) {
	var text []byte
	err = s.read.in(ctx).get(
		into{&shop.Name, &shop.BusinessNumber, &shop.Representative, &shop.Address, &shop.Phone, &shop.Kind, &text},
		`SELECT name, business_number, representative, address, phone, kind, settings FROM shop`)
	if err != nil {
		return shop, settings, err
	}
	if err := json.Unmarshal(text, &settings); err != nil {
		return shop, settings, fmt.Errorf("read settings: %w", err)
	}
	return shop, settings, nil
}

// SaveShop writes the shop's particulars and settings; the hub is told of the
// particulars when they changed. ErrNotFound before the set-up.
func (s *Store) SaveShop(ctx context.Context, shop catalog.Shop, settings till.Settings, acts ...staff.AuditEvent) error {
	text, err := json.Marshal(settings)
	if err != nil {
		return fmt.Errorf("encode settings: %w", err)
	}
	return s.inTx(ctx, func(tx *tx) error {
		var before catalog.Shop
		err := tx.get(into{&before.Name, &before.BusinessNumber, &before.Representative, &before.Address, &before.Phone, &before.Kind},
			`SELECT name, business_number, representative, address, phone, kind FROM shop`)
		if err != nil {
			return err
		}
		err = tx.exec(`UPDATE shop SET name = ?, business_number = ?, representative = ?, address = ?, phone = ?, kind = ?, settings = ?`,
			shop.Name, shop.BusinessNumber, shop.Representative, shop.Address, shop.Phone, shop.Kind, string(text))
		if err != nil {
			return fmt.Errorf("shop: %w", err)
		}
		if shop != before {
			if _, err := tx.record(wireShop(shop), tx.at); err != nil {
				return err
			}
		}
		return tx.audit(acts...)
	})
}

// SetUp is everything a new shop begins with; a box that was set up already
// is ErrTaken.
func (s *Store) SetUp(ctx context.Context, setUp till.SetUp) error {
	text, err := json.Marshal(setUp.Settings)
	if err != nil {
		return fmt.Errorf("encode settings: %w", err)
	}
	return s.inTx(ctx, func(tx *tx) error {
		shop := setUp.Shop
		err := tx.exec(`INSERT INTO shop (one, name, business_number, representative, address, phone, kind, settings) VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
			shop.Name, shop.BusinessNumber, shop.Representative, shop.Address, shop.Phone, shop.Kind, string(text))
		if isConstraint(err) {
			return fmt.Errorf("%w: set up already", ErrTaken)
		}
		if err != nil {
			return fmt.Errorf("shop: %w", err)
		}
		if _, err := tx.record(wireShop(shop), tx.at); err != nil {
			return err
		}
		if err := tx.savePerson(setUp.Owner); err != nil {
			return err
		}
		return tx.changeCatalog(setUp.Catalog, sale.Person{ID: setUp.Owner.ID, Name: setUp.Owner.Name}, setUp.Acts)
	})
}
