package payroll_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

func TestMinimumWage(t *testing.T) {
	rates := builtIn(t)
	for text, want := range map[string]money.Won{
		"2024-01": 9_860, "2025-12": 10_030, "2026-01": 10_320, "2026-12": 10_320, "2027-01": 10_700,
	} {
		got, err := rates.MinimumWageAt(month(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if got.Value != want || got.Source == "" {
			t.Errorf("%s: got %+v, want %d", text, got, want)
		}
	}
	if _, err := rates.MinimumWageAt(month(t, "2028-01")); code(t, err) != payroll.CodeRateMissing {
		t.Errorf("2028-01: got %v, want %q", err, payroll.CodeRateMissing)
	}
}

func TestMonth(t *testing.T) {
	for _, text := range []string{"", "2026", "2026-00", "2026-13", "2026/11", "26-11", "2026-1", "0000-01", "2026-+1", "２０26-11", "2026-011"} {
		if _, err := payroll.ParseMonth(text); code(t, err) != payroll.CodeMonth {
			t.Errorf("%q: got %v, want %q", text, err, payroll.CodeMonth)
		}
	}
	for _, text := range []string{"2026-01", "2026-12", "0001-01", "9999-12"} {
		if got := month(t, text).String(); got != text {
			t.Errorf("%q came back as %q", text, got)
		}
	}
}

// TestRatesFilesRefused changes one thing in the files the program has.
func TestRatesFilesRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file, old, new string
		want           payroll.Code
	}{
		"unchanged":      {"insurance", "pension", "pension", ""},
		"no source":      {"minimum_wage", `"최저임금법 10; 고용노동부고시 제2026-60호"`, `""`, payroll.CodeRates},
		"wrong clock":    {"minimum_wage", `"from": "2024-01"`, `"from": "2024-03"`, payroll.CodeRates},
		"unknown clock":  {"minimum_wage", `calendar_year`, `lunar`, payroll.CodeRates},
		"not July":       {"insurance", `"from": "2023-07"`, `"from": "2023-08"`, payroll.CodeRates},
		"overlap":        {"insurance", `"to": "2026-10"`, `"to": "2026-11"`, payroll.CodeRates},
		"no end":         {"insurance", `"to": "2026-10", `, ``, payroll.CodeRates},
		"backwards":      {"minimum_wage", `"to": "2027-12"`, `"to": "2026-12"`, payroll.CodeRates},
		"given twice":    {"minimum_wage", `minimum_wage`, `pension_rate`, payroll.CodeRates},
		"above all":      {"insurance", `"num": 65000`, `"num": 6500000`, payroll.CodeRates},
		"nothing under":  {"insurance", `"den": 71900`, `"den": 0`, payroll.CodeRates},
		"crossed limits": {"insurance", `"low": 410000`, `"low": 41000000`, payroll.CodeRates},
		"not ppm":        {"insurance", `"num": 2500, "den": 1000000`, `"num": 25, "den": 10000`, payroll.CodeRates},
		"gap in rows":    {"withholding", `"from": 1500`, `"from": 1600`, payroll.CodeRates},
		"uneven rows":    {"withholding", `"step": 20`, `"step": 30`, payroll.CodeRates},
		"wide rows":      {"withholding", `"to": 10000,`, `"to": 1000000,`, payroll.CodeRates},
		"high tax":       {"withholding", `"permille": 350`, `"permille": 3500`, payroll.CodeRates},
		"high special":   {"withholding", `"more_permille": 40`, `"more_permille": 4000`, payroll.CodeRates},
		"child below 0":  {"withholding", `"one": 20830`, `"one": -20830`, payroll.CodeRates},
		"high accident":  {"accident", `"commuting_ppm": 600`, `"commuting_ppm": 6000000`, payroll.CodeRates},
		"no such clock":  {"labour", `work_month`, `work_day`, payroll.CodeRates},
		"no staff":       {"labour", `"staff": 5`, `"staff": 0`, payroll.CodeRates},
		"night all day":  {"labour", `"night_to": 1800`, `"night_to": 2760`, payroll.CodeRates},
		"double night":   {"labour", `"night": { "num": 50`, `"night": { "num": 150`, payroll.CodeRates},
		"no week":        {"labour", `"days": 5,`, `"days": 0,`, payroll.CodeRates},
		"May 32":         {"labour", `"day": 1 }`, `"day": 32 }`, payroll.CodeRates},
		"odd probation":  {"labour", `"num": 90, "den": 100`, `"num": 90, "den": 0`, payroll.CodeRates},
		"leave crossed":  {"labour", `"most": 25`, `"most": 5`, payroll.CodeRates},
		"meals below 0":  {"nontaxable", `"value": 200000, "source": "소득세법 12 3호 러목`, `"value": -1, "source": "소득세법 12 3호 러목`, payroll.CodeRates},
		"children below": {"nontaxable", `"limit": 200000, "each_child": true`, `"limit": -1, "each_child": true`, payroll.CodeRates},
		"birth below":    {"nontaxable", `"months": 24`, `"months": -1`, payroll.CodeRates},
		"premium below":  {"nontaxable", `"monthly_pay": 2600000`, `"monthly_pay": -1`, payroll.CodeRates},
		"no ratios":      {"withholding", `[80, 100, 120]`, `[]`, payroll.CodeRates},
		"high day tax":   {"day_labour", `"num": 6,`, `"num": 600,`, payroll.CodeRates},
		"odd small sum":  {"day_labour", `"small_amount_below": 1000`, `"small_amount_below": 1001`, payroll.CodeRates},
		"day insurance":  {"day_labour", `"days": 8`, `"days": -8`, payroll.CodeRates},
		"high 3.3":       {"personal_services", `"num": 3,`, `"num": 300,`, payroll.CodeRates},
		"high charge":    {"personal_services", `"num": 20,`, `"num": 200,`, payroll.CodeRates},
		"no severance":   {"severance", `"days_per_year": 30`, `"days_per_year": 0`, payroll.CodeRates},
		"bands mixed":    {"severance", `"over": 8000000`, `"over": 80000000`, payroll.CodeRates},
		"years mixed":    {"severance", `"over": 5,`, `"over": 15,`, payroll.CodeRates},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := payroll.Load(changed(t, c.file, c.old, c.new)); code(t, err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := payroll.Load(fstest.MapFS{}); code(t, err) != payroll.CodeRates {
		t.Errorf("no files: got %v, want %q", err, payroll.CodeRates)
	}
}

func TestRatesFilesUnreadable(t *testing.T) {
	for name, c := range map[string]struct{ old, new string }{
		"unknown rate":      {`"minimum_wage"`, `"maximum_wage"`},
		"fraction of a won": {`9860`, `9860.5`},
		"not a month":       {`2024-01`, `2024`},
		"cut off":           {"    ]\n", ``},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := payroll.Load(changed(t, "minimum_wage", c.old, c.new)); err == nil {
				t.Error("was taken")
			}
		})
	}
}

