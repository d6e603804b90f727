package invoice_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// good is a document that breaks no rule.
func good() *invoice.Invoice {
	return &invoice.Invoice{
		Exchange: invoice.Exchange{ID: "SB-1", IssuedAt: "20261123104500"},
		Document: invoice.Document{
			IssueID: "202611234100000800000001", Type: "0101", WrittenOn: "20261123", Purpose: invoice.PurposeBilled,
			Remarks: []string{"비고"},
		},
		Supplier: invoice.Party{ID: "1234567891", Name: "샵박스", Representative: "홍길동"},
		Buyer: invoice.Buyer{
			Party:  invoice.Party{ID: "2208162517", Name: "받는곳", Representative: "김철수"},
			IDKind: invoice.BuyerBusiness,
		},
		Payments: []invoice.Payment{{Kind: invoice.PaidCash, Amount: 1000}, {Kind: invoice.PaidCredit, Amount: 10_000}},
		Totals:   invoice.Totals{Charge: 10_000, Tax: new(money.Won(1000)), Grand: 11_000},
		Lines: []invoice.Line{
			{Sequence: "1", Name: "품목", Charge: new(money.Won(6000)), Tax: new(money.Won(600)), SuppliedOn: "20261123"},
			{Sequence: "02", Charge: new(money.Won(4000)), Tax: new(money.Won(400)), Quantity: new(invoice.Hundredths(150))},
		},
	}
}

func codes(found []invoice.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, f.Code)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestEachRule(t *testing.T) {
	if found := invoice.Validate(good()); len(found) > 0 {
		t.Fatalf("a good document breaks %v", found)
	}
	tested := map[string]bool{}
	for _, c := range []struct {
		codes   string
		element string
		change  func(*invoice.Invoice)
	}{
		{"issued_at", "ExchangedDocument/IssueDateTime", func(i *invoice.Invoice) { i.Exchange.IssuedAt = "20261123246000" }},
		{"issue_id", "IssueID", func(i *invoice.Invoice) { i.Document.IssueID = "2026112341000008" }},
		{"issue_id_date", "IssueID", func(i *invoice.Invoice) { i.Document.IssueID = "202611244100000800000001" }},
		{"type_code", "TypeCode", func(i *invoice.Invoice) { i.Document.Type = "0107" }},
		{"remarks_count", "DescriptionText", func(i *invoice.Invoice) { i.Document.Remarks = make([]string, 4) }},
		{"issue_id_date,written_on", "IssueDateTime", func(i *invoice.Invoice) { i.Document.WrittenOn = "20261131" }},
		{"purpose", "PurposeCode", func(i *invoice.Invoice) { i.Document.Purpose = "" }},
		{"import", "ReferencedImportDocument", func(i *invoice.Invoice) { i.Document.Import = &invoice.Import{} }},
		{"import_period", "AcceptablePeriod", func(i *invoice.Invoice) {
			i.Document.Type, i.Document.Import = "0104", &invoice.Import{From: "20261102", To: "20261101"}
		}},
		{"amendment", "AmendmentStatusCode", func(i *invoice.Invoice) { i.Document.Type = "0201" }},
		{"amendment", "AmendmentStatusCode", func(i *invoice.Invoice) { i.Document.Amendment = invoice.AmendReturn }},
		{"original_id", "OriginalIssueID", func(i *invoice.Invoice) { i.Document.OriginalIssueID = "202611224100000800000001" }},
		{"original_id", "OriginalIssueID", func(i *invoice.Invoice) {
			i.Document.Type, i.Document.Amendment, i.Document.OriginalIssueID = "0201", "01", i.Document.IssueID
		}},
		{"supplier_id", "InvoicerParty/ID", func(i *invoice.Invoice) { i.Supplier.ID = "1234567890" }},
		{"supplier_name", "InvoicerParty/NameText", func(i *invoice.Invoice) { i.Supplier.Name = "" }},
		{"buyer_id_kind", "BusinessTypeCode", func(i *invoice.Invoice) { i.Buyer.IDKind = "04" }},
		{"buyer_id", "InvoiceeParty/ID", func(i *invoice.Invoice) { i.Buyer.IDKind = invoice.BuyerPerson }},
		{"buyer_foreigner", "DescriptionText", func(i *invoice.Invoice) {
			i.Buyer.IDKind, i.Buyer.ID, i.Document.Remarks = invoice.BuyerForeigner, invoice.ForeignerID, nil
		}},
		{"buyer_name", "InvoiceeParty/NameText", func(i *invoice.Invoice) { i.Buyer.Name = "" }},
		{"representative", "SpecifiedPerson/NameText", func(i *invoice.Invoice) { i.Buyer.Representative = "" }},
		{"broker", "BrokerParty", func(i *invoice.Invoice) { i.Document.Type = "0103" }},
		{"broker_id", "BrokerParty/ID", func(i *invoice.Invoice) {
			i.Document.Type, i.Broker = "0103", &invoice.Party{ID: "1", Name: "수탁"}
		}},
		{"grand_total,payment_sum", "GrandTotalAmount", func(i *invoice.Invoice) { i.Totals.Grand++ }},
		{"charge_total,grand_total", "ChargeTotalAmount", func(i *invoice.Invoice) { i.Totals.Charge++ }},
		{"grand_total,tax_total", "TaxTotalAmount", func(i *invoice.Invoice) { *i.Totals.Tax++ }},
		{"taxed", "TaxTotalAmount", func(i *invoice.Invoice) {
			*i = invoice.Invoice{
				Exchange: i.Exchange, Document: i.Document, Supplier: i.Supplier, Buyer: i.Buyer,
				Totals: invoice.Totals{Charge: 10, Grand: 10}, Lines: []invoice.Line{{Charge: new(money.Won(10))}},
			}
		}},
		{"untaxed", "TaxTotalAmount", func(i *invoice.Invoice) { i.Document.Type = "0301" }},
		{"amount_range,payment_sum", "ChargeTotalAmount", func(i *invoice.Invoice) {
			i.Totals.Charge, *i.Lines[0].Charge = 1_000_000_000_000_000, 999_999_999_996_000
			i.Totals.Grand = i.Totals.Charge + 1000
		}},
		{"payments", "SpecifiedPaymentMeans/TypeCode", func(i *invoice.Invoice) { i.Payments[1].Kind = invoice.PaidCash }},
		{"payment_sum", "SpecifiedPaymentMeans", func(i *invoice.Invoice) { i.Payments = i.Payments[:1] }},
		{"lines_count", "TaxInvoiceTradeLineItem", func(i *invoice.Invoice) { i.Lines = nil }},
		{"line_sequence", "TaxInvoiceTradeLineItem[2]/SequenceNumeric", func(i *invoice.Invoice) { i.Lines[1].Sequence = "3" }},
		{"line_date", "TaxInvoiceTradeLineItem[1]/PurchaseExpiryDateTime", func(i *invoice.Invoice) { i.Lines[0].SuppliedOn = "2026" }},
		{"length", "TaxInvoiceTradeLineItem[1]/NameText", func(i *invoice.Invoice) { i.Lines[0].Name = strings.Repeat("가", 101) }},
	} {
		t.Run(c.codes+" "+c.element, func(t *testing.T) {
			changed := good()
			c.change(changed)
			found := invoice.Validate(changed)
			if got := strings.Join(codes(found), ","); got != c.codes {
				t.Errorf("broken: %s", got)
			}
			named := slices.ContainsFunc(found, func(f invoice.Finding) bool {
				return strings.HasSuffix(f.Element, c.element) && f.Sentence != ""
			})
			if !named {
				t.Errorf("%s is not named in %v", c.element, found)
			}
		})
		for code := range strings.SplitSeq(c.codes, ",") {
			tested[code] = true
		}
	}
	for _, rule := range invoice.Rules() {
		if !tested[rule.Code] || rule.Sentence == "" || rule.Source == "" {
			t.Errorf("rule %q is not tested or not described", rule.Code)
		}
	}
}

