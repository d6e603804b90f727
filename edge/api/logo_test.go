package api_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"slices"
	"testing"

	"shopbox/drivers"
	"shopbox/edge/api"
	"shopbox/edge/printing"
	"shopbox/edge/receipt"
)

func sign(t *testing.T) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 90, 30))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(i % 0xC0)
	}
	var file bytes.Buffer
	must(t, png.Encode(&file, picture))
	return file.Bytes()
}

// lastReceipt is the picture at the head of the receipt printed last.
func (s *screen) lastReceipt() (picture drivers.Image, has bool) {
	s.t.Helper()
	jobs, err := s.store.PrintJobs(s.t.Context(), 10, 0)
	must(s.t, err)
	at := slices.IndexFunc(jobs, func(job printing.Job) bool { return job.Kind == printing.Receipt })
	if at < 0 {
		s.t.Fatal("no receipt")
	}
	picture, has = jobs[at].Document.Blocks[0].(drivers.Image)
	return picture, has
}

// The owner's picture stands on receipts from then on, and on those printed
// again, until it is taken away.
func TestLogo(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	plain := s.sellOne("logo-key-1")
	if _, has := s.lastReceipt(); has {
		t.Error("a receipt has a logo nobody gave")
	}
	if view := ask[api.LogoView](s, http.MethodGet, "/api/shop/logo", nil); view.Set {
		t.Error("a new shop has a logo")
	}
	if got := s.uploadTo(http.MethodPut, "/api/shop/logo", sign(t)); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if view := ask[api.LogoView](s, http.MethodGet, "/api/shop/logo", nil); !view.Set {
		t.Error("the logo is not kept")
	}
	if got := s.call(http.MethodGet, "/api/shop/logo/paper.png", nil); got.status != http.StatusOK || got.header.Get("Content-Type") != "image/png" {
		t.Errorf("the paper: %d %s", got.status, got.header.Get("Content-Type"))
	}
	s.sellOne("logo-key-2")
	picture, has := s.lastReceipt()
	if !has || !picture.Shades || picture.Picture.Bounds().Size() != image.Pt(90, 30) {
		t.Errorf("the receipt's logo: %v, %v", has, picture)
	}
	ask[struct{}](s, http.MethodPost, "/api/sales/"+plain+"/reprint", nil)
	if _, has := s.lastReceipt(); !has {
		t.Error("an older receipt printed again has no logo")
	}
	if view := ask[api.LogoView](s, http.MethodDelete, "/api/shop/logo", nil); view.Set {
		t.Error("the logo was not taken away")
	}
	s.sellOne("logo-key-3")
	if _, has := s.lastReceipt(); has {
		t.Error("the receipt after has still the logo")
	}
}

// sellOne sells a coffee for cash and returns the number of the sale.
func (s *screen) sellOne(key string) string {
	s.t.Helper()
	state := s.post("/api/cart/scan", map[string]any{"code": coffee})
	paid := s.post("/api/cart/pay", map[string]any{"key": key, "cart": state.Cart.ID, "version": state.Cart.Version, "tender": "cash"})
	return paid.Finished.Number
}

func TestLogoRefused(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	white := image.NewGray(image.Rect(0, 0, 9, 9))
	for i := range white.Pix {
		white.Pix[i] = 0xFF
	}
	var blank bytes.Buffer
	must(t, png.Encode(&blank, white))
	for name, tt := range map[string]struct {
		file   []byte
		status int
		code   string
	}{
		"no picture": {[]byte("PDF"), http.StatusUnprocessableEntity, "logo_file"},
		"blank":      {blank.Bytes(), http.StatusUnprocessableEntity, "logo_blank"},
		"too large":  {make([]byte, receipt.MaxLogoBytes+1), http.StatusRequestEntityTooLarge, "logo_too_many_bytes"},
	} {
		if got := s.uploadTo(http.MethodPut, "/api/shop/logo", tt.file); got.status != tt.status || got.problem().Code != tt.code {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if view := ask[api.LogoView](s, http.MethodGet, "/api/shop/logo", nil); view.Set {
		t.Error("what was refused is kept")
	}
	cashier, _ := s.cashier()
	if got := cashier.uploadTo(http.MethodPut, "/api/shop/logo", sign(t)); got.status != http.StatusForbidden {
		t.Errorf("a cashier's logo: %d", got.status)
	}
	cashier.refused(http.MethodDelete, "/api/shop/logo", nil, http.StatusForbidden, "right_missing")
}
