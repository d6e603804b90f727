package zvt_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"shopbox/drivers/zvt"
)

// vectors reads testdata/apdus.txt.
func vectors(tb testing.TB) map[string][]byte {
	tb.Helper()
	return vectorsOf(tb, "apdus.txt")
}

func bytesOf(tb testing.TB, digits string) []byte {
	tb.Helper()
	raw, err := hex.DecodeString(strings.Join(strings.Fields(digits), ""))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestVectorsReadAndWriteAlike(t *testing.T) {
	t.Parallel()
	for comment, raw := range vectors(t) {
		telegram, err := zvt.ReadAPDU(iotest.OneByteReader(bytes.NewReader(raw)))
		if err != nil {
			t.Errorf("%s: %v", comment, err)
			continue
		}
		if again := telegram.Append(nil); !bytes.Equal(again, raw) {
			t.Errorf("%s: written % X", comment, again)
		}
		if telegram.Command != 0x040F {
			continue
		}
		fields, err := zvt.ParseFields(telegram.Data)
		if err != nil {
			t.Errorf("%s: %v", comment, err)
			continue
		}
		if data, err := fields.Encode(); err != nil || !bytes.Equal(data, telegram.Data) {
			t.Errorf("%s: fields written % X, %v", comment, data, err)
		}
	}
}

func TestFieldsOfVectors(t *testing.T) {
	t.Parallel()
	all := vectors(t)
	fields := func(comment string, skip int) zvt.Fields {
		t.Helper()
		raw := all[comment]
		if raw == nil {
			t.Fatalf("no vector %q", comment)
		}
		fields, err := zvt.ParseFields(raw[3+skip:])
		if err != nil {
			t.Fatalf("%s: %v", comment, err)
		}
		return fields
	}
	approved := fields("approved 20.40", 0)
	for _, want := range []struct {
		tag    zvt.Tag
		number uint64
	}{{0x04, 2040}, {0x0B, 470}, {0x0C, 223953}, {0x0D, 1006}, {0x29, 28004869}, {0x49, 978}, {0x87, 470}, {0x88, 470}} {
		if got, ok := approved.Number(want.tag); !ok || got != want.number {
			t.Errorf("bitmap %02X is %d, want %d", byte(want.tag), got, want.number)
		}
	}
	if name := string(approved.Bytes(0x8B)); name != "Debit Mastercard\x00" {
		t.Errorf("card name %q", name)
	}
	long := fields("approved, long trace number", 0).Objects()
	if trace := long.Find(0x1F2B); !bytes.Equal(trace, []byte{0x10, 0x01, 0x50, 0x08}) {
		t.Errorf("long trace % X", trace)
	}
	if name := long.Find(0x60, 0x44); string(name) != "Debit Mastercard" {
		t.Errorf("application %q", name)
	}
	if how := long.Find(0x2F, 0x1F12); !bytes.Equal(how, []byte{2}) {
		t.Errorf("technology % X", how)
	}
	words := fields("abort with the terminal's words", 1).Objects().Find(0x1F17)
	if string(words) != "Abbruch durch externes Kommando!" {
		t.Errorf("words %q", words)
	}
	permitted := fields("completion of a registration, PA00P015", 0).Objects().Find(0x26, 0x0A)
	if !bytes.Equal(permitted, []byte{0x06, 0xD3}) {
		t.Errorf("permitted % X", permitted)
	}
}

func TestReadAPDUFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		raw  string
		want error
	}{
		"nothing":             {"", io.EOF},
		"one byte":            {"06", io.ErrUnexpectedEOF},
		"no length":           {"06 0F", io.ErrUnexpectedEOF},
		"length too long":     {"06 D1 18 40 2A 2A 20 4B 41 53 53 45 4E 53 43 48 4E 49 54 54 20 2A 2A", io.ErrUnexpectedEOF},
		"half a long length":  {"04 0F FF 01", io.ErrUnexpectedEOF},
		"long data cut short": {"04 0F FF 00 01 27", io.ErrUnexpectedEOF},
		"garbage":             {"FF 13 37", zvt.ErrMalformed},
		"serial framing":      {"10 02 80 00 00 10 03 F5 1F", zvt.ErrMalformed},
	} {
		if _, err := zvt.ReadAPDU(bytes.NewReader(bytesOf(t, test.raw))); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

func TestExtendedLength(t *testing.T) {
	t.Parallel()
	for size, head := range map[int]string{
		0: "06D300", 254: "06D3FE", 255: "06D3FFFF00", 256: "06D3FF0001", 65535: "06D3FFFFFF",
	} {
		telegram := zvt.APDU{Command: 0x06D3, Data: make([]byte, size)}
		raw := telegram.Append(nil)
		if got := hex.EncodeToString(raw[:len(raw)-size]); !strings.EqualFold(got, head) {
			t.Errorf("%d bytes begin %s, want %s", size, got, head)
		}
		again, err := zvt.ReadAPDU(iotest.HalfReader(bytes.NewReader(raw)))
		if err != nil || len(again.Data) != size {
			t.Errorf("%d bytes: %d, %v", size, len(again.Data), err)
		}
	}
}

func TestParseFieldsFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		raw   string
		count int
	}{
		"value cut short":    {"27 00 04 00 00", 1},
		"counter cut short":  {"27 00 22 F0", 1},
		"counter not F":      {"27 00 8B 01 02 41 42", 1},
		"counter not digit":  {"27 00 8B F0 FA 41", 1},
		"counted too long":   {"27 00 3C F0 F0 F9 41", 1},
		"container too long": {"27 00 06 05 14 01 FE", 1},
		"length of lengths":  {"27 00 06 83 00 00 00", 1},
		"no length":          {"27 00 06", 1},
	} {
		fields, err := zvt.ParseFields(bytesOf(t, test.raw))
		if !errors.Is(err, zvt.ErrMalformed) || len(fields) != test.count {
			t.Errorf("%s: %v, %v", name, fields, err)
		}
	}
	fields, err := zvt.ParseFields(bytesOf(t, "27 00 C1 01 04 00 00 00 00 10 00"))
	if unknown := (zvt.UnknownTagError{}); !errors.As(err, &unknown) || unknown.Tag != 0xC1 || len(fields) != 1 {
		t.Errorf("unknown bitmap: %v, %v", fields, err)
	}
	if _, err := (zvt.Fields{{Tag: 0x04, Value: []byte{1}}}).Encode(); !errors.Is(err, zvt.ErrMalformed) {
		t.Errorf("a short amount was written: %v", err)
	}
	if _, err := (zvt.Fields{{Tag: 0x8B, Value: make([]byte, 100)}}).Encode(); !errors.Is(err, zvt.ErrMalformed) {
		t.Errorf("100 bytes were counted in two digits: %v", err)
	}
}

