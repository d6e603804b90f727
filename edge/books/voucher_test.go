package books_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"shopbox/edge/books"
	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// example is an event with the lines the facts give for it.
type example struct {
	name  string
	make  func(books.Rules) (books.Voucher, error)
	lines []books.Line
	taxes []books.Tax
}

func fact(evidence books.Evidence) books.Fact {
	return books.Fact{Day: "2026-11-23", Source: "s1", Party: "A", Evidence: evidence}
}

func d(account string, amount money.Won) books.Line {
	return books.Line{Account: account, Amount: amount}
}

func p(account, party string, amount money.Won) books.Line {
	return books.Line{Account: account, Party: party, Amount: amount}
}

// salesExamples are numbers 1 to 6 of the facts on entries.
func salesExamples() []example {
	card := sale.Tender{Kind: sale.Card, Amount: 110_000, Slip: &sale.CardSlip{Acquirer: "A"}}
	sold := sale.Sale{Kind: sale.Sold, Total: 110_000, Split: sale.Split{Supply: 100_000, VAT: 10_000}, Tenders: []sale.Tender{card}}
	return []example{
		{
			"card sale", func(r books.Rules) (books.Voucher, error) { return r.Sale(fact(""), sold) },
			[]books.Line{p("108", "A", 110_000), d("401", -100_000), d("255", -10_000)},
			[]books.Tax{{Use: books.OutputCard, Supply: 100_000, VAT: 10_000, ByCard: true}},
		},
		{
			"card deposit", func(r books.Rules) (books.Voucher, error) {
				return r.CardDeposit(books.CardDeposit{Fact: fact(books.Internal), Gross: 110_000, Deposit: 109_560})
			},
			[]books.Line{d("103", 109_560), d("831", 440), p("108", "A", -110_000)},
			nil,
		},
		{
			"app sale", func(r books.Rules) (books.Voucher, error) {
				return r.AppSale(books.App{Fact: fact(books.CardSlip), Supply: 10_000, VAT: 1000, Exempt: 500})
			},
			[]books.Line{p("108", "A", 11_500), d("401", -10_000), d("255", -1000), {Account: "401", Exempt: true, Amount: -500}},
			[]books.Tax{
				{Use: books.OutputCard, Supply: 10_000, VAT: 1000, ByCard: true},
				{Use: books.OutputExempt, Supply: 500, ByCard: true},
			},
		},
		{
			"app payout", func(r books.Rules) (books.Voucher, error) {
				return r.AppPayout(books.App{Fact: fact(books.TaxInvoice), Supply: 1000, VAT: 100, Deposit: 9900})
			},
			[]books.Line{d("831", 1000), d("135", 100), d("103", 9900), p("108", "A", -11_000)},
			[]books.Tax{{Use: books.InputInvoice, Supply: 1000, VAT: 100}},
		},
		{
			"pass sold", func(r books.Rules) (books.Voucher, error) {
				return r.PassSold(books.Pass{Fact: fact(""), Supply: 500_000, VAT: 50_000, Paid: books.Cash})
			},
			[]books.Line{d("101", 550_000), p("259", "A", -550_000)},
			nil,
		},
		{
			"pass used", func(r books.Rules) (books.Voucher, error) {
				return r.PassUsed(books.Pass{Fact: fact(""), Supply: 50_000, VAT: 5000})
			},
			[]books.Line{p("259", "A", 55_000), d("412", -50_000), d("255", -5000)},
			[]books.Tax{{Use: books.OutputOther, Supply: 50_000, VAT: 5000}},
		},
	}
}

func buying(evidence books.Evidence, change func(*books.Purchase)) func(books.Rules) (books.Voucher, error) {
	bought := books.Purchase{Fact: fact(evidence), Account: books.Goods, Supply: 50_000, VAT: 5000, Paid: books.Payable}
	change(&bought)
	return func(r books.Rules) (books.Voucher, error) { return r.Purchase(bought) }
}

