package app_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"shopbox/hub/app"
	"shopbox/hub/config"
	"shopbox/hub/tenant"
)

func settings(t *testing.T) config.Config {
	t.Helper()
	values := map[string]string{
		"HUB_DATA": t.TempDir(), "HUB_LISTEN": "127.0.0.1:0", "HUB_MQTT": "127.0.0.1:0", "HUB_METRICS": "127.0.0.1:0",
	}
	got := config.Read(func(name string) string { return values[name] })
	if err := got.Validate(); err != nil {
		t.Fatal(err)
	}
	return got
}

type addresses struct{ Hub, MQTT, Metrics string }

// running is a hub that runs until stop, which returns how it ended.
func running(t *testing.T, chosen config.Config) (where addresses, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reading, ready := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := app.Run(ctx, app.Options{
			Config: chosen, Version: "test", Log: slog.New(slog.DiscardHandler), Now: time.Now, Ready: ready, StopWithin: 500 * time.Millisecond,
		})
		ready.CloseWithError(io.EOF)
		ended <- err
	}()
	line, err := bufio.NewReader(reading).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the hub ended before it was ready: %v", <-ended)
	}
	if err := json.Unmarshal(line, &where); err != nil {
		t.Fatal(err)
	}
	return where, func() error { cancel(); return <-ended }
}

func get(t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%s: %d %v", address, response.StatusCode, err)
	}
	return string(text)
}

func TestHubServesBrowsersBoxesAndWatchers(t *testing.T) {
	where, stop := running(t, settings(t))
	if got := get(t, where.Hub+"/healthz"); got != "ok\n" {
		t.Errorf("health: %q", got)
	}
	if got := get(t, where.Metrics+"/metrics"); !strings.Contains(got, "shopbox_hub_boxes_online 0") || !strings.Contains(got, "shopbox_hub_ingest_records_total 0") ||
		!strings.Contains(got, "shopbox_hub_projection_backlog_records 0") {
		t.Errorf("metrics: %s", got)
	}
	// The broker shows its certificate and asks for the box's own.
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}
	conn, err := dialer.DialContext(t.Context(), "tcp", where.MQTT)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the broker speaks to a box without a certificate")
	}
	conn.Close()
	if err := stop(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestHubKeepsItsDataOverARestart(t *testing.T) {
	chosen := settings(t)
	options := app.Options{Config: chosen, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	if err := app.AddOperator(t.Context(), options, "ops", "관제", "correct horse"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		where, stop := running(t, chosen)
		body := strings.NewReader(`{"login":"ops","password":"correct horse"}`)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, where.Hub+"/api/session", body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("sign in: %d", response.StatusCode)
		}
		if err := stop(); err != nil {
			t.Errorf("ended with %v", err)
		}
	}
	if err := app.AddOperator(t.Context(), options, "ops", "관제", "correct horse"); !errors.Is(err, tenant.ErrLoginTaken) {
		t.Errorf("the same operator again: %v", err)
	}
}

func TestHubStopsWhileScreensWatch(t *testing.T) {
	chosen := settings(t)
	chosen.SignupOpen = true
	where, stop := running(t, chosen)
	body := strings.NewReader(`{"shop_name":"가게","name":"이서연","business_number":"1248100998","login":"minji","password":"correct horse"}`)
	response, err := http.Post(where.Hub+"/api/signup", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, where.Hub+"/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range response.Cookies() {
		request.AddCookie(cookie)
	}
	live, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer live.Body.Close()
	if err := stop(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if _, err := io.ReadAll(live.Body); err != nil {
		t.Errorf("the stream was cut: %v", err)
	}
}

// A client that stalls in the middle of a request holds the hub up for a
// while, and is then cut off: that is no failure.
func TestHubStopsWhileAClientStalls(t *testing.T) {
	where, stop := running(t, settings(t))
	conn, err := net.Dial("tcp", strings.TrimPrefix(where.Hub, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const half = "POST /api/session HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"
	if _, err := io.WriteString(conn, half); err != nil {
		t.Fatal(err)
	}
	// The hub has begun to read the body when it asks for it.
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("answer %q, %v", line, err)
	}
	if err := stop(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestHubNamesThePortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	chosen := settings(t)
	chosen.MQTT = taken.Addr().String()
	err = app.Run(t.Context(), app.Options{Config: chosen, Log: slog.New(slog.DiscardHandler), Now: time.Now, Ready: io.Discard})
	if err == nil || !strings.Contains(err.Error(), chosen.MQTT) {
		t.Errorf("error: %v", err)
	}
}

func TestLogKeepsSecretsOut(t *testing.T) {
	var out bytes.Buffer
	log := app.NewLog(&out, slog.LevelInfo)
	log.Info("signed in", "login", "minji", "csrf", "abc123", "resident", "5412751234561234", "cookie", "shopbox_hub=1")
	log.Info("paid with 5412-7512-3456-1234", "err", errors.New("card 5412751234561234 refused"))
	log.Info("person", "about", "주민 900101-1234567 끝", "sequence", int64(1234567890123))
	for _, secret := range []string{"abc123", "5412751234561234", "5412-7512-3456-1234", "900101-1234567", "shopbox_hub=1"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log holds %s: %s", secret, out.String())
		}
	}
	for _, kept := range []string{"minji", "1234567890123", "끝"} {
		if !strings.Contains(out.String(), kept) {
			t.Errorf("the log lost %s: %s", kept, out.String())
		}
	}
}
