package zvt_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/zvt"
)

// numbered is a telegram with a container that holds its number.
func numbered(control, data string, number int) string {
	return telegram(control, data+object("06", object("1F73", fmt.Sprintf("%06d", number))))
}

// approval is a result of 2,040.
const approval = "27 00 04 00 00 00 00 20 40 87 04 70"

// TestMessageIDs: what numbered telegrams mean to a payment.
func TestMessageIDs(t *testing.T) {
	t.Parallel()
	agreed := []string{yes, "06 0F 18 19 00 29 65 00 00 28 49 04 10 06 0C 26 04 0A 02 06 D3 1F 73 03 00 00 00"}
	taken := numbered("8000", "", 1)
	for name, test := range map[string]struct {
		telegrams []string
		err       error
		kept      int
		heard     []string // each of them once
		unheard   []string
	}{
		"as the standard shows it": {
			telegrams: []string{taken, "04 FF 09 17 06 06 1F 73 03 00 00 02", numbered("040F", approval, 3), "06 D1 01 81", numbered("060F", "", 4)},
			kept:      1,
			heard: []string{
				"06 01 14 04 00 00 00 00 20 40 49 04 10 19 40 06 06 1F 73 03 00 00 01",
				"80 00 08 06 06 1F 73 03 00 00 02", "80 00 08 06 06 1F 73 03 00 00 03", "80 00 08 06 06 1F 73 03 00 00 04",
			},
		},
		"the result twice": {
			telegrams: []string{taken, numbered("040F", approval, 2), numbered("040F", approval+"0B000001", 2), numbered("060F", "", 3)},
			kept:      1,
		},
		"the result again with a new number": {
			telegrams: []string{taken, numbered("040F", approval, 2), numbered("040F", approval, 3), numbered("060F", "", 4)},
			kept:      2,
		},
		"a number skipped": {
			telegrams: []string{taken, numbered("040F", approval, 9), numbered("060F", "", 10)},
			kept:      1,
		},
		"an old result": {
			telegrams: []string{taken, numbered("04FF", "0E", 5), numbered("040F", approval, 3)},
			err:       drivers.ErrOutcomeUnknown,
			unheard:   []string{"80 00 08 06 06 1F 73 03 00 00 03"},
		},
		"the command's own number": {
			telegrams: []string{taken, numbered("040F", approval, 1)},
			err:       drivers.ErrOutcomeUnknown,
		},
		"an answer to something else before": {
			telegrams: []string{numbered("8000", "", 7) + numbered("849C", "", 8) + taken, numbered("040F", approval, 2), numbered("060F", "", 3)},
			kept:      1,
		},
		"refused": {telegrams: []string{numbered("849C", "", 1)}, err: drivers.ErrBusy},
		"aborted with words": {
			telegrams: []string{taken, telegram("061E", "6C"+object("06", object("1F17", "616263")+object("1F73", "000002")))},
			heard:     []string{"80 00 08 06 06 1F 73 03 00 00 02"},
		},
		"a command the box has not": {
			telegrams: []string{taken, numbered("06D9", "", 2), numbered("040F", approval, 3), numbered("060F", "", 4)},
			kept:      1,
			heard:     []string{"84 83 08 06 06 1F 73 03 00 00 02"},
		},
		"no numbers all the same": {telegrams: []string{yes, telegram("040F", approval), done}, kept: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, address := play(t, map[string][]string{"0600": agreed, "0601": test.telegrams})
			kept := 0
			charge := drivers.Charge{Amount: 2040, Keep: func(drivers.Result) error { kept++; return nil }}
			result, err := driver(t, address).Pay(t.Context(), charge)
			s.quiet()
			if !errors.Is(err, test.err) || test.err == nil && err != nil || kept != test.kept || result.Approved != (test.kept > 0) {
				t.Errorf("%+v, %v, kept %d times", result, err, kept)
			}
			for _, want := range test.heard {
				if s.count(plainDigits(want)) != 1 {
					t.Errorf("not heard once: %s; heard %v", want, s.heard)
				}
			}
			for _, bad := range test.unheard {
				if s.count(plainDigits(bad)) != 0 {
					t.Errorf("heard %s", bad)
				}
			}
		})
	}
}

func plainDigits(digits string) string { return strings.ToLower(strings.ReplaceAll(digits, " ", "")) }