// purchaseExamples are numbers 8 and 9 of the facts on entries, and the kinds
// of evidence.
func purchaseExamples() []example {
	input := func(use books.Use) []books.Tax { return []books.Tax{{Use: use, Supply: 50_000, VAT: 5000}} }
	food := func(p *books.Purchase) {
		p.Account, p.Supply, p.VAT, p.Food, p.Paid = books.Materials, 30_000, 0, true, books.Cash
	}
	split := []books.Line{d("146", 50_000), d("135", 5000), p("251", "A", -55_000)}
	whole := []books.Line{d("146", 55_000), p("251", "A", -55_000)}
	none := func(*books.Purchase) {}
	return []example{
		{"tax invoice", buying(books.TaxInvoice, none), split, input(books.InputInvoice)},
		{"card slip", buying(books.CardSlip, none), split, input(books.InputCard)},
		{"cash receipt", buying(books.CashReceipt, none), split, input(books.InputCard)},
		{"plain receipt", buying(books.Receipt, none), whole, nil},
		{
			"beauty shop's slip", buying(books.CardSlip, func(p *books.Purchase) { p.Refusal = books.SellerTrade }),
			whole, nil,
		},
		{
			"car", buying(books.TaxInvoice, func(p *books.Purchase) { p.Account, p.Refusal = "208", books.PassengerCar }),
			[]books.Line{d("208", 55_000), p("251", "A", -55_000)},
			input(books.InputRefusedAsset),
		},
		{
			"asset", buying(books.TaxInvoice, func(p *books.Purchase) { p.Account = "212" }),
			[]books.Line{d("212", 50_000), d("135", 5000), p("251", "A", -55_000)},
			input(books.InputAsset),
		},
		{
			"entertainment", buying(books.TaxInvoice, func(p *books.Purchase) { p.Account = books.EntertainmentCost }),
			[]books.Line{d("813", 55_000), p("251", "A", -55_000)},
			input(books.InputRefused),
		},
		{
			"tax-free food", buying(books.Invoice, food),
			[]books.Line{d("153", 30_000), p("101", "A", -30_000)},
			[]books.Tax{{Use: books.InputFood, Supply: 30_000}},
		},
		{"food without evidence", buying(books.Receipt, food), []books.Line{d("153", 30_000), p("101", "A", -30_000)}, nil},
		{
			"deemed input", func(r books.Rules) (books.Voucher, error) { return r.Deemed(fact(""), 2222) },
			[]books.Line{d("135", 2222), d("153", -2222)},
			nil,
		},
	}
}

func withheld() []books.Amount {
	return []books.Amount{
		{Due: books.IncomeTax, Won: 56_800},
		{Due: books.LocalTax, Won: 5680},
		{Due: books.Pension, Won: 133_000},
		{Due: books.Health, Won: 113_880},
		{Due: books.Employment, Won: 25_200},
	}
}

// peopleExamples are numbers 10 to 14 of the facts on entries.
func peopleExamples() []example {
	share := []books.Amount{
		{Due: books.Pension, Won: 133_000}, {Due: books.Health, Won: 113_880}, {Due: books.Employment, Won: 32_200},
	}
	freelance := []books.Amount{{Due: books.IncomeTax, Won: 30_000}, {Due: books.LocalTax, Won: 3000}}
	pay := func(account string, gross money.Won, parts []books.Amount) func(books.Rules) (books.Voucher, error) {
		return func(r books.Rules) (books.Voucher, error) {
			return r.Pay(books.Pay{Fact: fact(""), Account: account, Gross: gross, Withheld: parts, Paid: books.Bank})
		}
	}
	return []example{
		{"pay", pay(books.Wages, 3_000_000, withheld()), []books.Line{
			d("801", 3_000_000), p("254", "income_tax", -56_800), p("254", "local_tax", -5680), p("254", "pension", -133_000),
			p("254", "health", -113_880), p("254", "employment", -25_200), d("103", -2_665_440),
		}, nil},
		{"employer", func(r books.Rules) (books.Voucher, error) {
			return r.EmployerShare(fact(""), share, books.UsualShareAccounts())
		}, []books.Line{
			d("817", 133_000), d("811", 113_880), d("821", 32_200),
			p("262", "pension", -133_000), p("262", "health", -113_880), p("262", "employment", -32_200),
		}, nil},
		{"the 10th", func(r books.Rules) (books.Voucher, error) {
			return r.Remit(fact(""), withheld()[2:3], share[:1])
		}, []books.Line{p("254", "pension", 133_000), p("262", "pension", 133_000), d("103", -266_000)}, nil},
		{"freelancer", pay(books.Fees, 1_000_000, freelance), []books.Line{
			d("831", 1_000_000), p("254", "income_tax", -30_000), p("254", "local_tax", -3000), d("103", -967_000),
		}, nil},
		{"day labourer", pay(books.DayWages, 180_000, nil), []books.Line{d("805", 180_000), d("103", -180_000)}, nil},
	}
}

