package zvt_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"shopbox/drivers/zvt"
)

// taken is what a stretch of a serial line held.
type taken struct {
	events []zvt.FrameEvent
	blocks [][]byte
}

func take(raw []byte) taken {
	var reader zvt.FrameReader
	var got taken
	for _, b := range raw {
		event, block := reader.Take(b)
		if event == zvt.FrameNothing {
			continue
		}
		got.events = append(got.events, event)
		if event == zvt.FrameBlock {
			got.blocks = append(got.blocks, block)
		}
	}
	return got
}

func TestFrameVectors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/frames.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(string(text)) {
		digits, comment, _ := strings.Cut(line, "#")
		if digits == "" {
			continue
		}
		count++
		raw := bytesOf(t, digits)
		got := take(raw)
		if len(got.blocks) != 1 || len(got.events) != 1 {
			t.Errorf("%s: %v", comment, got.events)
			continue
		}
		telegram, err := zvt.ParseAPDU(got.blocks[0])
		if err != nil {
			t.Errorf("%s: %v", comment, err)
		}
		if again := zvt.AppendFrame(nil, telegram.Append(nil)); !bytes.Equal(again, raw) {
			t.Errorf("%s: written % X", comment, again)
		}
	}
	if count != 11 {
		t.Errorf("%d vectors", count)
	}
}

func TestFrameFaults(t *testing.T) {
	t.Parallel()
	const good = "10 02 80 00 00 10 03 F5 1F"
	for name, test := range map[string]struct {
		raw  string
		want []zvt.FrameEvent
	}{
		"wrong sum":                 {"10 02 80 00 00 10 03 F5 1E", []zvt.FrameEvent{zvt.FrameBroken}},
		"sum high byte first":       {"10 02 80 00 00 10 03 1F F5", []zvt.FrameEvent{zvt.FrameBroken}},
		"changed byte":              {"10 02 80 01 00 10 03 F5 1F", []zvt.FrameEvent{zvt.FrameBroken}},
		"garbage before":            {"FF 00 13 37 10 10 41 " + good, []zvt.FrameEvent{zvt.FrameBlock}},
		"single DLE inside":         {"10 02 80 10 41", []zvt.FrameEvent{zvt.FrameBroken}},
		"begun anew":                {"10 02 80 00 " + good, []zvt.FrameEvent{zvt.FrameBlock}},
		"acknowledged, then block":  {"06 " + good, []zvt.FrameEvent{zvt.FrameACK, zvt.FrameBlock}},
		"not acknowledged":          {"15", []zvt.FrameEvent{zvt.FrameNAK}},
		"06 and 15 inside are data": {"10 02 06 15", nil},
		"cut short":                 {"10 02 80 00", nil},
	} {
		if got := take(bytesOf(t, test.raw)); !slices.Equal(got.events, test.want) {
			t.Errorf("%s: %v, want %v", name, got.events, test.want)
		}
	}
}

// TestBlockLengths: a block whose telegram says another length is no telegram.
func TestBlockLengths(t *testing.T) {
	t.Parallel()
	const rest = " 40 2A 2A 20 4B 41 53 53 45 4E 53 43 48 4E 49 54 54 20 2A 2A"
	if _, err := zvt.ParseAPDU(bytesOf(t, "06 D1 14"+rest)); err != nil {
		t.Error(err)
	}
	for name, raw := range map[string]string{
		"too short": "06 D1 10" + rest, "too long": "06 D1 18" + rest, "nothing": "", "class": "FF 13 00",
		"printed wrong": "06 01 0C 04 00 00 00 00 01 00 49 09 78 19 44 06 06 1F 73 03 00 00 01",
	} {
		if _, err := zvt.ParseAPDU(bytesOf(t, raw)); !errors.Is(err, zvt.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte{0x10, 0x02, 0x80, 0x00, 0x00, 0x10, 0x03, 0xF5, 0x1F})
	f.Add([]byte{0x10, 0x02, 0x10, 0x10, 0x10, 0x03, 0x15, 0x06})
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, block := range take(raw).blocks {
			again := take(zvt.AppendFrame(nil, block))
			if len(again.blocks) != 1 || !bytes.Equal(again.blocks[0], block) {
				t.Errorf("% X became %v", block, again.blocks)
			}
		}
		// Whatever the bytes, as the inside of a block they come out alike,
		// also behind noise that is no begun block.
		framed := take(zvt.AppendFrame(nil, raw))
		if len(framed.blocks) != 1 || !bytes.Equal(framed.blocks[0], raw) {
			t.Errorf("% X became %v", raw, framed.blocks)
		}
	})
}
