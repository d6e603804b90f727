// Package store is the box's memory: one SQLite file with every query of the
// box. edge/app opens it; edge/till, edge/api, edge/devices and edge/uplink
// call it through small interfaces of their own.
//
// What always holds: a fact and its outbox record are written in one
// transaction, which is on the disk when the call returns; sequence numbers and
// receipt numbers are given inside that transaction, so neither has a gap;
// journal entries sum to zero; sales, payments' history and movements are only
// ever appended to.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"shopbox/edge/till"
)

// The faults of the store itself.
var (
	// ErrNewerSchema says that a later release wrote the file.
	ErrNewerSchema = errors.New("newer_schema")
	// ErrChangedMigration says that a migration differs from what was applied.
	ErrChangedMigration = errors.New("changed_migration")
	// ErrDiskFull says that neither the disk nor the reserve has room left.
	ErrDiskFull = till.ErrDiskFull
	// ErrNotFound says that there is no such row.
	ErrNotFound = till.ErrNotFound
	// ErrTaken says that a name, code or place is already in use.
	ErrTaken = errors.New("taken")
	// ErrUnbalanced says that a journal entry does not sum to zero.
	ErrUnbalanced = errors.New("journal_unbalanced")
)

// Options says where and how the store lives.
type Options struct {
	// Path is the SQLite file; the folder must exist.
	Path string
	// ReserveBytes is the size of the reserve file: 0 is DefaultReserve, less
	// than 0 is none.
	ReserveBytes int64
	Now          func() time.Time
	Logger       *slog.Logger
}

// Store is the open file. It is safe for use by many goroutines.
type Store struct {
	path    string
	box     string
	boot    int64
	now     func() time.Time
	log     *slog.Logger
	write   *writer
	read    *reader
	seek    *reader
	reserve *reserve
	// wrote is signalled after a transaction that added an outbox record.
	wrote chan struct{}
}

// Open opens the file, brings its schema up to date and makes the box's id at
// the first start. When the disk is too full even for that, the reserve is let
// go, so that the shop opens.
func Open(ctx context.Context, options Options) (*Store, error) {
	return openWith(ctx, options, migrations)
}

func openWith(ctx context.Context, options Options, steps fs.FS) (*Store, error) {
	store, err := openOnce(ctx, options, steps)
	if err == nil || errors.Is(err, ErrNewerSchema) || errors.Is(err, ErrChangedMigration) || !cramped(filepath.Dir(options.Path)) {
		return store, err
	}
	reserve := newReserve(filepath.Dir(options.Path), options.ReserveBytes)
	if !reserve.found() || !reserve.release() {
		return nil, fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	options.Logger.ErrorContext(ctx, "disk full at the start, going on from the reserve", "error", err)
	return openOnce(ctx, options, steps)
}

func openOnce(ctx context.Context, options Options, steps fs.FS) (*Store, error) {
	store := &Store{
		path: options.Path, now: options.Now, log: options.Logger, wrote: make(chan struct{}, 1),
		reserve: newReserve(filepath.Dir(options.Path), options.ReserveBytes),
	}
	if err := store.migrate(ctx, steps); err != nil {
		return nil, err
	}
	var err error
	if store.write, err = openWriter(ctx, options.Path); err != nil {
		return nil, err
	}
	if store.read, err = openReader(options.Path, readers); err != nil {
		return nil, errors.Join(err, store.write.close())
	}
	if store.seek, err = openReader(options.Path, seekers); err != nil {
		return nil, errors.Join(err, store.read.close(), store.write.close())
	}
	if err := store.start(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

func (s *Store) start(ctx context.Context) error {
	if err := s.reserve.build(); err != nil {
		s.log.WarnContext(ctx, "disk reserve not built", "error", err)
	}
	return s.inTx(ctx, func(tx *tx) error {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("box id: %w", err)
		}
		return errors.Join(
			tx.exec(`INSERT INTO meta (name, value) VALUES ('box', ?), ('boots', '0') ON CONFLICT (name) DO NOTHING`, id.String()),
			tx.exec(`UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'boots'`),
			tx.get(into{&s.box}, `SELECT value FROM meta WHERE name = 'box'`),
			tx.begin(),
			// What was being printed when the power went may or may not be on paper.
			tx.exec(`UPDATE print_job SET state = 'unknown', code = 'restart', changed = ? WHERE `+inQueue+` AND state = 'printing'`, millis(tx.at)),
			tx.get(into{&s.boot}, `SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'boots'`),
		)
	})
}

// Close lets the file go.
func (s *Store) Close() error {
	return errors.Join(s.seek.close(), s.read.close(), s.write.close())
}

// Box is the box's id, made at its first start.
func (s *Store) Box() string { return s.box }

// Boot counts the starts of the box.
func (s *Store) Boot() int64 { return s.boot }

// Wrote is signalled when there is something new to send to the hub.
func (s *Store) Wrote() <-chan struct{} { return s.wrote }
