package printing_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/png"
	"reflect"
	"testing"

	"shopbox/drivers"
	"shopbox/edge/printing"
)

func TestDocument(t *testing.T) {
	logo := image.NewGray(image.Rect(0, 0, 3, 2))
	logo.SetGray(1, 1, color.Gray{Y: 255})
	document := drivers.Document{OpenDrawer: true, Blocks: []drivers.Block{
		drivers.Text{Text: "우유", Align: drivers.Centre, Bold: true, Wide: true, Tall: true},
		drivers.Columns{Left: "합계", Right: "2,800", Bold: true},
		drivers.Rule{Double: true},
		drivers.Feed{Lines: 2},
		drivers.Barcode{Data: "R2611230001"},
		drivers.QR{Data: "x"},
		drivers.Label{
			Width: 40, Height: 25, Title: "우유", Price: "2,850원", Notes: []string{"100mL당 285원"}, Copies: 3,
			Code: drivers.LabelCode{Symbology: drivers.EAN13, Data: "8801043014809"},
		},
		drivers.Image{Picture: logo},
		drivers.Image{Picture: logo, Shades: true},
	}}
	text, err := printing.Encode(document)
	if err != nil {
		t.Fatal(err)
	}
	read, err := printing.Decode(text)
	if err != nil || !reflect.DeepEqual(read, document) {
		t.Errorf("read %+v, %v", read, err)
	}
	if empty, err := printing.Decode([]byte(`{"blocks":[]}`)); err != nil || len(empty.Blocks) != 0 {
		t.Errorf("empty %+v, %v", empty, err)
	}
}

// TestPicture: a picture that was read is stored in the very bytes it came in.
func TestPicture(t *testing.T) {
	drawn := image.NewGray(image.Rect(0, 0, 3, 2))
	var file bytes.Buffer
	packer := png.Encoder{CompressionLevel: png.NoCompression}
	if err := packer.Encode(&file, drawn); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		picture image.Image
		asItIs  bool
	}{
		"drawn": {drawn, false},
		"read":  {printing.Picture{Image: drawn, File: file.Bytes()}, true},
	} {
		text, err := printing.Encode(drivers.Document{Blocks: []drivers.Block{drivers.Image{Picture: test.picture}}})
		if err != nil {
			t.Fatal(err)
		}
		asItIs := bytes.Contains(text, []byte(base64.StdEncoding.EncodeToString(file.Bytes())))
		read, err := printing.Decode(text)
		if err != nil || asItIs != test.asItIs || !reflect.DeepEqual(read.Blocks, []drivers.Block{drivers.Image{Picture: drawn}}) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"blocks":[{"text":{"Text":"a"}},{"image":"AAAA"}]}`))
	f.Add([]byte(`{"blocks":[{}]}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, text []byte) {
		read, err := printing.Decode(text)
		if err != nil {
			if !errors.Is(err, printing.ErrDocument) {
				t.Errorf("error %v", err)
			}
			return
		}
		if _, err := printing.Encode(read); err != nil {
			t.Errorf("read and not written: %v", err)
		}
	})
}
