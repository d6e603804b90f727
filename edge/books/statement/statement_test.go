package statement_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"shopbox/edge/books"
	"shopbox/edge/books/statement"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// journal collects vouchers and fails the test on an error.
type journal struct {
	t     testing.TB
	rules books.Rules
	list  []books.Voucher
}

func (j *journal) add(voucher books.Voucher, err error) {
	j.t.Helper()
	if err != nil {
		j.t.Fatal(err)
	}
	voucher.Source = fmt.Sprint(len(j.list))
	j.list = append(j.list, voucher)
}

func on(day string, evidence books.Evidence) books.Fact {
	return books.Fact{Day: day, Party: "A", Evidence: evidence}
}

func sold(supply, vat, exempt money.Won, kind sale.TenderKind) sale.Sale {
	total := supply + vat + exempt
	return sale.Sale{
		Kind: sale.Sold, Total: total, Split: sale.Split{Supply: supply, VAT: vat, Exempt: exempt},
		Tenders: []sale.Tender{{Kind: kind, Amount: total}},
	}
}

// november is a small month: sales of 300,000 + 30,000 exempt, goods for
// 100,000 of which 40,000 are left, rent, depreciation, a drawing.
func november(t *testing.T, taxpayer books.Taxpayer) *journal {
	t.Helper()
	j := &journal{t: t, rules: books.Rules{Taxpayer: taxpayer}}
	r := j.rules
	j.add(r.Owner(on("2026-10-01", books.Internal), books.Cash, -1_000_000))
	j.add(r.Purchase(books.Purchase{
		Fact: on("2026-10-02", books.TaxInvoice), Account: "212", Supply: 600_000, VAT: 60_000, Paid: books.Cash,
	}))
	j.add(r.Purchase(books.Purchase{
		Fact: on("2026-11-03", books.TaxInvoice), Account: books.Goods, Supply: 100_000, VAT: 10_000, Paid: books.Payable,
	}))
	j.add(r.Sale(on("2026-11-04", ""), sold(200_000, 20_000, 30_000, sale.Cash)))
	j.add(r.Sale(on("2026-11-05", ""), sold(100_000, 10_000, 0, sale.Card)))
	j.add(r.Purchase(books.Purchase{
		Fact: on("2026-11-10", books.Receipt), Account: "819", Supply: 50_000, VAT: 5000, Paid: books.Cash,
	}))
	j.add(r.Owner(on("2026-11-11", books.Internal), books.Cash, 20_000))
	j.add(r.Depreciate(on("2026-11-30", books.Internal), books.AssetUse{Account: "212", Cost: 600_000, Life: 5}, 1))
	j.add(r.CostOfGoods(on("2026-11-30", books.Internal), books.Goods, 100_000, 40_000))
	j.add(r.ClearCash(on("2026-11-30", books.Internal), -700))
	return j
}

func month() statement.Period { return statement.Period{From: "2026-11-01", Through: "2026-11-30"} }

func TestTrialBalance(t *testing.T) {
	t.Parallel()
	rows, err := statement.TrialBalance(november(t, books.General).list, month())
	if err != nil {
		t.Fatal(err)
	}
	var opening, balance, debit, credit money.Won
	for _, row := range rows {
		opening, balance = opening+row.Opening, balance+row.Balance
		debit, credit = debit+row.Debit, credit+row.Credit
		if row.Code == books.Cash && (row.Opening != 340_000 || row.Debit != 250_000 || row.Balance != 515_000) {
			t.Errorf("cash %+v", row)
		}
	}
	if opening != 0 || balance != 0 || debit != credit || debit == 0 {
		t.Errorf("%d, %d, %d, %d", opening, balance, debit, credit)
	}
	if !slices.IsSortedFunc(rows, func(a, b statement.Row) int { return int(a.Code[0]) - int(b.Code[0]) }) {
		t.Error("not in order")
	}
	if _, err := statement.TrialBalance(nil, statement.Period{From: "b", Through: "a"}); !errors.Is(err, statement.ErrPeriod) {
		t.Error(err)
	}
}

