package till_test

import (
	"fmt"
	"testing"
	"time"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

func TestDuplicateScan(t *testing.T) {
	s := newShop(t)
	steps := []struct {
		source string
		after  time.Duration
		want   error
	}{
		{"scanner-1", 0, nil},
		{"scanner-1", 299 * time.Millisecond, till.ErrDuplicateScan},
		{"scanner-1", 299 * time.Millisecond, till.ErrDuplicateScan},
		{"scanner-2", 0, nil},
		{"scanner-1", 300 * time.Millisecond, nil},
		{"", 0, nil},
		{"", 0, nil},
	}
	for i, step := range steps {
		s.clock.pass(step.after)
		_, err := s.Scan(t.Context(), step.source, milkCode)
		if till.Code(err) != till.Code(step.want) {
			t.Errorf("step %d: %v, want %v", i, err, step.want)
		}
	}
	if lines := s.Snapshot().Cart.Lines; len(lines) != 1 || lines[0].Quantity != 5*money.One {
		t.Errorf("lines %+v", lines)
	}
}

// TestBurst: ten goods in no time, from a scanner that reads as fast as it
// can, all count.
func TestBurst(t *testing.T) {
	s := newShop(t)
	codes := []string{milkCode, "2012345012349"}
	for i := range 10 {
		s.clock.pass(50 * time.Millisecond)
		if _, err := s.Scan(t.Context(), "scanner-1", codes[i%2]); err != nil {
			t.Fatalf("scan %d: %v", i, err)
		}
	}
	lines := s.Snapshot().Cart.Lines
	if len(lines) != 6 || lines[0].Quantity != 5*money.One || lines[1].Quantity != 1_234 {
		t.Errorf("lines %+v", lines)
	}
}

func TestScanRefused(t *testing.T) {
	s := newShop(t)
	for code, want := range map[string]error{
		"8801234567890": catalog.ErrCheckDigit,
		"8809999999997": till.ErrUnknownCode,
		"\x00\x01":      catalog.ErrNotACode,
	} {
		_, err := s.Scan(t.Context(), "scanner-1", code)
		wantErr(t, err, want)
		if notice := s.Snapshot().Notice; notice == nil || notice.Code != want.Error() || notice.Subject != code || notice.Level != till.LevelStop {
			t.Errorf("%q: notice %+v", code, notice)
		}
	}
	if len(s.Snapshot().Cart.Lines) != 0 {
		t.Error("the cart changed")
	}
}

func TestScanReceipt(t *testing.T) {
	s := newShop(t)
	if scanned := s.scan("R2611230001"); scanned.Receipt != "20261123-0001" {
		t.Errorf("scanned %+v", scanned)
	}
}

func TestPrompts(t *testing.T) {
	s := newShop(t)
	_, err := s.Scan(t.Context(), "scanner-1", tobaccoCode)
	wantErr(t, err, till.ErrAsk)
	ask := s.Snapshot().Ask
	if ask == nil || ask.Product != tobacco || len(ask.Prompts) != 1 || ask.Prompts[0].Minimum != 19 {
		t.Fatalf("ask %+v", ask)
	}
	request := till.AddRequest{Product: ask.Product, Code: ask.Code}
	_, err = s.AddProduct(t.Context(), cashier(), request)
	wantErr(t, err, till.ErrAsk)
	request.Answers.OldEnough = true
	if _, err := s.AddProduct(t.Context(), cashier(), request); err != nil {
		t.Fatal(err)
	}
	// A product without a price asks for one.
	_, err = s.AddProduct(t.Context(), cashier(), till.AddRequest{Product: gift})
	wantErr(t, err, till.ErrAsk)
	if _, err := s.AddProduct(t.Context(), cashier(), till.AddRequest{Product: gift, Answers: till.Answers{Price: 500}}); err != nil {
		t.Fatal(err)
	}
	// Weighed goods from the keys ask for their weight.
	_, err = s.AddProduct(t.Context(), cashier(), till.AddRequest{Product: apples})
	wantErr(t, err, till.ErrAsk)
	if _, err := s.AddProduct(t.Context(), cashier(), till.AddRequest{Product: apples, Answers: till.Answers{Weight: 1_500}}); err != nil {
		t.Fatal(err)
	}
	cart := s.Snapshot().Cart
	if total := cart.Totals().Total; total != 4_500+500+14_850 {
		t.Errorf("total %s", total)
	}
	acts, err := s.store.Audit(t.Context(), 100, 0)
	if err != nil || !hasAct(acts, staff.ActAgeChecked) {
		t.Errorf("acts %+v, %v", acts, err)
	}
}

func TestRights(t *testing.T) {
	s := newShop(t)
	line := s.add(rice)
	ctx := t.Context()
	price, half := money.Won(30_000), sale.Discount{Permille: 500}
	wantErr(t, s.Update(ctx, cashier(), line, sale.Change{Unit: &price}), staff.ErrRight)
	wantErr(t, s.Update(ctx, cashier(), line, sale.Change{Discount: &half}), staff.ErrDiscountTooLarge)
	wantErr(t, s.Discount(ctx, cashier(), half), staff.ErrDiscountTooLarge)
	wantErr(t, s.Discount(ctx, cashier(), sale.Discount{Amount: 3_801}), staff.ErrDiscountTooLarge)
}

func TestEdit(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	line := s.add(rice)
	price, quantity := money.Won(30_000), 2*money.One
	steps := []struct {
		what  string
		do    func() error
		total money.Won
	}{
		{"another price", func() error { return s.Update(ctx, owner(), line, sale.Change{Unit: &price}) }, 30_000},
		{"two of them", func() error { return s.Update(ctx, cashier(), line, sale.Change{Quantity: &quantity}) }, 60_000},
		{"a discount on all", func() error { return s.Discount(ctx, cashier(), sale.Discount{Permille: 100}) }, 54_000},
		{"a note", func() error { return s.Note(ctx, cashier(), " 단골 ") }, 54_000},
		{"a free amount", func() error {
			_, err := s.AddFree(ctx, cashier(), till.FreeAmount{Name: "배달", VAT: money.Taxable, Amount: 3_000})
			return err
		}, 56_700},
		{"taken out", func() error { return s.Remove(ctx, cashier(), line) }, 2_700},
		{"brought back", func() error { return s.Undo(ctx, cashier()) }, 56_700},
	}
	version := s.Snapshot().Cart.Version
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		cart := s.Snapshot().Cart
		if cart.Totals().Total != step.total || cart.Version <= version {
			t.Errorf("%s: total %s, want %s, version %d", step.what, cart.Totals().Total, step.total, cart.Version)
		}
		version = cart.Version
	}
	s.restart()
	if cart := s.Snapshot().Cart; cart.Version != version || cart.Note != "단골" || len(cart.Lines) != 2 {
		t.Errorf("after restart %+v", cart)
	}
	acts, err := s.store.Audit(ctx, 100, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []staff.Act{staff.ActPriceOverride, staff.ActDiscount, staff.ActLineVoided, staff.ActDayOpened} {
		if !hasAct(acts, act) {
			t.Errorf("no record of %s", act)
		}
	}
}

func TestPark(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	wantErr(t, s.Park(ctx, cashier(), ""), sale.ErrEmpty)
	s.add(milk)
	if err := s.Park(ctx, cashier(), ""); err != nil {
		t.Fatal(err)
	}
	s.add(rice)
	if err := s.Park(ctx, cashier(), "김 손님"); err != nil {
		t.Fatal(err)
	}
	s.restart()
	parked := s.Snapshot().Parked
	if len(parked) != 2 || parked[0].Name != "09:00" || parked[1].Name != "김 손님" {
		t.Fatalf("parked %+v", parked)
	}
	s.add(milk)
	if err := s.Resume(ctx, cashier(), parked[1].ID); err != nil {
		t.Fatal(err)
	}
	state := s.Snapshot()
	if state.Cart.ID != parked[1].ID || len(state.Parked) != 2 {
		t.Fatalf("resumed %+v", state)
	}
	wantErr(t, s.Resume(ctx, cashier(), parked[1].ID), till.ErrNoCart)
	if err := s.DropParked(ctx, cashier(), parked[0].ID); err != nil {
		t.Fatal(err)
	}
	wantErr(t, s.DropParked(ctx, cashier(), parked[0].ID), till.ErrNoCart)
	if err := s.Clear(ctx, cashier()); err != nil {
		t.Fatal(err)
	}
	s.restart()
	if state := s.Snapshot(); len(state.Parked) != 1 || len(state.Cart.Lines) != 0 {
		t.Errorf("in the end %+v", state)
	}
}

func TestSubscribe(t *testing.T) {
	s := newShop(t)
	screen := s.Subscribe(t.Context())
	for range 20 {
		s.add(rice)
	}
	latest := <-screen
	if want := s.Snapshot(); latest.Version != want.Version || latest.Cart.Lines[0].Quantity != 20*money.One {
		t.Errorf("a slow screen got version %d of %d", latest.Version, want.Version)
	}
	select {
	case more := <-screen:
		t.Errorf("and then version %d", more.Version)
	default:
	}
}

func TestDayClosed(t *testing.T) {
	s := closedShop(t)
	ctx := t.Context()
	_, err := s.Scan(ctx, "", milkCode)
	wantErr(t, err, till.ErrDayClosed)
	_, err = s.CloseDay(ctx, owner(), till.CloseDayRequest{})
	wantErr(t, err, till.ErrDayClosed)
	wantErr(t, s.OpenDay(ctx, owner(), -1), till.ErrCash)
	if err := s.OpenDay(ctx, cashier(), 100_000); err != nil {
		t.Fatal(err)
	}
	wantErr(t, s.OpenDay(ctx, cashier(), 100_000), till.ErrDayOpen)
}

func TestCloseDay(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	for i := range 3 {
		s.add(milk)
		s.payCash(fmt.Sprint(i))
	}
	s.add(rice)
	_, err := s.CloseDay(ctx, cashier(), till.CloseDayRequest{})
	wantErr(t, err, staff.ErrRight)
	_, err = s.CloseDay(ctx, owner(), till.CloseDayRequest{Counted: 108_000, Note: "잔돈 부족"})
	wantErr(t, err, till.ErrParked)
	day, err := s.CloseDay(ctx, owner(), till.CloseDayRequest{Counted: 108_000, Note: "잔돈 부족", Anyway: true})
	if err != nil {
		t.Fatal(err)
	}
	if day.Sales != 3 || day.Total != 8_400 || day.Expected() != 108_400 || day.Difference() != -400 ||
		day.FirstNumber != "20261123-0001" || day.LastNumber != "20261123-0003" || day.Supply+day.VAT != 8_400 {
		t.Errorf("day %+v", day)
	}
	_, err = s.Pay(ctx, cashier(), s.request("k"))
	wantErr(t, err, till.ErrDayClosed)
	// The same date opened again goes on with its numbers.
	if err := s.OpenDay(ctx, owner(), 50_000); err != nil {
		t.Fatal(err)
	}
	if answer := s.payCash("again"); answer.Number != "20261123-0004" {
		t.Errorf("answer %+v", answer)
	}
	report, err := s.DayReport(ctx)
	if err != nil || report.Part != 2 || report.Sales != 1 || report.Expected() != 88_000 {
		t.Errorf("report %+v, %v", report, err)
	}
	s.checkBooks(nil)
}
