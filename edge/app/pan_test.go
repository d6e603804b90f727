package app_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shopbox/drivers/sim/kocessim"
	"shopbox/drivers/sim/tl3x00sim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/config"
	"shopbox/edge/store"
)

// testPAN is what the careless simulators of Korean terminals say in clear; it
// passes the check of card numbers.
const (
	testPAN    = "4111111111111111"
	testWallet = "281006020000000017"
	maskedPAN  = "411111******1111"
)

// TestNoCardNumber: after a day of card payments at every kind of terminal no
// card number and no code of a customer's phone stands in the database, its log of changes, the records for the
// hub or the box's log, though the terminals said it.
func TestNoCardNumber(t *testing.T) {
	t.Parallel()
	if found := cardNumbers([]byte("x 4111-1111 1111 1111, 20261123-0001, " + maskedPAN)); len(found) != 1 {
		t.Fatalf("the scanner found %q", found)
	}
	chosen := settings(t)
	box := run(t, chosen, time.Now)
	box.setUp()
	for driver, terminal := range terminals(t) {
		path := "/api/devices/" + fmt.Sprint(box.call(http.MethodPost, "/api/devices", map[string]any{
			"driver": driver, "name": driver, "settings": terminal.settings,
		})["id"])
		box.payCard(driver + "-paid")
		must(t, terminal.fault("decline:once", true))
		box.declineCard(driver + "-declined")
		must(t, terminal.fault("answer_lost_after_approval:once", true))
		box.payCard(driver + "-lost")
		if driver == "koces" {
			box.payWallet(driver + "-wallet")
		}
		box.call(http.MethodDelete, path, nil)
	}
	scan(t, "the database of a running box", files(t, chosen.Data))
	must(t, box.stop())
	stored := files(t, chosen.Data)
	if !bytes.Contains(stored, []byte(maskedPAN)) {
		t.Error("no masked card number was stored: did the terminals say one?")
	}
	scan(t, "the database", stored)
	scan(t, "the log", box.log.Bytes())
	scan(t, "the records for the hub", records(t, chosen))
}

// terminal is a running simulator as the test uses it.
type terminal struct {
	settings map[string]string
	fault    func(name string, on bool) error
}

func terminals(t *testing.T) map[string]terminal {
	t.Helper()
	const listen = "127.0.0.1:0"
	zvt, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: listen})
	must(t, err)
	smartro, err := tl3x00sim.Start(t.Context(), tl3x00sim.Config{Listen: listen})
	must(t, err)
	cat, err := kocessim.Start(t.Context(), kocessim.Config{Listen: listen})
	must(t, err)
	t.Cleanup(func() { _, _, _ = zvt.Close(), smartro.Close(), cat.Close() })
	return map[string]terminal{
		"zvt":    {map[string]string{"addr": zvt.Addr()}, zvt.SetFault},
		"tl3x00": {map[string]string{"addr": smartro.Addr()}, smartro.SetFault},
		"koces":  {map[string]string{"addr": cat.Addr(), "tid": "1234567890"}, cat.SetFault},
	}
}

// payCard sells something by card, however long the terminal has to be asked.
func (r *running) payCard(key string) {
	r.t.Helper()
	r.startCard(key)
	r.until(key+" is paid", func(state map[string]any) bool {
		finished, is := state["finished"].(map[string]any)
		return is && fmt.Sprint(finished["total"]) == fmt.Sprint(amountOf(key))
	})
}

// payWallet sells something by the code on a phone.
func (r *running) payWallet(key string) {
	r.t.Helper()
	r.call(http.MethodPost, "/api/cart/lines", map[string]any{"unit": amountOf(key)})
	r.call(http.MethodPost, "/api/cart/scan", map[string]any{"code": testWallet})
	r.until(key+" is paid", func(state map[string]any) bool {
		finished, is := state["finished"].(map[string]any)
		return is && fmt.Sprint(finished["total"]) == fmt.Sprint(amountOf(key))
	})
}

