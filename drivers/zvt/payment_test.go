package zvt_test

import (
	"context"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/zvt"
)

// payScript pays 2,040 on a scripted terminal that answers 06 01 so.
func payScript(t *testing.T, telegrams ...string) (drivers.Result, *script, error) {
	t.Helper()
	s, address := play(t, map[string][]string{"0601": telegrams})
	result, err := driver(t, address).Pay(t.Context(), drivers.Charge{Amount: 2040})
	s.quiet()
	return result, s, err
}

// Results of terminals of other makes; the currency of the captured ones is
// left out, for they were in euro.
const (
	approved = "04 0F 74 27 00 04 00 00 00 00 20 40 0B 00 04 70 0C 22 39 53 0D 10 06 0E 25 12 17 00 01 19 70 " +
		"22 F0 F8 EE EE EE EE EE EE 47 71 29 28 00 48 69 2A 31 30 30 34 36 31 37 36 33 20 20 20 20 20 20 " +
		"3B 36 31 31 38 30 34 00 00 3C F0 F1 F4 47 45 4E 2E 4E 52 2E 3A 36 31 31 38 30 34 87 04 70 88 00 04 70 " +
		"8A 2E 8B F1 F7 44 65 62 69 74 20 4D 61 73 74 65 72 63 61 72 64 00"
	declined = "04 0F 31 27 05 29 29 00 10 06 3C F0 F1 F5 4B 61 72 74 65 20 61 62 67 65 6C 65 68 6E 74 " +
		"8A 0D 06 13 24 11 07 0F 4B 61 72 74 65 20 61 62 67 65 6C 65 68 6E 74"
	insertCard = "04 FF 2E 0A 01 06 2A 24 28 07 26 4B 61 72 74 65 20 76 6F 72 68 61 6C 74 65 6E 0A " +
		"65 69 6E 73 74 65 63 6B 65 6E 2F 64 75 72 63 68 7A 69 65 68 65 6E"
	yes  = "80 00 00"
	done = "06 0F 00"
)

func TestApprovedResult(t *testing.T) {
	t.Parallel()
	result, s, err := payScript(t, yes, insertCard, "04 FF 01 0E", approved, done)
	if err != nil {
		t.Fatal(err)
	}
	at := result.At
	result.At = time.Time{}
	want := drivers.Result{
		Approved: true, Amount: 2040, Approval: "611804", Reference: "0470", Trace: "000470", Card: "************4771",
		Scheme: "Debit Mastercard", Merchant: "100461763", Terminal: "28004869", Text: "GEN.NR.:611804",
	}
	if !reflect.DeepEqual(result, want) {
		t.Errorf("result %+v", result)
	}
	if at.Format("01-02 15:04:05 -0700") != "10-06 22:39:53 +0900" || time.Since(at).Abs() > 184*24*time.Hour {
		t.Errorf("time %v", at)
	}
	if !s.contains("06 01 0C 04 00 00 00 00 20 40 49 04 10 19 40") {
		t.Errorf("heard %v", s.heard)
	}
	if s.count("800000") != 5 {
		t.Errorf("everything the terminal sends is answered: %v", s.heard)
	}
}

