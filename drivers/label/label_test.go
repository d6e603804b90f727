package label_test

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/label"
)

var update = flag.Bool("update", false, "write the goldens anew")

func milk() drivers.Label {
	return drivers.Label{
		Width: 40, Height: 25, Title: "서울우유 나100% 1L", Price: "2,850원", Notes: []string{"100mL당 285원", "2026. 12. 5.까지"},
		Code: drivers.LabelCode{Symbology: drivers.EAN13, Data: "8801043014809"},
	}
}

// labels are those that are looked at: usual ones, full ones and empty ones.
func labels() map[string]drivers.Label {
	long := milk()
	long.Width, long.Height = 60, 40
	long.Title = "코카콜라 제로 슈거 라임 355mL 24캔 묶음 상품 (제로 슈거, 재활용 가능한 알루미늄 캔)"
	long.Price = "999,999,999원"
	short := milk()
	short.Width, short.Height = 50, 30
	short.Code = drivers.LabelCode{Symbology: drivers.EAN8, Data: "96385074"}
	short.Notes = nil
	own := milk()
	own.Width, own.Height, own.Title = 50, 30, "Hand-made candle, cedar and moss"
	own.Code = drivers.LabelCode{Symbology: drivers.Code128, Data: "CANDLE-0017"}
	bare := drivers.Label{Width: 40, Height: 25, Title: "상추", Price: "1kg 9,900원"}
	return map[string]drivers.Label{"milk": milk(), "long": long, "ean8": short, "own": own, "bare": bare}
}

// TestGoldens compares every label with a picture that was looked at.
func TestGoldens(t *testing.T) {
	t.Parallel()
	for name, asked := range labels() {
		for _, resolution := range []int{203, 300} {
			t.Run(fmt.Sprint(name, resolution), func(t *testing.T) {
				t.Parallel()
				plan, err := label.Lay(asked, drivers.LabelStock{Resolution: resolution})
				if err != nil {
					t.Fatal(err)
				}
				within(t, plan)
				golden(t, fmt.Sprintf("%s%d.png", name, resolution), plan.Picture())
			})
		}
	}
}

func golden(t *testing.T, name string, got *image.Gray) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		file, err := os.Create(path)
		if err == nil {
			err = errors.Join(png.Encode(file, got), file.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Rect {
		t.Fatalf("%s is %v, not %v", name, got.Rect, want.Bounds())
	}
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if color.GrayModel.Convert(want.At(x, y)) != color.Color(got.GrayAt(x, y)) {
				t.Fatalf("%s differs from its golden at %d, %d", name, x, y)
			}
		}
	}
}

// within holds a plan to the room there is: everything on the label, nothing
// over another, the quiet zones of the barcode bare.
func within(t *testing.T, plan label.Plan) {
	t.Helper()
	var places []image.Rectangle
	for _, text := range plan.Texts {
		places = append(places, text.Picture.Rect.Add(text.At))
	}
	if bars := plan.Bars; bars != nil {
		place := image.Rectangle{Max: image.Pt(bars.Modules*bars.Module, bars.Height)}.Add(bars.At)
		quiet := 7 * bars.Module
		places = append(places, image.Rect(place.Min.X-quiet, place.Min.Y, place.Max.X+quiet, place.Max.Y))
	}
	for i, place := range places {
		if !place.In(image.Rectangle{Max: plan.Size}) {
			t.Errorf("%v leaves the label of %v", place, plan.Size)
		}
		for _, other := range places[:i] {
			if place.Overlaps(other) {
				t.Errorf("%v lies over %v", place, other)
			}
		}
	}
}

// digitsOf reads an EAN-13 back from a row of dots, by the tables of GS1 General
// Specifications 5.2.1.2.
func digitsOf(t *testing.T, picture *image.Gray, bars label.Bars) string {
	t.Helper()
	module := func(i int) int {
		if picture.GrayAt(bars.At.X+i*bars.Module+bars.Module/2, bars.At.Y+bars.Height/2).Y == 0 {
			return 1
		}
		return 0
	}
	left := []string{"0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"}
	first := []string{"LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"}
	inverted := func(pattern string) string { return strings.NewReplacer("0", "1", "1", "0").Replace(pattern) }
	reversed := func(pattern string) string {
		signs := []byte(pattern)
		for i := range len(signs) / 2 {
			signs[i], signs[len(signs)-1-i] = signs[len(signs)-1-i], signs[i]
		}
		return string(signs)
	}
	digits, parity := "", ""
	for i := range 12 {
		at := 3 + 7*i
		if i >= 6 {
			at += 5
		}
		pattern := ""
		for j := range 7 {
			pattern += fmt.Sprint(module(at + j))
		}
		for digit, l := range left {
			switch r := inverted(l); {
			case i >= 6 && pattern == r:
				digits += fmt.Sprint(digit)
			case i < 6 && pattern == l:
				digits, parity = digits+fmt.Sprint(digit), parity+"L"
			case i < 6 && pattern == reversed(r):
				digits, parity = digits+fmt.Sprint(digit), parity+"G"
			}
		}
	}
	for digit, pattern := range first {
		if pattern == parity {
			return fmt.Sprint(digit) + digits
		}
	}
	return "?" + digits
}

