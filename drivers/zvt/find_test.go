package zvt_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/zvt"
)

// last is a stored result as 06 20 repeats it.
func last(receipt int, result byte, amount int, at time.Time, more string) []string {
	at = at.In(time.FixedZone("KST", 9*60*60))
	status := fmt.Sprintf("27%02X04%012d0B%06d0C%s0D%s87%04d%s",
		result, amount, receipt, at.Format("150405"), at.Format("0102"), receipt, more)
	return []string{yes, telegram("040F", status), done}
}

// TestFindJudges: what a terminal's last transaction says of a charge of 2,040
// begun now, after receipt 7.
func TestFindJudges(t *testing.T) {
	t.Parallel()
	now := time.Now()
	before := last(7, 0, 500, now.Add(-time.Hour), "")
	for name, test := range map[string]struct {
		memory []string
		totals []string
		want   drivers.Outcome
	}{
		"the same as before":          {before, nil, drivers.OutcomeNotCharged},
		"the charge":                  {last(8, 0, 2040, now, ""), nil, drivers.OutcomeApproved},
		"the charge, clocks apart":    {last(8, 0, 2040, now.Add(-4*time.Minute), ""), nil, drivers.OutcomeApproved},
		"the charge, numbers skipped": {last(10, 0, 2040, now, ""), nil, drivers.OutcomeApproved},
		"another amount":              {last(8, 0, 2041, now, ""), nil, drivers.OutcomeUndecided},
		"much earlier":                {last(8, 0, 2040, now.Add(-time.Hour), ""), nil, drivers.OutcomeUndecided},
		"much later":                  {last(8, 0, 2040, now.Add(time.Hour), ""), nil, drivers.OutcomeUndecided},
		"another currency":            {last(8, 0, 2040, now, "490978"), nil, drivers.OutcomeUndecided},
		"the same numbers, new time":  {last(7, 0, 2040, now, ""), nil, drivers.OutcomeUndecided},
		"declined next":               {last(8, 5, 2040, now, ""), nil, drivers.OutcomeNotCharged},
		"declined, numbers skipped":   {last(9, 5, 2040, now, ""), nil, drivers.OutcomeUndecided},
		"an end of day":               {last(8, 0, 2040, now, "60F0F0F400010008"), nil, drivers.OutcomeUndecided},
		"no time":                     {[]string{yes, "04 0F 0D 27 00 04 00 00 00 00 20 40 0B 00 00 08", done}, nil, drivers.OutcomeUndecided},
		"forgotten":                   {[]string{yes, done}, nil, drivers.OutcomeUndecided},
		"refuses to say":              {[]string{yes, "06 1E 01 83"}, nil, drivers.OutcomeUndecided},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query := drivers.Query{Mark: markOf(t, before), Charge: drivers.Charge{Amount: 2040}, Began: now}
			s, address := play(t, map[string][]string{"0620": test.memory, "0610": test.totals})
			found, err := driver(t, address).Find(t.Context(), query)
			s.quiet()
			if err != nil || found.Outcome != test.want {
				t.Errorf("found %+v, %v", found, err)
			}
			if found.Outcome == drivers.OutcomeApproved && (!found.Result.Approved || found.Result.Amount != 2040) {
				t.Errorf("result %+v", found.Result)
			}
			if s.count("0601") != 0 {
				t.Error("finding started a payment")
			}
		})
	}
}

