package store

import (
	"context"
	"fmt"

	"shopbox/edge/printing"
	"shopbox/edge/staff"
)

// PrintLabels puts labels into the print queue, all or none, and remembers the
// size they have.
func (s *Store) PrintLabels(ctx context.Context, size string, jobs []printing.Job, acts ...staff.AuditEvent) error {
	return s.inTx(ctx, func(tx *tx) error {
		for _, job := range jobs {
			if _, err := tx.enqueue(job); err != nil {
				return err
			}
		}
		err := tx.exec(`INSERT INTO meta (name, value) VALUES ('label_size', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, size)
		if err != nil {
			return fmt.Errorf("label size: %w", err)
		}
		return tx.audit(acts...)
	})
}

// LabelSize is the size of the labels printed last, empty before.
func (s *Store) LabelSize(ctx context.Context) (size string, err error) {
	err = s.read.in(ctx).get(into{&size}, `SELECT value FROM meta WHERE name = 'label_size'`)
	return size, orElse(err, nil)
}
