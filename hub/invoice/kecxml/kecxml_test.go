package kecxml_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/kecxml"
	"shopbox/hub/invoice/xmltree"
	"shopbox/protocol/money"
)

var update = flag.Bool("update", false, "write the golden files")

// full has every element of the standard.
func full() *invoice.Invoice {
	contact := invoice.Contact{Department: "경리", Person: "이순신", Telephone: "02-000-0000", Email: "a@example.com"}
	party := invoice.Party{
		ID: "1234567891", BusinessType: "도소매", Name: "샵 & <박스>", Item: "잡화", Branch: "0001",
		Representative: "홍길동", Contact: contact, Address: "서울시 중구 1",
	}
	return &invoice.Invoice{
		Exchange: invoice.Exchange{ID: "SB-1", ReferencedID: "SB-0", IssuedAt: "20261123104500"},
		Document: invoice.Document{
			IssueID: "202611234100000800000001", Type: "0203", Remarks: []string{"첫째\r둘째", `"q" 'r'`},
			WrittenOn: "20261123", Amendment: invoice.AmendPrice, Purpose: invoice.PurposeReceived,
			OriginalIssueID: "202611224100000800000001",
			Import:          &invoice.Import{ID: "1", Quantity: "2", From: "20261101", To: "20261102"},
		},
		Supplier: party, Broker: &party,
		Buyer:    invoice.Buyer{Party: party, IDKind: invoice.BuyerBusiness, Second: contact},
		Payments: []invoice.Payment{{Kind: invoice.PaidCash, Amount: -1100}},
		Totals:   invoice.Totals{Charge: -1000, Tax: new(money.Won(-100)), Grand: -1100},
		Lines: []invoice.Line{{
			Sequence: "1", Remark: "비고", Specification: "규격", Name: "품목", Charge: new(money.Won(-1000)), Tax: new(money.Won(-100)),
			Quantity: new(invoice.Hundredths(-5)), UnitPrice: new(invoice.Hundredths(20_050)), SuppliedOn: "20261123",
		}, {Sequence: "2", Charge: new(money.Won(0)), Quantity: new(invoice.Hundredths(300))}},
	}
}

func TestWritesTheExactBytes(t *testing.T) {
	got := kecxml.Write(full())
	golden := filepath.Join("testdata", "full.xml")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	back, err := kecxml.Read(got)
	if err != nil || !reflect.DeepEqual(back, full()) {
		t.Errorf("read back %+v, %v", back, err)
	}
	root, err := xmltree.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	var canonical bytes.Buffer
	root.WriteCanonical(&canonical)
	if !bytes.HasSuffix(got, canonical.Bytes()) {
		t.Errorf("not canonical: %s", canonical.String())
	}
}

func TestWritesOnlyWhatXMLHolds(t *testing.T) {
	i := full()
	i.Supplier.Name = "a\x00\x1f\ufffe\xffb\U0001f600"
	back, err := kecxml.Read(kecxml.Write(i))
	if err != nil || back.Supplier.Name != "a\ufffdb\U0001f600" {
		t.Errorf("got %q, %v", back.Supplier.Name, err)
	}
}

func given(tb testing.TB) string {
	tb.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "own-compact-unsigned.xml"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(file)
}

func TestReadsAnotherSystemsFile(t *testing.T) {
	i, err := kecxml.Read([]byte(given(t)))
	if err != nil {
		t.Fatal(err)
	}
	if i.Supplier.Name != "샵 & 박스" || i.Buyer.ID != "2208162517" || i.Totals.Grand != 11_000 || len(i.Lines) != 1 {
		t.Errorf("read %+v", i)
	}
	if found := invoice.Validate(i); len(found) > 0 {
		t.Errorf("broken: %v", found)
	}
}

