package zplsim

import (
	"encoding/hex"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/ean"
)

// Code is a barcode on a label, as a scanner would read it.
type Code struct {
	// System is "EAN13", "EAN8" or "CODE128".
	System string `json:"system"`
	Data   string `json:"data"`

	at             image.Point
	module, height int
	text           bool
}

func (f *format) code(done field, data string) Code {
	code := Code{
		System: "CODE128", module: f.module, height: max(done.args.number(1, f.height, mostDots), 1), text: done.args.text(2, "Y") == "Y",
	}
	switch done.kind {
	case "^BE":
		code.System, code.Data = "EAN13", withCheck(data, 12)
	case "^B8":
		code.System, code.Data = "EAN8", withCheck(data, 7)
	default:
		code.Data = code128Text(data)
	}
	code.at = done.place(code.height)
	return code
}

// unhex writes the signs out that ^FH marked: _5E is ^.
func unhex(data string, mark byte) string {
	var plain strings.Builder
	for len(data) > 0 {
		if data[0] == mark && len(data) >= 3 {
			if sign, err := hex.DecodeString(data[1:3]); err == nil {
				plain.Write(sign)
				data = data[3:]
				continue
			}
		}
		plain.WriteByte(data[0])
		data = data[1:]
	}
	return plain.String()
}

// withCheck is what the printer makes of the digits of an EAN: cut or filled to
// its length, with the check digit behind.
func withCheck(data string, digits int) string {
	data = strings.TrimRight(data, "\r\n")
	if len(data) > digits {
		data = data[:digits]
	}
	data = strings.Repeat("0", digits-len(data)) + data
	sum := 0
	for i := range digits {
		weight := 1
		if (digits-i)%2 == 1 {
			weight = 3
		}
		sum += weight * (int(data[i]) - '0')
	}
	return data + string(rune('0'+(10-sum%10+10)%10))
}

// code128Text is what a scanner reads of ^BC's data, whose invocation codes
// choose the code set and stand for signs.
func code128Text(data string) string {
	var text strings.Builder
	pairs := false
	for i := 0; i < len(data); i++ {
		if data[i] != '>' || i+1 == len(data) {
			// Code set C knows digits alone.
			if sign := data[i]; !pairs || sign >= '0' && sign <= '9' {
				text.WriteByte(sign)
			}
			continue
		}
		i++
		switch data[i] {
		case '0':
			text.WriteByte('>')
		case '<':
			text.WriteByte('^')
		case '=':
			text.WriteByte('~')
		case ';', '5':
			pairs = true
		case ':', '6', '7', '9':
			pairs = false
		case '8':
			text.WriteByte(0x1D)
		}
	}
	return text.String()
}

// bars draws a code; one its system cannot hold is nil, as a printer prints
// nothing for it.
func (c Code) bars() *image.Gray {
	var drawn barcode.Barcode
	var err error
	if c.System == "CODE128" {
		drawn, err = code128.Encode(c.Data)
	} else {
		drawn, err = ean.Encode(c.Data)
	}
	if err != nil {
		return nil
	}
	bars := white(drawn.Bounds().Dx()*c.module, c.height)
	for x := range drawn.Bounds().Dx() {
		if grey, is := color.GrayModel.Convert(drawn.At(x, 0)).(color.Gray); is && grey.Y < 0x80 {
			draw.Draw(bars, image.Rect(x*c.module, 0, (x+1)*c.module, c.height), image.Black, image.Point{}, draw.Src)
		}
	}
	return bars
}
