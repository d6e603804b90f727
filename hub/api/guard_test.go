package api_test

import (
	"regexp"
	"strings"
	"testing"

	"shopbox/hub/api"
)

// operations reads "METHOD /path" and the security of every operation out of
// the committed description.
func operations(t *testing.T) map[string]string {
	t.Helper()
	document, err := api.Document()
	check(t, err)
	found := map[string]string{}
	path, method := "", ""
	for line := range strings.Lines(string(document)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case regexp.MustCompile(`^  /\S+:$`).MatchString(line):
			path = strings.TrimSuffix(strings.TrimSpace(line), ":")
		case path != "" && regexp.MustCompile(`^    (get|post|put|delete|patch):$`).MatchString(line):
			method = strings.ToUpper(strings.TrimSuffix(strings.TrimSpace(line), ":"))
			found[method+" "+path] = ""
		case path != "" && regexp.MustCompile(`^            - (owner|operator)$`).MatchString(line):
			found[method+" "+path] += strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "-")) + " "
		}
	}
	return found
}

func address(operation string) (method, path string) {
	method, path, _ = strings.Cut(operation, " ")
	return method, regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "x")
}

func TestEveryOperationIsGuarded(t *testing.T) {
	h := newHub(t, options{})
	owner, operator := h.owner(t, "minji"), h.operator(t)
	open := map[string]bool{"GET /api/about": true, "POST /api/session": true, "POST /api/signup": true, "POST /enroll": true, "POST /enroll/renew": true}
	for operation, roles := range operations(t) {
		method, path := address(operation)
		if open[operation] {
			if roles != "" {
				t.Errorf("%s should be open", operation)
			}
			continue
		}
		if roles == "" {
			t.Errorf("%s is for nobody in particular", operation)
		}
		wantStatus(t, h.browser(t).do(method, path, nil), 401, "signed_out")
		if !strings.Contains(roles, "owner") {
			wantStatus(t, owner.do(method, path, nil), 403, "forbidden")
		}
		if !strings.Contains(roles, "operator") {
			wantStatus(t, operator.do(method, path, nil), 403, "forbidden")
		}
	}
}

func TestEveryChangeNeedsTheToken(t *testing.T) {
	h := newHub(t, options{})
	b := h.owner(t, "minji")
	for _, token := range []string{"", "wrong"} {
		b.csrf = token
		for operation, roles := range operations(t) {
			method, path := address(operation)
			if method != "GET" && strings.Contains(roles, "owner") {
				wantStatus(t, b.do(method, path, object{"name": "가게"}), 403, "csrf")
			}
		}
	}
}

func TestOtherSitesChangeNothing(t *testing.T) {
	h := newHub(t, options{})
	tests := map[string]object{
		"said by the browser": {"Sec-Fetch-Site": "cross-site"},
		"another origin":      {"Origin": "https://evil.example"},
	}
	for name, headers := range tests {
		t.Run(name, func(t *testing.T) {
			b := h.browser(t)
			b.headers = headers
			wantStatus(t, b.do("POST", "/api/session", object{"login": "minji", "password": "x"}), 403, "csrf")
		})
	}
}

func TestTooMuchIsNotRead(t *testing.T) {
	h := newHub(t, options{})
	got := h.browser(t).do("POST", "/api/session", object{"login": "minji", "password": strings.Repeat("x", 100<<10)})
	wantStatus(t, got, 413, "invalid_request")
}

func TestTenantsAreStrangers(t *testing.T) {
	h := newHub(t, options{})
	minji, jisoo := h.owner(t, "minji"), h.owner(t, "jisoo")
	shop := minji.firstShop()
	box := h.box(t, minji, shop.ID, 1)
	h.send(t, minji, box, 1, opened(h.now()), sold(h.now(), 1))
	for _, request := range []string{
		"GET /api/dashboard?shop=" + shop.ID,
		"GET /api/sales?shop=" + shop.ID,
		"GET /api/sales/" + shop.ID + "/20261123-0001",
		"POST /api/shops/" + shop.ID + "/claim-codes",
	} {
		method, path, _ := strings.Cut(request, " ")
		wantStatus(t, jisoo.do(method, path, nil), 404, "not_found")
		if got := minji.do(method, path, nil); got.StatusCode >= 300 {
			t.Errorf("%s refuses its own tenant: %d %s", request, got.StatusCode, got.text)
		}
	}
	if boxes := read[api.Boxes](jisoo, "GET", "/api/boxes", nil).Boxes; len(boxes) != 0 {
		t.Errorf("a stranger sees boxes: %+v", boxes)
	}
	if sales := read[api.Sales](jisoo, "GET", "/api/sales", nil).Sales; len(sales) != 0 {
		t.Errorf("a stranger sees sales: %+v", sales)
	}
	if total := read[api.Dashboard](jisoo, "GET", "/api/dashboard", nil).Total; total != 0 {
		t.Errorf("a stranger sees a turnover of %d", total)
	}
}

// Text that no database holds gets no further than the door.
func TestOddTextInAddresses(t *testing.T) {
	h := newHub(t, options{})
	owner, operator := h.owner(t, "minji"), h.operator(t)
	for _, odd := range []string{"%00", "a%00b", "%ff", "%c3%28"} {
		for _, path := range []string{"/api/sales?shop=", "/api/sales?q=1&cursor=", "/api/dashboard?day=", "/api/sales/", "/"} {
			wantStatus(t, owner.do("GET", path+odd, nil), 400, "invalid_request")
		}
		wantStatus(t, owner.do("POST", "/api/shops/"+odd+"/claim-codes", nil), 400, "invalid_request")
		for _, path := range []string{"/api/carrier/boxes?cursor=", "/api/carrier/boxes?q="} {
			wantStatus(t, operator.do("GET", path+odd, nil), 400, "invalid_request")
		}
	}
}
