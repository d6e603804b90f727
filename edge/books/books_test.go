package books_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"shopbox/edge/books"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

func TestChart(t *testing.T) {
	t.Parallel()
	accounts := books.Accounts()
	if len(accounts) != 73 {
		t.Errorf("%d accounts", len(accounts))
	}
	names := make(map[string]string)
	for _, account := range accounts {
		if len(account.Code) != 3 || account.Name == "" || names[account.Code] != "" || !books.Known(account.Code) {
			t.Errorf("account %+v", account)
		}
		switch account.Class {
		case books.Asset, books.Liability, books.Equity, books.Income, books.Expense:
		default:
			t.Errorf("class of %+v", account)
		}
		names[account.Code] = account.Name
	}
	for code, want := range map[string]string{
		books.Cash: "현금", books.Receivable: "외상매출금", books.CashOverShort: "현금과부족",
		books.VATPayable: "부가세예수금", books.Revenue: "상품매출", books.Returns: "매출환입및에누리",
	} {
		if names[code] != want {
			t.Errorf("%s is %q; want %q", code, names[code], want)
		}
	}
	if !slices.IsSortedFunc(accounts, func(a, b books.Account) int { return int(a.Code[0]) - int(b.Code[0]) }) {
		t.Error("not in order")
	}
	for _, code := range []string{"", "000", "code", "10", "현금"} {
		if books.Known(code) {
			t.Errorf("%q is known", code)
		}
	}
}

func TestNewEntry(t *testing.T) {
	t.Parallel()
	entry, err := books.NewEntry(
		books.Line{Account: books.Revenue, Amount: -1000}, books.Line{Account: books.Cash, Amount: 700},
		books.Line{Account: books.VATPayable}, books.Line{Account: books.Cash, Amount: 300},
	)
	if err != nil {
		t.Fatal(err)
	}
	want := []books.Line{{Account: books.Cash, Amount: 1000}, {Account: books.Revenue, Amount: -1000}}
	got := entry.Lines()
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got[0].Debit() != 1000 || got[0].Credit() != 0 || got[1].Debit() != 0 || got[1].Credit() != 1000 {
		t.Errorf("sides of %+v", got)
	}
	got[0].Amount = 5
	if entry.Lines()[0].Amount != 1000 {
		t.Error("an entry can be changed")
	}
	if empty, err := books.NewEntry(); err != nil || !empty.Empty() || entry.Empty() {
		t.Errorf("%+v, %v", empty, err)
	}
	if _, err := books.NewEntry(books.Line{Account: books.Cash, Amount: 1}); !errors.Is(err, books.ErrUnbalanced) {
		t.Errorf("one side: %v", err)
	}
	if _, err := books.NewEntry(books.Line{Account: "000"}); !errors.Is(err, books.ErrAccount) {
		t.Errorf("no account: %v", err)
	}
}

// shopSale is 11,000 won of taxable goods and 3,000 without VAT.
func shopSale(tenders ...sale.Tender) sale.Sale {
	return sale.Sale{
		Kind: sale.Sold, Total: 14_000, Split: sale.Split{Supply: 10_000, VAT: 1000, Exempt: 3000}, Tenders: tenders,
	}
}