// closingExamples are numbers 7, 15, 17 and 18 of the facts on entries.
func closingExamples() []example {
	closing := func(output, input, notice, due money.Won) func(books.Rules) (books.Voucher, error) {
		return func(r books.Rules) (books.Voucher, error) {
			return r.CloseVAT(books.VATClosing{Fact: fact(""), Output: output, Input: input, Notice: notice, Due: due})
		}
	}
	return []example{
		{"VAT due", closing(10_000, 4000, 0, 5990), []books.Line{
			d("255", 10_000), d("261", -5990), d("930", -10), d("135", -4000),
		}, nil},
		{"VAT after a notice", closing(10_000, 4000, 1000, 6010), []books.Line{
			d("960", 10), d("255", 10_000), d("261", -5010), d("136", -1000), d("135", -4000),
		}, nil},
		{"VAT refund", closing(1000, 4000, 0, -3000), []books.Line{d("120", 3000), d("255", 1000), d("135", -4000)}, nil},
		{
			"notice", func(r books.Rules) (books.Voucher, error) { return r.PayNotice(fact(""), 1000) },
			[]books.Line{d("136", 1000), d("103", -1000)},
			nil,
		},
		{
			"VAT paid", func(r books.Rules) (books.Voucher, error) { return r.PayVAT(fact(""), 5010) },
			[]books.Line{d("261", 5010), d("103", -5010)},
			nil,
		},
		{
			"VAT came back", func(r books.Rules) (books.Voucher, error) { return r.PayVAT(fact(""), -3000) },
			[]books.Line{d("103", 3000), d("120", -3000)},
			nil,
		},
		{
			"count short", func(r books.Rules) (books.Voucher, error) { return r.CashDifference(fact(""), -5000) },
			[]books.Line{d("141", 5000), d("101", -5000)},
			nil,
		},
		{
			"short given up", func(r books.Rules) (books.Voucher, error) { return r.ClearCash(fact(""), -5000) },
			[]books.Line{d("960", 5000), d("141", -5000)},
			nil,
		},
		{
			"over kept", func(r books.Rules) (books.Voucher, error) { return r.ClearCash(fact(""), 300) },
			[]books.Line{d("141", 300), d("930", -300)},
			nil,
		},
		{
			"owner", func(r books.Rules) (books.Voucher, error) { return r.Owner(fact(""), books.Cash, 7000) },
			[]books.Line{d("338", 7000), d("101", -7000)},
			nil,
		},
		{
			"cost", func(r books.Rules) (books.Voucher, error) { return r.CostOfGoods(fact(""), books.Goods, 900, 200) },
			[]books.Line{d("451", 700), d("146", -700)},
			nil,
		},
		{"depreciation", func(r books.Rules) (books.Voucher, error) {
			return r.Depreciate(fact(""), books.AssetUse{Account: "212", Cost: 1_200_000, Life: 5}, 1)
		}, []books.Line{d("818", 20_000), d("213", -20_000)}, nil},
	}
}

