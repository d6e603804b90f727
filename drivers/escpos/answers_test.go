package escpos_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/escpos"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		heard string
		want  []string
		rest  string
		fault error
	}{
		"real time":               {"12 16 32 7e 1e", []string{"12", "16", "32", "7e", "1e"}, "", nil},
		"all well":                {"10000000", []string{"10000000"}, "", nil},
		"paper end":               {"18000f00", []string{"18000f00"}, "", drivers.ErrPaperOut},
		"cover open":              {"38000000", []string{"38000000"}, "", drivers.ErrCoverOpen},
		"cutter":                  {"18080000", []string{"18080000"}, "", drivers.ErrCutter},
		"unrecoverable":           {"18200000", []string{"18200000"}, "", drivers.ErrPrinterFault},
		"near end only":           {"10000300", []string{"10000300"}, "", nil},
		"process id":              {"37224142434400", []string{"37224142434400"}, "", nil},
		"process id not whole":    {"12 372241", []string{"12"}, "372241", nil},
		"no process id":           {"3712", []string{"37", "12"}, "", nil},
		"no process id by its 0":  {"37221212121212", []string{"37", "22", "12", "12", "12", "12", "12"}, "", nil},
		"automatic not whole":     {"180000", nil, "180000", nil},
		"barrier":                 {"00 03", []string{"00", "03"}, "", nil},
		"garbage":                 {"ff a5 80", []string{"ff", "a5", "80"}, "", nil},
		"a status between others": {"12 18000f00 12", []string{"12", "18000f00", "12"}, "", drivers.ErrPaperOut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard, err := hex.DecodeString(strings.ReplaceAll(tt.heard, " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			answers, faults, rest := escpos.SplitAnswers(heard)
			var got []string
			for _, answer := range answers {
				got = append(got, hex.EncodeToString(answer))
			}
			if !slices.Equal(got, tt.want) || hex.EncodeToString(rest) != tt.rest {
				t.Errorf("answers %q, rest %x; want %q, %s", got, rest, tt.want, tt.rest)
			}
			if fault := errors.Join(faults...); !errors.Is(fault, tt.fault) {
				t.Errorf("fault %v; want %v", fault, tt.fault)
			}
		})
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte("\x12\x18\x00\x0f\x00\x37\x22ABCD\x00\x00"))
	f.Add([]byte("\x37\x37\x22"))
	f.Fuzz(func(t *testing.T, heard []byte) {
		answers, _, rest := escpos.SplitAnswers(heard)
		if !bytes.Equal(append(bytes.Join(answers, nil), rest...), heard) {
			t.Fatal("bytes were lost or invented")
		}
		if len(rest) > 6 {
			t.Fatalf("%d bytes wait for ever", len(rest))
		}
	})
}
