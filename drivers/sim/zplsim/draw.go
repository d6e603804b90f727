package zplsim

import (
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"shopbox/drivers/paper"
)

// box is ^GB: width, height, thickness.
func (f *format) box(v values) {
	thick := max(v.number(2, 1, mostDots), 1)
	width, height := max(v.number(0, thick, mostDots), thick), max(v.number(1, thick, mostDots), thick)
	picture := white(width, height)
	draw.Draw(picture, picture.Rect, image.Black, image.Point{}, draw.Src)
	draw.Draw(picture, picture.Rect.Inset(thick), image.White, image.Point{}, draw.Src)
	f.add(height, picture)
}

// mostGraphics is how many pictures a label holds; a printer's memory ends too.
const mostGraphics = 64

func (f *format) add(height int, picture *image.Gray) {
	if len(f.label.graphics) < mostGraphics {
		f.label.graphics = append(f.label.graphics, graphic{at: f.field.place(height), picture: picture})
	}
}

// picture is ^GF: how it is written, counts of bytes, bytes a row, and the dots.
func (f *format) picture(args string) {
	parts := strings.SplitN(args, ",", 5)
	if len(parts) < 5 {
		return
	}
	v := values(parts)
	total, stride := v.number(2, 0, mostDots*mostDots/8), v.number(3, 0, mostDots/8)
	if stride == 0 || total < stride || total/stride > mostDots {
		return
	}
	dots := []byte(parts[4])
	if parts[0] != "B" {
		dots = unpack(parts[4], stride, total)
	}
	picture := white(stride*8, total/stride)
	for i := range picture.Pix {
		if at := i / 8; at < len(dots) && dots[at]>>(7-i%8)&1 == 1 {
			picture.Pix[i] = 0
		}
	}
	f.add(picture.Rect.Dy(), picture)
}

// unpack reads the digits of ^GFA, with the marks that shorten them: a letter
// repeats the digit behind it (G to Y 1 to 19 times, g to z 20 to 400 times), a
// comma fills the row with white, an exclamation mark with black, a colon
// repeats the row above.
func unpack(text string, stride, total int) []byte {
	var digits []byte
	row, times := 2*stride, 0
	for i := 0; i < len(text) && len(digits) < 2*total; i++ {
		missing := row - len(digits)%row
		switch sign := text[i]; {
		case sign >= 'G' && sign <= 'Y':
			times += int(sign-'G') + 1
		case sign >= 'g' && sign <= 'z':
			times += 20 * (int(sign-'g') + 1)
		case sign == ',':
			digits = append(digits, strings.Repeat("0", missing)...)
		case sign == '!':
			digits = append(digits, strings.Repeat("F", missing)...)
		case sign == ':' && len(digits) >= row:
			digits = append(digits, digits[len(digits)-row:]...)
		case strings.IndexByte("0123456789ABCDEFabcdef", sign) >= 0:
			digits = append(digits, strings.Repeat(string(sign), min(max(times, 1), 2*total))...)
			times = 0
		}
	}
	dots := make([]byte, len(digits)/2)
	_, _ = hex.Decode(dots, digits[:len(dots)*2])
	return dots[:min(len(dots), total)]
}

func white(width, height int) *image.Gray {
	picture := image.NewGray(image.Rect(0, 0, width, height))
	draw.Draw(picture, picture.Rect, image.White, image.Point{}, draw.Src)
	return picture
}

// Picture is the label as it comes out: black on white, a dot a pixel.
func (l Label) Picture() (*image.Gray, error) {
	picture := white(max(l.Width, 1), max(l.Height, 1))
	for _, drawn := range l.graphics {
		blacken(picture, drawn.at, drawn.picture)
	}
	texts := l.Texts
	for _, code := range l.Codes {
		if bars := code.bars(); bars != nil {
			blacken(picture, code.at, bars)
		}
		if code.text {
			texts = append(slices.Clip(texts), Text{Text: code.Data, at: code.at.Add(image.Pt(0, code.height+2)), size: 20})
		}
	}
	for _, text := range texts {
		if err := text.draw(picture); err != nil {
			return nil, err
		}
	}
	return picture, nil
}

// blacken lays the black dots of a picture over another.
func blacken(picture *image.Gray, at image.Point, over *image.Gray) {
	for y := range over.Rect.Dy() {
		for x := range over.Rect.Dx() {
			if over.GrayAt(x, y).Y == 0 {
				picture.SetGray(at.X+x, at.Y+y, color.Gray{})
			}
		}
	}
}

// tallest is the tallest letter drawn, in dots.
const tallest = 400

func (t Text) draw(picture *image.Gray) error {
	file, err := paper.Font(false)
	if err != nil {
		return err
	}
	parsed, err := opentype.Parse(file)
	if err != nil {
		return fmt.Errorf("font: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: float64(min(t.size, tallest)), DPI: 72})
	if err != nil {
		return fmt.Errorf("font: %w", err)
	}
	drawer := font.Drawer{Dst: picture, Src: image.Black, Face: face, Dot: fixed.P(t.at.X, t.at.Y+t.size*4/5)}
	drawer.DrawString(t.Text)
	return nil
}
