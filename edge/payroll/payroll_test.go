package payroll_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"testing"

	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

func builtIn(t *testing.T) payroll.Rates {
	t.Helper()
	rates, err := payroll.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return rates
}

func month(t *testing.T, text string) payroll.Month {
	t.Helper()
	m, err := payroll.ParseMonth(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func vectors(t *testing.T, file string, into any) {
	t.Helper()
	content, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		t.Fatal(err)
	}
}

// code is the code of a refusal, "" of none.
func code(t *testing.T, err error) payroll.Code {
	t.Helper()
	if err == nil {
		return ""
	}
	var refused *payroll.Error
	if !errors.As(err, &refused) {
		t.Fatalf("%v carries no code", err)
	}
	return refused.Code
}

func TestWithholdingVectors(t *testing.T) {
	var file struct {
		Vectors []struct {
			Taxable  money.Won `json:"taxable"`
			Family   int       `json:"family"`
			Children int       `json:"children_8_20"`
			Ratio    int       `json:"ratio"`
			Income   money.Won `json:"income_tax"`
			Local    money.Won `json:"local_tax"`
		} `json:"vectors"`
	}
	vectors(t, "withholding_vectors.json", &file)
	rates := builtIn(t)
	for _, v := range file.Vectors {
		worker := payroll.Worker{Family: v.Family, Children: v.Children, Ratio: v.Ratio}
		got, err := rates.Withhold(month(t, "2026-11"), v.Taxable, worker)
		if err != nil {
			t.Fatal(err)
		}
		if got.Income.Amount != v.Income || got.Local.Amount != v.Local {
			t.Errorf("%d %+v: got %d and %d, want %d and %d",
				v.Taxable, worker, got.Income.Amount, got.Local.Amount, v.Income, v.Local)
		}
	}
}

func TestInsuranceVectors(t *testing.T) {
	var file struct {
		Vectors []struct {
			Taxable    money.Won `json:"taxable"`
			Pension    money.Won `json:"pension"`
			Health     money.Won `json:"health"`
			Care       money.Won `json:"ltc"`
			CareNew    money.Won `json:"ltc_2026_11_onward_ratio_0_1314"`
			Employment money.Won `json:"employment"`
		} `json:"vectors"`
	}
	vectors(t, "insurance_vectors.json", &file)
	rates := builtIn(t)
	for _, v := range file.Vectors {
		for _, m := range []string{"2026-07", "2026-10", "2026-11", "2026-12"} {
			care := v.Care
			if m >= "2026-11" {
				care = v.CareNew
			}
			got, err := rates.Insure(month(t, m), v.Taxable, payroll.Employer{})
			if err != nil {
				t.Fatal(err)
			}
			want := [4]money.Won{v.Pension, v.Health, care, v.Employment}
			if g := [4]money.Won{got.Pension.Amount, got.Health.Amount, got.LongTermCare.Amount, got.Employment.Amount}; g != want {
				t.Errorf("%s %d: got %d, want %d", m, v.Taxable, g, want)
			}
		}
	}
}

func TestTableAgreesWithSlow(t *testing.T) {
	rates := builtIn(t)
	table, err := rates.WithholdingTable.At("table", month(t, "2026-11"))
	if err != nil {
		t.Fatal(err)
	}
	rows := table.Value.All()
	if len(rows) != 647 {
		t.Errorf("%d rows, the annex has 647", len(rows))
	}
	next := int64(770)
	for _, row := range rows {
		low, high := slowBounds(next * 1000)
		if row.Low != low || row.High != high {
			t.Fatalf("row %d–%d, want %d–%d", row.Low, row.High, low, high)
		}
		for i, tax := range row.Tax {
			if want := slowCell(low, high, i+1); int64(tax) != want {
				t.Errorf("row %d, family %d: got %d, want %d", low, i+1, tax, want)
			}
		}
		next = high
	}
}

// TestTableRows holds rows read in the printed annex.
func TestTableRows(t *testing.T) {
	rates := builtIn(t)
	table, err := rates.WithholdingTable.At("table", month(t, "2026-03"))
	if err != nil {
		t.Fatal(err)
	}
	for pay, taxes := range map[money.Won][]money.Won{
		769_999:    {0},
		1_060_000:  {1_040, 0},
		1_500_000:  {8_920, 4_420, 0},
		2_000_000:  {19_520, 14_750, 6_600, 3_220, 0},
		2_156_880:  {24_340, 17_840, 9_570, 6_200, 2_820, 0},
		2_309_999:  {29_160, 22_160, 12_550, 9_180, 5_800, 2_430, 0},
		2_500_000:  {35_600, 28_600, 16_530, 13_150, 9_780, 6_400, 3_030, 0},
		3_000_000:  {74_350, 56_850, 31_940, 26_690, 21_440, 17_100, 13_730, 10_350, 6_980, 3_600, 0},
		3_519_999:  {127_220, 102_220, 62_460, 49_340, 37_630, 32_380},
		4_000_000:  {195_960, 167_950, 109_590, 91_670, 78_550, 65_420, 52_300, 39_170, 33_570, 28_320, 23_070},
		5_000_000:  {335_470, 306_710, 237_850, 219_100, 200_350, 181_600, 162_850, 144_100, 125_350, 106_600, 87_850},
		7_000_000:  {732_700, 684_290, 557_350, 527_350},
		10_000_000: {1_507_400, 1_431_570, 1_200_840, 1_170_840, 1_140_840, 1_110_840, 1_080_840, 1_050_840, 1_020_840, 990_840, 960_840},
	} {
		for i, want := range taxes {
			if got := table.Value.Tax(pay, i+1); got != want {
				t.Errorf("%d, family %d: got %d, want %d", pay, i+1, got, want)
			}
		}
	}
}

// randomPay favours the table and the edges where a rule changes.
func randomPay(random *rand.Rand) int64 {
	edges := []int64{
		0, 770_000, 1_500_000, 3_000_000, 10_000_000, 14_000_000, 28_000_000, 30_000_000, 45_000_000,
		87_000_000, 370_000, 410_000, 6_370_000, 6_590_000, 280_389, 127_730_000,
	}
	switch random.IntN(4) {
	case 0:
		return max(0, edges[random.IntN(len(edges))]+random.Int64N(2001)-1000)
	case 1:
		return random.Int64N(200_000_000)
	case 2:
		return random.Int64N(int64(payroll.MaxPay) + 1)
	}
	return random.Int64N(12_000_000)
}

// TestPayAgreesWithSlow draws months, pay and families, and holds each
// deduction to the slow version and the sum to the gross.
func TestPayAgreesWithSlow(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 11))
	rates := builtIn(t)
	stretches := slowRates()
	for range 4_000 {
		stretch := stretches[random.IntN(len(stretches))]
		text := stretch.months[random.IntN(len(stretch.months))]
		taxable := randomPay(random)
		free := min(random.Int64N(3)*100_000, int64(payroll.MaxPay)-taxable)
		family := 1 + random.IntN(14)
		w := slowWorker{family: family, children: random.IntN(family), ratio: 80 + 20*random.IntN(3)}
		input := payroll.Input{
			Month: month(t, text), Gross: money.Won(taxable + free), Nontaxable: money.Won(free),
			Worker: payroll.Worker{Family: w.family, Children: w.children, Ratio: w.ratio},
		}
		result, err := rates.Pay(input)
		if err != nil {
			t.Fatal(err)
		}
		want := slowInsure(taxable, stretch)
		tax := slowTax(taxable, w, text >= "2026-03")
		local := down(times(won(tax), "0.1"), 10)
		for i, figure := range []struct{ got, want int64 }{
			{int64(result.Pension.Amount), want.pension},
			{int64(result.Health.Amount), want.health},
			{int64(result.LongTermCare.Amount), want.care},
			{int64(result.Employment.Amount), want.employment},
			{int64(result.EmployerEmployment.Amount), want.employer},
			{int64(result.Withholding.Income.Amount), tax},
			{int64(result.Withholding.Local.Amount), local},
		} {
			if figure.got != figure.want {
				t.Fatalf("%s %+v: figure %d is %d, want %d", text, input, i, figure.got, figure.want)
			}
		}
		sum := result.Net.Amount
		for _, deduction := range result.Deductions() {
			sum += deduction.Amount
		}
		if sum != input.Gross {
			t.Fatalf("%+v: net and deductions are %d", input, sum)
		}
	}
}