// TestNoMessageIDs: a terminal that did not send the tag back hears no numbers.
func TestNoMessageIDs(t *testing.T) {
	t.Parallel()
	s, address := play(t, map[string][]string{"0601": {yes, telegram("040F", approval), done}})
	if _, err := driver(t, address).Pay(t.Context(), drivers.Charge{Amount: 2040}); err != nil {
		t.Fatal(err)
	}
	s.quiet()
	if !s.contains("1F 73 03 00 00 00") || s.contains("1F 73 03 00 00 01") {
		t.Errorf("heard %v", s.heard)
	}
}

// TestContainers: where the container stands in each kind of telegram.
func TestContainers(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"answer":                      "80 00 08 06 06 1F 73 03 00 00 01",
		"refusal":                     "84 9C 08 06 06 1F 73 03 00 00 01",
		"refusal with a currency":     "84 1E 0B 6F 09 78 06 06 1F 73 03 00 00 01",
		"progress":                    "04 FF 09 17 06 06 1F 73 03 00 00 01",
		"progress with T4":            "04 FF 0A 17 03 06 06 1F 73 03 00 00 01",
		"result":                      "04 0F 0A 27 00 06 06 1F 73 03 00 00 01",
		"block":                       "06 D3 0D 06 0B 25 03 07 01 41 1F 73 03 00 00 01",
		"completion":                  "06 0F 08 06 06 1F 73 03 00 00 01",
		"completion of an enquiry":    "06 0F 10 F0 F0 F4 31 2E 30 32 00 06 06 1F 73 03 00 00 01",
		"state alone":                 "06 0F 09 9C 06 06 1F 73 03 00 00 01",
		"abort":                       "06 1E 09 6C 06 06 1F 73 03 00 00 01",
		"abort with a currency":       "06 1E 0B 6F 09 78 06 06 1F 73 03 00 00 01",
		"abort with a reservation":    "06 1E 0C B8 87 01 23 06 06 1F 73 03 00 00 01",
		"none: a line":                "06 D1 09 00 06 06 1F 73 03 00 00 01",
		"none: progress, six minutes": "04 FF 02 0A 06",
		"none: nothing":               "06 0F 00",
	} {
		telegram, err := zvt.ParseAPDU(bytesOf(t, raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		number := zvt.ContainerOf(telegram).Find(0x1F73)
		if found := len(number) == 3 && number[2] == 1; found == (name[:4] == "none") {
			t.Errorf("%s: % X", name, number)
		}
	}
}

func FuzzContainerOf(f *testing.F) {
	for _, raw := range vectors(f) {
		f.Add(raw)
	}
	f.Add(bytesOf(f, "06 1E 0C B8 87 01 23 06 06 1F 73 03 00 00 01"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		telegram, err := zvt.ParseAPDU(raw)
		if err != nil {
			return
		}
		size := 0
		for _, object := range zvt.ContainerOf(telegram) {
			size += len(object.Value) + 2
		}
		if size > len(telegram.Data) {
			t.Errorf("%d bytes of objects in % X", size, raw)
		}
	})
}

func FuzzParseState(f *testing.F) {
	for _, seed := range []string{"00", "DC", "F0 F0 F4 31 2E 30 32 00", "F0 06 08 E4 06 1F 41 03 31 2E 30", ""} {
		f.Add(bytesOf(f, seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		state := zvt.ParseState(raw)
		if len(state.Software)+4 > len(raw) && len(state.Software) > 0 {
			t.Errorf("version %q out of % X", state.Software, raw)
		}
	})
}

func FuzzReadTotals(f *testing.F) {
	for _, raw := range vectors(f) {
		f.Add(raw[3:])
	}
	f.Add(bytesOf(f, "27 00 04 00 00 00 00 26 00 60 F0 F1 F1 00 68 00 71 04 00 00 00 00 26 00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		fields, _ := zvt.ParseFields(raw)
		totals, err := zvt.ReadTotals(fields)
		if err != nil && !errors.Is(err, drivers.ErrProtocol) {
			t.Error(err)
		}
		count := 0
		for _, scheme := range totals.Schemes {
			count += scheme.Count
		}
		if count != totals.Count || totals.Total < 0 {
			t.Errorf("%+v", totals)
		}
	})
}
