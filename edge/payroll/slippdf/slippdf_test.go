package slippdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shopbox/drivers/paper"
	"shopbox/edge/payroll"
	"shopbox/edge/payroll/correction"
	"shopbox/edge/payroll/slip"
	"shopbox/edge/payroll/slippdf"
	"shopbox/edge/payroll/wage"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

func press(tb testing.TB) *slippdf.Press {
	tb.Helper()
	plain, err := paper.Font(false)
	if err != nil {
		tb.Fatal(err)
	}
	heavy, err := paper.Font(true)
	if err != nil {
		tb.Fatal(err)
	}
	press, err := slippdf.NewPress(plain, heavy)
	if err != nil {
		tb.Fatal(err)
	}
	return press
}

// item is an amount paid for hundredths of hours, or a fixed one.
func item(name string, amount money.Won, hundredths, num, den int64) wage.Item {
	figure := payroll.Figure{Name: name, Amount: amount, Rate: payroll.Fraction{Num: num, Den: den}}
	if hundredths > 0 {
		figure.Inputs = []payroll.Amount{{Name: "minutes", Value: hundredths * 60 / 100}, {Name: "hourly", Value: 12_350}}
	}
	return wage.Item{Figure: figure, Varies: hundredths > 0}
}

// sample is a full slip: hourly pay with every kind of item, a correction, a
// deduction of its own and long names.
func sample(tb testing.TB) *slip.Slip {
	tb.Helper()
	rates, err := payroll.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	november := payroll.NewMonth(2026, 11)
	meal := item("식대", 200_000, 0, 1, 1)
	meal.TaxFree, meal.Nontaxable = wage.Meal, 200_000
	gross := wage.Result{
		Items: []wage.Item{
			item("base", 1_976_000, 16_000, 1, 1), item("weekly_holiday", 395_200, 3_200, 1, 1),
			item("overtime", 231_563, 1_250, 3, 2), item("night", 24_700, 400, 1, 2),
			item("holiday_work", 148_200, 800, 3, 2), meal, item("매장 관리 및 신규 직원 교육 수당", 100_000, 0, 1, 1),
		},
		Hourly: payroll.Fraction{Num: 12_350, Den: 1},
		Time:   worktime.Total{Days: 22, Regular: 9_600, Overtime: 750, HolidayWork: 480, Night: 240},
	}
	for _, i := range gross.Items {
		gross.Gross += i.Amount
		gross.Nontaxable += i.Nontaxable
	}
	born, err := payroll.ParseDate("1998-04-02")
	if err != nil {
		tb.Fatal(err)
	}
	made, err := slip.Make(&rates, &slip.Input{
		Shop:   slip.Shop{Name: "햇살마트 성수점", Number: "124-81-00998", Address: "서울특별시 성동구 서울숲길 17"},
		Worker: slip.Worker{Name: "김하늘", Number: "S-007", Born: born, Job: "매장 판매"},
		PaidOn: payroll.NewDate(2026, 12, 10),
		Work: wage.Month{Month: november, Contract: wage.Contract{
			Per: wage.Hourly, Wage: 12_350, Hired: payroll.NewDate(2025, 3, 4),
			Allowances: []wage.Allowance{{Name: "식대", Amount: 200_000}},
		}},
		Tax:        slip.Tax{Family: 3, Children: 1, Ratio: 80},
		Deductions: []slip.Deduction{{Name: "가불금", Amount: 100_000, Note: "11월 12일에 미리 받은 금액"}},
		Corrections: []correction.Correction{{
			Of: november - 1, Into: november, Reason: "10월 18일 연장근로 2시간이 빠졌어요",
			Entries: []correction.Entry{
				{Name: "overtime", Kind: correction.Earning, Booked: 150_000, Recomputed: 187_050},
				{Name: "employment", Kind: correction.Deduction, Booked: 24_000, Recomputed: 24_330},
			},
		}},
	}, gross)
	if err != nil {
		tb.Fatal(err)
	}
	return &made
}

func created() time.Time { return time.Date(2026, time.December, 10, 0, 0, 0, 0, time.UTC) }

func printed(t *testing.T, s *slip.Slip) string {
	t.Helper()
	content, err := press(t).Print(s, created())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "slip.pdf")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// poppler runs one of the tools that read PDF from outside.
func poppler(t *testing.T, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Fatalf("%s is missing: run deploy/check/system.sh poppler", tool)
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", tool, err, out)
	}
	return string(out)
}

// squeezed leaves the blanks out: a reader may break lines anywhere.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

