package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"shopbox/protocol"
)

// tx is a transaction of the writer.
type tx struct {
	queries
	at       time.Time
	recorded bool
}

// inTx runs work as one transaction. It does not end with the caller's
// context: a browser that went away does not tear a sale apart. When the disk
// is full, the reserve is let go and the work runs once more.
func (s *Store) inTx(ctx context.Context, work func(tx *tx) error) error {
	ctx = context.WithoutCancel(ctx)
	s.write.mu.Lock()
	defer s.write.mu.Unlock()
	recorded, err := s.attempt(ctx, work)
	if isFull(err) && s.reserve.release() {
		s.log.ErrorContext(ctx, "disk full, going on from the reserve", "error", err)
		recorded, err = s.attempt(ctx, work)
	}
	if isFull(err) {
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	if err == nil && recorded {
		select {
		case s.wrote <- struct{}{}:
		default:
		}
	}
	return err
}

func (s *Store) attempt(ctx context.Context, work func(tx *tx) error) (recorded bool, err error) {
	control := queries{ctx: ctx, prepare: s.write.prepare}
	if err := control.exec(`BEGIN IMMEDIATE`); err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	tx := &tx{queries: control, at: s.now()}
	tx.failed = new(error)
	err = work(tx)
	if err == nil {
		err = tx.usable()
	}
	if err == nil {
		err = control.exec(`COMMIT`)
	}
	if err != nil {
		// SQLite has already rolled back after some faults, a full disk among
		// them; then this is a harmless error.
		_ = control.exec(`ROLLBACK`)
		return false, err
	}
	return tx.recorded, nil
}

// isFull reports whether a write found no room: SQLite's own verdict, or the
// faults of the file system underneath when it fills at an awkward moment.
func isFull(err error) bool {
	var fault *sqlite.Error
	if !errors.As(err, &fault) {
		return false
	}
	switch fault.Code() {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE,
		sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE:
		return true
	}
	return false
}

// isConstraint reports whether a write ran into a UNIQUE or PRIMARY KEY rule.
func isConstraint(err error) bool {
	var fault *sqlite.Error
	return errors.As(err, &fault) && fault.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}

// record puts a record into the outbox. Its sequence number is the row's
// number: the outbox never loses its last row, so the next is always one more.
func (t *tx) record(record protocol.Record, at time.Time) (int64, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return 0, fmt.Errorf("encode %s: %w", record.RecordType(), err)
	}
	if len(data) > protocol.MaxEventBytes-envelopeBytes {
		return 0, fmt.Errorf("%w: %s", protocol.ErrTooLarge, record.RecordType())
	}
	t.recorded = true
	return t.insert(`INSERT INTO outbox (type, at, data) VALUES (?, ?, ?)`, record.RecordType(), millis(at), data)
}

// envelopeBytes is more than an event's envelope ever weighs.
const envelopeBytes = 1 << 10

func millis(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

// seoul is the time of every shop: Korea has kept UTC+9 without summer time
// since 1988.
var seoul = time.FixedZone("KST", 9*60*60)

func fromMillis(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(at).In(seoul)
}
