package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

//go:embed migration/*.sql
var migrations embed.FS

// migration is one step of the schema.
type migration struct {
	name, script, checksum string
}

// migrate brings the file's schema up to date. Each step is a transaction;
// before the first one an existing file is copied to "<file>.before-<step>".
func (s *Store) migrate(ctx context.Context, scripts fs.FS) (err error) {
	steps, err := readMigrations(scripts)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(s.path, false))
	if err != nil {
		return fmt.Errorf("open %s: %w", s.path, err)
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	applied, err := appliedMigrations(ctx, db)
	if err != nil {
		return err
	}
	if err := compare(steps, applied); err != nil {
		return err
	}
	if pending := steps[len(applied):]; len(pending) > 0 && len(applied) > 0 {
		if err := backUp(ctx, db, s.path+".before-"+pending[0].name); err != nil {
			return err
		}
	}
	for _, step := range steps[len(applied):] {
		if err := s.apply(ctx, db, step); err != nil {
			return fmt.Errorf("migration %s: %w", step.name, err)
		}
	}
	return nil
}

func readMigrations(scripts fs.FS) ([]migration, error) {
	names, err := fs.Glob(scripts, "migration/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]migration, len(names))
	for i, name := range names {
		script, err := fs.ReadFile(scripts, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(script)
		steps[i] = migration{name: path.Base(name), script: string(script), checksum: hex.EncodeToString(sum[:])}
	}
	return steps, nil
}

func appliedMigrations(ctx context.Context, db *sql.DB) (applied []migration, err error) {
	_, err = db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migration (
		name TEXT PRIMARY KEY, checksum TEXT NOT NULL, at INTEGER NOT NULL) STRICT`)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	rows, err := db.QueryContext(ctx, `SELECT name, checksum FROM migration ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var step migration
		if err := rows.Scan(&step.name, &step.checksum); err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		applied = append(applied, step)
	}
	return applied, rows.Err()
}

// compare checks that the file was made by these very steps, or the first of
// them.
func compare(steps, applied []migration) error {
	for i, done := range applied {
		switch {
		case i >= len(steps) || steps[i].name != done.name:
			return fmt.Errorf("%w: the file has %s", ErrNewerSchema, done.name)
		case steps[i].checksum != done.checksum:
			return fmt.Errorf("%w: %s", ErrChangedMigration, done.name)
		}
	}
	return nil
}

func backUp(ctx context.Context, db *sql.DB, to string) error {
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("back up: %w", err)
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

func (s *Store) apply(ctx context.Context, db *sql.DB, step migration) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, step.script); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO migration (name, checksum, at) VALUES (?, ?, ?)`,
		step.name, step.checksum, millis(s.now())); err != nil {
		return err
	}
	return tx.Commit()
}
