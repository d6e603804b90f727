package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"shopbox/edge/staff"
)

// Health is how the store is.
type Health struct {
	// FreeBytes is the room left on the disk.
	FreeBytes int64
	// ReserveUsed says that the reserve was let go because the disk was full,
	// or could not be built: the shop sells on what little is left.
	ReserveUsed bool
}

// Health tells how the store is.
func (s *Store) Health() (Health, error) {
	free, err := freeBytes(filepath.Dir(s.path))
	return Health{FreeBytes: free, ReserveUsed: s.reserve.used()}, err
}

// keepAnswers is how long an idempotency key is remembered: far longer than
// any screen tries again.
const keepAnswers = 7 * 24 * time.Hour

// keepJobs is how long a slip waits for paper, and one that is done with can be
// looked at; a receipt can be printed from its sale for ever. A printer that
// comes after months does not print months.
const keepJobs = 3 * 24 * time.Hour

// keepDeviceEvents is how long the history of devices is kept.
const keepDeviceEvents = 90 * 24 * time.Hour

// Tend does what must be done now and then: remember the time, forget what is
// no longer needed, and build the reserve again when there is room. The box
// calls it every few minutes. It looks only at the oldest rows, so that no sale
// waits behind it however much there is.
func (s *Store) Tend(ctx context.Context) error {
	err := s.inTx(ctx, func(tx *tx) error {
		before := func(keep time.Duration) int64 { return millis(tx.at.Add(-keep)) }
		return errors.Join(
			tx.seen(),
			tx.exec(`DELETE FROM answer WHERE id IN (SELECT id FROM (SELECT id, at FROM answer ORDER BY id LIMIT ?2) WHERE at < ?1)`,
				before(keepAnswers), pruneBatch),
			tx.exec(`UPDATE print_job SET state = 'failed', code = 'too_late', changed = ?
				WHERE `+inQueue+` AND state <> 'printing' AND changed < ?`,
				millis(tx.at), before(keepJobs)),
			tx.exec(`DELETE FROM print_job WHERE id IN (SELECT id FROM (SELECT id, state, changed FROM print_job ORDER BY id LIMIT ?2)
				WHERE state IN ('printed', 'failed') AND changed < ?1)`, before(keepJobs), pruneBatch),
			tx.exec(`DELETE FROM device_event WHERE id IN (SELECT id FROM (SELECT id, at FROM device_event ORDER BY id LIMIT ?2) WHERE at < ?1)`,
				before(keepDeviceEvents), pruneBatch),
			tx.exec(`DELETE FROM session WHERE seen < ?`, before(staff.MaxIdle)),
		)
	})
	if err != nil {
		return fmt.Errorf("tend: %w", err)
	}
	if err := s.prune(ctx); err != nil {
		return fmt.Errorf("prune outbox: %w", err)
	}
	s.RestoreReserve(ctx)
	return nil
}

// RestoreReserve builds the reserve again when it was let go and there is
// room, and reports whether it did. Without room it stays used, which Health
// tells.
func (s *Store) RestoreReserve(ctx context.Context) bool {
	if !s.reserve.used() || s.reserve.build() != nil || s.reserve.used() {
		return false
	}
	s.log.InfoContext(ctx, "disk reserve built again")
	return true
}

// seen remembers the time.
func (t *tx) seen() error {
	return t.exec(`INSERT INTO meta (name, value) VALUES ('seen', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, millis(t.at))
}

// LastSeen is the last time the box remembered, for its clock; zero when there
// is none. Records from before the time was set back do not count.
func (s *Store) LastSeen(ctx context.Context) (time.Time, error) {
	var seen int64
	err := s.read.in(ctx).get(into{&seen}, `SELECT coalesce(max(value), 0) FROM (
		SELECT CAST(value AS INTEGER) AS value FROM meta WHERE name = 'seen'
		UNION ALL SELECT at FROM (SELECT sequence, at FROM outbox ORDER BY sequence DESC LIMIT 1)
		WHERE sequence > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'time_set_back'), 0))`)
	return fromMillis(seen), err
}

// TimeSetBack takes over that the time remembered was a wrong one, from a clock
// that ran far ahead: what is kept for a while is kept from now on. What was
// sold then keeps its time.
func (s *Store) TimeSetBack(ctx context.Context) error {
	err := s.inTx(ctx, func(tx *tx) error {
		now := millis(tx.at)
		return errors.Join(
			tx.seen(),
			tx.exec(`INSERT INTO meta (name, value) SELECT 'time_set_back', coalesce(max(sequence), 0) FROM outbox WHERE true
				ON CONFLICT (name) DO UPDATE SET value = excluded.value`),
			tx.exec(`UPDATE outbox SET acked_at = ?1 WHERE acked_at > ?1`, now),
			tx.exec(`UPDATE answer SET at = ?1 WHERE at > ?1`, now),
			tx.exec(`UPDATE print_job SET changed = ?1 WHERE changed > ?1`, now),
			tx.exec(`UPDATE device_event SET at = ?1 WHERE at > ?1`, now),
			tx.exec(`DELETE FROM session WHERE seen > ?`, now),
		)
	})
	if err != nil {
		return fmt.Errorf("time set back: %w", err)
	}
	return nil
}