// TestOutcomes: what each end of a payment means.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		telegrams []string
		err       error
		approved  bool
		reason    string
		text      string
	}{
		"approved":                      {[]string{yes, approved, done}, nil, true, "", "GEN.NR.:611804"},
		"84 00 agrees too":              {[]string{"84 00 00", approved, done}, nil, true, "", "GEN.NR.:611804"},
		"declined":                      {[]string{yes, declined, "06 1E 01 05"}, nil, false, "declined", "Karte abgelehnt"},
		"declined, then completed":      {[]string{yes, declined, done}, nil, false, "declined", "Karte abgelehnt"},
		"aborted by the customer":       {[]string{yes, "04 0F 07 27 6C 29 29 00 10 06", "06 1E 01 6C"}, nil, false, "aborted", ""},
		"aborted with words":            {[]string{yes, "06 1E 13 6C 06 10 1F 16 01 FF 1F 17 09 73 74 6F 70 70 65 64 21 21"}, nil, false, "aborted", "stopped!!"},
		"aborted without a code":        {[]string{yes, "06 1E 00"}, nil, false, "declined", ""},
		"PIN wrong, then right":         {[]string{yes, "04 0F 02 27 37", approved, done}, nil, true, "", "GEN.NR.:611804"},
		"approved, then taken back":     {[]string{yes, approved, "04 0F 02 27 6C", "06 1E 01 6C"}, nil, false, "aborted", ""},
		"refused: card expired":         {[]string{"84 78 00"}, nil, false, "expired", ""},
		"refused: credit":               {[]string{yes, "06 1E 01 71"}, nil, false, "limit", ""},
		"refused: host away":            {[]string{yes, "06 1E 01 A3"}, nil, false, "host", ""},
		"refused: card broken":          {[]string{yes, "06 1E 01 64"}, nil, false, "card", ""},
		"refused: please wait":          {[]string{"84 9C 00"}, drivers.ErrBusy, false, "", ""},
		"silence after the command":     {[]string{hangUp}, drivers.ErrOutcomeUnknown, false, "", ""},
		"accepted, then cut":            {[]string{yes, hangUp}, drivers.ErrOutcomeUnknown, false, "", ""},
		"declined, then cut":            {[]string{yes, declined, hangUp}, drivers.ErrOutcomeUnknown, false, "", ""},
		"approved, then cut":            {[]string{yes, approved, hangUp}, drivers.ErrOutcomeUnknown, false, "", ""},
		"approved, then abort":          {[]string{yes, approved, "06 1E 01 6C"}, drivers.ErrOutcomeUnknown, false, "", ""},
		"completed without a result":    {[]string{yes, done}, drivers.ErrOutcomeUnknown, false, "", ""},
		"in another currency":           {[]string{yes, "04 0F 0D 27 00 04 00 00 00 00 20 40 49 09 78 87 00 01", done}, drivers.ErrOutcomeUnknown, false, "", ""},
		"broken result":                 {[]string{yes, "04 0F 04 27 00 04 00", hangUp}, drivers.ErrOutcomeUnknown, false, "", ""},
		"garbage":                       {[]string{yes, "FF 13 37"}, drivers.ErrOutcomeUnknown, false, "", ""},
		"answer to nothing":             {[]string{yes, yes}, drivers.ErrOutcomeUnknown, false, "", ""},
		"an old result for an answer":   {[]string{approved}, drivers.ErrOutcomeUnknown, false, "", ""},
		"approved without an amount":    {[]string{yes, "04 0F 05 27 00 87 00 01", done}, nil, true, "", ""},
		"commands the box has not":      {[]string{yes, "06 D9 00", "04 0D 00", approved, done}, nil, true, "", "GEN.NR.:611804"},
		"sets the time":                 {[]string{yes, "04 01 08 AA 26 11 23 0C 15 00 00", approved, done}, nil, true, "", "GEN.NR.:611804"},
		"unknown bitmap at the end":     {[]string{yes, "04 0F 0E 27 00 04 00 00 00 00 20 40 87 00 01 C1 FF", done}, nil, true, "", ""},
		"unknown bitmap, then taken it": {[]string{yes, "04 0F 04 27 00 C1 FF", "04 0F 02 27 6C", "06 1E 01 6C"}, nil, false, "aborted", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, s, err := payScript(t, test.telegrams...)
			if !errors.Is(err, test.err) || err != nil && test.err == nil {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if result.Approved != test.approved || result.Reason != test.reason || result.Text != test.text {
				t.Errorf("result %+v", result)
			}
			if result.Approved && result.Amount != 2040 {
				t.Errorf("amount %d", result.Amount)
			}
			if name == "an old result for an answer" && s.count("800000") != 1 {
				t.Errorf("a result nobody waits for was acknowledged: %v", s.heard)
			}
			if name == "unknown bitmap, then taken it" && s.count("848300") != 1 {
				t.Errorf("an unreadable result was accepted: %v", s.heard)
			}
		})
	}
}

