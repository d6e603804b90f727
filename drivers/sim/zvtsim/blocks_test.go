package zvtsim_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/zvt"
)

// stretch is a serial line that holds these bytes and no more.
type stretch struct{ io.Reader }

func (stretch) SetReadDeadline(time.Time) error { return nil }

// blocksOf reads a stretch to its end.
func blocksOf(tb testing.TB, raw []byte) (blocks [][]byte, answers []byte) {
	tb.Helper()
	reader := zvtsim.BlockReader{Line: stretch{bytes.NewReader(raw)}, T1: time.Second}
	for {
		block, answer, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return blocks, answers
		case err != nil:
			tb.Fatal(err)
		case answer != 0:
			answers = append(answers, answer)
		case block != nil:
			blocks = append(blocks, block)
		}
	}
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		raw     string
		blocks  []string
		answers []byte
	}{
		"a block":                 {"10 02 80 00 00 10 03 F5 1F", []string{"800000"}, nil},
		"a byte doubled":          {"10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF", []string{"06010A0400000001100049" + "0978"}, nil},
		"answers between":         {"06 10 02 80 00 00 10 03 F5 1F 15", []string{"800000"}, []byte{0x06, 0x15}},
		"noise before":            {"00 FF 10 10 02 80 00 00 10 03 F5 1F", []string{"800000"}, nil},
		"a wrong checksum":        {"10 02 80 00 00 10 03 F5 1E", nil, nil},
		"a stray byte in a block": {"10 02 80 10 07", nil, nil},
		"cut short":               {"10 02 80 00", nil, nil},
	} {
		blocks, answers := blocksOf(t, raw(test.raw))
		want := make([][]byte, len(test.blocks))
		for i, digits := range test.blocks {
			want[i] = raw(digits)
		}
		if !slices.EqualFunc(blocks, want, bytes.Equal) || !bytes.Equal(answers, test.answers) {
			t.Errorf("%s: % X, % X", name, blocks, answers)
		}
	}
}

func FuzzBlockReader(f *testing.F) {
	f.Add(raw("10 02 80 00 00 10 03 F5 1F"))
	f.Add(raw("06 10 02 10 10 10 03 15 06"))
	f.Fuzz(func(t *testing.T, noise []byte) {
		for _, block := range firstOf(blocksOf(t, noise)) {
			again := firstOf(blocksOf(t, zvt.AppendFrame(nil, block)))
			if len(again) != 1 || !bytes.Equal(again[0], block) {
				t.Errorf("% X became % X", block, again)
			}
		}
		// Whatever the bytes, as the inside of a register's block they come out
		// alike.
		framed := firstOf(blocksOf(t, zvt.AppendFrame(nil, noise)))
		if len(framed) != 1 || !bytes.Equal(framed[0], noise) {
			t.Errorf("% X became % X", noise, framed)
		}
	})
}

func firstOf(blocks [][]byte, _ []byte) [][]byte { return blocks }