// markOf is the mark a terminal with that memory gives.
func markOf(t *testing.T, memory []string) string {
	t.Helper()
	_, address := play(t, map[string][]string{"0620": memory})
	mark, err := driver(t, address).Mark(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return mark
}

// TestFindWithoutMemory: a terminal that repeats nothing is believed only when
// its totals are zero too.
func TestFindWithoutMemory(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, test := range map[string]struct {
		mark, memory, totals []string
		want                 drivers.Outcome
	}{
		"empty and zero":          {[]string{yes, done}, []string{yes, done}, []string{yes, "04 0F 09 27 00 04 00 00 00 00 00 00", done}, drivers.OutcomeNotCharged},
		"empty but not zero":      {[]string{yes, done}, []string{yes, done}, []string{yes, "04 0F 09 27 00 04 00 00 00 00 20 40", done}, drivers.OutcomeUndecided},
		"empty, no totals":        {[]string{yes, done}, []string{yes, done}, []string{"84 83 00"}, drivers.OutcomeUndecided},
		"refused twice, zero":     {[]string{"84 64 00"}, []string{"84 64 00"}, []string{yes, "04 0F 09 27 00 04 00 00 00 00 00 00", done}, drivers.OutcomeNotCharged},
		"refused, then something": {[]string{"84 64 00"}, last(8, 0, 2040, now, ""), nil, drivers.OutcomeUndecided},
		"empty, then the charge":  {[]string{yes, done}, last(1, 0, 2040, now, ""), nil, drivers.OutcomeApproved},
	} {
		_, address := play(t, map[string][]string{"0620": test.memory, "0610": test.totals})
		query := drivers.Query{Mark: markOf(t, test.mark), Charge: drivers.Charge{Amount: 2040}, Began: now}
		found, err := driver(t, address).Find(t.Context(), query)
		if err != nil || found.Outcome != test.want {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
}

// TestMarkUsesLongTrace: terminals with long trace numbers send 0B as zero.
func TestMarkUsesLongTrace(t *testing.T) {
	t.Parallel()
	raw := vectors(t)["approved, long trace number"]
	mark := markOf(t, []string{yes, fmt.Sprintf("%x", raw), done})
	if mark != "0008/10015008/1029231355" {
		t.Errorf("mark %q", mark)
	}
}

// TestFindWaits until a busy terminal is free, or its own patience ends.
func TestFindWaits(t *testing.T) {
	t.Parallel()
	terminal, sim := open(t, zvtsim.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	for _, name := range []string{"busy:once", "drop_after_telegram=2"} {
		if err := sim.SetFault(name, true); err != nil {
			t.Fatal(err)
		}
		if found, err := terminal.Find(ctx, drivers.Query{Charge: drivers.Charge{Amount: 1}}); err != nil || found.Outcome != drivers.OutcomeNotCharged {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	if err := sim.SetFault("busy", true); err != nil {
		t.Fatal(err)
	}
	if _, err := terminal.Mark(ctx); !errors.Is(err, drivers.ErrBusy) {
		t.Errorf("mark of a busy terminal: %v", err)
	}
	if _, err := terminal.Find(ctx, drivers.Query{}); !errors.Is(err, drivers.ErrBusy) {
		t.Errorf("find on a busy terminal: %v", err)
	}
	cancel()
	if _, err := terminal.Find(ctx, drivers.Query{}); err == nil {
		t.Error("found after the context ended")
	}
}

// TestMirror: a terminal that names 1F1F hears it again with the next command.
func TestMirror(t *testing.T) {
	t.Parallel()
	memory := last(7, 0, 500, time.Now(), "06051F1F020007")
	s, address := play(t, map[string][]string{"0620": memory, "0601": {yes, approved, done}})
	terminal := driver(t, address)
	if _, err := terminal.Mark(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := terminal.Pay(t.Context(), drivers.Charge{Amount: 2040}); err != nil {
		t.Fatal(err)
	}
	if !s.contains("06 01 13 04 00 00 00 00 20 40 49 04 10 19 40 06 05 1F 1F 02 00 07") {
		t.Errorf("heard %v", s.heard)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer []string
		want   drivers.TerminalStatus
		err    error
	}{
		"ready with version": {[]string{yes, "06 0F 0B F0 F0 F7 32 2E 31 34 2E 31 35 00"}, drivers.TerminalStatus{Ready: true, Software: "2.14.15"}, nil},
		"card inserted":      {[]string{yes, "06 0F 01 DC"}, drivers.TerminalStatus{Busy: true}, nil},
		"day due":            {[]string{yes, "06 0F 01 F0"}, drivers.TerminalStatus{Ready: true, DayDue: true, Needs: "end_of_day"}, nil},
		"out of order":       {[]string{yes, "06 0F 01 DF"}, drivers.TerminalStatus{Needs: "service"}, nil},
		"clock wrong":        {[]string{yes, "06 0F 01 62"}, drivers.TerminalStatus{Needs: "time"}, nil},
		"diagnosis due":      {[]string{yes, "06 0F 01 C2"}, drivers.TerminalStatus{Needs: "diagnosis"}, nil},
		"initialisation due": {[]string{yes, "06 0F 01 51"}, drivers.TerminalStatus{Needs: "initialisation"}, nil},
		"memory full":        {[]string{yes, "06 0F 01 B1"}, drivers.TerminalStatus{Needs: "memory"}, nil},
		"journal full":       {[]string{yes, "06 0F 01 B2"}, drivers.TerminalStatus{Needs: "service"}, nil},
		"no paper":           {[]string{yes, "06 0F 01 CC"}, drivers.TerminalStatus{Needs: "printer"}, nil},
		"details": {
			[]string{yes, telegram("060F", "F0F0F4 312E3032 00"+object("06", object("1F44", "29001006")+object("E4",
				object("1F40", "48353030 30")+object("1F41", "39")+object("1F42", "00012345")+object("1F43", "00"))))},
			drivers.TerminalStatus{Ready: true, Software: "1.02", Model: "H5000", Serial: "12345", ID: "29001006"},
			nil,
		},
		"details without a version": {
			[]string{yes, telegram("060F", "F0"+object("06", object("E4", object("1F41", "39"))))},
			drivers.TerminalStatus{Ready: true, DayDue: true, Needs: "end_of_day", Software: "9"},
			nil,
		},
		"please wait":     {[]string{"84 9C 00"}, drivers.TerminalStatus{Busy: true}, nil},
		"no such command": {[]string{"84 83 00"}, drivers.TerminalStatus{}, drivers.ErrUnsupported},
		"cut":             {[]string{hangUp}, drivers.TerminalStatus{}, drivers.ErrOffline},
	} {
		_, address := play(t, map[string][]string{"0501": test.answer})
		status, err := driver(t, address).Status(t.Context())
		if status != test.want || !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %+v, %v", name, status, err)
		}
	}
}

func TestEndOfDay(t *testing.T) {
	t.Parallel()
	const none = "00000000000000"
	for name, test := range map[string]struct {
		groups string
		want   drivers.TerminalTotals
	}{
		"captured": {"0068 0071 04 000000002600" + strings.Repeat(none, 6), drivers.TerminalTotals{
			Count: 4, Total: 2600, First: "0068", Last: "0071", Schemes: []drivers.SchemeTotal{{Scheme: "girocard", Count: 4, Total: 2600}},
		}},
		"two kinds": {"0068 0071" + strings.Repeat(none, 4) + "01 000000000600" + none + "03 000000002000", drivers.TerminalTotals{
			Count: 4, Total: 2600, First: "0068", Last: "0071", Schemes: []drivers.SchemeTotal{{Scheme: "Visa", Count: 1, Total: 600}, {Scheme: "other", Count: 3, Total: 2000}},
		}},
		"older: six kinds": {"0068 0071 04 000000002600" + strings.Repeat(none, 5), drivers.TerminalTotals{
			Count: 4, Total: 2600, First: "0068", Last: "0071", Schemes: []drivers.SchemeTotal{{Scheme: "", Count: 4, Total: 2600}},
		}},
		"no kinds":    {"", drivers.TerminalTotals{Total: 2600}},
		"no turnover": {"0000 0000" + strings.Repeat(none, 7), drivers.TerminalTotals{Total: 2600}},
	} {
		kinds := telegram("", test.groups)[2:]
		counter := fmt.Sprintf("60F%dF%dF%d", len(kinds)/200, len(kinds)/20%10, len(kinds)/2%10)
		s, address := play(t, map[string][]string{"0650": {yes, telegram("040F", "2700 04000000002600"+counter+kinds), done}})
		totals, err := driver(t, address).EndOfDay(t.Context())
		if err != nil || !reflect.DeepEqual(totals, test.want) || s.count("065003000000") != 1 {
			t.Errorf("%s: %+v, %v", name, totals, err)
		}
	}
	for name, answer := range map[string][]string{
		"refused": {yes, "06 1E 01 77"}, "bad result": {yes, "04 0F 02 27 77", done}, "no sum": {yes, "04 0F 02 27 00", done},
		"broken kind": {yes, telegram("040F", "2700 04000000002600 60F0F1F1 00680071 04 0000000026AA"), done},
	} {
		_, address := play(t, map[string][]string{"0650": answer})
		if _, err := driver(t, address).EndOfDay(t.Context()); !errors.Is(err, drivers.ErrProtocol) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLogOff(t *testing.T) {
	t.Parallel()
	terminal, _ := open(t, zvtsim.Config{})
	if err := terminal.LogOff(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFactory(t *testing.T) {
	t.Parallel()
	registry, err := drivers.NewRegistry(zvt.Factory())
	if err != nil {
		t.Fatal(err)
	}
	if zvt.Factory().Verified {
		t.Error("nobody checked this driver on real hardware")
	}
	good := drivers.Settings{"addr": "10.0.0.9:20007", "t3": "0.5", "t4": "60"}
	device, err := registry.New("zvt", good)
	if err != nil {
		t.Fatal(err)
	}
	_, isTerminal := device.(drivers.Terminal)
	_, isAborter := device.(drivers.Aborter)
	_, isCloser := device.(drivers.DayCloser)
	if !isTerminal || !isAborter || !isCloser {
		t.Errorf("%T lacks an ability", device)
	}
	for name, change := range map[string]drivers.Settings{
		"no address":       {"addr": ""},
		"no port":          {"addr": "10.0.0.9"},
		"short password":   {"password": "1234"},
		"worded password":  {"password": "secret"},
		"hex password":     {"password": "00000A"},
		"currency by name": {"currency": "KRW"},
		"no time":          {"t3": "0"},
		"endless":          {"t4": "NaN"},
		"too long":         {"t4": "99999"},
		"unknown":          {"port": "1"},
	} {
		settings := drivers.Settings{}
		for _, from := range []drivers.Settings{good, change} {
			maps.Copy(settings, from)
		}
		if _, err := registry.New("zvt", settings); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
