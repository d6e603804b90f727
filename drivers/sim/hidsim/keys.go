package hidsim

import (
	"fmt"
	"strings"
)

// The keys a scanner presses (HID Usage Tables, page 7, as the kernel numbers
// them in linux/input-event-codes.h).
const (
	keyTab         = 15
	keyEnter       = 28
	keyLeftCtrl    = 29
	keyLeftShift   = 42
	keyLeftAlt     = 56
	keyF8          = 66
	keyKPEnter     = 96
	keyVolumeUp    = 115
	keyRightBrace  = 27
	groupSeparator = 0x1D
)

// stroke is a key with what is held while it is pressed.
type stroke struct {
	key  uint16
	held []uint16
}

// keyOf is where a character sits on a US keyboard.
func keyOf(character byte) (stroke, bool) {
	for first, characters := range map[uint16]string{
		2: "1234567890-=", 16: "qwertyuiop[]", 30: "asdfghjkl;'`", 43: `\zxcvbnm,./`, 57: " ",
	} {
		if at := strings.IndexByte(characters, character); at >= 0 {
			return stroke{key: first + uint16(at)}, true
		}
	}
	for first, characters := range map[uint16]string{
		2: "!@#$%^&*()_+", 16: "QWERTYUIOP{}", 30: `ASDFGHJKL:"~`, 43: "|ZXCVBNM<>?",
	} {
		if at := strings.IndexByte(characters, character); at >= 0 {
			return stroke{key: first + uint16(at), held: []uint16{keyLeftShift}}, true
		}
	}
	return stroke{}, false
}

// padOf are the keys of the number pad from 0 to 9.
func padOf() [10]uint16 { return [10]uint16{82, 79, 80, 81, 75, 76, 77, 71, 72, 73} }

// record is one struct input_event but its time.
type record struct {
	kind, code uint16
	value      int32
}

const (
	evSyn = 0
	evKey = 1
	evMsc = 4
	// mscScan announces the key's own number before each change of it.
	mscScan = 4
)

// change presses or releases a key, with all a kernel says of it.
func change(key uint16, value int32) []record {
	return []record{{evMsc, mscScan, 0x70000 + int32(key)}, {evKey, key, value}, {evSyn, 0, 0}}
}

func tap(key uint16) []record { return append(change(key, 1), change(key, 0)...) }

func (s stroke) records() []record {
	var records []record
	for _, held := range s.held {
		records = append(records, change(held, 1)...)
	}
	records = append(records, tap(s.key)...)
	for _, held := range s.held {
		records = append(records, change(held, 0)...)
	}
	return records
}

// altCode holds Alt and types a byte's number with four digits.
func altCode(character byte) []record {
	records := change(keyLeftAlt, 1)
	for _, digit := range fmt.Sprintf("%04d", character) {
		records = append(records, tap(padOf()[digit-'0'])...)
	}
	return append(records, change(keyLeftAlt, 0)...)
}

// typed is how the scanner types a byte.
func (c Config) typed(character byte) []record {
	switch {
	case character == '\r':
		return tap(c.Ending.key())
	case character == groupSeparator && !c.AltCodes:
		return stroke{key: keyRightBrace, held: []uint16{keyLeftCtrl}}.records()
	}
	if known, is := keyOf(character); is {
		return known.records()
	}
	return altCode(character)
}
