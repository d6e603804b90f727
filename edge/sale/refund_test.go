package sale_test

import (
	"errors"
	"testing"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// sold closes a cart in cash.
func sold(t *testing.T, cart *sale.Cart) sale.Sale {
	t.Helper()
	if total := cart.Totals().Total; total > 0 {
		if err := cart.Take(sale.Tender{Kind: sale.Cash, Amount: total, Received: total}); err != nil {
			t.Fatal(err)
		}
	}
	closed, err := cart.Close(sale.Person{ID: "p"}, start())
	if err != nil {
		t.Fatal(err)
	}
	closed.Number = "20261123-0001"
	return closed
}

func TestRefundOfAPart(t *testing.T) {
	t.Parallel()
	cart := cartOf(t, piece("1", "cola", 1500, 3*money.One), weighed("2", 19_900, 1234))
	if err := cart.SetDiscount(sale.Discount{Permille: 50}); err != nil {
		t.Fatal(err)
	}
	original := sold(t, cart)
	refund, err := sale.Refund(sale.RefundRequest{
		ID: "r", Original: original, Reason: "broken", By: sale.Person{ID: "m"}, At: start(),
		Picks: []sale.Pick{{Line: "1", Quantity: money.One}, {Line: "2", Quantity: 234}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if refund.Kind != sale.Refunded || refund.Original != original.Number || refund.Reason != "broken" {
		t.Errorf("refund %+v", refund)
	}
	// 4,500 less 5 % is 4,275, a third of it 1,425; VAT 130.
	if line := refund.Lines[0]; line.Amount != 1425 || line.Discount != 75 || line.Of != "1" || line.ID == "1" {
		t.Errorf("line %+v", line)
	}
	if refund.VAT != 130 || refund.Supply != 1295 || refund.Exempt != refund.Lines[1].Amount {
		t.Errorf("split %+v", refund.Split)
	}
	if left := sale.Left(original, []sale.Sale{refund}); left["1"] != 2*money.One || left["2"] != 1000 {
		t.Errorf("left %v", left)
	}
}

func TestRefundRefuses(t *testing.T) {
	t.Parallel()
	original := sold(t, cartOf(t, piece("1", "cola", 1500, 2*money.One), weighed("2", 19_900, 1234)))
	all := sale.RefundRequest{ID: "r1", Original: original, Picks: []sale.Pick{{Line: "1", Quantity: 2 * money.One}}}
	earlier, err := sale.Refund(all)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		request sale.RefundRequest
		want    error
	}{
		"nothing":        {sale.RefundRequest{Original: original}, sale.ErrEmpty},
		"a refund":       {sale.RefundRequest{Original: earlier, Picks: all.Picks}, sale.ErrNotRefundable},
		"unknown line":   {sale.RefundRequest{Original: original, Picks: []sale.Pick{{Line: "9", Quantity: money.One}}}, sale.ErrNoLine},
		"no quantity":    {sale.RefundRequest{Original: original, Picks: []sale.Pick{{Line: "1"}}}, sale.ErrQuantity},
		"negative":       {sale.RefundRequest{Original: original, Picks: []sale.Pick{{Line: "1", Quantity: -money.One}}}, sale.ErrQuantity},
		"half a piece":   {sale.RefundRequest{Original: original, Picks: []sale.Pick{{Line: "1", Quantity: 500}}}, sale.ErrQuantity},
		"more than sold": {sale.RefundRequest{Original: original, Picks: []sale.Pick{{Line: "2", Quantity: 1235}}}, sale.ErrRefundTooMuch},
		"all again":      {sale.RefundRequest{Original: original, Earlier: []sale.Sale{earlier}, Picks: all.Picks}, sale.ErrRefundTooMuch},
		"twice at once": {sale.RefundRequest{Original: original, Picks: []sale.Pick{
			{Line: "1", Quantity: money.One}, {Line: "1", Quantity: 2 * money.One},
		}}, sale.ErrRefundTooMuch},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := sale.Refund(tt.request); !errors.Is(err, tt.want) {
				t.Errorf("error %v; want %v", err, tt.want)
			}
		})
	}
}
