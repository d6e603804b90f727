package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"shopbox/edge/api"
	"shopbox/edge/devices"
	"shopbox/edge/printing"
)

func printingState(verdict devices.Verdict) printing.State { return printing.State(verdict) }

func TestSetUp(t *testing.T) {
	t.Parallel()
	s := newBox(t).screen()
	if state := s.state(); state.SetUp || state.Cart.Lines == nil {
		t.Fatalf("a fresh box says %+v", state)
	}
	if catalog := ask[api.CatalogView](s, http.MethodGet, "/api/catalog", nil); len(catalog.Keys) != 0 {
		t.Error("a fresh box has product keys")
	}
	// wrong is the body with one field of a part changed; the part "" is the
	// whole.
	wrong := func(part, field, value string) map[string]any {
		body := setUpBody()
		if inner, is := body[part].(map[string]any); is {
			inner[field] = value
			return body
		}
		body[field] = value
		return body
	}
	for name, test := range map[string]struct {
		body map[string]any
		code string
	}{
		"business number": {wrong("shop", "business_number", "1248100999"), "invalid"},
		"kind":            {wrong("shop", "kind", "casino"), "invalid"},
		"no name":         {wrong("shop", "name", ""), "invalid"},
		"language":        {wrong("", "language", "jp"), "invalid"},
		"weak pin":        {wrong("owner", "pin", "1234"), "pin_weak"},
	} {
		if got := s.refused(http.MethodPost, "/api/setup", test.body, http.StatusUnprocessableEntity, test.code); got.Code == "invalid" && len(got.Fields) == 0 {
			t.Errorf("%s: no field is named: %+v", name, got)
		}
	}
	session := ask[api.SessionView](s, http.MethodPost, "/api/setup", setUpBody())
	if session.Staff.Role != "owner" || len(session.Rights) == 0 {
		t.Errorf("signed in as %+v", session)
	}
	if state := s.state(); !state.SetUp || state.Shop.BusinessNumber != "1248100998" || len(state.Options.Codes) == 0 {
		t.Errorf("after the set-up: %+v", state)
	}
	if categories := ask[[]api.CategoryView](s, http.MethodGet, "/api/categories", nil); len(categories) == 0 {
		t.Error("a grocery starts without categories")
	}
	s.refused(http.MethodPost, "/api/setup", setUpBody(), http.StatusConflict, "already_set_up")
	s.screen().refused(http.MethodPost, "/api/setup", setUpBody(), http.StatusConflict, "already_set_up")
}

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	owner := openShop(t)
	cashier, _ := owner.cashier()
	stranger := owner.screen()
	for _, path := range []string{
		"/api/catalog", "/api/session", "/api/staff", "/api/products", "/api/sales", "/api/day", "/api/days", "/api/devices",
		"/api/print-jobs", "/api/shop", "/api/audit", "/api/categories",
	} {
		stranger.refused(http.MethodGet, path, nil, http.StatusUnauthorized, "not_signed_in")
	}
	stranger.refused(http.MethodPost, "/api/cart/scan", map[string]any{"code": "1"}, http.StatusUnauthorized, "not_signed_in")
	for _, test := range []struct {
		method, path string
		body         any
	}{
		{http.MethodGet, "/api/staff", nil},
		{http.MethodGet, "/api/audit", nil},
		{http.MethodGet, "/api/devices/drivers", nil},
		{http.MethodPost, "/api/categories", map[string]any{"name": "새", "order": 1}},
		{http.MethodPost, "/api/drawer/open", map[string]any{"reason": "x"}},
		{http.MethodPost, "/api/day/close", map[string]any{"counted": 0}},
		{http.MethodPost, "/api/hub/claim", map[string]any{"url": "https://x", "code": "ABCD2345"}},
		{http.MethodPut, "/api/shop", setUpBody()["shop"]},
		{http.MethodPost, "/api/sales/20261123-0001/refund", map[string]any{
			"key": "12345678", "lines": []any{map[string]any{"line": "x", "quantity": 1000}}, "tender": "cash", "reason": "x",
		}},
		{http.MethodPost, "/api/payments/x/settle", map[string]any{"outcome": "charged", "reason": "x"}},
	} {
		cashier.refused(test.method, test.path, test.body, http.StatusForbidden, "right_missing")
	}
}