func TestTolerates(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"white space":     func(s string) string { return strings.ReplaceAll(s, "><", ">\r\n\t<") },
		"empty elements":  func(s string) string { return strings.Replace(s, "<TypeCode>", "<DescriptionText/><TypeCode>", 1) },
		"unknown element": func(s string) string { return strings.Replace(s, "<TypeCode>", "<New><ID>1</ID></New><TypeCode>", 1) },
		"decimals":        func(s string) string { return strings.ReplaceAll(s, ">10000<", ">+0010000.00<") },
		"a byte mark":     func(s string) string { return "\ufeff" + s },
		"a prefix": func(s string) string {
			s = strings.NewReplacer("</", "</k:", "<!", "<!", "<?", "<?", "<", "<k:").Replace(s)
			return strings.Replace(s, "xmlns=", "xmlns:k=", 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := kecxml.Read([]byte(given(t)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := kecxml.Read([]byte(change(given(t))))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, replacement, code, element string }{
		{"a document type", "<TaxInvoice ", `<!DOCTYPE a [<!ENTITY b "&c;&c;">]><TaxInvoice `, xmltree.CodeDTD, ""},
		{"an encoding", `encoding="UTF-8"`, `encoding="EUC-KR"`, xmltree.CodeEncoding, ""},
		{"another namespace", "urn:kr:or:kec", "urn:kr:or:other", kecxml.CodeRoot, "TaxInvoice"},
		{"a huge number", ">11000<", ">1" + strings.Repeat("0", 15) + "<", kecxml.CodeTooLong, "GrandTotalAmount"},
		{"a very huge number", ">11000<", ">" + strings.Repeat("9", 100_000) + "<", kecxml.CodeTooLong, "GrandTotalAmount"},
		{"an exponent", ">11000<", ">1e4<", kecxml.CodeNumber, "GrandTotalAmount"},
		{"commas", ">11000<", ">11,000<", kecxml.CodeNumber, "GrandTotalAmount"},
		{"two signs", ">11000<", ">--1<", kecxml.CodeNumber, "GrandTotalAmount"},
		{"other digits", ">11000<", ">１１<", kecxml.CodeNumber, "GrandTotalAmount"},
		{"a part of a won", ">11000<", ">11000.5<", kecxml.CodeDecimals, "GrandTotalAmount"},
		{"three decimals", "<NameText>품목", "<ChargeableUnitQuantity>1.001</ChargeableUnitQuantity><NameText>품목", kecxml.CodeDecimals, "ChargeableUnitQuantity"},
		{"an empty total", ">11000<", "><", kecxml.CodeMissing, "SpecifiedMonetarySummation"},
		{"no supplier", "InvoicerParty", "Other", xmltree.CodeMalformed, ""},
		{"two totals", "<GrandTotalAmount>", "<GrandTotalAmount>1</GrandTotalAmount><GrandTotalAmount>", kecxml.CodeRepeated, "GrandTotalAmount"},
		{"many lines", "<TaxInvoiceTradeLineItem>", strings.Repeat("<TaxInvoiceTradeLineItem/>", 1000) + "<TaxInvoiceTradeLineItem>", kecxml.CodeTooMany, "TaxInvoiceTradeLineItem"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := kecxml.Read([]byte(strings.Replace(given(t), c.old, c.replacement, 1)))
			var ours *kecxml.Error
			var tree *xmltree.Error
			switch {
			case errors.As(err, &ours):
				if ours.Code != c.code || !strings.HasSuffix(ours.Element, c.element) {
					t.Errorf("got %v", err)
				}
			case !errors.As(err, &tree) || tree.Code != c.code:
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestNamesWhatIsMissing(t *testing.T) {
	for _, name := range []string{"TaxInvoiceDocument", "TaxInvoiceTradeSettlement", "InvoicerParty", "InvoiceeParty", "SpecifiedMonetarySummation", "ChargeTotalAmount"} {
		_, err := kecxml.Read([]byte(strings.ReplaceAll(given(t), name+">", "Other>")))
		var refused *kecxml.Error
		if !errors.As(err, &refused) || refused.Code != kecxml.CodeMissing || !strings.Contains(refused.Detail, name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// FuzzRead holds that what was read can be written and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(given(f)))
	f.Add(kecxml.Write(full()))
	f.Fuzz(func(t *testing.T, file []byte) {
		first, err := kecxml.Read(file)
		if err != nil {
			return
		}
		written := kecxml.Write(first)
		second, err := kecxml.Read(written)
		var refused *kecxml.Error
		if errors.As(err, &refused) && refused.Code == kecxml.CodeMissing {
			return // a part was there but empty, and is not written
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		if again := kecxml.Write(second); !bytes.Equal(again, written) {
			t.Fatalf("%s\nbecame\n%s", written, again)
		}
	})
}
