// Package kecxml writes the Korean e-tax invoice in the XML of the KEC
// standard v3.0 and reads the files of other systems. The invoice commands and
// the issuing of invoices call it. What always holds: what is written is
// canonical XML (C14N 1.0) after its declaration, so that signing changes none
// of it, and what was written reads back as the same document.
package kecxml

import (
	"bytes"
	"strconv"
	"strings"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// Space is the namespace of the standard.
const Space = "urn:kr:or:kec:standard:Tax:ReusableAggregateBusinessInformationEntitySchemaModule:1:0"

const (
	head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<TaxInvoice xmlns="` + Space + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="` +
		Space + ` http://www.kec.or.kr/standard/Tax/TaxInvoiceSchemaModule_1.0.xsd">`
	tail = "</TaxInvoice>"
)

// escapes are those of canonical XML.
var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")

// Write is the document in the order of the standard, without empty elements
// and without white space between them. It does not validate; characters that
// XML cannot hold are left out.
func Write(i *invoice.Invoice) []byte {
	var w writer
	w.out.WriteString(head)
	w.group("ExchangedDocument", func() { w.exchange(i.Exchange) })
	w.group("TaxInvoiceDocument", func() { w.document(i.Document) })
	w.group("TaxInvoiceTradeSettlement", func() { w.settlement(i) })
	for _, line := range i.Lines {
		w.group("TaxInvoiceTradeLineItem", func() { w.line(line) })
	}
	w.out.WriteString(tail)
	return w.out.Bytes()
}

type writer struct{ out bytes.Buffer }

// group writes an element around others, or nothing when they are nothing.
func (w *writer) group(name string, inside func()) {
	before := w.out.Len()
	w.out.WriteString("<" + name + ">")
	mark := w.out.Len()
	inside()
	if w.out.Len() == mark {
		w.out.Truncate(before)
		return
	}
	w.out.WriteString("</" + name + ">")
}

// text writes an element unless it is empty.
func (w *writer) text(name, value string) {
	if value = strings.Map(allowed, value); value != "" {
		w.out.WriteString("<" + name + ">" + escapes.Replace(value) + "</" + name + ">")
	}
}

// allowed drops what is no character of XML 1.0 (REC-xml 2.2).
func allowed(r rune) rune {
	switch {
	case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xd7ff, r >= 0xe000 && r <= 0xfffd, r >= 0x10000:
		return r
	}
	return -1
}

func (w *writer) won(name string, amount *money.Won) {
	if amount != nil {
		w.text(name, strconv.FormatInt(int64(*amount), 10))
	}
}

func (w *writer) exchange(e invoice.Exchange) {
	w.text("ID", e.ID)
	w.text("IssueDateTime", string(e.IssuedAt))
	w.group("ReferencedDocument", func() { w.text("ID", e.ReferencedID) })
}

func (w *writer) document(d invoice.Document) {
	w.text("IssueID", d.IssueID)
	w.text("TypeCode", string(d.Type))
	for _, remark := range d.Remarks {
		w.text("DescriptionText", remark)
	}
	w.text("IssueDateTime", string(d.WrittenOn))
	w.text("AmendmentStatusCode", string(d.Amendment))
	w.text("PurposeCode", string(d.Purpose))
	w.text("OriginalIssueID", d.OriginalIssueID)
	if d.Import == nil {
		return
	}
	w.group("ReferencedImportDocument", func() {
		w.text("ID", d.Import.ID)
		w.text("ItemQuantity", d.Import.Quantity)
		w.group("AcceptablePeriod", func() {
			w.text("StartDateTime", string(d.Import.From))
			w.text("EndDateTime", string(d.Import.To))
		})
	})
}

func (w *writer) settlement(i *invoice.Invoice) {
	w.group("InvoicerParty", func() { w.party(i.Supplier) })
	w.group("InvoiceeParty", func() {
		w.partyHead(i.Buyer.Party, i.Buyer.IDKind)
		w.contact("PrimaryDefinedContact", i.Buyer.Contact)
		w.contact("SecondaryDefinedContact", i.Buyer.Second)
		w.address(i.Buyer.Address)
	})
	if i.Broker != nil {
		w.group("BrokerParty", func() { w.party(*i.Broker) })
	}
	for _, p := range i.Payments {
		w.group("SpecifiedPaymentMeans", func() {
			w.text("TypeCode", string(p.Kind))
			w.won("PaidAmount", &p.Amount)
		})
	}
	w.group("SpecifiedMonetarySummation", func() {
		w.won("ChargeTotalAmount", &i.Totals.Charge)
		w.won("TaxTotalAmount", i.Totals.Tax)
		w.won("GrandTotalAmount", &i.Totals.Grand)
	})
}

func (w *writer) party(p invoice.Party) {
	w.partyHead(p, "")
	w.contact("DefinedContact", p.Contact)
	w.address(p.Address)
}

func (w *writer) partyHead(p invoice.Party, kind invoice.BuyerCode) {
	w.text("ID", p.ID)
	w.text("TypeCode", p.BusinessType)
	w.text("NameText", p.Name)
	w.text("ClassificationCode", p.Item)
	w.group("SpecifiedOrganization", func() {
		w.text("TaxRegistrationID", p.Branch)
		w.text("BusinessTypeCode", string(kind))
	})
	w.group("SpecifiedPerson", func() { w.text("NameText", p.Representative) })
}

func (w *writer) contact(name string, c invoice.Contact) {
	w.group(name, func() {
		w.text("DepartmentNameText", c.Department)
		w.text("PersonNameText", c.Person)
		w.text("TelephoneCommunication", c.Telephone)
		w.text("URICommunication", c.Email)
	})
}

func (w *writer) address(line string) {
	w.group("SpecifiedAddress", func() { w.text("LineOneText", line) })
}

func (w *writer) line(l invoice.Line) {
	w.text("SequenceNumeric", l.Sequence)
	w.text("DescriptionText", l.Remark)
	w.won("InvoiceAmount", l.Charge)
	w.hundredths("ChargeableUnitQuantity", l.Quantity)
	w.text("InformationText", l.Specification)
	w.text("NameText", l.Name)
	w.text("PurchaseExpiryDateTime", string(l.SuppliedOn))
	w.group("TotalTax", func() { w.won("CalculatedAmount", l.Tax) })
	w.group("UnitPrice", func() { w.hundredths("UnitAmount", l.UnitPrice) })
}

func (w *writer) hundredths(name string, value *invoice.Hundredths) {
	if value != nil {
		w.text(name, value.String())
	}
}
