package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/escpos"
	"shopbox/drivers/serialscan"
	"shopbox/drivers/zpl"
	"shopbox/drivers/zvt"
	"shopbox/edge/api"
	"shopbox/edge/catalog"
	"shopbox/edge/devices"
	"shopbox/edge/label"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/store"
	"shopbox/edge/till"
	kinds "shopbox/edge/vertical/all"
)

// watch is a clock that a test moves.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) Read() (time.Time, bool) { return w.Now(), false }

func (w *watch) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// box is the API over the real rooms of a box, with a fake hub and a clock
// that only the test moves.
type box struct {
	t       *testing.T
	url     string
	clock   *watch
	store   *store.Store
	till    *till.Till
	devices *devices.Manager
	server  *api.Server
	// line is what the hub's line says; claimed is what Claim answers.
	mu      sync.Mutex
	hub     api.Line
	claimed error
	full    bool
	// looks is how often the box was asked whether it works.
	looks int
	// tries is how often the hub was to be tried at once.
	tries int
}

// keeper says of a taken barcode what the API knows.
type keeper struct{ *store.Store }

func (k keeper) SetUp(ctx context.Context, setUp till.SetUp) error {
	return taken(k.Store.SetUp(ctx, setUp))
}

func (k keeper) ChangeCatalog(ctx context.Context, change catalog.Change, by sale.Person, acts ...staff.AuditEvent) error {
	return taken(k.Store.ChangeCatalog(ctx, change, by, acts...))
}

func (k keeper) Import(ctx context.Context, change catalog.Change, by sale.Person, acts ...staff.AuditEvent) (int, error) {
	written, err := k.Store.Import(ctx, change, by, acts...)
	return written, taken(err)
}

func taken(err error) error {
	if errors.Is(err, store.ErrTaken) {
		return fmt.Errorf("%w: %w", api.ErrTaken, err)
	}
	return err
}

// printQueue is the store's print queue; screens are told when a slip ended,
// as in the real box.
type printQueue struct {
	*store.Store
	changed func()
}

func (q printQueue) Next(ctx context.Context, printers []string) (devices.Job, bool, error) {
	job, ok, err := q.NextPrintJob(ctx, printers...)
	return devices.Job{ID: job.ID, Document: job.Document}, ok, err
}

func (q printQueue) Finish(ctx context.Context, id int64, verdict devices.Verdict, code string) error {
	defer q.changed()
	return q.FinishPrintJob(ctx, id, printingState(verdict), code)
}

// pages is a web app of three files.
func pages() fstest.MapFS {
	return fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html><title>counter</title>")},
		"assets/app-1234.js":   {Data: []byte("1")},
		"assets/font-12.woff2": {Data: []byte("2")},
	}
}

