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

// TestSetBack: a clock that once ran to 2099 can be right again, but never
// before the program was made.
func TestSetBack(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	right := built.AddDate(0, 0, 20)
	now := right
	box := clock.New(func() time.Time { return now }, built, time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, step := range []struct {
		what string
		now  time.Time
		want bool
	}{
		{"before the program was made", time.Unix(100, 0), false},
		{"right", right, true},
		{"right already", right.Add(time.Minute), false},
		{"a little behind", right.Add(-5 * time.Minute), false},
	} {
		now = step.now
		if ran, set := box.RanAhead(), box.SetBack(); ran != step.want || set != step.want {
			t.Errorf("%s: ran ahead %t, set back %t", step.what, ran, set)
		}
	}
	now = right.Add(time.Hour)
	if at, doubt := box.Read(); doubt || !at.Equal(now) {
		t.Errorf("in the end %s, doubt %t", at, doubt)
	}
}
