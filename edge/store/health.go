package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
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

// keepJobs is how long a slip that is done with can be looked at; a receipt
// can be printed from its sale for ever.
const keepJobs = 3 * 24 * time.Hour

// Tend does what must be done now and then: remember the time, forget what is
// no longer needed, and build the reserve again when there is room. The box
// calls it every few minutes.
func (s *Store) Tend(ctx context.Context) error {
	err := s.inTx(ctx, func(tx *tx) error {
		return errors.Join(
			tx.exec(`INSERT INTO meta (name, value) VALUES ('seen', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, millis(tx.at)),
			tx.exec(`DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE at < ? ORDER BY id LIMIT ?)`, millis(tx.at.Add(-keepAnswers)), pruneBatch),
			tx.exec(`DELETE FROM print_job WHERE id IN (SELECT id FROM print_job WHERE state IN ('printed', 'failed') AND changed < ? ORDER BY id LIMIT ?)`,
				millis(tx.at.Add(-keepJobs)), pruneBatch),
		)
	})
	if err != nil {
		return fmt.Errorf("tend: %w", err)
	}
	if err := s.prune(ctx); err != nil {
		return fmt.Errorf("prune outbox: %w", err)
	}
	if s.reserve.used() {
		// Without room it stays used, which Health tells.
		if err := s.reserve.build(); err == nil {
			s.log.InfoContext(ctx, "disk reserve built again")
		}
	}
	return nil
}

// LastSeen is the last time the box remembered, for its clock; zero when there
// is none.
func (s *Store) LastSeen(ctx context.Context) (time.Time, error) {
	var seen int64
	err := s.read.in(ctx).get(into{&seen}, `SELECT coalesce(max(value), 0) FROM (
		SELECT CAST(value AS INTEGER) AS value FROM meta WHERE name = 'seen'
		UNION ALL SELECT at FROM (SELECT at FROM outbox ORDER BY sequence DESC LIMIT 1))`)
	return fromMillis(seen), err
}
