package vat_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"shopbox/edge/books"
	"shopbox/edge/books/vat"
	"shopbox/protocol/money"
)

func rates(t *testing.T) vat.Rates {
	t.Helper()
	known, err := vat.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func record(source string, taxes ...books.Tax) books.Voucher {
	return books.Voucher{Fact: books.Fact{Day: "2026-11-23", Source: source, Party: source}, Taxes: taxes}
}

func tax(use books.Use, supply, vat money.Won) books.Tax {
	return books.Tax{Use: use, Supply: supply, VAT: vat, ByCard: use == books.OutputCard}
}

func half(trade vat.Trade) vat.Filing {
	return vat.Filing{Business: vat.Business{Trade: trade}, From: "2026-07-01", Through: "2026-12-31"}
}

func TestGeneralReturn(t *testing.T) {
	t.Parallel()
	filing := half(vat.Restaurant)
	filing.Filed, filing.Notice = "2027-01-25", 500_000
	result, err := vat.GeneralReturn([]books.Voucher{
		record("a", tax(books.OutputInvoice, 10_000_000, 1_000_000)),
		record("b", tax(books.OutputCard, 50_000_000, 5_000_000), tax(books.OutputExempt, 1000, 0)),
		record("c", tax(books.OutputOther, 5_000_000, 500_000)),
		record("d", tax(books.InputInvoice, 10_000_000, 1_000_000)),
		record("e", tax(books.InputAsset, 2_000_000, 200_000)),
		record("f", tax(books.InputCard, 1_000_000, 100_000)),
		record("g", tax(books.InputRefused, 300_000, 30_000)),
		record("h", tax(books.InputFood, 10_900_000, 0)),
		{Fact: books.Fact{Day: "2026-06-30"}, Taxes: []books.Tax{tax(books.OutputCard, 1, 1)}},
	}, filing, rates(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name        string
		box         vat.Box
		supply, tax money.Won
		sources     string
	}{
		{"1", result.Box1Invoices, 10_000_000, 1_000_000, "a"},
		{"3", result.Box3Cards, 50_000_000, 5_000_000, "b"},
		{"4", result.Box4Other, 5_000_000, 500_000, "c"},
		{"9", result.Box9Output, 65_000_000, 6_500_000, "abc"},
		{"10", result.Box10Invoices, 10_300_000, 1_030_000, "dg"},
		{"11", result.Box11Assets, 2_000_000, 200_000, "e"},
		{"14", result.Box14Other, 11_900_000, 1_000_000, "fh"},
		{"15", result.Box15Input, 24_200_000, 2_230_000, "dgefh"},
		{"16", result.Box16Refused, 300_000, 30_000, "g"},
		{"17", result.Box17Net, 23_900_000, 2_200_000, ""},
	} {
		got := ""
		for _, part := range tt.box.Parts {
			got += part.Source
		}
		if tt.box.Supply != tt.supply || tt.box.Tax != tt.tax || got != tt.sources {
			t.Errorf("box %s: %+v", tt.name, tt.box)
		}
	}
	if result.Deemed.Tax != 900_000 || result.Deemed.Denominator != 109 || result.Exempt.Supply != 1000 {
		t.Errorf("%+v", result.Deemed)
	}
	if result.Box18Credits != 5000 || result.Box19Card != 715_000 || result.Due != 3_580_000 || result.Pay != 3_080_000 {
		t.Errorf("%d, %d, %d, %d", result.Box18Credits, result.Box19Card, result.Due, result.Pay)
	}
	if !slices.Equal(result.Remarks, []string{vat.RemarkForm}) || len(result.RateSources) != 4 {
		t.Errorf("%q, %q", result.Remarks, result.RateSources)
	}
}

func TestDeemedInput(t *testing.T) {
	t.Parallel()
	for i, tt := range []struct {
		trade              vat.Trade
		company            bool
		through            string
		supply, food, want money.Won
	}{
		{vat.Restaurant, false, "2026-12-31", 300_000_000, 30_000, 2222},
		{vat.Restaurant, false, "2026-12-31", 100_000_000, 109_000_000, 6_192_660}, // 75 % of the base
		{vat.Restaurant, false, "2026-12-31", 200_000_000, 150_000_000, 11_559_633},
		{vat.Restaurant, false, "2026-12-31", 300_000_000, 190_000_000, 13_333_333},
		{vat.Restaurant, false, "2027-06-30", 100_000_000, 10_800_000, 800_000},
		{vat.Restaurant, true, "2026-12-31", 100_000_000, 10_600_000, 600_000},
		{vat.Nightlife, false, "2026-12-31", 100_000_000, 10_200_000, 200_000},
		{vat.Bakery, false, "2026-12-31", 100_000_000, 70_000_000, 3_679_245},
		{vat.Manufacturing, false, "2026-12-31", 100_000_000, 10_400_000, 400_000},
		{vat.Retail, false, "2026-12-31", 100_000_000, 10_200_000, 200_000},
		{vat.Restaurant, false, "2028-06-30", 100_000_000, 108_000_000, 3_703_703},
		{vat.Restaurant, false, "2026-12-31", 0, 30_000, 0},
	} {
		filing := vat.Filing{Business: vat.Business{Trade: tt.trade, Company: tt.company}, From: tt.through[:4] + "-01-01", Through: tt.through}
		bought := record("h", tax(books.InputFood, tt.food, 0), tax(books.OutputOther, tt.supply, tt.supply/10))
		bought.Day = filing.From
		result, err := vat.GeneralReturn([]books.Voucher{bought}, filing, rates(t))
		if err != nil || result.Deemed.Tax != tt.want || result.Box14Other.Tax != tt.want {
			t.Errorf("%d: %+v, %v", i, result.Deemed, err)
		}
	}
}

func TestCardCredit(t *testing.T) {
	t.Parallel()
	for i, tt := range []struct {
		change func(*vat.Filing)
		want   money.Won
	}{
		{func(*vat.Filing) {}, 1_430_000},
		{func(f *vat.Filing) { f.CardCreditUsed = 9_000_000 }, 1_000_000},
		{func(f *vat.Filing) { f.CardCreditUsed = 11_000_000 }, 0},
		{func(f *vat.Filing) { f.From, f.Through = "2027-01-01", "2027-06-30" }, 1_100_000},
		{func(f *vat.Filing) { f.From, f.Through, f.CardCreditUsed = "2027-01-01", "2027-06-30", 4_500_000 }, 500_000},
		{func(f *vat.Filing) { f.Company = true }, 0},
		{func(f *vat.Filing) { f.PriorSupply = 1_000_000_001 }, 0},
		{func(f *vat.Filing) { f.PriorSupply = 1_000_000_000 }, 1_430_000},
		{func(f *vat.Filing) { f.Trade = vat.Manufacturing }, 0},
	} {
		filing := half(vat.Beauty)
		tt.change(&filing)
		sold := record("b", tax(books.OutputCard, 100_000_000, 10_000_000))
		sold.Day = filing.From
		result, err := vat.GeneralReturn([]books.Voucher{sold}, filing, rates(t))
		if err != nil || result.Box19Card != tt.want {
			t.Errorf("%d: %+v, %v", i, result.CardCredit, err)
		}
		if extended := slices.Contains(result.Remarks, "may_be_extended_by_year_end_bill"); extended != (filing.From[:4] == "2027") {
			t.Errorf("%d: %q", i, result.Remarks)
		}
	}
}

func TestCardCreditMakesNoRefund(t *testing.T) {
	t.Parallel()
	result, err := vat.GeneralReturn([]books.Voucher{
		record("a", tax(books.OutputCard, 1_000_000, 100_000)), record("b", tax(books.InputInvoice, 1_234_560, 123_456)),
	}, half(vat.Retail), rates(t))
	if err != nil || result.Box19Card != 0 || result.Due != -23_450 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestReturnsRefuse(t *testing.T) {
	t.Parallel()
	for _, filing := range []vat.Filing{
		{From: "2026-12-31", Through: "2026-07-01"},
		{From: "2026-12-31", Through: "2027-01-01"},
		{},
	} {
		if _, err := vat.GeneralReturn(nil, filing, rates(t)); !errors.Is(err, vat.ErrPeriod) {
			t.Errorf("%+v: %v", filing, err)
		}
	}
	if _, err := vat.GeneralReturn(nil, vat.Filing{From: "2019-01-01", Through: "2019-06-30"}, rates(t)); !errors.Is(err, vat.ErrRate) {
		t.Error(err)
	}
	groups := []vat.Group{{Trade: "juggling"}}
	if _, err := vat.Simplified(groups, half(vat.Retail), 12, rates(t)); !errors.Is(err, vat.ErrRate) {
		t.Error(err)
	}
	if _, err := vat.Simplified(nil, half(vat.Retail), 0, rates(t)); !errors.Is(err, vat.ErrPeriod) {
		t.Error(err)
	}
	for _, content := range []string{"", "[]", `{"deemed":[{"denominator":0}]}`} {
		if _, err := vat.Parse([]byte(content)); !errors.Is(err, vat.ErrRates) {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestSimplified(t *testing.T) {
	t.Parallel()
	filing := vat.Filing{Business: vat.Business{Trade: vat.Restaurant}, From: "2026-01-01", Through: "2026-12-31", Filed: "2027-01-25"}
	cafe := vat.Group{Trade: vat.Restaurant, Vouchers: []books.Voucher{
		record("a", tax(books.OutputOther, 72_727_273, 7_272_727)),
		record("b", tax(books.InputInvoice, 20_000_000, 2_000_000)),
		record("c", tax(books.InputRefused, 1_000_000, 100_000)),
		record("d", tax(books.InputFood, 1_000_000, 0)),
	}}
	result, err := vat.Simplified([]vat.Group{cafe}, filing, 12, rates(t))
	if err != nil {
		t.Fatal(err)
	}
	if result.Tax != 1_200_000 || result.PurchaseCredit != 110_000 || result.FilingCredit != 5000 || result.Due != 1_085_000 || result.Free {
		t.Errorf("%+v", result)
	}
	if !slices.Contains(result.Remarks, vat.RemarkSimplifiedFood) {
		t.Errorf("%q", result.Remarks)
	}
	salon := vat.Group{Trade: vat.Beauty, Vouchers: []books.Voucher{record("e", tax(books.OutputCard, 10_000_000, 1_000_000))}}
	result, err = vat.Simplified([]vat.Group{cafe, salon}, filing, 12, rates(t))
	if err != nil || result.Tax != 1_530_000 || result.CardCredit.Tax != 143_000 || result.Due != 1_272_000 {
		t.Errorf("%+v, %v", result, err)
	}
	result, err = vat.Simplified([]vat.Group{salon}, filing, 12, rates(t))
	if err != nil || !result.Free || result.Due != 0 || result.Tax != 330_000 {
		t.Errorf("%+v, %v", result, err)
	}
	if result, err = vat.Simplified([]vat.Group{salon}, filing, 2, rates(t)); err != nil || result.Free {
		t.Errorf("two months: %+v, %v", result, err)
	}
}

func TestInvoices(t *testing.T) {
	t.Parallel()
	issued, received := vat.Invoices([]books.Voucher{
		record("a", tax(books.OutputInvoice, 100, 10)), record("a", tax(books.OutputInvoice, 200, 20)),
		record("b", tax(books.InputRefused, 300, 30)), record("c", tax(books.InputCard, 1, 1)),
		record("B", tax(books.InputAsset, 500, 50)),
	}, "2026-07-01", "2026-12-31")
	if !slices.Equal(issued, []vat.PartyTotal{{Party: "a", Count: 2, Supply: 300, Tax: 30}}) {
		t.Errorf("%+v", issued)
	}
	if !slices.Equal(received, []vat.PartyTotal{{Party: "B", Count: 1, Supply: 500, Tax: 50}, {Party: "b", Count: 1, Supply: 300, Tax: 30}}) {
		t.Errorf("%+v", received)
	}
	if issued, _ = vat.Invoices([]books.Voucher{record("a", tax(books.OutputInvoice, 1, 1))}, "2026-01-01", "2026-06-30"); len(issued) != 0 {
		t.Errorf("%+v", issued)
	}
}

func TestBoxesAreTheSumOfRandomReceipts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 8))
	uses := []books.Use{
		books.OutputInvoice, books.OutputCard, books.OutputOther, books.OutputExempt, books.InputInvoice, books.InputAsset,
		books.InputCard, books.InputCardAsset, books.InputRefused, books.InputRefusedAsset, books.InputFood,
	}
	for range 100 {
		var vouchers []books.Voucher
		var output, input, food money.Won
		for i := range 200 {
			use := uses[random.IntN(len(uses))]
			amount := tax(use, money.Won(random.Int64N(1_000_000)), money.Won(random.Int64N(100_000)))
			switch use {
			case books.OutputExempt:
				amount.VAT = 0
			case books.InputFood:
				amount.VAT = 0
				food += amount.Supply
			case books.OutputInvoice, books.OutputCard, books.OutputOther:
				output += amount.VAT
			case books.InputInvoice, books.InputAsset, books.InputCard, books.InputCardAsset:
				input += amount.VAT
			case books.InputRefused, books.InputRefusedAsset:
			}
			vouchers = append(vouchers, record(fmt.Sprint(i), amount))
		}
		result, err := vat.GeneralReturn(vouchers, half(vat.Restaurant), rates(t))
		if err != nil {
			t.Fatal(err)
		}
		if result.Box9Output.Tax != output || result.Box17Net.Tax != input+result.Deemed.Tax || result.Food.Supply != food {
			t.Fatalf("%+v", result)
		}
		for _, box := range []vat.Box{result.Box9Output, result.Box14Other, result.Box15Input, result.Box16Refused} {
			var supply, amount money.Won
			for _, part := range box.Parts {
				supply, amount = supply+part.Supply, amount+part.Tax
			}
			if supply != box.Supply || amount != box.Tax {
				t.Fatalf("%d, %d: %+v", supply, amount, box)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"deemed":[{"numerator":9,"denominator":109}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		known, err := vat.Parse(content)
		if err != nil {
			return
		}
		sold := record("b", tax(books.OutputCard, 1000, 100), tax(books.InputFood, 500, 0))
		if result, err := vat.GeneralReturn([]books.Voucher{sold}, half(vat.Retail), known); err == nil && result.Box9Output.Tax != 100 {
			t.Errorf("%+v", result)
		}
	})
}
