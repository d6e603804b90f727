package escpos_test

import (
	"bytes"
	"encoding/hex"
	"flag"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/escpos"
	"shopbox/drivers/paper"
)

var update = flag.Bool("update", false, "write the golden files anew")

func profile(columns int) escpos.Profile {
	return escpos.Profile{
		Columns: columns, Korean: true, Cutter: true, QR: true,
		Confirm: escpos.ConfirmBarrier, DrawerPin: 2,
	}
}

// receipt is a full receipt with everything a receipt can have.
func receipt() drivers.Document {
	return drivers.Document{OpenDrawer: true, Blocks: []drivers.Block{
		drivers.Image{Picture: logo()},
		drivers.Text{Text: "바른커피 성수점", Align: drivers.Centre, Bold: true, Wide: true, Tall: true},
		drivers.Text{Text: "서울 성동구 연무장길 12, 1층", Align: drivers.Centre},
		drivers.Text{Text: "사업자 220-81-62517  대표 김하늘\n02-468-1234", Align: drivers.Centre},
		drivers.Feed{Lines: 1},
		drivers.Columns{Left: "2026. 11. 23. (월) 14:05", Right: "20261123-0001"},
		drivers.Rule{Double: true},
		drivers.Columns{Left: "아메리카노 (ICE) x2", Right: "9,000"},
		drivers.Columns{Left: "  샷 추가 x2", Right: "1,000"},
		drivers.Columns{Left: "에티오피아 예가체프 코케 허니 내추럴 원두 200g 홀빈 선물 포장", Right: "1,234,567,890"},
		drivers.Columns{Left: "Crème brûlée – 50% ₩할인", Right: "-4,500"},
		drivers.Columns{Left: "한우 등심 1.234kg (면세)", Right: "98,720"},
		drivers.Rule{},
		drivers.Columns{Left: "과세 공급가액", Right: "1,122,339,445"},
		drivers.Columns{Left: "부가세", Right: "112,233,945"},
		drivers.Columns{Left: "면세", Right: "98,720"},
		drivers.Columns{Left: "합계", Right: "1,234,672,110원", Bold: true, Wide: true, Tall: true},
		drivers.Rule{},
		drivers.Columns{Left: "신한카드 5409-12**-****-4771", Right: "1,234,672,110"},
		drivers.Columns{Left: "승인 30017788", Right: "일시불"},
		drivers.Feed{Lines: 1},
		drivers.Barcode{Data: "R2611230001"},
		drivers.Feed{Lines: 1},
		drivers.QR{Data: "https://shop.example/r/20261123-0001"},
		drivers.Text{Text: "교환·환불은 7일 안에 영수증을 가지고 오시면 도와드려요. 고맙습니다!", Align: drivers.Centre},
	}}
}

// logo is a ring on a transparent ground.
func logo() image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, 96, 72))
	for y := range 72 {
		for x := range 96 {
			if d := (x-48)*(x-48) + (y-36)*(y-36); d < 34*34 && d > 22*22 {
				picture.Set(x, y, color.Black)
			}
		}
	}
	return picture
}

func TestReceiptGolden(t *testing.T) {
	t.Parallel()
	for name, columns := range map[string]int{"receipt48": 48, "receipt42": 42, "receipt32": 32} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoded := escpos.Encode(receipt(), profile(columns))
			slips := paper.Read(encoded, columns)
			if len(slips) != 1 || !slips[0].Cut || slips[0].Pulses != 1 || len(slips[0].Unknown) > 0 {
				t.Fatalf("want one whole slip with a pulse, got %+v", slips)
			}
			golden(t, name+".bin", encoded)
			golden(t, name+".txt", []byte(slips[0].Text()))
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the change\n%s", name, got)
	}
}

// The published sequence of a Korean receipt, less the drawer's pulse, which a
// document sends first.
func TestKoreanVector(t *testing.T) {
	t.Parallel()
	document := drivers.Document{Blocks: []drivers.Block{
		drivers.Text{Text: "한글 영수증", Align: drivers.Centre, Wide: true, Tall: true},
		drivers.Text{Text: "아메리카노 x2  9,000"},
		drivers.Text{Text: "합계  9,000", Bold: true},
	}}
	const want = "1b401b74001c261b520d" +
		"1b61011d2111c7d1b1db20bfb5bcf6c1f50a1d21001b6100" +
		"bec6b8deb8aec4abb3eb2078322020392c3030300a" +
		"1b4501c7d5b0e82020392c3030300a1b4500" +
		"1d564203"
	if got := hex.EncodeToString(escpos.Encode(document, profile(48))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPrinterVariants(t *testing.T) {
	t.Parallel()
	plain := profile(48)
	plain.Korean, plain.Cutter, plain.QR, plain.DrawerPin = false, false, false, 5
	slips := paper.Read(escpos.Encode(drivers.Document{OpenDrawer: true, Blocks: []drivers.Block{
		drivers.Text{Text: "Café"},
		drivers.QR{Data: "https://shop.example"},
	}}, plain), 48)
	if len(slips) != 1 || slips[0].Cut || !bytes.Contains(slips[0].Bytes, []byte("\x1bp\x01")) {
		t.Fatalf("got %+v", slips)
	}
	if text := slips[0].Text(); !strings.Contains(text, "Cafe\n") || !strings.Contains(text, "[picture (") {
		t.Errorf("got %q", text)
	}
}

// A printer without Korean gets the same paper, its Korean lines as pictures.
func TestKoreanAsPicture(t *testing.T) {
	t.Parallel()
	document := drivers.Document{Blocks: []drivers.Block{
		drivers.Text{Text: "달빛 상회", Align: drivers.Centre, Bold: true, Wide: true, Tall: true},
		drivers.Text{Text: "Americano"},
		drivers.Columns{Left: "우유식빵 두 개", Right: "10,400"},
		drivers.Rule{},
		drivers.Columns{Left: "합계", Right: "10,400", Bold: true, Tall: true},
	}}
	plain := profile(48)
	plain.Korean = false
	drawn := paper.Read(escpos.Encode(document, plain), 48)
	if len(drawn) != 1 || len(drawn[0].Unknown) != 0 {
		t.Fatalf("got %+v", drawn)
	}
	if text := drawn[0].Text(); strings.ContainsAny(text, "?달우합") || !strings.Contains(text, "Americano") || strings.Count(text, "[picture") < 3 {
		t.Errorf("as text: %q", text)
	}
	want, err := paper.Read(escpos.Encode(document, profile(48)), 48)[0].Picture()
	if err != nil {
		t.Fatal(err)
	}
	got, err := drawn[0].Picture()
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("paper of %v, want %v", got.Bounds(), want.Bounds())
	}
	// Greys become black or white on the way.
	differ := 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			if dark(got, x, y) != dark(want, x, y) {
				differ++
			}
		}
	}
	if differ > 0 {
		t.Errorf("%d dots differ", differ)
	}
}