func TestVouchers(t *testing.T) {
	t.Parallel()
	for _, tt := range slices.Concat(salesExamples(), purchaseExamples(), peopleExamples(), closingExamples()) {
		done, err := tt.make(books.Rules{Taxpayer: books.General})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if !slices.Equal(done.Entry.Lines(), tt.lines) {
			t.Errorf("%s: %+v; want %+v", tt.name, done.Entry.Lines(), tt.lines)
		}
		if !slices.Equal(done.Taxes, tt.taxes) {
			t.Errorf("%s: %+v; want %+v", tt.name, done.Taxes, tt.taxes)
		}
		if done.Kind == "" || done.Source != "s1" {
			t.Errorf("%s: %+v", tt.name, done)
		}
	}
}

func TestSimplifiedBooksAreGross(t *testing.T) {
	t.Parallel()
	rules := books.Rules{Taxpayer: books.Simplified}
	for _, tt := range slices.Concat(salesExamples(), purchaseExamples()) {
		done, err := tt.make(rules)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range done.Entry.Lines() {
			if tt.name != "deemed input" && (line.Account == books.VATPayable || line.Account == books.VATPrepaid) {
				t.Errorf("%s: VAT on an account: %+v", tt.name, done.Entry.Lines())
			}
		}
		if !slices.Equal(done.Taxes, tt.taxes) {
			t.Errorf("%s: %+v", tt.name, done.Taxes)
		}
	}
	done, err := rules.CloseVAT(books.VATClosing{Due: 1_200_000})
	want := []books.Line{d("817", 1_200_000), d("261", -1_200_000)}
	if err != nil || !slices.Equal(done.Entry.Lines(), want) {
		t.Errorf("%+v, %v", done.Entry.Lines(), err)
	}
	refund := sale.Sale{
		Kind: sale.Refunded, Total: 1100, Split: sale.Split{Supply: 1000, VAT: 100},
		Tenders: []sale.Tender{{Kind: sale.Cash, Amount: 1100}},
	}
	done, err = rules.Sale(fact(""), refund)
	want = []books.Line{d("402", 1100), d("101", -1100)}
	if err != nil || !slices.Equal(done.Entry.Lines(), want) {
		t.Errorf("%+v, %v", done.Entry.Lines(), err)
	}
}

func TestVouchersRefuse(t *testing.T) {
	t.Parallel()
	var rules books.Rules
	_, sold := rules.Sale(fact(""), sale.Sale{Total: 5, Split: sale.Split{Supply: 5}})
	_, pass := rules.PassSold(books.Pass{Supply: 5, Paid: books.Wages})
	_, cost := rules.CostOfGoods(fact(""), books.Cash, 5, 1)
	_, share := rules.EmployerShare(fact(""), withheld(), books.ShareAccounts{})
	_, life := rules.Depreciate(fact(""), books.AssetUse{Account: "212", Cost: 5}, 1)
	_, asset := rules.Depreciate(fact(""), books.AssetUse{Account: books.Cash, Cost: 5, Life: 5}, 1)
	_, bought := rules.Purchase(books.Purchase{Account: "none", Supply: 1, Paid: books.Cash})
	for i, tt := range []struct{ got, want error }{
		{sold, books.ErrUnbalanced},
		{pass, books.ErrAccount},
		{cost, books.ErrAccount},
		{share, books.ErrAccount},
		{life, books.ErrLife},
		{asset, books.ErrAccount},
		{bought, books.ErrAccount},
	} {
		if !errors.Is(tt.got, tt.want) {
			t.Errorf("%d: %v; want %v", i, tt.got, tt.want)
		}
	}
}

func TestRemarks(t *testing.T) {
	t.Parallel()
	done, err := buying(books.Receipt, func(*books.Purchase) {})(books.Rules{})
	if err != nil || !slices.Equal(done.Remarks, []books.Remark{books.RemarkSmallEvidence}) {
		t.Errorf("%v, %v", done.Remarks, err)
	}
	done, err = buying(books.Receipt, func(p *books.Purchase) { p.Supply, p.VAT = 27_273, 2727 })(books.Rules{})
	if err != nil || len(done.Remarks) != 0 {
		t.Errorf("30,000 is small: %v, %v", done.Remarks, err)
	}
}