// TestPaperSaysEverything reads the paper back and asks for each of the six
// things the law wants and every line.
func TestPaperSaysEverything(t *testing.T) {
	s := sample(t)
	text := squeezed(poppler(t, "pdftotext", "-layout", printed(t, s), "-"))
	want := []string{
		"임금명세서", "2026년 11월분", "2026. 12. 10. (목) 지급", s.Shop.Name, s.Shop.Number, s.Shop.Address,
		s.Worker.Name, s.Worker.Number, "1998. 4. 2.", s.Worker.Job, "2025. 3. 4.", s.Basis, "22일", "12.5시간",
		"임금 총액", "공제 총액", "실수령액", s.Gross.String() + "원", s.Deducted.String() + "원", s.Net.String() + "원",
		"연장 12.5시간 × 12,350원 × 1.5", "비과세",
	}
	for _, line := range append(s.Earnings, s.Deductions...) {
		want = append(want, line.Amount.String()+"원")
		want = append(want, strings.Fields(line.Label)...)
		want = append(want, strings.Fields(line.Method)...)
	}
	for _, expected := range want {
		if !strings.Contains(text, squeezed(expected)) {
			t.Errorf("%q is not on the paper", expected)
		}
	}
	if strings.Contains(text, "□") {
		t.Error("a character is missing in the font")
	}
}

func TestFontsAreEmbedded(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(poppler(t, "pdffonts", printed(t, sample(t)))), "\n")[2:]
	if len(lines) != 2 {
		t.Errorf("%d fonts: %q", len(lines), lines)
	}
	for _, line := range lines {
		if fields := strings.Fields(line); !strings.Contains(line, "yes yes yes") || !strings.Contains(fields[0], "+NanumGothic") {
			t.Errorf("not embedded, cut down and readable: %s", line)
		}
	}
}

func TestSameBytes(t *testing.T) {
	s := sample(t)
	first, err := press(t).Print(s, created())
	if err != nil {
		t.Fatal(err)
	}
	shared := press(t)
	for range 3 {
		again, err := shared.Print(s, created())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("the same slip gave other bytes")
		}
	}
	if len(first) > 200_000 {
		t.Errorf("%d bytes: the font is not cut down", len(first))
	}
}

// TestManyLines runs over to further pages without losing a line.
func TestManyLines(t *testing.T) {
	s := sample(t)
	for i := range 60 {
		s.Earnings = append(s.Earnings, slip.Line{Name: "x", Label: fmt.Sprintf("수당%d", i), Amount: 1, Method: strings.Repeat("길고 긴 설명 ", 30)})
		s.Gross, s.Net = s.Gross+1, s.Net+1
	}
	file := printed(t, s)
	text := squeezed(poppler(t, "pdftotext", "-layout", file, "-"))
	for i := range 60 {
		if !strings.Contains(text, fmt.Sprintf("수당%d", i)) {
			t.Errorf("line %d is lost", i)
		}
	}
	if info := poppler(t, "pdfinfo", file); !strings.Contains(info, "Pages:") || strings.Contains(info, "Pages:           1\n") {
		t.Errorf("not several pages: %s", info)
	}
	if !strings.Contains(text, "2/") {
		t.Error("pages are not numbered")
	}
}

// TestOddCharacters holds that no name breaks the paper.
func TestOddCharacters(t *testing.T) {
	s := sample(t)
	s.Worker.Name = "김\n하늘\t🙂(\\)"
	s.Shop.Name = strings.Repeat("긴 가게 이름 ", 20)
	s.Shop.Address = strings.Repeat("긴 주소 ", 40)
	s.Earnings[0].Label = strings.Repeat("쉼없는이름", 40)
	text := poppler(t, "pdftotext", "-layout", printed(t, s), "-")
	if strings.Count(squeezed(text), "가게") != 20 || strings.Count(squeezed(text), "주소") != 40 {
		t.Errorf("the shop is cut off in %s", text)
	}
	if !strings.Contains(squeezed(text), "하늘") || !strings.Contains(text, "(\\)") {
		t.Errorf("the name is lost in %s", text)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*slip.Slip)
		want   payroll.Code
	}{
		"no name":     {func(s *slip.Slip) { s.Worker.Name = "" }, slip.CodeIncomplete},
		"no identity": {func(s *slip.Slip) { s.Worker.Number, s.Worker.Born = "", 0 }, slip.CodeIncomplete},
		"no date":     {func(s *slip.Slip) { s.PaidOn = 0 }, slip.CodeIncomplete},
		"no pay":      {func(s *slip.Slip) { s.Earnings = nil }, slip.CodeIncomplete},
		"no method":   {func(s *slip.Slip) { s.Earnings[0].Method = "" }, slip.CodeIncomplete},
		"wrong sum":   {func(s *slip.Slip) { s.Net++ }, slip.CodeSum},
	} {
		t.Run(name, func(t *testing.T) {
			s := sample(t)
			c.change(s)
			_, err := press(t).Print(s, created())
			var refused *payroll.Error
			if !errors.As(err, &refused) || refused.Code != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := slippdf.NewPress([]byte("no font"), nil); err == nil {
		t.Error("no font was taken")
	}
}

func BenchmarkPrint(b *testing.B) {
	press, s := press(b), sample(b)
	for b.Loop() {
		if _, err := press.Print(s, created()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "slips/s")
}
