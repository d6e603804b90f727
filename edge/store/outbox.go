package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"shopbox/protocol"
)

// Row is one record of the outbox.
type Row struct {
	Sequence int64
	Type     string
	At       time.Time
	Data     []byte
}

// maxRowBytes bounds what After reads at once; a batch is packed from it.
const maxRowBytes = protocol.MaxBatchPlain / 2

// After lists the outbox's rows behind a sequence number in order, at most
// limit of them, and not more than fits a batch.
func (s *Store) After(ctx context.Context, sequence int64, limit int) ([]Row, error) {
	rows := []Row{}
	bytes := 0
	full := errors.New("full")
	err := s.read.in(ctx).each(func(scan scanner) error {
		var row Row
		var at int64
		if err := scan.Scan(&row.Sequence, &row.Type, &at, &row.Data); err != nil {
			return err
		}
		row.At = fromMillis(at)
		if bytes += len(row.Data) + envelopeBytes; bytes > maxRowBytes && len(rows) > 0 {
			return full
		}
		rows = append(rows, row)
		return nil
	}, `SELECT sequence, type, at, data FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?`, sequence, limit)
	if errors.Is(err, full) {
		err = nil
	}
	return rows, err
}

// Acked marks the rows up to a sequence number as held by the hub. A hub that
// was set back holds less than before; then the rows after it count as unsent
// again.
func (s *Store) Acked(ctx context.Context, through int64) error {
	return s.inTx(ctx, func(tx *tx) error {
		before, err := ackedThrough(tx.queries)
		if err != nil || before == through {
			return err
		}
		if err := tx.goOnAfter(through); err != nil {
			return err
		}
		if through > before {
			err = tx.exec(`UPDATE outbox SET acked_at = ? WHERE sequence > ? AND sequence <= ? AND acked_at IS NULL`, millis(tx.at), before, through)
		} else {
			err = tx.exec(`UPDATE outbox SET acked_at = NULL WHERE sequence > ? AND sequence <= ?`, max(through, 0), before)
		}
		return errors.Join(err,
			tx.exec(`INSERT INTO meta (name, value) VALUES ('acked', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, through))
	})
}

// farAhead is more than a box ever writes between a backup and its return.
const farAhead = 1 << 32

// ErrAck says that the hub claims to hold more than can be.
var ErrAck = errors.New("ack_absurd")

// goOnAfter makes the sequence go on behind what the hub holds, when that is
// more than this file ever wrote: the file is an older one put back. Without
// it the hub would take the next sales for those it has.
func (t *tx) goOnAfter(through int64) error {
	var last int64
	if err := t.get(into{&last}, `SELECT coalesce(max(sequence), 0) FROM outbox`); err != nil {
		return err
	}
	switch {
	case through <= last:
		return nil
	case through-last > farAhead:
		return fmt.Errorf("%w: through %d after %d", ErrAck, through, last)
	}
	state := protocol.DeviceState{Device: "box", Kind: "box", State: "warn", Code: "restored", At: t.at}
	data, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("encode %s: %w", state.RecordType(), err)
	}
	t.recorded = true
	return t.exec(`INSERT INTO outbox (sequence, type, at, data) VALUES (?, ?, ?, ?)`, through+1, state.RecordType(), millis(t.at), data)
}

func ackedThrough(q queries) (through int64, err error) {
	err = q.get(into{&through}, `SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'acked'), 0)`)
	return through, err
}

// Unsent is how many records the hub does not hold yet, and since when the
// oldest of them waits (zero when none does).
func (s *Store) Unsent(ctx context.Context) (count int64, oldest time.Time, err error) {
	var last, first int64
	reader := s.read.in(ctx)
	acked, err := ackedThrough(reader)
	if err != nil {
		return 0, time.Time{}, err
	}
	err = reader.get(into{&last, &first}, `SELECT coalesce(max(sequence), 0),
		coalesce((SELECT at FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT 1), 0) FROM outbox`, acked)
	return max(last-acked, 0), fromMillis(first), err
}

// keepAcked is how long records stay after the hub has them, so that a hub set
// up again from a backup can be refilled.
const keepAcked = 30 * 24 * time.Hour

// pruneBatch is how many rows are removed in one transaction, so that no sale
// waits long behind it.
const pruneBatch = 500

// prune removes the records the hub has held for long. The last row always
// stays: it carries the sequence on.
func (s *Store) prune(ctx context.Context) error {
	for {
		var removed int64
		err := s.inTx(ctx, func(tx *tx) (err error) {
			removed, err = tx.change(`DELETE FROM outbox WHERE sequence IN (
				SELECT sequence FROM (SELECT sequence, acked_at FROM outbox ORDER BY sequence LIMIT ?2)
				WHERE acked_at < ?1 AND sequence < (SELECT max(sequence) FROM outbox))`,
				millis(tx.at.Add(-keepAcked)), pruneBatch)
			return err
		})
		if err != nil || removed < pruneBatch {
			return err
		}
	}
}
