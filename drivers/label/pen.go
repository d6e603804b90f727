package label

import (
	"fmt"
	"image"
	"image/draw"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"shopbox/drivers/paper"
)

// ellipsis stands for what a line has no room for.
const ellipsis = "…"

// pen draws lines of text in black on white.
type pen struct {
	regular, bold *opentype.Font
	faces         map[faceKey]font.Face
}

type faceKey struct {
	size int
	bold bool
}

func newPen() (*pen, error) {
	p := &pen{faces: make(map[faceKey]font.Face)}
	for bold, into := range map[bool]**opentype.Font{false: &p.regular, true: &p.bold} {
		file, err := paper.Font(bold)
		if err != nil {
			return nil, err
		}
		if *into, err = opentype.Parse(file); err != nil {
			return nil, fmt.Errorf("font: %w", err)
		}
	}
	return p, nil
}

// face is a font whose lines are so many dots high.
func (p *pen) face(size int, bold bool) font.Face {
	key := faceKey{size, bold}
	if face, made := p.faces[key]; made {
		return face
	}
	source := p.regular
	if bold {
		source = p.bold
	}
	// Nanum Gothic's lines are 1.15 times its size.
	face, err := opentype.NewFace(source, &opentype.FaceOptions{Size: float64(size) / 1.15, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		face = nil
	}
	p.faces[key] = face
	return face
}

// height is from one line to the next.
func (p *pen) height(size int) int { return max(size, 1) }

func (p *pen) width(text string, size int, bold bool) int {
	face := p.face(size, bold)
	if face == nil {
		return 0
	}
	return font.MeasureString(face, text).Ceil()
}

// line is a whole text on one line, in smaller letters when it would be wider
// than the room.
func (p *pen) line(text string, size, room int, bold bool) *image.Gray {
	text = clean(text)
	for size > 1 && p.width(text, size, bold) > room {
		size--
	}
	return p.draw(text, size, bold)
}

// cut is a text on one line, without what has no room.
func (p *pen) cut(text string, size, room int, bold bool) *image.Gray {
	return p.draw(p.shortened(clean(text), size, room, bold), size, bold)
}

func (p *pen) shortened(text string, size, room int, bold bool) string {
	if p.width(text, size, bold) <= room {
		return text
	}
	signs := []rune(text)
	for len(signs) > 0 && p.width(string(signs)+ellipsis, size, bold) > room {
		signs = signs[:len(signs)-1]
	}
	return strings.TrimRight(string(signs), " ") + ellipsis
}

// wrap breaks a text into so many lines of bold letters; the last is cut when
// there is more.
func (p *pen) wrap(text string, size, room, lines int) []string {
	text = clean(text)
	var wrapped []string
	for len(wrapped) < lines-1 && p.width(text, size, true) > room {
		end := p.fitting(text, size, room)
		wrapped = append(wrapped, strings.TrimRight(text[:end], " "))
		text = strings.TrimLeft(text[end:], " ")
	}
	if text == "" {
		return wrapped
	}
	return append(wrapped, p.shortened(text, size, room, true))
}

// fitting is the length of the start of a text that fits, at a space when one
// stands in its second half; at least one sign.
func (p *pen) fitting(text string, size, room int) int {
	end := 0
	for i, sign := range text {
		next := i + len(string(sign))
		if p.width(text[:next], size, true) > room && end > 0 {
			break
		}
		end = next
	}
	if space := strings.LastIndexByte(text[:end], ' '); space > end/2 {
		return space
	}
	return end
}

// draw is a text in black on white, without room at its sides.
func (p *pen) draw(text string, size int, bold bool) *image.Gray {
	face := p.face(size, bold)
	if face == nil || text == "" {
		return image.NewGray(image.Rectangle{})
	}
	picture := image.NewGray(image.Rect(0, 0, p.width(text, size, bold), p.height(size)))
	draw.Draw(picture, picture.Rect, image.White, image.Point{}, draw.Src)
	drawer := font.Drawer{Dst: picture, Src: image.Black, Face: face}
	drawer.Dot = fixed.Point26_6{Y: fixed.I(size * 4 / 5)}
	drawer.DrawString(text)
	// A printer has no greys.
	for i, grey := range picture.Pix {
		picture.Pix[i] = 0
		if grey >= 0x80 {
			picture.Pix[i] = 0xFF
		}
	}
	return picture
}

// mostSigns is far more than any label has the room for.
const mostSigns = 200

// clean makes one line out of whatever a shop typed.
func clean(text string) string {
	if signs := []rune(text); len(signs) > mostSigns {
		text = string(signs[:mostSigns])
	}
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		if unicode.In(r, unicode.Cf) {
			return -1
		}
		return r
	}, norm.NFC.String(text))), " ")
}
