package zpl

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"image"
	"strings"

	"shopbox/drivers"
	"shopbox/drivers/label"
)

// Encode is the formats of a document's labels, one after the other. A document
// with anything else in it is drivers.ErrUnsupported, a label without the room
// for its barcode drivers.ErrLabel.
func Encode(document drivers.Document, resolution int) ([]byte, error) {
	if document.OpenDrawer || len(document.Blocks) == 0 {
		return nil, fmt.Errorf("%w: a label printer prints labels alone", drivers.ErrUnsupported)
	}
	var out bytes.Buffer
	for _, block := range document.Blocks {
		asked, is := block.(drivers.Label)
		if !is {
			return nil, fmt.Errorf("%w: a label printer prints no %T", drivers.ErrUnsupported, block)
		}
		plan, err := label.Lay(asked, drivers.LabelStock{Resolution: resolution})
		if err != nil {
			return nil, err
		}
		write(&out, plan, max(asked.Copies, 1))
	}
	return out.Bytes(), nil
}

// write is one format. Text goes as a picture (^GF), since not every printer has
// a font with Hangul; bars go as what they are, for the printer to draw sharp.
// ^LH, ^LT and ^LS undo what another program may have left behind.
func write(out *bytes.Buffer, plan label.Plan, copies int) {
	fmt.Fprintf(out, "^XA^LH0,0^LT0^LS0^FWN^PON^PW%d^LL%d\n", plan.Size.X, plan.Size.Y)
	for _, text := range plan.Texts {
		stride, dots := pack(text.Picture)
		fmt.Fprintf(out, "^FO%d,%d^GFA,%d,%d,%d,%s^FS\n", text.At.X, text.At.Y, len(dots), len(dots), stride, strings.ToUpper(hex.EncodeToString(dots)))
	}
	if bars := plan.Bars; bars != nil {
		fmt.Fprintf(out, "^FO%d,%d^BY%d%s^FS\n", bars.At.X, bars.At.Y, bars.Module, code(*bars))
	}
	fmt.Fprintf(out, "^PQ%d,0,0,N^XZ\n", copies)
}

// code is a barcode without its text, which stands on the label already. The
// printer itself adds the check digit of an EAN.
func code(bars label.Bars) string {
	data := bars.Code.Data
	switch bars.Code.Symbology {
	case drivers.EAN13:
		return fmt.Sprintf("^BEN,%d,N,N^FD%s", bars.Height, data[:len(data)-1])
	case drivers.EAN8:
		return fmt.Sprintf("^B8N,%d,N,N^FD%s", bars.Height, data[:len(data)-1])
	default:
		return fmt.Sprintf("^BCN,%d,N,N,N,N^FD%s", bars.Height, code128(data))
	}
}

// code128 writes data with the invocation codes of ^BC: >; begins code set C
// and >: code set B, in which ^, > and ~ have codes of their own.
func code128(data string) string {
	if label.Pairs(data) {
		return ">;" + data
	}
	return ">:" + strings.NewReplacer(">", ">0", "^", "><", "~", ">=").Replace(data)
}

// pack is a picture in rows of whole bytes, a bit set where it is black.
func pack(picture *image.Gray) (stride int, dots []byte) {
	size := picture.Rect.Size()
	stride = (size.X + 7) / 8
	dots = make([]byte, stride*size.Y)
	for y := range size.Y {
		for x := range size.X {
			if picture.Pix[y*picture.Stride+x] == 0 {
				dots[y*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return stride, dots
}
