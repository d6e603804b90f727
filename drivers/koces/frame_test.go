package koces_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/korean"

	"shopbox/drivers"
	"shopbox/drivers/koces"
)

const tid = "1234567890"

// vectors reads testdata/frames.txt.
func vectors(tb testing.TB) map[string][]byte {
	tb.Helper()
	text, err := os.ReadFile("testdata/frames.txt")
	if err != nil {
		tb.Fatal(err)
	}
	frames := map[string][]byte{}
	for line := range strings.Lines(string(text)) {
		digits, comment, _ := strings.Cut(line, " # ")
		if raw, err := hex.DecodeString(digits); err == nil && len(raw) > 0 {
			frames[strings.TrimSpace(comment)] = raw
		}
	}
	return frames
}

func TestVectors(t *testing.T) {
	t.Parallel()
	all := vectors(t)
	for comment, body := range map[string][]byte{
		"G120 sale 12,000, tax 1,090": koces.Credit(tid, 12_000, 1090),
		"G125 confirmation":           koces.Confirmation("G120"),
		"E stop":                      koces.Stop(),
	} {
		raw := all[comment]
		if got := koces.Append(nil, body); raw == nil || !bytes.Equal(got, raw) {
			t.Errorf("%s:\n% X, want\n% X", comment, got, raw)
		}
		token, read, size := koces.Split(append(bytes.Clone(raw), 0x04))
		if token != koces.Whole || size != len(raw) || !bytes.Equal(read, body) {
			t.Errorf("%s: %v, %d bytes", comment, token, size)
		}
		for i := range raw {
			if token, _, _ := koces.Split(raw[:i]); token != koces.Unfinished {
				t.Fatalf("%s: the first %d bytes are %v", comment, i, token)
			}
		}
	}
}

