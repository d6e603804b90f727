package hidscan_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"shopbox/drivers/hidscan"
)

// records writes struct input_event with longs of so many bytes.
func records(word int, events ...hidscan.Event) []byte {
	var data []byte
	for _, event := range events {
		data = append(data, make([]byte, 2*word)...)
		data = binary.NativeEndian.AppendUint16(data, event.Type)
		data = binary.NativeEndian.AppendUint16(data, event.Code)
		data = binary.NativeEndian.AppendUint32(data, uint32(event.Value))
	}
	return data
}

func down(code uint16) hidscan.Event   { return hidscan.Event{Type: 1, Code: code, Value: 1} }
func up(code uint16) hidscan.Event     { return hidscan.Event{Type: 1, Code: code, Value: 0} }
func repeat(code uint16) hidscan.Event { return hidscan.Event{Type: 1, Code: code, Value: 2} }

func taps(codes ...uint16) []hidscan.Event {
	var events []hidscan.Event
	for _, code := range codes {
		events = append(events, down(code), up(code))
	}
	return events
}

// held presses keys while others are held.
func held(modifier uint16, codes ...uint16) []hidscan.Event {
	return slices.Concat([]hidscan.Event{down(modifier)}, taps(codes...), []hidscan.Event{up(modifier)})
}

// The numbers are those of linux/input-event-codes.h.
func TestReader(t *testing.T) {
	t.Parallel()
	const (
		tab, enter, ctrl, brace, shift, padEnter, altKey, rightAlt = 15, 28, 29, 27, 54, 96, 56, 100
		caps, num, hangeul, hanja                                  = 58, 69, 122, 123
	)
	separator := held(ctrl, brace)
	dropped, report := hidscan.Event{Code: 3}, hidscan.Event{}
	for name, tt := range map[string]struct {
		ending hidscan.Ending
		events []hidscan.Event
		codes  []string
		bad    int
	}{
		"digits":             {"any", taps(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, enter), []string{"1234567890"}, 0},
		"number pad":         {"any", taps(79, 80, 81, 75, 76, 77, 71, 72, 73, 82, 83, 74, 78, 55, 98, padEnter), []string{"1234567890.-+*/"}, 0},
		"first letters":      {"any", taps(16, 30, 44, enter), []string{"qaz"}, 0},
		"shift":              {"any", slices.Concat(held(shift, 16, 3, 39, 43), taps(16, enter)), []string{`Q@:|q`}, 0},
		"signs":              {"any", slices.Concat(taps(12, 13, 26, 27, 39, 40, 41, 43, 51, 52, 53, 57, 2, enter)), []string{"-=[];'`\\,./ 1"}, 0},
		"caps lock on":       {"any", slices.Concat(taps(caps), taps(30), taps(caps), taps(enter)), []string{"a"}, 0},
		"Hangul on":          {"any", taps(hangeul, 30, hanja, 48, num, enter), []string{"ab"}, 0},
		"a key that repeats": {"any", []hidscan.Event{down(2), repeat(2), repeat(2), up(2), down(enter), repeat(enter), up(enter)}, []string{"1"}, 0},
		"rolled over":        {"any", []hidscan.Event{down(2), down(3), up(2), up(3), down(enter)}, []string{"12"}, 0},
		"a separator":        {"any", slices.Concat(taps(2), separator, taps(3, enter)), []string{"1\x1d2"}, 0},
		"Alt 0029":           {"any", slices.Concat(taps(2), held(altKey, 82, 82, 80, 73), taps(3, enter)), []string{"1\x1d2"}, 0},
		"UTF-8 by Alt": {
			"any", slices.Concat(held(altKey, 80, 81, 77), held(altKey, 79, 77, 79), held(altKey, 79, 80, 72), taps(enter)), // EC A1 80
			[]string{"\xec\xa1\x80"}, 0,
		},
		"Unicode by Alt":     {"any", slices.Concat(held(rightAlt, 75, 72, 79, 75, 72), taps(enter)), []string{"바"}, 0},
		"Alt alone":          {"any", slices.Concat(held(altKey), taps(2, enter)), []string{"1"}, 0},
		"half a character":   {"any", slices.Concat(held(altKey, 80, 81, 77), taps(enter)), nil, 1},
		"no such character":  {"any", slices.Concat(held(altKey, 73, 73, 73, 73, 73, 73, 73, 73), taps(enter)), nil, 1},
		"Alt and a letter":   {"any", slices.Concat(held(altKey, 30), taps(enter)), nil, 1},
		"start and end":      {"any", slices.Concat(held(ctrl, 48), taps(2), held(ctrl, 46)), []string{"1"}, 0}, // Ctrl B, Ctrl C
		"carriage return":    {"any", slices.Concat(taps(2), held(ctrl, 50)), []string{"1"}, 0},                 // Ctrl M
		"a key of no code":   {"any", taps(2, 66, 3, enter, 4, enter), []string{"3"}, 1},
		"either ends":        {"any", taps(2, tab, 3, enter), []string{"1", "2"}, 0},
		"enter and tab":      {"any", taps(2, enter, tab, 3, enter, tab), []string{"1", "2"}, 0},
		"only enter ends":    {"enter", taps(2, tab, 3, enter, 4, enter), []string{"3"}, 1},
		"only tab ends":      {"tab", taps(2, enter, 3, tab, 4, tab), []string{"3"}, 1},
		"dropped in between": {"any", slices.Concat(taps(2), []hidscan.Event{dropped, down(shift), down(3), report}, taps(4, enter, 5, enter)), []string{"4"}, 1},
		"dropped in shift":   {"any", slices.Concat([]hidscan.Event{down(shift), dropped, report}, taps(enter, 16, enter)), []string{"q"}, 1},
		"a mouse":            {"any", slices.Concat([]hidscan.Event{{Type: 2, Code: 1, Value: 1}}, taps(2, enter)), []string{"1"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, word := range []int{4, 8} {
				codes, bad := read(hidscan.NewReader(word, tt.ending), records(word, tt.events...), 7)
				if !slices.Equal(codes, tt.codes) || bad != tt.bad {
					t.Errorf("%d bytes: codes %q, %d bad; want %q, %d", word, codes, bad, tt.codes, tt.bad)
				}
			}
		})
	}
}

