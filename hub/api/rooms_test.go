package api_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"shopbox/hub/api"
	"shopbox/hub/broker"
	"shopbox/hub/ca"
	"shopbox/hub/ingest"
	"shopbox/hub/report"
	"shopbox/hub/store"
	"shopbox/hub/tenant"
	"shopbox/protocol"
)

// noon is a Monday in Seoul, when the hub of a test starts.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, seoul()) }

func seoul() *time.Location { return time.FixedZone("KST", 9*60*60) }

// hub is a whole hub behind a test server: real rooms, a real SQLite file, a
// real broker on a loopback port. Only its clock is the test's.
type hub struct {
	*httptest.Server
	tenants  *tenant.Service
	intake   *ingest.Ingest
	feed     *report.Feed
	codec    *protocol.Codec
	clock    *atomic.Int64
	stopping chan struct{}
	numbers  int
}

type options struct {
	signupClosed bool
	pages        fs.FS
}

func newHub(t *testing.T, with options) *hub {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	h := &hub{clock: &atomic.Int64{}, stopping: make(chan struct{}), feed: report.NewFeed()}
	h.clock.Store(noon().UnixNano())
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "hub.db"))
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	authority, err := ca.Open(ca.Options{Dir: dir, Names: []string{"localhost"}, Now: h.now})
	check(t, err)
	h.codec, err = protocol.NewCodec()
	check(t, err)
	h.intake = ingest.New(ingest.Config{Store: db, Codec: h.codec, Nudge: h.feed, Log: log, Now: h.now})
	door, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	boxes, err := broker.New(broker.Config{Listener: door, TLS: authority.ServerTLS(), Directory: db, Sink: h.intake, Log: log})
	check(t, err)
	h.run(t, boxes)
	h.tenants = tenant.New(tenant.Config{Store: db, Issuer: authority, Kicker: boxes, Log: log, Now: h.now})
	reports := report.New(report.Config{Store: db, Settler: h.intake, Presence: boxes, Codec: h.codec, Now: h.now})
	handler, err := api.New(api.Rooms{Accounts: h.tenants, Places: h.tenants, Reports: reports, Feed: h.feed}, api.Settings{
		Version: "test", SignupOpen: !with.signupClosed, MQTTAddress: door.Addr().String(), Secure: false,
		Pages: pagesOf(with), Built: with.pages != nil, Healthy: db.Ping, Stopping: h.stopping, Log: log, Now: h.now,
	})
	check(t, err)
	h.Server = httptest.NewServer(handler)
	t.Cleanup(h.Server.Close)
	return h
}

func pagesOf(with options) fs.FS {
	if with.pages == nil {
		return fstest.MapFS{}
	}
	return with.pages
}

// run starts intake and broker and ends them with the test.
func (h *hub) run(t *testing.T, boxes *broker.Broker) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.intake.Run(ctx, boxes) }()
	check(t, boxes.Start())
	t.Cleanup(func() {
		check(t, boxes.Close())
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			check(t, err)
		}
	})
}

func (h *hub) now() time.Time { return time.Unix(0, h.clock.Load()).In(seoul()) }

func (h *hub) wait(d time.Duration) { h.clock.Add(int64(d)) }

// number makes a new valid business number.
func (h *hub) number() string {
	h.numbers++
	digits := fmt.Sprintf("%09d", 123456000+h.numbers)
	weights := []int{1, 3, 7, 1, 3, 7, 1, 3, 5}
	sum := int(digits[8]-'0') * 5 / 10
	for i, weight := range weights {
		sum += int(digits[i]-'0') * weight
	}
	return digits + fmt.Sprint((10-sum%10)%10)
}

// browser is one person's browser.
type browser struct {
	t    *testing.T
	base string
	jar  http.Client
	csrf string
	// headers are sent with every request.
	headers map[string]string
}

func (h *hub) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	check(t, err)
	return &browser{t: t, base: h.URL, jar: http.Client{Jar: jar}, headers: map[string]string{}}
}

// reply is an answer read whole.
type reply struct {
	*http.Response
	text []byte
}

// code is the problem's code.
func (r reply) code() string {
	var problem api.Problem
	_ = json.Unmarshal(r.text, &problem)
	return problem.Code
}

