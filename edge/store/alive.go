package store

import "context"

// Alive is nil when the file takes a write: the box can sell. It remembers the
// time, as Tend does.
func (s *Store) Alive(ctx context.Context) error {
	return s.inTx(ctx, func(tx *tx) error { return tx.seen() })
}
