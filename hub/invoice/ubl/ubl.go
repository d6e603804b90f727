// Package ubl writes a Korean tax invoice as an invoice or credit note of the
// European standard EN 16931-1 in UBL 2.1 (CEN/TS 16931-3-2). The invoice
// command calls it. What always holds: every amount is a whole won computed
// without floats, the total due is that of the Korean document, and the sums
// satisfy the business rules of the standard or the document is refused.
//
// There is no official mapping; this is our own. Comments name the business
// terms (BT) and groups (BG) of the standard:
//
//	BT-1 approval number; BT-2 written date; BT-3 380, 384 when it amends
//	another, 381 when its sum is negative; BT-5 KRW; BT-25, 26 the amended one
//	BT-22 remarks, reason of the amendment, broker, the tax if it was rounded
//	BG-4, BG-7 supplier and buyer: BT-30, 47 business number (the lists have no
//	scheme for it), BT-31, 48 "KR" and the number, which is no VIES number;
//	BT-33 trade and representative of the supplier; BT-34, 49 mail
//	BG-23 S with the dated rate (부가가치세법 30), Z (영세율, 21 to 24), E (면세, 26)
//	BT-113 what was paid, BT-115 what is due
//	BG-25 lines: C62 (pieces), as the Korean document names no unit
//
// Not carried: a resident or foreigner's number, which must not leave the
// country with a file; the buyer's trade, representative and second contact;
// the number of the issuing system. A customs document is refused.
package ubl

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// The codes of refusals.
const (
	CodeImport = "ubl_import"
	CodeLines  = "ubl_lines"
	CodeTotal  = "ubl_total"
	CodeRate   = "ubl_rate"
	CodeTax    = "ubl_tax"
)

// Error says why a document cannot be one of EN 16931.
type Error struct {
	// Code is one of the codes of this package.
	Code string
	// Sentence says what is wrong and what to do.
	Sentence string
}

func (e *Error) Error() string { return e.Code + ": " + e.Sentence }

const (
	header        = xml.Header
	invoiceSpace  = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
	creditSpace   = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
	aggregates    = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
	basics        = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
	specification = "urn:cen.eu:en16931:2017" // BT-24
	currency      = "KRW"
	country       = "KR"
)

// Document types of UNTDID 1001.
const (
	typeInvoice    = "380"
	typeCreditNote = "381"
	typeCorrected  = "384"
)

// Write maps the document and checks that its sums hold.
func Write(i *invoice.Invoice) ([]byte, error) {
	if i.Document.Type.Import() {
		return nil, &Error{CodeImport, "customs issue this document; it is no invoice of a supplier"}
	}
	m := mapping{Invoice: i, sign: 1}
	if i.Totals.Grand < 0 {
		m.sign = -1
	}
	document, err := m.document()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(header)
	encoder := xml.NewEncoder(&out)
	encoder.Indent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return nil, fmt.Errorf("ubl: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// mapping is a document on its way. A credit note turns every sign: sign is -1.
type mapping struct {
	*invoice.Invoice

	sign money.Won
}

func (m mapping) credit() bool { return m.sign < 0 }

func (m mapping) document() (*document, error) {
	category, err := m.category()
	if err != nil {
		return nil, err
	}
	lines, err := m.lines(category)
	if err != nil {
		return nil, err
	}
	sums, err := m.sums(category)
	if err != nil {
		return nil, err
	}
	d := &document{
		Space: invoiceSpace, Aggregates: aggregates, Basics: basics,
		Customization: specification, ID: m.Document.IssueID, IssueDate: date(m.Document.WrittenOn),
		Notes: m.notes(sums), Currency: currency, Amended: m.amended(),
		Supplier: m.supplier(), Buyer: m.buyer(), Means: m.means(), Terms: m.terms(),
		TaxTotal: taxTotal{Amount: won(sums.tax), Subtotal: subtotal{
			Taxable: won(sums.charge), Amount: won(sums.tax), Category: m.breakdown(category),
		}},
		Total: monetaryTotal{
			Lines: won(sums.charge), Exclusive: won(sums.charge), Inclusive: won(sums.charge + sums.tax),
			Prepaid: won(sums.paid), Payable: won(sums.due),
		},
		Lines: lines,
	}
	if sums.rounding != 0 {
		rounding := won(sums.rounding)
		d.Total.Rounding = &rounding
	}
	d.name(m.credit(), m.Document.Type.Amended())
	return d, nil
}

// notes are BT-22.
func (m mapping) notes(s sums) []string {
	var notes []string
	for _, remark := range m.Document.Remarks {
		if remark = strings.TrimSpace(remark); remark != "" && m.Buyer.IDKind != invoice.BuyerForeigner {
			notes = append(notes, remark)
		}
	}
	if a := m.Document.Amendment; a != "" {
		notes = append(notes, "수정사유 "+string(a))
	}
	if b := m.Broker; b != nil {
		notes = append(notes, "수탁자 "+b.Name+" ("+b.ID+")")
	}
	if s.rounding != 0 {
		notes = append(notes, "세액 "+(m.sign*m.Totals.TaxAmount()).String()+" KRW")
	}
	return notes
}

// amended is BG-3: the number of the amended document begins with its date.
func (m mapping) amended() *billingReference {
	id := m.Document.OriginalIssueID
	if id == "" {
		return nil
	}
	reference := &billingReference{ID: id}
	if number, err := invoice.ParseApprovalNumber(id); err == nil {
		reference.IssueDate = date(number.Date)
	}
	return reference
}

// means is BG-16, given when there is one way of paying only: the standard
// has one place for it.
func (m mapping) means() *paymentMeans {
	if len(m.Payments) != 1 {
		return nil
	}
	// UNTDID 4461: in cash, cheque, promissory note.
	codes := map[invoice.PaymentCode]string{invoice.PaidCash: "10", invoice.PaidCheque: "20", invoice.PaidNote: "60"}
	code := codes[m.Payments[0].Kind]
	if code == "" {
		return nil
	}
	return &paymentMeans{Code: code}
}

// terms are BT-20, which BR-CO-25 asks for as the document has no due date.
func (m mapping) terms() *paymentTerms {
	switch m.Document.Purpose {
	case invoice.PurposeReceived:
		return &paymentTerms{Note: "영수"}
	case invoice.PurposeBilled, invoice.PurposeBilledOld:
		return &paymentTerms{Note: "청구"}
	}
	return &paymentTerms{Note: "지급조건 없음"}
}

func date(d invoice.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return string(d[:4] + "-" + d[4:6] + "-" + d[6:])
}