// TestNothingWasSent: faults before the first byte of the command are plain
// faults.
func TestNothingWasSent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		registration []string
		charge       drivers.Charge
		want         error
	}{
		"cut at the registration": {[]string{hangUp}, drivers.Charge{Amount: 1}, drivers.ErrOffline},
		"wrong currency":          {[]string{"84 1E 03 6F 09 78"}, drivers.Charge{Amount: 1}, drivers.ErrSettings},
		"busy":                    {[]string{"84 9C 00"}, drivers.Charge{Amount: 1}, drivers.ErrBusy},
		"refused":                 {[]string{yes, "06 1E 01 85"}, drivers.Charge{Amount: 1}, drivers.ErrProtocol},
		"broken completion":       {[]string{yes, "06 0F 01 29"}, drivers.Charge{Amount: 1}, drivers.ErrProtocol},
		"nothing to pay":          {nil, drivers.Charge{}, drivers.ErrUnsupported},
		"negative":                {nil, drivers.Charge{Amount: -5}, drivers.ErrUnsupported},
		"too much":                {nil, drivers.Charge{Amount: 1_000_000_000_000}, drivers.ErrUnsupported},
		"instalments":             {nil, drivers.Charge{Amount: 1, Instalments: 3}, drivers.ErrUnsupported},
		"code of a wallet":        {nil, drivers.Charge{Amount: 1, Code: "2812345678"}, drivers.ErrUnsupported},
	} {
		s, address := play(t, map[string][]string{"0600": test.registration})
		_, err := driver(t, address).Pay(t.Context(), test.charge)
		s.quiet()
		if !errors.Is(err, test.want) || errors.Is(err, drivers.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", name, err)
		}
		if s.count("0601") != 0 {
			t.Errorf("%s: paid", name)
		}
	}
	terminal := driver(t, "127.0.0.1:1")
	if err := terminal.Open(t.Context()); !errors.Is(err, drivers.ErrOffline) {
		t.Errorf("nobody there: %v", err)
	}
	if _, err := terminal.Reverse(t.Context(), drivers.Result{Reference: "12"}, drivers.Charge{Amount: 1}); !errors.Is(err, drivers.ErrUnsupported) {
		t.Errorf("reversed without a number: %v", err)
	}
}

// TestKeptBeforeAcknowledged: the terminal hears nothing of a result that
// could not be stored.
func TestKeptBeforeAcknowledged(t *testing.T) {
	t.Parallel()
	s, address := play(t, map[string][]string{"0601": {yes, approved, done}})
	full := errors.New("disk full")
	charge := drivers.Charge{Amount: 2040, Keep: func(result drivers.Result) error {
		if !result.Approved || result.Reference != "0470" || s.count("800000") != 1 {
			t.Errorf("kept %+v after %v", result, s.heard)
		}
		return full
	}}
	_, err := driver(t, address).Pay(t.Context(), charge)
	s.quiet()
	if !errors.Is(err, drivers.ErrOutcomeUnknown) || !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if s.count("800000") != 1 {
		t.Errorf("acknowledged all the same: %v", s.heard)
	}
}

// TestNoCardNumberLeaves: whatever a terminal sends, no more than the first
// six and last four digits come out.
func TestNoCardNumberLeaves(t *testing.T) {
	t.Parallel()
	const number = "5500000000000004"
	text := func(s string) string { return hex.EncodeToString([]byte(s)) }
	line := func(s string) string { return telegram("06D1", "00"+text(s)) }
	status := "27 00 04 00 00 00 00 20 40 87 04 70 22 F0 F9" + number + "4F 8B F1 F6" + text(number) +
		"3C F0 F1 F9" + text("5500 0000 0000 0004")
	result, _, err := payScript(t, yes, telegram("040F", status),
		line("Card 5500-0000-0000-0004 ok"), line("Tel 02-1234-5678-9012-34"), line("No 5500000000000005"), done)
	if err != nil || !result.Approved {
		t.Fatalf("%+v, %v", result, err)
	}
	want := []string{"Card 5500-00**-****-0004 ok", "Tel 02-1234-5678-9012-34", "No 5500000000000005"}
	if !reflect.DeepEqual(result.Lines, want) {
		t.Errorf("lines %q", result.Lines)
	}
	if result.Card != "550000*******0044" {
		t.Errorf("card %q", result.Card)
	}
	for _, text := range []string{result.Scheme, result.Text} {
		if !strings.Contains(text, "*") || strings.Contains(strings.ReplaceAll(text, " ", ""), number) {
			t.Errorf("text %q", text)
		}
	}
}

// TestSignature: how the customer showed who he is, alone or among the details
// of the payment.
func TestSignature(t *testing.T) {
	t.Parallel()
	for how, signs := range map[string]bool{"00": false, "01": true, "02": false, "05": true} {
		detail := object("1F10", how)
		for _, objects := range []string{detail, object("2F", object("1F12", "01")+detail)} {
			result, _, err := payScript(t, yes, telegram("040F", approval+object("06", objects)), done)
			if err != nil || result.Signature != signs {
				t.Errorf("%s: %+v, %v", objects, result, err)
			}
		}
	}
}

