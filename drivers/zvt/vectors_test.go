package zvt_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/zvt"
)

// vectorsOf reads a file of vectors: bytes by what they are.
func vectorsOf(tb testing.TB, file string) map[string][]byte {
	tb.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		tb.Fatal(err)
	}
	found := map[string][]byte{}
	for line := range strings.Lines(string(text)) {
		digits, comment, _ := strings.Cut(line, "#")
		if digits == "" {
			continue
		}
		comment = strings.TrimSpace(comment)
		if found[comment] != nil {
			tb.Errorf("%s: two are called %q", file, comment)
		}
		found[comment] = bytesOf(tb, digits)
	}
	return found
}

// TestEveryVector: no published telegram got lost, those in blocks included, and
// those with a wrong length are refused.
func TestEveryVector(t *testing.T) {
	t.Parallel()
	apdus, frames, broken := vectors(t), vectorsOf(t, "frames.txt"), vectorsOf(t, "broken.txt")
	if len(apdus) != 39 || len(frames) != 11 || len(broken) != 3 {
		t.Errorf("%d telegrams, %d blocks, %d broken", len(apdus), len(frames), len(broken))
	}
	for name, raw := range frames {
		block := take(raw).blocks[0]
		known := false
		for _, telegram := range apdus {
			known = known || bytes.Equal(telegram, block)
		}
		if !known {
			t.Errorf("%s: the telegram of the block is no vector: % X", name, block)
		}
	}
	for name, raw := range broken {
		if telegram, err := zvt.ParseAPDU(raw); !errors.Is(err, zvt.ErrMalformed) {
			t.Errorf("%s: %v, %v", name, telegram, err)
		}
	}
}

// TestVectorsRead: what the driver reads out of the ends, and the simulator out
// of the commands.
func TestVectorsRead(t *testing.T) {
	t.Parallel()
	apdus := vectors(t)
	fields, err := zvt.ParseFields(apdus["end of day over 26.00, receipts 68 to 71, captured; the file lacks the length"][3:])
	if err != nil {
		t.Fatal(err)
	}
	totals, err := zvt.ReadTotals(fields)
	if err != nil || totals.Total != 2600 || totals.Count != 4 || totals.First != "0068" || totals.Last != "0071" ||
		len(totals.Schemes) != 1 || totals.Schemes[0].Scheme != "girocard" {
		t.Errorf("totals %+v, %v", totals, err)
	}
	for comment, want := range map[string]string{"no open pre-authorisation": "", "one open pre-authorisation": "0123"} {
		open, err := zvt.ParseReservations(apdus[comment][4:])
		if err != nil || strings.Join(open.References, " ") != want || open.First != (want != "") {
			t.Errorf("%s: %+v, %v", comment, open, err)
		}
	}
	if state := zvt.ParseState(apdus["completion of a status enquiry with version"][3:]); string(state.Software) != "2.14.15" || state.Code != 0 {
		t.Errorf("state %+v", state)
	}
	for comment, number := range map[string]byte{
		"positive answer with MsgSeqId": 0x01, "progress with MsgSeqId, PA00P015 5.1": 0x02, "completion with MsgSeqId, PA00P015 5.1": 0x11,
	} {
		telegram, err := zvt.ParseAPDU(apdus[comment])
		if value := zvt.ContainerOf(telegram).Find(0x1F73); err != nil || len(value) != 3 || value[2] != number {
			t.Errorf("%s: % X, %v", comment, value, err)
		}
	}
	for comment, raw := range apdus {
		switch control := uint16(raw[0])<<8 | uint16(raw[1]); control {
		case 0x0501, 0x0600, 0x0601, 0x0618, 0x0620, 0x0630, 0x0670, 0x0693:
			if request, err := zvtsim.ParseRequest(control, raw[3:]); err != nil {
				t.Errorf("%s: the simulator reads %+v, %v", comment, request, err)
			}
		}
	}
}
