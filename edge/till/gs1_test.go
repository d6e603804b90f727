package till_test

import (
	"testing"
	"time"

	"shopbox/edge/catalog"
	"shopbox/edge/staff"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// milkGS1 is the milk with what else its code says; the shop's day is
// 2026-11-23.
const milkGS1 = "]d20108801234567893"

// Lot, expiry and serial number stay with the line and go into the sale.
func TestScanTrace(t *testing.T) {
	s := newShop(t)
	s.scan(milkGS1 + "17261123" + "10L42\x1d21S7")
	s.scan(milkGS1 + "3712")
	s.scan(milkGS1 + "392012900")
	const trace = "(10)L42 (17)261123 (21)S7"
	lines := s.Snapshot().Cart.Lines
	if len(lines) != 3 || lines[0].Note != trace || lines[0].Item.Barcode != milkCode ||
		lines[1].Quantity != 12*money.One || lines[1].Unit != 2_800 || lines[2].Unit != 12_900 {
		t.Fatalf("lines %+v", lines)
	}
	closed, err := s.store.Sale(t.Context(), s.payCash("k").Number)
	if err != nil || closed.Lines[0].Note != trace || closed.Total != 2_800+12*2_800+12_900 {
		t.Errorf("sale %+v, %v", closed, err)
	}
}

// Expired goods want a word of the person, which is recorded.
func TestScanExpired(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	const code = milkGS1 + "15261122"
	_, err := s.Scan(ctx, "scanner-1", code)
	wantErr(t, err, till.ErrAsk)
	ask := s.Snapshot().Ask
	if ask == nil || ask.Product != milk || len(ask.Prompts) != 1 || ask.Prompts[0].Label != "2026-11-22" {
		t.Fatalf("ask %+v", ask)
	}
	request := till.AddRequest{Product: ask.Product, Code: ask.Code, Quantity: money.One}
	_, err = s.AddProduct(ctx, cashier(), request)
	wantErr(t, err, till.ErrAsk)
	if len(s.Snapshot().Cart.Lines) != 0 {
		t.Error("expired goods are in the cart")
	}
	request.Answers.Expired = true
	if _, err := s.AddProduct(ctx, cashier(), request); err != nil {
		t.Fatal(err)
	}
	acts, err := s.store.Audit(ctx, 100, 0)
	if err != nil || !hasAct(acts, staff.ActExpiredSold) {
		t.Errorf("acts %+v, %v", acts, err)
	}
	// The answer stands for this piece alone, and the day after it is asked too.
	_, err = s.Scan(ctx, "scanner-1", milkGS1+"17261123")
	wantErr(t, err, nil)
	s.clock.pass(24 * time.Hour)
	_, err = s.Scan(ctx, "scanner-1", milkGS1+"17261123")
	wantErr(t, err, till.ErrAsk)
}

// A notice tells which scanner it is about, and what the code was read as.
func TestNoticeOfScanner(t *testing.T) {
	s := newShop(t)
	for _, step := range []struct {
		source, code, subject string
		want                  error
	}{
		{"scanner-1", "]E08809999999997", "8809999999997", till.ErrUnknownCode},
		{"scanner-2", "]d2010880999999999710A", "8809999999997", till.ErrUnknownCode},
		{"scanner-2", milkGS1 + "17261399", milkGS1 + "17261399", catalog.ErrGS1},
		{"", "8809999999997", "8809999999997", till.ErrUnknownCode},
	} {
		_, err := s.Scan(t.Context(), step.source, step.code)
		wantErr(t, err, step.want)
		if notice := s.Snapshot().Notice; notice == nil || notice.Source != step.source || notice.Subject != step.subject {
			t.Errorf("%s %q: notice %+v", step.source, step.code, notice)
		}
	}
	s.Garbled("scanner-2")
	if notice := s.Snapshot().Notice; notice.Source != "scanner-2" || notice.Code != "scan_garbled" {
		t.Errorf("notice %+v", notice)
	}
}

// Two people scan the same goods at the same moment: two pieces.
func TestTwoScannersAtOnce(t *testing.T) {
	s := newShop(t)
	failed := make(chan error, 2)
	for _, source := range []string{"scanner-1", "scanner-2"} {
		go func() {
			_, err := s.Scan(t.Context(), source, milkCode)
			failed <- err
		}()
	}
	for range 2 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if lines := s.Snapshot().Cart.Lines; len(lines) != 1 || lines[0].Quantity != 2*money.One {
		t.Errorf("lines %+v", lines)
	}
}