func TestSplitFaults(t *testing.T) {
	t.Parallel()
	good := vectors(t)["E stop"]
	bad := bytes.Clone(good)
	bad[len(bad)-1]++
	for name, test := range map[string]struct {
		heard []byte
		want  koces.Token
		size  int
	}{
		"nothing":      {nil, koces.Unfinished, 0},
		"acknowledged": {[]byte{0x06, 0x06}, koces.Ack, 1},
		"refused":      {[]byte{0x15}, koces.Nak, 1},
		"end":          {[]byte{0x04}, koces.End, 1},
		"noise":        {[]byte{0xFF, 0x02}, koces.Noise, 1},
		"check sum":    {bad, koces.Broken, len(bad)},
		"endless":      {append([]byte{0x02}, bytes.Repeat([]byte("A"), 5000)...), koces.Broken, 1},
	} {
		if token, _, size := koces.Split(test.heard); token != test.want || size != test.size {
			t.Errorf("%s: %v of %d bytes", name, token, size)
		}
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	blanks := func(n int) string { return strings.Repeat(" ", n) }
	cancel, err := koces.Cancel(tid, "G120/20260101/30000001/U000000001/", 12_000)
	if err != nil {
		t.Fatal(err)
	}
	walletCancel, err := koces.Cancel(tid, "T180/20260101/30000001/U1/S2", 12_000)
	if err != nil {
		t.Fatal(err)
	}
	const list = "S01=A10;S02=1234567890;S03=28100602;S04=000000010910;S05=000000001090;S06=000000000000;S07=000000000000;" +
		"S08=;S09=;S10=;S11=;S12=00;S13=;S14=;S15=;"
	undo := "S01=A20;S02=1234567890;S03=;S04=000000012000;S05=000000000000;S06=000000000000;S07=000000000000;" +
		"S08=;S09=260101;S10=30000001" + blanks(32) + ";S11=S2" + blanks(38) + ";S12=;S13=;S14=;S15=U1" + blanks(18) + ";"
	person := drivers.CashReceipt{Purpose: drivers.IncomeDeduction, Holder: "010-1234-5678"}
	issued := koces.Receipt(tid, "", person, 11_000, 1000)
	person.Cancel = drivers.IssuedWrongly
	for name, test := range map[string]struct {
		got  []byte
		want string
	}{
		"sale in three months, tax beside": {
			koces.Sale(tid, drivers.Charge{Amount: 110_000, VAT: 9000, TaxFree: 11_000, Instalments: 3}),
			"GG120" + tid + "000090000" + "000009000" + "000000000" + "000011000" + blanks(40) + "03" + blanks(62),
		},
		"cancel, all in one": {
			cancel, "GG120" + tid + "000012000" + "000000000000000000000000000" +
				"20260101" + "30000001    " + "U000000001" + blanks(10) + "00" + blanks(62),
		},
		"wallet": {
			koces.Sale(tid, drivers.Charge{Amount: 12_000, VAT: 1090, Code: "28100602"}), fmt.Sprintf("TT180%04d", len(list)) + list,
		},
		"cancel of a wallet": {walletCancel, fmt.Sprintf("TT180%04d", len(undo)) + undo},
		"receipt for a person": {
			issued, "GG130" + tid + "000010000" + "000001000" + "000000000000000000" + blanks(40) + "  " +
				"01012345678" + blanks(9) + "1" + " " + blanks(40),
		},
		"receipt nobody claimed": {
			koces.Receipt(tid, "", drivers.CashReceipt{Purpose: drivers.SelfIssue}, 11_000, 0),
			"GG130" + tid + "000011000" + "000000000000000000000000000" + blanks(40) + "  " + "0100001234" + blanks(10) + "3" + " " + blanks(40),
		},
		"receipt whose holder is asked for": {
			koces.Receipt(tid, "", drivers.CashReceipt{Purpose: drivers.ExpenseProof}, 11_000, 0),
			"GG130" + tid + "000011000" + "000000000000000000000000000" + blanks(40) + "  " + blanks(20) + "2" + " " + blanks(40),
		},
		"receipt cancelled": {
			koces.Receipt(tid, "G130/20260101/30000002/U2/", person, 11_000, 0),
			"GG130" + tid + "000011000" + "000000000000000000000000000" + "20260101" + "30000002    " + "U2" + blanks(18) + "  " +
				"01012345678" + blanks(9) + "1" + "2" + blanks(40),
		},
	} {
		if string(test.got) != test.want {
			t.Errorf("%s:\n%q, want\n%q", name, test.got, test.want)
		}
	}
	for _, kept := range []string{"", "G130/20260101/1//", "G120/2026/1//", "G120/20260101///", "G120/20260101/1/2"} {
		if _, err := koces.Cancel(tid, kept, 1); !errors.Is(err, drivers.ErrUnsupported) {
			t.Errorf("%q: %v", kept, err)
		}
	}
}

// fixed builds a result of G120 or G130 by hand; said are code, words, what is
// printed of the card, and approval.
func fixed(tb testing.TB, telegram, amounts string, said ...string) []byte {
	tb.Helper()
	var body []byte
	for _, field := range []struct {
		text string
		size int
	}{
		{telegram, 4},
		{"0001", 4},
		{tid, 10},
		{"V1.00", 5},
		{"00", 2},
		{amounts, 37},
		{"", 8},
		{"", 12},
		{"20260101120005", 14},
		{said[0], 4},
		{said[1], 80},
		{said[2], 40},
		{said[3], 12},
		{"U000000001", 20},
		{"신용승인", 8},
		{"1", 1},
		{"0101신한카드", 16},
		{"0202비씨카드", 16},
		{"0012345678", 16},
		{"", 60},
	} {
		raw, err := korean.EUCKR.NewEncoder().String(field.text)
		if err != nil {
			tb.Fatal(err)
		}
		body = fmt.Appendf(body, "%s%*s", raw, field.size-len(raw), "")
	}
	return body
}

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	const net, gross = "0000010910000001090000000000000000000", "0000012000000001090000000000000000000"
	for name, test := range map[string]struct {
		body []byte
		want drivers.Result
	}{
		"approved": {
			fixed(t, "G120", net, "0000", "정상승인", "4111-11**-****-1111", "30000001"),
			drivers.Result{Approved: true, Amount: 12_000, Text: "정상승인", Approval: "30000001", Card: "411111******1111", Reference: "G120/20260101/30000001/U000000001/"},
		},
		"the amount holds its tax": {
			fixed(t, "G120", gross, "0001", "", "4111111111111111=2812101000", "30000001"),
			drivers.Result{Approved: true, Amount: 12_000, Approval: "30000001", Card: "411111******1111", Reference: "G120/20260101/30000001/U000000001/"},
		},
		"refused": {
			fixed(t, "G120", net, "8350", "한도초과", "", ""),
			drivers.Result{Reason: "declined", Text: "한도초과"},
		},
		"approved without a number": {
			fixed(t, "G120", net, "0000", "정상승인", "", ""),
			drivers.Result{Reason: "declined", Text: "정상승인"},
		},
		"cash receipt": {
			fixed(t, "G130", net, "0000", "국세청 126", "01012345678", "123456789"),
			drivers.Result{Approved: true, Amount: 12_000, Text: "국세청 126", Approval: "123456789", Card: "010-****-5678", Reference: "G130/20260101/123456789/U000000001/"},
		},
	} {
		parsed, err := koces.ParseAnswer(test.body)
		got := parsed.Result(12_000)
		if err != nil || got.Scheme != "신한카드" || got.Acquirer != "비씨카드" || got.Merchant != "0012345678" || got.Terminal != tid ||
			got.At.Format("2006-01-02 15:04:05 -0700") != "2026-01-01 12:00:05 +0900" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if got.Approved != test.want.Approved || got.Amount != test.want.Amount || got.Text != test.want.Text ||
			got.Approval != test.want.Approval || got.Card != test.want.Card || got.Reference != test.want.Reference || got.Reason != test.want.Reason {
			t.Errorf("%s:\n%+v, want\n%+v", name, got, test.want)
		}
	}
	short := fixed(t, "G120", net, "0000", "", "", "1")
	for name, body := range map[string][]byte{
		"nothing": nil, "another telegram": []byte("G170"), "short": short[:308], "short list": []byte("T1800004S01=;"),
		"list without length": []byte("T180"), "no number": fixed(t, "G120", strings.Replace(net, "1", "I", 1), "0000", "", "", "1"),
	} {
		if _, err := koces.ParseAnswer(body); !errors.Is(err, drivers.ErrProtocol) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever comes, Split makes way, and a frame reads again as it was written.
func FuzzSplit(f *testing.F) {
	for _, raw := range vectors(f) {
		f.Add(raw)
	}
	f.Add([]byte{0x06, 0x15, 0x04, 0xFF, 0x02, 0x03})
	f.Fuzz(func(t *testing.T, heard []byte) {
		for len(heard) > 0 {
			token, body, size := koces.Split(heard)
			if token == koces.Unfinished {
				return
			}
			if size < 1 || size > len(heard) {
				t.Fatalf("%v of %d bytes", token, size)
			}
			if token == koces.Whole {
				if again, read, _ := koces.Split(koces.Append(nil, body)); again != koces.Whole || !bytes.Equal(read, body) {
					t.Fatalf("%q read again as %q", body, read)
				}
			}
			heard = heard[size:]
		}
	})
}

// Whatever a result says, no card number comes out whole.
func FuzzParseAnswer(f *testing.F) {
	f.Add(fixed(f, "G120", strings.Repeat("0", 37), "0000", "4111111111111111", "4111111111111111=2812", "1"))
	f.Add([]byte("T1800300" + strings.Repeat("S01=4111111111111111;", 29)))
	f.Fuzz(func(t *testing.T, body []byte) {
		parsed, err := koces.ParseAnswer(body)
		if err != nil {
			return
		}
		result := parsed.Result(1)
		for _, text := range []string{result.Card, result.Text, result.Approval, result.Scheme, result.Acquirer, result.Merchant} {
			if drivers.MaskText(text) != text {
				t.Errorf("a card number in %q", text)
			}
		}
	})
}
