package invoice_test

import (
	"errors"
	"fmt"
	"log/slog"
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

// today is a day on which good may be issued.
const today invoice.Date = "20261123"

// amended makes a document amend another for a reason.
func amended(i *invoice.Invoice, reason invoice.AmendmentCode) {
	i.Document.Type, i.Document.Amendment = "02"+i.Document.Type[2:], reason
	i.Document.OriginalIssueID = "202611224100000800000001"
}

func TestEachRule(t *testing.T) {
	if found := invoice.ValidateIssue(good(), today); len(found) > 0 {
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
		{"type_code", "TypeCode", func(i *invoice.Invoice) { i.Document.Type = "101" }},
		{"type_exempt_zero", "TypeCode", func(i *invoice.Invoice) { exempt(i, "0302") }},
		{"remarks_count", "DescriptionText", func(i *invoice.Invoice) { i.Document.Remarks = make([]string, 4) }},
		{"date_future,issue_id_date,written_on", "IssueDateTime", func(i *invoice.Invoice) { i.Document.WrittenOn = "20261131" }},
		{"purpose", "PurposeCode", func(i *invoice.Invoice) { i.Document.Purpose = "" }},
		{"import_issue,import_quantity", "ItemQuantity", func(i *invoice.Invoice) {
			i.Document.Type, i.Document.Import = "0104", &invoice.Import{Quantity: "1건"}
		}},
		{"import_issue", "TypeCode", func(i *invoice.Invoice) {
			i.Document.Type, i.Document.Purpose, i.Document.Import = "0106", "", &invoice.Import{ID: "1"}
		}},
		{"date_future", "TaxInvoiceDocument/IssueDateTime", func(i *invoice.Invoice) {
			i.Document.WrittenOn, i.Document.IssueID = "20261124", "202611244100000800000001"
		}},
		{"purpose_old", "PurposeCode", func(i *invoice.Invoice) { i.Document.Purpose = invoice.PurposeBilledOld }},
		{"sequence_missing", "TaxInvoiceTradeLineItem[2]/SequenceNumeric", func(i *invoice.Invoice) { i.Lines[1].Sequence = "" }},
		{"amendment_original", "OriginalIssueID", func(i *invoice.Invoice) {
			amended(i, invoice.AmendPrice)
			i.Document.OriginalIssueID = ""
		}},
		{"amendment_remark", "DescriptionText", func(i *invoice.Invoice) {
			amended(i, invoice.AmendPrice)
			i.Document.Remarks = []string{" "}
		}},
		{"amendment_sign", "GrandTotalAmount", func(i *invoice.Invoice) { amended(i, invoice.AmendReturn) }},
		{"amendment_sign", "GrandTotalAmount", func(i *invoice.Invoice) { amended(i, invoice.AmendCancellation) }},
		{"amendment_credit", "TypeCode", func(i *invoice.Invoice) { amended(i, invoice.AmendLocalCredit) }},
		{"amendment_credit", "TypeCode", func(i *invoice.Invoice) {
			exempt(i, "0401")
			i.Document.Amendment, i.Document.OriginalIssueID = invoice.AmendLocalCredit, "202611224100000800000001"
		}},
		{"import", "ReferencedImportDocument", func(i *invoice.Invoice) { i.Document.Import = &invoice.Import{} }},
		{"import_issue,import_period", "AcceptablePeriod", func(i *invoice.Invoice) {
			i.Document.Type, i.Document.Import = "0104", &invoice.Import{From: "20261102", To: "20261101"}
		}},
		{"amendment", "AmendmentStatusCode", func(i *invoice.Invoice) { amended(i, "") }},
		{"amendment", "AmendmentStatusCode", func(i *invoice.Invoice) { amended(i, "7") }},
		{"amendment", "AmendmentStatusCode", func(i *invoice.Invoice) { i.Document.Amendment = invoice.AmendPrice }},
		{"original_id", "OriginalIssueID", func(i *invoice.Invoice) { i.Document.OriginalIssueID = "202611224100000800000001" }},
		{"original_id", "OriginalIssueID", func(i *invoice.Invoice) {
			amended(i, invoice.AmendCorrection)
			i.Document.OriginalIssueID = i.Document.IssueID
		}},
		{"supplier_id", "InvoicerParty/ID", func(i *invoice.Invoice) { i.Supplier.ID = "1234567890" }},
		{"supplier_name", "InvoicerParty/NameText", func(i *invoice.Invoice) { i.Supplier.Name = "" }},
		{"buyer_id_kind", "BusinessTypeCode", func(i *invoice.Invoice) { i.Buyer.IDKind = "04" }},
		{"buyer_id", "InvoiceeParty/ID", func(i *invoice.Invoice) { i.Buyer.IDKind = invoice.BuyerPerson }},
		{"buyer_id", "InvoiceeParty/ID", func(i *invoice.Invoice) { i.Buyer.IDKind, i.Buyer.ID = invoice.BuyerPerson, invoice.ForeignerID }},
		{"buyer_id", "InvoiceeParty/ID", func(i *invoice.Invoice) { i.Buyer.IDKind, i.Buyer.ID = invoice.BuyerForeigner, "9001011234567" }},
		{"buyer_foreigner", "DescriptionText", func(i *invoice.Invoice) {
			i.Buyer.IDKind, i.Buyer.ID, i.Document.Remarks = invoice.BuyerForeigner, invoice.ForeignerID, []string{""}
		}},
		{"buyer_foreigner", "DescriptionText", func(i *invoice.Invoice) {
			i.Buyer.IDKind, i.Buyer.ID, i.Document.Remarks = invoice.BuyerForeigner, invoice.ForeignerID, nil
		}},
		{"buyer_name", "InvoiceeParty/NameText", func(i *invoice.Invoice) { i.Buyer.Name = "" }},
		{"representative", "SpecifiedPerson/NameText", func(i *invoice.Invoice) { i.Buyer.Representative = "" }},
		{"representative", "BrokerParty/SpecifiedPerson/NameText", func(i *invoice.Invoice) {
			i.Document.Type, i.Broker = "0103", &invoice.Party{ID: "2208162517", Name: "수탁"}
		}},
		{"branch", "InvoicerParty/SpecifiedOrganization/TaxRegistrationID", func(i *invoice.Invoice) { i.Supplier.Branch = "A1" }},
		{"broker", "BrokerParty", func(i *invoice.Invoice) {
			i.Broker = &invoice.Party{ID: "2208162517", Name: "수탁", Representative: "수"}
		}},
		{"broker", "BrokerParty", func(i *invoice.Invoice) { i.Document.Type = "0103" }},
		{"broker_id", "BrokerParty/ID", func(i *invoice.Invoice) {
			i.Document.Type, i.Broker = "0103", &invoice.Party{ID: "1", Name: "수탁", Representative: "수"}
		}},
		{"grand_total,payment_sum", "GrandTotalAmount", func(i *invoice.Invoice) { i.Totals.Grand++ }},
		{"charge_total,grand_total", "ChargeTotalAmount", func(i *invoice.Invoice) { i.Totals.Charge++ }},
		{"grand_total,tax_total", "TaxTotalAmount", func(i *invoice.Invoice) { *i.Totals.Tax++ }},
		{"taxed", "TaxTotalAmount", func(i *invoice.Invoice) {
			*i = invoice.Invoice{
				Exchange: i.Exchange, Document: i.Document, Supplier: i.Supplier, Buyer: i.Buyer,
				Totals: invoice.Totals{Charge: 10, Grand: 10}, Lines: []invoice.Line{{Sequence: "1", Charge: new(money.Won(10))}},
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
		{"line_quantity", "TaxInvoiceTradeLineItem[1]/ChargeableUnitQuantity", func(i *invoice.Invoice) { i.Lines[0].Quantity = new(invoice.Hundredths(1_000_000_000_00)) }},
		{"line_unit_price", "TaxInvoiceTradeLineItem[2]/UnitPrice/UnitAmount", func(i *invoice.Invoice) {
			i.Lines[1].UnitPrice = new(invoice.Hundredths(-1_000_000_000_000_000_00))
		}},
		{"untaxed", "TaxInvoiceTradeLineItem[2]/TotalTax/CalculatedAmount", func(i *invoice.Invoice) {
			exempt(i, "0301")
			i.Lines = append(i.Lines, i.Lines[0])
			i.Lines[0].Tax, i.Lines[1].Tax, i.Lines[1].Charge, i.Lines[1].Sequence = new(money.Won(1)), new(money.Won(-1)), nil, "2"
		}},
		{"text_character", "InvoicerParty/SpecifiedAddress/LineOneText", func(i *invoice.Invoice) { i.Supplier.Address = "1\x0b2" }},
		{"text_character", "DescriptionText", func(i *invoice.Invoice) { i.Document.Remarks = []string{"\xff"} }},
		{"length", "TaxInvoiceTradeLineItem[1]/NameText", func(i *invoice.Invoice) { i.Lines[0].Name = strings.Repeat("가", 101) }},
	} {
		t.Run(c.codes+" "+c.element, func(t *testing.T) {
			changed := good()
			c.change(changed)
			found := invoice.ValidateIssue(changed, today)
			if got := strings.Join(codes(found), ","); got != c.codes {
				t.Errorf("broken: %s", got)
			}
			named := slices.ContainsFunc(found, func(f invoice.Finding) bool {
				return strings.HasSuffix(f.Element, c.element) && f.Sentence != "" && f.Korean != ""
			})
			if !named {
				t.Errorf("%s is not named in %v", c.element, found)
			}
		})
		for code := range strings.SplitSeq(c.codes, ",") {
			tested[code] = true
		}
	}
	named := map[string]bool{}
	for _, rule := range append(invoice.Rules(), invoice.IssueRules(today)...) {
		if !tested[rule.Code] || rule.Sentence == "" || rule.Korean == "" || rule.Source == "" || named[rule.Code] {
			t.Errorf("rule %q is not tested, not described, or named twice", rule.Code)
		}
		named[rule.Code] = true
	}
}

// exempt makes good a document of exempt goods.
func exempt(i *invoice.Invoice, code invoice.TypeCode) {
	i.Document.Type, i.Payments = code, nil
	i.Totals = invoice.Totals{Charge: 10_000, Grand: 10_000}
	i.Lines = []invoice.Line{{Sequence: "1", Charge: new(money.Won(10_000))}}
}

func TestNegativeAndZeroRatedAreGood(t *testing.T) {
	back := good()
	amended(back, invoice.AmendDuplicate)
	back.Totals = invoice.Totals{Charge: -10_000, Tax: new(money.Won(-1000)), Grand: -11_000}
	back.Lines = []invoice.Line{{Charge: new(money.Won(-10_000)), Tax: new(money.Won(-1000))}}
	back.Payments = nil
	free := good()
	exempt(free, "0303")
	free.Broker = &invoice.Party{ID: "2208162517", Name: "수탁", Representative: "수"}
	customs := good()
	customs.Document.Type, customs.Document.Purpose = "0104", ""
	customs.Document.Import = &invoice.Import{ID: "123456789012345", Quantity: "3", From: "20261101", To: "20261130"}
	consigned := good()
	consigned.Document.Type, consigned.Broker = "0103", &invoice.Party{ID: "2208162517", Name: "수탁", Representative: "수"}
	for _, i := range []*invoice.Invoice{back, free, consigned, customs} {
		if found := invoice.Validate(i); len(found) > 0 {
			t.Errorf("%s breaks %v", i.Document.Type, found)
		}
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
	}{{"20261323", "41000008", 1}, {"20261123", "4100000", 1}, {"20261123", "4100000A", 1}, {"20261123", "41000008", 100_000_000}, {"20261123", "41000008", -1}, {"2026112", "341000008", 1}} {
		if got, err := invoice.NewApprovalNumber(c.date, c.system, c.serial); !errors.Is(err, invoice.ErrNumber) {
			t.Errorf("%+v made %s, %v", c, got, err)
		}
	}
}

func TestNumbering(t *testing.T) {
	serial, spent := 0, errors.New("spent")
	numbering := invoice.Numbering{System: "41000008", Next: func(invoice.Date) (int, error) {
		if serial++; serial > 2 {
			return 0, spent
		}
		return serial, nil
	}}
	for _, want := range []string{"202611234100000800000001", "202611234100000800000002"} {
		if got, err := numbering.Number(today); err != nil || got.String() != want {
			t.Errorf("got %s, %v", got, err)
		}
	}
	if got, err := numbering.Number(today); !errors.Is(err, spent) {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestResidentNumberIsHidden(t *testing.T) {
	i := good()
	i.Buyer.IDKind, i.Buyer.ID = invoice.BuyerPerson, "9001017654321"
	i.Buyer.Name, i.Totals.Grand = "", 0
	var log strings.Builder
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("issued", "document", i, "buyer", i.Buyer)
	shown := []string{log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		shown = append(shown, fmt.Sprintf(verb, *i), fmt.Sprintf(verb, i.Buyer), fmt.Sprintf(verb, invoice.Validate(i)))
	}
	for _, text := range shown {
		if strings.Contains(text, "7654321") || strings.Contains(text, fmt.Sprintf("%x", "7654321")) {
			t.Errorf("the number is shown: %s", text)
		}
	}
	for _, c := range []struct {
		kind     invoice.BuyerCode
		id, want string
	}{
		{invoice.BuyerPerson, "9001011234567", "900101-1******"},
		{invoice.BuyerBusiness, "2208162517", "220-81-62517"},
		{invoice.BuyerForeigner, invoice.ForeignerID, "외국인"},
		{invoice.BuyerBusiness, "9001011234567", "900101-1******"},
		{invoice.BuyerPerson, "90010112", "********"},
		{invoice.BuyerBusiness, "", ""},
	} {
		if got := (invoice.Buyer{Party: invoice.Party{ID: c.id}, IDKind: c.kind}).PrintedID(); got != c.want {
			t.Errorf("%s %s is printed as %s", c.kind, c.id, got)
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

func TestHundredths(t *testing.T) {
	for value, want := range map[invoice.Hundredths]string{0: "0", 5: "0.05", -5: "-0.05", 150: "1.5", -20_050: "-200.5", 300: "3"} {
		if got := value.String(); got != want {
			t.Errorf("%d is %s", int64(value), got)
		}
	}
}
