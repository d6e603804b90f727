package escpos_test

import (
	"bytes"
	"image"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/escpos"
	"shopbox/drivers/label"
	"shopbox/drivers/paper"
)

func candle(copies int) drivers.Label {
	return drivers.Label{
		Width: 50, Height: 30, Title: "향초", Price: "12,000원", Copies: copies,
		Code: drivers.LabelCode{Symbology: drivers.EAN13, Data: "8801043014809"},
	}
}

// Labels come out one after the other, each of its own size and cut off, dot by
// dot as they were laid out.
func TestLabels(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		profile escpos.Profile
		stock   drivers.LabelStock
		size    image.Point
	}{
		"80 mm":    {escpos.Profile{Columns: 48, Korean: true, Cutter: true}, drivers.LabelStock{Resolution: 203, Widest: 576}, image.Pt(400, 240)},
		"180 dpi":  {escpos.Profile{Columns: 42, Dots: 512, DPI: 180, Cutter: true}, drivers.LabelStock{Resolution: 180, Widest: 504}, image.Pt(354, 213)},
		"narrower": {escpos.Profile{Columns: 30, Cutter: true}, drivers.LabelStock{Resolution: 203, Widest: 360}, image.Pt(360, 240)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := drivers.Document{Blocks: []drivers.Block{candle(2), drivers.Label{Width: 40, Height: 25, Title: "무"}}}
			slips := paper.Read(escpos.Encode(document, tt.profile), tt.profile.Columns)
			if len(slips) != 3 {
				t.Fatalf("%d labels", len(slips))
			}
			plan, err := label.Lay(candle(1), tt.stock)
			if err != nil {
				t.Fatal(err)
			}
			want := plan.Picture()
			for i, slip := range slips[:2] {
				printed := slip.Lines[0].Picture
				if !slip.Cut || len(slip.Unknown) > 0 || printed == nil || want.Rect.Max != tt.size {
					t.Fatalf("label %d of %v: %+v", i, want.Rect, slip)
				}
				// A row of raster is whole bytes.
				for y := range want.Rect.Dy() {
					if !bytes.Equal(printed.Pix[y*printed.Stride:][:want.Stride], want.Pix[y*want.Stride:][:want.Stride]) {
						t.Fatalf("label %d differs in row %d", i, y)
					}
				}
			}
		})
	}
}

// A label without room for its code comes out as text rather than not at all.
func TestLabelWithoutRoom(t *testing.T) {
	t.Parallel()
	long := candle(1)
	long.Code = drivers.LabelCode{Symbology: drivers.Code128, Data: strings.Repeat("X", 40)}
	slips := paper.Read(escpos.Encode(drivers.Document{Blocks: []drivers.Block{long}}, profile(48)), 48)
	if len(slips) != 1 || !slips[0].Cut {
		t.Fatalf("%+v", slips)
	}
	for _, want := range []string{"향초", "12,000원", long.Code.Data} {
		if !strings.Contains(slips[0].Text(), want) {
			t.Errorf("%s is missing in %q", want, slips[0].Text())
		}
	}
}
