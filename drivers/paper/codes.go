package paper

import (
	"bytes"
	"image"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
)

// raster prints GS v 0: m xL xH yL yH and the rows, a bit a dot.
func (r *Roll) raster(args []byte) {
	if len(args) < 5 {
		return
	}
	stride := int(args[1]) + int(args[2])<<8
	rows := int(args[3]) + int(args[4])<<8
	dots := args[5:]
	if stride == 0 || rows == 0 || len(dots) < stride*rows {
		return
	}
	wide, tall := 1+int(args[0]&1), 1+int(args[0]>>1&1)
	// Dots beyond the edge of the paper are lost.
	width := min(stride*8, r.columns*cellWidth/wide)
	picture := image.NewGray(image.Rect(0, 0, width*wide, rows*tall))
	for i := range picture.Pix {
		x, y := i%picture.Stride/wide, i/picture.Stride/tall
		if dots[y*stride+x/8]>>(7-x%8)&1 == 0 {
			picture.Pix[i] = 0xFF
		}
	}
	r.endLine()
	r.addPicture(picture)
}

// addPicture joins bands that follow each other without a gap, since a driver
// may send one picture in several pieces.
func (r *Roll) addPicture(picture *image.Gray) {
	last := len(r.slip.Lines) - 1
	if last < 0 || r.slip.Lines[last].Picture == nil || r.slip.Lines[last].Align != r.align ||
		r.slip.Lines[last].Picture.Stride != picture.Stride {
		r.add(Line{Picture: picture})
		return
	}
	above := r.slip.Lines[last].Picture
	joined := image.NewGray(image.Rect(0, 0, picture.Stride, above.Rect.Dy()+picture.Rect.Dy()))
	copy(joined.Pix[copy(joined.Pix, above.Pix):], picture.Pix)
	r.slip.Lines[last].Picture = joined
}

// printBarcode prints GS k: m and the data, in either of its two forms.
func (r *Roll) printBarcode(args []byte) {
	system, data := args[0], args[1:]
	if system <= 6 {
		system, data = system+65, bytes.TrimSuffix(data, []byte{0})
	} else {
		data = data[1:]
	}
	barcode := r.barcode
	barcode.System = barcodeSystem(system)
	barcode.Data = toText(data)
	if barcode.System == "CODE128" {
		barcode.Data = code128Text(data)
	}
	r.endLine()
	r.add(Line{Barcode: &barcode})
}

func barcodeSystem(m byte) string {
	systems := []string{"UPCA", "UPCE", "EAN13", "EAN8", "CODE39", "ITF", "CODABAR", "CODE93", "CODE128"}
	if i := int(m) - 65; i >= 0 && i < len(systems) {
		return systems[i]
	}
	return "BARCODE"
}

// code128Text is the data of a CODE128 without its code set marks: "{A", "{B"
// and "{C" choose the set, "{{" is a brace, and set C packs two digits a byte.
func code128Text(data []byte) string {
	var text strings.Builder
	set := byte('B')
	for i := 0; i < len(data); i++ {
		if data[i] == '{' && i+1 < len(data) {
			i++
			switch data[i] {
			case 'A', 'B', 'C':
				set = data[i]
			case '{':
				text.WriteByte('{')
			case '1':
				text.WriteByte(0x1D)
			}
			continue
		}
		if set == 'C' && data[i] < 100 {
			text.WriteByte('0' + data[i]/10)
			text.WriteByte('0' + data[i]%10)
			continue
		}
		text.WriteString(toText(data[i : i+1]))
	}
	return text.String()
}

// symbol does GS ( k for QR codes (cn 31); false for any other symbol.
func (r *Roll) symbol(args []byte) bool {
	if len(args) < 2 || args[0] != 0x31 {
		return false
	}
	function, values := args[1], args[2:]
	switch {
	case function == 0x43 && len(values) == 1:
		r.qr.Module = min(max(int(values[0]), 1), 16)
	case function == 0x45 && len(values) == 1 && values[0] >= '0' && values[0] <= '3':
		r.qr.Level = "LMQH"[values[0]-'0' : values[0]-'0'+1]
	case function == 0x50 && len(values) >= 1:
		r.qr.Data = toText(values[1:])
	case function == 0x51:
		qr := r.qr
		r.endLine()
		r.add(Line{QR: &qr})
	default:
		return function == 0x41
	}
	return true
}

// toText reads the data of a code: UTF-8, else CP949.
func toText(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	text, err := korean.EUCKR.NewDecoder().Bytes(data)
	if err != nil {
		return ""
	}
	return string(text)
}
