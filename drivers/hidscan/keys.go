package hidscan

import (
	"slices"
	"strings"
)

// The keys that need a name (linux/input-event-codes.h).
const (
	keyTab        = 15
	keyEnter      = 28
	keyLeftCtrl   = 29
	keyLeftShift  = 42
	keyRightShift = 54
	keyLeftAlt    = 56
	keyCapsLock   = 58
	keyNumLock    = 69
	keyScrollLock = 70
	keyKPEnter    = 96
	keyRightCtrl  = 97
	keyRightAlt   = 100
	keyHangeul    = 122
	keyHanja      = 123
)

// Ending says which keys end a code.
type Ending string

// The endings. A scanner that sends none of these keys ends its codes by
// silence.
const (
	// EndingAny is Enter, Enter of the number pad, or Tab.
	EndingAny   Ending = "any"
	EndingEnter Ending = "enter"
	EndingTab   Ending = "tab"
)

func endings() []string {
	return []string{string(EndingAny), string(EndingEnter), string(EndingTab)}
}

func (e Ending) has(code uint16) bool {
	switch code {
	case keyEnter, keyKPEnter:
		return e != EndingTab
	case keyTab:
		return e != EndingEnter
	}
	return false
}

// modifier is what a held key does to others.
type modifier uint8

const (
	none modifier = iota
	shift
	control
	alt
	// lock keys switch something in the machine that does not matter here.
	lock
)

func modifierOf(code uint16) modifier {
	switch code {
	case keyLeftShift, keyRightShift:
		return shift
	case keyLeftCtrl, keyRightCtrl:
		return control
	case keyLeftAlt, keyRightAlt:
		return alt
	case keyCapsLock, keyNumLock, keyScrollLock, keyHangeul, keyHanja:
		return lock
	}
	return none
}

// row is keys that lie side by side: the code of the first one, what they are
// alone, and with Shift.
type row struct {
	first          uint16
	plain, shifted string
}

func rows() []row {
	return []row{
		{2, "1234567890-=", "!@#$%^&*()_+"},
		{16, "qwertyuiop[]", "QWERTYUIOP{}"},
		{30, "asdfghjkl;'`", `ASDFGHJKL:"~`},
		{43, `\zxcvbnm,./`, "|ZXCVBNM<>?"},
		{55, "*", "*"},
		{57, " ", " "},
		{71, pad, pad},
		{98, "/", "/"},
	}
}

// pad is the number pad from its upper left, with Num Lock on: its keys mean
// nothing else for a scanner.
const pad = "789-456+1230."

// characterOf is the character of a key on a US keyboard.
func characterOf(code uint16, shifted bool) (byte, bool) {
	at := slices.IndexFunc(rows(), func(r row) bool { return code >= r.first && int(code-r.first) < len(r.plain) })
	if at < 0 {
		return 0, false
	}
	found := rows()[at]
	if shifted {
		return found.shifted[code-found.first], true
	}
	return found.plain[code-found.first], true
}

// padDigit is the digit of a key of the number pad.
func padDigit(code uint16) (int, bool) {
	const first = 71
	if code < first || int(code-first) >= len(pad) {
		return 0, false
	}
	digit := strings.IndexByte("0123456789", pad[code-first])
	return digit, digit >= 0
}
