package tl3x00_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/korean"

	"shopbox/drivers"
	"shopbox/drivers/tl3x00"
)

// vectors reads testdata/frames.txt, by the job and words behind the sign #.
func vectors(tb testing.TB) map[string][]byte {
	tb.Helper()
	text, err := os.ReadFile("testdata/frames.txt")
	if err != nil {
		tb.Fatal(err)
	}
	frames := map[string][]byte{}
	for line := range strings.Lines(string(text)) {
		digits, comment, _ := strings.Cut(line, " # ")
		raw, err := hex.DecodeString(digits)
		if err == nil && len(raw) > 0 {
			frames[strings.TrimSpace(comment)] = raw
		}
	}
	return frames
}

func TestVectors(t *testing.T) {
	t.Parallel()
	all := vectors(t)
	if len(all) != 5 {
		t.Fatalf("%d vectors", len(all))
	}
	for comment, raw := range all {
		token, frame, size := tl3x00.Split(append(bytes.Clone(raw), 0x06))
		if token != tl3x00.Whole || size != len(raw) || frame.Terminal != "TERM01" || frame.Time != "20260101120000" ||
			frame.Job != comment[0] {
			t.Errorf("%s: %v %+v, %d bytes", comment, token, frame, size)
		}
		if again := frame.Append(nil); !bytes.Equal(again, raw) {
			t.Errorf("%s: written % X", comment, again)
		}
		for i := range raw {
			if token, _, _ := tl3x00.Split(raw[:i]); token != tl3x00.Unfinished {
				t.Fatalf("%s: the first %d bytes are %v", comment, i, token)
			}
		}
	}
	sale := drivers.Charge{Amount: 12_000, VAT: 1090}
	frame := tl3x00.Frame{Terminal: "TERM01", Time: "20260101120000", Job: 'B', Data: tl3x00.Approval(sale, false)}
	if raw := frame.Append(nil); !bytes.Equal(raw, all["B 12,000 won, tax 1,090, no signature"]) {
		t.Errorf("approval % X", raw)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	charge := drivers.Charge{Amount: 120_000, VAT: 10_909, Instalments: 3}
	if got := string(tl3x00.Approval(charge, true)); got != "100001200000001090900000000"+"032" {
		t.Errorf("approval %q", got)
	}
	got, ok := tl3x00.Cancellation("1/30000001/20260101/120000/1090/00", 12_000)
	if want := "1" + "1" + "0000012000" + "00001090" + "00000000" + "00" + "1" + "30000001    " + "20260101" + "120000"; !ok || string(got) != want {
		t.Errorf("cancellation %q, want %q", got, want)
	}
	for _, kept := range []string{
		"", "1/30000001/20260101/120000/1090", "1//20260101/120000/0/00", "1/1234567890123/20260101/120000/0/00",
		"12/3/20260101/120000/0/00", "1/3/2026/120000/0/00", "1/3/20260101/1200/0/00", "1/3/20260101/120000/-1/00",
		"1/3/20260101/120000/x/00", "1/3/20260101/120000/0/000",
	} {
		if _, ok := tl3x00.Cancellation(kept, 1); ok {
			t.Errorf("%q was read", kept)
		}
	}
}

func TestSplitFaults(t *testing.T) {
	t.Parallel()
	good := vectors(t)["L"]
	spoiled := func(at int, with byte) []byte {
		raw := bytes.Clone(good)
		raw[at] = with
		return raw
	}
	for name, test := range map[string]struct {
		heard []byte
		want  tl3x00.Token
		size  int
	}{
		"nothing":          {nil, tl3x00.Unfinished, 0},
		"acknowledged":     {[]byte{0x06, 0x02}, tl3x00.Ack, 1},
		"refused":          {[]byte{0x15}, tl3x00.Nak, 1},
		"noise":            {[]byte{0xFF, 0x02}, tl3x00.Noise, 1},
		"check sum":        {spoiled(len(good)-1, 0), tl3x00.Broken, len(good)},
		"a byte changed":   {spoiled(5, 'X'), tl3x00.Broken, len(good)},
		"no end":           {spoiled(len(good)-2, 4), tl3x00.Broken, 1},
		"length beyond":    {spoiled(34, 0x50), tl3x00.Broken, 1},
		"length too long":  {spoiled(33, 5), tl3x00.Unfinished, 0},
		"length too short": {append(spoiled(33, 0), 0), tl3x00.Broken, len(good)},
	} {
		if name == "length too short" {
			test.heard[len(good)-1] ^= 1
		}
		if token, _, size := tl3x00.Split(test.heard); token != test.want || size != test.size {
			t.Errorf("%s: %v of %d bytes", name, token, size)
		}
	}
}

// answer builds 157 bytes from their fields; houses are issuer and acquirer.
func answer(tb testing.TB, head, card, amounts, middle string, houses ...string) []byte {
	tb.Helper()
	pad := func(text string, size int) string { return text + strings.Repeat(" ", max(0, size-len(text))) }
	korea := func(text string) string {
		raw, err := korean.EUCKR.NewEncoder().String(text)
		if err != nil {
			tb.Fatal(err)
		}
		return pad(raw, 20)
	}
	return []byte(head + pad(card, 20) + amounts + pad(middle, 67) + korea(houses[0]) + korea(houses[1]))
}

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	const amounts = "0000012000" + "00001090" + "00000000" + "00"
	const middle = "30012345    " + "20260101" + "120005" + "260101000012" + "0012345678     " + "12345678900012"
	for name, test := range map[string]struct {
		data []byte
		want drivers.Result
	}{
		"approved": {
			answer(t, "11", "411111**********", amounts, middle, "0101신한카드", "0202비씨카드"),
			drivers.Result{
				Approved: true, Amount: 12_000, Approval: "30012345", Card: "411111**********", Scheme: "신한카드",
				Acquirer: "비씨카드", Merchant: "0012345678", Terminal: "12345678900012", Reference: "1/30012345/20260101/120005/1090/00",
			},
		},
		"a careless reader": {
			answer(t, "12", "4111111111111111", amounts, middle, "0101신한카드", ""),
			drivers.Result{
				Approved: true, Amount: 12_000, Approval: "30012345", Card: "411111******1111", Scheme: "신한카드",
				Merchant: "0012345678", Terminal: "12345678900012", Reference: "2/30012345/20260101/120005/1090/00",
			},
		},
		"refused, words of the acquirer": {
			answer(t, "X ", "", strings.Repeat(" ", 28), "", "거래거절", "-6B잔액부족"),
			drivers.Result{Reason: "limit", Text: "거래거절 잔액부족"},
		},
		"refused, words of the issuer": {
			answer(t, "X ", "", strings.Repeat(" ", 28), "", "-0C서버 응답 없음", ""),
			drivers.Result{Reason: "host", Text: "서버 응답 없음"},
		},
		"a card number among the words": {
			answer(t, "X ", "", strings.Repeat(" ", 28), "", "-69", "4111111111111111"),
			drivers.Result{Reason: "card", Text: "411111******1111"},
		},
	} {
		parsed, err := tl3x00.ParseAnswer(test.data)
		got := parsed.Result()
		if test.want.Approved && got.At.Format("2006-01-02 15:04:05 -0700") != "2026-01-01 12:00:05 +0900" {
			t.Errorf("%s: at %v", name, got.At)
		}
		got.At = test.want.At
		if err != nil || !equal(got, test.want) {
			t.Errorf("%s:\n%+v, %v\nwant %+v", name, got, err, test.want)
		}
	}
	for name, data := range map[string][]byte{
		"short": make([]byte, 156), "long": make([]byte, 158),
		"no number": answer(t, "11", "", "00000120OO"+"00001090"+"00000000"+"00", middle, "", ""),
	} {
		if _, err := tl3x00.ParseAnswer(data); !errors.Is(err, drivers.ErrProtocol) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func equal(a, b drivers.Result) bool {
	return a.Approved == b.Approved && a.Amount == b.Amount && a.Reason == b.Reason && a.Text == b.Text &&
		a.Approval == b.Approval && a.Reference == b.Reference && a.Card == b.Card && a.Scheme == b.Scheme &&
		a.Acquirer == b.Acquirer && a.Merchant == b.Merchant && a.Terminal == b.Terminal
}

// Whatever comes, Split makes way, and a frame reads again as it was written.
func FuzzSplit(f *testing.F) {
	for _, raw := range vectors(f) {
		f.Add(raw)
	}
	f.Add([]byte{0x06, 0x15, 0xFF, 0x02})
	f.Fuzz(func(t *testing.T, heard []byte) {
		for len(heard) > 0 {
			token, frame, size := tl3x00.Split(heard)
			if token == tl3x00.Unfinished {
				return
			}
			if size < 1 || size > len(heard) {
				t.Fatalf("%v of %d bytes", token, size)
			}
			if token == tl3x00.Whole {
				again, read, _ := tl3x00.Split(frame.Append(nil))
				if again != tl3x00.Whole || !bytes.Equal(read.Data, frame.Data) || read.Job != frame.Job {
					t.Fatalf("%+v read again as %+v", frame, read)
				}
				if parsed, err := tl3x00.ParseAnswer(frame.Data); err == nil {
					_ = parsed.Result()
				}
			}
			heard = heard[size:]
		}
	})
}

// Whatever 157 bytes say, no card number comes out whole.
func FuzzParseAnswer(f *testing.F) {
	f.Add(answer(f, "11", "4111111111111111", "0000012000000010900000000000", "30012345", "0101신한카드", ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		parsed, err := tl3x00.ParseAnswer(data)
		if err != nil {
			return
		}
		result := parsed.Result()
		for _, text := range []string{result.Card, result.Text, result.Approval, result.Scheme, result.Acquirer} {
			if drivers.MaskText(text) != text {
				t.Errorf("a card number in %q", text)
			}
		}
	})
}
