package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/api"
)

// pair makes a new browser a screen by the code it shows.
func (s *screen) pair() *screen {
	s.t.Helper()
	customer := s.screen()
	asked := ask[api.PairingView](customer, http.MethodPost, "/api/screen/pairing", nil)
	ask[struct{}](s, http.MethodPost, "/api/screens", map[string]any{"code": asked.Code[:3] + " " + asked.Code[3:], "name": "손님 화면"})
	return customer
}

func (s *screen) shows() api.ScreenView {
	s.t.Helper()
	return ask[api.ScreenView](s, http.MethodGet, "/api/screen", nil)
}

// watches is a screen's stream; the function reads until a view is as wanted.
func (s *screen) watches() func(what string, wanted func(api.ScreenView) bool) api.ScreenView {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	s.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/screen/live", nil)
	must(s.t, err)
	response, err := (&http.Client{Jar: s.http.Jar}).Do(request)
	must(s.t, err)
	s.t.Cleanup(func() { response.Body.Close() })
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	return func(what string, wanted func(api.ScreenView) bool) api.ScreenView {
		s.t.Helper()
		for lines.Scan() {
			data, is := strings.CutPrefix(lines.Text(), "data: ")
			if !is {
				continue
			}
			if view := read[api.ScreenView](s.t, []byte(data)); wanted(view) {
				return view
			}
		}
		s.t.Fatalf("no view came with %s: %v", what, lines.Err())
		return api.ScreenView{}
	}
}

func TestScreenFollowsTheSale(t *testing.T) {
	t.Parallel()
	owner := openShop(t)
	customer := owner.pair()
	follow := customer.watches()
	follow("an empty cart", func(v api.ScreenView) bool { return v.Code == "" && v.Shop != "" && len(v.Lines) == 0 && v.Done == nil })
	owner.post("/api/cart/scan", scan(coffee))
	owner.post("/api/cart/scan", scan(water))
	state := ask[api.State](owner, http.MethodPut, "/api/cart/discount", map[string]any{"permille": 100, "amount": 0})
	view := follow("the goods", func(v api.ScreenView) bool { return len(v.Lines) == 2 && v.Discount > 0 })
	if view.Total != state.Cart.Total || view.Due != state.Cart.Due || view.Lines[0].Name != state.Cart.Lines[0].Name {
		t.Errorf("the customer sees %+v, the counter %+v", view, state.Cart)
	}
	paid := owner.post("/api/cart/pay", map[string]any{
		"key": "screen-pay-1", "cart": state.Cart.ID, "version": state.Cart.Version, "tender": "cash", "received": 50_000,
	})
	view = follow("the change", func(v api.ScreenView) bool { return v.Done != nil })
	if want := paid.Finished; view.Done.Change != want.Change || view.Done.Received != 50_000 || !view.Done.Cash || len(view.Lines) != 0 {
		t.Errorf("the customer sees %+v, the counter %+v", view.Done, want)
	}
	owner.post("/api/done", nil)
	follow("nothing", func(v api.ScreenView) bool { return v.Done == nil && len(v.Lines) == 0 })
}

func TestScreenOfACardPayment(t *testing.T) {
	t.Parallel()
	owner := openShop(t)
	terminal, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	stream := owner.live()
	stream.until("a terminal", deviceIs(owner.adopt("zvt", "단말기", terminal.Addr()).ID, "ok", ""))
	owner.post("/api/cart/scan", scan(coffee))
	follow := owner.pair().watches()
	must(t, terminal.SetFault("decline", true))
	state := owner.state()
	pay := func(key string) {
		owner.call(http.MethodPost, "/api/cart/pay", map[string]any{
			"key": key, "cart": state.Cart.ID, "version": owner.state().Cart.Version, "tender": "card",
		})
	}
	pay("screen-card-1")
	failed := follow("a declined card", func(v api.ScreenView) bool { return v.Payment != nil && v.Payment.State == "failed" })
	if failed.Payment.Progress != "" || failed.Payment.Amount != state.Cart.Total || len(failed.Lines) != 1 {
		t.Errorf("the customer sees %+v", failed)
	}
	must(t, terminal.SetFault("decline", false))
	pay("screen-card-2")
	done := follow("the sale", func(v api.ScreenView) bool { return v.Done != nil })
	if done.Done.Cash || done.Done.Total != state.Cart.Total || done.Payment != nil {
		t.Errorf("the customer sees %+v", done)
	}
}

