package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"shopbox/hub/api"
)

type object = map[string]string

func TestSessionLivesInAStrictCookie(t *testing.T) {
	h := newHub(t, options{})
	b := h.owner(t, "minji")
	got := b.do("POST", "/api/session", object{"login": "minji", "password": "correct horse"})
	cookies := got.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies: %v", cookies)
	}
	if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || len(c.Value) < 32 {
		t.Errorf("cookie: %v", c)
	}
	who := read[api.Session](b, "GET", "/api/session", nil)
	if who.Role != "owner" || who.Login != "minji" || who.Tenant == nil || who.CSRF == "" {
		t.Errorf("who: %+v", who)
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	h := newHub(t, options{})
	b := h.owner(t, "minji")
	wantStatus(t, b.do("DELETE", "/api/session", nil), http.StatusNoContent, "")
	wantStatus(t, b.do("GET", "/api/session", nil), http.StatusUnauthorized, "signed_out")
}

func TestSessionEndsUnused(t *testing.T) {
	h := newHub(t, options{})
	b := h.owner(t, "minji")
	h.wait(13 * time.Hour)
	wantStatus(t, b.do("GET", "/api/session", nil), http.StatusUnauthorized, "signed_out")
}

func TestSigningInRefuses(t *testing.T) {
	h := newHub(t, options{})
	h.owner(t, "minji")
	tests := map[string]struct {
		body   object
		status int
		code   string
	}{
		"a wrong password":     {object{"login": "minji", "password": "wrong horse"}, 401, "bad_credentials"},
		"an unknown login":     {object{"login": "nobody", "password": "wrong horse"}, 401, "bad_credentials"},
		"a request without it": {object{"login": "minji"}, 422, "invalid_request"},
		"unknown fields":       {object{"login": "minji", "password": "x", "role": "operator"}, 422, "invalid_request"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, h.browser(t).do("POST", "/api/session", test.body), test.status, test.code)
		})
	}
}

func TestProblemNamesFieldsAndRepeatsNothing(t *testing.T) {
	h := newHub(t, options{})
	secret := strings.Repeat("s3cret", 40)
	got := h.browser(t).do("POST", "/api/session", object{"login": "", "password": secret})
	wantStatus(t, got, 422, "invalid_request")
	for _, want := range []string{`"body.login","code":"too_short"`, `"body.password","code":"too_long"`} {
		if !strings.Contains(string(got.text), want) {
			t.Errorf("%s lacks %s", got.text, want)
		}
	}
	if strings.Contains(string(got.text), "s3cret") {
		t.Error("the problem repeats the password")
	}
}

func TestGuessingBecomesSlow(t *testing.T) {
	h := newHub(t, options{})
	h.owner(t, "minji")
	b := h.browser(t)
	for range 5 {
		wantStatus(t, b.do("POST", "/api/session", object{"login": "minji", "password": "guess"}), 401, "bad_credentials")
	}
	got := b.do("POST", "/api/session", object{"login": "minji", "password": "correct horse"})
	wantStatus(t, got, 429, "too_many_requests")
	seconds, err := strconv.Atoi(got.Header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		t.Fatalf("Retry-After %q", got.Header.Get("Retry-After"))
	}
	h.wait(time.Duration(seconds) * time.Second)
	read[api.Session](b, "POST", "/api/session", object{"login": "minji", "password": "correct horse"})
}

func TestSignUpRefuses(t *testing.T) {
	h := newHub(t, options{})
	taken := h.number()
	h.browser(t).signUp("minji", taken)
	fresh := h.number()
	wrong := fresh[:9] + string('0'+(fresh[9]-'0'+1)%10)
	tests := map[string]struct {
		login, number, password string
		status                  int
		code                    string
	}{
		"a wrong check digit":     {"jisoo", wrong, "correct horse", 422, "business_number_invalid"},
		"a known business number": {"jisoo", taken, "correct horse", 409, "business_number_taken"},
		"a known login":           {"minji", fresh, "correct horse", 409, "login_taken"},
		"a short password":        {"jisoo", fresh, "short", 422, "invalid_request"},
		"a login with a space":    {"ji soo", fresh, "correct horse", 422, "invalid_request"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, h.browser(t).do("POST", "/api/signup", object{
				"shop_name": "가게", "name": "이서연", "business_number": test.number, "login": test.login, "password": test.password,
			}), test.status, test.code)
		})
	}
}

func TestSignUpIsClosedUnlessOpened(t *testing.T) {
	h := newHub(t, options{signupClosed: true})
	b := h.browser(t)
	if read[api.About](b, "GET", "/api/about", nil).SignupOpen {
		t.Error("about says that sign-up is open")
	}
	wantStatus(t, b.do("POST", "/api/signup", object{
		"shop_name": "가게", "name": "이서연", "business_number": h.number(), "login": "minji", "password": "correct horse",
	}), 403, "signup_closed")
}

func TestSignUpIsLimited(t *testing.T) {
	h := newHub(t, options{})
	b := h.browser(t)
	refused := object{"shop_name": "가게", "name": "이서연", "business_number": "0000000000", "login": "minji", "password": "correct horse"}
	for range 10 {
		wantStatus(t, b.do("POST", "/api/signup", refused), 422, "business_number_invalid")
	}
	wantStatus(t, b.do("POST", "/api/signup", refused), 429, "too_many_requests")
	h.wait(5 * time.Minute)
	wantStatus(t, b.do("POST", "/api/signup", refused), 422, "business_number_invalid")
}
