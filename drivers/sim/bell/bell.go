// Package bell lets whoever looks at a simulated device wait until something
// about it is true. The simulators hold a Bell beside their mutex.
//
// What always holds: a condition is asked with the mutex held, and again after
// every ring, so that no change is missed.
package bell

import (
	"context"
	"sync"
)

// Bell wakes everyone who waits for a device.
type Bell struct {
	mutex sync.Locker
	rung  chan struct{}
}

// New is a bell beside the mutex of a device.
func New(mutex sync.Locker) *Bell { return &Bell{mutex: mutex, rung: make(chan struct{})} }

// Ring wakes everyone who waits. The mutex is held.
func (b *Bell) Ring() {
	close(b.rung)
	b.rung = make(chan struct{})
}

// Wait waits until a condition, asked with the mutex held, is true, or the
// context ends. The mutex is free.
func (b *Bell) Wait(ctx context.Context, ready func() bool) error {
	for {
		b.mutex.Lock()
		done, rung := ready(), b.rung
		b.mutex.Unlock()
		if done {
			return nil
		}
		select {
		case <-rung:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
