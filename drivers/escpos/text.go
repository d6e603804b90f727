package escpos

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"

	"shopbox/drivers/paper"
)

// clean makes text out of whatever a shop typed: composed Hangul, no control
// characters (a product's name must not command the printer), only characters
// the printer has.
func (p Profile) clean(text string) string {
	var clean strings.Builder
	for _, r := range norm.NFC.String(text) {
		switch {
		case r == '\n':
			clean.WriteRune(r)
		case r == '\t':
			clean.WriteByte(' ')
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Mn):
		default:
			clean.WriteString(p.printable(r))
		}
	}
	return clean.String()
}

// printable is the character, or what comes nearest to it.
func (p Profile) printable(r rune) string {
	if near, ok := nearest(r); ok {
		r = near
	}
	if r < 0x7F && r != '\\' || p.has(r) {
		return string(r)
	}
	// "é" is "e" with an accent.
	var plain strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		switch {
		case part >= 0x20 && part < 0x7F:
			plain.WriteRune(part)
		case !unicode.Is(unicode.Mn, part):
			return "?"
		}
	}
	return plain.String()
}

// nearest replaces what printers draw differently from screens. ESC R 13
// prints a won sign for a backslash, so both go as their wide forms, which are
// characters of CP949 of their own.
func nearest(r rune) (rune, bool) {
	switch r {
	case '₩':
		return '￦', true
	case '\\':
		return '＼', true
	case '–', '—', '−', '‐', '‑':
		return '-', true
	case '\u00A0':
		return ' ', true
	default:
		return r, false
	}
}

// has reports whether the printer's font has a character beyond ASCII.
func (p Profile) has(r rune) bool {
	if !p.Korean {
		return false
	}
	encoded, err := korean.EUCKR.NewEncoder().String(string(r))
	return err == nil && len(encoded) == 2
}

// bytes is clean text as the printer takes it.
func (p Profile) bytes(text string) []byte {
	encoded, err := korean.EUCKR.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return []byte(strings.Repeat("?", paper.Width(text)))
	}
	return encoded
}

// wrap breaks text into lines of at most width columns: at spaces where it
// can, else between characters. Hangul is never split.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, wrapParagraph(paragraph, width)...)
	}
	return lines
}

func wrapParagraph(text string, width int) []string {
	var lines []string
	for paper.Width(text) > width {
		end := fitting(text, width)
		line, rest := text[:end], text[end:]
		if !strings.HasPrefix(rest, " ") {
			// Words stay whole unless one alone is longer than half a line.
			if space := strings.LastIndexByte(line, ' '); space > 0 && paper.Width(line[:space]) >= width/2 {
				line, rest = text[:space], text[space:]
			}
		}
		lines = append(lines, strings.TrimRight(line, " "))
		text = strings.TrimLeft(rest, " ")
	}
	return append(lines, text)
}

// fitting is the length in bytes of the longest start of the text that fits;
// at least one character, so that wrapping always ends.
func fitting(text string, width int) int {
	used := 0
	for i, r := range text {
		used += paper.Width(string(r))
		if used > width && i > 0 {
			return i
		}
	}
	return len(text)
}
