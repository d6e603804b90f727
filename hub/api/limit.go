package api

import (
	"net/netip"
	"sync"
	"time"
)

// limiter allows a burst of acts for one key and then one each interval
// (GCRA). It holds at most maxKeys; when all are in use new keys wait.
type limiter struct {
	interval time.Duration
	burst    int
	now      func() time.Time

	mu sync.Mutex
	// due is when a key will have its whole burst again.
	due map[string]time.Time
}

const maxKeys = 50_000

func newLimiter(interval time.Duration, burst int, now func() time.Time) *limiter {
	return &limiter{interval: interval, burst: burst, now: now, due: map[string]time.Time{}}
}

// take spends one act of the key, or says how long to wait for the next.
func (l *limiter) take(key string) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	due, held := l.due[key]
	if !held && !l.room(now) {
		return l.interval, false
	}
	if due.Before(now) {
		due = now
	}
	due = due.Add(l.interval)
	if wait = due.Sub(now) - time.Duration(l.burst)*l.interval; wait > 0 {
		return wait, false
	}
	l.due[key] = due
	return 0, true
}

func (l *limiter) room(now time.Time) bool {
	if len(l.due) < maxKeys {
		return true
	}
	for key, due := range l.due {
		if due.Before(now) {
			delete(l.due, key)
		}
	}
	return len(l.due) < maxKeys
}

// network is the part of a client's address that one household or office
// holds: the whole of an IPv4 address, the first 64 bits of an IPv6 one.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	bits := 64
	if ip = ip.Unmap(); ip.Is4() {
		bits = 32
	}
	prefix, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return address
	}
	return prefix.String()
}
