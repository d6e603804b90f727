package staff

import "time"

// Session is a person signed in on a screen.
type Session struct {
	// ID is random and secret; it is the screen's cookie.
	ID     string
	Person string
	// Since is when the person signed in, Seen when they last did something.
	Since time.Time
	Seen  time.Time
}

// DefaultIdle is how long a session lasts without a touch unless the shop says
// otherwise; MaxIdle is the most it may say.
const (
	DefaultIdle = 10 * time.Minute
	MaxIdle     = 24 * time.Hour
)

// Expired reports whether the session ended by itself because nobody touched
// the screen. A clock that was set back does not end it.
func (s Session) Expired(now time.Time, idle time.Duration) bool {
	return now.Sub(s.Seen) > idle
}

// Touch is the session after the person did something.
func (s Session) Touch(now time.Time) Session {
	s.Seen = now
	return s
}
