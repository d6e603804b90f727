// Package clock gives the box a time it can put on a receipt. A cheap box has
// no battery: after a power cut it may wake up in 1970. edge/app makes one
// Clock and hands its Now to every room; edge/till marks sales made in doubt.
//
// What always holds: time never goes back behind the floor, which is the later
// of the program's build time and the last time the box remembered; as long as
// the system's clock is behind that, time runs on from the floor and is in
// doubt. Only SetBack lowers the floor, when the system's clock is known to be
// right and what was remembered came from one that ran ahead, and Set, when a
// person says what time it is.
package clock

import (
	"sync"
	"time"
)

// seoul is the time of every shop: Korea has kept UTC+9 without summer time
// since 1988.
var seoul = time.FixedZone("KST", 9*60*60)

// Clock is a box's time, told in Korea's.
type Clock struct {
	system func() time.Time

	built time.Time

	mu sync.Mutex
	// floor is the earliest time possible; since is when it was set, as the
	// system (and its monotonic clock) saw it.
	floor time.Time
	since time.Time
	// offset is what a person put the system's clock right by.
	offset time.Duration
}

// New makes a clock over the system's: system is time.Now, or a test's own.
// built is when the program was made, remembered the last time it stored (zero
// when there is none).
func New(system func() time.Time, built, remembered time.Time) *Clock {
	clock := &Clock{system: system, built: built, since: system()}
	clock.floor = later(built, remembered)
	return clock
}

// Remember moves the floor up to a time that the box knows has passed.
func (c *Clock) Remember(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.floor) {
		c.floor, c.since = at, c.system()
	}
}

// Now is the time of the box.
func (c *Clock) Now() time.Time {
	now, _ := c.Read()
	return now
}

// Doubt reports whether the system's clock cannot be right.
func (c *Clock) Doubt() bool {
	_, doubt := c.Read()
	return doubt
}

// Read is the time of the box and whether it is in doubt. The floor follows
// the time, so that a clock set back while the box runs is noticed too.
func (c *Clock) Read() (now time.Time, doubt bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	system := c.system()
	if c.offset != 0 && system.Round(0).Sub(c.since.Round(0)).Abs() > jump {
		// Somebody set it: it needs no correction any more.
		c.offset = 0
	}
	now = system.Add(c.offset)
	// The monotonic part, if any, knows what really passed.
	elapsed := max(system.Sub(c.since), 0)
	least := c.floor.Add(elapsed)
	if now.Before(c.floor) {
		return least.Round(0).In(seoul), true
	}
	c.floor, c.since = now.Round(0), system
	return now.Round(0).In(seoul), false
}

const (
	// jump is more than passes between two looks at the clock, so that the
	// system's clock was set in between.
	jump = time.Hour
	// lifetime is longer than any box is in use.
	lifetime = 20 * 365 * 24 * time.Hour
)

// Set takes a person's word for the time, until the system's clock is set or
// the box starts anew; false when it cannot be right: before the program was
// made, or decades after.
func (c *Clock) Set(at time.Time) bool {
	if at.Before(c.built) || at.After(c.built.Add(lifetime)) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = c.system()
	c.offset = at.Round(0).Sub(c.since.Round(0))
	c.floor = at.Round(0)
	return true
}

// Follow gives up what a person said: the system's clock is right by itself.
func (c *Clock) Follow() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = 0
}

// ahead is how far the floor must lie before the system's clock for SetBack. A
// smaller difference heals by itself.
const ahead = 10 * time.Minute

// RanAhead reports whether what was remembered may be wrong instead of the
// system's clock: that one is well behind, yet not before the program was made.
func (c *Clock) RanAhead() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ranAhead(c.system())
}

func (c *Clock) ranAhead(now time.Time) bool {
	return !now.Before(c.built) && now.Add(ahead).Before(c.floor)
}

// SetBack takes the system's clock for right although it is behind the floor;
// false when that cannot be. It is for a system that knows the time from the
// network, or a person who looked at it.
func (c *Clock) SetBack() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.system()
	if !c.ranAhead(now) {
		return false
	}
	c.floor, c.since, c.offset = now.Round(0), now, 0
	return true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
