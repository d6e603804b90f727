package catalog_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"shopbox/edge/catalog"
	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

func labelRules() []vertical.CodeRule {
	return []vertical.CodeRule{
		{Prefix: "2P", ItemDigits: 5, ValueDigits: 5, Value: vertical.LabelPrice},
		{Prefix: "28", ItemDigits: 5, ValueDigits: 5, Value: vertical.LabelWeight, Decimals: 3},
		{Prefix: "27", ItemDigits: 4, ValueDigits: 5, Value: vertical.LabelPrice, ValueCheck: true},
		{Prefix: "26", ItemDigits: 5, ValueDigits: 4, Value: vertical.LabelPrice, ValueCheck: true},
		{Prefix: "02", ItemDigits: 5, ValueDigits: 5, Value: vertical.LabelWeight, Decimals: 2},
	}
}

// medicine is the code on a Korean medicine, as GS1 Korea prints it.
func medicine() catalog.Code {
	return catalog.Code{
		Kind: catalog.CodeGTIN, Text: "8806572002433",
		Trace: catalog.Trace{Lot: "HP04AA", Serial: "HP04AA003122", Expiry: "250616"},
	}
}

func TestParseCode(t *testing.T) {
	t.Parallel()
	for scanned, want := range map[string]catalog.Code{
		"8801043014809":    {Kind: catalog.CodeGTIN, Text: "8801043014809"},
		"]E08801043014809": {Kind: catalog.CodeGTIN, Text: "8801043014809"},
		"08801043014809":   {Kind: catalog.CodeGTIN, Text: "8801043014809"},
		"18801043014806":   {Kind: catalog.CodeGTIN, Text: "18801043014806"},
		"036000291452":     {Kind: catalog.CodeGTIN, Text: "0036000291452"},
		"96385074":         {Kind: catalog.CodeGTIN, Text: "96385074"},
		"04252614":         {Kind: catalog.CodeGTIN, Text: "0042100005264"},
		"]E004252614":      {Kind: catalog.CodeGTIN, Text: "0042100005264"},
		"]E496385074":      {Kind: catalog.CodeGTIN, Text: "96385074"},
		// Both an EAN-8 and a UPC-E: one article, however it was read.
		"00000000":         {Kind: catalog.CodeGTIN, Text: "0000000000000"},
		"]E400000000":      {Kind: catalog.CodeGTIN, Text: "0000000000000"},
		"0100000000000000": {Kind: catalog.CodeGTIN, Text: "0000000000000"},
		// A GS1 DataMatrix on a Korean medicine.
		"]d2010880657200243317250616" + "10HP04AA\x1d21HP04AA003122": medicine(),
		"01088065720024331725061610HP04AA\x1d21HP04AA003122":         medicine(),
		"(01)08806572002433(17)250616(10)HP04AA(21)HP04AA003122":     medicine(),
		"R2611230001":     {Kind: catalog.CodeReceipt, Text: "R2611230001", Receipt: "20261123-0001"},
		"r26112312345":    {Kind: catalog.CodeReceipt, Text: "r26112312345", Receipt: "20261123-12345"},
		"20261123-0001":   {Kind: catalog.CodeReceipt, Text: "20261123-0001", Receipt: "20261123-0001"},
		"R2613400001":     {Kind: catalog.CodeText, Text: "R2613400001"},
		"R261123001":      {Kind: catalog.CodeText, Text: "R261123001"},
		"20261123-X001":   {Kind: catalog.CodeText, Text: "20261123-X001"},
		"42":              {Kind: catalog.CodeText, Text: "42"},
		"ABC-123":         {Kind: catalog.CodeText, Text: "ABC-123"},
		"123456789012345": {Kind: catalog.CodeText, Text: "123456789012345"},
		// 12,340 won of item 00042, 1.234 kg of it, 56.7 kg of another.
		"2100042123403": {Kind: catalog.CodeLabel, Text: "2100042", Item: "00042", Price: 12_340},
		"2800042012348": {Kind: catalog.CodeLabel, Text: "2800042", Item: "00042", Weight: 1234},
		"0212345056707": {Kind: catalog.CodeLabel, Text: "0212345", Item: "12345", Weight: 56_700},
		"212345056707":  {Kind: catalog.CodeLabel, Text: "0212345", Item: "12345", Weight: 56_700},
		// Prices with a check digit of their own (GS1 7.9): 14685 has 6, 2875
		// has 9.
		"2700426146853": {Kind: catalog.CodeLabel, Text: "270042", Item: "0042", Price: 14_685},
		"2600042928751": {Kind: catalog.CodeLabel, Text: "2600042", Item: "00042", Price: 2875},
	} {
		t.Run(scanned, func(t *testing.T) {
			t.Parallel()
			got, err := catalog.ParseCode(scanned, labelRules())
			if err != nil || got != want {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestParseCodeTakesSpacesOff(t *testing.T) {
	t.Parallel()
	got, err := catalog.ParseCode(" 8801043014809\r", nil)
	if err != nil || got.Text != "8801043014809" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestParseCodeRefuses(t *testing.T) {
	t.Parallel()
	for scanned, want := range map[string]error{
		"":                            catalog.ErrNotACode,
		"  ":                          catalog.ErrNotACode,
		"88010\x0043014809":           catalog.ErrNotACode,
		"아메리카노":                       catalog.ErrNotACode,
		"\xff\xfe\x80":                catalog.ErrNotACode,
		strings.Repeat("9", 65):       catalog.ErrNotACode,
		strings.Repeat("x", 4096):     catalog.ErrNotACode,
		"8801043014808":               catalog.ErrCheckDigit,
		"036000291453":                catalog.ErrCheckDigit,
		"96385075":                    catalog.ErrCheckDigit,
		"]E496385075":                 catalog.ErrCheckDigit,
		"]E096385074":                 catalog.ErrCheckDigit,
		"18801043014809":              catalog.ErrCheckDigit,
		"2100042123404":               catalog.ErrCheckDigit,
		"2700425146854":               catalog.ErrCheckDigit,
		"2600042828754":               catalog.ErrCheckDigit,
		"2100042000001":               catalog.ErrLabelValue,
		"]d2010880657200243417250616": catalog.ErrCheckDigit,
		"]d20108806572002433172506":   catalog.ErrGS1,
		"]d2010880657200243317251316": catalog.ErrGS1,
	} {
		t.Run(scanned, func(t *testing.T) {
			t.Parallel()
			if got, err := catalog.ParseCode(scanned, labelRules()); !errors.Is(err, want) {
				t.Errorf("%+v, %v; want %v", got, err, want)
			}
		})
	}
}

func TestLabelsNeedRules(t *testing.T) {
	t.Parallel()
	broken := []vertical.CodeRule{{Prefix: "2P", ItemDigits: 9, ValueDigits: 9, Value: vertical.LabelPrice}}
	for _, rules := range [][]vertical.CodeRule{nil, broken} {
		got, err := catalog.ParseCode("2100042123403", rules)
		if err != nil || got.Kind != catalog.CodeGTIN {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		scanned string
		want    []string
	}{
		{"2100042123403", []string{"2100042", "00042", "42"}},
		{"0212345056707", []string{"0212345", "12345"}},
		{"2100000123407", []string{"2100000", "00000"}},
		{"8801043014809", []string{"8801043014809"}},
		{"R2611230001", nil},
	} {
		code, err := catalog.ParseCode(tt.scanned, labelRules())
		if err != nil {
			t.Errorf("%s: %v", tt.scanned, err)
		}
		if got := code.Lookups(); !slices.Equal(got, tt.want) {
			t.Errorf("%s looks up %v; want %v", tt.scanned, got, tt.want)
		}
	}
}

func TestNormalBarcode(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"036000291452": "0036000291452", "2100042123403": "2100042", "plu-7": "plu-7",
	} {
		if got, err := catalog.NormalBarcode(typed, labelRules()); err != nil || got != want {
			t.Errorf("%q = %q, %v; want %q", typed, got, err, want)
		}
	}
	if _, err := catalog.NormalBarcode("R2611230001", nil); !errors.Is(err, catalog.ErrReserved) {
		t.Errorf("a receipt's number: %v", err)
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	cost := money.Won(7000)
	beef := catalog.Product{
		ID: "p", Name: "한우", Category: "meat", Price: 9900, Cost: &cost, VAT: money.Exempt, ByWeight: true, Unit: "kg",
	}
	for scanned, want := range map[string]struct {
		unit     money.Won
		quantity money.Milli
		single   bool
		costly   bool
	}{
		"8801043014809": {9900, money.One, false, true},
		"2800042012348": {9900, 1234, true, true},
		"2100042123403": {12_340, money.One, true, false},
	} {
		code, err := catalog.ParseCode(scanned, labelRules())
		if err != nil {
			t.Fatal(err)
		}
		line := beef.Line(code)
		if line.Unit != want.unit || line.Quantity != want.quantity || line.Item.Single != want.single ||
			(line.Item.Cost != nil) != want.costly || line.Item.Barcode != code.Text || line.Item.Product != "p" {
			t.Errorf("%s: %+v", scanned, line)
		}
		if code.Measured() != (scanned[0] == '2') {
			t.Errorf("%s: measured %v", scanned, code.Measured())
		}
	}
}

func TestCheckDigitsOfEveryLength(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"8801043014809": true, "4006381333931": true, "036000291452": true, "73513537": true,
		"106141412345678908": true, "8801043014801": false, "7": false, "": false, "88010430148O9": false,
	} {
		if got := catalog.ValidCheckDigit(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, seed := range []string{
		"8801043014809", "2100042123403", "R2611230001", "]d20108806572002433", "04252614", "\x1d01", "]E0", "한글", "0100000000000000", "]E400000000",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, scanned string) {
		code, err := catalog.ParseCode(scanned, labelRules())
		if err != nil {
			return
		}
		if code.Text == "" || len(code.Text) > 64 || code.Price < 0 || code.Weight < 0 {
			t.Errorf("%q gives %+v", scanned, code)
		}
		if code.Kind == catalog.CodeReceipt || code.Kind == catalog.CodeLabel || strings.HasPrefix(strings.TrimSpace(scanned), "]") {
			// The text alone no longer says in what symbol it came.
			return
		}
		again, err := catalog.ParseCode(code.Text, labelRules())
		if err != nil || again.Kind != code.Kind || again.Text != code.Text {
			t.Errorf("%q gives %+v, which gives %+v, %v", scanned, code, again, err)
		}
	})
}
