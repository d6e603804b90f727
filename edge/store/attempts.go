package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"shopbox/edge/till"
)

// SaveAttempt writes where an attempt stands, and what happened as a new row
// of its history. The hub is told of its end.
func (s *Store) SaveAttempt(ctx context.Context, change till.AttemptChange) error {
	return s.inTx(ctx, func(tx *tx) error { return tx.saveAttempt(change) })
}

func (t *tx) saveAttempt(change till.AttemptChange) error {
	attempt := change.Attempt
	content, err := json.Marshal(attempt)
	if err != nil {
		return fmt.Errorf("encode attempt: %w", err)
	}
	result, err := json.Marshal(attempt.Result)
	if err != nil {
		return fmt.Errorf("encode attempt: %w", err)
	}
	var key any
	if attempt.Key != "" {
		key = attempt.Key
	}
	// An attempt that has ended is never written again.
	changed, err := t.change(`INSERT INTO payment_attempt (id, key, cart, purpose, terminal, amount, state, began, ended, content)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, ended = excluded.ended, content = excluded.content WHERE ended = 0`,
		attempt.ID, key, attempt.Cart, string(attempt.Purpose), attempt.Terminal, int64(attempt.Amount),
		string(attempt.State), millis(attempt.Began), millis(attempt.Ended), string(content))
	if err != nil {
		return fmt.Errorf("save attempt: %w", err)
	}
	if changed == 0 {
		return fmt.Errorf("%w: payment %s has ended", ErrTaken, attempt.ID)
	}
	err = t.exec(`INSERT INTO payment_event (attempt, at, event, state, detail, content) VALUES (?, ?, ?, ?, ?, ?)`,
		attempt.ID, millis(t.at), change.Event, string(attempt.State), change.Detail, string(result))
	if err != nil {
		return fmt.Errorf("save attempt: %w", err)
	}
	if !attempt.State.Final() {
		return nil
	}
	if _, err = t.record(attempt.Settled(), attempt.Ended); err != nil {
		return err
	}
	return t.keepCashReceipt(attempt)
}

func scanAttempt(row scanner) (attempt till.Attempt, err error) {
	var content []byte
	if err := row.Scan(&content); err != nil {
		return till.Attempt{}, err
	}
	if err := json.Unmarshal(content, &attempt); err != nil {
		return till.Attempt{}, fmt.Errorf("read attempt: %w", err)
	}
	return attempt, nil
}

// OpenAttempts are those without an end, oldest first.
func (s *Store) OpenAttempts(ctx context.Context) ([]till.Attempt, error) {
	return list(s.read.in(ctx), scanAttempt, `SELECT content FROM payment_attempt WHERE ended = 0 ORDER BY began`)
}

// Attempt is one payment attempt.
func (s *Store) Attempt(ctx context.Context, id string) (till.Attempt, error) {
	return one(s.read.in(ctx), scanAttempt, `SELECT content FROM payment_attempt WHERE id = ?`, id)
}

// LastAttempts are the last so many at a terminal, the newest first: ids grow
// with the time.
func (s *Store) LastAttempts(ctx context.Context, terminal string, count int) ([]till.Attempt, error) {
	return list(s.read.in(ctx), scanAttempt, `SELECT content FROM payment_attempt WHERE terminal = ? ORDER BY id DESC LIMIT ?`, terminal, count)
}

// AttemptByKey is the attempt made for an idempotency key, nil when there is
// none.
func (s *Store) AttemptByKey(ctx context.Context, key string) (*till.Attempt, error) {
	attempt, err := one(s.read.in(ctx), scanAttempt, `SELECT content FROM payment_attempt WHERE key = ?`, key)
	if errors.Is(err, ErrNotFound) {
		return nil, nil //nolint:nilnil // a new key has no attempt, and that is no fault
	}
	return &attempt, err
}

// AttemptEvents is the history of an attempt, oldest first.
func (s *Store) AttemptEvents(ctx context.Context, attempt string) ([]till.AttemptEvent, error) {
	return list(s.read.in(ctx), func(row scanner) (till.AttemptEvent, error) {
		var event till.AttemptEvent
		var at int64
		err := row.Scan(&at, &event.Event, &event.State, &event.Detail)
		event.At = fromMillis(at)
		return event, err
	}, `SELECT at, event, state, detail FROM payment_event WHERE attempt = ? ORDER BY id`, attempt)
}
