package paper

import (
	"embed"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// fonts holds the font files that `make setup` copies in; they are not part
// of the source.
//
//go:embed all:font
var fonts embed.FS

// ErrNoFont says that the program was built without the font files.
var ErrNoFont = errors.New("no font to draw paper with: run make setup and build again")

// The measures of a printer with 203 dots an inch, in dots.
const (
	cellWidth  = 12
	cellHeight = 24
	// lineGap is the blank between two lines (ESC 2: a sixth of an inch).
	lineGap = 6
	// margin is the paper around the printable width.
	margin = 28
	// glyphSize makes a Hangul syllable fill its two cells.
	glyphSize = 23
	// baseline is where characters stand in their cell.
	baseline = 19
)

// Picture draws the slip in black and white, one dot a pixel.
func (s Slip) Picture() (image.Image, error) {
	canvas, err := s.draw()
	if err != nil {
		return nil, err
	}
	return canvas, nil
}

// Strip is Picture without the blank paper around the printable part.
func (s Slip) Strip() (image.Image, error) {
	canvas, err := s.draw()
	if err != nil {
		return nil, err
	}
	return canvas.SubImage(canvas.Rect.Inset(margin)), nil
}

func (s Slip) draw() (*image.Gray, error) {
	pen, err := newPen(s)
	if err != nil {
		return nil, err
	}
	for _, line := range s.Lines {
		pen.line(line, s.Columns)
	}
	return pen.canvas, nil
}

// pen draws lines from top to bottom.
type pen struct {
	canvas        *image.Gray
	regular, bold *opentype.Font
	faces         map[faceKey]font.Face
	y             int
}

type faceKey struct {
	bold bool
	size int
}

func newPen(s Slip) (*pen, error) {
	regular, err := loadFont(false)
	if err != nil {
		return nil, err
	}
	bold, err := loadFont(true)
	if err != nil {
		return nil, err
	}
	height := 2 * margin
	for _, line := range s.Lines {
		height += line.height()
	}
	canvas := image.NewGray(image.Rect(0, 0, max(s.Columns, 1)*cellWidth+2*margin, height))
	draw.Draw(canvas, canvas.Rect, image.White, image.Point{}, draw.Src)
	return &pen{canvas: canvas, regular: regular, bold: bold, faces: map[faceKey]font.Face{}, y: margin}, nil
}

func loadFont(bold bool) (*opentype.Font, error) {
	file, err := Font(bold)
	if err != nil {
		return nil, err
	}
	parsed, err := opentype.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("font: %w", err)
	}
	return parsed, nil
}

// Font is the TrueType file of the Korean font, for other papers than slips
// of a printer; without the font files it is ErrNoFont.
func Font(bold bool) ([]byte, error) {
	name := "NanumGothic_400Regular.ttf"
	if bold {
		name = "NanumGothic_700Bold.ttf"
	}
	file, err := fonts.ReadFile("font/" + name)
	if err != nil {
		return nil, ErrNoFont
	}
	return file, nil
}

// height is what the line takes on the paper, in dots.
func (l Line) height() int {
	switch {
	case l.Barcode != nil:
		return l.Barcode.drawnHeight()
	case l.QR != nil:
		return drawQR(*l.QR).Bounds().Dy() + lineGap
	case l.Picture != nil:
		return l.Picture.Rect.Dy()
	case l.Feed > 0:
		return l.Feed
	}
	tall := 1
	for _, run := range l.Runs {
		tall = max(tall, run.Style.Tall)
	}
	return tall*cellHeight + lineGap
}

func (p *pen) line(line Line, columns int) {
	switch {
	case line.Barcode != nil:
		p.barcode(line)
	case line.QR != nil:
		p.paste(drawQR(*line.QR), line.Align, p.y)
	case line.Picture != nil:
		p.paste(line.Picture, line.Align, p.y)
	default:
		p.runs(line, line.offset(columns)*cellWidth, p.y)
	}
	p.y += line.height()
}

// paste puts a picture at its place in the width of the paper.
func (p *pen) paste(picture image.Image, align Align, y int) {
	size := picture.Bounds().Size()
	x := margin + align.offset(p.canvas.Rect.Dx()-2*margin-size.X)
	draw.Draw(p.canvas, image.Rect(x, y, x+size.X, y+size.Y), picture, picture.Bounds().Min, draw.Src)
}

// runs draws characters cell by cell from x dots; all stand on one baseline.
func (p *pen) runs(line Line, x, y int) {
	bottom := y + line.height() - lineGap
	for _, run := range line.Runs {
		for _, character := range run.Text {
			width := runeWidth(character) * cellWidth * run.Style.Wide
			cell := image.Rect(margin+x, bottom-cellHeight*run.Style.Tall, margin+x+width, bottom)
			p.character(character, cell, run.Style)
			x += width
		}
	}
}

// character draws one character into its cell.
func (p *pen) character(character rune, cell image.Rectangle, style Style) {
	if style.Invert {
		draw.Draw(p.canvas, cell, image.Black, image.Point{}, draw.Src)
	}
	scale := max(style.Wide, style.Tall)
	glyph := p.glyph(character, scale, style)
	ink := image.NewUniform(color.Gray{})
	if style.Invert {
		ink = image.NewUniform(color.Gray{Y: 0xFF})
	}
	xdraw.DrawMask(p.canvas, cell, ink, image.Point{}, stretch(glyph, cell.Size()), image.Point{}, xdraw.Over)
	if style.Underline {
		line := image.Rect(cell.Min.X, cell.Max.Y-2, cell.Max.X, cell.Max.Y)
		draw.Draw(p.canvas, line, ink, image.Point{}, draw.Src)
	}
}

// glyph draws a character in the middle of a cell scaled evenly.
func (p *pen) glyph(character rune, scale int, style Style) *image.Alpha {
	width := runeWidth(character) * cellWidth * scale
	face := p.face(faceKey{bold: style.Bold, size: glyphSize * scale})
	if face == nil {
		return image.NewAlpha(image.Rect(0, 0, width, cellHeight*scale))
	}
	// A letter wider than its cell, such as m, is squeezed into it later.
	bounds, advance, _ := face.GlyphBounds(character)
	if (bounds.Max.X - bounds.Min.X).Ceil() > width {
		width = advance.Ceil()
	}
	mask := image.NewAlpha(image.Rect(0, 0, width, cellHeight*scale))
	drawer := font.Drawer{Dst: mask, Src: image.Opaque, Face: face}
	drawer.Dot = fixed.Point26_6{X: (fixed.I(width) - advance) / 2, Y: fixed.I(baseline * scale)}
	drawer.DrawString(string(character))
	return mask
}

// stretch gives a glyph the size of its cell, for characters that are wide or
// tall only.
func stretch(glyph *image.Alpha, size image.Point) *image.Alpha {
	if glyph.Rect.Size() == size {
		return glyph
	}
	stretched := image.NewAlpha(image.Rectangle{Max: size})
	xdraw.ApproxBiLinear.Scale(stretched, stretched.Rect, glyph, glyph.Rect, xdraw.Src, nil)
	return stretched
}

func (p *pen) face(key faceKey) font.Face {
	if face, drawn := p.faces[key]; drawn {
		return face
	}
	source := p.regular
	if key.bold {
		source = p.bold
	}
	face, err := opentype.NewFace(source, &opentype.FaceOptions{Size: float64(key.size), DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		face = nil
	}
	p.faces[key] = face
	return face
}
