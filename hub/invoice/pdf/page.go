package pdf

import "unicode/utf8"

type align int

const (
	left align = iota
	centre
	right
)

// look is how a text stands in its cell. Sizes are in points.
type look struct {
	size, least float64
	bold        bool
	oneLine     bool
	align       align
	label       bool // tinted, in the colour of the form
	stacked     bool // one character below the other
	negative    bool // in red
	bare        bool // without a frame
}

// run is a piece of a line that mixes looks.
type run struct {
	text   string
	size   float64
	bold   bool
	marked bool // with a ring around it
}

// cell is a field of the form: a text, or one line of runs.
type cell struct {
	width float64
	text  string
	look  look
	runs  []run
}

// placed is a cell at its place, in millimetres from the top left corner.
type placed struct {
	cell

	x, y, height float64
}

// page is one side of paper, filled from top to bottom.
type page struct {
	cells  []placed
	frames []frame
	y      float64
}

// frame is the heavy line around a block.
type frame struct{ x, y, width, height float64 }

// What stays free around a text in its cell.
const (
	padding = 0.8 // left and right
	air     = 0.5 // above and below
)

// put places a cell without moving on.
func (p *page) put(x, y, height float64, c cell) {
	p.cells = append(p.cells, placed{cell: c, x: x, y: y, height: height})
}

// row places cells side by side from the left margin and moves below them.
func (p *page) row(height float64, cells ...cell) {
	x := margin
	for _, c := range cells {
		p.put(x, p.y, height, c)
		x += c.width
	}
	p.y += height
}

// high is the height of a row: the usual one, or more if a text needs it.
func (t *typesetter) high(usual float64, cells ...cell) float64 {
	for _, c := range cells {
		if len(c.runs) == 0 && !c.look.stacked {
			usual = max(usual, t.fit(c.text, c.look, c.width-2*padding, usual-2*air).height()+2*air)
		}
	}
	return usual
}

// flow is row with the height that the texts need.
func (p *page) flow(t *typesetter, usual float64, cells ...cell) {
	p.row(t.high(usual, cells...), cells...)
}

type colour struct{ r, g, b int }

// palette is the ink of a copy.
type palette struct{ line, label, tint colour }

func paletteOf(which Copy) palette {
	if which == BuyerCopy {
		return palette{line: colour{102, 102, 153}, label: colour{70, 70, 140}, tint: colour{240, 241, 250}}
	}
	return palette{line: colour{230, 100, 100}, label: colour{212, 71, 71}, tint: colour{255, 241, 240}}
}

func black() colour { return colour{20, 20, 20} }
func alarm() colour { return colour{200, 0, 0} }

// The widths of lines in millimetres.
const (
	fine  = 0.15
	heavy = 0.5
)

func (p *page) draw(t *typesetter, ink palette) {
	t.AddPage()
	t.SetDrawColor(ink.line.r, ink.line.g, ink.line.b)
	t.SetLineWidth(fine)
	for _, c := range p.cells {
		c.draw(t, ink)
	}
	t.SetLineWidth(heavy)
	for _, f := range p.frames {
		t.Rect(f.x, f.y, f.width, f.height, "D")
	}
}

func (c placed) draw(t *typesetter, ink palette) {
	if c.look.label {
		t.SetFillColor(ink.tint.r, ink.tint.g, ink.tint.b)
		t.Rect(c.x, c.y, c.width, c.height, "FD")
	} else if !c.look.bare {
		t.Rect(c.x, c.y, c.width, c.height, "D")
	}
	pen := black()
	switch {
	case c.look.label:
		pen = ink.label
	case c.look.negative:
		pen = alarm()
	}
	t.SetTextColor(pen.r, pen.g, pen.b)
	switch {
	case len(c.runs) > 0:
		c.drawRuns(t)
	case c.look.stacked:
		c.drawStacked(t)
	default:
		c.drawText(t)
	}
}

func (c placed) drawText(t *typesetter) {
	text := t.fit(c.text, c.look, c.width-2*padding, c.height-2*air)
	y := c.y + (c.height-text.height())/2
	for _, line := range text.lines {
		at := c.x + padding
		if free := c.width - 2*padding - t.width(line, c.look.bold, text.size); c.look.align == right {
			at += free
		} else if c.look.align == centre {
			at += free / 2
		}
		t.choose(c.look.bold, text.size)
		t.Text(at, y+(leading/2+baseline)*text.size*millimetre, line)
		y += leading * text.size * millimetre
	}
}

// drawStacked spreads the characters over the height.
func (c placed) drawStacked(t *typesetter) {
	each := min(c.height/float64(utf8.RuneCountInString(c.text)), c.look.size*millimetre*1.6)
	y := c.y + (c.height-each*float64(utf8.RuneCountInString(c.text)))/2
	for _, r := range c.text {
		width := t.width(string(r), c.look.bold, c.look.size)
		t.Text(c.x+(c.width-width)/2, y+each/2+baseline*c.look.size*millimetre, string(r))
		y += each
	}
}

func (c placed) drawRuns(t *typesetter) {
	total := 0.0
	for _, r := range c.runs {
		total += t.width(r.text, r.bold, r.size)
	}
	x := c.x + (c.width-total)/2
	middle := c.y + c.height/2
	for _, r := range c.runs {
		width := t.width(r.text, r.bold, r.size)
		t.Text(x, middle+baseline*c.runs[0].size*millimetre, r.text)
		if r.marked {
			t.SetLineWidth(2 * fine)
			tall := r.size * millimetre * 1.5
			t.RoundedRect(x-0.7, middle-tall/2, width+1.4, tall, tall/2, "1234", "D")
			t.SetLineWidth(fine)
		}
		x += width
	}
}
