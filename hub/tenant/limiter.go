package tenant

import (
	"sync"
	"time"
)

// attempt is one thing that is counted: after free failures in a row each
// further try waits, twice as long every time.
type attempt struct {
	key  string
	free int
}

const (
	firstWait   = time.Second
	longestWait = 15 * time.Minute
	// forgetAfter is how long a failure counts.
	forgetAfter = time.Hour
	// limiterSize bounds the memory an attacker can make it use.
	limiterSize = 100_000
)

// limiter makes guessing slow. It forgets at restart.
type limiter struct {
	now   func() time.Time
	mutex sync.Mutex
	fails map[string]failures
}

type failures struct {
	count int
	last  time.Time
	until time.Time
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, fails: map[string]failures{}}
}

// allow reports whether a try may be made now; if not, a TooManyError.
func (l *limiter) allow(tries []attempt) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	var wait time.Duration
	for _, try := range tries {
		wait = max(wait, l.fails[try.key].until.Sub(l.now()))
	}
	if wait > 0 {
		return &TooManyError{RetryAfter: wait}
	}
	return nil
}

func (l *limiter) failed(tries []attempt) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.now()
	for _, try := range tries {
		entry := l.fails[try.key]
		if now.Sub(entry.last) > forgetAfter {
			entry = failures{}
		}
		entry.count, entry.last = entry.count+1, now
		if over := entry.count - try.free; over >= 0 {
			entry.until = now.Add(min(firstWait<<min(over, 20), longestWait))
		}
		l.fails[try.key] = entry
	}
	l.sweep(now)
}

func (l *limiter) succeeded(tries []attempt) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, try := range tries {
		delete(l.fails, try.key)
	}
}

// sweep keeps the map small: first what is old goes, then whatever comes.
func (l *limiter) sweep(now time.Time) {
	if len(l.fails) < limiterSize {
		return
	}
	for key, entry := range l.fails {
		if now.Sub(entry.last) > forgetAfter {
			delete(l.fails, key)
		}
	}
	for key := range l.fails {
		if len(l.fails) < limiterSize*9/10 {
			return
		}
		delete(l.fails, key)
	}
}
