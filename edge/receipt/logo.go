package receipt

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// The reasons why a file cannot be the shop's logo.
var (
	// ErrLogoFile says that the file is no whole PNG or JPEG picture.
	ErrLogoFile = errors.New("logo_file")
	// ErrLogoBytes and ErrLogoPixels say that the file, or the picture in it, is
	// larger than a box may open.
	ErrLogoBytes  = errors.New("logo_too_many_bytes")
	ErrLogoPixels = errors.New("logo_too_many_pixels")
	// ErrLogoBlank says that nothing of the picture would be seen on paper, as of
	// white letters without a ground.
	ErrLogoBlank = errors.New("logo_blank")
)

// What a logo may be before it is made ready, and what it is afterwards.
const (
	// MaxLogoBytes is the largest file, MaxLogoPixels the largest picture: what a
	// telephone makes, and what a small box has the memory for.
	MaxLogoBytes  = 4 << 20
	MaxLogoPixels = 16_000_000
	// logoWidth and logoHeight are the most a logo takes of the paper, in dots of
	// which there are 8 in a millimetre: 60 by 20 mm.
	logoWidth  = 480
	logoHeight = 160
	// canvasSide is the size in which the margins of a large picture are found.
	canvasSide = 1440
	// logoShades is how many greys are kept. The paper shows no more, and the
	// picture lies in the print queue with every receipt.
	logoShades = 16
	// paperWhite is from where on a grey counts as bare paper.
	paperWhite = 0xF4
)

// ReadLogo makes a picture file ready for the head of receipts: grey, on white,
// without an empty margin, and never larger than 60 by 20 mm. A smaller one
// keeps its size.
func ReadLogo(file []byte) (image.Image, error) {
	picture, err := decodeLogo(file)
	if err != nil {
		return nil, err
	}
	canvas := onWhite(picture, picture.Bounds(), fitted(picture.Bounds().Size(), image.Pt(canvasSide, canvasSide)))
	seen := inked(canvas)
	if seen.Empty() {
		return nil, ErrLogoBlank
	}
	flat := onWhite(canvas, seen, fitted(seen.Size(), image.Pt(logoWidth, logoHeight)))
	ready := image.NewPaletted(flat.Rect, greys())
	draw.Draw(ready, ready.Rect, flat, image.Point{}, draw.Src)
	return ready, nil
}

// decodeLogo looks at the size before it opens the picture.
func decodeLogo(file []byte) (image.Image, error) {
	if len(file) > MaxLogoBytes {
		return nil, ErrLogoBytes
	}
	measure, open := jpeg.DecodeConfig, jpeg.Decode
	if bytes.HasPrefix(file, []byte("\x89PNG")) {
		measure, open = png.DecodeConfig, png.Decode
	}
	size, err := measure(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLogoFile, err)
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > MaxLogoPixels/size.Height {
		return nil, ErrLogoPixels
	}
	picture, err := open(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLogoFile, err)
	}
	return picture, nil
}

// onWhite is a part of a picture laid on white in another size.
func onWhite(picture image.Image, part image.Rectangle, size image.Point) *image.RGBA {
	laid := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(laid, laid.Rect, image.White, image.Point{}, draw.Src)
	draw.BiLinear.Scale(laid, laid.Rect, picture, part, draw.Over, nil)
	return laid
}

// inked is the part of a picture that is not bare paper.
func inked(picture *image.RGBA) image.Rectangle {
	var seen image.Rectangle
	for y := range picture.Rect.Dy() {
		for x := range picture.Rect.Dx() {
			if grey, is := color.GrayModel.Convert(picture.RGBAAt(x, y)).(color.Gray); is && grey.Y < paperWhite {
				seen = seen.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return seen
}

// fitted is a size made small enough for a room, its proportions kept.
func fitted(size, room image.Point) image.Point {
	if size.X > room.X {
		size = image.Pt(room.X, max(size.Y*room.X/size.X, 1))
	}
	if size.Y > room.Y {
		size = image.Pt(max(size.X*room.Y/size.Y, 1), room.Y)
	}
	return size
}

// greys are the shades of a logo from black to white.
func greys() color.Palette {
	palette := make(color.Palette, logoShades)
	for i := range palette {
		palette[i] = color.Gray{Y: uint8(i * 0xFF / (logoShades - 1))}
	}
	return palette
}
