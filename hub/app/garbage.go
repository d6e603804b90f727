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
	last := largestPercent
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if percent := gcPercent(liveBytes()); percent != last {
				debug.SetGCPercent(percent)
				last = percent
			}
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

// liveBytes is what the last collection found in use.
func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
