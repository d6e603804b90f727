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
		if err != nil {
			return err
		}
		if err := tx.putBack(through); err != nil || before == through {
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

// begin remembers at the first start after a contact with the hub what was
// recorded by then ('began'), for putBack. An earlier release that ran in
// between forgets nothing, but moves what the hub holds: then it is a new
// first start.
func (t *tx) begin() error {
	acked, err := ackedThrough(t.queries)
	return errors.Join(err,
		t.exec(`DELETE FROM meta WHERE name = 'began' AND NOT EXISTS
			(SELECT 1 FROM meta WHERE name = 'began_acked' AND CAST(value AS INTEGER) = ?)`, acked),
		t.exec(`INSERT INTO meta (name, value) VALUES ('began_acked', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, acked),
		t.exec(`INSERT INTO meta (name, value) SELECT 'began', coalesce(max(sequence), 0) FROM outbox WHERE true ON CONFLICT (name) DO NOTHING`),
	)
}

// putBack finds out at a contact with the hub whether this file is an older one
// put back, and then gives what was recorded since new numbers, behind those
// the hub holds; otherwise the hub would take it for what it has.
//
// Nothing is sent before the hub was heard, so that what a file records between
// its first start after a contact ('began') and the next contact was never
// sent. A hub that holds more than there was at that start has it from another
// copy of the file. It is the first start, because selling may go on over
// several without the hub. A copy taken after that start and before the
// contact is not told apart from it: what the copy had waiting is sent twice.
func (t *tx) putBack(through int64) error {
	var began, last int64
	err := t.get(into{&began, &last}, `SELECT coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'began'), max(sequence), 0),
		coalesce(max(sequence), 0) FROM outbox`)
	if err != nil {
		return err
	}
	switch {
	case through-last > farAhead:
		return fmt.Errorf("%w: through %d after %d", ErrAck, through, last)
	case through > began:
		err = t.renumber(began, through)
	}
	return errors.Join(err, t.exec(`DELETE FROM meta WHERE name = 'began'`))
}

// renumber moves the records after one number behind another, in their order,
// and tells the hub in front of them why.
func (t *tx) renumber(after, behind int64) error {
	state := protocol.DeviceState{Device: "box", Kind: "box", State: "warn", Code: restored, At: t.at}
	data, err := json.Marshal(state)
	if err != nil {
		return fmt.Errorf("encode %s: %w", state.RecordType(), err)
	}
	t.recorded = true
	by := behind + 1 - after
	return errors.Join(
		// Over negative numbers, so that no row meets another on its way.
		t.exec(`UPDATE outbox SET sequence = -(sequence + ?2), acked_at = NULL WHERE sequence > ?1`, after, by),
		t.exec(`UPDATE outbox SET sequence = -sequence WHERE sequence < 0`),
		t.exec(`UPDATE sale SET sequence = sequence + ?2 WHERE sequence > ?1`, after, by),
		t.exec(`UPDATE meta SET value = CAST(value AS INTEGER) + ?2 WHERE name = 'time_set_back' AND CAST(value AS INTEGER) > ?1`, after, by),
		t.exec(`INSERT INTO outbox (sequence, type, at, data) VALUES (?, ?, ?, ?)`, behind+1, state.RecordType(), millis(t.at), data),
	)
}

// restored is the code of the record in front of what was renumbered.
const restored = "restored"

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
