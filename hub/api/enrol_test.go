package api_test

import (
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"shopbox/hub/api"
)

const someBox = "01a20908-8756-7691-b748-000000000001"

func TestBoxEnrolsOnce(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	shop := owner.firstShop()
	code := read[api.ClaimCode](owner, "POST", "/api/shops/"+shop.ID+"/claim-codes", nil)
	if !code.ExpiresAt.After(h.now()) {
		t.Errorf("the code ends at %v", code.ExpiresAt)
	}
	request := enrolment(t, someBox, code.Code)
	request["colour"] = "a later release says more"
	got := read[api.Enrolled](h.browser(t), "POST", "/enroll", request)
	if got.Shop.ID != shop.ID || got.Tenant == "" || got.MQTT == "" {
		t.Errorf("enrolled: %+v", got)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(got.CA)) {
		t.Fatal("no root")
	}
	block, _ := pem.Decode([]byte(got.Certificate))
	if block == nil {
		t.Fatal("no certificate")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	check(t, err)
	usage := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if _, err := certificate.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: usage, CurrentTime: h.now()}); err != nil {
		t.Error(err)
	}
	wantStatus(t, h.browser(t).do("POST", "/enroll", request), 404, "claim_code_invalid")
	boxes := read[api.Boxes](owner, "GET", "/api/boxes", nil).Boxes
	if len(boxes) != 1 || boxes[0].ID != someBox || boxes[0].State != "new" || boxes[0].Version != "0.1.0" {
		t.Errorf("boxes: %+v", boxes)
	}
	if shops := read[api.Shops](owner, "GET", "/api/shops", nil).Shops; shops[0].Boxes != 1 {
		t.Errorf("shops: %+v", shops)
	}
}

func TestEnrolmentRefuses(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	code := owner.claimCode(owner.firstShop().ID)
	with := func(name, value string) map[string]string {
		request := enrolment(t, someBox, code)
		request[name] = value
		return request
	}
	tests := map[string]struct {
		request map[string]string
		status  int
		code    string
	}{
		"an unknown code":   {with("code", "AAAA-AAAA"), 404, "claim_code_invalid"},
		"a short code":      {with("code", "A"), 422, "invalid_request"},
		"no request":        {with("csr", "-----BEGIN"), 422, "certificate_invalid"},
		"a box of no shape": {with("box", "../../etc"), 422, "certificate_invalid"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, h.browser(t).do("POST", "/enroll", test.request), test.status, test.code)
		})
	}
	h.wait(11 * time.Minute)
	wantStatus(t, h.browser(t).do("POST", "/enroll", enrolment(t, someBox, code)), 404, "claim_code_invalid")
}

func TestGuessingCodesBecomesSlow(t *testing.T) {
	h := newHub(t, options{})
	b := h.browser(t)
	request := enrolment(t, someBox, "AAAA-AAAA")
	for range 10 {
		wantStatus(t, b.do("POST", "/enroll", request), 404, "claim_code_invalid")
	}
	got := b.do("POST", "/enroll", request)
	wantStatus(t, got, 429, "too_many_requests")
	if got.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestNewBoxTakesTheOldOnesPlace(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	shop := owner.firstShop().ID
	h.box(t, owner, shop, 1)
	second := h.box(t, owner, shop, 2)
	boxes := read[api.Boxes](owner, "GET", "/api/boxes", nil).Boxes
	if len(boxes) != 1 || boxes[0].ID != second {
		t.Errorf("boxes: %+v", boxes)
	}
}

func TestBoxRenews(t *testing.T) {
	h := newHub(t, options{})
	owner := h.owner(t, "minji")
	request := enrolment(t, someBox, owner.claimCode(owner.firstShop().ID))
	first := read[api.Enrolled](h.browser(t), "POST", "/enroll", request)
	h.wait(400 * 24 * time.Hour)
	ask := map[string]string{"box": someBox, "csr": request["csr"], "colour": "a later release says more"}
	next := read[api.Renewed](h.browser(t), "POST", "/enroll/renew", ask)
	if next.CA != first.CA || next.Certificate == first.Certificate || next.Certificate == "" {
		t.Errorf("renewed: %+v", next)
	}
	with := func(name, value string) map[string]string {
		return map[string]string{"box": ask["box"], "csr": ask["csr"], name: value}
	}
	for name, test := range map[string]struct {
		request map[string]string
		status  int
		code    string
	}{
		"another key":  {with("csr", enrolment(t, someBox, "")["csr"]), 403, "renewal_refused"},
		"another box":  {with("box", "01a20908-8756-7691-b748-000000000002"), 403, "renewal_refused"},
		"no request":   {with("csr", "-----BEGIN"), 422, "certificate_invalid"},
		"no shape":     {with("box", "../../etc"), 422, "certificate_invalid"},
		"not a string": {with("box", ""), 422, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, h.browser(t).do("POST", "/enroll/renew", test.request), test.status, test.code)
		})
	}
	for range 4 {
		read[api.Renewed](h.browser(t), "POST", "/enroll/renew", ask)
	}
	got := h.browser(t).do("POST", "/enroll/renew", ask)
	wantStatus(t, got, 429, "too_many_requests")
	if got.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