// TestScreenSeesNothingElse calls every operation the API has as a screen.
func TestScreenSeesNothingElse(t *testing.T) {
	t.Parallel()
	owner := openShop(t)
	customer := owner.pair()
	secret := customer.cookieFor("/api/screen", "shopbox_screen")
	if elsewhere := customer.cookieFor("/api/screens", "shopbox_screen"); elsewhere != "" {
		t.Error("the cookie is sent to other addresses")
	}
	calls := operations(t)
	for _, call := range calls {
		method, path, _ := strings.Cut(call, " ")
		if path == "/api/screen" || strings.HasPrefix(path, "/api/screen/") {
			continue
		}
		status, code := owner.callWith(method, path, "shopbox_screen", secret)
		if status != http.StatusForbidden || code != "screen_only" {
			t.Errorf("%s as a screen: %d %s", call, status, code)
		}
		status, _ = owner.callWith(method, path, "shopbox", secret)
		if status == http.StatusOK && !slices.Contains(anybody, path) {
			t.Errorf("%s with a screen's secret for a session: %d", call, status)
		}
	}
	if len(calls) < 50 {
		t.Errorf("only %d operations were called", len(calls))
	}
}

// anybody are the addresses that answer without a session.
var anybody = []string{"/api/people", "/api/state", "/api/live"}

// operations are all the API has, such as "GET /api/state".
func operations(t *testing.T) []string {
	t.Helper()
	document, err := api.Document()
	must(t, err)
	var all []string
	path := ""
	for line := range strings.Lines(string(document)) {
		switch name := strings.TrimSuffix(strings.TrimSpace(line), ":"); {
		case strings.HasPrefix(line, "  /api/"):
			path = name
		case slices.Contains([]string{"    get:\n", "    post:\n", "    put:\n", "    patch:\n", "    delete:\n"}, line):
			all = append(all, strings.ToUpper(name)+" "+path)
		}
	}
	return all
}

func (s *screen) cookieFor(path, name string) string {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	must(s.t, err)
	for _, cookie := range s.http.Jar.Cookies(request.URL) {
		if cookie.Name == name {
			return cookie.Value
		}
	}
	return ""
}

func (b *box) callWith(method, path, cookie, secret string) (status int, code string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, b.url+path, strings.NewReader("{}"))
	must(b.t, err)
	request.Header.Set("X-Shopbox", "1")
	request.Header.Set("Content-Type", "application/json")
	request.AddCookie(&http.Cookie{Name: cookie, Value: secret})
	response, err := http.DefaultClient.Do(request)
	must(b.t, err)
	defer response.Body.Close()
	var problem api.Problem
	if response.Header.Get("Content-Type") != "text/event-stream" {
		_ = json.NewDecoder(response.Body).Decode(&problem)
	}
	return response.StatusCode, problem.Code
}

func TestScreenViewNamesNobody(t *testing.T) {
	t.Parallel()
	owner := openShop(t)
	owner.post("/api/cart/scan", scan(coffee))
	ask[api.State](owner, http.MethodPut, "/api/cart/note", map[string]any{"note": "까다로운 손님"})
	customer := owner.pair()
	body := customer.call(http.MethodGet, "/api/screen", nil).body
	for _, secret := range []string{"김사장", "까다로운", "owner", coffee, "cost", "device", "right", "unsent", "parked"} {
		if bytes.Contains(body, []byte(secret)) {
			t.Errorf("the view holds %q: %s", secret, body)
		}
	}
}

