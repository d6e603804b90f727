package sale_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

func start() time.Time { return time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC) }

func piece(id, product string, price money.Won, quantity money.Milli) sale.Line {
	return sale.Line{
		ID:       id,
		Item:     sale.Item{Product: product, Name: product, VAT: money.Taxable, Price: price},
		Quantity: quantity, Unit: price,
	}
}

func weighed(id string, price money.Won, quantity money.Milli) sale.Line {
	line := piece(id, "w-"+id, price, quantity)
	line.Item.ByWeight, line.Item.Single, line.Item.VAT = true, true, money.Exempt
	return line
}

func cartOf(t *testing.T, lines ...sale.Line) *sale.Cart {
	t.Helper()
	cart := &sale.Cart{ID: "cart"}
	for _, line := range lines {
		if _, err := cart.Add(line); err != nil {
			t.Fatalf("add %s: %v", line.ID, err)
		}
	}
	return cart
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		line sale.Line
		want error
	}{
		"nothing":             {piece("1", "a", 100, 0), sale.ErrQuantity},
		"less than nothing":   {piece("1", "a", 100, -money.One), sale.ErrQuantity},
		"half a piece":        {piece("1", "a", 100, 500), sale.ErrQuantity},
		"absurd quantity":     {piece("1", "a", 1, sale.MaxQuantity+money.One), sale.ErrQuantity},
		"negative price":      {piece("1", "a", -1, money.One), sale.ErrPrice},
		"absurd price":        {piece("1", "a", sale.MaxPrice+1, money.One), sale.ErrPrice},
		"absurd amount":       {piece("1", "a", sale.MaxPrice, 2*money.One), sale.ErrPrice},
		"discount above all":  {sale.Line{ID: "1", Quantity: money.One, Unit: 100, Discount: sale.Discount{Amount: 101}}, sale.ErrDiscount},
		"negative discount":   {sale.Line{ID: "1", Quantity: money.One, Unit: 100, Discount: sale.Discount{Amount: -1}}, sale.ErrDiscount},
		"more than all of it": {sale.Line{ID: "1", Quantity: money.One, Unit: 100, Discount: sale.Discount{Permille: 1001}}, sale.ErrDiscount},
		"two discounts":       {sale.Line{ID: "1", Quantity: money.One, Unit: 100, Discount: sale.Discount{Permille: 1, Amount: 1}}, sale.ErrDiscount},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cart := &sale.Cart{}
			if _, err := cart.Add(tt.line); !errors.Is(err, tt.want) {
				t.Errorf("error %v; want %v", err, tt.want)
			}
			if len(cart.Lines) != 0 {
				t.Error("the line is in the cart")
			}
		})
	}
}

func TestAddMerges(t *testing.T) {
	t.Parallel()
	noted := piece("2", "cola", 1500, money.One)
	noted.Note = "cold"
	single := piece("2", "cola", 1500, money.One)
	single.Item.Single = true
	cheap := piece("2", "cola", 1000, money.One)
	discounted := piece("2", "cola", 1500, money.One)
	discounted.Discount = sale.Discount{Amount: 100}
	free := piece("2", "", 1500, money.One)
	for name, tt := range map[string]struct {
		first, second sale.Line
		lines         int
	}{
		"the same":        {piece("1", "cola", 1500, money.One), piece("2", "cola", 1500, 2*money.One), 1},
		"other goods":     {piece("1", "cola", 1500, money.One), piece("2", "cider", 1500, money.One), 2},
		"other price":     {piece("1", "cola", 1500, money.One), cheap, 2},
		"a note":          {piece("1", "cola", 1500, money.One), noted, 2},
		"on its own":      {piece("1", "cola", 1500, money.One), single, 2},
		"discount":        {piece("1", "cola", 1500, money.One), discounted, 2},
		"equal discounts": {discounted, discounted, 2},
		"free amounts":    {free, free, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cart := &sale.Cart{}
			if _, err := cart.Add(tt.first); err != nil {
				t.Fatal(err)
			}
			id, err := cart.Add(tt.second)
			if err != nil {
				t.Fatal(err)
			}
			if len(cart.Lines) != tt.lines {
				t.Errorf("%d lines; want %d", len(cart.Lines), tt.lines)
			}
			if tt.lines == 1 && (id != "1" || cart.Lines[0].Quantity != 3*money.One) {
				t.Errorf("line %s holds %s", id, cart.Lines[0].Quantity)
			}
		})
	}
}

func TestAddKeepsToLimits(t *testing.T) {
	t.Parallel()
	cart := &sale.Cart{}
	for i := range sale.MaxLines {
		if _, err := cart.Add(piece(fmt.Sprint(i), fmt.Sprint(i), 100, money.One)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := cart.Add(piece("more", "more", 100, money.One)); !errors.Is(err, sale.ErrTooMany) {
		t.Errorf("one line too many: %v", err)
	}
	if _, err := cart.Add(piece("again", "7", 100, money.One)); err != nil {
		t.Errorf("more of what is there: %v", err)
	}
	if err := cart.Remove("3", start()); err != nil {
		t.Fatal(err)
	}
	if _, err := cart.Add(piece("more", "more", 100, money.One)); err != nil {
		t.Fatal(err)
	}
	if err := cart.Restore(start()); !errors.Is(err, sale.ErrTooMany) {
		t.Errorf("restore into a full cart: %v", err)
	}
}

func TestAddMoreThanTheMost(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1, sale.MaxQuantity))
	if _, err := cart.Add(piece("2", "cola", 1, money.One)); !errors.Is(err, sale.ErrQuantity) {
		t.Errorf("error %v", err)
	}
	if cart.Lines[0].Quantity != sale.MaxQuantity {
		t.Error("a refused addition changed the line")
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1500, money.One))
	quantity, unit, discount, note := 3*money.One, money.Won(1400), sale.Discount{Permille: 100}, "cold"
	err := cart.Update("1", sale.Change{Quantity: &quantity, Unit: &unit, Discount: &discount, Note: &note})
	if err != nil {
		t.Fatal(err)
	}
	if got := cart.Totals(); got.Total != 3780 || got.Discount != 420 || got.Gross != 4200 {
		t.Errorf("totals %+v", got)
	}
	if cart.Lines[0].Note != "cold" || cart.Lines[0].Item.Price != 1500 {
		t.Errorf("line %+v", cart.Lines[0])
	}
	zero := money.Milli(0)
	if err := cart.Update("1", sale.Change{Quantity: &zero}); !errors.Is(err, sale.ErrQuantity) {
		t.Errorf("quantity 0: %v", err)
	}
	if err := cart.Update("9", sale.Change{}); !errors.Is(err, sale.ErrNoLine) {
		t.Errorf("unknown line: %v", err)
	}
	if cart.Lines[0].Quantity != quantity {
		t.Error("a refused change changed the line")
	}
}

