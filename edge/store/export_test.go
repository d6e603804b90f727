package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
)

// OpenWith opens a store with other migrations than the program's own.
func OpenWith(ctx context.Context, options Options, migrations fs.FS) (*Store, error) {
	return openWith(ctx, options, migrations)
}

// LimitPages lets the file grow by so many pages and no further.
func (s *Store) LimitPages(ctx context.Context, more int) error {
	s.write.mu.Lock()
	defer s.write.mu.Unlock()
	var pages int
	if err := s.write.conn.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		return err
	}
	var limit int
	return s.write.conn.QueryRowContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+more)).Scan(&limit)
}

// HoldSearches keeps every connection that searches busy until release.
func (s *Store) HoldSearches(ctx context.Context) (release func(), err error) {
	var held []*sql.Conn
	release = func() {
		for _, conn := range held {
			_ = conn.Close()
		}
	}
	for range seekers {
		conn, err := s.seek.db.Conn(ctx)
		if err != nil {
			release()
			return nil, err
		}
		held = append(held, conn)
	}
	return release, nil
}