func TestPairing(t *testing.T) {
	t.Parallel()
	owner := openShop(t)
	cashier, _ := owner.cashier()
	stranger := owner.screen()
	stranger.refused(http.MethodGet, "/api/screen", nil, http.StatusUnauthorized, "screen_unpaired")
	stranger.refused(http.MethodGet, "/api/screen/live", nil, http.StatusUnauthorized, "screen_unpaired")
	asked := ask[api.PairingView](stranger, http.MethodPost, "/api/screen/pairing", nil)
	follow := stranger.watches()
	follow("its code", func(v api.ScreenView) bool { return v.Code == asked.Code && v.Shop == "" })

	body := map[string]any{"code": asked.Code, "name": "창가"}
	cashier.refused(http.MethodPost, "/api/screens", body, http.StatusForbidden, "right_missing")
	cashier.refused(http.MethodPost, "/api/screens/here", map[string]any{"name": "창가"}, http.StatusForbidden, "right_missing")
	owner.refused(http.MethodPost, "/api/screens", map[string]any{"code": "not a code", "name": "창가"}, http.StatusNotFound, "pairing_unknown")
	ask[struct{}](owner, http.MethodPost, "/api/screens", body)
	follow("the shop", func(v api.ScreenView) bool { return v.Code == "" && v.Shop != "" })
	owner.refused(http.MethodPost, "/api/screens", body, http.StatusNotFound, "pairing_unknown")

	if found := ask[[]string](owner, http.MethodGet, "/api/screens/addresses", nil); !slices.Equal(found, []string{"192.168.0.12:8080"}) {
		t.Errorf("found at %v", found)
	}
	cashier.refused(http.MethodGet, "/api/screens/addresses", nil, http.StatusForbidden, "right_missing")
	list := ask[[]api.PairedView](owner, http.MethodGet, "/api/screens", nil)
	if len(list) != 1 || list[0].Name != "창가" || list[0].By == "" {
		t.Fatalf("the list is %+v", list)
	}
	cashier.refused(http.MethodDelete, "/api/screens/"+list[0].ID, nil, http.StatusForbidden, "right_missing")
	owner.clock.pass(300 * 24 * time.Hour)
	if stranger.shows().Shop == "" {
		t.Error("a screen ended by itself")
	}
	people := ask[[]api.PersonView](owner, http.MethodGet, "/api/people", nil)
	ask[api.SessionView](owner, http.MethodPost, "/api/session", map[string]any{"staff": people[0].ID, "pin": ownerPIN})
	ask[struct{}](owner, http.MethodDelete, "/api/screens/"+list[0].ID, nil)
	owner.refused(http.MethodDelete, "/api/screens/"+list[0].ID, nil, http.StatusNotFound, "not_found")
	stranger.refused(http.MethodGet, "/api/screen", nil, http.StatusUnauthorized, "screen_unpaired")
}

func TestPairHereSignsOut(t *testing.T) {
	t.Parallel()
	owner := openShop(t)
	ask[struct{}](owner, http.MethodPost, "/api/screens/here", map[string]any{"name": "손님 쪽 태블릿"})
	if owner.shows().Shop == "" {
		t.Error("the browser is no screen")
	}
	owner.refused(http.MethodGet, "/api/session", nil, http.StatusUnauthorized, "not_signed_in")
}

func TestPairingCodesEnd(t *testing.T) {
	t.Parallel()
	owner := openShop(t)
	asked := ask[api.PairingView](owner.screen(), http.MethodPost, "/api/screen/pairing", nil)
	owner.clock.pass(3 * time.Minute)
	owner.refused(http.MethodPost, "/api/screens", map[string]any{"code": asked.Code, "name": "창가"}, http.StatusNotFound, "pairing_unknown")
	for range 32 {
		ask[api.PairingView](owner.screen(), http.MethodPost, "/api/screen/pairing", nil)
	}
	owner.screen().refused(http.MethodPost, "/api/screen/pairing", nil, http.StatusTooManyRequests, "too_many_screens")
}
