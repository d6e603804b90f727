// Package switches holds the faults of a simulated device that are simply on
// or off. The simulators embed a Set.
//
// What always holds: only faults the device was made with can be switched.
package switches

import (
	"fmt"
	"slices"
	"sync"
)

// Set is the faults of one device. It is safe for use by many goroutines.
type Set struct {
	device string
	names  []string

	mutex sync.Mutex
	on    map[string]bool
}

// New is a set with everything off; device names it in errors, as in "a scale".
func New(device string, names ...string) *Set {
	return &Set{device: device, names: names, on: map[string]bool{}}
}

// On reports whether a fault is on.
func (s *Set) On(name string) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.on[name]
}

// Faults says which faults are on.
func (s *Set) Faults() map[string]bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	faults := make(map[string]bool, len(s.names))
	for _, name := range s.names {
		faults[name] = s.on[name]
	}
	return faults
}

// Switch turns a fault on or off.
func (s *Set) Switch(name string, on bool) error {
	if !slices.Contains(s.names, name) {
		return fmt.Errorf("%s has no fault %q", s.device, name)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.on[name] = on
	return nil
}