func TestPayRefusals(t *testing.T) {
	rates := builtIn(t)
	good := payroll.Input{
		Month: month(t, "2026-11"), Gross: 3_000_000, Worker: payroll.Worker{Family: 2, Children: 1, Ratio: 100},
	}
	for name, c := range map[string]struct {
		change func(*payroll.Input)
		want   payroll.Code
	}{
		"good":             {func(*payroll.Input) {}, ""},
		"before rates":     {func(in *payroll.Input) { in.Month = month(t, "2023-12") }, payroll.CodeRateMissing},
		"before the table": {func(in *payroll.Input) { in.Month = month(t, "2024-02") }, payroll.CodeRateMissing},
		"no month":         {func(in *payroll.Input) { in.Month = 0 }, payroll.CodeRateMissing},
		"after rates":      {func(in *payroll.Input) { in.Month = month(t, "2027-01") }, payroll.CodeRateMissing},
		"paid too early":   {func(in *payroll.Input) { in.Paid = month(t, "2024-02") }, payroll.CodeRateMissing},
		"below nothing":    {func(in *payroll.Input) { in.Gross = -1 }, payroll.CodePay},
		"too much":         {func(in *payroll.Input) { in.Gross = payroll.MaxPay + 1 }, payroll.CodePay},
		"free below 0":     {func(in *payroll.Input) { in.Nontaxable = -1 }, payroll.CodePay},
		"free over gross":  {func(in *payroll.Input) { in.Nontaxable = 3_000_001 }, payroll.CodeNontaxable},
		"no family":        {func(in *payroll.Input) { in.Worker.Family = 0 }, payroll.CodeFamily},
		"a village":        {func(in *payroll.Input) { in.Worker.Family = 100 }, payroll.CodeFamily},
		"child is worker":  {func(in *payroll.Input) { in.Worker.Children = 2 }, payroll.CodeChildren},
		"child below 0":    {func(in *payroll.Input) { in.Worker.Children = -1 }, payroll.CodeChildren},
		"ratio":            {func(in *payroll.Input) { in.Worker.Ratio = 90 }, payroll.CodeRatio},
		"size":             {func(in *payroll.Input) { in.Employer.Size = "huge" }, payroll.CodeSize},
		"industry":         {func(in *payroll.Input) { in.Employer.Industry = "우주업" }, payroll.CodeIndustry},
		"exemption":        {func(in *payroll.Input) { in.Exempt = []payroll.Exemption{"tax"} }, payroll.CodeExemption},
		"industry in 2025": {func(in *payroll.Input) {
			in.Month, in.Employer.Industry = month(t, "2025-12"), "도소매·음식·숙박업"
		}, payroll.CodeRateMissing},
	} {
		t.Run(name, func(t *testing.T) {
			input := good
			c.change(&input)
			if _, err := rates.Pay(input); code(t, err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestClocks holds pay for one month that is paid out in another.
func TestClocks(t *testing.T) {
	rates := builtIn(t)
	input := payroll.Input{
		Month: month(t, "2026-02"), Gross: 3_500_000, Worker: payroll.Worker{Family: 4, Children: 2, Ratio: 100},
	}
	for paid, want := range map[string]money.Won{"2026-02": 49_340 - 29_160, "2026-03": 49_340 - 45_830} {
		input.Paid = month(t, paid)
		result, err := rates.Pay(input)
		if err != nil {
			t.Fatal(err)
		}
		if got := result.Withholding.Income.Amount; got != want {
			t.Errorf("paid %s: got %d, want %d", paid, got, want)
		}
	}
}

func TestEmployerSide(t *testing.T) {
	rates := builtIn(t)
	for _, c := range []struct {
		employer             payroll.Employer
		employment, accident money.Won
	}{
		{payroll.Employer{}, 32_200, 0},
		{payroll.Employer{Size: payroll.Under150, Industry: "도소매·음식·숙박업", Staff: 19}, 32_200, 26_600},
		{payroll.Employer{Size: payroll.Priority, Industry: "도소매·음식·숙박업", Staff: 20}, 37_800, 26_760},
		{payroll.Employer{Size: payroll.Under1000, Industry: "금융 및 보험업"}, 43_400, 18_200},
		{payroll.Employer{Size: payroll.Large}, 49_000, 0},
	} {
		result, err := rates.Pay(payroll.Input{
			Month: month(t, "2026-11"), Gross: 3_000_000, Nontaxable: 200_000,
			Worker: payroll.Worker{Family: 1, Ratio: 100}, Employer: c.employer,
		})
		if err != nil {
			t.Fatal(err)
		}
		if result.EmployerEmployment.Amount != c.employment || result.Accident.Amount != c.accident {
			t.Errorf("%+v: got %d and %d, want %d and %d", c.employer,
				result.EmployerEmployment.Amount, result.Accident.Amount, c.employment, c.accident)
		}
		if want := 133_000 + 100_660 + 13_220 + c.employment + c.accident; result.EmployerCost() != want {
			t.Errorf("%+v: cost %d, want %d", c.employer, result.EmployerCost(), want)
		}
	}
}

func TestExemptions(t *testing.T) {
	rates := builtIn(t)
	input := payroll.Input{
		Month: month(t, "2026-11"), Gross: 3_000_000, Nontaxable: 200_000, Worker: payroll.Worker{Family: 1, Ratio: 100},
	}
	for _, c := range []struct {
		exempt []payroll.Exemption
		want   [5]money.Won
	}{
		{nil, [5]money.Won{133_000, 100_660, 13_220, 25_200, 32_200}},
		{[]payroll.Exemption{payroll.ExemptPension}, [5]money.Won{0, 100_660, 13_220, 25_200, 32_200}},
		{[]payroll.Exemption{payroll.ExemptHealth}, [5]money.Won{133_000, 0, 0, 25_200, 32_200}},
		{[]payroll.Exemption{payroll.ExemptEmployment}, [5]money.Won{133_000, 100_660, 13_220, 0, 0}},
		{[]payroll.Exemption{payroll.ExemptUnemployment}, [5]money.Won{133_000, 100_660, 13_220, 0, 7_000}},
		{[]payroll.Exemption{payroll.ExemptPension, payroll.ExemptUnemployment}, [5]money.Won{0, 100_660, 13_220, 0, 7_000}},
	} {
		input.Exempt = c.exempt
		r, err := rates.Pay(input)
		if err != nil {
			t.Fatal(err)
		}
		got := [5]money.Won{
			r.Pension.Amount, r.Health.Amount, r.LongTermCare.Amount, r.Employment.Amount, r.EmployerEmployment.Amount,
		}
		if got != c.want {
			t.Errorf("%v: got %d, want %d", c.exempt, got, c.want)
		}
		if net := 3_000_000 - 56_800 - 5_680 - got[0] - got[1] - got[2] - got[3]; r.Net.Amount != net {
			t.Errorf("%v: net %d, want %d", c.exempt, r.Net.Amount, net)
		}
	}
}

// TestFiguresExplain asks every figure for its rule, inputs and source, and
// the unconfirmed ones for their remark.
func TestFiguresExplain(t *testing.T) {
	rates := builtIn(t)
	result, err := rates.Pay(payroll.Input{
		Month: month(t, "2026-11"), Gross: 12_000_000, Worker: payroll.Worker{Family: 3, Children: 1, Ratio: 80},
		Employer: payroll.Employer{Industry: "도소매·음식·숙박업"},
	})
	if err != nil {
		t.Fatal(err)
	}
	remarked := map[string]bool{"ltc": true, "income_tax": true, "local_tax": true, "accident": true}
	for _, figure := range result.Figures() {
		if figure.Name == "" || figure.Rule == "" || len(figure.Inputs) == 0 || len(figure.Sources) == 0 || figure.Rate.Den == 0 {
			t.Errorf("%+v is not explained", figure)
		}
		if remarked[figure.Name] && len(figure.Remarks) == 0 {
			t.Errorf("%s carries no remark", figure.Name)
		}
	}
}

func BenchmarkPay(b *testing.B) {
	rates, err := payroll.BuiltIn()
	if err != nil {
		b.Fatal(err)
	}
	input := payroll.Input{
		Month: payroll.NewMonth(2026, 11), Gross: 3_000_000, Worker: payroll.Worker{Family: 4, Children: 2, Ratio: 100},
	}
	for b.Loop() {
		if _, err := rates.Pay(input); err != nil {
			b.Fatal(err)
		}
	}
}
