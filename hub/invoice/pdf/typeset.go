package pdf

import (
	"bytes"
	"embed"
	"slices"
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

//go:embed all:font
var fonts embed.FS

const (
	family  = "tag" + "nanumgothic" // see tagSubsets
	regular = "font/NanumGothic_400Regular.ttf"
	strong  = "font/NanumGothic_700Bold.ttf"
	// box stands for a character that the font lacks.
	box = '□'
)

// The measures of a line of text.
const (
	millimetre = 25.4 / 72 // of a point
	leading    = 1.18      // from line to line, in sizes
	baseline   = 0.35      // of a size below the middle of the line
	step       = 0.25      // of a point, when a text is set smaller
)

func addFonts(file *fpdf.Fpdf) error {
	for style, name := range map[string]string{"": regular, "B": strong} {
		font, err := fonts.ReadFile(name)
		if err != nil {
			return ErrNoFont
		}
		file.AddUTF8FontFromBytes(family, style, font)
	}
	return file.Error()
}

// tagSubsets names the embedded parts of the fonts as parts: six capitals and
// a plus before the name (ISO 32000-1, 9.6.4). The library writes utf8 and the
// family instead; the new name is as long, so that every offset stays true.
func tagSubsets(file []byte) []byte {
	return bytes.ReplaceAll(file, []byte("/utf8"+family), []byte("/SHPBOX+NanumGothic"))
}

// typesetter measures and draws text with the characters that the font has.
type typesetter struct {
	*fpdf.Fpdf

	font    *sfnt.Font
	buffer  sfnt.Buffer
	undrawn []rune
}

func newTypesetter(file *fpdf.Fpdf) *typesetter {
	t := &typesetter{Fpdf: file}
	if font, err := fonts.ReadFile(regular); err == nil {
		t.font, err = sfnt.Parse(font)
		file.SetError(err)
	}
	return t
}

// drawable replaces what the font lacks: ㈜ by (주) and the like (Unicode
// NFKC), anything else by a box that is remembered.
func (t *typesetter) drawable(text string) string {
	var out strings.Builder
	for _, r := range strings.ReplaceAll(norm.NFC.String(text), "\r\n", "\n") {
		switch {
		case r == '\n' || r == '\r':
			out.WriteByte('\n')
		case unicode.IsSpace(r):
			out.WriteByte(' ')
		case t.has(r):
			out.WriteRune(r)
		default:
			out.WriteString(t.alike(r))
		}
	}
	return out.String()
}

func (t *typesetter) alike(r rune) string {
	plain := norm.NFKC.String(string(r))
	for _, p := range plain {
		if !t.has(p) {
			if !slices.Contains(t.undrawn, r) {
				t.undrawn = append(t.undrawn, r)
			}
			return string(box)
		}
	}
	return plain
}

func (t *typesetter) has(r rune) bool {
	glyph, err := t.font.GlyphIndex(&t.buffer, r)
	return err == nil && glyph != 0 && unicode.IsPrint(r)
}

func (t *typesetter) width(text string, bold bool, size float64) float64 {
	t.choose(bold, size)
	return t.GetStringWidth(text)
}

func (t *typesetter) choose(bold bool, size float64) {
	style := ""
	if bold {
		style = "B"
	}
	t.SetFont(family, style, size)
}

// set is a text broken into lines at a size.
type set struct {
	lines []string
	size  float64
}

func (s set) height() float64 { return float64(len(s.lines)) * s.size * leading * millimetre }

// fit sets a text into a width: at the look's size if it fits the height,
// otherwise smaller down to the least size of the look, which may be higher
// than asked for. A text of one line shrinks as far as it must.
func (t *typesetter) fit(text string, l look, width, height float64) set {
	text = t.drawable(text)
	if l.oneLine {
		text = strings.ReplaceAll(text, "\n", " ")
		natural := t.width(text, l.bold, l.size)
		return set{lines: []string{text}, size: min(l.size, l.size*width/max(natural, width))}
	}
	for size := l.size; ; size -= step {
		found := set{lines: t.wrap(text, l.bold, size, width), size: size}
		if size-step < l.least || found.height() <= height {
			return found
		}
	}
}

// wrap breaks a text into lines, at a blank if there is one in the second half
// of the line, else between any two characters, as Korean allows.
func (t *typesetter) wrap(text string, bold bool, size, width float64) []string {
	t.choose(bold, size)
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		rest := []rune(paragraph)
		for len(rest) > 0 {
			n := t.fitting(rest, width)
			lines = append(lines, strings.TrimRight(string(rest[:n]), " "))
			for rest = rest[n:]; len(rest) > 0 && rest[0] == ' '; {
				rest = rest[1:]
			}
		}
	}
	return lines
}

// fitting is how many characters stand on a line, at least one.
func (t *typesetter) fitting(text []rune, width float64) int {
	used, n := 0.0, 0
	for n < len(text) {
		used += t.GetStringWidth(string(text[n]))
		if used > width && n > 0 {
			break
		}
		n++
	}
	if n == len(text) {
		return n
	}
	for blank := n; blank > n/2; blank-- {
		if text[blank] == ' ' {
			return blank
		}
	}
	return n
}