func TestProfitAndBalance(t *testing.T) {
	t.Parallel()
	j := november(t, books.General)
	profit, err := statement.Profit(j.list, month())
	if err != nil {
		t.Fatal(err)
	}
	if profit.Revenue != 330_000 || profit.GrossProfit != 270_000 || profit.OperatingProfit != 205_000 || profit.NetProfit != 204_300 {
		t.Errorf("%+v", profit)
	}
	sheet, err := statement.Balance(j.list, "2026-11-30")
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Result != 204_300 || sheet.TotalAssets != sheet.TotalLiabilities+sheet.TotalEquity || sheet.TotalLiabilities != 140_000 {
		t.Errorf("%+v", sheet)
	}
	closing, err := statement.Close(j.list, on("2026-11-30", ""))
	if err != nil {
		t.Fatal(err)
	}
	j.add(closing, nil)
	after, err := statement.Balance(j.list, "2026-11-30")
	if err != nil || after.Result != 0 || after.TotalEquity != sheet.TotalEquity || len(after.Equity) != 1 {
		t.Errorf("%+v, %v", after, err)
	}
	again, err := statement.Profit(j.list, month())
	if err != nil || again.NetProfit != profit.NetProfit {
		t.Errorf("%+v, %v", again, err)
	}
	if twice, err := statement.Close(j.list, on("2026-11-30", "")); err != nil || !twice.Entry.Empty() {
		t.Errorf("%+v, %v", twice, err)
	}
}

func TestAdmit(t *testing.T) {
	t.Parallel()
	late := books.Voucher{Fact: on("2026-11-30", "")}
	if err := statement.Admit(late, "2026-11-30"); !errors.Is(err, statement.ErrClosed) {
		t.Error(err)
	}
	for _, closed := range []string{"", "2026-11-29"} {
		if err := statement.Admit(late, closed); err != nil {
			t.Error(err)
		}
	}
}

func TestGeneralLedger(t *testing.T) {
	t.Parallel()
	j := november(t, books.General)
	slices.Reverse(j.list)
	ledger, err := statement.GeneralLedger(j.list, books.Cash, "", month())
	if err != nil {
		t.Fatal(err)
	}
	var balances []money.Won
	for _, posting := range ledger.Postings {
		balances = append(balances, posting.Balance)
	}
	if ledger.Opening != 340_000 || ledger.Closing != 515_000 || !slices.Equal(balances, []money.Won{590_000, 535_000, 515_000}) {
		t.Errorf("%+v", ledger)
	}
	if ledger.Postings[0].Source != "3" || ledger.Postings[0].Debit != 250_000 || ledger.Postings[1].Credit != 55_000 {
		t.Errorf("%+v", ledger.Postings)
	}
	part, err := statement.GeneralLedger(j.list, books.Payable, "A", month())
	if err != nil || part.Closing != -110_000 {
		t.Errorf("%+v, %v", part, err)
	}
	if _, err := statement.GeneralLedger(nil, "000", "", month()); !errors.Is(err, books.ErrAccount) {
		t.Error(err)
	}
}

// brief writes a line of the simplified book in its columns.
func brief(r statement.SimpleRow) string {
	return fmt.Sprint(r.Day[8:], " ", r.Account, " ", r.Income, r.Expense, r.Asset, " ", r.Remark)
}

func TestSimpleBook(t *testing.T) {
	t.Parallel()
	for taxpayer, want := range map[books.Taxpayer][]string{
		books.General: {
			"02 비품 {0 0} {0 0} {600,000 60,000} 세계",
			"03 상품 {0 0} {100,000 10,000} {0 0} 세계",
			"04 상품매출 {200,000 20,000} {0 0} {0 0} 영",
			"04 상품매출 {30,000 0} {0 0} {0 0} 영",
			"05 상품매출 {100,000 10,000} {0 0} {0 0} 카드",
			"10 지급임차료 {0 0} {55,000 0} {0 0} 영",
			"30 감가상각비 {0 0} {10,000 0} {0 0} ",
			"30 잡손실 {0 0} {700 0} {0 0} ",
		},
		books.Simplified: {
			"02 비품 {0 0} {0 0} {600,000 60,000} 세계",
			"03 상품 {0 0} {100,000 10,000} {0 0} 세계",
			"04 상품매출 {220,000 0} {0 0} {0 0} 영",
			"04 상품매출 {30,000 0} {0 0} {0 0} 영",
			"05 상품매출 {110,000 0} {0 0} {0 0} 카드",
			"10 지급임차료 {0 0} {55,000 0} {0 0} 영",
			"30 감가상각비 {0 0} {10,000 0} {0 0} ",
			"30 잡손실 {0 0} {700 0} {0 0} ",
		},
	} {
		rows := statement.SimpleBook(november(t, taxpayer).list, statement.Period{From: "2026-10-01", Through: "2026-12-31"})
		var got []string
		for _, row := range rows {
			got = append(got, brief(row))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%q\n%q", taxpayer, got, want)
		}
	}
}

