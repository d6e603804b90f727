package result_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"shopbox/hub/invoice/result"
	"shopbox/hub/invoice/xmltree"
)

func whole() result.Response {
	return result.Response{
		SubmitID: "12345678-20261126-03000000000000000000000000000000", ReceiptID: "202611260000000000000001",
		Type: result.TypeReceipt, At: "20261126000405", Process: "01", FailReason: "", Total: 2, Success: 1, Fail: 1,
		Documents: []result.Document{
			{IssueID: "202611231234567800000001", Code: result.CodeAccepted},
			{IssueID: "202611231234567800000002", Code: "ERR042"},
		},
	}
}

func TestReadGivesWhatWasWritten(t *testing.T) {
	receipt := result.Response{SubmitID: "a&<b>", Type: result.TypeReceipt}
	refused := result.Response{SubmitID: "a", Type: "02", FailReason: "SIM202"}
	for _, want := range []result.Response{whole(), receipt, refused} {
		got, err := result.Read(result.Write(want))
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
	if !receipt.Taken() || refused.Taken() || (&result.Response{Type: "02"}).Taken() {
		t.Error("what counts as taken")
	}
}

// TestOtherSystems reads another order, white space, prefixes and elements
// nobody asked for.
func TestOtherSystems(t *testing.T) {
	const file = `<?xml version="1.0"?>
<k:TaxInvoiceResponse xmlns:k="urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0">
  <k:ResultDocument>
    <k:ValidationDocument><k:ResultStatusCode> SYN003 </k:ResultStatusCode><k:IssueID>1</k:IssueID></k:ValidationDocument>
    <k:ValidationDocument><k:IssueID>1</k:IssueID><k:ResultStatusCode>SYN003</k:ResultStatusCode></k:ValidationDocument>
    <k:Other/><k:RefSubmitID>s</k:RefSubmitID><k:FailReasonStatusCode/>
  </k:ResultDocument>
</k:TaxInvoiceResponse>`
	want := result.Response{SubmitID: "s", Documents: []result.Document{{IssueID: "1", Code: result.CodeDuplicate}}}
	got, err := result.Read([]byte(file))
	if err != nil || !reflect.DeepEqual(*got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func code(err error) string {
	var ours *result.Error
	var tree *xmltree.Error
	switch {
	case errors.As(err, &ours):
		return ours.Code
	case errors.As(err, &tree):
		return tree.Code
	}
	return ""
}

func TestRefused(t *testing.T) {
	good := string(result.Write(whole()))
	document := "<ValidationDocument><IssueID>%d</IssueID><ResultStatusCode>SUC001</ResultStatusCode></ValidationDocument>"
	many := ""
	for i := range 101 {
		many += fmt.Sprintf(document, i)
	}
	for _, c := range []struct{ name, old, replacement, want string }{
		{"another root", "TaxInvoiceResponse", "TaxInvoice", result.CodeRoot},
		{"another namespace", ":1:0", ":2:0", result.CodeRoot},
		{"nothing inside", "ResultDocument", "Result", result.CodeMissing},
		{"no submission", "RefSubmitID", "SubmitID", result.CodeMissing},
		{"no number", "<IssueID>202611231234567800000001</IssueID>", "", result.CodeMissing},
		{"no code", "SUC001", " ", result.CodeMissing},
		{"twice", "<TypeCode>", "<TypeCode>02</TypeCode><TypeCode>", result.CodeRepeated},
		{"accepted and not", "800000002", "800000001", result.CodeRepeated},
		{"no count", "<TotalCountQuantity>2", "<TotalCountQuantity>-2", result.CodeValue},
		{"a long text", "ERR042", strings.Repeat("E", 65), result.CodeValue},
		{"elements in a text", "ERR042", "<a/>ERR042", result.CodeValue},
		{"too many", "</ResultDocument>", many + "</ResultDocument>", result.CodeTooMany},
		{"a document type", "<TaxInvoiceResponse ", "<!DOCTYPE a><TaxInvoiceResponse ", xmltree.CodeDTD},
		{"half of it", "</ResultDocument></TaxInvoiceResponse>", "", xmltree.CodeMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := strings.ReplaceAll(good, c.old, c.replacement)
			if changed == good {
				t.Fatal("nothing to change")
			}
			if _, err := result.Read([]byte(changed)); code(err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// TestOnlyTwoCodesAreASuccess holds the table to its promise.
func TestOnlyTwoCodesAreASuccess(t *testing.T) {
	seen := map[result.Code]bool{}
	for _, m := range result.Meanings() {
		good := m.Verdict == result.Accepted || m.Verdict == result.Duplicate
		if good != (m.Code == "SUC001" || m.Code == "SYN003") {
			t.Errorf("%s: %d", m.Code, m.Verdict)
		}
		if seen[m.Code] || len(m.Code) != 6 || m.English == "" || m.Korean == "" || m.Source == "" {
			t.Errorf("%+v", m)
		}
		seen[m.Code] = true
	}
	for _, c := range []result.Code{"", "SUC002", "suc001", "SUC001 ", "SYN001", "ERR001", "SIM000"} {
		if m := c.Meaning(); m.Verdict != result.Unknown || m.English == "" || m.Korean == "" {
			t.Errorf("%q: %+v", c, m)
		}
	}
}

// FuzzRead holds that any bytes give a response or a code, and that what was
// read and is written reads the same.
func FuzzRead(f *testing.F) {
	f.Add(result.Write(whole()))
	f.Add(result.Write(result.Response{SubmitID: "s", FailReason: "SIM202"}))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := result.Read(file)
		if err != nil {
			if code(err) == "" {
				t.Fatalf("no code: %v", err)
			}
			return
		}
		again, err := result.Read(result.Write(*got))
		if err != nil || !reflect.DeepEqual(got, again) {
			t.Fatalf("%+v became %+v, %v", got, again, err)
		}
	})
}
