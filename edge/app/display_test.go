package app_test

import (
	"slices"
	"testing"

	"shopbox/drivers"
	"shopbox/edge/app"
	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

func TestCustomerLines(t *testing.T) {
	t.Parallel()
	cart := sale.Cart{ID: "c"}
	for _, line := range []sale.Line{
		{ID: "1", Item: sale.Item{Product: "1", Name: "우유", Price: 2800}, Quantity: money.One, Unit: 2800},
		{ID: "2", Item: sale.Item{Product: "2", Name: "식빵", Price: 5000}, Quantity: 2 * money.One, Unit: 5000},
	} {
		if _, err := cart.Add(line); err != nil {
			t.Fatal(err)
		}
	}
	paid := cart
	if err := paid.Take(sale.Tender{Kind: sale.Card, Amount: 10_000, Attempt: "a", Slip: &sale.CardSlip{}}); err != nil {
		t.Fatal(err)
	}
	bread := drivers.DisplayLine{Left: "식빵", Right: "10,000"}
	total := drivers.DisplayLine{Left: "합계", Latin: "Total", Right: "12,800"}
	for name, tt := range map[string]struct {
		snapshot till.Snapshot
		want     []drivers.DisplayLine
	}{
		"nothing":     {},
		"goods":       {till.Snapshot{Cart: till.Cart{Cart: cart}}, []drivers.DisplayLine{bread, total}},
		"partly paid": {till.Snapshot{Cart: till.Cart{Cart: paid}}, []drivers.DisplayLine{bread, {Left: "남은 금액", Latin: "Due", Right: "2,800"}}},
		"change": {
			till.Snapshot{Finished: &till.Finished{Total: 12_800, Change: 7200}},
			[]drivers.DisplayLine{total, {Left: "거스름돈", Latin: "Change", Right: "7,200"}},
		},
		"exact": {till.Snapshot{Finished: &till.Finished{Total: 12_800}}, []drivers.DisplayLine{total}},
	} {
		if got := app.CustomerLines(tt.snapshot); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v; want %v", name, got, tt.want)
		}
	}
}
