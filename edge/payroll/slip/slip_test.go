package slip_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/correction"
	"shopbox/edge/payroll/slip"
	"shopbox/edge/payroll/wage"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

func builtIn(tb testing.TB) *payroll.Rates {
	tb.Helper()
	rates, err := payroll.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	return &rates
}

const november = payroll.Month(2026*12 + 11 - 1)

// fixed is an item of pay that does not vary.
func fixed(name string, amount, free money.Won) wage.Item {
	return wage.Item{
		Figure:     payroll.Figure{Name: name, Amount: amount, Rule: "amount", Rate: payroll.Fraction{Num: 1, Den: 1}},
		Nontaxable: free,
	}
}

// salaried is the example of the facts: 3,000,000 with meals, single.
func salaried() (slip.Input, wage.Result) {
	in := slip.Input{
		Shop: slip.Shop{Name: "햇살마트"}, Worker: slip.Worker{Name: "김하늘", Number: "7"},
		PaidOn: payroll.NewDate(2026, 11, 25), Tax: slip.Tax{Family: 1},
		Work: wage.Month{Month: november, Contract: wage.Contract{
			Per: wage.Monthly, Wage: 2_800_000, Hired: payroll.NewDate(2025, 3, 4),
			Allowances: []wage.Allowance{{Name: "식대", Amount: 200_000}},
		}},
		Employer: slip.Employer{Industry: "도소매·음식·숙박업"},
	}
	gross := wage.Result{
		Items: []wage.Item{fixed("base", 2_800_000, 0), fixed("식대", 200_000, 200_000)},
		Gross: 3_000_000, Nontaxable: 200_000, Time: worktime.Total{Days: 21, Regular: 21 * 8 * 60},
	}
	return in, gross
}

