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

// TestSet: a person says what time it is, to a box that woke up in 1970, ran to
// 2099, or is merely wrong.
func TestSet(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	right := built.AddDate(0, 0, 24)
	for name, test := range map[string]struct{ system, remembered time.Time }{
		"1970":               {time.Unix(100, 0), time.Time{}},
		"1970, 2099 before":  {time.Unix(100, 0), time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)},
		"2099":               {time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}},
		"20 minutes ahead":   {right.Add(20 * time.Minute), right.Add(20 * time.Minute)},
		"20 minutes behind":  {right.Add(-20 * time.Minute), time.Time{}},
		"right, 2099 before": {right, time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			system := test.system
			box := clock.New(func() time.Time { return system }, built, test.remembered)
			reads := func(want time.Time) {
				t.Helper()
				if at, doubt := box.Read(); doubt || !at.Equal(want) {
					t.Errorf("%s, doubt %t; want %s", at, doubt, want)
				}
			}
			box.Read()
			for _, wrong := range []time.Time{built.Add(-time.Second), time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), {}} {
				if box.Set(wrong) {
					t.Errorf("%s was taken", wrong)
				}
			}
			if !box.Set(right) {
				t.Fatal("the right time was not taken")
			}
			reads(right)
			for range 100 {
				system = system.Add(time.Minute)
				box.Read()
			}
			reads(right.Add(100 * time.Minute))
			// The network is back and sets the system's clock.
			system = right.Add(3 * time.Hour)
			box.Read()
			box.Follow()
			reads(right.Add(3 * time.Hour))
		})
	}
}

// TestSetThenJump: the system's clock set behind a person's word is noticed
// without being told.
func TestSetThenJump(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	system := time.Unix(100, 0)
	box := clock.New(func() time.Time { return system }, built, time.Time{})
	box.Set(built.AddDate(0, 0, 24))
	system = built.AddDate(0, 0, 24).Add(time.Minute)
	if at, doubt := box.Read(); doubt || !at.Equal(system) {
		t.Errorf("%s, doubt %t", at, doubt)
	}
}
