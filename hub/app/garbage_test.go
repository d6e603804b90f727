package app_test

import (
	"testing"

	"shopbox/hub/app"
)

// A hub is tidied once it has been quiet for a while after it made garbage,
// also when no collection ever ran, and not again before it made more.
func TestTidyWhenQuiet(t *testing.T) {
	t.Parallel()
	const mebibyte = 1 << 20
	due := app.Tidiness()
	made := uint64(0)
	look := func(more uint64, times int) (tidied int) {
		for range times {
			made += more
			if due(made) {
				tidied++
			}
		}
		return tidied
	}
	if n := look(10*mebibyte, 100); n != 0 {
		t.Errorf("tidied %d times while busy", n)
	}
	if n := look(1000, 1000); n != 1 {
		t.Errorf("tidied %d times when it became quiet; want once", n)
	}
	if n := look(1000, 1000); n != 0 {
		t.Errorf("tidied %d times with nothing to tidy up", n)
	}
	if n := look(9*mebibyte, 1) + look(0, 100); n != 1 {
		t.Errorf("tidied %d times after it was busy once more; want once", n)
	}
}
