package drivers_test

import (
	"errors"
	"testing"
	"time"

	"shopbox/drivers"
)

func TestCashReceiptHolder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		purpose drivers.CashReceiptPurpose
		holder  string
		masked  string
		refused bool
	}{
		{drivers.IncomeDeduction, "010-1234-5678", "010-****-5678", false},
		{drivers.IncomeDeduction, "0111234567", "011-***-4567", false},
		{drivers.IncomeDeduction, "", "", false}, // the terminal asks
		{drivers.ExpenseProof, "220-81-62517", "220-81-*****", false},
		{drivers.ExpenseProof, "01012345678", "010-****-5678", false},
		{drivers.ExpenseProof, "220-81-62518", "220-81-*****", true},
		{drivers.IncomeDeduction, "2208162517", "220-81-*****", true},
		{drivers.IncomeDeduction, "900101-1234567", "900-10-********", true},
		{drivers.IncomeDeduction, "4111 1111 1111 1111", "411-11-***********", true},
		{drivers.SelfIssue, "", "", false},
		{drivers.SelfIssue, "010-1234-5678", "010-****-5678", true},
		{drivers.IncomeDeduction, "123", "***", true},
		{"gift", "01012345678", "010-****-5678", true},
	} {
		receipt := drivers.CashReceipt{Purpose: test.purpose, Holder: test.holder}
		if err := receipt.Check(); errors.Is(err, drivers.ErrHolder) != test.refused {
			t.Errorf("%s %q: %v", test.purpose, test.holder, err)
		}
		if got := receipt.Masked(); got != test.masked {
			t.Errorf("%q is shown as %q, want %q", test.holder, got, test.masked)
		}
	}
}

func TestCardRules(t *testing.T) {
	t.Parallel()
	for _, day := range []time.Time{{}, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)} {
		rules := drivers.CardRulesOn(day)
		if rules.SelfIssueNumber != "0100001234" || rules.Source == "" || rules.LongestInstalments == 0 {
			t.Errorf("%v: %+v", day, rules)
		}
		if rules.SelfIssueFrom != 100_000 || rules.SelfIssueDays != 5 {
			t.Errorf("%v: unasked from %d within %d days", day, rules.SelfIssueFrom, rules.SelfIssueDays)
		}
		if rules.Signs(50_000) || !rules.Signs(50_001) {
			t.Errorf("%v: signature over %d", day, rules.SignatureOver)
		}
	}
}

func TestAllow(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	able := drivers.Abilities{Instalments: 24, Wallet: true}
	for name, test := range map[string]struct {
		able   drivers.Abilities
		charge drivers.Charge
		want   error
	}{
		"at once":      {able, drivers.Charge{Amount: 1000}, nil},
		"three months": {able, drivers.Charge{Amount: 50_000, Instalments: 3}, nil},
		"too small":    {able, drivers.Charge{Amount: 49_999, Instalments: 3}, drivers.ErrInstalments},
		"one month":    {able, drivers.Charge{Amount: 50_000, Instalments: 1}, drivers.ErrInstalments},
		"too long":     {able, drivers.Charge{Amount: 50_000, Instalments: 13}, drivers.ErrInstalments},
		"knows none":   {drivers.Abilities{}, drivers.Charge{Amount: 50_000, Instalments: 3}, drivers.ErrUnsupported},
		"wallet":       {able, drivers.Charge{Amount: 1000, Code: "2812345678"}, nil},
		"no wallet":    {drivers.Abilities{}, drivers.Charge{Amount: 1000, Code: "2812345678"}, drivers.ErrUnsupported},
	} {
		if err := test.able.Allow(test.charge, day); !errors.Is(err, test.want) || test.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}