// changed are the program's files with the first old text of one made new.
func changed(t *testing.T, file, old, text string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	source := os.DirFS("rates")
	names, err := fs.Glob(source, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(source, name)
		if err != nil {
			t.Fatal(err)
		}
		if name == file+".json" {
			if !strings.Contains(string(content), old) {
				t.Fatalf("%s does not contain %s", name, old)
			}
			content = []byte(strings.Replace(string(content), old, text, 1))
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	return files
}

// FuzzLoad takes the withholding file from outside, as one pushed to a box
// would be: refused, or good for every pay without a crash.
func FuzzLoad(f *testing.F) {
	content, err := os.ReadFile("rates/withholding.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, input []byte) {
		files, ok := changed(t, "", "", "").(fstest.MapFS)
		if !ok {
			t.Fatal("no map of files")
		}
		files["withholding.json"] = &fstest.MapFile{Data: input}
		rates, err := payroll.Load(files)
		if err != nil {
			return
		}
		for _, taxable := range []money.Won{0, 3_000_000, 12_000_000, payroll.MaxPay} {
			paid := rates.WithholdingTable.Entries[0].From
			got, err := rates.Withhold(paid, taxable, payroll.Worker{Family: 12, Children: 3, Ratio: 100})
			if err != nil {
				_ = code(t, err)
				continue
			}
			if got.Income.Amount < 0 || got.Local.Amount < 0 {
				t.Errorf("%d: tax %d and %d", taxable, got.Income.Amount, got.Local.Amount)
			}
		}
	})
}