func TestSimpleBookOfABusyDay(t *testing.T) {
	t.Parallel()
	for count, lines := range map[int]int{49: 49, 50: 2} {
		j := &journal{t: t}
		for i := range count {
			kind := sale.Cash
			if i%2 == 0 {
				kind = sale.Card
			}
			j.add(j.rules.Sale(on("2026-11-04", ""), sold(1000, 100, 0, kind)))
		}
		rows := statement.SimpleBook(j.list, month())
		var income, vat money.Won
		sources := 0
		for _, row := range rows {
			income, vat, sources = income+row.Income.Amount, vat+row.Income.VAT, sources+len(row.Sources)
		}
		if len(rows) != lines || sources != count || income != money.Won(1000*count) || vat != money.Won(100*count) {
			t.Errorf("%d sales: %d lines, %d sources, %d", count, len(rows), sources, income)
		}
	}
}

// randomYear is a year of random sales and events.
func randomYear(tb testing.TB, count int) *journal {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 5))
	j := &journal{t: tb}
	for i := range count {
		day := fmt.Sprintf("2026-%02d-%02d", 1+12*i/count, 1+random.IntN(28))
		won := money.Won(random.Int64N(300_000))
		switch random.IntN(10) {
		case 0:
			j.add(j.rules.Purchase(books.Purchase{
				Fact: on(day, books.TaxInvoice), Account: books.Goods, Supply: won, VAT: won / 10, Paid: books.Cash,
			}))
		case 1:
			j.add(j.rules.CardDeposit(books.CardDeposit{Fact: on(day, ""), Gross: won, Deposit: won - won/250}))
		case 2:
			j.add(j.rules.Owner(on(day, ""), books.Cash, won))
		default:
			supply, vat := money.SplitIncluded(won)
			j.add(j.rules.Sale(on(day, ""), sold(supply, vat, won/3, sale.Card)))
		}
	}
	return j
}

func TestStatementsOfARandomYearAgree(t *testing.T) {
	t.Parallel()
	j := randomYear(t, 3000)
	var net money.Won
	for month := 1; month <= 12; month++ {
		period := statement.Period{From: fmt.Sprintf("2026-%02d-01", month), Through: fmt.Sprintf("2026-%02d-31", month)}
		profit, err := statement.Profit(j.list, period)
		if err != nil {
			t.Fatal(err)
		}
		net += profit.NetProfit
		sheet, err := statement.Balance(j.list, period.Through)
		if err != nil || sheet.Result != net || sheet.TotalAssets != sheet.TotalLiabilities+sheet.TotalEquity {
			t.Fatalf("%+v, %d, %v", sheet, net, err)
		}
		closing, err := statement.Close(j.list, on(period.Through, ""))
		if err != nil {
			t.Fatal(err)
		}
		j.add(closing, nil)
		net = 0
	}
}

func BenchmarkCloseOfAYear(b *testing.B) {
	j := randomYear(b, 100_000)
	for b.Loop() {
		if _, err := statement.Close(j.list, on("2026-12-31", "")); err != nil {
			b.Fatal(err)
		}
		if _, err := statement.Profit(j.list, statement.Period{From: "2026-01-01", Through: "2026-12-31"}); err != nil {
			b.Fatal(err)
		}
		if _, err := statement.Balance(j.list, "2026-12-31"); err != nil {
			b.Fatal(err)
		}
	}
}
