package catalog_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shopbox/edge/catalog"
)

func TestParseGS1(t *testing.T) {
	t.Parallel()
	const gtin = "0108801043014809"
	for text, want := range map[string]catalog.GS1{
		"":                           {},
		gtin:                         {},
		gtin + "17270616":            {Trace: catalog.Trace{Expiry: "270616"}},
		gtin + "1527061617270601":    {Trace: catalog.Trace{Expiry: "270601"}},
		gtin + "1727060115270616":    {Trace: catalog.Trace{Expiry: "270601"}},
		gtin + "15270600":            {Trace: catalog.Trace{Expiry: "270600"}},
		gtin + "70032706011830":      {Trace: catalog.Trace{Expiry: "270601"}},
		gtin + "10A/1-b\x1d21S":      {Trace: catalog.Trace{Lot: "A/1-b", Serial: "S"}},
		"\x1d" + gtin + "\x1d10A":    {Trace: catalog.Trace{Lot: "A"}},
		"10A\x1d" + gtin:             {Trace: catalog.Trace{Lot: "A"}},
		gtin + "3103001234":          {Weight: 1234},
		gtin + "3100000012":          {Weight: 12_000},
		gtin + "3105123400":          {Weight: 1234},
		gtin + "392012900":           {Price: 12_900},
		gtin + "39221290000":         {Price: 12_900},
		gtin + "393041012900":        {Price: 12_900},
		gtin + "393284012900":        {},
		gtin + "3103001234392012900": {Weight: 1234, Price: 12_900},
		gtin + "3012":                {Count: 12},
		// Made, packed, sold by; internal; a web address: of no use here.
		gtin + "112601011326010190X\x1d8200https://shop.example/(10)\x1d10A": {Trace: catalog.Trace{Lot: "A"}},
		"(01)08801043014809(17)270616(10)A(1)B (3103)001234":                 {Weight: 1234, Trace: catalog.Trace{Expiry: "270616", Lot: "A(1)B"}},
	} {
		if text != "" {
			want.GTIN = "08801043014809"
		}
		if got, err := catalog.ParseGS1(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	// A box of 24, by what is inside.
	got, err := catalog.ParseGS1("00388010430000000012" + "0208801043014809" + "3724")
	if want := (catalog.GS1{GTIN: "08801043014809", Count: 24}); err != nil || got != want {
		t.Errorf("a box: %+v, %v", got, err)
	}
}

func TestParseGS1Refuses(t *testing.T) {
	t.Parallel()
	const gtin = "0108801043014809"
	for text, want := range map[string]error{
		"0108801043014808":                    catalog.ErrCheckDigit,
		"0108801043014":                       catalog.ErrGS1,
		"010880104301480X":                    catalog.ErrGS1,
		gtin + "0196385074000001":             catalog.ErrCheckDigit,
		gtin + "0100000096385074":             catalog.ErrGS1,
		gtin + "17271301":                     catalog.ErrGS1,
		gtin + "17270230":                     catalog.ErrGS1,
		gtin + "17270229":                     catalog.ErrGS1,
		gtin + "1727061":                      catalog.ErrGS1,
		gtin + "17\x1d270616":                 catalog.ErrGS1,
		gtin + "70032706":                     nil,
		gtin + "310312345":                    catalog.ErrGS1,
		gtin + "310X123456":                   catalog.ErrGS1,
		gtin + "3104123456":                   catalog.ErrGS1,
		gtin + "3103000000":                   catalog.ErrLabelValue,
		gtin + "392":                          catalog.ErrGS1,
		gtin + "3920":                         catalog.ErrGS1,
		gtin + "392112905":                    catalog.ErrGS1,
		gtin + "392012A":                      catalog.ErrGS1,
		gtin + "30":                           catalog.ErrGS1,
		gtin + "30123456789":                  catalog.ErrGS1,
		gtin + "10":                           catalog.ErrGS1,
		gtin + "10" + "123456789012345678901": catalog.ErrGS1,
		gtin + "10한":                          catalog.ErrGS1,
		gtin + "x":                            catalog.ErrGS1,
		"(01)8801043014809":                   catalog.ErrGS1,
		"(01)08801043014809(17)":              catalog.ErrGS1,
	} {
		if got, err := catalog.ParseGS1(text); !errors.Is(err, want) {
			t.Errorf("%q: %+v, %v; want %v", text, got, err, want)
		}
	}
}

func TestGS1Date(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 11, 25, 23, 59, 0, 0, time.FixedZone("KST", 9*60*60))
	for date, want := range map[catalog.GS1Date]struct {
		day    string
		passed bool
	}{
		"261125": {"2026-11-25", false}, "261124": {"2026-11-24", true}, "261200": {"2026-12-31", false},
		"261100": {"2026-11-30", false}, "261000": {"2026-10-31", true}, "280200": {"2028-02-29", false},
		"760101": {"2076-01-01", false}, "770101": {"1977-01-01", true}, "991231": {"1999-12-31", true},
	} {
		if got := date.Day(today); got.Format(time.DateOnly) != want.day || date.Passed(today) != want.passed {
			t.Errorf("%s is %s, passed %v; want %+v", date, got, date.Passed(today), want)
		}
	}
	if day := catalog.GS1Date("010101").Day(today.AddDate(60, 0, 0)); day.Year() != 2101 {
		t.Errorf("01 in 2086 is %d", day.Year())
	}
	if catalog.GS1Date("").Passed(today) || catalog.GS1Date("x").Day(today).After(today) {
		t.Error("no date has passed")
	}
}

// What a code of GS1 becomes at the counter.
func TestParseCodeGS1(t *testing.T) {
	t.Parallel()
	for scanned, want := range map[string]catalog.Code{
		"0100000096385074":                   {Kind: catalog.CodeGTIN, Text: "96385074"},
		"]e00198801043014802" + "3103001234": {Kind: catalog.CodeGTIN, Text: "98801043014802", Weight: 1234},
		"]C1029880104301480237" + "6":        {Kind: catalog.CodeGTIN, Text: "98801043014802", Count: 6},
		"0108801043014809392012900":          {Kind: catalog.CodeGTIN, Text: "8801043014809", Price: 12_900},
		// The shop's own label inside a GS1 code; the code's own price counts.
		"]d2" + "0102100042123403":              {Kind: catalog.CodeLabel, Text: "2100042", Item: "00042", Price: 12_340},
		"]d2" + "0102100042123403" + "39205000": {Kind: catalog.CodeLabel, Text: "2100042", Item: "00042", Price: 5000},
		"0108801043014809" + "Z":                {Kind: catalog.CodeText, Text: "0108801043014809Z"},
		"]Q1" + "0108801043014809" + "10A":      {Kind: catalog.CodeGTIN, Text: "8801043014809", Trace: catalog.Trace{Lot: "A"}},
		"]I0" + "0108801043014809" + "10A":      {Kind: catalog.CodeText, Text: "010880104301480910A"},
		"]C1" + "00388010430000000012":          {Kind: catalog.CodeText, Text: "00388010430000000012"},
	} {
		if got, err := catalog.ParseCode(scanned, labelRules()); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", scanned, got, err, want)
		}
	}
}