func TestForeignPages(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	request := func(change func(r *http.Request)) answer {
		made, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/done", nil)
		must(t, err)
		made.Header.Set("X-Shopbox", "1")
		change(made)
		return s.do(made)
	}
	// The cookie goes to the name it came from, so a new name is nobody's.
	for name, test := range map[string]struct {
		change func(r *http.Request)
		status int
		code   string
	}{
		"own page":            {func(*http.Request) {}, http.StatusOK, ""},
		"no header":           {func(r *http.Request) { r.Header.Del("X-Shopbox") }, http.StatusForbidden, "foreign_request"},
		"foreign origin":      {func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, http.StatusForbidden, "foreign_request"},
		"cross-site":          {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, http.StatusForbidden, "foreign_request"},
		"rebound name":        {func(r *http.Request) { r.Host = "evil.example" }, http.StatusMisdirectedRequest, "host_not_allowed"},
		"rebound with port":   {func(r *http.Request) { r.Host = "evil.example:8080" }, http.StatusMisdirectedRequest, "host_not_allowed"},
		"local name":          {func(r *http.Request) { r.Host = "shopbox.local:8080" }, http.StatusUnauthorized, "not_signed_in"},
		"plain name":          {func(r *http.Request) { r.Host = "shopbox" }, http.StatusUnauthorized, "not_signed_in"},
		"address":             {func(r *http.Request) { r.Host = "192.168.0.9:8080" }, http.StatusUnauthorized, "not_signed_in"},
		"address of the sort": {func(r *http.Request) { r.Host = "[fe80::1]:8080" }, http.StatusUnauthorized, "not_signed_in"},
		"a name of its own":   {func(r *http.Request) { r.Host = "till.example.com" }, http.StatusUnauthorized, "not_signed_in"},
	} {
		if got := request(test.change); got.status != test.status || got.problem().Code != test.code {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	owner := newBox(t).owner()
	cashier, person := owner.cashier()
	if people := ask[[]api.PersonView](owner.screen(), http.MethodGet, "/api/people", nil); len(people) != 2 {
		t.Errorf("%d people may sign in", len(people))
	}
	s := owner.screen()
	wrong := map[string]any{"staff": person.ID, "pin": "9999"}
	right := map[string]any{"staff": person.ID, "pin": cashierPIN}
	for range 5 {
		s.refused(http.MethodPost, "/api/session", wrong, http.StatusUnauthorized, "pin_wrong")
	}
	got := s.refused(http.MethodPost, "/api/session", right, http.StatusTooManyRequests, "pin_locked")
	if wait, ok := got.Params["retry_after"].(float64); !ok || wait < 1 || wait > 5 {
		t.Errorf("retry after %v", got.Params)
	}
	s.refused(http.MethodPost, "/api/session", map[string]any{"staff": "nobody", "pin": "1111"}, http.StatusUnauthorized, "pin_wrong")
	s.clock.pass(6 * time.Second)
	ask[api.SessionView](s, http.MethodPost, "/api/session", right)
	// A used session lives on, a forgotten one ends.
	for range 4 {
		s.clock.pass(5 * time.Minute)
		s.state()
		ask[api.SessionView](s, http.MethodGet, "/api/session", nil)
	}
	cashier.refused(http.MethodGet, "/api/session", nil, http.StatusUnauthorized, "not_signed_in")
	ask[struct{}](s, http.MethodDelete, "/api/session", nil)
	s.refused(http.MethodGet, "/api/session", nil, http.StatusUnauthorized, "not_signed_in")
}

func TestStaff(t *testing.T) {
	t.Parallel()
	owner := newBox(t).owner()
	cashier, person := owner.cashier()
	self := ask[api.SessionView](owner, http.MethodGet, "/api/session", nil).Staff
	for name, body := range map[string]api.StaffView{
		"no owner left": {Name: "김사장", Role: "cashier", Active: true},
		"owner leaves":  {Name: "김사장", Role: "owner", Active: false},
	} {
		if got := owner.refused(http.MethodPut, "/api/staff/"+self.ID, body, http.StatusConflict, "last_owner"); got.Code == "" {
			t.Error(name)
		}
	}
	owner.refused(http.MethodPut, "/api/staff/nobody", person, http.StatusNotFound, "not_found")
	owner.refused(http.MethodPost, "/api/staff", map[string]any{"name": " ", "role": "cashier"}, http.StatusUnprocessableEntity, "name_invalid")
	// Everyone may change their own PIN, nobody another's without the right.
	cashier.refused(http.MethodPost, "/api/staff/"+self.ID+"/pin", map[string]any{"pin": "4826"}, http.StatusForbidden, "right_missing")
	cashier.refused(http.MethodPost, "/api/staff/"+person.ID+"/pin", map[string]any{"pin": "1111"}, http.StatusUnprocessableEntity, "pin_weak")
	second := owner.screen()
	ask[api.SessionView](second, http.MethodPost, "/api/session", map[string]any{"staff": person.ID, "pin": cashierPIN})
	ask[struct{}](cashier, http.MethodPost, "/api/staff/"+person.ID+"/pin", map[string]any{"pin": "4826"})
	second.refused(http.MethodGet, "/api/session", nil, http.StatusUnauthorized, "not_signed_in")
	ask[api.SessionView](owner.screen(), http.MethodPost, "/api/session", map[string]any{"staff": person.ID, "pin": "4826"})
	ask[api.StaffView](owner, http.MethodPut, "/api/staff/"+person.ID, api.StaffView{Name: "이알바", Role: "manager", Active: true})
	if got := ask[api.SessionView](cashier, http.MethodGet, "/api/session", nil); got.MaxDiscount != 500 {
		t.Errorf("a manager may give %d", got.MaxDiscount)
	}
	ask[api.StaffView](owner, http.MethodPut, "/api/staff/"+person.ID, api.StaffView{Name: "이알바", Role: "manager", Active: false})
	cashier.refused(http.MethodGet, "/api/session", nil, http.StatusUnauthorized, "not_signed_in")
	owner.screen().refused(http.MethodPost, "/api/session", map[string]any{"staff": person.ID, "pin": "4826"}, http.StatusUnauthorized, "pin_wrong")
	acts := ask[[]api.AuditView](owner, http.MethodGet, "/api/audit?limit=100", nil)
	var told []string
	for _, act := range acts {
		told = append(told, act.Act)
	}
	for _, want := range []string{"set_up", "signed_in", "pin_changed", "person_changed"} {
		if !strings.Contains(strings.Join(told, " "), want) {
			t.Errorf("no %s among %v", want, told)
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := newBox(t).screen()
	for _, test := range []struct {
		path, cache string
		status      int
	}{
		{"/", "no-cache", 200},
		{"/products/12", "no-cache", 200},
		{"/assets/app-1234.js", "public, max-age=31536000, immutable", 200},
		{"/assets/gone.js", "no-store", 404},
		{"/api/nothing", "no-store", 404},
		{"/api", "no-store", 404},
		{"/healthz", "no-store", 200},
	} {
		got := s.call(http.MethodGet, test.path, nil)
		if got.status != test.status || got.header.Get("Cache-Control") != test.cache {
			t.Errorf("%s: %d, %q", test.path, got.status, got.header.Get("Cache-Control"))
		}
		if got.status == 404 && got.problem().Code != "not_found" {
			t.Errorf("%s: %s", test.path, got.body)
		}
		if policy := got.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'self'") {
			t.Errorf("%s: policy %q", test.path, policy)
		}
	}
}

// TestTimeIsTheOwners: only who may change settings says what time it is, and
// that is recorded with both times.
func TestTimeIsTheOwners(t *testing.T) {
	t.Parallel()
	s := newBox(t).owner()
	cashier, _ := s.cashier()
	body := func(at string) map[string]any { return map[string]any{"at": at} }
	cashier.refused(http.MethodPut, "/api/box/time", body("2026-11-25T14:05:00+09:00"), http.StatusForbidden, "right_missing")
	s.refused(http.MethodPut, "/api/box/time", body("2099-11-25T14:05:00+09:00"), http.StatusUnprocessableEntity, "time_invalid")
	s.refused(http.MethodPut, "/api/box/time", body("noon"), http.StatusUnprocessableEntity, "invalid")
	if got := s.call(http.MethodPut, "/api/box/time", body("2026-11-23T10:05:00+09:00")); got.status != http.StatusNoContent {
		t.Fatalf("%d %s", got.status, got.body)
	}
	acts := ask[[]api.AuditView](s, http.MethodGet, "/api/audit", nil)
	if acts[0].Act != "time_set" || acts[0].Detail != "2026-11-23 10:00:00 -> 2026-11-23 10:05:00" {
		t.Errorf("recorded %+v", acts[0])
	}
}

// TestTryHub: anybody at the counter may have the hub tried at once.
func TestTryHub(t *testing.T) {
	t.Parallel()
	s := newBox(t).owner()
	cashier, _ := s.cashier()
	s.screen().refused(http.MethodPost, "/api/hub/try", nil, http.StatusUnauthorized, "not_signed_in")
	cashier.call(http.MethodPost, "/api/hub/try", nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tries != 1 {
		t.Errorf("tried %d times", s.tries)
	}
}