func dark(picture image.Image, x, y int) bool {
	grey, is := color.GrayModel.Convert(picture.At(x, y)).(color.Gray)
	return is && grey.Y < 0x80
}

// Whatever a shop types as a name, it is characters on the paper.
func TestTextCannotCommandThePrinter(t *testing.T) {
	t.Parallel()
	evil := "콜라\x1bp\x00\x19\xfa\x1dV\x00 \x10\x04\x01끝\u200b\u0301 \ufffd👍"
	slips := paper.Read(escpos.Encode(drivers.Document{Blocks: []drivers.Block{
		drivers.Text{Text: evil}, drivers.Columns{Left: evil, Right: evil}, drivers.Barcode{Data: evil}, drivers.QR{Data: evil},
	}}, profile(48)), 48)
	if len(slips) != 1 || slips[0].Pulses != 0 || len(slips[0].Unknown) != 0 {
		t.Fatalf("the text opened the drawer or cut the paper: %+v", slips)
	}
}

func TestLayout(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		block drivers.Block
		want  string
	}{
		"fits": {drivers.Columns{Left: "라떼", Right: "5,000"}, "라떼                       5,000\n"},
		"exactly one space": {
			drivers.Columns{Left: strings.Repeat("가", 13), Right: "5,000"}, strings.Repeat("가", 13) + " 5,000\n",
		},
		"amount below": {
			drivers.Columns{Left: strings.Repeat("가", 14), Right: "5,000"},
			strings.Repeat("가", 14) + "\n" + strings.Repeat(" ", 27) + "5,000\n",
		},
		"amount on the last line": {
			drivers.Columns{Left: strings.Repeat("가", 20), Right: "5,000"},
			strings.Repeat("가", 16) + "\n" + "가가가가" + strings.Repeat(" ", 19) + "5,000\n",
		},
		"odd width does not split Hangul": {
			drivers.Text{Text: "a" + strings.Repeat("가", 16)}, "a" + strings.Repeat("가", 15) + "\n가\n",
		},
		"words stay whole": {
			drivers.Text{Text: "교환과 환불은 일주일 안에 도와드려요"}, "교환과 환불은 일주일 안에\n도와드려요\n",
		},
		"wide amount too long for wide": {
			drivers.Columns{Left: "합계", Right: "12,345,678,901,234원", Wide: true},
			"합계        12,345,678,901,234원\n",
		},
		"only an amount":   {drivers.Columns{Right: "1"}, strings.Repeat(" ", 31) + "1\n"},
		"decomposed jamo":  {drivers.Text{Text: "\u1112\u1161\u11ab"}, "한\n"},
		"paragraphs":       {drivers.Text{Text: "가\n\n나", Align: drivers.Right}, strings.Repeat(" ", 30) + "가\n\n" + strings.Repeat(" ", 30) + "나\n"},
		"feed":             {drivers.Feed{Lines: 2}, "\n\n"},
		"no feed":          {drivers.Feed{Lines: -1}, ""},
		"barcode too long": {drivers.Barcode{Data: strings.Repeat("1", 30)}, " " + strings.Repeat("1", 30) + "\n"},
		"no picture":       {drivers.Image{}, ""},
		"backslash":        {drivers.Text{Text: `C:\`}, "C:＼\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slips := paper.Read(escpos.Encode(drivers.Document{Blocks: []drivers.Block{tt.block}}, profile(32)), 32)
			// The cut feeds a little.
			if got := strings.TrimSuffix(slips[0].Text(), "\n"); got != strings.TrimSuffix(tt.want+"\n", "\n") {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
		})
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("아메리카노 x2", "9,000", 48)
	f.Add("\x1bp\x00", "₩", 21)
	f.Fuzz(func(t *testing.T, left, right string, columns int) {
		columns = 20 + (columns&0x7FFFFFFF)%60
		slips := paper.Read(escpos.Encode(drivers.Document{Blocks: []drivers.Block{
			drivers.Columns{Left: left, Right: right},
			drivers.Text{Text: left, Wide: true},
			drivers.Barcode{Data: right},
		}}, profile(columns)), columns)
		if len(slips) != 1 || slips[0].Pulses != 0 || len(slips[0].Unknown) != 0 {
			t.Fatalf("%q and %q became commands: %+v", left, right, slips)
		}
	})
}
