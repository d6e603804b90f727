package api_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"testing"

	"shopbox/drivers/sim/printersim"
	"shopbox/drivers/sim/zplsim"
	"shopbox/edge/api"
)

// labelPrinter adopts a simulated one.
func (s *screen) labelPrinter() *zplsim.Simulator {
	s.t.Helper()
	printer, err := zplsim.Start(s.t.Context(), zplsim.Config{Listen: "127.0.0.1:0"})
	must(s.t, err)
	s.t.Cleanup(func() { _ = printer.Close() })
	view := ask[api.DeviceView](s, http.MethodPost, "/api/devices", map[string]any{
		"driver": "zpl", "name": "라벨 프린터", "settings": map[string]string{"addr": printer.Addr()},
	})
	if view.Duty == nil || view.Duty.Role != "label" || !view.Duty.LabelsOnly {
		s.t.Errorf("adopted as %+v", view.Duty)
	}
	return printer
}

// Labels go to the label printer once there is one, in the size of last time.
func TestLabels(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	water := s.goods("생수 2L", "8801000000074", 1900)
	if labels := ask[api.LabelsView](s, http.MethodGet, "/api/labels", nil); len(labels.Printers) != 0 || labels.Size != "40x25" || len(labels.Units) == 0 {
		t.Errorf("at first %+v", labels)
	}
	wanted := map[string]any{"size": "50x30", "content": 2000, "unit": "L", "items": []map[string]any{{"product": water.ID, "count": 3}}}
	s.refused(http.MethodPost, "/api/labels", wanted, http.StatusServiceUnavailable, "no_device")

	receipts, err := printersim.Start(t.Context(), printersim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { _ = receipts.Close() })
	counter := ask[api.DeviceView](s, http.MethodPost, "/api/devices", map[string]any{
		"driver": "escpos", "name": "영수증 프린터", "settings": map[string]string{"addr": receipts.Addr()},
	})
	if done := ask[api.LabelsPrintedView](s, http.MethodPost, "/api/labels", wanted); done.Count != 3 || done.Printer != "영수증 프린터" {
		t.Errorf("printed %+v", done)
	}
	if _, err := receipts.WaitSlips(t.Context(), 3); err != nil {
		t.Fatal(err)
	}

	printer := s.labelPrinter()
	labels := ask[api.LabelsView](s, http.MethodGet, "/api/labels", nil)
	if labels.Size != "50x30" || len(labels.Printers) != 2 || !labels.Printers[0].Labels || labels.Printers[1].ID != counter.ID {
		t.Errorf("then %+v", labels)
	}
	if done := ask[api.LabelsPrintedView](s, http.MethodPost, "/api/labels", wanted); done.Count != 3 || done.Printer != "라벨 프린터" {
		t.Errorf("printed %+v", done)
	}
	out, err := printer.WaitLabels(t.Context(), 3)
	must(t, err)
	for _, label := range out {
		if label.Width != 400 || label.Height != 240 || len(label.Codes) != 1 || label.Codes[0].Data != "8801000000074" {
			t.Errorf("label %+v", label)
		}
	}
	wanted["printer"] = counter.ID
	ask[api.LabelsPrintedView](s, http.MethodPost, "/api/labels", wanted)
	if _, err := receipts.WaitSlips(t.Context(), 6); err != nil {
		t.Fatal(err)
	}
	ask[api.DeviceView](s, http.MethodPost, "/api/devices/"+labels.Printers[0].ID+"/test", nil)
	if out, err := printer.WaitLabels(t.Context(), 4); err != nil || out[3].Codes[0].Data != "2000000000015" {
		t.Errorf("the test label %+v, %v", out, err)
	}
}

func TestLabelPicture(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	water := s.goods("생수 2L", "8801000000074", 1900)
	query := url.Values{"product": {water.ID}, "size": {"60x40"}, "content": {"2000"}, "unit": {"L"}, "expires": {"2026-12-05"}}
	got := s.call(http.MethodGet, "/api/labels/preview.png?"+query.Encode(), nil)
	picture, err := png.Decode(bytes.NewReader(got.body))
	if err != nil || picture.Bounds().Size() != image.Pt(480, 320) {
		t.Errorf("%d, %v", got.status, err)
	}
	query.Set("expires", "soon")
	s.refused(http.MethodGet, "/api/labels/preview.png?"+query.Encode(), nil, http.StatusUnprocessableEntity, "label_date")
}

func TestLabelsRefused(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.labelPrinter()
	candle := s.goods("향초", "THIS-IS-THE-VERY-LONG-NUMBER-OF-A-CANDLE", 12_000)
	body := func(change func(body, item map[string]any)) map[string]any {
		item := map[string]any{"product": candle.ID, "count": 1}
		body := map[string]any{"size": "40x25", "items": []map[string]any{item}}
		change(body, item)
		return body
	}
	for name, tt := range map[string]struct {
		change func(body, item map[string]any)
		status int
		code   string
	}{
		"no room":    {func(map[string]any, map[string]any) {}, 422, "label_too_small"},
		"no size":    {func(b, _ map[string]any) { b["size"] = "A4" }, 422, "label_size"},
		"no product": {func(_, i map[string]any) { i["product"] = "gone" }, 404, "not_found"},
		"no printer": {func(b, _ map[string]any) { b["printer"] = "gone" }, 503, "no_device"},
		"content":    {func(b, _ map[string]any) { b["unit"] = "ell" }, 422, "label_content"},
		"too many":   {func(_, i map[string]any) { i["count"] = 301 }, 422, "invalid"},
	} {
		got := s.call(http.MethodPost, "/api/labels", body(tt.change))
		if got.status != tt.status || got.problem().Code != tt.code {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	cashier, _ := s.cashier()
	cashier.refused(http.MethodPost, "/api/labels", body(func(map[string]any, map[string]any) {}), http.StatusForbidden, "right_missing")
}
