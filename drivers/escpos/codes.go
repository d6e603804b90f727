package escpos

import (
	"image"
	"image/color"
	"slices"
	"strings"

	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/draw"

	"shopbox/drivers"
)

const (
	// barcodeHeight is 10 mm, enough for a hand scanner to hit.
	barcodeHeight = 80
	// gap is blank paper below a picture or code, in dots.
	gap = 12
)

// barcode is a CODE128 of code set B with its text below, centred. Data that
// CODE128 or the paper cannot hold is printed as text.
func (e encoder) barcode(data string) []byte {
	module := e.moduleOf(data)
	if module == 0 {
		return e.text(drivers.Text{Text: data, Align: drivers.Centre})
	}
	coded := "{B" + strings.ReplaceAll(data, "{", "{{")
	bars := slices.Concat(
		[]byte{0x1D, 'h', barcodeHeight, 0x1D, 'w', module, 0x1D, 'H', 2, 0x1D, 'f', 0},
		[]byte{0x1D, 'k', 73, byte(len(coded))}, []byte(coded),
	)
	return styled(look{align: drivers.Centre}, bars)
}

// moduleOf is the width of the narrowest bar, in dots, at which the barcode
// and its quiet zones fit on the paper; 0 when they cannot.
func (e encoder) moduleOf(data string) byte {
	if data == "" || len(data) > 100 || strings.ContainsFunc(data, func(r rune) bool { return r < 0x20 || r > 0x7E }) {
		return 0
	}
	// Start, check character and every character take 11 modules, stop 13, the
	// quiet zones 10 each.
	modules := 11*(len(data)+2) + 13 + 20
	for _, module := range []int{3, 2} {
		if modules*module <= e.profile.dots() {
			return byte(module)
		}
	}
	return 0
}

// qr is a QR code of error correction M, centred. Data that no QR code can
// hold is printed as text.
func (e encoder) qr(data string) [][]byte {
	drawn, err := qr.Encode(data, qr.M, qr.Auto)
	if err != nil || data == "" {
		return [][]byte{e.text(drivers.Text{Text: data, Align: drivers.Centre})}
	}
	modules := drawn.Bounds().Dx() + 8
	module := min(max(e.profile.dots()/2/modules, 3), 8)
	if !e.profile.QR {
		return e.image(drivers.Image{Picture: enlarged(drawn, module)})
	}
	stored := len(data) + 3
	code := slices.Concat(
		[]byte{0x1D, '(', 'k', 4, 0, 0x31, 0x41, 0x32, 0},
		[]byte{0x1D, '(', 'k', 3, 0, 0x31, 0x43, byte(module)},
		[]byte{0x1D, '(', 'k', 3, 0, 0x31, 0x45, 0x31},
		[]byte{0x1D, '(', 'k', byte(stored), byte(stored >> 8), 0x31, 0x50, 0x30}, []byte(data),
		[]byte{0x1D, '(', 'k', 3, 0, 0x31, 0x51, 0x30},
		[]byte{0x1B, 'J', gap},
	)
	return [][]byte{styled(look{align: drivers.Centre}, code)}
}

// enlarged is a code with modules of so many dots.
func enlarged(code image.Image, module int) image.Image {
	size := code.Bounds().Size().Mul(module)
	large := image.NewGray(image.Rectangle{Max: size})
	draw.NearestNeighbor.Scale(large, large.Rect, code, code.Bounds(), draw.Src, nil)
	return large
}

// bandRows is how many rows of a picture go in one command: small enough for a
// printer with a small buffer, and for its status to be asked in between.
const bandRows = 32

// image sends a picture with a gap below it.
func (e encoder) image(i drivers.Image) [][]byte {
	if i.Picture == nil || i.Picture.Bounds().Empty() {
		return nil
	}
	return append(e.bands(i), []byte{0x1B, 'J', gap})
}

// bands sends a picture in bands of GS v 0, centred, narrowed to the paper.
func (e encoder) bands(i drivers.Image) [][]byte {
	flat := flatten(i.Picture, e.profile.dots())
	if i.Shades {
		flat = dither(flat)
	}
	size := flat.Rect.Size()
	stride := (size.X + 7) / 8
	var pieces [][]byte
	for top := 0; top < size.Y; top += bandRows {
		rows := min(bandRows, size.Y-top)
		band := []byte{0x1D, 'v', '0', 0, byte(stride), byte(stride >> 8), byte(rows), byte(rows >> 8)}
		band = append(band, bits(flat, top, rows, stride)...)
		pieces = append(pieces, styled(look{align: drivers.Centre}, band))
	}
	return pieces
}

// flatten lays a picture on white and narrows it when it is wider than the
// paper.
func flatten(picture image.Image, width int) *image.Gray {
	size := picture.Bounds().Size()
	if size.X > width {
		size = image.Pt(width, max(size.Y*width/size.X, 1))
	}
	flat := image.NewGray(image.Rectangle{Max: size})
	draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(flat, flat.Rect, picture, picture.Bounds(), draw.Over, nil)
	return flat
}

// dither draws greys as black dots, spread by the error of those before them
// (Floyd and Steinberg).
func dither(flat *image.Gray) *image.Gray {
	dots := image.NewPaletted(flat.Rect, color.Palette{color.Black, color.White})
	draw.FloydSteinberg.Draw(dots, dots.Rect, flat, flat.Rect.Min)
	dithered := image.NewGray(flat.Rect)
	draw.Draw(dithered, dithered.Rect, dots, dots.Rect.Min, draw.Src)
	return dithered
}

// bits packs rows of a picture, a bit a dot, set where it is darker than half.
func bits(flat *image.Gray, top, rows, stride int) []byte {
	packed := make([]byte, stride*rows)
	for y := range rows {
		for x := range flat.Rect.Dx() {
			if flat.GrayAt(x, top+y).Y < 0x80 {
				packed[y*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return packed
}
