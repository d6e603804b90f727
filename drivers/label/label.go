// Package label lays a label out in dots: where each line of text and the
// barcode stand, whatever language the printer speaks. The drivers of printers
// call it, and the box for a preview and to know whether a code has room.
//
// What always holds: nothing leaves the label; the price is never cut short; a
// barcode keeps its quiet zones and bars wide enough for a scanner, or it is
// drivers.ErrLabel.
package label

import (
	"fmt"
	"image"
	"image/draw"

	"shopbox/drivers"
)

// Plan is a label laid out. All measures are in dots.
type Plan struct {
	Size  image.Point
	Texts []Text
	// Bars is nil for a label without a barcode.
	Bars *Bars
}

// Text is a line of text, drawn, and its upper left corner.
type Text struct {
	At      image.Point
	Picture *image.Gray
}

// Bars is a barcode and its upper left corner, where the first bar begins. What
// the code says is one of the texts.
type Bars struct {
	At     image.Point
	Code   drivers.LabelCode
	Module int
	// Modules is how many modules wide the code is, Height how many dots high.
	Modules, Height int
}

// The measures of a label in tenths of a millimetre, before it is scaled to its
// height.
const (
	margin      = 15
	titleSize   = 34
	priceSize   = 52
	noteSize    = 24
	digitsSize  = 24
	barsGap     = 8
	leastBars   = 50
	usualHeight = 250
	// tenthsInInch is an inch in tenths of a millimetre.
	tenthsInInch = 254
)

// The sizes a label may have, in millimetres.
const (
	Least = 15
	Most  = 120
)

// titleLines is how many lines a title may have before it is cut.
const titleLines = 2

// Lay lays a label out. A label of an odd size, and one whose barcode has not
// the room, is drivers.ErrLabel.
func Lay(label drivers.Label, stock drivers.LabelStock) (Plan, error) {
	if label.Width < Least || label.Width > Most || label.Height < Least || label.Height > Most {
		return Plan{}, fmt.Errorf("%w: %d by %d mm", drivers.ErrLabel, label.Width, label.Height)
	}
	l, err := newLayout(label, stock)
	if err != nil {
		return Plan{}, err
	}
	if err := l.code(label.Code, label.Title); err != nil {
		return Plan{}, err
	}
	l.priceAndNotes(label.Price, label.Notes)
	l.title(label.Title)
	return l.plan, nil
}

// layout fills a plan from the bottom up: the code has its place, and the title
// gets what is left.
type layout struct {
	plan  Plan
	pen   *pen
	stock drivers.LabelStock
	// scale is the label's height in thousandths of the usual one.
	scale  int
	margin int
	// bottom is where the free room ends.
	bottom int
}

func newLayout(label drivers.Label, stock drivers.LabelStock) (*layout, error) {
	pen, err := newPen()
	if err != nil {
		return nil, err
	}
	l := &layout{pen: pen, stock: stock}
	l.scale = min(max(label.Height*10*1000/usualHeight, 700), 1800)
	if label.Code.Data == "" {
		l.scale = l.scale * 3 / 2
	}
	l.plan.Size = image.Pt(l.dots(label.Width*10), l.dots(label.Height*10))
	if stock.Widest > 0 {
		l.plan.Size.X = min(l.plan.Size.X, stock.Widest)
	}
	l.margin = l.dots(margin)
	l.bottom = l.plan.Size.Y - l.margin
	return l, nil
}

// dots is a length in tenths of a millimetre.
func (l *layout) dots(tenths int) int {
	return (tenths*l.stock.Resolution + tenthsInInch/2) / tenthsInInch
}

// scaled is a measure at the label's height, in dots.
func (l *layout) scaled(tenths int) int { return l.dots(tenths * l.scale / 1000) }

// room is how wide a line may be.
func (l *layout) room() int { return l.plan.Size.X - 2*l.margin }

// put adds a line of text.
func (l *layout) put(picture *image.Gray, x, y int) {
	if !picture.Rect.Empty() {
		l.plan.Texts = append(l.plan.Texts, Text{At: image.Pt(x, y), Picture: picture})
	}
}

// code puts the barcode at the bottom, with what it says below it, across the
// middle. It takes the lower half, less under a title of two lines, and never
// less than a scanner needs.
func (l *layout) code(code drivers.LabelCode, title string) error {
	if code.Data == "" {
		return nil
	}
	symbol, err := read(code)
	if err != nil {
		return err
	}
	module, err := symbol.module(l.plan.Size.X, l.stock)
	if err != nil {
		return err
	}
	digits := l.pen.line(code.Data, l.scaled(digitsSize), l.room(), true)
	l.bottom -= digits.Rect.Dy()
	l.put(digits, (l.plan.Size.X-digits.Rect.Dx())/2, l.bottom)
	top := l.plan.Size.Y * 45 / 100
	if l.pen.width(clean(title), l.scaled(titleSize), true) > l.room() {
		top = l.plan.Size.Y * 57 / 100
	}
	height := max(l.bottom-top, l.dots(leastBars))
	left := (l.plan.Size.X - (symbol.modules+symbol.left+symbol.right)*module) / 2
	l.bottom -= height + l.dots(barsGap)/2
	l.plan.Bars = &Bars{
		At: image.Pt(left+symbol.left*module, l.bottom), Code: code, Module: module, Modules: symbol.modules, Height: height,
	}
	l.bottom -= l.dots(barsGap)
	return nil
}

// priceAndNotes puts the price at the right and the notes left of it, all on
// one foot. A long price makes room for the notes, up to a point.
func (l *layout) priceAndNotes(price string, notes []string) {
	room := l.room()
	for _, note := range notes {
		room = min(room, l.room()-l.margin-l.pen.width(clean(note), l.scaled(noteSize), false))
	}
	priced := l.pen.line(price, l.scaled(priceSize), max(room, l.room()/2), true)
	l.put(priced, l.plan.Size.X-l.margin-priced.Rect.Dx(), l.bottom-priced.Rect.Dy())
	beside := l.room() - priced.Rect.Dx() - l.margin
	foot := l.bottom
	for i := len(notes) - 1; i >= 0 && beside > 0; i-- {
		note := l.pen.cut(notes[i], l.scaled(noteSize), beside, false)
		if foot-note.Rect.Dy() < l.margin {
			break
		}
		foot -= note.Rect.Dy()
		l.put(note, l.margin, foot)
	}
	l.bottom = min(foot, l.bottom-priced.Rect.Dy())
}

// title fills what is left above, in at most two lines; smaller letters rather
// than none.
func (l *layout) title(title string) {
	size := min(l.scaled(titleSize), max(l.bottom-l.margin/2, 1))
	lines := min(titleLines, max((l.bottom-l.margin/2)/l.pen.height(size), 1))
	y := l.margin / 2
	for _, line := range l.pen.wrap(title, size, l.room(), lines) {
		picture := l.pen.line(line, size, l.room(), true)
		l.put(picture, l.margin, y)
		y += l.pen.height(size)
	}
}

// Picture is the label as it comes out of the printer: black on white.
func (p Plan) Picture() *image.Gray {
	picture := image.NewGray(image.Rectangle{Max: p.Size})
	draw.Draw(picture, picture.Rect, image.White, image.Point{}, draw.Src)
	for _, text := range p.Texts {
		draw.Draw(picture, text.Picture.Rect.Add(text.At), text.Picture, image.Point{}, draw.Src)
	}
	if p.Bars != nil {
		bars := p.Bars.picture()
		draw.Draw(picture, bars.Rect.Add(p.Bars.At), bars, image.Point{}, draw.Src)
	}
	return picture
}
