package paper

import (
	"bytes"
	"fmt"

	"golang.org/x/text/encoding/korean"
)

// Bytes of ESC/POS.
const (
	lf  = 0x0A
	dle = 0x10
	can = 0x18
	esc = 0x1B
	fs  = 0x1C
	gs  = 0x1D
)

// longest is the longest command believed; a longer one is noise whose length
// bytes were hit by chance.
const longest = 4 << 20

// Command is one command, or one run of text, of an ESC/POS stream.
type Command struct {
	// Op is the command in Epson's notation: "ESC @", "GS v 0", "DLE EOT",
	// "LF"; "text" for characters, "unknown" for what is no known command.
	Op string
	// Text is the run of characters of a "text".
	Text string
	// Args are the bytes after the command's name.
	Args []byte
	// Raw is the command as it came.
	Raw []byte
}

// RealTime reports whether a printer obeys the command when it arrives,
// before what waits in its buffer.
func (c Command) RealTime() bool {
	return c.Op == "DLE EOT" || c.Op == "DLE ENQ" || c.Op == "DLE DC4"
}

// Lexer cuts a stream into commands as its bytes arrive. The zero Lexer is
// ready; it knows only what it must: whether double-byte characters are on.
type Lexer struct {
	rest   []byte
	double bool
	forms  forms
}

// Write takes the next bytes of the stream; it never fails.
func (l *Lexer) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	return len(p), nil
}

// Next is the next whole command; false when more bytes are needed.
func (l *Lexer) Next() (Command, bool) {
	if len(l.rest) == 0 {
		return Command{}, false
	}
	if isText(l.rest[0]) {
		return l.text()
	}
	if l.forms == nil {
		l.forms = newForms()
	}
	command, size := l.forms.split(l.rest)
	if size == 0 {
		return Command{}, false
	}
	l.take(&command, size)
	switch command.Op {
	case "ESC @", "FS .":
		l.double = false
	case "FS &":
		l.double = true
	}
	return command, true
}

// Rest is what has come of a command that is not whole yet.
func (l *Lexer) Rest() []byte { return bytes.Clone(l.rest) }

func (l *Lexer) take(command *Command, size int) {
	command.Raw = bytes.Clone(l.rest[:size])
	command.Args = bytes.Clone(command.Args)
	l.rest = l.rest[size:]
}

// text takes a run of characters; a first half of a double-byte character at
// the end waits for its second.
func (l *Lexer) text() (Command, bool) {
	size := 0
	for size < len(l.rest) && isText(l.rest[size]) {
		if l.double && isLead(l.rest[size]) {
			if size+1 == len(l.rest) {
				break
			}
			if isText(l.rest[size+1]) {
				size++
			}
		}
		size++
	}
	if size == 0 {
		return Command{}, false
	}
	command := Command{Op: "text", Text: decode(l.rest[:size], l.double)}
	l.take(&command, size)
	return command, true
}

func isText(b byte) bool { return b >= 0x20 && b != 0x7F }

func isLead(b byte) bool { return b >= 0x81 && b <= 0xFE }

// decode turns bytes into text: CP949 when double-byte characters are on,
// else ASCII with a question mark for every byte above.
func decode(raw []byte, double bool) string {
	if double {
		if text, err := korean.EUCKR.NewDecoder().Bytes(raw); err == nil {
			return string(text)
		}
	}
	text := bytes.Clone(raw)
	for i, b := range text {
		if b >= 0x80 {
			text[i] = '?'
		}
	}
	return string(text)
}

// split finds the command at the start of data and its size; 0 when bytes are
// missing.
func (f forms) split(data []byte) (Command, int) {
	switch data[0] {
	case lf:
		return Command{Op: "LF"}, 1
	case 0x09:
		return Command{Op: "HT"}, 1
	case 0x0D:
		return Command{Op: "CR"}, 1
	case can:
		return Command{Op: "CAN"}, 1
	case esc, fs, gs, dle:
	default:
		return Command{Op: "unknown"}, 1
	}
	if len(data) < 2 {
		return Command{}, 0
	}
	form, known := f[data[0]][data[1]]
	if !known {
		return Command{Op: "unknown"}, 2
	}
	args, whole := form.args(data[2:])
	switch {
	case whole && args > longest:
		return Command{Op: "unknown"}, 2
	case !whole || len(data) < 2+args:
		return Command{}, 0
	}
	return Command{Op: form.name(data[2 : 2+args]), Args: data[2 : 2+args]}, 2 + args
}

