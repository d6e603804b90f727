package api

import (
	"context"
	"sync"

	"shopbox/edge/till"
)

// board numbers the states of the counter and wakes the screens that show
// them. A screen that is slow is woken once for many changes.
type board struct {
	mu      sync.Mutex
	version int64
	screens map[chan struct{}]struct{}
}

func newBoard() *board { return &board{version: 1, screens: make(map[chan struct{}]struct{})} }

// changed begins a new version and wakes every screen.
func (b *board) changed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.version++
	for screen := range b.screens {
		select {
		case screen <- struct{}{}:
		default:
		}
	}
}

// now is the version of what is read from here on: what is read may be newer,
// never older.
func (b *board) now() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.version
}

// watch signals changes until stop is called.
func (b *board) watch() (changes <-chan struct{}, stop func()) {
	screen := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.screens[screen] = struct{}{}
	return screen, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.screens, screen)
	}
}

// Follow tells the screens every change of the till until the context ends.
// Each is also told to heard, if set: a closed sale may wake the printer.
func (s *Server) Follow(ctx context.Context, heard func(till.Snapshot)) {
	for snapshot := range s.Till.Subscribe(ctx) {
		if heard != nil {
			heard(snapshot)
		}
		s.Changed()
	}
}
