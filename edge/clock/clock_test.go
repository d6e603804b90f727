package clock_test

import (
	"testing"
	"time"

	"shopbox/edge/clock"
)

func TestClock(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	now := time.Unix(100, 0)
	box := clock.New(func() time.Time { return now }, built, time.Time{})
	read := func(what string, want time.Time, doubt bool) {
		t.Helper()
		if got, doubted := box.Read(); !got.Equal(want) || doubted != doubt {
			t.Errorf("%s: %s %t, want %s %t", what, got, doubted, want, doubt)
		}
	}
	read("woken in 1970", built, true)
	now = now.Add(time.Minute)
	read("a minute later", built.Add(time.Minute), true)
	remembered := built.Add(48 * time.Hour)
	box.Remember(remembered)
	read("what the store remembers", remembered, true)
	box.Remember(built)
	read("what is long past", remembered, true)
	now = built.Add(100 * time.Hour)
	read("the network told the time", now, false)
	now = now.Add(-time.Hour)
	read("set back while running", built.Add(100*time.Hour), true)
	if !box.Doubt() || box.Now().Location().String() == "" {
		t.Error("no doubt, or no place")
	}
	now = now.Add(2 * time.Hour)
	read("right again", now, false)
}