// A scanner reads from the drawn bars what was asked.
func TestBarsCanBeRead(t *testing.T) {
	t.Parallel()
	for _, digits := range []string{"8801043014809", "2012345000001", "0036000291452", "9771234567003"} {
		asked := milk()
		asked.Code.Data = digits
		plan, err := label.Lay(asked, drivers.LabelStock{Resolution: 203})
		if err != nil {
			t.Fatal(err)
		}
		if got := digitsOf(t, plan.Picture(), *plan.Bars); got != digits {
			t.Errorf("%s reads as %s", digits, got)
		}
	}
}

func TestNoRoom(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(l *drivers.Label, s *drivers.LabelStock){
		"too small":      func(l *drivers.Label, _ *drivers.LabelStock) { l.Height = 5 },
		"too large":      func(l *drivers.Label, _ *drivers.LabelStock) { l.Width = 500 },
		"narrow printer": func(_ *drivers.Label, s *drivers.LabelStock) { s.Widest = 150 },
		"long code": func(l *drivers.Label, _ *drivers.LabelStock) {
			l.Code = drivers.LabelCode{Symbology: drivers.Code128, Data: strings.Repeat("A", 30)}
		},
		"check digit": func(l *drivers.Label, _ *drivers.LabelStock) { l.Code.Data = "8801043014800" },
		"short EAN":   func(l *drivers.Label, _ *drivers.LabelStock) { l.Code.Data = "88010" },
		"Hangul code": func(l *drivers.Label, _ *drivers.LabelStock) {
			l.Code = drivers.LabelCode{Symbology: drivers.Code128, Data: "우유"}
		},
		"no such code": func(l *drivers.Label, _ *drivers.LabelStock) { l.Code.Symbology = "qr" },
	} {
		asked, stock := milk(), drivers.LabelStock{Resolution: 203}
		change(&asked, &stock)
		if _, err := label.Lay(asked, stock); !errors.Is(err, drivers.ErrLabel) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A text of any length is laid out at once, as much of it as has room.
func TestEndlessText(t *testing.T) {
	t.Parallel()
	asked := milk()
	asked.Title, asked.Price, asked.Notes = strings.Repeat("가나다 ", 100_000), strings.Repeat("9", 100_000), []string{strings.Repeat("x", 100_000)}
	plan, err := label.Lay(asked, drivers.LabelStock{Resolution: 203})
	if err != nil {
		t.Fatal(err)
	}
	within(t, plan)
}

// Digits that pack in pairs make a Code 128 half as wide.
func TestPairs(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]bool{"123456": true, "12345": false, "12345A": false, "AB": false} {
		if label.Pairs(data) != want {
			t.Errorf("%s: %v", data, !want)
		}
	}
	asked := milk()
	asked.Width = 50
	asked.Code = drivers.LabelCode{Symbology: drivers.Code128, Data: "12345678901234567890"}
	plan, err := label.Lay(asked, drivers.LabelStock{Resolution: 203})
	if err != nil || plan.Bars.Modules != 11*12+13 {
		t.Errorf("%+v, %v", plan.Bars, err)
	}
}

// Whatever a shop types, everything stays on the label.
func FuzzLay(f *testing.F) {
	f.Add("서울우유", "2,850원", "100mL당 285원", "8801043014809", 40, 25)
	f.Add("\x1b^XA~HS\u200b", strings.Repeat("9", 40), "", "A", 120, 15)
	f.Fuzz(func(t *testing.T, title, price, note, code string, width, height int) {
		asked := drivers.Label{
			Width: label.Least + width&0x7FFF%(label.Most-label.Least), Height: label.Least + height&0x7FFF%(label.Most-label.Least),
			Title: title, Price: price, Notes: []string{note},
		}
		for _, symbology := range []drivers.Symbology{drivers.EAN13, drivers.EAN8, drivers.Code128} {
			asked.Code = drivers.LabelCode{Symbology: symbology, Data: code}
			plan, err := label.Lay(asked, drivers.LabelStock{Resolution: 203})
			if err != nil {
				if !errors.Is(err, drivers.ErrLabel) {
					t.Errorf("error %v", err)
				}
				continue
			}
			for _, text := range plan.Texts {
				if place := text.Picture.Rect.Add(text.At); !place.In(image.Rectangle{Max: plan.Size}) {
					t.Errorf("%v leaves the label of %v", place, plan.Size)
				}
			}
			if plan.Picture().Rect.Max != plan.Size {
				t.Error("another picture than planned")
			}
		}
	})
}
