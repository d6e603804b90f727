package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shopbox/edge/cli"
	"shopbox/edge/payroll/slip"
)

const monthly = "../payroll/slip/testdata/monthly.json"

func runSlip(t *testing.T, args ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := cli.RunSlip(args, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSlip(t *testing.T) {
	first, again := runSlip(t, monthly), runSlip(t, monthly)
	if !bytes.HasPrefix(first, []byte("%PDF-")) || !bytes.Equal(first, again) {
		t.Errorf("%d and %d bytes", len(first), len(again))
	}
}

func TestSlipAsData(t *testing.T) {
	var got slip.Slip
	if err := json.Unmarshal(runSlip(t, "--json", monthly), &got); err != nil {
		t.Fatal(err)
	}
	if got.Net != 2_665_440 || got.PaidOn.String() != "2026-11-30" {
		t.Errorf("net %d, paid on %s", got.Net, got.PaidOn)
	}
	for _, line := range append(got.Earnings, got.Deductions...) {
		if line.Figure == nil || line.Figure.Rule == "" || len(line.Figure.Sources) == 0 {
			t.Errorf("%+v is not explained", line)
		}
	}
}

// TestSlipHelp holds the help to the fields of the examples.
func TestSlipHelp(t *testing.T) {
	help := string(runSlip(t, "--help"))
	files, err := filepath.Glob("../payroll/slip/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]any
		if err := json.Unmarshal(content, &fields); err != nil {
			t.Fatal(err)
		}
		for _, name := range names(fields) {
			if !strings.Contains(help, name) {
				t.Errorf("%s has %q, the help does not", filepath.Base(file), name)
			}
		}
	}
}

// names are all field names of a JSON value.
func names(value any) []string {
	var found []string
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			found = append(append(found, name), names(inner)...)
		}
	case []any:
		for _, inner := range v {
			found = append(found, names(inner)...)
		}
	}
	return found
}

func TestSlipRefusals(t *testing.T) {
	folder := t.TempDir()
	for name, c := range map[string]struct{ content, want string }{
		"no json":     {`{`, "slip_unreadable: "},
		"misspelt":    {`{"wrk":1}`, "slip_unreadable: "},
		"no contract": {`{"paid_on":"2026-11-30","work":{"month":"2026-11"}}`, "contract_invalid: "},
		"no pay day":  {`{"work":{"month":"2026-11","contract":{"per":"hour","wage":10320,"hired":"2026-01-02"}}}`, "slip_incomplete: "},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(folder, strings.ReplaceAll(name, " ", "_"))
			if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			err := cli.RunSlip([]string{file}, &out)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) || out.Len() > 0 {
				t.Errorf("got %v and %d bytes, want %q", err, out.Len(), c.want)
			}
		})
	}
	for _, args := range [][]string{nil, {"--json"}, {"a", "b"}, {"--xml", "a"}} {
		err := cli.RunSlip(args, &bytes.Buffer{})
		if len(args) == 1 && errors.Is(err, os.ErrNotExist) {
			continue
		}
		if !errors.Is(err, cli.ErrUsage) {
			t.Errorf("%q: got %v, want usage", args, err)
		}
	}
}
