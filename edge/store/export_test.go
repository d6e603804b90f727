package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
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

// Plan is how SQLite goes about a query.
type Plan struct {
	Query string
	Steps []string
}

// Plans are those of every query asked so far, whoever asked.
func (s *Store) Plans(ctx context.Context) ([]Plan, error) {
	queries := slices.Collect(maps.Keys(s.read.prepared))
	queries = slices.AppendSeq(queries, maps.Keys(s.seek.prepared))
	queries = slices.AppendSeq(queries, maps.Keys(s.write.prepared))
	plans := make([]Plan, len(queries))
	for i, query := range queries {
		steps, err := s.steps(ctx, query)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", query, err)
		}
		plans[i] = Plan{query, steps}
	}
	return plans, nil
}

// places are where values go into a query.
var places = regexp.MustCompile(`\?\d*`)

// steps asks with the values left open.
func (s *Store) steps(ctx context.Context, query string) ([]string, error) {
	values := make(map[string]bool)
	for i, place := range places.FindAllString(query, -1) {
		if place == "?" {
			place = fmt.Sprint(i)
		}
		values[place] = true
	}
	return list(s.read.in(ctx), func(row scanner) (step string, err error) {
		var id, parent, unused int
		return step, row.Scan(&id, &parent, &unused, &step)
	}, "EXPLAIN QUERY PLAN "+query, make([]any, len(values))...)
}
