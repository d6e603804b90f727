package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"shopbox/drivers/sim/printersim"
	"shopbox/edge/app"
	"shopbox/edge/config"
)

func settings(t *testing.T) config.Config {
	t.Helper()
	values := map[string]string{
		"BOX_DATA": t.TempDir(), "BOX_LISTEN": "127.0.0.1:0", "BOX_METRICS": "127.0.0.1:0", "BOX_RESERVE_MB": "1",
	}
	read, err := config.Read(func(name string) string { return values[name] }, "test")
	must(t, err)
	return read
}

type running struct {
	t            *testing.T
	Box, Metrics string
	stop         func() error
	browser      *http.Client
	log          *bytes.Buffer
}

// run runs a box until stop, which returns how it ended.
func run(t *testing.T, chosen config.Config, now func() time.Time) *running {
	t.Helper()
	return runKnowing(t, chosen, now, false)
}

// runKnowing is run on a system that has its time from the network, or not.
func runKnowing(t *testing.T, chosen config.Config, now func() time.Time, fromNetwork bool) *running {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	r := &running{t: t, browser: &http.Client{Jar: jar, Timeout: 20 * time.Second}, log: new(bytes.Buffer)}
	ctx, cancel := context.WithCancel(context.Background())
	reading, ready := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := app.Run(ctx, app.Options{
			Config: chosen, Log: app.NewLog(r.log, slog.LevelDebug), Now: now, Ready: ready,
			Built: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), FromNetwork: func() bool { return fromNetwork },
		})
		ready.CloseWithError(io.EOF)
		ended <- err
	}()
	line, err := bufio.NewReader(reading).ReadBytes('\n')
	if err != nil {
		cancel()
		t.Fatalf("the box ended before it was ready: %v", <-ended)
	}
	must(t, json.Unmarshal(line, r))
	r.stop = func() error { cancel(); return <-ended }
	return r
}

// call makes a call that must succeed and reads its answer.
func (r *running) call(method, path string, body any) map[string]any {
	r.t.Helper()
	text, err := json.Marshal(body)
	must(r.t, err)
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.Box+path, bytes.NewReader(text))
	must(r.t, err)
	request.Header.Set("X-Shopbox", "1")
	request.Header.Set("Content-Type", "application/json")
	return r.do(request)
}

