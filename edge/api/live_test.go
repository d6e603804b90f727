package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shopbox/drivers/sim/printersim"
	"shopbox/drivers/sim/scannersim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/api"
)

func read[T any](t *testing.T, text []byte) (into T) {
	t.Helper()
	must(t, json.Unmarshal(text, &into))
	return into
}

// live is a screen's stream of states.
type live struct {
	t     *testing.T
	lines *bufio.Scanner
}

func (s *screen) live() *live {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	s.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/live", nil)
	must(s.t, err)
	response, err := (&http.Client{Jar: s.http.Jar}).Do(request)
	must(s.t, err)
	s.t.Cleanup(func() { response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" || response.Header.Get("Cache-Control") != "no-store" {
		s.t.Errorf("headers %v", response.Header)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	return &live{s.t, lines}
}

// until reads states until one is as wanted; versions must grow.
func (l *live) until(what string, wanted func(state api.State) bool) api.State {
	l.t.Helper()
	version := int64(0)
	for l.lines.Scan() {
		data, is := strings.CutPrefix(l.lines.Text(), "data: ")
		if !is {
			continue
		}
		state := read[api.State](l.t, []byte(data))
		if state.Version < version {
			l.t.Errorf("version %d after %d", state.Version, version)
		}
		version = state.Version
		if wanted(state) {
			return state
		}
	}
	l.t.Fatalf("no state came with %s: %v", what, l.lines.Err())
	return api.State{}
}

func TestLive(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	owner, stranger := s.live(), s.screen().live()
	owner.until("an empty cart", func(state api.State) bool { return state.Day.Open && len(state.Cart.Lines) == 0 })
	answered := s.post("/api/cart/scan", scan(coffee))
	seen := owner.until("the coffee", func(state api.State) bool { return len(state.Cart.Lines) == 1 })
	if seen.Boot != answered.Boot || seen.Cart.ID != answered.Cart.ID {
		t.Errorf("the stream says %+v, the answer %+v", seen, answered)
	}
	s.mu.Lock()
	s.full, s.hub = true, api.Line{State: "offline", Unsent: 7}
	s.mu.Unlock()
	s.server.Changed()
	owner.until("a full disk", func(state api.State) bool { return state.Box.DiskFull && state.Hub.Unsent == 7 })
	// Whoever is not signed in sees devices and the day, no goods and no money.
	told := stranger.until("a full disk", func(state api.State) bool { return state.Box.DiskFull })
	if !told.Day.Open || told.Cart.ID != "" || len(told.Cart.Lines) != 0 {
		t.Errorf("a stranger sees %+v", told.Cart)
	}
	ask[struct{}](s, http.MethodDelete, "/api/session", nil)
	owner.until("nothing after signing out", func(state api.State) bool { return state.Cart.ID == "" })
}

func (s *screen) adopt(driver, name, address string) api.DeviceView {
	s.t.Helper()
	return ask[api.DeviceView](s, http.MethodPost, "/api/devices", map[string]any{
		"driver": driver, "name": name, "settings": map[string]string{"addr": address},
	})
}

func deviceIs(id, state, code string) func(api.State) bool {
	return func(shown api.State) bool {
		for _, device := range shown.Devices {
			if device.ID == id && device.State == state && device.Code == code {
				return true
			}
		}
		return false
	}
}

func TestDevices(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	printer, err := printersim.Start(t.Context(), printersim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	scanner, err := scannersim.Start(t.Context(), scannersim.Config{})
	must(t, err)
	terminal, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { _, _, _ = printer.Close(), scanner.Close(), terminal.Close() })
	if known := ask[[]api.DriverView](s, http.MethodGet, "/api/devices/drivers", nil); len(known) != 4 || known[0].Kind != "terminal" {
		t.Errorf("drivers %+v", known)
	}
	if found := ask[[]api.FoundView](s, http.MethodGet, "/api/devices/found", nil); len(found) != 0 {
		t.Errorf("found %+v", found)
	}
	s.refused(http.MethodPost, "/api/devices", map[string]any{"driver": "escpos", "name": "x", "settings": map[string]string{}}, 422, "settings_invalid")
	s.refused(http.MethodPost, "/api/devices", map[string]any{"driver": "tape", "name": "x", "settings": map[string]string{}}, 422, "settings_invalid")
	stream := s.live()
	paper := s.adopt("escpos", "프린터", printer.Addr())
	s.adopt("serialscan", "스캐너", scanner.Addr())
	card := s.adopt("zvt", "단말기", terminal.Addr())
	stream.until("a good printer", deviceIs(paper.ID, "ok", ""))
	stream.until("a good terminal", deviceIs(card.ID, "ok", ""))

	ask[api.DeviceView](s, http.MethodPost, "/api/devices/"+paper.ID+"/test", nil)
	slips, err := printer.WaitSlips(t.Context(), 1)
	must(t, err)
	if !strings.Contains(slips[0].Text(), "한빛마트") {
		t.Errorf("test slip: %s", slips[0].Text())
	}
	must(t, scanner.Scan(coffee))
	state := stream.until("the scanned coffee", func(state api.State) bool { return len(state.Cart.Lines) == 1 })
	// The card payment's way shows in the stream; the receipt comes out.
	s.post("/api/cart/pay", pay(state, "card-key-1", "card", nil))
	stream.until("a finished sale on paper", func(state api.State) bool {
		return state.Finished != nil && len(state.Finished.Tenders) == 1 && state.Finished.Tenders[0].Kind == "card" && state.Finished.Print == "printed"
	})
	must(t, printer.SetFault(printersim.PaperOut, true))
	stream.until("no paper", deviceIs(paper.ID, "stop", "paper_out"))
	s.refused(http.MethodPost, "/api/devices/"+paper.ID+"/test", nil, http.StatusServiceUnavailable, "paper_out")

	if !slices.Equal(card.Services, []string{"diagnose", "set_time", "end_of_day"}) {
		t.Errorf("services %v", card.Services)
	}
	serve := func(service string) api.ServedView {
		return ask[api.ServedView](s, http.MethodPost, "/api/devices/"+card.ID+"/service", map[string]any{"service": service})
	}
	serve("diagnose")
	serve("set_time")
	if closed := serve("end_of_day"); closed.Count != 1 || closed.Total != terminal.Balance() {
		t.Errorf("end of day %+v, the terminal's book %d", closed, terminal.Balance())
	}
	s.refused(http.MethodPost, "/api/devices/"+card.ID+"/service", map[string]any{"service": "dance"}, 422, "invalid")
	s.refused(http.MethodPost, "/api/devices/"+paper.ID+"/service", map[string]any{"service": "diagnose"}, http.StatusServiceUnavailable, "no_device")

	// A secret is never shown, and stays when it is not given again.
	changed := ask[api.DeviceView](s, http.MethodPut, "/api/devices/"+card.ID, map[string]any{
		"driver": "zvt", "name": "단말기 2", "settings": map[string]string{"addr": terminal.Addr(), "password": "123456"},
	})
	if _, shown := changed.Settings["password"]; shown || changed.Name != "단말기 2" {
		t.Errorf("changed %+v", changed)
	}
	ask[api.DeviceView](s, http.MethodPut, "/api/devices/"+card.ID, map[string]any{
		"driver": "zvt", "name": "단말기 3", "settings": map[string]string{"addr": terminal.Addr()},
	})
	kept, err := s.store.Devices(t.Context())
	must(t, err)
	for _, device := range kept {
		if device.ID == card.ID && device.Settings["password"] != "123456" {
			t.Errorf("the secret is gone: %v", device.Settings)
		}
	}
	ask[struct{}](s, http.MethodDelete, "/api/devices/"+card.ID, nil)
	if left := ask[[]api.DeviceView](s, http.MethodGet, "/api/devices", nil); len(left) != 2 {
		t.Errorf("%d devices left", len(left))
	}
	s.refused(http.MethodDelete, "/api/devices/"+card.ID, nil, http.StatusNotFound, "device_not_found")
}

func TestCardDeclinedAndCancelled(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	terminal, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	stream := s.live()
	card := s.adopt("zvt", "단말기", terminal.Addr())
	stream.until("a good terminal", deviceIs(card.ID, "ok", ""))
	must(t, terminal.SetFault("decline", true))
	state := s.post("/api/cart/scan", scan(coffee))
	s.post("/api/cart/pay", pay(state, "declined-key", "card", nil))
	declined := stream.until("a refusal", func(state api.State) bool { return state.Payment != nil && state.Payment.State == "declined" })
	if declined.Payment.Reason == "" || declined.Cart.Due != 3000 {
		t.Errorf("declined %+v", declined.Payment)
	}
	s.refused(http.MethodPost, "/api/payments/"+declined.Payment.Attempt+"/ask", nil, http.StatusNotFound, "payment_not_found")
	s.refused(http.MethodPost, "/api/payments/none/cancel", nil, http.StatusNotFound, "payment_not_found")
	s.refused(http.MethodPost, "/api/payments/none/settle", map[string]any{"outcome": "charged", "reason": "x"}, http.StatusNotFound, "payment_not_found")
}

func TestShopAndHub(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	shop := ask[api.ShopView](s, http.MethodGet, "/api/shop", nil)
	shop.Phone = "02-555-0123"
	if got := ask[api.ShopView](s, http.MethodPut, "/api/shop", shop); got.Phone != "02-555-0123" {
		t.Errorf("shop %+v", got)
	}
	shop.BusinessNumber = "1234567890"
	s.refused(http.MethodPut, "/api/shop", shop, http.StatusUnprocessableEntity, "invalid")
	options := s.state().Options
	options.Language, options.QuickDiscounts, options.ReceiptFoot = "en", []int64{70}, "감사합니다"
	if got := ask[api.OptionsView](s, http.MethodPut, "/api/options", options); got.Language != "en" || len(got.Codes) != len(options.Codes) {
		t.Errorf("options %+v", got)
	}
	options.QuickDiscounts = []int64{1001}
	s.refused(http.MethodPut, "/api/options", options, http.StatusUnprocessableEntity, "invalid")
	options.QuickDiscounts = nil
	options.Codes = []api.CodeRuleView{{Prefix: "28", ItemDigits: 4, ValueDigits: 5, Kind: "price"}}
	s.refused(http.MethodPut, "/api/options", map[string]any{
		"language": "ko", "left_handed": false, "quick_discounts": []int{}, "volume": 5, "receipt_foot": "", "codes": options.Codes,
	}, http.StatusUnprocessableEntity, "code_rule_invalid")
	if got := ask[api.HubView](s, http.MethodPost, "/api/hub/claim", map[string]any{"url": " https://hub.example.com ", "code": "ABCD2345"}); got.State != "online" || got.URL != "https://hub.example.com" {
		t.Errorf("claimed %+v", got)
	}
}

func TestTerminalInUseStays(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	terminal, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	card := s.adopt("zvt", "단말기", terminal.Addr())
	stream := s.live()
	stream.until("a good terminal", deviceIs(card.ID, "ok", ""))
	must(t, terminal.SetFault("no_card", true))
	state := s.post("/api/cart/lines", map[string]any{"unit": 1000})
	s.post("/api/cart/pay", pay(state, "card-key-1", "card", nil))
	s.refused(http.MethodDelete, "/api/devices/"+card.ID, nil, http.StatusConflict, "payment_unknown")
	moved := map[string]any{"driver": "zvt", "name": "단말기", "settings": map[string]string{"addr": "127.0.0.1:1"}}
	s.refused(http.MethodPut, "/api/devices/"+card.ID, moved, http.StatusConflict, "payment_unknown")
	waiting := stream.until("a card", func(state api.State) bool { return state.Payment != nil && state.Payment.CanCancel })
	s.post("/api/payments/"+waiting.Payment.Attempt+"/cancel", nil)
	stream.until("a cancelled payment", func(state api.State) bool { return state.Payment != nil && state.Payment.State == "declined" })
	ask[any](s, http.MethodDelete, "/api/devices/"+card.ID, nil)
}

// TestLiveIsLimited: one address does not take all streams, and gets those back
// that it closed.
func TestLiveIsLimited(t *testing.T) {
	t.Parallel()
	s := newBox(t).screen()
	var leave []context.CancelFunc
	open := func() int {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/live", nil)
		must(t, err)
		response, err := http.DefaultClient.Do(request)
		must(t, err)
		t.Cleanup(func() { response.Body.Close() })
		leave = append(leave, cancel)
		return response.StatusCode
	}
	opened := 0
	for opened < 1_000 && open() == http.StatusOK {
		opened++
	}
	if opened < 8 || opened > 64 {
		t.Errorf("%d streams from one address", opened)
	}
	s.refused(http.MethodGet, "/api/live", nil, http.StatusTooManyRequests, "too_many_screens")
	for _, leave := range leave {
		leave()
	}
	for again := open(); again != http.StatusOK; again = open() {
		if t.Context().Err() != nil {
			t.Fatal("closed streams still count")
		}
	}
	leave[len(leave)-1]()
}

// TestHealthWritesSeldom: a watcher that asks all the time does not wear the
// disk out.
func TestHealthWritesSeldom(t *testing.T) {
	t.Parallel()
	s := newBox(t).screen()
	for range 50 {
		if got := s.call(http.MethodGet, "/healthz", nil); got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	s.clock.pass(time.Minute)
	s.call(http.MethodGet, "/healthz", nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.looks != 2 {
		t.Errorf("asked 51 times in a minute, looked %d times", s.looks)
	}
}
