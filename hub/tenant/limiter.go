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
	// running is how many tries have begun and not ended.
	running int
	last    time.Time
	until   time.Time
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, fails: map[string]failures{}}
}

// begin begins a try, which must be ended, or refuses it with a TooManyError.
// Tries that run at the same time count as if they had failed, so that many at
// once are no way around the limit; beyond it they go one by one.
func (l *limiter) begin(tries []attempt) error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.now()
	var wait time.Duration
	for _, try := range tries {
		entry := l.entry(try.key, now)
		wait = max(wait, entry.until.Sub(now))
		if entry.running > 0 && entry.count+entry.running >= try.free {
			wait = max(wait, firstWait)
		}
	}
	if wait > 0 {
		return &TooManyError{RetryAfter: wait}
	}
	for _, try := range tries {
		entry := l.entry(try.key, now)
		entry.running++
		l.fails[try.key] = entry
	}
	l.sweep(now)
	return nil
}

// entry is what is held against a key; failures of long ago are forgotten.
func (l *limiter) entry(key string, now time.Time) failures {
	entry := l.fails[key]
	if now.Sub(entry.last) > forgetAfter {
		return failures{running: entry.running}
	}
	return entry
}

// end ends a try that was begun.
func (l *limiter) end(tries []attempt, failed bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := l.now()
	for _, try := range tries {
		entry := l.entry(try.key, now)
		entry.running--
		if failed {
			entry.count, entry.last = entry.count+1, now
			if over := entry.count - try.free; over >= 0 {
				entry.until = now.Add(min(firstWait<<min(over, 20), longestWait))
			}
		}
		l.put(try.key, entry)
	}
}

// forgive forgets what failed before.
func (l *limiter) forgive(tries []attempt) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, try := range tries {
		l.put(try.key, failures{running: l.fails[try.key].running})
	}
}

func (l *limiter) put(key string, entry failures) {
	if entry.count == 0 && entry.running == 0 {
		delete(l.fails, key)
		return
	}
	l.fails[key] = entry
}

// sweep keeps the map small: first what is old goes, then whatever comes. Tries
// that run stay.
func (l *limiter) sweep(now time.Time) {
	if len(l.fails) < limiterSize {
		return
	}
	for key, entry := range l.fails {
		if entry.running == 0 && now.Sub(entry.last) > forgetAfter {
			delete(l.fails, key)
		}
	}
	for key, entry := range l.fails {
		if len(l.fails) < limiterSize*9/10 {
			return
		}
		if entry.running == 0 {
			delete(l.fails, key)
		}
	}
}
