package paper

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/code39"
	"github.com/boombuler/barcode/ean"
	"github.com/boombuler/barcode/qr"
)

// tallestBarcode is the most that GS h can ask for.
const tallestBarcode = 255

// drawnHeight is the bars, the text below and a gap.
func (b Barcode) drawnHeight() int {
	height := min(b.Height, tallestBarcode) + 2*lineGap
	if b.Text {
		height += cellHeight
	}
	return height
}

// bars draws the code; a code that its system cannot hold is nil, as a
// printer prints nothing for it.
func (b Barcode) bars() image.Image {
	var code barcode.Barcode
	var err error
	switch b.System {
	case "CODE128":
		code, err = code128.Encode(b.Data)
	case "EAN13", "EAN8":
		code, err = ean.Encode(b.Data)
	case "CODE39":
		code, err = code39.Encode(b.Data, false, false)
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	return enlarge(code, b.Module, min(b.Height, tallestBarcode))
}

func (p *pen) barcode(line Line) {
	code := *line.Barcode
	top := p.y + lineGap
	if bars := code.bars(); bars != nil {
		p.paste(bars, line.Align, top)
	}
	if !code.Text {
		return
	}
	text := Line{Align: line.Align, Runs: []Run{{Text: code.Data, Style: Style{Wide: 1, Tall: 1}}}}
	columns := (p.canvas.Rect.Dx() - 2*margin) / cellWidth
	p.runs(text, text.offset(columns)*cellWidth, top+min(code.Height, tallestBarcode)+2)
}

// drawQR draws a QR code; data that fits into none is an empty picture.
func drawQR(code QR) image.Image {
	levels := map[string]qr.ErrorCorrectionLevel{"L": qr.L, "M": qr.M, "Q": qr.Q, "H": qr.H}
	drawn, err := qr.Encode(code.Data, levels[code.Level], qr.Auto)
	if err != nil {
		return image.NewGray(image.Rectangle{})
	}
	return enlarge(drawn, code.Module, drawn.Bounds().Dy()*code.Module)
}

// enlarge makes every module of a code so many dots wide. A height of its own
// is for bars; a code of two dimensions grows evenly.
func enlarge(code image.Image, module, height int) image.Image {
	size := code.Bounds().Size()
	enlarged := image.NewGray(image.Rect(0, 0, size.X*module, height))
	draw.Draw(enlarged, enlarged.Rect, image.White, image.Point{}, draw.Src)
	for y := range height {
		for x := range size.X * module {
			if isDark(code.At(code.Bounds().Min.X+x/module, code.Bounds().Min.Y+y*size.Y/height)) {
				enlarged.SetGray(x, y, color.Gray{})
			}
		}
	}
	return enlarged
}

func isDark(c color.Color) bool {
	gray, ok := color.GrayModel.Convert(c).(color.Gray)
	return ok && gray.Y < 0x80
}