func TestAssetIsUsedUpExactly(t *testing.T) {
	t.Parallel()
	for _, permille := range []int64{0, 451} {
		asset := books.AssetUse{Account: "212", Cost: 1_000_001, Life: 5, Permille: permille}
		for range 200 {
			share, err := asset.Share(12)
			if err != nil || share < 0 {
				t.Fatal(share, err)
			}
			asset.Accumulated += share
		}
		if asset.Accumulated > asset.Cost || asset.Cost-asset.Accumulated > 3 {
			t.Errorf("%d of %d used at %d", asset.Accumulated, asset.Cost, permille)
		}
	}
}

func TestTaxesOfRandomSalesAddUpToTheSale(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 9))
	for range 1000 {
		done := randomSale(t, random)
		booked, err := books.Rules{}.Sale(fact(""), done)
		if err != nil {
			t.Fatal(err)
		}
		var supply, vat, exempt money.Won
		for _, tax := range booked.Taxes {
			if tax.Use == books.OutputExempt {
				exempt += tax.Supply
				continue
			}
			supply, vat = supply+tax.Supply, vat+tax.VAT
		}
		if supply != done.Supply || vat != done.VAT || exempt != done.Exempt {
			t.Fatalf("%+v became %+v", done.Split, booked.Taxes)
		}
	}
}

func TestRandomEventsKeepTheLedgerAtZero(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 4))
	all := slices.Concat(salesExamples(), purchaseExamples(), peopleExamples(), closingExamples())
	balances := make(map[string]money.Won)
	for range 3000 {
		rules := books.Rules{Taxpayer: []books.Taxpayer{books.General, books.Simplified}[random.IntN(2)]}
		done, err := randomEvent(random, rules, all)
		if err != nil {
			t.Fatal(err)
		}
		var sum money.Won
		for _, line := range done.Entry.Lines() {
			sum += line.Amount
			balances[line.Account] += line.Amount
		}
		if sum != 0 {
			t.Fatalf("%+v", done)
		}
	}
	var sum money.Won
	for _, balance := range balances {
		sum += balance
	}
	if sum != 0 {
		t.Error(fmt.Sprint(balances))
	}
}

// randomEvent is one of the examples or an event of random amounts.
func randomEvent(random *rand.Rand, rules books.Rules, all []example) (books.Voucher, error) {
	won := func() money.Won { return money.Won(random.Int64N(2_000_000) - 500_000) }
	switch random.IntN(5) {
	case 0:
		return rules.Purchase(books.Purchase{
			Fact: fact(books.TaxInvoice), Account: books.Goods, Supply: won(), VAT: won(), Paid: books.Cash,
		})
	case 1:
		return rules.CloseVAT(books.VATClosing{Output: won(), Input: won(), Notice: won(), Due: won()})
	case 2:
		return rules.AppPayout(books.App{Fact: fact(books.CardSlip), Supply: won(), VAT: won(), Deposit: won()})
	case 3:
		return rules.Pay(books.Pay{
			Account: books.Fees, Gross: won(), Paid: books.Accrued, Withheld: []books.Amount{{Due: books.Pension, Won: won()}},
		})
	default:
		return all[random.IntN(len(all))].make(rules)
	}
}

func TestReversedVoucherLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range slices.Concat(salesExamples(), purchaseExamples(), peopleExamples(), closingExamples()) {
		done, err := tt.make(books.Rules{})
		if err != nil {
			t.Fatal(err)
		}
		back, err := done.Reversed(books.Fact{Day: "2026-11-24", Source: "s2"})
		if err != nil || back.Source != "s2" || back.Kind != done.Kind {
			t.Fatalf("%s: %+v, %v", tt.name, back, err)
		}
		both, err := books.NewEntry(append(done.Entry.Lines(), back.Entry.Lines()...)...)
		if err != nil || !both.Empty() {
			t.Errorf("%s: %+v, %v", tt.name, both.Lines(), err)
		}
		for i, tax := range done.Taxes {
			if tax.Gross()+back.Taxes[i].Gross() != 0 || tax.Use != back.Taxes[i].Use {
				t.Errorf("%s: %+v", tt.name, back.Taxes)
			}
		}
	}
}