// read gives the bytes to a reader in pieces, and silence in the end.
func read(reader *hidscan.Reader, data []byte, size int) (codes []string, bad int) {
	for piece := range slices.Chunk(data, size) {
		for _, read := range reader.Write(piece) {
			if read.Err != nil {
				bad++
				continue
			}
			codes = append(codes, read.Scan.Code)
		}
	}
	return codes, bad
}

// However the records are cut into pieces, the codes are the same, and each is
// clean.
func FuzzReader(f *testing.F) {
	f.Add(records(8, taps(2, 3, 28)...), uint8(3))
	f.Add(records(8, slices.Concat(held(29, 27), held(56, 82, 82, 80, 73), taps(28))...), uint8(23))
	f.Add(records(8, hidscan.Event{Code: 3}, down(2), hidscan.Event{}, down(28)), uint8(0))
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		for _, word := range []int{4, 8} {
			whole, worse := read(hidscan.NewReader(word, hidscan.EndingAny), data, len(data)+1)
			pieces, bad := read(hidscan.NewReader(word, hidscan.EndingAny), data, int(size)+1)
			if !slices.Equal(whole, pieces) || worse != bad {
				t.Errorf("%q, %d bad at once; %q, %d in pieces", whole, worse, pieces, bad)
			}
			for _, code := range whole {
				if code == "" || strings.ContainsAny(code, "\r\n\x00\x02\x03\x1b\t") {
					t.Errorf("unclean code %q", code)
				}
			}
		}
	})
}
