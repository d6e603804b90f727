package stock_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"shopbox/edge/sale"
	"shopbox/edge/stock"
	"shopbox/protocol/money"
)

func line(id, product string, quantity money.Milli) sale.SoldLine {
	return sale.SoldLine{
		ID: id, Item: sale.Item{Product: product, Name: "name of " + product, ByWeight: true},
		Quantity: quantity, Unit: 100, Amount: money.Won(100).Times(quantity),
	}
}

func TestForSale(t *testing.T) {
	t.Parallel()
	done := sale.Sale{ID: "s", Kind: sale.Sold, Lines: []sale.SoldLine{
		line("1", "a", 2000), line("2", "", 1000), line("3", "b", 1234), line("4", "a", 1000),
	}}
	want := []stock.Movement{
		{Product: "a", Name: "name of a", Quantity: -3000, Reason: stock.Sale, Ref: "s"},
		{Product: "b", Name: "name of b", Quantity: -1234, Reason: stock.Sale, Ref: "s"},
	}
	if got := stock.ForSale(done); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	done.Kind = sale.Refunded
	for i := range want {
		want[i].Quantity, want[i].Reason = -want[i].Quantity, stock.Refund
	}
	if got := stock.ForSale(done); !slices.Equal(got, want) {
		t.Errorf("given back: %+v", got)
	}
}

func TestSaleAndAllItsRefundsMoveNothing(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 9))
	for range 500 {
		original := sale.Sale{ID: "s", Number: "20261123-0001", Kind: sale.Sold}
		for i := range 1 + random.IntN(6) {
			quantity := 2 + money.Milli(random.Int64N(5000))
			original.Lines = append(original.Lines, line(fmt.Sprint(i), fmt.Sprint(random.IntN(3)), quantity))
		}
		half := refund(t, original, nil, 2)
		rest := refund(t, original, []sale.Sale{half}, 1)
		levels := make(map[string]money.Milli)
		for _, done := range []sale.Sale{original, half, rest} {
			for _, movement := range stock.ForSale(done) {
				levels[movement.Product] += movement.Quantity
			}
		}
		for product, level := range levels {
			if level != 0 {
				t.Fatalf("product %s stands at %s", product, level)
			}
		}
	}
}

// refund gives back one part in so many of what is left.
func refund(t *testing.T, original sale.Sale, earlier []sale.Sale, parts money.Milli) sale.Sale {
	t.Helper()
	request := sale.RefundRequest{ID: "r", Original: original, Earlier: earlier}
	for id, quantity := range sale.Left(original, earlier) {
		request.Picks = append(request.Picks, sale.Pick{Line: id, Quantity: quantity / parts})
	}
	given, err := sale.Refund(request)
	if err != nil {
		t.Fatal(err)
	}
	return given
}

func TestCount(t *testing.T) {
	t.Parallel()
	movement, moved := stock.Count("p", "쌀", 12_000, 11_500)
	if !moved || movement.Quantity != -500 || movement.Reason != stock.Counted || movement.Name != "쌀" {
		t.Errorf("%+v", movement)
	}
	if _, moved := stock.Count("p", "쌀", 12_000, 12_000); moved {
		t.Error("what agrees moved")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		movement stock.Movement
		want     error
	}{
		"received":        {stock.Movement{Product: "p", Quantity: 1000, Reason: stock.Received}, nil},
		"sent back":       {stock.Movement{Product: "p", Quantity: -1000, Reason: stock.Received}, nil},
		"lost":            {stock.Movement{Product: "p", Quantity: -1000, Reason: stock.Lost}, nil},
		"opening":         {stock.Movement{Product: "p", Quantity: 1000, Reason: stock.Opening}, nil},
		"counted":         {stock.Movement{Product: "p", Quantity: -1, Reason: stock.Counted}, nil},
		"lost backwards":  {stock.Movement{Product: "p", Quantity: 1000, Reason: stock.Lost}, stock.ErrMovement},
		"no product":      {stock.Movement{Quantity: 1000, Reason: stock.Received}, stock.ErrMovement},
		"nothing":         {stock.Movement{Product: "p", Reason: stock.Received}, stock.ErrMovement},
		"absurd":          {stock.Movement{Product: "p", Quantity: stock.MaxQuantity + 1, Reason: stock.Received}, stock.ErrMovement},
		"a sale by hand":  {stock.Movement{Product: "p", Quantity: -1000, Reason: stock.Sale}, stock.ErrMovement},
		"refund by hand":  {stock.Movement{Product: "p", Quantity: 1000, Reason: stock.Refund}, stock.ErrMovement},
		"no such reason":  {stock.Movement{Product: "p", Quantity: 1000, Reason: "eaten"}, stock.ErrMovement},
		"absurd the less": {stock.Movement{Product: "p", Quantity: -stock.MaxQuantity - 1, Reason: stock.Lost}, stock.ErrMovement},
	} {
		if err := tt.movement.Check(); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
