package zplsim

import (
	"image"
	"slices"
)

// The most a label measures, in dots, and the most copies of one.
const (
	mostDots   = 4000
	mostCopies = 10_000
)

// The size of the label that hangs in the printer when a format tells none, in
// dots.
const (
	usualWidth  = 832
	usualHeight = 400
)

// Label is a format: what stands on the label.
type Label struct {
	// Width and Height are in dots.
	Width, Height int
	Codes         []Code
	Texts         []Text
	// Unknown are the commands that were not understood.
	Unknown []string

	graphics []graphic
	copies   int
}

// Graphics is how many pictures and boxes stand on the label.
func (l Label) Graphics() int { return len(l.graphics) }

// Text is a line of text in the printer's own font.
type Text struct {
	Text string

	at   image.Point
	size int
}

// graphic is a picture of bits, or a box.
type graphic struct {
	at      image.Point
	picture *image.Gray
}

// format is a label in the making.
type format struct {
	label  Label
	home   image.Point
	module int
	// height is that of bars that do not tell their own, size that of letters.
	height, size int
	field        field
}

// field is what was said since the last end of a field.
type field struct {
	at image.Point
	// foot says that at is the lower left corner (^FT).
	foot bool
	// mark is what ^FH has stand before two hex digits, 0 for nothing.
	mark byte
	kind string
	args values
	data string
	has  bool
}

// bareFormat is a printer's state at ^XA.
func bareFormat() *format {
	return &format{label: Label{Width: usualWidth, Height: usualHeight, copies: 1}, module: 2, height: 10, size: 30}
}

// unseen are commands that change nothing that can be seen here: darkness,
// speed, media, encoding, orientation, mirror, comments.
func unseen() []string {
	return []string{
		"^CI", "^FR", "^FW", "^FX", "^ID", "^LR", "^LS", "^LT", "^MD", "^ML", "^MM", "^MN", "^MT", "^PF", "^PM", "^PO", "^PR", "^SD", "~SD",
	}
}

// apply takes a command of a format.
func (f *format) apply(c command) {
	v := c.values()
	switch c.name {
	case "^PW":
		f.label.Width = v.number(0, f.label.Width, mostDots)
	case "^LL":
		f.label.Height = v.number(0, f.label.Height, mostDots)
	case "^LH":
		f.home = image.Pt(v.number(0, 0, mostDots), v.number(1, 0, mostDots))
	case "^PQ":
		f.label.copies = v.number(0, 1, mostCopies)
	case "^BY":
		f.module, f.height = max(v.number(0, f.module, 10), 1), v.number(2, f.height, mostDots)
	case "^CF":
		f.size = max(v.number(1, f.size, mostDots), 1)
	default:
		f.applyToField(c, v)
	}
}

// applyToField takes a command about a field.
func (f *format) applyToField(c command, v values) {
	switch c.name {
	case "^FO", "^FT":
		f.field.at = f.home.Add(image.Pt(v.number(0, 0, mostDots), v.number(1, 0, mostDots)))
		f.field.foot = c.name == "^FT"
	case "^FH":
		f.field.mark = v.text(0, "_")[0]
	case "^FD":
		f.field.data, f.field.has = c.args, true
	case "^A", "^BE", "^B8", "^BC":
		f.field.kind, f.field.args = c.name, v
	case "^GB":
		f.box(v)
	case "^GF":
		f.picture(c.args)
	case "^FS":
		f.endField()
	default:
		if !slices.Contains(unseen(), c.name) {
			f.label.Unknown = append(f.label.Unknown, c.name)
		}
	}
}

// endField puts a field on the label.
func (f *format) endField() {
	done := f.field
	f.field = field{}
	if !done.has {
		return
	}
	data := done.data
	if done.mark != 0 {
		data = unhex(data, done.mark)
	}
	if done.kind != "" && done.kind != "^A" {
		f.label.Codes = append(f.label.Codes, f.code(done, data))
		return
	}
	size := max(done.args.number(1, f.size, mostDots), 1)
	f.label.Texts = append(f.label.Texts, Text{Text: data, at: done.place(size), size: size})
}

// place is a field's upper left corner.
func (f field) place(height int) image.Point {
	if f.foot {
		return f.at.Sub(image.Pt(0, height))
	}
	return f.at
}

// Read is the labels of a whole stream, each format once, however many copies
// are wanted.
func Read(stream []byte) []Label {
	var read lexer
	read.write(stream)
	var labels []Label
	var open *format
	for next, ok := read.next(); ok; next, ok = read.next() {
		switch {
		case next.name == "^XA":
			open = bareFormat()
		case next.name == "^XZ" && open != nil:
			labels = append(labels, open.label)
			open = nil
		case open != nil:
			open.apply(next)
		}
	}
	return labels
}
