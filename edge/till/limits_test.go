package till_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

func (s *shop) total() money.Won {
	cart := s.Snapshot().Cart
	return cart.Totals().Total
}

func quantity(pieces int64) *money.Milli {
	milli := money.Milli(pieces) * money.One
	return &milli
}

// TestDiscountNotByTheBackDoor: a discount given as an amount does not become
// a larger one by taking the goods out again.
func TestDiscountNotByTheBackDoor(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	line := s.add(milk)
	if err := s.Update(ctx, cashier(), line, sale.Change{Quantity: quantity(10)}); err != nil {
		t.Fatal(err)
	}
	off := sale.Discount{Amount: 2_800}
	if err := s.Update(ctx, cashier(), line, sale.Change{Discount: &off}); err != nil {
		t.Fatal(err)
	}
	wantErr(t, s.Update(ctx, cashier(), line, sale.Change{Quantity: quantity(1)}), staff.ErrDiscountTooLarge)
	if err := s.Update(ctx, cashier(), line, sale.Change{Quantity: quantity(12)}); err != nil {
		t.Error(err)
	}
	if err := s.Update(ctx, owner(), line, sale.Change{Quantity: quantity(1)}); err != nil {
		t.Error(err)
	}
	if err := s.Clear(ctx, cashier()); err != nil {
		t.Fatal(err)
	}

	line = s.add(rice)
	s.add(milk)
	if err := s.Discount(ctx, cashier(), sale.Discount{Amount: 2_800}); err != nil {
		t.Fatal(err)
	}
	wantErr(t, s.Remove(ctx, cashier(), line), staff.ErrDiscountTooLarge)
	if total := s.total(); total != 38_000 {
		t.Errorf("total %s", total)
	}
	if err := s.Remove(ctx, owner(), line); err != nil {
		t.Error(err)
	}
}

// TestDiscountsTogether: the discount of a line and the one of the cart do not
// come to more, together, than the person may give.
func TestDiscountsTogether(t *testing.T) {
	tenth, fifth := sale.Discount{Permille: 100}, sale.Discount{Permille: 50}
	s := newShop(t)
	ctx := t.Context()
	line := s.add(rice)
	s.add(milk)
	discount := func(who staff.Person, off sale.Discount) error {
		return s.Update(ctx, who, line, sale.Change{Discount: &off})
	}
	steps := []struct {
		what string
		act  func() error
		want error
		left money.Won
	}{
		{"a tenth off a line", func() error { return discount(cashier(), tenth) }, nil, 37_000},
		{"and a tenth off all", func() error { return s.Discount(ctx, cashier(), tenth) }, staff.ErrDiscountTooLarge, 37_000},
		{"and a won off all", func() error { return s.Discount(ctx, cashier(), sale.Discount{Amount: 1}) }, staff.ErrDiscountTooLarge, 37_000},
		{"the line's halved", func() error { return discount(cashier(), fifth) }, nil, 38_900},
		{"then a twentieth off all", func() error { return s.Discount(ctx, cashier(), fifth) }, nil, 36_955},
		{"the line's doubled again", func() error { return discount(cashier(), tenth) }, staff.ErrDiscountTooLarge, 36_955},
		{"by the owner", func() error { return discount(owner(), tenth) }, nil, 35_150},
		{"what the owner gave stays", func() error { _, err := s.Scan(ctx, "", milkCode); return err }, nil, 37_810},
		{"more of the same goods", func() error { return s.Update(ctx, cashier(), line, sale.Change{Quantity: quantity(2)}) }, nil, 70_300},
		{"the line out", func() error { return s.Remove(ctx, cashier(), line) }, nil, 5_320},
		{"back in it would have both", func() error { return s.Undo(ctx, cashier()) }, staff.ErrDiscountTooLarge, 5_320},
		{"the owner brings it back", func() error { return s.Undo(ctx, owner()) }, nil, 70_300},
	}
	for _, step := range steps {
		if err := step.act(); !errors.Is(err, step.want) {
			t.Errorf("%s: %v, want %v", step.what, err, step.want)
		}
		if total := s.total(); total != step.left {
			t.Errorf("%s: %s left, want %s", step.what, total, step.left)
		}
	}
}

// TestDiscountOnNothing: the discount of a cart goes with its last line.
func TestDiscountOnNothing(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	line := s.add(rice)
	if err := s.Discount(ctx, cashier(), sale.Discount{Amount: 2_800}); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(ctx, cashier(), line); err != nil {
		t.Fatal(err)
	}
	s.add(milk)
	if total := s.total(); total != 2_800 {
		t.Errorf("total %s", total)
	}
}

// TestForeignLabel: the label of one product is none for another.
func TestForeignLabel(t *testing.T) {
	s := newShop(t)
	_, err := s.AddProduct(t.Context(), cashier(), till.AddRequest{Product: rice, Code: label(1)})
	wantErr(t, err, till.ErrUnknownCode)
	if _, err := s.AddProduct(t.Context(), cashier(), till.AddRequest{Product: apples, Code: label(250)}); err != nil {
		t.Error(err)
	}
}

// TestLargestCart: whatever goes into a cart can be paid and told to the hub.
func TestLargestCart(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	var full error
	for i := 0; full == nil && i < 2*sale.MaxLines; i++ {
		_, full = s.AddFree(ctx, cashier(), till.FreeAmount{Name: strings.Repeat("큰", 40) + fmt.Sprint(i), VAT: money.Taxable, Amount: 1_000})
		if full == nil {
			lines := s.Snapshot().Cart.Lines
			note := strings.Repeat("<", 200)
			if err := s.Update(ctx, cashier(), lines[len(lines)-1].ID, sale.Change{Note: &note}); err != nil {
				full = err
			}
		}
	}
	wantErr(t, full, sale.ErrTooMany)
	if answer := s.payCash("all"); answer.Outcome != till.Done {
		t.Errorf("answer %+v", answer)
	}
	if err := s.store.Check(ctx); err != nil {
		t.Error(err)
	}
}

// TestManyTenders: a cart is not paid in more parts than its record holds.
func TestManyTenders(t *testing.T) {
	s := newShop(t)
	s.add(rice)
	for i := range till.MaxTenders {
		request := s.request(fmt.Sprint(i))
		request.Tender, request.Amount = sale.Cash, 10
		s.pay(request)
	}
	request := s.request("one more")
	request.Tender, request.Amount = sale.Cash, 10
	_, err := s.Pay(t.Context(), cashier(), request)
	wantErr(t, err, sale.ErrTender)
	request.Amount = 0
	if answer := s.pay(request); answer.Outcome != till.Done {
		t.Errorf("the rest: %+v", answer)
	}
}
