package main

import (
	"slices"
	"time"
)

// spread is how long something took, over many times.
type spread struct {
	count    int
	p50, p99 time.Duration
}

func spreadOf(took []time.Duration) spread {
	if len(took) == 0 {
		return spread{}
	}
	slices.Sort(took)
	return spread{count: len(took), p50: took[len(took)/2], p99: took[len(took)*99/100]}
}
