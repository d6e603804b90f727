package api_test

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"shopbox/edge/api"
	"shopbox/protocol/money"
)

func pay(state api.State, key, tender string, more map[string]any) map[string]any {
	body := map[string]any{"key": key, "cart": state.Cart.ID, "version": state.Cart.Version, "tender": tender}
	maps.Copy(body, more)
	return body
}

func scan(code string) map[string]any { return map[string]any{"code": code} }

const (
	coffee = "8801000000012"
	water  = "8801000000036"
)

func TestSellForCash(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.post("/api/cart/scan", scan(coffee))
	state := s.post("/api/cart/scan", scan(water))
	if state.Cart.Total != 3900 || len(state.Cart.Lines) != 2 {
		t.Fatalf("cart %+v", state.Cart)
	}
	if want := []money.Won{3900, 4000, 5000, 10_000, 50_000}; !equal(state.Cart.Notes, want) {
		t.Errorf("notes %v, want %v", state.Cart.Notes, want)
	}
	body := pay(state, "cash-key-1", "cash", map[string]any{"received": 5000})
	done := s.post("/api/cart/pay", body)
	if done.Finished == nil || done.Finished.Change != 1100 || len(done.Cart.Lines) != 0 {
		t.Fatalf("after paying: %+v", done.Finished)
	}
	// The same key makes the same sale once.
	again := s.post("/api/cart/pay", body)
	if again.Finished == nil || again.Finished.Number != done.Finished.Number {
		t.Errorf("the same key again: %+v", again.Finished)
	}
	s.refused(http.MethodPost, "/api/cart/pay", pay(again, "cash-key-1", "cash", map[string]any{"received": 9000}), http.StatusConflict, "key_reused")
	if cleared := s.post("/api/done", nil); cleared.Finished != nil {
		t.Error("a touch does not clear the finished sale")
	}
	sales := ask[api.SalesView](s, http.MethodGet, "/api/sales", nil)
	if sales.Total != 1 || sales.Items[0].Total != 3900 || sales.Items[0].Tenders != "cash" {
		t.Errorf("sales %+v", sales)
	}
	sold := ask[api.SaleView](s, http.MethodGet, "/api/sales/"+done.Finished.Number, nil)
	if sold.Supply+sold.VAT+sold.Exempt != sold.Total || sold.Lines[0].Left != money.One {
		t.Errorf("sale %+v", sold)
	}
	picture := s.call(http.MethodGet, "/api/sales/"+done.Finished.Number+"/receipt.png", nil)
	if picture.status != http.StatusOK || picture.header.Get("Content-Type") != "image/png" || !bytes.HasPrefix(picture.body, []byte("\x89PNG")) {
		t.Errorf("picture: %d %s", picture.status, picture.header.Get("Content-Type"))
	}
	s.refused(http.MethodGet, "/api/sales/20261123-0099", nil, http.StatusNotFound, "sale_not_found")
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestScans(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	got := s.refused(http.MethodPost, "/api/cart/scan", scan("8801000000029"), http.StatusNotFound, "unknown_code")
	if got.Params["code"] != "8801000000029" {
		t.Errorf("params %v", got.Params)
	}
	state := s.state()
	if state.Notice == nil || state.Notice.Code != "unknown_code" || len(state.Cart.Lines) != 0 {
		t.Errorf("after an unknown code: %+v", state)
	}
	s.refused(http.MethodPost, "/api/cart/scan", scan("8801000000013"), http.StatusUnprocessableEntity, "bad_check_digit")
	s.refused(http.MethodPost, "/api/cart/scan", scan(strings.Repeat("7", 4000)), http.StatusUnprocessableEntity, "not_a_code")
	s.refused(http.MethodPost, "/api/cart/scan", scan("\x00\x01\xff"), http.StatusUnprocessableEntity, "not_a_code")
	state = s.post("/api/cart/scan", scan("R2611230001"))
	if state.Notice == nil || state.Notice.Code != "receipt" || state.Notice.Subject != "20261123-0001" {
		t.Errorf("after a receipt: %+v", state.Notice)
	}
}

func TestTwoTablets(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	other, _ := s.cashier()
	state := s.post("/api/cart/scan", scan(coffee))
	other.post("/api/cart/scan", scan(water))
	s.refused(http.MethodPost, "/api/cart/pay", pay(state, "tablet-one", "cash", nil), http.StatusConflict, "cart_changed")
	// Both press pay at once: one sale.
	state = s.state()
	statuses := make([]int, 2)
	var pressing sync.WaitGroup
	for i, tablet := range []*screen{s, other} {
		pressing.Go(func() {
			statuses[i] = tablet.call(http.MethodPost, "/api/cart/pay", pay(state, "tablet-key-"+string(rune('a'+i)), "cash", nil)).status
		})
	}
	pressing.Wait()
	if statuses[0]+statuses[1] != http.StatusOK+http.StatusConflict {
		t.Errorf("statuses %v", statuses)
	}
	if sales := ask[api.SalesView](s, http.MethodGet, "/api/sales", nil); sales.Total != 1 {
		t.Errorf("%d sales", sales.Total)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	state := s.post("/api/cart/scan", scan(coffee))
	line := "/api/cart/lines/" + state.Cart.Lines[0].ID
	patch := func(who *screen, body any) api.State { return ask[api.State](who, http.MethodPatch, line, body) }
	if got := patch(s, map[string]any{"quantity": 3000}); got.Cart.Total != 9000 {
		t.Errorf("three: %d", got.Cart.Total)
	}
	if got := patch(s, map[string]any{"permille": 100}); got.Cart.Total != 8100 || got.Cart.Lines[0].Permille != 100 {
		t.Errorf("ten percent off: %+v", got.Cart)
	}
	if got := patch(s, map[string]any{"amount_off": 500}); got.Cart.Total != 8500 {
		t.Errorf("500 off: %d", got.Cart.Total)
	}
	if got := patch(s, map[string]any{"unit": 2500, "amount_off": 0, "note": "얼음 적게"}); got.Cart.Total != 7500 || got.Cart.Lines[0].List != 3000 {
		t.Errorf("another price: %+v", got.Cart.Lines[0])
	}
	cashier, _ := s.cashier()
	cashier.refused(http.MethodPatch, line, map[string]any{"unit": 1}, http.StatusForbidden, "right_missing")
	cashier.refused(http.MethodPatch, line, map[string]any{"permille": 500}, http.StatusForbidden, "discount_above_limit")
	cashier.refused(http.MethodPut, "/api/cart/discount", map[string]any{"permille": 300}, http.StatusForbidden, "discount_above_limit")
	if got := ask[api.State](cashier, http.MethodPut, "/api/cart/discount", map[string]any{"permille": 100}); got.Cart.Total != 6750 {
		t.Errorf("ten percent off all: %d", got.Cart.Total)
	}
	s.refused(http.MethodPatch, line, map[string]any{"quantity": 500}, http.StatusUnprocessableEntity, "quantity_invalid")
	s.refused(http.MethodPatch, "/api/cart/lines/none", map[string]any{"quantity": 1000}, http.StatusNotFound, "line_not_found")
	removed := ask[api.State](s, http.MethodDelete, line, nil)
	if len(removed.Cart.Lines) != 0 || removed.Cart.UndoName != "아메리카노" || removed.Cart.UndoUntil.IsZero() {
		t.Errorf("removed: %+v", removed.Cart)
	}
	if back := s.post("/api/cart/undo", nil); len(back.Cart.Lines) != 1 || back.Cart.Lines[0].Unit != 2500 {
		t.Errorf("brought back: %+v", back.Cart)
	}
	s.refused(http.MethodPost, "/api/cart/undo", nil, http.StatusConflict, "nothing_to_undo")
	if noted := ask[api.State](s, http.MethodPut, "/api/cart/note", map[string]any{"note": "선물"}); noted.Cart.Note != "선물" {
		t.Errorf("note %q", noted.Cart.Note)
	}
	free := s.post("/api/cart/lines", map[string]any{"unit": 1200})
	if last := free.Cart.Lines[len(free.Cart.Lines)-1]; last.Amount != 1200 || last.Name == "" || last.VAT != money.Taxable {
		t.Errorf("free amount: %+v", last)
	}
	if empty := ask[api.State](s, http.MethodDelete, "/api/cart", nil); len(empty.Cart.Lines) != 0 {
		t.Error("the cart was not emptied")
	}
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	beer := ask[api.ProductView](s, http.MethodPost, "/api/products", map[string]any{
		"name": "캔맥주", "category": "", "price": 3200, "vat": "taxable", "barcodes": []string{"8801000000081"}, "by_weight": false,
		"unit": "캔", "age": 19, "ask_note": "", "on_keys": false, "archived": false,
	})
	state := s.post("/api/cart/scan", scan("8801000000081"))
	if state.Ask == nil || state.Ask.Product != beer.ID || state.Ask.Prompts[0].Age != 19 || len(state.Cart.Lines) != 0 {
		t.Fatalf("asked %+v", state.Ask)
	}
	state = s.post("/api/cart/lines", map[string]any{"product": beer.ID, "code": state.Ask.Code, "age_checked": true})
	if state.Ask != nil || len(state.Cart.Lines) != 1 {
		t.Errorf("answered: %+v", state)
	}
	s.refused(http.MethodPost, "/api/cart/lines", map[string]any{"product": "none"}, http.StatusNotFound, "product_not_found")
}

func TestPark(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.refused(http.MethodPost, "/api/cart/park", map[string]any{}, http.StatusConflict, "cart_empty")
	s.post("/api/cart/scan", scan(coffee))
	state := s.post("/api/cart/park", map[string]any{"name": "3번"})
	if len(state.Parked) != 1 || state.Parked[0].Name != "3번" || len(state.Cart.Lines) != 0 {
		t.Fatalf("parked %+v", state.Parked)
	}
	first := state.Parked[0].ID
	s.post("/api/cart/scan", scan(water))
	state = s.post("/api/parked/"+first+"/resume", nil)
	if len(state.Parked) != 1 || state.Cart.Total != 3000 {
		t.Errorf("resumed %+v", state)
	}
	// Straight from the list, and twice by a nervous finger.
	body := map[string]any{"key": "parked-key", "tender": "cash", "received": 1000}
	second := state.Parked[0].ID
	for range 2 {
		done := s.post("/api/parked/"+second+"/pay", body)
		if done.Finished == nil || done.Finished.Total != 900 || done.Finished.Change != 100 {
			t.Errorf("paid %+v", done.Finished)
		}
	}
	s.refused(http.MethodPost, "/api/parked/"+second+"/pay", map[string]any{"key": "another-key", "tender": "cash"}, http.StatusConflict, "cart_changed")
	state = s.state()
	if len(state.Parked) != 1 || state.Parked[0].ID != first {
		t.Fatalf("parked %+v", state.Parked)
	}
	if state = ask[api.State](s, http.MethodDelete, "/api/parked/"+first, nil); len(state.Parked) != 0 {
		t.Error("still parked")
	}
	s.refused(http.MethodPost, "/api/parked/"+first+"/resume", nil, http.StatusNotFound, "cart_not_found")
}

func TestRefund(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.post("/api/cart/scan", scan(coffee))
	sold := s.post("/api/cart/pay", pay(s.state(), "sold-key", "cash", nil)).Finished
	line := ask[api.SaleView](s, http.MethodGet, "/api/sales/"+sold.Number, nil).Lines[0].ID
	body := map[string]any{"key": "refund-key", "lines": []any{map[string]any{"line": line, "quantity": 1000}}, "tender": "cash", "reason": "변심"}
	for range 2 {
		done := s.post("/api/sales/"+sold.Number+"/refund", body).Finished
		if done == nil || !done.Refund || done.Total != 3000 {
			t.Fatalf("refunded %+v", done)
		}
	}
	body["key"] = "refund-key-2"
	s.refused(http.MethodPost, "/api/sales/"+sold.Number+"/refund", body, http.StatusConflict, "refund_too_much")
	body["tender"] = "card"
	s.refused(http.MethodPost, "/api/sales/"+sold.Number+"/refund", body, http.StatusConflict, "refund_too_much")
	view := ask[api.SaleView](s, http.MethodGet, "/api/sales/"+sold.Number, nil)
	if len(view.Refunds) != 1 || view.Lines[0].Left != 0 {
		t.Errorf("the sale after its refund: %+v", view)
	}
	if got := s.call(http.MethodPost, "/api/sales/"+sold.Number+"/reprint", nil); got.status != http.StatusNoContent {
		t.Errorf("reprint: %d %s", got.status, got.body)
	}
	jobs := ask[[]api.PrintJobView](s, http.MethodGet, "/api/print-jobs", nil)
	if len(jobs) != 3 || !jobs[0].Copy || jobs[0].Subject != sold.Number || jobs[0].State != "queued" {
		t.Errorf("print jobs %+v", jobs)
	}
}

func TestSplitAndGiveBack(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	state := s.post("/api/cart/scan", scan(coffee))
	state = s.post("/api/cart/pay", pay(state, "part-key", "cash", map[string]any{"amount": 1000, "received": 1000}))
	if state.Cart.Due != 2000 || !state.Cart.Locked || len(state.Cart.Tenders) != 1 {
		t.Fatalf("part paid: %+v", state.Cart)
	}
	s.refused(http.MethodPost, "/api/cart/scan", scan(water), http.StatusConflict, "cart_locked")
	s.refused(http.MethodPost, "/api/cart/tenders/3/give-back", nil, http.StatusUnprocessableEntity, "tender_invalid")
	if state = s.post("/api/cart/tenders/0/give-back", nil); len(state.Cart.Tenders) != 0 || state.Cart.Due != 3000 {
		t.Errorf("given back: %+v", state.Cart)
	}
	s.refused(http.MethodPost, "/api/cart/pay", pay(state, "card-key-1", "card", nil), http.StatusServiceUnavailable, "no_terminal")
}

func TestDay(t *testing.T) {
	t.Parallel()
	s := newBox(t).owner()
	s.goods("아메리카노", coffee, 3000)
	s.refused(http.MethodPost, "/api/cart/scan", scan(coffee), http.StatusLocked, "day_closed")
	s.refused(http.MethodGet, "/api/day", nil, http.StatusLocked, "day_closed")
	if state := s.post("/api/day/open", map[string]any{"float": 50_000}); !state.Day.Open || state.Day.Day != "2026-11-23" {
		t.Fatalf("day %+v", state.Day)
	}
	s.refused(http.MethodPost, "/api/day/open", map[string]any{"float": 0}, http.StatusConflict, "day_open")
	s.post("/api/cart/scan", scan(coffee))
	s.post("/api/cart/pay", pay(s.state(), "day-key-1", "cash", nil))
	s.post("/api/cart/scan", scan(coffee))
	s.post("/api/cart/park", map[string]any{})
	if got := s.refused(http.MethodPost, "/api/day/close", map[string]any{"counted": 52_000}, http.StatusConflict, "carts_parked"); got.Params["parked"] != 1.0 {
		t.Errorf("params %v", got.Params)
	}
	report := ask[api.DayReportView](s, http.MethodGet, "/api/day", nil)
	if report.Expected != 53_000 || report.Parked != 1 || report.Tenders["cash"] != 3000 {
		t.Errorf("report %+v", report)
	}
	closed := ask[api.DayReportView](s, http.MethodPost, "/api/day/close", map[string]any{"counted": 52_000, "note": "잔돈", "force": true})
	if closed.Open || closed.Difference != -1000 || closed.Note != "잔돈" || closed.Taxable != 3000 {
		t.Errorf("closed %+v", closed)
	}
	if days := ask[[]api.DayReportView](s, http.MethodGet, "/api/days", nil); len(days) != 1 || days[0].Total != 3000 {
		t.Errorf("days %+v", days)
	}
	s.clock.pass(time.Minute)
	if state := s.state(); state.Day.Open || len(state.Parked) != 1 {
		t.Errorf("after the close: %+v", state)
	}
}
