package api_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"shopbox/hub/api"
)

func TestPages(t *testing.T) {
	h := newHub(t, options{pages: fstest.MapFS{
		"index.html":       {Data: []byte("<!doctype html><title>hub</title>")},
		"icon.svg":         {Data: []byte("<svg/>")},
		"assets/app-1a.js": {Data: []byte("let a")},
	}})
	tests := map[string]struct {
		path   string
		status int
		cache  string
		body   string
	}{
		"the index":           {"/", 200, "no-cache", "<title>hub"},
		"any page":            {"/sales/today", 200, "no-cache", "<title>hub"},
		"an asset":            {"/assets/app-1a.js", 200, "public, max-age=31536000, immutable", "let a"},
		"the icon":            {"/icon.svg", 200, "no-cache", "<svg"},
		"the index by name":   {"/index.html", 200, "no-cache", "<title>hub"},
		"a missing asset":     {"/assets/app-2b.js", 404, "no-store", "not_found"},
		"the assets' folder":  {"/assets/", 404, "no-store", "not_found"},
		"an unknown API path": {"/api/nothing", 404, "no-store", "not_found"},
		"the API itself":      {"/api", 404, "no-store", "not_found"},
		"a way out":           {"/assets/../../etc/passwd", 200, "no-cache", "<title>hub"},
		"health":              {"/healthz", 200, "no-store", "ok"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := h.browser(t).do("GET", test.path, nil)
			if got.StatusCode != test.status || got.Header.Get("Cache-Control") != test.cache || !strings.Contains(string(got.text), test.body) {
				t.Errorf("%d %q %s", got.StatusCode, got.Header.Get("Cache-Control"), got.text)
			}
			for header, want := range map[string]string{
				"X-Content-Type-Options":  "nosniff",
				"Referrer-Policy":         "same-origin",
				"Content-Security-Policy": "frame-ancestors 'none'",
			} {
				if !strings.Contains(got.Header.Get(header), want) {
					t.Errorf("%s: %q", header, got.Header.Get(header))
				}
			}
		})
	}
	wantStatus(t, h.browser(t).do("POST", "/nowhere", nil), 404, "not_found")
}

func TestPagesBeforeTheyAreBuilt(t *testing.T) {
	h := newHub(t, options{})
	if got := h.browser(t).do("GET", "/", nil); got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(got.text), "make ui") {
		t.Errorf("%d %s", got.StatusCode, got.text)
	}
}

func TestDescriptionIsFresh(t *testing.T) {
	want, err := api.Document()
	check(t, err)
	got, err := os.ReadFile("openapi.yaml")
	check(t, err)
	if string(got) != string(want) {
		t.Error("openapi.yaml is stale: run make gen")
	}
}
