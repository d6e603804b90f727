package receipt_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/escpos"
	"shopbox/drivers/paper"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// moon is a picture of a shop's sign: a ring that fades from black to grey, in
// the middle of so much transparent margin.
func moon(diameter, margin int) *image.NRGBA {
	side := diameter + 2*margin
	picture := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			dx, dy := 2*x+1-side, 2*y+1-side
			if far := dx*dx + dy*dy; far <= diameter*diameter && 4*far >= diameter*diameter {
				picture.SetNRGBA(x, y, color.NRGBA{R: uint8(x * 0xC0 / side), G: uint8(x * 0xC0 / side), B: uint8(x * 0xC0 / side), A: 0xFF})
			}
		}
	}
	return picture
}

func pngOf(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func jpegOf(t *testing.T, picture image.Image) []byte {
	t.Helper()
	flat := image.NewRGBA(picture.Bounds())
	draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, picture, picture.Bounds().Min, draw.Over)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, flat, nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func logo(t *testing.T) image.Image {
	t.Helper()
	read, err := receipt.ReadLogo(pngOf(t, moon(150, 20)))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// A picture loses its margin, is never enlarged, and never takes more of the
// paper than a logo may.
func TestReadLogo(t *testing.T) {
	t.Parallel()
	bar := image.NewNRGBA(image.Rect(0, 0, 3000, 100))
	draw.Draw(bar, bar.Rect, image.Black, image.Point{}, draw.Src)
	for name, tt := range map[string]struct {
		file []byte
		want image.Point
	}{
		"small":      {pngOf(t, moon(100, 30)), image.Pt(100, 100)},
		"large":      {pngOf(t, moon(1000, 10)), image.Pt(160, 160)},
		"wide":       {pngOf(t, bar), image.Pt(480, 16)},
		"photograph": {jpegOf(t, moon(100, 0)), image.Pt(100, 100)},
		"huge":       {pngOf(t, image.NewGray(image.Rect(0, 0, 4000, 4000))), image.Pt(160, 160)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read, err := receipt.ReadLogo(tt.file)
			if err != nil {
				t.Fatal(err)
			}
			// The blur of a photograph may take a dot or two.
			if off := read.Bounds().Size().Sub(tt.want); off.X*off.X > 4 || off.Y*off.Y > 4 {
				t.Errorf("%v; want %v", read.Bounds(), tt.want)
			}
			again, err := receipt.ReadLogo(pngOf(t, read))
			if err != nil || again.Bounds() != read.Bounds() {
				t.Errorf("read again: %v, %v", again.Bounds(), err)
			}
		})
	}
}

// bomb is a PNG file whose head claims a size.
func bomb(t *testing.T, width, height uint32) []byte {
	t.Helper()
	file := pngOf(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(file[16:], width)
	binary.BigEndian.PutUint32(file[20:], height)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func TestReadLogoRefuses(t *testing.T) {
	t.Parallel()
	whole := pngOf(t, moon(100, 0))
	white := image.NewGray(image.Rect(0, 0, 9, 9))
	draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
	for name, tt := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":            {nil, receipt.ErrLogoFile},
		"another file":       {[]byte("GIF89a"), receipt.ErrLogoFile},
		"half a file":        {whole[:len(whole)/2], receipt.ErrLogoFile},
		"half a photograph":  {jpegOf(t, moon(100, 0))[:300], receipt.ErrLogoFile},
		"too many bytes":     {append(bytes.Clone(whole), make([]byte, receipt.MaxLogoBytes)...), receipt.ErrLogoBytes},
		"too many pixels":    {bomb(t, 60_000, 60_000), receipt.ErrLogoPixels},
		"white":              {pngOf(t, white), receipt.ErrLogoBlank},
		"nothing but ground": {pngOf(t, image.NewNRGBA(image.Rect(0, 0, 20, 20))), receipt.ErrLogoBlank},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := receipt.ReadLogo(tt.file); !errors.Is(err, tt.want) {
				t.Errorf("%v; want %v", err, tt.want)
			}
		})
	}
}

// The logo stands on what the customer is given and on nothing else.
func TestWhereTheLogoStands(t *testing.T) {
	t.Parallel()
	slips := renderer(t)
	options := korean()
	options.Logo = logo(t)
	done := closed(t, mixed(), sale.Discount{}, cardTender(10_000))
	for name, tt := range map[string]struct {
		slip drivers.Document
		want bool
	}{
		"receipt":       {slips.Sale(done, options), true},
		"cash receipt":  {slips.CashReceipt(cashReceipt(), options), true},
		"test":          {slips.Test(at(), options), true},
		"head":          {slips.Head(options), true},
		"merchant copy": {slips.MerchantCopies(done, options)[0], false},
		"kitchen":       {slips.Kitchen(done, done.Lines, options), false},
		"day":           {slips.DayClose(day(), options), false},
	} {
		picture, has := tt.slip.Blocks[0].(drivers.Image)
		if has != tt.want || has && !picture.Shades {
			t.Errorf("%s: logo %v", name, has)
		}
	}
}

// On the narrowest paper too the logo is whole, and its greys are dots.
func TestLogoOnPaper(t *testing.T) {
	t.Parallel()
	wide := image.NewGray(image.Rect(0, 0, 480, 60))
	for i := range wide.Pix {
		wide.Pix[i] = uint8(i % 480 * 0xC0 / 480)
	}
	read, err := receipt.ReadLogo(pngOf(t, wide))
	if err != nil {
		t.Fatal(err)
	}
	options := korean()
	options.Logo = read
	done := closed(t, []sale.Line{goods("1", "아메리카노", 4500, money.One)}, sale.Discount{})
	encoded := escpos.Encode(renderer(t).Sale(done, options), escpos.Profile{Columns: 32, Dots: 384, Korean: true, Cutter: true})
	picture := paper.Read(encoded, 32)[0].Lines[0].Picture
	if picture == nil || picture.Rect.Size() != image.Pt(384, 48) {
		t.Fatalf("the logo is %v", picture)
	}
	dark := func(from, to int) int {
		count := 0
		for y := range 48 {
			for x := from; x < to; x++ {
				if picture.GrayAt(x, y).Y == 0 {
					count++
				}
			}
		}
		return count * 100 / (48 * (to - from))
	}
	// From black to three quarters white, in thirds: 87, 62 and 37 of a hundred.
	for i, want := range []int{87, 62, 37} {
		if got := dark(i*128, (i+1)*128); got < want-4 || got > want+4 {
			t.Errorf("third %d: %d of a hundred dots are black; want %d", i, got, want)
		}
	}
}

func FuzzReadLogo(f *testing.F) {
	var file bytes.Buffer
	if err := png.Encode(&file, moon(8, 1)); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	file.Reset()
	if err := jpeg.Encode(&file, moon(8, 1), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if size, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && size.Width*size.Height > 1<<20 {
			return
		}
		read, err := receipt.ReadLogo(data)
		if err != nil {
			return
		}
		if size := read.Bounds().Size(); size.X < 1 || size.X > 480 || size.Y < 1 || size.Y > 160 {
			t.Errorf("a logo of %v", size)
		}
	})
}
