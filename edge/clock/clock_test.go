package clock_test

import (
	"testing"
	"time"

	"shopbox/edge/clock"
)

func TestClock(t *testing.T) {
	built := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	seen := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	woken := time.Date(1970, 1, 1, 0, 0, 5, 0, time.UTC)
	system := woken
	box := clock.New(func() time.Time { return system }, built, seen)
	for _, step := range []struct {
		what   string
		system time.Time
		want   time.Time
		doubt  bool
	}{
		{"woken in 1970", woken, seen, true},
		{"a minute later", woken.Add(time.Minute), seen.Add(time.Minute), true},
		{"set right", seen.Add(time.Hour), seen.Add(time.Hour), false},
		{"set back", seen, seen.Add(time.Hour), true},
		{"right again", seen.Add(2 * time.Hour), seen.Add(2 * time.Hour), false},
	} {
		system = step.system
		if now, doubt := box.Read(); !now.Equal(step.want) || doubt != step.doubt {
			t.Errorf("%s: %s, doubt %v; want %s, %v", step.what, now, doubt, step.want, step.doubt)
		}
	}
	if name, _ := box.Now().Zone(); name != "KST" {
		t.Errorf("zone %s", name)
	}
}

func TestFloorIsTheLater(t *testing.T) {
	early, late := time.Unix(1_000, 0), time.Unix(2_000, 0)
	for _, floors := range [][2]time.Time{{early, late}, {late, early}, {late, {}}} {
		box := clock.New(func() time.Time { return time.Unix(5, 0) }, floors[0], floors[1])
		if now := box.Now(); !now.Equal(late) || !box.Doubt() {
			t.Errorf("floor %s", now)
		}
	}
}
