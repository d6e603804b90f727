package slippdf

import (
	"compress/zlib"
	"fmt"

	"github.com/signintech/gopdf"

	"shopbox/protocol/money"
)

// The measures of the paper in points.
const (
	left   = 56.0
	right  = 595.28 - left
	top    = 52.0
	bottom = 841.89 - 56
	// The two columns right of the labels: methods, then amounts.
	methodAt = left + 122
	amountAt = right - 96
	gap      = 10.0
	// headWidth is the room for the shop beside the title.
	headWidth = 250.0
	pad       = 14.0

	rowHeight = 12.0
)

// The five sizes of type.
const (
	note       = 8.0
	body       = 9.5
	control    = 11.5
	title      = 19.0
	amountSize = 22.0
)

// colour is red, green, blue.
type colour [3]uint8

// The roles of colour; the accent is for the one amount that matters.
const (
	ink role = iota
	muted
	hairline
	accent
	raised
)

type role int

var paints = [...]colour{
	ink: {0x1b, 0x21, 0x28}, muted: {0x5d, 0x67, 0x71}, hairline: {0xdd, 0xe2, 0xe7}, accent: {0x0b, 0x5f, 0x8a},
	raised: {0xf3, 0xf6, 0xf8},
}

// sheet draws pages with y as the current base line. The first failure stays
// in err and ends the drawing.
type sheet struct {
	pdf *gopdf.GoPdf
	y   float64
	err error
}

func (p *Press) newSheet() (*sheet, error) {
	s := &sheet{pdf: &gopdf.GoPdf{}}
	s.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	s.pdf.SetCompressLevel(zlib.BestSpeed)
	for _, name := range []string{regular, bold} {
		if err := s.pdf.AddTTFFontFromFontContainer(name, &p.fonts); err != nil {
			return nil, err
		}
	}
	s.page()
	return s, nil
}

func (s *sheet) page() {
	s.pdf.AddPage()
	s.y = top
}

// need begins a new page when less than this height is left.
func (s *sheet) need(height float64) {
	if s.y+height > bottom {
		s.page()
	}
}

// keep keeps the first failure.
func (s *sheet) keep(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *sheet) font(paint role, font string, size float64) {
	c := paints[paint]
	s.pdf.SetTextColor(c[0], c[1], c[2])
	s.keep(s.pdf.SetFont(font, "", size))
}

func (s *sheet) text(x float64, paint role, font string, size float64, text string) {
	if text == "" || s.err != nil {
		return
	}
	s.font(paint, font, size)
	s.pdf.SetXY(x, s.y)
	s.keep(s.pdf.Text(text))
}

// right ends the text at x.
func (s *sheet) right(x float64, paint role, font string, size float64, text string) {
	s.text(x-s.width(text, font, size), paint, font, size, text)
}

// amount ends with the unit in note size, so that all figures of a column
// stand under each other.
func (s *sheet) amount(x float64, paint role, font string, size float64, value money.Won) {
	unit := note
	if size > control {
		unit = control
	}
	s.right(x, muted, regular, unit, "원")
	s.right(x-s.width("원", regular, unit)-2, paint, font, size, value.String())
}

func (s *sheet) width(text, font string, size float64) float64 {
	if text == "" || s.err != nil {
		return 0
	}
	s.font(ink, font, size)
	width, err := s.pdf.MeasureTextWidth(text)
	s.keep(err)
	return width
}

// wrap breaks a text into lines of a width, at spaces where there are any.
func (s *sheet) wrap(text string, width float64, font string, size float64) []string {
	var lines []string
	rest := []rune(text)
	for len(rest) > 0 && s.err == nil {
		fit, space := 0, 0
		for fit < len(rest) && s.width(string(rest[:fit+1]), font, size) <= width {
			if rest[fit] == ' ' {
				space = fit
			}
			fit++
		}
		switch {
		case fit == len(rest):
			return append(lines, string(rest))
		case space > 0:
			lines, rest = append(lines, string(rest[:space])), rest[space+1:]
		default:
			fit = max(fit, 1)
			lines, rest = append(lines, string(rest[:fit])), rest[fit:]
		}
	}
	return lines
}

// rule is a line across the page.
func (s *sheet) rule(paint role) {
	c := paints[paint]
	s.pdf.SetStrokeColor(c[0], c[1], c[2])
	s.pdf.SetLineWidth(0.6)
	s.pdf.Line(left, s.y, right, s.y)
}

// band is a quiet surface from here down.
func (s *sheet) band(height float64) {
	c := paints[raised]
	s.pdf.SetFillColor(c[0], c[1], c[2])
	s.pdf.RectFromUpperLeftWithStyle(left, s.y, right-left, height, "F")
}

// numberPages numbers the pages when there are several.
func (s *sheet) numberPages() {
	pages := s.pdf.GetNumberOfPages()
	if pages < 2 {
		return
	}
	for number := range pages {
		s.keep(s.pdf.SetPage(number + 1))
		s.y = bottom + 24
		s.right(right, muted, regular, note, fmt.Sprintf("%d / %d", number+1, pages))
	}
}