func TestUndo(t *testing.T) {
	t.Parallel()
	second := piece("2", "cider", 1400, 2*money.One)
	second.Discount, second.Note = sale.Discount{Amount: 100}, "warm"
	cart := cartOf(t, piece("1", "cola", 1500, money.One), second, piece("3", "milk", 2000, money.One))
	if err := cart.Remove("2", start()); err != nil {
		t.Fatal(err)
	}
	if cart.CanUndo(start().Add(sale.UndoFor+1)) || cart.CanUndo(start().Add(-time.Second)) {
		t.Error("can be undone for ever, or before it happened")
	}
	if err := cart.Restore(start().Add(sale.UndoFor + 1)); !errors.Is(err, sale.ErrNothingToUndo) {
		t.Errorf("too late: %v", err)
	}
	if err := cart.Restore(start().Add(sale.UndoFor)); err != nil {
		t.Fatal(err)
	}
	if cart.Lines[1] != second {
		t.Errorf("came back as %+v", cart.Lines[1])
	}
	if err := cart.Restore(start()); !errors.Is(err, sale.ErrNothingToUndo) {
		t.Errorf("twice: %v", err)
	}
	if err := cart.Remove("9", start()); !errors.Is(err, sale.ErrNoLine) {
		t.Errorf("unknown line: %v", err)
	}
}

func TestRestoreIntoAShorterCart(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1500, money.One), piece("2", "cider", 1400, money.One))
	copied := cart.Clone()
	if err := copied.Remove("2", start()); err != nil {
		t.Fatal(err)
	}
	copied.Lines = nil
	if err := copied.Restore(start()); err != nil || len(copied.Lines) != 1 {
		t.Errorf("%v, %d lines", err, len(copied.Lines))
	}
	if len(cart.Lines) != 2 || cart.Undo != nil {
		t.Error("the clone shares with its cart")
	}
}

func TestCloneKeepsUndoApart(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1500, money.One), piece("2", "cider", 1400, money.One))
	if err := cart.Remove("2", start()); err != nil {
		t.Fatal(err)
	}
	copied := cart.Clone()
	copied.Undo.Index = 7
	copied.Lines[0].Note = "other"
	if cart.Undo.Index == 7 || cart.Lines[0].Note != "" {
		t.Error("the clone shares with its cart")
	}
}

func TestDiscountOn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		discount     sale.Discount
		amount, want money.Won
	}{
		{sale.Discount{}, 1000, 0},
		{sale.Discount{Permille: 100}, 4500, 450},
		{sale.Discount{Permille: 33}, 999, 33},
		{sale.Discount{Permille: 1000}, 999, 999},
		{sale.Discount{Amount: 500}, 4500, 500},
		{sale.Discount{Amount: 500}, 300, 300},
	} {
		if got := tt.discount.On(tt.amount); got != tt.want {
			t.Errorf("%+v on %d = %d; want %d", tt.discount, tt.amount, got, tt.want)
		}
	}
}

func TestSetDiscount(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1000, money.One), piece("2", "milk", 500, money.One))
	if err := cart.SetDiscount(sale.Discount{Amount: 1501}); !errors.Is(err, sale.ErrDiscount) {
		t.Errorf("more than the goods: %v", err)
	}
	if err := cart.SetDiscount(sale.Discount{Amount: 1200}); err != nil {
		t.Fatal(err)
	}
	if err := cart.Remove("1", start()); err != nil {
		t.Fatal(err)
	}
	if got := cart.Totals(); got.Total != 0 || got.Discount != 500 {
		t.Errorf("a discount above what is left gives %+v", got)
	}
}

func TestLockedCartRefuses(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1500, money.One))
	if err := cart.Take(sale.Tender{Kind: sale.Card, Amount: 500, Attempt: "a"}); err != nil {
		t.Fatal(err)
	}
	_, added := cart.Add(piece("2", "milk", 100, money.One))
	for name, err := range map[string]error{
		"add": added, "update": cart.Update("1", sale.Change{}), "remove": cart.Remove("1", start()),
		"restore": cart.Restore(start()), "discount": cart.SetDiscount(sale.Discount{}), "note": cart.SetNote("x"),
	} {
		if !errors.Is(err, sale.ErrLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := cart.GiveBack(0); err != nil || cart.Locked() {
		t.Fatalf("give back: %v", err)
	}
	if err := cart.SetNote("x"); err != nil || cart.Note != "x" {
		t.Errorf("note after giving back: %v", err)
	}
}
