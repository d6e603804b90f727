package staff

import (
	"fmt"
	"time"
)

// Attempts are the wrong PINs in a row for one person, as kept by the store so
// that a restart forgets nothing.
type Attempts struct {
	Failed int
	// Last is when the last wrong PIN was given.
	Last time.Time
}

// LockedError says that the next try must wait.
type LockedError struct {
	Until time.Time
}

// Error is the code, with the time for the log.
func (e *LockedError) Error() string {
	return fmt.Sprintf("pin_locked until %s", e.Until.Format(time.RFC3339))
}

// Code is the stable code of the error.
func (*LockedError) Code() string { return "pin_locked" }

// freeTries is how many wrong PINs in a row cost no waiting.
const freeTries = 5

// delays is the wait after each further wrong PIN; the last one stays.
var delays = [...]time.Duration{5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}

// Delay is how long the next try must wait after the last.
func (a Attempts) Delay() time.Duration {
	if a.Failed < freeTries {
		return 0
	}
	return delays[min(a.Failed-freeTries, len(delays)-1)]
}

// Check is nil when a PIN may be tried now, else a *LockedError. A clock that
// was set back does not lock a person out.
func (a Attempts) Check(now time.Time) error {
	until := a.Last.Add(a.Delay())
	if now.Before(until) && !now.Before(a.Last) {
		return &LockedError{Until: until}
	}
	return nil
}

// Fail counts a wrong PIN.
func (a Attempts) Fail(now time.Time) Attempts {
	return Attempts{Failed: a.Failed + 1, Last: now}
}