func TestParseTLVFaults(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"tag cut short": "1F", "tag too long": "1F 81 81 81 00", "no length": "07",
		"value cut short": "07 05 41", "inner broken": "24 03 07 05 41",
		"too deep": "20 10 20 0E 20 0C 20 0A 20 08 20 06 20 04 20 02 20 00",
	} {
		if _, err := zvt.ParseTLV(bytesOf(t, raw)); !errors.Is(err, zvt.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBCD(t *testing.T) {
	t.Parallel()
	for _, number := range []uint64{0, 7, 10, 99, 100, 123_456, 999_999_999_999} {
		packed := zvt.AppendBCD(nil, number, 6)
		if got, err := zvt.BCD(packed); err != nil || got != number || len(packed) != 6 {
			t.Errorf("%d became % X, %d, %v", number, packed, got, err)
		}
	}
	for _, raw := range []string{"0A", "A0", "FF", "00000000000000000000"} {
		if _, err := zvt.BCD(bytesOf(t, raw)); !errors.Is(err, zvt.ErrMalformed) {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func FuzzReadAPDU(f *testing.F) {
	for _, raw := range vectors(f) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		telegram, err := zvt.ReadAPDU(bytes.NewReader(raw))
		if err != nil {
			return
		}
		again, err := zvt.ReadAPDU(bytes.NewReader(telegram.Append(nil)))
		if err != nil || again.Command != telegram.Command || !bytes.Equal(again.Data, telegram.Data) {
			t.Errorf("%v read again as %v, %v", telegram, again, err)
		}
	})
}

func FuzzParseFields(f *testing.F) {
	for _, raw := range vectors(f) {
		f.Add(raw[3:])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		fields, err := zvt.ParseFields(raw)
		fields.Objects()
		data, failed := fields.Encode()
		if failed != nil {
			t.Fatalf("fields that were read cannot be written: %v", failed)
		}
		again, failed := zvt.ParseFields(data)
		if failed != nil || len(again) != len(fields) {
			t.Errorf("%v (%v) read again as %v, %v", fields, err, again, failed)
		}
	})
}

func FuzzParseTLV(f *testing.F) {
	for _, raw := range vectors(f) {
		fields, _ := zvt.ParseFields(raw[3:])
		f.Add(fields.Bytes(0x06))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		objects, err := zvt.ParseTLV(raw)
		size := 0
		for _, object := range objects {
			size += len(object.Value) + 2
		}
		if err == nil && size > len(raw) {
			t.Errorf("%d bytes of objects out of %d", size, len(raw))
		}
	})
}
