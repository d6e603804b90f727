package cli_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"shopbox/edge/cli"
	"shopbox/edge/payroll"
)

const (
	asked    = `{"month":"2026-11","gross":3000000,"nontaxable":200000,"family":1,"children":0,"ratio":100}`
	answered = `{"pension":133000,"health":100660,"ltc":13220,"employment":25200,"income_tax":56800,"local_tax":5680,` +
		`"net":2665440,"employer":{"pension":133000,"health":100660,"ltc":13220,"employment":32200}}`
)

func pay(t *testing.T, input string) []string {
	t.Helper()
	var out bytes.Buffer
	if err := cli.RunPay(nil, strings.NewReader(input), &out); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestPay(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"as asked":         {asked, answered},
		"ratio by law 100": {`{"month":"2026-11","gross":3000000,"nontaxable":200000,"family":1}`, answered},
		"minimum wage": {
			`{"month":"2026-11","gross":2156880,"family":1}`,
			`{"pension":102410,"health":77530,"ltc":10180,"employment":19410,"income_tax":24340,"local_tax":2430,` +
				`"net":1920580,"employer":{"pension":102410,"health":77530,"ltc":10180,"employment":24800}}`,
		},
		"longest line": {strings.Repeat(" ", cli.MaxLine-len(asked)) + asked, answered},
		"hired at 65": {
			strings.Replace(asked, `}`, `,"exempt":["pension","unemployment"]}`, 1),
			`{"pension":0,"health":100660,"ltc":13220,"employment":0,"income_tax":56800,"local_tax":5680,` +
				`"net":2823640,"employer":{"pension":0,"health":100660,"ltc":13220,"employment":7000}}`,
		},
		"with an industry": {
			strings.Replace(asked, `}`, `,"industry":"도소매·음식·숙박업"}`, 1),
			strings.Replace(answered, `32200}`, `32200,"accident":26600}`, 1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pay(t, c.in); len(got) != 1 || got[0] != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestPayBadLines(t *testing.T) {
	for name, c := range map[string]struct{ line, code string }{
		"no json":        {`{bad`, "json_invalid"},
		"a list":         {`[]`, "json_invalid"},
		"two objects":    {asked + asked, "json_invalid"},
		"unknown field":  {strings.Replace(asked, "gross", "grosss", 1), "json_invalid"},
		"part of a won":  {strings.Replace(asked, "3000000", "3000000.5", 1), "json_invalid"},
		"pay as text":    {strings.Replace(asked, "3000000", `"3000000"`, 1), "json_invalid"},
		"beyond int64":   {strings.Replace(asked, "3000000", "99999999999999999999", 1), "json_invalid"},
		"no gross":       {`{"month":"2026-11","family":1}`, "field_missing"},
		"null":           {`null`, "field_missing"},
		"no such month":  {strings.Replace(asked, "2026-11", "2026-13", 1), "month_invalid"},
		"rates unknown":  {strings.Replace(asked, "2026-11", "2027-01", 1), "rate_missing"},
		"negative":       {strings.Replace(asked, "3000000", "-3000000", 1), "pay_out_of_range"},
		"free over all":  {strings.Replace(asked, "200000", "3000001", 1), "nontaxable_over_gross"},
		"no family":      {strings.Replace(asked, `"family":1`, `"family":0`, 1), "family_out_of_range"},
		"too many":       {strings.Replace(asked, `"children":0`, `"children":1`, 1), "children_out_of_range"},
		"ratio":          {strings.Replace(asked, `"ratio":100`, `"ratio":0`, 1), "ratio_invalid"},
		"too long":       {strings.Repeat(" ", cli.MaxLine) + asked, "line_too_long"},
		"much too long":  {strings.Repeat("x", 3*cli.MaxLine), "line_too_long"},
		"not text":       {"\xff\xfe\x00", "json_invalid"},
		"exemption":      {strings.Replace(asked, "}", `,"exempt":["x"]}`, 1), "exemption_unknown"},
		"employer class": {strings.Replace(asked, "}", `,"employer_size":"x"}`, 1), "employer_size_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			got := pay(t, asked+"\n\n"+c.line+"\n"+asked)
			if len(got) != 3 || got[0] != answered || got[2] != answered {
				t.Fatalf("the other lines did not go on: %s", got)
			}
			var refused struct {
				Line  int `json:"line"`
				Error struct{ Code, Message string }
			}
			if err := json.Unmarshal([]byte(got[1]), &refused); err != nil {
				t.Fatal(err)
			}
			if refused.Line != 3 || refused.Error.Code != c.code || refused.Error.Message == "" {
				t.Errorf("got %+v, want line 3 and %q", refused, c.code)
			}
		})
	}
}

func TestPayExplains(t *testing.T) {
	var out bytes.Buffer
	if err := cli.RunPay([]string{"--explain"}, strings.NewReader(asked), &out); err != nil {
		t.Fatal(err)
	}
	var answer struct{ Explanation []payroll.Figure }
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Explanation) != 8 {
		t.Errorf("%d figures, want the six deductions, net and the employer's", len(answer.Explanation))
	}
}

func TestWithholding(t *testing.T) {
	var out bytes.Buffer
	if err := cli.RunWithholding([]string{"--month", "2026-11"}, &out); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1+647 || len(records[0]) != 2+payroll.Columns {
		t.Fatalf("%d lines of %d fields", len(records), len(records[0]))
	}
	for i, record := range records[2:] {
		if record[0] != records[i+1][1] {
			t.Errorf("row %s does not follow %s", record[0], records[i+1][1])
		}
		for _, field := range record {
			if _, err := strconv.Atoi(field); err != nil {
				t.Error(err)
			}
		}
	}
	if first, last := records[1], records[647]; first[0] != "770" || last[0] != "10000" || last[2] != "1507400" {
		t.Errorf("from %s to %s", first, last)
	}
}

func TestUsage(t *testing.T) {
	var out bytes.Buffer
	for _, args := range [][]string{{"--month"}, {"2026-11"}, {"--year", "2026"}, nil} {
		if err := cli.RunWithholding(args, &out); !errors.Is(err, cli.ErrUsage) {
			t.Errorf("%q: got %v, want usage", args, err)
		}
	}
	if err := cli.RunPay([]string{"x"}, strings.NewReader(""), &out); !errors.Is(err, cli.ErrUsage) {
		t.Errorf("got %v, want usage", err)
	}
	for month, want := range map[string]payroll.Code{"2024-02": payroll.CodeRateMissing, "x": payroll.CodeMonth} {
		var refused *payroll.Error
		err := cli.RunWithholding([]string{"--month", month}, &out)
		if !errors.As(err, &refused) || refused.Code != want {
			t.Errorf("%s: got %v, want %q", month, err, want)
		}
	}
}

// FuzzPay holds every input to one answer for each line with content, each a
// sum that works out or a code.
func FuzzPay(f *testing.F) {
	f.Add([]byte(asked))
	f.Add([]byte(asked + "\n{bad\n\n" + asked + "\r\n"))
	f.Add([]byte(`{"month":"2025-07","gross":1e6,"family":3,"children":2,"ratio":80}`))
	rates, err := payroll.BuiltIn()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var out bytes.Buffer
		if err := cli.Pay(&rates, bytes.NewReader(input), &out, false); err != nil {
			t.Fatal(err)
		}
		lines := 0
		for line := range bytes.Lines(input) {
			if len(bytes.TrimSpace(line)) > 0 || len(bytes.TrimSuffix(line, []byte("\n"))) > cli.MaxLine {
				lines++
			}
		}
		decoder := json.NewDecoder(&out)
		for range lines {
			var answer struct {
				Line  int
				Net   *int64
				Error *struct{ Code, Message string }
			}
			if err := decoder.Decode(&answer); err != nil {
				t.Fatal(err)
			}
			if (answer.Net == nil) == (answer.Error == nil) || answer.Error != nil && (answer.Error.Code == "" || answer.Line < 1) {
				t.Errorf("%+v is neither an answer nor a refusal", answer)
			}
		}
		if decoder.More() {
			t.Error("more answers than lines")
		}
	})
}
