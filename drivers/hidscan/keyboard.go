package hidscan

import "unicode/utf8"

// noise stands for a key that no code can hold; a codeline.Splitter throws
// the code away that it is part of.
const noise = 0x00

// maxAltCode is more than any character's number.
const maxAltCode = utf8.MaxRune + 1

// Keyboard turns a scanner's keys into the bytes it means: those it would
// send on a serial line. It reads where a key sits, not what stands on it, as
// on a US keyboard: keyboard layout, Hangul input, Caps Lock and Num Lock of
// the machine do not change what is read. An ending key becomes a carriage
// return.
//
// Separators come as Ctrl and ], and characters that have no key as Alt codes:
// Alt held and the character's number typed on the number pad. A number below
// 256 is a byte, so that UTF-8 may come byte by byte; a larger one is a
// character of Unicode. Scanners' manuals describe both; neither was checked on
// hardware.
type Keyboard struct {
	ending Ending
	held   map[uint16]bool
	// alt is the number typed while Alt is held, typed whether there is one.
	alt   int
	typed bool
	// lost says that events were dropped: those up to the next report belong
	// to no known state.
	lost bool
}

// NewKeyboard is a keyboard with no key held.
func NewKeyboard(ending Ending) *Keyboard {
	return &Keyboard{ending: ending, held: make(map[uint16]bool)}
}

// Press takes an event and returns the bytes it stands for, mostly none.
func (k *Keyboard) Press(event Event) []byte {
	switch {
	case event.Type == evSyn && event.Code == synDropped:
		// The kernel's memory overflowed: what is held is not known any more.
		k.lost, k.typed = true, false
		clear(k.held)
		return []byte{noise}
	case event.Type == evSyn && event.Code == synReport:
		k.lost = false
	case event.Type == evKey && !k.lost:
		return k.key(event.Code, event.Value)
	}
	return nil
}

// key is one key pressed, released or repeating; a held key's repeats are no
// further keys.
func (k *Keyboard) key(code uint16, value int32) []byte {
	switch modifierOf(code) {
	case shift, control:
		k.held[code] = value != released
		return nil
	case alt:
		return k.holdAlt(code, value != released)
	case none:
		if value == pressed {
			return k.text(code)
		}
	case lock:
	}
	return nil
}

// holdAlt begins or ends an Alt code.
func (k *Keyboard) holdAlt(code uint16, down bool) []byte {
	k.held[code] = down
	if down || !k.typed {
		return nil
	}
	number := k.alt
	k.alt, k.typed = 0, false
	switch {
	case number < 0x100:
		return []byte{byte(number)}
	case utf8.ValidRune(rune(number)):
		return utf8.AppendRune(nil, rune(number))
	}
	return []byte{noise}
}

// text is what a key that is no modifier stands for now.
func (k *Keyboard) text(code uint16) []byte {
	digit, onPad := padDigit(code)
	switch {
	case k.holds(alt) && onPad:
		k.alt, k.typed = min(k.alt*10+digit, maxAltCode), true
		return nil
	case k.holds(alt):
		return []byte{noise}
	case k.ending.has(code):
		return []byte{'\r'}
	}
	character, known := characterOf(code, k.holds(shift))
	switch {
	case !known:
		return []byte{noise}
	case k.holds(control):
		// Ctrl and a letter is its control character: Ctrl and ] is 0x1D.
		return []byte{character & 0x1F}
	}
	return []byte{character}
}

func (k *Keyboard) holds(wanted modifier) bool {
	for code, down := range k.held {
		if down && modifierOf(code) == wanted {
			return true
		}
	}
	return false
}
