package zvt

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// decode reads the terminal's text: UTF-8 when it agreed to that, else the
// ZVT 8-bit set, which is code page 437.
func (s *session) decode(text []byte) string {
	if s.utf8 && utf8.Valid(text) {
		return string(text)
	}
	var b strings.Builder
	for _, c := range text {
		b.WriteRune(charmap.CodePage437.DecodeByte(c))
	}
	return b.String()
}

// lineFeeds is the attribute of 06 D1 that asks for empty lines.
const (
	lineFeeds    = 0xFF
	maxLineFeeds = 10
	// centred, indentMask: bits of the attribute (PA00P015 table 16).
	centred    = 0x40
	indentMask = 0x0F
)

// printLine reads 06 D1: an attribute and a text.
func (s *session) printLine(data []byte) []string {
	switch {
	case len(data) == 0:
		return nil
	case data[0] == lineFeeds && len(data) > 1:
		return make([]string, min(int(data[1]), maxLineFeeds))
	case data[0]&0x80 != 0 && len(data) == 1:
		return nil // the end of a slip
	default:
		return []string{s.textLine(data[0], data[1:])}
	}
}

// textLine is a text with its indentation; centring is the printer's business.
func (s *session) textLine(attribute byte, text []byte) string {
	indent := ""
	if attribute&centred == 0 {
		indent = strings.Repeat(" ", int(attribute&indentMask))
	}
	return indent + maskDigits(s.decode(text))
}

// printBlock reads 06 D3: lists of attributes and texts, where an attribute
// stands before the texts it is for.
func (s *session) printBlock(data []byte) []string {
	fields, err := ParseFields(data)
	if err != nil {
		return nil
	}
	var lines []string
	for _, object := range fields.Objects() {
		if object.Tag != tlvPrintTexts {
			continue
		}
		attribute := byte(0)
		for _, part := range object.Children {
			switch {
			case part.Tag == tlvAttribute && len(part.Value) == 1:
				attribute = part.Value[0]
			case part.Tag == tlvText:
				lines = append(lines, s.textLine(attribute, part.Value))
			}
		}
	}
	return lines
}