func TestPrintedLines(t *testing.T) {
	t.Parallel()
	block := telegram("06D3", object("06", "1F070102"+
		object("25", "090140"+object("07", "41 42 43")+"0700"+"090103"+object("07", "81 42")+"090181")))
	result, _, err := payScript(t, yes, approved,
		"06 D1 14 40 2A 2A 20 4B 41 53 53 45 4E 53 43 48 4E 49 54 54 20 2A 2A", "06 D1 02 FF 02",
		"06 D1 04 02 53 BA 6D", block, "06 D3 01 06", "06 D1 00", "06 D1 01 81", done)
	want := []string{"** KASSENSCHNITT **", "", "", "  S║m", "ABC", "", "   üB"}
	if err != nil || !reflect.DeepEqual(result.Lines, want) {
		t.Errorf("lines %q, %v", result.Lines, err)
	}
}

// TestProgress: each step reaches the counter, and restarts T4.
func TestProgress(t *testing.T) {
	t.Parallel()
	var steps []drivers.Progress
	_, address := play(t, map[string][]string{"0601": {
		yes, "04 FF 01 0A", "04 FF 02 01 05", "04 FF 01 04", "04 FF 01 05", "04 FF 01 4A", "04 FF 01 C8", "04 FF 01 0E", "04 FF 00", approved, done,
	}})
	charge := drivers.Charge{Amount: 2040, Progress: func(step drivers.Progress) { steps = append(steps, step) }}
	if _, err := driver(t, address).Pay(t.Context(), charge); err != nil {
		t.Fatal(err)
	}
	want := []drivers.Progress{
		drivers.ProgressInsertCard, drivers.ProgressEnterPIN, drivers.ProgressAskingHost, drivers.ProgressReversing,
		drivers.ProgressRemoveCard, drivers.ProgressSign, drivers.ProgressWait,
	}
	if !reflect.DeepEqual(steps, want) {
		t.Errorf("steps %v", steps)
	}
}

// TestSlowTerminal takes longer than T4 in all, but never without a word.
func TestSlowTerminal(t *testing.T) {
	t.Parallel()
	sim, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: "127.0.0.1:0", SlowDelay: 250 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	if err := sim.SetFault("slow", true); err != nil {
		t.Fatal(err)
	}
	terminal, err := zvt.New(zvt.Config{
		Address: sim.Addr(), Password: "000000", Currency: "0410",
		T3: time.Second, T4: 600 * time.Millisecond, Poll: time.Millisecond, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	if result, err := terminal.Pay(t.Context(), drivers.Charge{Amount: 1000}); err != nil || !result.Approved {
		t.Errorf("slow: %+v, %v", result, err)
	}
}

// TestClosed: Close ends an operation that waits.
func TestClosed(t *testing.T) {
	t.Parallel()
	terminal, sim := open(t, zvtsim.Config{})
	if err := sim.SetFault("no_card", true); err != nil {
		t.Fatal(err)
	}
	charge := drivers.Charge{Amount: 1000, Progress: func(drivers.Progress) { _ = terminal.Close() }}
	if _, err := terminal.Pay(context.Background(), charge); !errors.Is(err, drivers.ErrOutcomeUnknown) {
		t.Errorf("closed: %v", err)
	}
	if err := terminal.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if sim.Balance() != 0 {
		t.Errorf("charged %d", sim.Balance())
	}
}

// TestAbortBeforeTheCommand: a person who cancels while the terminal is still
// being reached pays nothing.
func TestAbortBeforeTheCommand(t *testing.T) {
	t.Parallel()
	s, address := play(t, map[string][]string{"0600": {yes, "04 FF 01 0E", "06 0F 00"}})
	terminal := driver(t, address)
	aborted := make(chan error, 1)
	s.onAnswer = func() { aborted <- terminal.Abort(t.Context()) }
	result, err := terminal.Pay(t.Context(), drivers.Charge{Amount: 1000})
	if err != nil || result.Approved || result.Reason != "aborted" || s.count("0601") != 0 {
		t.Errorf("aborted early: %+v, %v, %v", result, err, s.heard)
	}
	if err := <-aborted; err != nil {
		t.Errorf("abort: %v", err)
	}
}
