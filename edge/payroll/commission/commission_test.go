package commission_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/commission"
	"shopbox/protocol/money"
)

func tiers(whole bool) commission.Rule {
	return commission.Rule{
		LessVAT: true, LessMaterial: true, Whole: whole,
		Tiers: []commission.Tier{{Over: 0, Permille: 300}, {Over: 5_000_000, Permille: 350}, {Over: 10_000_000, Permille: 400}},
	}
}

func TestPay(t *testing.T) {
	sales := commission.Sales{Gross: 13_200_000, VAT: 1_200_000, Material: 1_000_000}
	for name, c := range map[string]struct {
		rule        commission.Rule
		sales       commission.Sales
		base, total money.Won
		parts       int
	}{
		"of all": {commission.Rule{Tiers: []commission.Tier{{Over: 0, Permille: 400}}}, sales, 13_200_000, 5_280_000, 1},
		"after VAT": {
			commission.Rule{LessVAT: true, Tiers: []commission.Tier{{Over: 0, Permille: 400}}}, sales, 12_000_000, 4_800_000, 1,
		},
		"after material": {
			commission.Rule{LessMaterial: true, Tiers: []commission.Tier{{Over: 0, Permille: 400}}}, sales, 12_200_000, 4_880_000, 1,
		},
		"by tiers":        {tiers(false), sales, 11_000_000, 1_500_000 + 1_750_000 + 400_000, 3},
		"by highest tier": {tiers(true), sales, 11_000_000, 4_400_000, 1},
		"at the edge":     {tiers(true), commission.Sales{Gross: 5_000_000}, 5_000_000, 1_500_000, 1},
		"over the edge":   {tiers(true), commission.Sales{Gross: 5_000_001}, 5_000_001, 1_750_000, 1},
		"cut to the won":  {tiers(false), commission.Sales{Gross: 333}, 333, 99, 1},
		"no sales":        {tiers(false), commission.Sales{}, 0, 0, 1},
		"material beyond": {tiers(false), commission.Sales{Gross: 100, Material: 200}, 0, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.rule.Pay(c.sales)
			if err != nil {
				t.Fatal(err)
			}
			if got.Base != c.base || got.Total != c.total || len(got.Parts) != c.parts || got.TopUp.Name != "" {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestGuarantee(t *testing.T) {
	rule := tiers(false)
	rule.Guarantee = 2_200_000
	for gross, topUp := range map[money.Won]money.Won{0: 2_200_000, 1_000_000: 1_900_000, 7_000_000: 0, 20_000_000: 0} {
		got, err := rule.Pay(commission.Sales{Gross: gross})
		if err != nil {
			t.Fatal(err)
		}
		if got.TopUp.Amount != topUp || got.Total < rule.Guarantee {
			t.Errorf("%d: got %+v", gross, got)
		}
	}
}

// TestTiersRise holds that more sales never pay less when tiers are paid by
// their parts, and that the parts are the total.
func TestTiersRise(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	rule := tiers(false)
	for range 2_000 {
		less := money.Won(random.Int64N(30_000_000))
		more := less + money.Won(random.Int64N(1_000_000))
		a, err := rule.Pay(commission.Sales{Gross: less})
		if err != nil {
			t.Fatal(err)
		}
		b, err := rule.Pay(commission.Sales{Gross: more})
		if err != nil {
			t.Fatal(err)
		}
		if b.Total < a.Total-money.Won(len(rule.Tiers)) {
			t.Fatalf("%d pays %d, %d pays %d", less, a.Total, more, b.Total)
		}
		var parts money.Won
		for _, part := range b.Parts {
			parts += part.Amount
		}
		if parts != b.Total {
			t.Fatalf("parts %d, total %d", parts, b.Total)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		rule string
		want payroll.Code
	}{
		"good":        {`{"less_vat":true,"tiers":[{"over":0,"permille":400}],"guarantee":2000000}`, ""},
		"unreadable":  {`{`, commission.CodeRule},
		"misspelt":    {`{"less_vatt":true,"tiers":[{"over":0,"permille":400}]}`, commission.CodeRule},
		"two rules":   {`{"tiers":[{"over":0,"permille":400}]}{}`, commission.CodeRule},
		"no tiers":    {`{}`, commission.CodeRule},
		"not from 0":  {`{"tiers":[{"over":1,"permille":400}]}`, commission.CodeRule},
		"falling":     {`{"tiers":[{"over":0,"permille":400},{"over":0,"permille":500}]}`, commission.CodeRule},
		"above all":   {`{"tiers":[{"over":0,"permille":1001}]}`, commission.CodeRule},
		"below 0":     {`{"tiers":[{"over":0,"permille":-1}]}`, commission.CodeRule},
		"guarantee":   {`{"tiers":[{"over":0,"permille":1}],"guarantee":-1}`, commission.CodeRule},
		"part of won": {`{"tiers":[{"over":0,"permille":0.5}]}`, commission.CodeRule},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := commission.Read([]byte(c.rule))
			checkCode(t, err, c.want)
		})
	}
	for _, sales := range []commission.Sales{{Gross: -1}, {Gross: 1, VAT: 2}, {Gross: payroll.MaxPay + 1}, {Material: -1}} {
		_, err := tiers(false).Pay(sales)
		checkCode(t, err, commission.CodeSales)
	}
	_, err := commission.Rule{}.Pay(commission.Sales{})
	checkCode(t, err, commission.CodeRule)
}

func checkCode(t *testing.T, err error, want payroll.Code) {
	t.Helper()
	var refused *payroll.Error
	if want == "" && err == nil || errors.As(err, &refused) && refused.Code == want {
		return
	}
	t.Errorf("got %v, want %q", err, want)
}

// FuzzRead holds that a rule is refused or pays without a crash, never below
// nothing or the guarantee.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"less_vat":true,"tiers":[{"over":0,"permille":400},{"over":1,"permille":500}],"guarantee":2000000}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		rule, err := commission.Read(content)
		if err != nil {
			return
		}
		for _, gross := range []money.Won{0, 1, 5_500_000, payroll.MaxPay} {
			got, err := rule.Pay(commission.Sales{Gross: gross, VAT: gross / 11})
			if err != nil {
				t.Fatal(err)
			}
			if got.Total < rule.Guarantee || got.Total > max(gross, rule.Guarantee) {
				t.Errorf("%s: %d pays %d", content, gross, got.Total)
			}
		}
	})
}
