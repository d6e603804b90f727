package paper_test

import (
	"bytes"
	"encoding/hex"
	"image"
	"strings"
	"testing"

	"shopbox/drivers/paper"
)

// The published sequence of a Korean receipt.
const vector = "1b401b74001c261b520d1b61011d2111c7d1b1db20bfb5bcf6c1f50a1d21001b6100" +
	"bec6b8deb8aec4abb3eb2078322020392c3030300a1b4501c7d5b0e82020392c3030300a1b4500" +
	"1b700019fa1d564203"

func unhex(tb testing.TB, text string) []byte {
	tb.Helper()
	data, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestVector(t *testing.T) {
	t.Parallel()
	slips := paper.Read(unhex(t, vector), 48)
	if len(slips) != 1 || !slips[0].Cut || slips[0].Pulses != 1 || len(slips[0].Unknown) != 0 {
		t.Fatalf("slips are %+v", slips)
	}
	slip := slips[0]
	title, bold := slip.Lines[0], slip.Lines[2]
	if title.Align != paper.Centre || title.Runs[0] != (paper.Run{Text: "한글 영수증", Style: paper.Style{Wide: 2, Tall: 2}}) {
		t.Errorf("title is %+v", title)
	}
	if bold.Align != paper.Left || bold.Runs[0] != (paper.Run{Text: "합계  9,000", Style: paper.Style{Bold: true, Wide: 1, Tall: 1}}) {
		t.Errorf("total is %+v", bold)
	}
	want := strings.Repeat(" ", 13) + "한글 영수증\n아메리카노 x2  9,000\n합계  9,000\n\n"
	if slip.Text() != want {
		t.Errorf("text is %q; want %q", slip.Text(), want)
	}
	if !bytes.Equal(slip.Bytes, unhex(t, vector)) {
		t.Errorf("bytes are %x", slip.Bytes)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	const korean = "\x1c&"
	for name, tt := range map[string]struct {
		data, want string
		unknown    []string
	}{
		"plain":             {"a\nb\n", "a\nb\n", nil},
		"not ended":         {"a", "a\n", nil},
		"wrapped":           {strings.Repeat("x", 21) + "\n", strings.Repeat("x", 20) + "\nx\n", nil},
		"wide is wrapped":   {"\x1d!\x10" + strings.Repeat("x", 11) + "\n", strings.Repeat("x", 10) + "\nx\n", nil},
		"right":             {"\x1ba\x02a\n", strings.Repeat(" ", 19) + "a\n", nil},
		"align by digits":   {"\x1ba1ab\n", strings.Repeat(" ", 9) + "ab\n", nil},
		"tabulator":         {"ab\tc\n", "ab      c\n", nil},
		"feed lines":        {"a\x1bd\x02b\n", "a\n\nb\n", nil},
		"no Korean":         {"\xb0\xa1\n", "??\n", nil},
		"Korean":            {korean + "\xb0\xa1\x1c.\xb0\n", "가?\n", nil},
		"reset ends Korean": {korean + "\x1b@\xb0\xa1\n", "??\n", nil},
		"half a character":  {korean + "\xb0\n", "\ufffd\n", nil},
		"code128 sets":      {"\x1dk\x49\x0b{BR{{{C\x1a\x0b{1\x1dV\x00", "[CODE128 R{2611\x1d]\n", nil},
		"ean13 old form":    {"\x1dk\x028801043014809\x00", "[EAN13 8801043014809]\n", nil},
		"qr":                {"\x1d(k\x05\x001P0hi\x1d(k\x03\x001Q0", "[QR hi]\n", nil},
		"raster":            {"\x1dv0\x00\x01\x00\x02\x00\xff\x81", "[picture (8,2)]\n", nil},
		"bands are joined":  {"\x1dv0\x00\x01\x00\x01\x00\xff\x1dv0\x00\x01\x00\x02\x00\xff\xff", "[picture (8,3)]\n", nil},
		"double size":       {"\x1dv0\x03\x01\x00\x01\x00\xff", "[picture (16,2)]\n", nil},
		"unknown":           {"\x1bz\x07a\n\x1d(Z\x01\x00x", "a\n", []string{"1b7a", "07", "1d285a010078"}},
		"other symbol":      {"\x1d(k\x03\x000A\x00", "", []string{"1d286b0300304100"}},
		"page mode":         {"\x1bLa\n", "a\n", []string{"1b4c"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			var unknown []string
			for _, slip := range paper.Read([]byte(tt.data), 20) {
				text.WriteString(slip.Text())
				unknown = append(unknown, slip.Unknown...)
			}
			if text.String() != tt.want || strings.Join(unknown, " ") != strings.Join(tt.unknown, " ") {
				t.Errorf("text %q, unknown %q; want %q, %q", text.String(), unknown, tt.want, tt.unknown)
			}
		})
	}
}

func TestQuestionsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	roll := paper.NewRoll(48)
	var lexer paper.Lexer
	_, _ = lexer.Write([]byte("\x10\x04\x01\x1dr\x01\x1d(H\x06\x0000ABCD\x1da\x0e\x1bp\x00\x19\xfa\x10\x14\x01\x00\x01"))
	for command, ok := lexer.Next(); ok; command, ok = lexer.Next() {
		roll.Apply(command)
	}
	roll.Tear()
	if slips := roll.Slips(); len(slips) != 0 || roll.Pulses() != 2 {
		t.Errorf("%d pulses, slips %+v", roll.Pulses(), slips)
	}
}

// However a stream is cut into pieces, its commands are the same.
func TestLexerInPieces(t *testing.T) {
	t.Parallel()
	var whole, pieces paper.Lexer
	data := unhex(t, vector)
	_, _ = whole.Write(data)
	var want, got bytes.Buffer
	for command, ok := whole.Next(); ok; command, ok = whole.Next() {
		want.WriteString(command.Op + command.Text)
	}
	for i := range data {
		_, _ = pieces.Write(data[i : i+1])
		for command, ok := pieces.Next(); ok; command, ok = pieces.Next() {
			got.WriteString(command.Op + command.Text)
		}
	}
	if strings.ReplaceAll(got.String(), "text", "") != strings.ReplaceAll(want.String(), "text", "") {
		t.Errorf("in pieces %q, at once %q", got.String(), want.String())
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	data := "\x1b@\x1c&\x1ba\x01\x1d!\x11\xb0\xa1\n\x1d!\x00\x1ba\x02W1\n\x1ba\x01" +
		"\x1dh\x50\x1dw\x02\x1dH\x02\x1dk\x49\x07{BR2611\x1d(k\x05\x001P0hi\x1d(k\x03\x001Q0" +
		"\x1dB\x01\x1b-\x01\x1d!\x10invert\n\x1dVB\x03"
	drawn, err := paper.Read([]byte(data), 32)[0].Picture()
	if err != nil {
		t.Fatal(err)
	}
	const margin, cell = 28, 12
	width := 32*cell + 2*margin
	if drawn.Bounds().Dx() != width {
		t.Errorf("%d dots wide; want %d", drawn.Bounds().Dx(), width)
	}
	for name, area := range map[string]image.Rectangle{
		"the title in the middle": image.Rect(width/2-2*cell, margin, width/2+2*cell, margin+48),
		"the amount at the right": image.Rect(width-margin-2*cell, margin+54, width-margin, margin+78),
		"the bars":                image.Rect(width/2-20, margin+90, width/2+20, margin+160),
	} {
		if ink(drawn, area) == 0 {
			t.Errorf("no ink where %s should be", name)
		}
	}
	for name, area := range map[string]image.Rectangle{
		"left margin":        image.Rect(0, 0, margin-1, drawn.Bounds().Dy()),
		"right margin":       image.Rect(width-margin+1, 0, width, drawn.Bounds().Dy()),
		"left of the title":  image.Rect(margin, margin, width/2-2*cell, margin+48),
		"left of the amount": image.Rect(margin, margin+54, width-margin-2*cell, margin+78),
	} {
		if ink(drawn, area) != 0 {
			t.Errorf("ink in the %s", name)
		}
	}
}

// ink counts dark dots.
func ink(picture image.Image, area image.Rectangle) int {
	dark := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if r, _, _, _ := picture.At(x, y).RGBA(); r < 0x8000 {
				dark++
			}
		}
	}
	return dark
}

func FuzzRead(f *testing.F) {
	f.Add(unhex(f, vector))
	f.Add([]byte("\x1dv0\x00\x01\x00\x02\x00\xff\x81\x1dk\x49\x05{C\x01\x02\x03\x1d(k\x05\x001P0hi\x1d(k\x03\x001Q0"))
	f.Add([]byte("\x1d8L\xff\xff\xff\xff\x1dv0\x00\xff\xff\xff\xff\x1bD\x08\x10"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		for _, slip := range paper.Read(data, 42) {
			if strings.Count(slip.Text(), "\n") < len(slip.Lines) {
				t.Errorf("%d lines became %q", len(slip.Lines), slip.Text())
			}
		}
	})
}

func FuzzPicture(f *testing.F) {
	f.Add(unhex(f, vector))
	f.Add([]byte("\x1dv0\x00\x01\x00\x02\x00\xff\x81\x1dk\x49\x05{C\x01\x02\x03\x1d(k\x05\x001P0hi\x1d(k\x03\x001Q0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, slip := range paper.Read(data[:min(len(data), 256)], 42) {
			if _, err := slip.Picture(); err != nil {
				t.Error(err)
			}
		}
	})
}
