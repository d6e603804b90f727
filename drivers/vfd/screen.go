package vfd

import (
	"cmp"
	"strings"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"

	"shopbox/drivers"
)

// start clears the display and chooses it, when others hang on its line.
func (d *Display) start() []byte {
	data := []byte{0x1B, '@', 0x0C}
	if d.config.BehindPrinter {
		return append([]byte{0x1B, '=', 2}, append(data, 0x1B, '=', 1)...)
	}
	return data
}

// screen is the bytes that show the lines.
func (d *Display) screen(lines []drivers.DisplayLine) []byte {
	var data []byte
	if d.config.BehindPrinter {
		data = append(data, 0x1B, '=', 2)
	}
	for row := range rows {
		text := strings.Repeat(" ", columns)
		if row < len(lines) {
			text = d.layOut(lines[row])
		}
		data = d.appendRow(data, row, text)
	}
	if d.config.BehindPrinter {
		data = append(data, 0x1B, '=', 1)
	}
	return data
}

func (d *Display) appendRow(data []byte, row int, text string) []byte {
	encoded := d.encode(text)
	if d.config.Dialect == CD5220 {
		data = append(data, 0x1B, 'Q', 'A'+byte(row))
		return append(append(data, encoded...), '\r')
	}
	data = append(data, 0x1F, '$', 1, byte(row+1))
	return append(data, encoded...)
}

// layOut is a line exactly as wide as the display. The right part stays
// whole; what is too long at the left is cut.
func (d *Display) layOut(line drivers.DisplayLine) string {
	words, amount := line.Left, line.Right
	if !d.config.Korean {
		amount = strings.TrimSuffix(amount, "원")
		words = cmp.Or(line.Latin, words)
	}
	right := d.cut(d.clean(amount), columns)
	room := columns - width(right)
	if right != "" {
		room--
	}
	left := d.cut(d.clean(words), max(room, 0))
	return left + strings.Repeat(" ", columns-width(left)-width(right)) + right
}

// clean leaves what the display can show; anything it could take for a
// command is a blank.
func (d *Display) clean(text string) string {
	text = strings.Map(func(sign rune) rune {
		if sign < ' ' || sign == 0x7F {
			return ' '
		}
		return sign
	}, norm.NFC.String(text))
	if d.config.Korean {
		return text
	}
	return romanize(text)
}

// cut is the longest beginning that fits so many columns.
func (d *Display) cut(text string, room int) string {
	used := 0
	for at, sign := range text {
		used += wide(sign)
		if used > room {
			return text[:at]
		}
	}
	return text
}

func width(text string) int {
	sum := 0
	for _, sign := range text {
		sum += wide(sign)
	}
	return sum
}

func wide(sign rune) int {
	if sign < 0x80 {
		return 1
	}
	return 2
}

// encode turns text into the display's bytes: CP949, with a question mark of
// the same width for what that does not have.
func (d *Display) encode(text string) []byte {
	encoder := korean.EUCKR.NewEncoder()
	var data []byte
	for _, sign := range text {
		encoded, err := encoder.String(string(sign))
		if err != nil {
			encoded = strings.Repeat("?", wide(sign))
		}
		data = append(data, encoded...)
	}
	return data
}
