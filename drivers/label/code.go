package label

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/ean"

	"shopbox/drivers"
)

// symbol is a barcode's width and its quiet zones, in modules.
type symbol struct {
	modules, left, right int
}

// What GS1 General Specifications ask of a symbol: 5.2 for EAN, 5.4 for
// Code 128, whose widths are start, data, check and stop.
const (
	ean13Modules = 95
	ean8Modules  = 67
	signModules  = 11
	stopModules  = 13
)

// read measures a code; one whose data its symbology cannot hold is
// drivers.ErrLabel.
func read(code drivers.LabelCode) (symbol, error) {
	if _, err := encode(code); err != nil {
		return symbol{}, fmt.Errorf("%w: %s: %w", drivers.ErrLabel, code.Symbology, err)
	}
	switch code.Symbology {
	case drivers.EAN13:
		return symbol{modules: ean13Modules, left: 11, right: 7}, nil
	case drivers.EAN8:
		return symbol{modules: ean8Modules, left: 7, right: 7}, nil
	default:
		signs := len(code.Data)
		if Pairs(code.Data) {
			signs /= 2
		}
		return symbol{modules: signModules*(signs+2) + stopModules, left: 10, right: 10}, nil
	}
}

// Pairs reports whether Code 128 packs data two digits a sign, by its code set
// C. Both a printer and the plan go by it.
func Pairs(data string) bool {
	return len(data)%2 == 0 && strings.Trim(data, "0123456789") == ""
}

// encode draws a code, a dot a module.
func encode(code drivers.LabelCode) (barcode.Barcode, error) {
	switch code.Symbology {
	case drivers.EAN13, drivers.EAN8:
		if digits := map[drivers.Symbology]int{drivers.EAN13: 13, drivers.EAN8: 8}[code.Symbology]; len(code.Data) != digits {
			return nil, fmt.Errorf("%d digits are needed", digits)
		}
		return ean.Encode(code.Data)
	case drivers.Code128:
		if strings.ContainsFunc(code.Data, func(r rune) bool { return r < 0x20 || r > 0x7E }) {
			return nil, fmt.Errorf("only printable ASCII")
		}
		return code128.Encode(code.Data)
	}
	return nil, fmt.Errorf("no such barcode")
}

// Modules are 0.25 mm wide or more, the narrowest that hand scanners read well,
// and at most 0.5 mm. In tenths of a micrometre.
const (
	narrowest  = 2500
	broadest   = 5000
	tenthMicro = 254_000
)

// module is the widest module at which a code fits into a width.
func (s symbol) module(width int, stock drivers.LabelStock) (int, error) {
	least := max((narrowest*stock.Resolution+tenthMicro/2)/tenthMicro, 1)
	fits := width / (s.modules + s.left + s.right)
	if fits < least {
		return 0, fmt.Errorf("%w: a barcode of %d modules on %d dots", drivers.ErrLabel, s.modules, width)
	}
	return min(fits, max(broadest*stock.Resolution/tenthMicro, least)), nil
}

// picture is the bars. Our drawing packs some codes tighter than a printer
// does; it then stands in the middle.
func (b Bars) picture() *image.Gray {
	picture := image.NewGray(image.Rect(0, 0, b.Modules*b.Module, b.Height))
	draw.Draw(picture, picture.Rect, image.White, image.Point{}, draw.Src)
	code, err := encode(b.Code)
	if err != nil {
		return picture
	}
	indent := (b.Modules - code.Bounds().Dx()) / 2
	for x := range code.Bounds().Dx() {
		if grey, is := color.GrayModel.Convert(code.At(x, 0)).(color.Gray); is && grey.Y < 0x80 {
			left := (indent + x) * b.Module
			draw.Draw(picture, image.Rect(left, 0, left+b.Module, b.Height), image.Black, image.Point{}, draw.Src)
		}
	}
	return picture
}