// form is how a command is written: its name and the length of what follows.
type form struct {
	op string
	// named arguments are part of the command's name, as in "GS ( H".
	named bool
	// fixed is the number of argument bytes; measure, when set, finds it from
	// the bytes that have come and says whether those were enough to know.
	fixed   int
	measure func(data []byte) (size int, known bool)
}

func (f form) args(data []byte) (int, bool) {
	if f.measure == nil {
		return f.fixed, true
	}
	return f.measure(data)
}

func (f form) name(args []byte) string {
	if f.named && len(args) > 0 {
		return fmt.Sprintf("%s %c", f.op, args[0])
	}
	return f.op
}

// measures of commands whose length is in their own bytes.

// cutArgs is GS V: m, and n for the forms that feed first.
func cutArgs(data []byte) (int, bool) {
	if len(data) == 0 {
		return 0, false
	}
	if m := data[0]; m >= 65 {
		return 2, true
	}
	return 1, true
}

// extendedArgs is GS ( x and FS ( x: fn pL pH and that many bytes.
func extendedArgs(data []byte) (int, bool) {
	if len(data) < 3 {
		return 0, false
	}
	return 3 + int(data[1]) + int(data[2])<<8, true
}

// longArgs is GS 8 L: fn and a length of four bytes.
func longArgs(data []byte) (int, bool) {
	if len(data) < 5 {
		return 0, false
	}
	return 5 + int(data[1]) + int(data[2])<<8 + int(data[3])<<16 + int(data[4])<<24, true
}

// rasterArgs is GS v 0: "0" m xL xH yL yH and x*y bytes.
func rasterArgs(data []byte) (int, bool) {
	if len(data) < 6 {
		return 0, false
	}
	return 6 + (int(data[2])+int(data[3])<<8)*(int(data[4])+int(data[5])<<8), true
}

// columnImageArgs is ESC *: m nL nH and n columns of 8 or 24 dots.
func columnImageArgs(data []byte) (int, bool) {
	if len(data) < 3 {
		return 0, false
	}
	columns := int(data[1]) + int(data[2])<<8
	if data[0] >= 32 {
		columns *= 3
	}
	return 3 + columns, true
}

// downloadedArgs is GS *: x y and x*y*8 bytes.
func downloadedArgs(data []byte) (int, bool) {
	if len(data) < 2 {
		return 0, false
	}
	return 2 + int(data[0])*int(data[1])*8, true
}

// barcodeArgs is GS k: m and either a text ended by NUL or n and n bytes.
func barcodeArgs(data []byte) (int, bool) {
	if len(data) == 0 {
		return 0, false
	}
	if data[0] <= 6 {
		size, known := zeroEnded(data[1:])
		return 1 + size, known
	}
	if len(data) < 2 {
		return 0, false
	}
	return 2 + int(data[1]), true
}

// zeroEnded is ESC D: bytes up to a NUL, which must come within a kilobyte.
func zeroEnded(data []byte) (int, bool) {
	end := bytes.IndexByte(data, 0)
	if end < 0 && len(data) > 1024 {
		return longest + 1, true
	}
	return end + 1, end >= 0
}

// statusArgs is DLE EOT: n, and a for n 7 and 8.
func statusArgs(data []byte) (int, bool) {
	if len(data) == 0 {
		return 0, false
	}
	if data[0] == 7 || data[0] == 8 {
		return 2, true
	}
	return 1, true
}

// realTimeArgs is DLE DC4: fn and its bytes.
func realTimeArgs(data []byte) (int, bool) {
	if len(data) == 0 {
		return 0, false
	}
	switch data[0] {
	case 8:
		return 8, true
	default:
		return 3, true
	}
}