// What is written out in brackets reads as the same, and nothing is read that
// GS1 does not allow.
func FuzzGS1(f *testing.F) {
	f.Add("01088065720024331725061610HP04AA\x1d21HP04AA003122")
	f.Add("(01)08801043014809(3103)001234(392)0")
	f.Add("0198801043014802310300123439201290030\x1d7003270601")
	f.Fuzz(func(t *testing.T, text string) {
		read, err := catalog.ParseGS1(text)
		if err != nil {
			return
		}
		if read.Weight < 0 || read.Price < 0 || read.Count < 0 || read.GTIN != "" && !catalog.ValidCheckDigit(read.GTIN) {
			t.Errorf("%q: %+v", text, read)
		}
		today := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
		if day := read.Trace.Expiry.Day(today); read.Trace.Expiry != "" && (day.Year() < 1977 || day.Year() > 2076) {
			t.Errorf("%q: expiry %s", text, day)
		}
		if strings.ContainsAny(read.Trace.Lot+read.Trace.Serial, "()") {
			return
		}
		written := strings.ReplaceAll(read.Trace.String(), " (", "(")
		again, err := catalog.ParseGS1(written)
		if spaced := strings.TrimSpace(read.Trace.Lot) != read.Trace.Lot || strings.TrimSpace(read.Trace.Serial) != read.Trace.Serial; spaced {
			return
		}
		if err != nil || again.Trace != read.Trace {
			t.Errorf("%q is written %q and reads %+v, %v", text, written, again.Trace, err)
		}
	})
}

func TestWalletCode(t *testing.T) {
	t.Parallel()
	for scanned, want := range map[string]bool{
		"281006020000000000": true, "134567890123456789": true, "3012345678901234": true, "]Q1281006020000000000": true,
		"]Q1hQVDUFYwMWEL": true, "]Q1https://pay.example/a": false, "]Q1": false, "\x1d": false, "]Q3010880104301480910A": false, "]C1281006020000000000": false,
		"281006020000000": false, "2810060200000000000000000": false, "311006020000000000": false, "161006020000000000": false,
		"28100602000000000X": false, "8801043014809": false, "": false,
	} {
		code, got := catalog.WalletCode(scanned)
		if got != want || got && code != strings.TrimPrefix(scanned, "]Q1") {
			t.Errorf("%q: %q, %v", scanned, code, got)
		}
	}
}
