// Package paper reads ESC/POS bytes back into what stands on the paper: text
// with its styles, barcodes, QR codes, pictures, cuts and drawer pulses; as
// data, as plain text and as a picture. The simulated printer, the goldens of
// receipts and the preview of a reprint use it.
//
// What always holds: no stream of bytes makes it panic, and a command it does
// not know is reported in the slip and skipped.
package paper

import (
	"image"
	"strings"
)

// Slip is one piece of paper, from one cut to the next.
type Slip struct {
	// Columns is the width of the paper in characters of the normal font.
	Columns int
	Lines   []Line
	// Pulses is how many drawer pulses came with the slip.
	Pulses int
	// Cut says that the slip was cut off; without it the paper still hangs in
	// the printer.
	Cut bool
	// Unknown are the commands that were not understood, in hex.
	Unknown []string
	// Bytes is the stream that made the slip.
	Bytes []byte
}

// Align is where a line stands on the paper.
type Align uint8

// The alignments, numbered as ESC a numbers them.
const (
	Left Align = iota
	Centre
	Right
)

// Line is one line of a slip: characters, or else one of Barcode, QR, Picture
// and Feed.
type Line struct {
	Align   Align
	Runs    []Run
	Barcode *Barcode
	QR      *QR
	Picture *image.Gray
	// Feed is blank paper in dots.
	Feed int
}

// Run is a stretch of characters of one style.
type Run struct {
	Text  string
	Style Style
}

// Style is how characters look. Wide and Tall are the factors of width and
// height, 1 to 8.
type Style struct {
	Bold, Underline, Invert bool
	Wide, Tall              int
}

// Barcode is a one-dimensional code.
type Barcode struct {
	// System is "CODE128", "EAN13" and so on.
	System string
	Data   string
	// Module is the width of the narrowest bar and Height the height, in dots.
	Module, Height int
	// Text says that the data is written below.
	Text bool
}

// QR is a QR code; Module is the width of a module in dots and Level the
// error correction, "L", "M", "Q" or "H".
type QR struct {
	Data   string
	Module int
	Level  string
}

// Read reads a whole stream printed on paper of the given width. The last
// slip is there even if nothing cut it.
func Read(data []byte, columns int) []Slip {
	lexer := Lexer{}
	_, _ = lexer.Write(data)
	roll := NewRoll(columns)
	for command, ok := lexer.Next(); ok; command, ok = lexer.Next() {
		roll.Apply(command)
	}
	roll.Tear()
	return roll.Slips()
}

// Width is the number of columns of a text: Hangul and other double-byte
// characters take two.
func Width(text string) int {
	width := 0
	for _, r := range text {
		width += runeWidth(r)
	}
	return width
}

func runeWidth(r rune) int {
	if r < 0x80 {
		return 1
	}
	return 2
}

// Text is the slip as plain text, one line of paper a line of text, with the
// spaces that alignment makes. Codes and pictures are named in brackets.
func (s Slip) Text() string {
	var text strings.Builder
	for _, line := range s.Lines {
		text.WriteString(strings.TrimRight(line.text(s.Columns), " "))
		text.WriteByte('\n')
	}
	return text.String()
}

func (l Line) text(columns int) string {
	switch {
	case l.Barcode != nil:
		return l.indent("["+l.Barcode.System+" "+l.Barcode.Data+"]", columns)
	case l.QR != nil:
		return l.indent("[QR "+l.QR.Data+"]", columns)
	case l.Picture != nil:
		return l.indent("[picture "+l.Picture.Bounds().Size().String()+"]", columns)
	}
	var text strings.Builder
	for _, run := range l.Runs {
		text.WriteString(run.Text)
	}
	return strings.Repeat(" ", l.offset(columns)) + text.String()
}

func (l Line) indent(text string, columns int) string {
	return strings.Repeat(" ", l.Align.offset(columns-Width(text))) + text
}

// offset is the column where the characters of the line begin.
func (l Line) offset(columns int) int {
	width := 0
	for _, run := range l.Runs {
		width += Width(run.Text) * run.Style.Wide
	}
	return l.Align.offset(columns - width)
}

// offset is how much of the spare room is left of the line.
func (a Align) offset(spare int) int {
	switch {
	case spare <= 0:
		return 0
	case a == Centre:
		return spare / 2
	case a == Right:
		return spare
	default:
		return 0
	}
}
