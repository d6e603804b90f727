// Package invoice is the Korean electronic tax invoice (전자세금계산서, KEC
// standard v3.0; 부가가치세법 32, 시행령 68) as a document: its elements and
// codes, its approval number and its rules. The reader and writer in kecxml and
// the invoice commands call it. What always holds: no input, no output, no
// clock, and amounts are whole won.
package invoice

import (
	"shopbox/protocol/money"
)

// Date is a day as the standard writes it, yyyyMMdd. A document read from
// another system may hold anything; Validate tells.
type Date string

// Moment is a time in Korea as the standard writes it, yyyyMMddHHmmss.
type Moment string

// Hundredths is a quantity or a unit price: 100 is one, 150 is 1.5.
type Hundredths int64

// Invoice is one document with every element of the standard. Empty texts and
// nil pointers are absent elements.
type Invoice struct {
	// Exchange is ExchangedDocument; the signature does not cover it.
	Exchange Exchange
	// Document is TaxInvoiceDocument.
	Document Document
	// Supplier is InvoicerParty, the supplier (공급자).
	Supplier Party
	// Buyer is InvoiceeParty, who is supplied (공급받는자).
	Buyer Buyer
	// Broker is BrokerParty, the consignee (수탁자) who issues for the supplier.
	Broker *Party
	// Payments are SpecifiedPaymentMeans, at most one of each kind.
	Payments []Payment
	// Totals are SpecifiedMonetarySummation.
	Totals Totals
	// Lines are TaxInvoiceTradeLineItem.
	Lines []Line
}

// Exchange is what relaying systems write about the document.
type Exchange struct {
	// ID is the issuing system's own number for the document (관리번호).
	ID string
	// ReferencedID is the number of another document of that system.
	ReferencedID string
	// IssuedAt is the time of the signature.
	IssuedAt Moment
}

// Document is the head of the invoice.
type Document struct {
	// IssueID is the approval number (승인번호), see ApprovalNumber.
	IssueID string
	// Type is class and kind.
	Type TypeCode
	// Remarks are up to three texts (비고).
	Remarks []string
	// WrittenOn is the legal date of the document (작성일자).
	WrittenOn Date
	// Amendment is the reason of an amended document (수정사유).
	Amendment AmendmentCode
	// Purpose says whether it was paid or is billed.
	Purpose PurposeCode
	// OriginalIssueID is the approval number of the amended document.
	OriginalIssueID string
	// Import is the customs declaration; only customs write it.
	Import *Import
}

// Import is ReferencedImportDocument.
type Import struct {
	// ID is the number of the import declaration.
	ID string
	// Quantity is the count of declarations taken together.
	Quantity string
	// From and To are the period they were accepted in.
	From, To Date
}

// Party is a supplier or a broker.
type Party struct {
	// ID is the business registration number, ten digits.
	ID string
	// BusinessType is 업태, Name 상호 and Item 종목.
	BusinessType, Name, Item string
	// Branch is the number of a branch under unit taxation (종사업장).
	Branch string
	// Representative is 대표자.
	Representative string
	// Contact is who to ask.
	Contact Contact
	// Address is the place of business.
	Address string
}

// Buyer is a party with the kind of its number and a second contact.
type Buyer struct {
	Party

	// IDKind says what the ID is.
	IDKind BuyerCode
	// Second is a second contact.
	Second Contact
}

// Contact is a person to reach; all fields may be empty.
type Contact struct{ Department, Person, Telephone, Email string }

// Payment is a part of the sum by how it is paid.
type Payment struct {
	Kind   PaymentCode
	Amount money.Won
}

// Totals are the sums of the document in won.
type Totals struct {
	// Charge is 공급가액.
	Charge money.Won
	// Tax is 세액; absent on exempt and zero-rated documents of some systems.
	Tax *money.Won
	// Grand is 총금액.
	Grand money.Won
}

// Line is one item. Nothing but the document's totals is required by law
// (시행령 67②).
type Line struct {
	// Sequence is its number as written, "1" or "01".
	Sequence string
	// Remark, Specification (규격) and Name (품명) are free texts.
	Remark, Specification, Name string
	// Charge is its supply amount and Tax its tax.
	Charge, Tax *money.Won
	// Quantity and UnitPrice have up to two decimals.
	Quantity, UnitPrice *Hundredths
	// SuppliedOn is the day of supply.
	SuppliedOn Date
}

// TaxAmount is the tax of the document, zero when it has none.
func (t Totals) TaxAmount() money.Won { return amount(t.Tax) }

func amount(w *money.Won) money.Won {
	if w == nil {
		return 0
	}
	return *w
}