func made(t *testing.T, change func(*slip.Input, *wage.Result)) slip.Slip {
	t.Helper()
	in, gross := salaried()
	change(&in, &gross)
	got, err := slip.Make(builtIn(t), &in, gross)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func unchanged(*slip.Input, *wage.Result) {}

// TestExample is the full slip of November 2026.
func TestExample(t *testing.T) {
	got := made(t, unchanged)
	if got.Gross != 3_000_000 || got.Deducted != 334_560 || got.Net != 2_665_440 || got.Nontaxable != 200_000 {
		t.Errorf("gross %d, deducted %d, net %d", got.Gross, got.Deducted, got.Net)
	}
	for i, want := range []struct {
		label, method string
		amount        money.Won
	}{
		{"국민연금", "기준소득월액 2,800,000원 × 4.75%", 133_000},
		{"건강보험", "보수월액 2,800,000원 × 3.595%", 100_660},
		{"장기요양보험", "건강보험료 100,660원 × 13.14%", 13_220},
		{"고용보험", "보수 2,800,000원 × 0.9%", 25_200},
		{"소득세", "간이세액표: 월급여 2,800,000원, 가족 1명", 56_800},
		{"지방소득세", "소득세 56,800원 × 10%", 5_680},
	} {
		line := got.Deductions[i]
		if line.Label != want.label || line.Method != want.method || line.Amount != want.amount || line.Figure == nil {
			t.Errorf("got %+v, want %+v", line, want)
		}
	}
	if got.Basis != "월급 2,800,000원, 고정수당 200,000원" || got.Earnings[1].Method != "매월 정액" {
		t.Errorf("basis %q, earnings %+v", got.Basis, got.Earnings)
	}
	if len(got.Employer) != 5 || got.Employer[4].Label != "산재보험(사업주)" {
		t.Errorf("employer %+v", got.Employer)
	}
}

func TestSentences(t *testing.T) {
	amount := func(name string, value int64) payroll.Amount { return payroll.Amount{Name: name, Value: value} }
	for want, figure := range map[string]payroll.Figure{
		"연장 12.5시간 × 12,345원 × 1.5": {
			Name: "overtime", Rate: payroll.Fraction{Num: 3, Den: 2},
			Inputs: []payroll.Amount{amount("minutes", 750), amount("hourly", 12_345)},
		},
		"주휴 3.2시간 × 10,320원": {
			Name: "weekly_holiday", Rate: payroll.Fraction{Num: 1, Den: 1},
			Inputs: []payroll.Amount{amount("minutes", 192), amount("hourly", 10_320)},
		},
		"야간 0시간 20분 × 11,291.87원 × 0.5": {
			Name: "night", Rate: payroll.Fraction{Num: 1, Den: 2},
			Inputs: []payroll.Amount{amount("minutes", 20), amount("hourly_numerator", 2_360_000), amount("hourly_denominator", 209)},
		},
		"결근·지각 8시간 × 10,000원": {
			Name: "absence", Amount: -80_000, Rate: payroll.Fraction{Num: -1, Den: 1},
			Inputs: []payroll.Amount{amount("minutes", 480), amount("hourly", 10_000)},
		},
		"결근·지각 8시간 × 10,000원, 일한 시간의 임금은 남겨요": {
			Name: "absence", Amount: -79_000, Rate: payroll.Fraction{Num: -1, Den: 1},
			Inputs: []payroll.Amount{amount("minutes", 480), amount("hourly", 10_000)},
		},
		"2,500,000원 × 17일 ÷ 30일": {
			Name: "base", Rule: "ceil(amount x employed_days / days)",
			Inputs: []payroll.Amount{amount("amount", 2_500_000), amount("employed_days", 17), amount("days", 30)},
		},
		"보험료 하한액": {
			Name: "health", Amount: 10_080, Rate: payroll.Fraction{Num: 35_950, Den: 1_000_000},
			Inputs: []payroll.Amount{amount("taxable", 1), amount("low", 10_080), amount("high", 4_591_740)},
		},
		"보험료 상한액": {
			Name: "health", Amount: 4_591_740, Rate: payroll.Fraction{Num: 35_950, Den: 1_000_000},
			Inputs: []payroll.Amount{amount("taxable", 200_000_000), amount("low", 10_080), amount("high", 4_591_740)},
		},
		"건강보험료 107,850원 × 9,448/71,900": {
			Name: "ltc", Rate: payroll.Fraction{Num: 9448, Den: 71900}, Inputs: []payroll.Amount{amount("health", 107_850)},
		},
		"매출 11,000,000원 × 35%": {
			Name: "commission", Rate: payroll.Fraction{Num: 350, Den: 1000}, Inputs: []payroll.Amount{amount("part", 11_000_000)},
		},
		"최저보장 2,200,000원 - 실적급 300,000원": {
			Name: "commission_guarantee", Inputs: []payroll.Amount{amount("guarantee", 2_200_000), amount("commission", 300_000)},
		},
		"가입 대상이 아니에요": {Name: "pension", Rule: "0, not insured"},
		"공단이 고지한 금액":  {Name: "pension", Rule: "as billed"},
		"":            {Name: "식대"},
	} {
		if got := slip.Sentence(figure); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTaxSentence(t *testing.T) {
	for _, c := range []struct {
		tax  slip.Tax
		want string
	}{
		{slip.Tax{Family: 4, Children: 2}, "간이세액표: 월급여 2,800,000원, 가족 4명, 자녀 2명 공제 45,830원"},
		{slip.Tax{Family: 1, Ratio: 80}, "간이세액표: 월급여 2,800,000원, 가족 1명, 80% 선택"},
	} {
		got := made(t, func(in *slip.Input, _ *wage.Result) { in.Tax = c.tax })
		if method := got.Deductions[4].Method; method != c.want {
			t.Errorf("got %q, want %q", method, c.want)
		}
	}
	small := made(t, func(in *slip.Input, gross *wage.Result) {
		gross.Items = gross.Items[:1]
		gross.Items[0].Amount, gross.Gross, gross.Nontaxable, in.Tax.Ratio = 1_060_000, 1_060_000, 0, 80
	})
	if line := small.Deductions[4]; line.Amount != 0 || !strings.HasSuffix(line.Method, "1,000원 미만이라 떼지 않아요") {
		t.Errorf("got %+v", line)
	}
}

// TestCorrections carries a correction and holds the slip's sums to it.
func TestCorrections(t *testing.T) {
	c := correction.Correction{
		Of: november - 1, Into: november, Reason: "연장근로가 빠졌어요",
		Entries: []correction.Entry{
			{Name: "overtime", Kind: correction.Earning, Recomputed: 50_000},
			{Name: "employment", Kind: correction.Deduction, Booked: 20_000, Recomputed: 20_450},
			{Name: "employer_employment", Kind: correction.Employer, Booked: 23_000, Recomputed: 23_500},
		},
	}
	plain := made(t, unchanged)
	got := made(t, func(in *slip.Input, _ *wage.Result) { in.Corrections = []correction.Correction{c} })
	if got.Net-plain.Net != c.Net() || got.Gross-plain.Gross != 50_000 || len(got.Employer) != len(plain.Employer)+1 {
		t.Errorf("net rose by %d, the correction is %d", got.Net-plain.Net, c.Net())
	}
	if last := got.Earnings[2]; last.Label != "10월 정정 연장근로수당" || last.Method != "0원 → 50,000원, 연장근로가 빠졌어요" {
		t.Errorf("got %+v", last)
	}
}

func TestOtherDeductions(t *testing.T) {
	got := made(t, func(in *slip.Input, _ *wage.Result) {
		in.Deductions = []slip.Deduction{{Name: "가불금", Amount: 100_000, Note: "11월 12일"}}
		in.Billed = map[string]money.Won{"pension": 140_000}
		in.Exempt = []payroll.Exemption{payroll.ExemptHealth}
	})
	if got.Net != 3_000_000-140_000-25_200-56_800-5_680-100_000 || got.Deductions[6].Method != "11월 12일" ||
		got.Deductions[0].Method != "공단이 고지한 금액" || got.Deductions[1].Method != "가입 대상이 아니에요" {
		t.Errorf("net %d, deductions %+v", got.Net, got.Deductions)
	}
}

func TestLedgerRow(t *testing.T) {
	got := made(t, unchanged)
	row := got.LedgerRow(true)
	if row.Hours == nil || row.Hours.Worked != 21*8*60 || row.Net != got.Net || row.Days != 21 || row.Basis == "" {
		t.Errorf("got %+v", row)
	}
	if got.LedgerRow(false).Hours != nil {
		t.Error("a shop under five need not keep hours")
	}
}

func TestRefusals(t *testing.T) {
	correct := func(c correction.Correction) func(*slip.Input, *wage.Result) {
		return func(in *slip.Input, _ *wage.Result) { in.Corrections = []correction.Correction{c} }
	}
	entries := []correction.Entry{{Name: "base", Kind: correction.Earning, Recomputed: 1}}
	for name, c := range map[string]struct {
		change func(*slip.Input, *wage.Result)
		want   payroll.Code
	}{
		"long name": {func(in *slip.Input, _ *wage.Result) { in.Worker.Name = strings.Repeat("가", 301) }, slip.CodeLong},
		"many lines": {func(in *slip.Input, _ *wage.Result) {
			in.Deductions = slices.Repeat([]slip.Deduction{{Name: "x", Amount: 1}}, 200)
		}, slip.CodeLong},
		"no pay day":    {func(in *slip.Input, _ *wage.Result) { in.PaidOn = 0 }, slip.CodeIncomplete},
		"no name":       {func(in *slip.Input, _ *wage.Result) { in.Worker.Name = "" }, slip.CodeIncomplete},
		"no number":     {func(in *slip.Input, _ *wage.Result) { in.Worker.Number = "" }, slip.CodeIncomplete},
		"no method":     {func(_ *slip.Input, gross *wage.Result) { gross.Items[0].Varies, gross.Items[0].Rule = true, "" }, slip.CodeIncomplete},
		"wrong gross":   {func(_ *slip.Input, gross *wage.Result) { gross.Items[0].Amount++ }, slip.CodeSum},
		"no family":     {func(in *slip.Input, _ *wage.Result) { in.Tax.Family = 0 }, payroll.CodeFamily},
		"taken below 0": {func(in *slip.Input, _ *wage.Result) { in.Deductions = []slip.Deduction{{Name: "x", Amount: -1}} }, payroll.CodePay},
		"taken unnamed": {func(in *slip.Input, _ *wage.Result) { in.Deductions = []slip.Deduction{{Amount: 1}} }, payroll.CodePay},
		"other month":   {correct(correction.Correction{Of: november - 1, Into: november + 1, Reason: "x", Entries: entries}), correction.CodeInto},
		"of this month": {correct(correction.Correction{Of: november, Into: november, Reason: "x", Entries: entries}), correction.CodeInto},
		"no reason":     {correct(correction.Correction{Of: november - 1, Into: november, Entries: entries}), correction.CodeInto},
		"no kind": {correct(correction.Correction{
			Of: november - 1, Into: november, Reason: "x", Entries: []correction.Entry{{Name: "base", Recomputed: 1}},
		}), correction.CodeItem},
		"too much": {correct(correction.Correction{
			Of: november - 1, Into: november, Reason: "x",
			Entries: []correction.Entry{{Name: "base", Kind: correction.Earning, Recomputed: payroll.MaxPay + 1}},
		}), payroll.CodePay},
	} {
		t.Run(name, func(t *testing.T) {
			in, gross := salaried()
			c.change(&in, &gross)
			_, err := slip.Make(builtIn(t), &in, gross)
			checkCode(t, err, c.want)
		})
	}
}

func checkCode(t *testing.T, err error, want payroll.Code) {
	t.Helper()
	var refused *payroll.Error
	if !errors.As(err, &refused) || refused.Code != want || refused.Message == "" {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestRead(t *testing.T) {
	in, _ := salaried()
	good, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := slip.Read(good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content string
		want    payroll.Code
	}{
		"nothing":       {``, slip.CodeRead},
		"a list":        {`[]`, slip.CodeRead},
		"cut off":       {string(good[:len(good)-1]), slip.CodeRead},
		"two":           {string(good) + "{}", slip.CodeRead},
		"unknown field": {`{"wages":1}`, slip.CodeRead},
		"part of a won": {`{"deductions":[{"name":"x","amount":0.5}]}`, slip.CodeRead},
		"bad date":      {`{"paid_on":"2026-11-31"}`, payroll.CodeDate},
		"bad month":     {`{"work":{"month":"2026-13"}}`, payroll.CodeMonth},
		"own figure":    {`{"work":{"month":"2026-11","extras":[{"name":"x","amount":1,"figure":{"name":"commission"}}]}}`, slip.CodeRead},
		"too large":     {strings.Repeat(" ", slip.MaxFile+1), slip.CodeRead},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := slip.Read([]byte(c.content))
			checkCode(t, err, c.want)
		})
	}
}