func TestNegativeAndZeroRatedAreGood(t *testing.T) {
	back := good()
	back.Document.Type, back.Document.Amendment = "0201", invoice.AmendDuplicate
	back.Document.OriginalIssueID = "202611224100000800000001"
	back.Totals = invoice.Totals{Charge: -10_000, Tax: new(money.Won(-1000)), Grand: -11_000}
	back.Lines = []invoice.Line{{Charge: new(money.Won(-10_000)), Tax: new(money.Won(-1000))}}
	back.Payments = nil
	exempt := good()
	exempt.Document.Type, exempt.Payments = "0301", nil
	exempt.Totals = invoice.Totals{Charge: 10_000, Grand: 10_000}
	exempt.Lines = []invoice.Line{{Charge: new(money.Won(10_000))}}
	consigned := good()
	consigned.Document.Type, consigned.Broker = "0103", &invoice.Party{ID: "2208162517", Name: "수탁"}
	for _, i := range []*invoice.Invoice{back, exempt, consigned} {
		if found := invoice.Validate(i); len(found) > 0 {
			t.Errorf("%s breaks %v", i.Document.Type, found)
		}
	}
}

func TestFutureDate(t *testing.T) {
	if got := codes(invoice.FutureDate(good(), "20261122")); !slices.Equal(got, []string{"date_future"}) {
		t.Errorf("got %v", got)
	}
	if got := invoice.FutureDate(good(), "20261123"); got != nil {
		t.Errorf("today is the future: %v", got)
	}
}

func TestApprovalNumber(t *testing.T) {
	n, err := invoice.NewApprovalNumber("20261123", "41000008", 42)
	if err != nil || n.String() != "202611234100000800000042" {
		t.Fatalf("got %s, %v", n, err)
	}
	if back, err := invoice.ParseApprovalNumber("20261123a1b2c3d40008uup0"); err != nil || back.Serial != "0008uup0" {
		t.Errorf("got %+v, %v", back, err)
	}
	for _, c := range []struct {
		date   invoice.Date
		system string
		serial int
	}{{"20261323", "41000008", 1}, {"20261123", "4100000", 1}, {"20261123", "4100000A", 1}, {"20261123", "41000008", 100_000_000}, {"20261123", "41000008", -1}} {
		if got, err := invoice.NewApprovalNumber(c.date, c.system, c.serial); !errors.Is(err, invoice.ErrNumber) {
			t.Errorf("%+v made %s, %v", c, got, err)
		}
	}
}

func TestBusinessNumber(t *testing.T) {
	for id, want := range map[string]bool{
		"1234567891": true, "2208162517": true, "1234567890": false,
		"123456789": false, "12345678911": false, "12345678가": false, "": false,
	} {
		if got := invoice.ValidBusinessNumber(id); got != want {
			t.Errorf("%q is %t", id, got)
		}
	}
}