func (b *browser) do(method, path string, body any) reply {
	b.t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		check(b.t, err)
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, content)
	check(b.t, err)
	request.Header.Set("Content-Type", "application/json")
	if b.csrf != "" {
		request.Header.Set("X-CSRF-Token", b.csrf)
	}
	for name, value := range b.headers {
		request.Header.Set(name, value)
	}
	response, err := b.jar.Do(request)
	check(b.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	check(b.t, err)
	return reply{Response: response, text: text}
}

// read gets an answer that must succeed.
func read[T any](b *browser, method, path string, body any) T {
	b.t.Helper()
	got := b.do(method, path, body)
	if got.StatusCode >= 300 {
		b.t.Fatalf("%s %s: %d %s", method, path, got.StatusCode, got.text)
	}
	var value T
	check(b.t, json.Unmarshal(got.text, &value))
	return value
}

func (b *browser) signUp(login, number string) api.Session {
	b.t.Helper()
	session := read[api.Session](b, "POST", "/api/signup", map[string]string{
		"shop_name": "가게 " + login, "name": "이서연", "business_number": number, "login": login, "password": "correct horse",
	})
	b.csrf = session.CSRF
	return session
}

// owner is a new tenant's owner, signed in.
func (h *hub) owner(t *testing.T, login string) *browser {
	t.Helper()
	b := h.browser(t)
	b.signUp(login, h.number())
	return b
}

func (h *hub) operator(t *testing.T) *browser {
	t.Helper()
	_, err := h.tenants.CreateAccount(t.Context(), tenant.NewAccount{Login: "ops", Name: "관제", Password: "correct horse", Role: tenant.RoleOperator})
	check(t, err)
	b := h.browser(t)
	b.csrf = read[api.Session](b, "POST", "/api/session", map[string]string{"login": "ops", "password": "correct horse"}).CSRF
	return b
}

func (b *browser) firstShop() api.Shop {
	b.t.Helper()
	return read[api.Shops](b, "GET", "/api/shops", nil).Shops[0]
}

func (b *browser) claimCode(shop string) string {
	b.t.Helper()
	return read[api.ClaimCode](b, "POST", "/api/shops/"+shop+"/claim-codes", nil).Code
}

// enrolment is what a box sends with a code.
func enrolment(t *testing.T, box, code string) map[string]string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: box}}, key)
	check(t, err)
	return map[string]string{
		"code": code, "box": box, "version": "0.1.0",
		"csr": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: csr})),
	}
}

// box lets a box into a shop of the owner.
func (h *hub) box(t *testing.T, owner *browser, shop string, n int) string {
	t.Helper()
	id := fmt.Sprintf("01a20908-8756-7691-b748-%012d", n)
	read[api.Enrolled](h.browser(t), "POST", "/enroll", enrolment(t, id, owner.claimCode(shop)))
	return id
}

// send hands a box's records to the real intake and waits until they are in
// the database.
func (h *hub) send(t *testing.T, owner *browser, box string, first int64, records ...protocol.Record) {
	t.Helper()
	tenantID := read[api.Session](owner, "GET", "/api/session", nil).Tenant.ID
	nudges, stop := h.feed.Subscribe(tenantID)
	defer stop()
	events := make([]protocol.Event, len(records))
	for i, record := range records {
		event, err := protocol.NewEvent(box, protocol.Sequence(first+int64(i)), h.now(), record)
		check(t, err)
		events[i] = event
	}
	payload, err := h.codec.Pack(events)
	check(t, err)
	check(t, h.intake.Events(box, payload))
	select {
	case <-nudges:
	case <-t.Context().Done():
		t.Fatal("the records never arrived")
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantStatus(t *testing.T, got reply, status int, code string) {
	t.Helper()
	if got.StatusCode != status || got.code() != code {
		t.Errorf("%s %s: %d %q, want %d %q", got.Request.Method, got.Request.URL.Path, got.StatusCode, got.code(), status, code)
	}
	if status >= 400 && !strings.HasPrefix(got.Header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("content type of a problem: %q", got.Header.Get("Content-Type"))
	}
}
