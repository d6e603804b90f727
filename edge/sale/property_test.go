package sale_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// randomLine is any line a cart takes.
func randomLine(random *rand.Rand, id string) sale.Line {
	price := money.Won(random.Int64N(100_000))
	if random.IntN(10) == 0 {
		price = money.Won(random.Int64N(20))
	}
	line := piece(id, fmt.Sprint("product ", random.IntN(6)), price, money.Milli(1+random.Int64N(9))*money.One)
	if random.IntN(3) == 0 {
		line = weighed(id, price, 1+money.Milli(random.Int64N(5000)))
	}
	if random.IntN(2) == 0 {
		line.Item.VAT = money.Exempt
	}
	switch random.IntN(4) {
	case 0:
		line.Discount.Permille = random.Int64N(1001)
	case 1:
		line.Discount.Amount = money.Won(random.Int64N(int64(price.Times(line.Quantity)) + 1))
	}
	return line
}

func randomCart(t *testing.T, random *rand.Rand) *sale.Cart {
	t.Helper()
	cart := &sale.Cart{ID: "cart"}
	for i := range 1 + random.IntN(8) {
		if _, err := cart.Add(randomLine(random, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	discount := sale.Discount{}
	switch random.IntN(3) {
	case 0:
		discount.Permille = random.Int64N(1001)
	case 1:
		discount.Amount = money.Won(random.Int64N(int64(cart.Totals().Total) + 1))
	}
	if err := cart.SetDiscount(discount); err != nil {
		t.Fatal(err)
	}
	return cart
}

func TestTotalsAlwaysAddUp(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(23, 11))
	for range 5000 {
		cart := randomCart(t, random)
		totals := cart.Totals()
		var sum, gross, discount money.Won
		for i, line := range totals.Lines {
			if line.Amount != line.Gross-line.Own-line.Share || line.Amount < 0 || line.Share < 0 {
				t.Fatalf("line %d of %+v: %+v", i, cart, line)
			}
			sum += line.Amount
			gross += line.Gross
			discount += line.Own + line.Share
		}
		switch {
		case totals.Total != sum || totals.Due != sum:
			t.Fatalf("lines add up to %d, total %d, due %d", sum, totals.Total, totals.Due)
		case totals.Gross != gross || totals.Discount != discount || gross-discount != totals.Total:
			t.Fatalf("gross %d less discount %d is not %d", gross, discount, totals.Total)
		case totals.Supply+totals.VAT+totals.Exempt != totals.Total:
			t.Fatalf("%+v does not add up to %d", totals.Split, totals.Total)
		}
	}
}

func TestCartDiscountIsSpreadWhole(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 5))
	for range 5000 {
		cart := randomCart(t, random)
		before := cart.Clone()
		before.Discount = sale.Discount{}
		var shares money.Won
		for _, line := range cart.Totals().Lines {
			shares += line.Share
		}
		if want := cart.Discount.On(before.Totals().Total); shares != want {
			t.Fatalf("shares add up to %d; the discount is %d", shares, want)
		}
	}
}

// refundAll gives a sale back in random bites until nothing is left.
func refundAll(t *testing.T, random *rand.Rand, original sale.Sale) []sale.Sale {
	t.Helper()
	var refunds []sale.Sale
	for {
		left := sale.Left(original, refunds)
		var picks []sale.Pick
		for _, line := range original.Lines {
			if quantity := bite(random, line, left[line.ID]); quantity > 0 {
				picks = append(picks, sale.Pick{Line: line.ID, Quantity: quantity})
			}
		}
		if len(picks) == 0 {
			if whole(left) {
				return refunds
			}
			continue
		}
		refund, err := sale.Refund(sale.RefundRequest{
			ID: fmt.Sprint("r", len(refunds)), Original: original, Earlier: refunds, Picks: picks, At: start(),
		})
		if err != nil {
			t.Fatal(err)
		}
		refunds = append(refunds, refund)
	}
}

func bite(random *rand.Rand, line sale.SoldLine, left money.Milli) money.Milli {
	if left == 0 || random.IntN(2) == 0 {
		return 0
	}
	if random.IntN(3) == 0 {
		return left
	}
	quantity := 1 + money.Milli(random.Int64N(int64(left)))
	if !line.Item.ByWeight {
		quantity = (quantity + money.One - 1) / money.One * money.One
	}
	return quantity
}

func whole(left map[string]money.Milli) bool {
	for _, quantity := range left {
		if quantity != 0 {
			return false
		}
	}
	return true
}

func TestAllRefundsAreTheSale(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	for range 2000 {
		original := sold(t, randomCart(t, random))
		var total money.Won
		var split sale.Split
		ids := make(map[string]bool)
		for _, refund := range refundAll(t, random, original) {
			checkRefund(t, refund)
			total += refund.Total
			split.Supply += refund.Supply
			split.VAT += refund.VAT
			split.Exempt += refund.Exempt
			for _, line := range refund.Lines {
				if ids[line.ID] {
					t.Fatalf("two lines are called %s", line.ID)
				}
				ids[line.ID] = true
			}
		}
		if total != original.Total || split != original.Split {
			t.Fatalf("%d %+v was sold; %d %+v given back", original.Total, original.Split, total, split)
		}
	}
}

func checkRefund(t *testing.T, refund sale.Sale) {
	t.Helper()
	var sum money.Won
	for _, line := range refund.Lines {
		if line.Amount < 0 || line.Amount != line.Unit.Times(line.Quantity)-line.Discount {
			t.Fatalf("line %+v", line)
		}
		sum += line.Amount
	}
	if sum != refund.Total || refund.Supply+refund.VAT+refund.Exempt != refund.Total {
		t.Fatalf("lines add up to %d, total %d, split %+v", sum, refund.Total, refund.Split)
	}
	if refund.Supply < 0 || refund.VAT < 0 || refund.Exempt < 0 {
		t.Fatalf("less than nothing in %+v", refund.Split)
	}
}