func newBox(t *testing.T) *box {
	t.Helper()
	b := &box{t: t, clock: &watch{now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.FixedZone("KST", 9*60*60))}, hub: api.Line{State: "unclaimed"}}
	log := slog.New(slog.DiscardHandler)
	var err error
	b.store, err = store.Open(t.Context(), store.Options{
		Path: filepath.Join(t.TempDir(), "box.db"), ReserveBytes: -1, Now: b.clock.Now, Logger: log,
	})
	must(t, err)
	registry, err := drivers.NewRegistry(escpos.Factory(), serialscan.Factory(), zpl.Factory(), zvt.Factory())
	must(t, err)
	shopKinds, err := kinds.Registry()
	must(t, err)
	paper, err := receipt.New()
	must(t, err)
	labels, err := label.New()
	must(t, err)
	pepper, err := b.store.Pepper(t.Context())
	must(t, err)
	b.devices = devices.New(devices.Config{
		Registry: registry, Queue: printQueue{b.store, func() { b.server.Changed() }}, Now: b.clock.Now, Log: log,
		Scanned: func(ctx context.Context, device string, scan drivers.Scan) {
			// What it has to say stands in the state.
			_, _ = b.till.Scan(ctx, device, scan.Code)
		},
		BadScan: func(string, error) {},
		Changed: func(context.Context, devices.View) { b.server.Changed() },
		Waits:   devices.Waits{Probe: 20 * time.Millisecond, Reopen: 10 * time.Millisecond},
	})
	b.till, err = till.New(t.Context(), till.Options{
		Store: b.store, Clock: b.clock, Kinds: shopKinds, Paper: paper, Log: log, Terminal: b.terminal,
		Waits: till.Waits{AskFirst: 10 * time.Millisecond},
	})
	must(t, err)
	stopping := make(chan struct{})
	kept := keeper{b.store}
	b.server = api.New(api.Rooms{
		Till: b.till, Shop: kept, People: b.store, Sessions: b.store, Screens: b.store, Products: kept, Goods: b.store, Ledger: b.store,
		Devices: b.devices, Finder: b.devices, Adopted: b.store, Prints: b.store, Audit: b.store, Hub: b, Health: b, Clock: b, Door: b,
	}, api.Settings{
		Version: "test", Box: b.store.Box(), Boot: b.store.Boot(), Hosts: []string{"till.example.com"}, Pepper: pepper, Kinds: shopKinds,
		Drivers: registry, Paper: paper, Labels: labels, Preview: func(drivers.Document) ([]byte, error) { return []byte("\x89PNG"), nil },
		Pages: pages(), Built: true, Stopping: stopping, Log: log, Now: b.clock.Now,
	})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { b.server.Follow(ctx, func(till.Snapshot) { b.devices.Wake() }) })
	running.Go(func() { b.till.Run(ctx) })
	served := httptest.NewServer(b.server)
	b.url = served.URL
	t.Cleanup(func() {
		close(stopping)
		served.Close()
		cancel()
		b.till.Close()
		b.devices.Close()
		running.Wait()
		if err := b.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *box) terminal(id string) (till.Terminal, error) {
	terminal, err := b.devices.Terminal()
	if id != "" {
		terminal, err = b.devices.TerminalByID(id)
	}
	if err != nil {
		return nil, till.ErrNoTerminal
	}
	return terminal, nil
}

// Line, Claim, DiskFull, ClockDoubt and Alive make the test the hub's line and
// the box's health.
func (b *box) Line(context.Context) (api.Line, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.hub, nil
}

func (b *box) Claim(_ context.Context, address, _ string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.claimed == nil {
		b.hub = api.Line{State: "online", URL: address, Since: b.clock.Now()}
	}
	return b.claimed
}

func (b *box) TryNow() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tries++
}

// SetTime moves the test's clock.
func (b *box) SetTime(_ context.Context, at time.Time) error {
	if at.Year() > 2050 {
		return api.ErrTime
	}
	b.clock.pass(at.Sub(b.clock.Now()))
	return nil
}

func (b *box) DiskFull() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.full
}

func (b *box) Addresses() []string { return []string{"192.168.0.12:8080"} }

func (b *box) ClockDoubt() bool { return false }

func (b *box) Alive(ctx context.Context) error {
	b.mu.Lock()
	b.looks++
	b.mu.Unlock()
	return b.store.Alive(ctx)
}

// screen is one tablet with its cookie.
type screen struct {
	*box
	http *http.Client
}

func (b *box) screen() *screen {
	jar, err := cookiejar.New(nil)
	must(b.t, err)
	return &screen{box: b, http: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) problem() (found api.Problem) {
	_ = json.Unmarshal(a.body, &found)
	return found
}

func (s *screen) call(method, path string, body any) answer {
	s.t.Helper()
	var text io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		must(s.t, err)
		text = bytes.NewReader(encoded)
	}
	return s.send(method, path, "application/json", text)
}

func (s *screen) send(method, path, contentType string, body io.Reader) answer {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, body)
	must(s.t, err)
	request.Header.Set("X-Shopbox", "1")
	request.Header.Set("Content-Type", contentType)
	return s.do(request)
}

