package app

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The garbage collector is let run less often than by default while the hub is
// small: a hub that takes in thousands of batches a second makes garbage
// faster than anything else, and would spend its time walking the stacks of
// the boxes' connections.
const (
	// headroom is how much garbage may gather beside what is in use, in bytes.
	headroom = 256 << 20
	// The runtime's own setting, which is kept by large hubs, and the most.
	usualPercent   = 100
	largestPercent = 800
	adjustEvery    = time.Second
	// busyBytes made between two adjustments make the hub busy, quietFor
	// adjustments without make it quiet, untidyBytes made since it was tidy make
	// it worth tidying again.
	busyBytes   = 4 << 20
	quietFor    = 15
	untidyBytes = 8 << 20
	// tidyTimes is how often a quiet hub collects: each time the stack of a
	// goroutine that needs little of it is halved, and a handshake or a batch
	// leaves it several times what waiting for the next needs.
	tidyTimes = 3
)

// spaceGarbage keeps the collector's setting fit until ctx ends. A setting
// of the operator's own (GOGC) is left alone.
func spaceGarbage(ctx context.Context) error {
	if own := debug.SetGCPercent(largestPercent); own != usualPercent {
		debug.SetGCPercent(own)
		return nil
	}
	defer debug.SetGCPercent(usualPercent)
	ticker := time.NewTicker(adjustEvery)
	defer ticker.Stop()
	last, rest := largestPercent, tidiness{}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		live, made := garbage()
		if percent := gcPercent(live); percent != last {
			debug.SetGCPercent(percent)
			last = percent
		}
		if rest.due(made) {
			tidy()
			_, rest.tidied = garbage()
		}
	}
}

// tidiness knows when a hub is quiet and has something to tidy up.
type tidiness struct {
	// tidied and seen are how many bytes were made until the hub was tidied
	// and until the last look.
	tidied, seen uint64
	quiet        int
}

// due is told at each look how many bytes were made since the start.
func (t *tidiness) due(made uint64) bool {
	if made-t.seen > busyBytes {
		t.quiet = 0
	} else {
		t.quiet++
	}
	t.seen = made
	return t.quiet >= quietFor && made-t.tidied > untidyBytes
}

// tidy gives what is not in use back to the system.
func tidy() {
	for range tidyTimes - 1 {
		runtime.GC()
	}
	debug.FreeOSMemory()
}

// gcPercent is the setting for a heap with so many bytes in use, in steps, so
// that it seldom changes: to change it stops the program for a moment.
func gcPercent(live uint64) int {
	percent := largestPercent
	for percent > usualPercent && live*uint64(percent)/100 > headroom {
		percent /= 2
	}
	return percent
}

// garbage is how many bytes the last collection found in use, and how many
// were made since the start.
func garbage() (live, made uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(samples)
	for i, into := range []*uint64{&live, &made} {
		if samples[i].Value.Kind() == metrics.KindUint64 {
			*into = samples[i].Value.Uint64()
		}
	}
	return live, made
}
