package ubl

import (
	"encoding/xml"
	"strconv"

	"shopbox/protocol/money"
)

// document is Invoice or CreditNote, in the order of UBL 2.1, which is the
// same for both as far as it is used here. Prefixes stand in the names since
// encoding/xml would declare the namespace at every element.
type document struct {
	XMLName       xml.Name
	Space         string            `xml:"xmlns,attr"`
	Aggregates    string            `xml:"xmlns:cac,attr"`
	Basics        string            `xml:"xmlns:cbc,attr"`
	Customization string            `xml:"cbc:CustomizationID"`
	ID            string            `xml:"cbc:ID"`
	IssueDate     string            `xml:"cbc:IssueDate"`
	InvoiceType   string            `xml:"cbc:InvoiceTypeCode,omitempty"`
	CreditType    string            `xml:"cbc:CreditNoteTypeCode,omitempty"`
	Notes         []string          `xml:"cbc:Note"`
	Currency      string            `xml:"cbc:DocumentCurrencyCode"`
	Amended       *billingReference `xml:"cac:BillingReference>cac:InvoiceDocumentReference"`
	Supplier      party             `xml:"cac:AccountingSupplierParty>cac:Party"`
	Buyer         party             `xml:"cac:AccountingCustomerParty>cac:Party"`
	Means         *paymentMeans     `xml:"cac:PaymentMeans"`
	Terms         *paymentTerms     `xml:"cac:PaymentTerms"`
	TaxTotal      taxTotal          `xml:"cac:TaxTotal"`
	Total         monetaryTotal     `xml:"cac:LegalMonetaryTotal"`
	Lines         []line
}

// name makes the document an invoice or a credit note.
func (d *document) name(credit, amended bool) {
	switch {
	case credit:
		d.XMLName.Local, d.Space, d.CreditType = "CreditNote", creditSpace, typeCreditNote
	case amended:
		d.XMLName.Local, d.InvoiceType = "Invoice", typeCorrected
	default:
		d.XMLName.Local, d.InvoiceType = "Invoice", typeInvoice
	}
}

type billingReference struct {
	ID        string `xml:"cbc:ID"`
	IssueDate string `xml:"cbc:IssueDate,omitempty"`
}

type party struct {
	Endpoint *endpoint       `xml:"cbc:EndpointID"`
	Branch   *identification `xml:"cac:PartyIdentification"`
	Address  address         `xml:"cac:PostalAddress"`
	Tax      *partyTax       `xml:"cac:PartyTaxScheme"`
	Legal    legal           `xml:"cac:PartyLegalEntity"`
	Contact  *contact        `xml:"cac:Contact"`
}

type endpoint struct {
	Scheme string `xml:"schemeID,attr"`
	Value  string `xml:",chardata"`
}

type identification struct {
	ID string `xml:"cbc:ID"`
}

type address struct {
	Street  string `xml:"cbc:StreetName,omitempty"`
	Country string `xml:"cac:Country>cbc:IdentificationCode"`
}

type partyTax struct {
	ID     string    `xml:"cbc:CompanyID"`
	Scheme taxScheme `xml:"cac:TaxScheme"`
}

type legal struct {
	Name string `xml:"cbc:RegistrationName"`
	ID   string `xml:"cbc:CompanyID,omitempty"`
	Form string `xml:"cbc:CompanyLegalForm,omitempty"`
}

type contact struct {
	Name      string `xml:"cbc:Name,omitempty"`
	Telephone string `xml:"cbc:Telephone,omitempty"`
	Mail      string `xml:"cbc:ElectronicMail,omitempty"`
}

type paymentMeans struct {
	Code string `xml:"cbc:PaymentMeansCode"`
}

type paymentTerms struct {
	Note string `xml:"cbc:Note"`
}

type taxTotal struct {
	Amount   amount   `xml:"cbc:TaxAmount"`
	Subtotal subtotal `xml:"cac:TaxSubtotal"`
}

type subtotal struct {
	Taxable  amount      `xml:"cbc:TaxableAmount"`
	Amount   amount      `xml:"cbc:TaxAmount"`
	Category taxCategory `xml:"cac:TaxCategory"`
}

type taxCategory struct {
	ID      string    `xml:"cbc:ID"`
	Percent string    `xml:"cbc:Percent"`
	Reason  string    `xml:"cbc:TaxExemptionReason,omitempty"`
	Scheme  taxScheme `xml:"cac:TaxScheme"`
}

type taxScheme struct {
	ID string `xml:"cbc:ID"`
}

func vat() taxScheme { return taxScheme{ID: "VAT"} }

type monetaryTotal struct {
	Lines     amount  `xml:"cbc:LineExtensionAmount"`
	Exclusive amount  `xml:"cbc:TaxExclusiveAmount"`
	Inclusive amount  `xml:"cbc:TaxInclusiveAmount"`
	Prepaid   amount  `xml:"cbc:PrepaidAmount"`
	Rounding  *amount `xml:"cbc:PayableRoundingAmount"`
	Payable   amount  `xml:"cbc:PayableAmount"`
}

// line is InvoiceLine or CreditNoteLine.
type line struct {
	XMLName  xml.Name
	ID       string  `xml:"cbc:ID"`
	Note     string  `xml:"cbc:Note,omitempty"`
	Quantity measure // InvoicedQuantity or CreditedQuantity
	Amount   amount  `xml:"cbc:LineExtensionAmount"`
	Period   *period `xml:"cac:InvoicePeriod"`
	Item     item    `xml:"cac:Item"`
	Price    price   `xml:"cac:Price"`
}

func (w *line) name(credit bool) {
	w.XMLName.Local, w.Quantity.XMLName.Local = "cac:InvoiceLine", "cbc:InvoicedQuantity"
	if credit {
		w.XMLName.Local, w.Quantity.XMLName.Local = "cac:CreditNoteLine", "cbc:CreditedQuantity"
	}
}

type measure struct {
	XMLName xml.Name
	Unit    string `xml:"unitCode,attr"`
	Value   string `xml:",chardata"`
}

type period struct {
	Start string `xml:"cbc:StartDate"`
	End   string `xml:"cbc:EndDate"`
}

type item struct {
	Description string      `xml:"cbc:Description,omitempty"`
	Name        string      `xml:"cbc:Name"`
	Category    taxCategory `xml:"cac:ClassifiedTaxCategory"`
}

type price struct {
	Amount amount   `xml:"cbc:PriceAmount"`
	Base   *measure `xml:"cbc:BaseQuantity"`
}

type amount struct {
	Currency string `xml:"currencyID,attr"`
	Value    string `xml:",chardata"`
}

// won is an amount without decimals, which the standard allows.
func won(w money.Won) amount {
	return amount{Currency: currency, Value: strconv.FormatInt(int64(w), 10)}
}
