package slip_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/slip"
	"shopbox/protocol/holiday"
	"shopbox/protocol/money"
)

func calendar(tb testing.TB) holiday.Calendar {
	tb.Helper()
	days, err := holiday.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	return days
}

func example(tb testing.TB, name string) slip.Input {
	tb.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	in, err := slip.Read(content)
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

// want is a line as it must stand on the slip.
type want struct {
	label, method string
	amount        money.Won
}

// TestExamples goes from time records to the slip.
func TestExamples(t *testing.T) {
	for name, c := range map[string]struct {
		gross, deducted, net money.Won
		lines                []want
	}{
		// The example of the facts: 3,000,000 with meals, single.
		"monthly": {3_000_000, 334_560, 2_665_440, []want{
			{"기본급", "매월 정액", 2_800_000},
			{"국민연금", "기준소득월액 2,800,000원 × 4.75%", 133_000},
		}},
		"hourly": {3_157_826, 393_240, 2_764_586, []want{
			{"기본급", "근로 168시간 × 12,350원", 2_074_800},
			{"주휴수당", "주휴 40시간 × 12,350원", 494_000},
			{"연장근로수당", "연장 10.5시간 × 12,350원 × 1.5", 194_513},
			{"휴일근로수당", "휴일 8시간 × 12,350원 × 1.5", 148_200},
			{"야간근로수당", "야간 1.5시간 × 12,350원 × 0.5", 9_263},
			{"식대", "매월 정액", 200_000},
			{"10월 정정 연장근로수당", "150,000원 → 187,050원, 10월 18일 연장근로 2시간이 빠졌어요", 37_050},
			{"가불금", "11월 12일에 미리 받은 금액", 100_000},
		}},
		// Joined on the 16th with a day missed; commission in two tiers.
		"salon": {1_923_320, 31_690, 1_891_630, []want{
			{"기본급", "2,156,880원 × 15일 ÷ 30일", 1_078_440},
			{"결근·지각 공제", "결근·지각 16시간 × 10,320원", -165_120},
			{"실적급", "매출 5,000,000원 × 10%", 500_000},
			{"실적급 2구간", "매출 3,400,000원 × 15%", 510_000},
			{"국민연금", "입사한 다음 달부터 내요", 0},
			{"고용보험", "보수 1,923,320원 × 0.9%", 17_300},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := slip.Compute(builtIn(t), calendar(t), example(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if got.Gross != c.gross || got.Deducted != c.deducted || got.Net != c.net {
				t.Errorf("gross %d, deducted %d, net %d", got.Gross, got.Deducted, got.Net)
			}
			for _, line := range c.lines {
				if !stands(&got, line) {
					t.Errorf("%+v is not on %+v", line, got)
				}
			}
		})
	}
}

func stands(s *slip.Slip, line want) bool {
	for _, got := range slices.Concat(s.Earnings, s.Deductions) {
		if got.Label == line.label && got.Method == line.method && got.Amount == line.amount {
			return true
		}
	}
	return false
}

// TestGuarantee tops a bad month of sales up.
func TestGuarantee(t *testing.T) {
	in := example(t, "salon")
	in.Commission.Sales.Gross, in.Commission.Sales.VAT = 2_200_000, 200_000
	got, err := slip.Compute(builtIn(t), calendar(t), in)
	if err != nil {
		t.Fatal(err)
	}
	if !stands(&got, want{"최저보장 보전", "최저보장 500,000원 - 실적급 140,000원", 360_000}) {
		t.Errorf("got %+v", got.Earnings)
	}
	if in.Work.Extras != nil {
		t.Error("the caller's month changed")
	}
}

// FuzzRead holds that a file is refused with a code or becomes a slip that
// keeps the law's list and adds up.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"monthly", "hourly", "salon"} {
		content, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(`{"paid_on":"2026-11-30","work":{"month":"2026-11"}}`))
	rates, days := builtIn(f), calendar(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		in, err := slip.Read(content)
		if err != nil {
			return
		}
		made, err := slip.Compute(rates, days, in)
		if err != nil {
			var refused *payroll.Error
			var unknown *holiday.Error
			if !errors.As(err, &refused) && !errors.As(err, &unknown) {
				t.Errorf("refused without a code: %v", err)
			}
			return
		}
		if err := made.Check(); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkCompute is a month from time records to a slip as data.
func BenchmarkCompute(b *testing.B) {
	rates, days, in := builtIn(b), calendar(b), example(b, "hourly")
	for b.Loop() {
		if _, err := slip.Compute(rates, days, in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "slips/s")
}
