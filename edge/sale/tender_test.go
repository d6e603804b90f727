package sale_test

import (
	"errors"
	"testing"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

func TestCashTender(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		due, received  money.Won
		amount, change money.Won
		want           error
	}{
		{due: 8700, received: 10_000, amount: 8700, change: 1300},
		{due: 8700, received: 8700, amount: 8700},
		{due: 8700, received: 5000, amount: 5000},
		{due: 8700, received: 0, want: sale.ErrTender},
		{due: 8700, received: -1, want: sale.ErrTender},
		{due: 0, received: 1000, want: sale.ErrTender},
		{due: 8700, received: sale.MaxPrice + 1, want: sale.ErrTender},
	} {
		got, err := sale.CashTender(tt.due, tt.received)
		if !errors.Is(err, tt.want) || got.Amount != tt.amount || got.Change != tt.change {
			t.Errorf("%d for %d: %+v, %v", tt.received, tt.due, got, err)
		}
	}
}

func TestTakeRefuses(t *testing.T) {
	t.Parallel()
	for name, tender := range map[string]sale.Tender{
		"nothing":          {Kind: sale.Cash},
		"less than that":   {Kind: sale.Cash, Amount: -1, Received: -1},
		"more than is due": {Kind: sale.Card, Amount: 1501, Attempt: "a"},
		"cash that lies":   {Kind: sale.Cash, Amount: 1500, Received: 2000, Change: 400},
		"negative change":  {Kind: sale.Cash, Amount: 1500, Received: 1000, Change: -500},
		"card unattempted": {Kind: sale.Card, Amount: 1500},
		"card with change": {Kind: sale.Card, Amount: 1500, Attempt: "a", Received: 2000, Change: 500},
		"unknown kind":     {Kind: "shells", Amount: 1500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cart := cartOf(t, piece("1", "cola", 1500, money.One))
			if err := cart.Take(tender); !errors.Is(err, sale.ErrTender) {
				t.Errorf("error %v", err)
			}
			if cart.Locked() {
				t.Error("the tender was taken")
			}
		})
	}
	if err := (&sale.Cart{}).Take(sale.Tender{Kind: sale.Cash, Amount: 1, Received: 1}); !errors.Is(err, sale.ErrEmpty) {
		t.Errorf("empty cart: %v", err)
	}
}

func TestSplitTenders(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1500, 4*money.One))
	card := sale.Tender{Kind: sale.Card, Amount: 4000, Attempt: "a", Slip: &sale.CardSlip{Approval: "12345678"}}
	cash, err := sale.CashTender(2000, 5000)
	if err != nil {
		t.Fatal(err)
	}
	for _, tender := range []sale.Tender{card, cash} {
		if _, err := cart.Close(sale.Person{}, start()); !errors.Is(err, sale.ErrDue) {
			t.Errorf("closed before it was paid: %v", err)
		}
		if err := cart.Take(tender); err != nil {
			t.Fatal(err)
		}
	}
	closed, err := cart.Close(sale.Person{ID: "p", Name: "민지"}, start())
	if err != nil {
		t.Fatal(err)
	}
	if closed.Total != 6000 || closed.Change() != 3000 || len(closed.Tenders) != 2 || closed.By.Name != "민지" {
		t.Errorf("sale %+v", closed)
	}
}

func TestGiveBack(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1500, money.One))
	for _, attempt := range []string{"a", "b", "c"} {
		if err := cart.Take(sale.Tender{Kind: sale.Card, Amount: 300, Attempt: attempt}); err != nil {
			t.Fatal(err)
		}
	}
	for _, i := range []int{-1, 3} {
		if err := cart.GiveBack(i); !errors.Is(err, sale.ErrTender) {
			t.Errorf("tender %d: %v", i, err)
		}
	}
	before := cart.Clone()
	if err := cart.GiveBack(1); err != nil {
		t.Fatal(err)
	}
	if len(cart.Tenders) != 2 || cart.Tenders[1].Attempt != "c" || before.Tenders[1].Attempt != "b" {
		t.Errorf("left %+v, before %+v", cart.Tenders, before.Tenders)
	}
}

func TestCloseOfNothing(t *testing.T) {
	t.Parallel()
	cart := &sale.Cart{ID: "cart"}
	if _, err := cart.Close(sale.Person{}, start()); !errors.Is(err, sale.ErrEmpty) {
		t.Errorf("empty cart: %v", err)
	}
	cart = cartOf(t, piece("1", "cola", 1500, money.One))
	if err := cart.SetDiscount(sale.Discount{Permille: 1000}); err != nil {
		t.Fatal(err)
	}
	closed, err := cart.Close(sale.Person{}, start())
	if err != nil || closed.Total != 0 || closed.Lines[0].Discount != 1500 {
		t.Errorf("given away: %+v, %v", closed, err)
	}
}

func TestCost(t *testing.T) {
	t.Parallel()
	cost := money.Won(700)
	line := sale.SoldLine{Item: sale.Item{Cost: &cost}, Quantity: 2500}
	if got := line.Cost(); got == nil || *got != 1750 {
		t.Errorf("cost %v", got)
	}
	if (sale.SoldLine{Quantity: money.One}).Cost() != nil {
		t.Error("a cost out of nothing")
	}
}