func (r *running) do(request *http.Request) (answer map[string]any) {
	r.t.Helper()
	response, err := r.browser.Do(request)
	must(r.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(r.t, err)
	if response.StatusCode >= http.StatusMultipleChoices {
		r.t.Fatalf("%s %s: %d %s", request.Method, request.URL, response.StatusCode, text)
	}
	if strings.HasPrefix(string(text), "{") {
		must(r.t, json.Unmarshal(text, &answer))
	}
	return answer
}

func (r *running) text(address string) string {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, address, nil)
	must(r.t, err)
	response, err := r.browser.Do(request)
	must(r.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(r.t, err)
	return string(text)
}

func (r *running) setUp() {
	r.t.Helper()
	r.call(http.MethodPost, "/api/setup", map[string]any{
		"language": "ko",
		"shop": map[string]any{
			"name": "한빛마트", "business_number": "1248100998", "representative": "김", "address": "", "phone": "", "kind": "retail",
		},
		"owner": map[string]any{"name": "김사장", "pin": "2580"},
	})
	r.call(http.MethodPost, "/api/day/open", map[string]any{"float": 0})
}

// sell sells something for 1,000 won and returns the receipt's number.
func (r *running) sell(key string) string {
	r.t.Helper()
	cart, is := r.call(http.MethodPost, "/api/cart/lines", map[string]any{"unit": 1000})["cart"].(map[string]any)
	if !is {
		r.t.Fatal("no cart")
	}
	done, is := r.call(http.MethodPost, "/api/cart/pay", map[string]any{
		"key": key, "cart": cart["id"], "version": cart["version"], "tender": "cash",
	})["finished"].(map[string]any)
	if !is {
		r.t.Fatal("not sold")
	}
	number, _ := done["number"].(string)
	return number
}

func TestSellStopAndGoOn(t *testing.T) {
	t.Parallel()
	printer, err := printersim.Start(t.Context(), printersim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { printer.Close() })
	chosen := settings(t)
	first := run(t, chosen, time.Now)
	first.setUp()
	first.call(http.MethodPost, "/api/devices", map[string]any{"driver": "escpos", "name": "프린터", "settings": map[string]string{"addr": printer.Addr()}})
	number := first.sell("app-key-1")
	slips, err := printer.WaitSlips(t.Context(), 1)
	must(t, err)
	if !strings.Contains(slips[0].Text(), number) {
		t.Errorf("receipt: %s", slips[0].Text())
	}
	if got := first.text(first.Box + "/healthz"); got != "ok\n" {
		t.Errorf("health: %q", got)
	}
	metrics := first.text(first.Metrics)
	for _, want := range []string{`shopbox_box_sales_total{kind="sale"} 1`, "shopbox_box_unsent_records", "shopbox_box_print_jobs_waiting", "shopbox_box_payments_unknown 0", "shopbox_box_http_seconds"} {
		if !strings.Contains(metrics, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	if got := first.text(first.Box + "/metrics"); strings.Contains(got, "shopbox_box_") {
		t.Error("the shop's network sees the metrics")
	}
	must(t, first.stop())
	second := run(t, chosen, time.Now)
	second.browser = first.browser
	again := second.sell("app-key-2")
	if again[:9] != number[:9] || again <= number {
		t.Errorf("after %s comes %s", number, again)
	}
	_, err = printer.WaitSlips(t.Context(), 2)
	must(t, err)
	must(t, second.stop())
	for _, secret := range []string{"2580", "pin_hash"} {
		if strings.Contains(first.log.String(), secret) {
			t.Errorf("%s stands in the log", secret)
		}
	}
}

// A stream that a screen holds open does not keep the box from stopping.
func TestStopWithScreens(t *testing.T) {
	t.Parallel()
	box := run(t, settings(t), time.Now)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, box.Box+"/api/live", nil)
	must(t, err)
	response, err := box.browser.Do(request)
	must(t, err)
	defer response.Body.Close()
	must(t, box.stop())
}

func TestClockOf1970(t *testing.T) {
	t.Parallel()
	began := time.Now()
	box := run(t, settings(t), func() time.Time { return time.Unix(0, 0).Add(time.Since(began)) })
	box.setUp()
	box.sell("clock-key-1")
	state := box.call(http.MethodGet, "/api/state", nil)
	self, _ := state["box"].(map[string]any)
	day, _ := state["day"].(map[string]any)
	if self["clock_doubt"] != true || day["day"] != "2026-11-01" {
		t.Errorf("box %v, day %v", self, day)
	}
	must(t, box.stop())
}

// TestClockOf2099: a box that woke up in the future once doubts the time until
// the network tells it, and then no more, also after a restart.
func TestClockOf2099(t *testing.T) {
	t.Parallel()
	chosen, began := settings(t), time.Now()
	from := func(year int) func() time.Time {
		start := time.Date(year, 11, 23, 12, 0, 0, 0, time.UTC)
		return func() time.Time { return start.Add(time.Since(began)) }
	}
	box := run(t, chosen, from(2099))
	box.setUp()
	box.sell("future-key")
	must(t, box.stop())
	for _, step := range []struct {
		fromNetwork, doubt bool
	}{{false, true}, {true, false}, {false, false}} {
		box := runKnowing(t, chosen, from(2026), step.fromNetwork)
		box.untilDoubt(step.doubt)
		must(t, box.stop())
	}
}

// TestTimeSetByHand: without any network the owner says what time it is, and
// sales and the record of acts have it from then on.
func TestTimeSetByHand(t *testing.T) {
	t.Parallel()
	right := time.Date(2026, 11, 25, 14, 5, 0, 0, time.UTC)
	for _, year := range []int{1970, 2099} {
		began := time.Now()
		start := time.Date(year, 1, 2, 12, 0, 0, 0, time.UTC)
		box := run(t, settings(t), func() time.Time { return start.Add(time.Since(began)) })
		box.setUp()
		box.sell(fmt.Sprint("before-", year))
		box.call(http.MethodPut, "/api/box/time", map[string]any{"at": right})
		state := box.call(http.MethodGet, "/api/state", nil)
		self, _ := state["box"].(map[string]any)
		now, err := time.Parse(time.RFC3339, fmt.Sprint(self["now"]))
		if err != nil || now.Before(right) || now.After(right.Add(time.Minute)) || self["clock_doubt"] != false {
			t.Errorf("from %d: box %v", year, self)
		}
		must(t, box.stop())
	}
}

// untilDoubt waits until the box doubts the time, or does not.
func (r *running) untilDoubt(want bool) {
	r.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		self, _ := r.call(http.MethodGet, "/api/state", nil)["box"].(map[string]any)
		if self["clock_doubt"] == want {
			return
		}
	}
	r.t.Errorf("clock in doubt never %t", want)
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	chosen := settings(t)
	box := run(t, chosen, time.Now)
	other := settings(t)
	other.Listen = strings.TrimPrefix(box.Box, "http://")
	err := app.Run(t.Context(), app.Options{Config: other, Log: slog.New(slog.DiscardHandler), Now: time.Now, Ready: io.Discard})
	if err == nil {
		t.Error("two boxes on one port")
	}
	// Metrics on a port in use are done without.
	other.Listen, other.Metrics = "127.0.0.1:0", strings.TrimSuffix(strings.TrimPrefix(box.Metrics, "http://"), "/metrics")
	second := run(t, other, time.Now)
	if second.Metrics != "" {
		t.Errorf("metrics at %s", second.Metrics)
	}
	must(t, second.stop())
	must(t, box.stop())
}

func TestLogKeepsSecrets(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := app.NewLog(&out, slog.LevelInfo)
	//nolint:sloglint // what must not be logged is what is tried
	log.Info("paid with 4111 1111 1111 1111", "pin", "2580", "card_number", "x4111", "error", io.ErrUnexpectedEOF, "number", "20261123-0001",
		"note", "card 4111-1111-1111-1111", slog.Group("request", "password", "hunter2"))
	for _, secret := range []string{"4111", "2580", "hunter2"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s stands in %s", secret, out.String())
		}
	}
	for _, plain := range []string{"20261123-0001", "unexpected EOF"} {
		if !strings.Contains(out.String(), plain) {
			t.Errorf("%s is missing in %s", plain, out.String())
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