func TestForSale(t *testing.T) {
	t.Parallel()
	cash := sale.Tender{Kind: sale.Cash, Amount: 4000, Received: 5000, Change: 1000}
	card := sale.Tender{Kind: sale.Card, Amount: 10_000, Attempt: "a", Slip: &sale.CardSlip{Acquirer: "신한카드"}}
	entry, err := books.ForSale(shopSale(cash, card))
	if err != nil {
		t.Fatal(err)
	}
	want := []books.Line{
		{Account: books.Cash, Amount: 4000},
		{Account: books.Receivable, Party: "신한카드", Amount: 10_000},
		{Account: books.Revenue, Amount: -10_000},
		{Account: books.Revenue, Exempt: true, Amount: -3000},
		{Account: books.VATPayable, Amount: -1000},
	}
	if got := entry.Lines(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	refund := shopSale(cash, card)
	refund.Kind = sale.Refunded
	entry, err = books.ForSale(refund)
	if err != nil {
		t.Fatal(err)
	}
	want = []books.Line{
		{Account: books.Returns, Amount: 10_000},
		{Account: books.Returns, Exempt: true, Amount: 3000},
		{Account: books.VATPayable, Amount: 1000},
		{Account: books.Cash, Amount: -4000},
		{Account: books.Receivable, Party: "신한카드", Amount: -10_000},
	}
	if got := entry.Lines(); !slices.Equal(got, want) {
		t.Errorf("given back: %+v", got)
	}
}

func TestForSaleRefuses(t *testing.T) {
	t.Parallel()
	short := shopSale(sale.Tender{Kind: sale.Cash, Amount: 13_999})
	if _, err := books.ForSale(short); !errors.Is(err, books.ErrUnbalanced) {
		t.Errorf("not paid in full: %v", err)
	}
	if _, err := books.ForSale(shopSale(sale.Tender{Kind: "shells", Amount: 14_000})); !errors.Is(err, books.ErrTender) {
		t.Errorf("odd tender: %v", err)
	}
	given, err := books.ForSale(sale.Sale{Kind: sale.Sold})
	if err != nil || !given.Empty() {
		t.Errorf("given away: %+v, %v", given, err)
	}
}

func TestForSaleWithoutSlip(t *testing.T) {
	t.Parallel()
	entry, err := books.ForSale(shopSale(sale.Tender{Kind: sale.Card, Amount: 14_000, Attempt: "a"}))
	if err != nil || entry.Lines()[0].Party != "" {
		t.Errorf("%+v, %v", entry, err)
	}
}

func TestForCashDifference(t *testing.T) {
	t.Parallel()
	for difference, want := range map[money.Won][]books.Line{
		-5000: {{Account: books.CashOverShort, Amount: 5000}, {Account: books.Cash, Amount: -5000}},
		300:   {{Account: books.Cash, Amount: 300}, {Account: books.CashOverShort, Amount: -300}},
		0:     {},
	} {
		entry, err := books.ForCashDifference(difference)
		if err != nil || !slices.Equal(entry.Lines(), want) {
			t.Errorf("%d: %+v, %v", difference, entry.Lines(), err)
		}
	}
}

func TestBooksOfRandomSalesAddUpToZero(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(2, 3))
	for range 2000 {
		original := randomSale(t, random)
		balances := make(map[string]money.Won)
		post(t, balances, original)
		if balances[books.Revenue] != -original.Supply-original.Exempt || balances[books.VATPayable] != -original.VAT {
			t.Fatalf("%+v is booked as %v", original, balances)
		}
		var earlier []sale.Sale
		for _, line := range original.Lines {
			refund, err := sale.Refund(sale.RefundRequest{
				ID: line.ID, Original: original, Earlier: earlier, Picks: []sale.Pick{{Line: line.ID, Quantity: line.Quantity}},
			})
			if err != nil {
				t.Fatal(err)
			}
			refund.Tenders = []sale.Tender{{Kind: sale.Cash, Amount: refund.Total}}
			post(t, balances, refund)
			earlier = append(earlier, refund)
		}
		if balances[books.VATPayable] != 0 || balances[books.Revenue]+balances[books.Returns] != 0 {
			t.Fatalf("all given back, and yet %v", balances)
		}
	}
}

// post adds the entry of a sale to the balances and checks that it is whole.
func post(t *testing.T, balances map[string]money.Won, done sale.Sale) {
	t.Helper()
	entry, err := books.ForSale(done)
	if err != nil {
		t.Fatal(err)
	}
	var sum money.Won
	for _, line := range entry.Lines() {
		sum += line.Amount
		balances[line.Account] += line.Amount
	}
	if sum != 0 {
		t.Fatalf("%+v adds up to %d", entry, sum)
	}
}

func randomSale(t *testing.T, random *rand.Rand) sale.Sale {
	t.Helper()
	cart := &sale.Cart{ID: "cart"}
	for i := range 1 + random.IntN(5) {
		vat := money.Taxable
		if random.IntN(2) == 0 {
			vat = money.Exempt
		}
		_, err := cart.Add(sale.Line{
			ID: fmt.Sprint(i), Item: sale.Item{Name: "goods", VAT: vat},
			Quantity: money.Milli(1+random.Int64N(5)) * money.One, Unit: money.Won(random.Int64N(50_000)),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for cart.Totals().Due > 0 {
		tender, err := sale.CashTender(cart.Totals().Due, 1+money.Won(random.Int64N(200_000)))
		if err != nil {
			t.Fatal(err)
		}
		if random.IntN(2) == 0 {
			tender = sale.Tender{Kind: sale.Card, Amount: tender.Amount, Attempt: "a"}
		}
		if err := cart.Take(tender); err != nil {
			t.Fatal(err)
		}
	}
	closed, err := cart.Close(sale.Person{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return closed
}
