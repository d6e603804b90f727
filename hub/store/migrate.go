package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed migration/*.sql
var migrationFiles embed.FS

// migrationLock is the advisory lock under which one hub of several on a
// PostgreSQL migrates.
const migrationLock = 7_462_269

// migrations are the names of the files, in order. The number of a migration
// is its place among them.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "migration/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	return names, nil
}

// migrate brings the schema up to date, one transaction per step.
func (db *DB) migrate(ctx context.Context, names []string) error {
	for {
		done, err := db.migrateOnce(ctx, names)
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		if done {
			return nil
		}
	}
}

// migrateOnce applies the next migration, if there is one.
func (db *DB) migrateOnce(ctx context.Context, names []string) (done bool, err error) {
	err = db.transact(ctx, func(tx *sql.Tx) error {
		version, err := db.lockVersion(ctx, tx)
		if err != nil {
			return err
		}
		if version > len(names) {
			return fmt.Errorf("%w: schema %d, this hub knows %d", ErrNewer, version, len(names))
		}
		if done = version == len(names); done {
			return nil
		}
		text, err := migrationFiles.ReadFile(names[version])
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, db.dialect.pick(string(text))); err != nil {
			return fmt.Errorf("%s: %w", names[version], err)
		}
		_, err = tx.ExecContext(ctx, "UPDATE schema_version SET version = $1", version+1)
		return err
	})
	return done, err
}

func (db *DB) lockVersion(ctx context.Context, tx *sql.Tx) (version int, err error) {
	if db.dialect == postgres {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", migrationLock); err != nil {
			return 0, err
		}
	}
	_, err = tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO schema_version (version) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version)")
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "SELECT version FROM schema_version").Scan(&version)
	return version, err
}

// pick keeps the lines of a migration that are for the dialect.
func (d dialect) pick(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		marker, rest, _ := strings.Cut(line, " ")
		switch {
		case marker == "--"+string(d):
			out.WriteString(rest)
		case !strings.HasPrefix(line, "--"):
			out.WriteString(line)
		}
	}
	return out.String()
}
