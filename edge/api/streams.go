package api

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// maxStreams is how many live streams one address may hold open: a tablet
	// with a few pages needs a few.
	maxStreams = 16
	// maxAllStreams is how many there may be in all: a network address of the
	// newer kind (IPv6) is easily had in any number.
	maxAllStreams = 256
	codeTooMany   = "too_many_screens"
)

// streams counts the live streams that are open, by the address they go to.
type streams struct {
	mu   sync.Mutex
	open map[string]int
	all  int
}

func newStreams() *streams { return &streams{open: make(map[string]int)} }

// enter counts one stream more until leave is called, or refuses it.
func (s *streams) enter(address string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[address] >= maxStreams || s.all >= maxAllStreams {
		return nil, newProblem(http.StatusTooManyRequests, codeTooMany)
	}
	s.open[address]++
	s.all++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.open[address]--; s.open[address] == 0 {
			delete(s.open, address)
		}
	}, nil
}

// addressOf is a remote address without its port.
func addressOf(remote string) string {
	address, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return address
}

// pulseFor is how long one look at whether the box works answers for all who
// ask. A look writes to the disk.
const pulseFor = 5 * time.Second

// pulse is the last look at whether the box works.
type pulse struct {
	mu     sync.Mutex
	at     time.Time
	result error
}

// feel is the result of the last look, or of a new one when that is too long
// ago. Those who ask meanwhile wait for it.
func (p *pulse) feel(ctx context.Context, now time.Time, look func(context.Context) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if age := now.Sub(p.at); age < 0 || age >= pulseFor {
		// Others wait for this look too, so it does not end with who asked.
		p.at, p.result = now, look(context.WithoutCancel(ctx))
	}
	return p.result
}
