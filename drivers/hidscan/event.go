package hidscan

import (
	"encoding/binary"
	"math/bits"
)

// Event is one record of the kernel's struct input_event (linux/input.h),
// without its time.
type Event struct {
	Type, Code uint16
	Value      int32
}

// The types, codes and values that matter here (linux/input-event-codes.h).
const (
	evSyn      = 0
	evKey      = 1
	synReport  = 0
	synDropped = 3
	released   = 0
	pressed    = 1
)

// Word is how many bytes a long of this process has. The kernel writes the
// two parts of an event's time as longs: a record has 24 bytes on 64-bit and
// 16 on 32-bit, also for a 32-bit process on a 64-bit kernel.
const Word = bits.UintSize / 8

// Events cuts the bytes of an event device into events. Make one with
// NewEvents.
type Events struct {
	time int
	rest []byte
}

// NewEvents reads records whose longs have so many bytes: 4 or 8.
func NewEvents(word int) *Events { return &Events{time: 2 * word} }

// recordTail is how many bytes type, code and value have.
const recordTail = 2 + 2 + 4

// Write takes the next bytes and returns the events that are complete.
func (e *Events) Write(data []byte) []Event {
	e.rest = append(e.rest, data...)
	var events []Event
	size := e.time + recordTail
	for len(e.rest) >= size {
		record := e.rest[e.time:size]
		events = append(events, Event{
			Type: binary.NativeEndian.Uint16(record), Code: binary.NativeEndian.Uint16(record[2:]),
			Value: int32(binary.NativeEndian.Uint32(record[4:])),
		})
		e.rest = e.rest[size:]
	}
	return events
}
