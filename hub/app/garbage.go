package app

import (
	"context"
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
	// quietFor is how many adjustments without a collection make the hub quiet:
	// then it collects once more and gives the memory back.
	quietFor = 30
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
	last, quiet, seen := largestPercent, 0, uint64(0)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		live, collections := garbage()
		if percent := gcPercent(live); percent != last {
			debug.SetGCPercent(percent)
			last = percent
		}
		if collections != seen {
			quiet, seen = 0, collections
		}
		if quiet++; quiet == quietFor {
			debug.FreeOSMemory()
		}
	}
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
// collections ran because there was garbage.
func garbage() (live, collections uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/cycles/automatic:gc-cycles"}}
	metrics.Read(samples)
	for i, into := range []*uint64{&live, &collections} {
		if samples[i].Value.Kind() == metrics.KindUint64 {
			*into = samples[i].Value.Uint64()
		}
	}
	return live, collections
}