func (s *screen) do(request *http.Request) answer {
	s.t.Helper()
	response, err := s.http.Do(request)
	must(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(s.t, err)
	return answer{response.StatusCode, response.Header, text}
}

// refused makes a call that must fail in a certain way.
func (s *screen) refused(method, path string, body any, status int, code string) api.Problem {
	s.t.Helper()
	got := s.call(method, path, body)
	problem := got.problem()
	if got.status != status || problem.Code != code || problem.Status != status {
		s.t.Fatalf("%s %s: %d %s, want %d %s", method, path, got.status, got.body, status, code)
	}
	if kind := got.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") {
		s.t.Errorf("%s %s: a problem of type %s", method, path, kind)
	}
	return problem
}

// ask makes a call that must succeed and reads its answer.
func ask[T any](s *screen, method, path string, body any) (into T) {
	s.t.Helper()
	got := s.call(method, path, body)
	if got.status >= http.StatusMultipleChoices {
		s.t.Fatalf("%s %s: %d %s", method, path, got.status, got.body)
	}
	if len(got.body) > 0 {
		must(s.t, json.Unmarshal(got.body, &into))
	}
	return into
}

func (s *screen) state() api.State {
	s.t.Helper()
	return ask[api.State](s, http.MethodGet, "/api/state", nil)
}

func (s *screen) post(path string, body any) api.State {
	s.t.Helper()
	return ask[api.State](s, http.MethodPost, path, body)
}

func (s *screen) upload(path string, file []byte) answer {
	s.t.Helper()
	return s.uploadTo(http.MethodPost, path, file)
}

func (s *screen) uploadTo(method, path string, file []byte) answer {
	s.t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreateFormFile("file", "goods.csv")
	must(s.t, err)
	_, err = part.Write(file)
	must(s.t, err)
	must(s.t, writer.Close())
	return s.send(method, path, writer.FormDataContentType(), &form)
}

const (
	ownerPIN   = "2580"
	cashierPIN = "1379"
)

func setUpBody() map[string]any {
	return map[string]any{
		"language": "ko",
		"shop": map[string]any{
			"name": "한빛마트", "business_number": "124-81-00998", "representative": "김사장", "address": "서울", "phone": "", "kind": "grocery",
		},
		"owner": map[string]any{"name": "김사장", "pin": ownerPIN},
	}
}

// owner is a screen with the owner signed in, in a shop that was set up.
func (b *box) owner() *screen {
	b.t.Helper()
	s := b.screen()
	ask[api.SessionView](s, http.MethodPost, "/api/setup", setUpBody())
	return s
}

// cashier adds a cashier and signs them in on a screen of their own.
func (s *screen) cashier() (*screen, api.StaffView) {
	s.t.Helper()
	added := ask[api.StaffView](s, http.MethodPost, "/api/staff", map[string]any{"name": "이알바", "role": "cashier", "pin": cashierPIN})
	other := s.screen()
	ask[api.SessionView](other, http.MethodPost, "/api/session", map[string]any{"staff": added.ID, "pin": cashierPIN})
	return other, added
}

// goods adds a product for sale.
func (s *screen) goods(name, barcode string, price int64) api.ProductView {
	s.t.Helper()
	return ask[api.ProductView](s, http.MethodPost, "/api/products", map[string]any{
		"name": name, "category": "", "price": price, "vat": "taxable", "barcodes": []string{barcode}, "by_weight": false, "unit": "개",
		"age": 0, "ask_note": "", "on_keys": false, "archived": false,
	})
}

// openShop is an owner's screen on an open day with two goods.
func openShop(t *testing.T) *screen {
	t.Helper()
	s := newBox(t).owner()
	s.goods("아메리카노", "8801000000012", 3000)
	s.goods("생수", "8801000000036", 900)
	s.post("/api/day/open", map[string]any{"float": 100_000})
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