// declineCard tries to, and pays in cash.
func (r *running) declineCard(key string) {
	r.t.Helper()
	r.startCard(key)
	r.until(key+" is declined", func(state map[string]any) bool {
		payment, is := state["payment"].(map[string]any)
		return is && payment["state"] == "declined"
	})
	cart, _ := r.call(http.MethodGet, "/api/state", nil)["cart"].(map[string]any)
	r.call(http.MethodPost, "/api/cart/pay", map[string]any{
		"key": key + "-cash", "cart": cart["id"], "version": cart["version"], "tender": "cash",
	})
}

func (r *running) startCard(key string) {
	r.t.Helper()
	cart, is := r.call(http.MethodPost, "/api/cart/lines", map[string]any{"unit": amountOf(key)})["cart"].(map[string]any)
	if !is {
		r.t.Fatal("no cart")
	}
	r.call(http.MethodPost, "/api/cart/pay", map[string]any{
		"key": key, "cart": cart["id"], "version": cart["version"], "tender": "card",
	})
}

// amountOf gives each sale an amount of its own.
func amountOf(key string) int {
	sum := 0
	for _, c := range []byte(key) {
		sum = sum*7 + int(c)
	}
	return sum%50_000 + 1000
}

func (r *running) until(what string, reached func(state map[string]any) bool) {
	r.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if reached(r.call(http.MethodGet, "/api/state", nil)) {
			return
		}
	}
	r.t.Fatalf("never: %s", what)
}

// files is everything under a folder.
func files(t *testing.T, folder string) (all []byte) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		all = append(append(all, text...), '\n')
		return err
	}))
	return all
}

// records are the bodies that go to the hub, as they are before they are
// compressed.
func records(t *testing.T, chosen config.Config) (all []byte) {
	t.Helper()
	opened, err := store.Open(t.Context(), store.Options{
		Path: chosen.Database(), ReserveBytes: -1, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	defer opened.Close()
	for last := int64(0); ; {
		rows, err := opened.After(t.Context(), last, 1000)
		must(t, err)
		if len(rows) == 0 {
			return all
		}
		for _, row := range rows {
			all, last = append(append(all, row.Data...), '\n'), row.Sequence
		}
	}
}

func scan(t *testing.T, where string, text []byte) {
	t.Helper()
	if len(text) == 0 {
		t.Errorf("%s is empty", where)
	}
	for _, found := range cardNumbers(text) {
		t.Errorf("a card number in %s: %.6s…", where, found)
	}
	if bytes.Contains(text, []byte(testPAN)) {
		t.Errorf("the card number of the test in %s", where)
	}
	if bytes.Contains(text, []byte(testWallet)) {
		t.Errorf("the code of the customer's phone in %s", where)
	}
}

// cardNumbers finds runs of 13 to 19 digits, also with blanks or dashes
// between, that begin as card numbers do, stand alone and pass ISO/IEC 7812-1.
func cardNumbers(text []byte) (found []string) {
	for start := 0; start < len(text); start++ {
		if !isDigit(text[start]) || start > 0 && isWord(text[start-1]) {
			continue
		}
		end, digits := start, []byte{}
		for ; end < len(text) && (isDigit(text[end]) || text[end] == ' ' || text[end] == '-'); end++ {
			if isDigit(text[end]) {
				digits = append(digits, text[end])
			}
		}
		alone := end == len(text) || !isWord(text[end])
		if alone && len(digits) >= 13 && len(digits) <= 19 && bytes.IndexByte([]byte("34569"), digits[0]) >= 0 && luhn(digits) {
			found = append(found, string(text[start:end]))
		}
		start = end
	}
	return found
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWord(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '-' || c == '*' }

func luhn(digits []byte) bool {
	sum := 0
	for i, c := range digits {
		digit := int(c - '0')
		if (len(digits)-i)%2 == 0 {
			digit = digit*2%10 + digit*2/10
		}
		sum += digit
	}
	return sum%10 == 0
}
