package kecxml

import (
	"strconv"
	"strings"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/xmltree"
	"shopbox/protocol/money"
)

// The codes of a refused document; xmltree has those of a refused file.
const (
	CodeRoot     = "kec_root"
	CodeMissing  = "kec_missing"
	CodeRepeated = "kec_repeated"
	CodeNumber   = "kec_number"
	CodeTooLong  = "kec_number_too_long"
	CodeDecimals = "kec_decimals"
	CodeTooMany  = "kec_too_many"
)

// What a document may hold at most while it is read; Validate is stricter.
const (
	maxDigits   = 15
	maxRepeated = 999
)

// Error says why a document is refused and in which element.
type Error struct {
	// Code is one of the Code constants.
	Code string
	// Element names the element by its path.
	Element string
	// Detail is a sentence for a log or a terminal.
	Detail string
}

// Error is the code, the element and the detail in one line.
func (e *Error) Error() string { return e.Code + ": " + e.Element + ": " + e.Detail }

// Read takes a document, signed or not, of any system: any order of elements,
// any white space, empty or unknown elements, numbers with a plus or zero
// decimals. Refused with an *Error or an *xmltree.Error: what is no invoice,
// numbers that are none or too long, and elements that stand twice where one
// would hide the other. It does not validate, nor check the signature.
func Read(file []byte) (*invoice.Invoice, error) {
	root, err := xmltree.Parse(file)
	if err != nil {
		return nil, err
	}
	if !root.Is(Space, "TaxInvoice") {
		return nil, &Error{Code: CodeRoot, Element: root.Path(), Detail: "the root is not a TaxInvoice of the KEC namespace"}
	}
	var r reader
	i := r.invoice(root)
	if r.err != nil {
		return nil, r.err
	}
	return i, nil
}

// reader keeps the first error and reads nothing after it.
type reader struct{ err error }

func (r *reader) fail(n *xmltree.Node, code, detail string) {
	if r.err == nil {
		r.err = &Error{Code: code, Element: n.Path(), Detail: detail}
	}
}

func (r *reader) all(n *xmltree.Node, name string) []*xmltree.Node {
	if n == nil {
		return nil
	}
	var list []*xmltree.Node
	for _, child := range n.Elements() {
		if child.Is(Space, name) {
			list = append(list, child)
		}
	}
	if len(list) > maxRepeated {
		r.fail(list[maxRepeated], CodeTooMany, "the element stands too often")
		return nil
	}
	return list
}

// child is the one child of that name; nil when it is absent.
func (r *reader) child(n *xmltree.Node, name string) *xmltree.Node {
	list := r.all(n, name)
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 {
		r.fail(list[1], CodeRepeated, "the element stands twice")
	}
	return list[0]
}

// must is a child that no invoice can be without.
func (r *reader) must(n *xmltree.Node, name string) *xmltree.Node {
	found := r.child(n, name)
	if found == nil && n != nil {
		r.fail(n, CodeMissing, "there is no "+name)
	}
	return found
}

func (r *reader) text(n *xmltree.Node, path ...string) string {
	for _, name := range path {
		n = r.child(n, name)
	}
	return content(n)
}

func content(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.Content())
}

func (r *reader) invoice(root *xmltree.Node) *invoice.Invoice {
	exchange := r.child(root, "ExchangedDocument")
	trade := r.must(root, "TaxInvoiceTradeSettlement")
	i := &invoice.Invoice{
		Exchange: invoice.Exchange{
			ID: r.text(exchange, "ID"), ReferencedID: r.text(exchange, "ReferencedDocument", "ID"),
			IssuedAt: invoice.Moment(r.text(exchange, "IssueDateTime")),
		},
		Document: r.document(r.must(root, "TaxInvoiceDocument")),
		Supplier: r.party(r.must(trade, "InvoicerParty"), "DefinedContact"),
		Buyer:    r.buyer(r.must(trade, "InvoiceeParty")),
		Totals:   r.totals(r.must(trade, "SpecifiedMonetarySummation")),
	}
	if broker := r.child(trade, "BrokerParty"); broker != nil {
		party := r.party(broker, "DefinedContact")
		i.Broker = &party
	}
	for _, n := range r.all(trade, "SpecifiedPaymentMeans") {
		payment := invoice.Payment{Kind: invoice.PaymentCode(r.text(n, "TypeCode"))}
		payment.Amount = r.sum(n, "PaidAmount")
		i.Payments = append(i.Payments, payment)
	}
	for _, n := range r.all(root, "TaxInvoiceTradeLineItem") {
		i.Lines = append(i.Lines, r.line(n))
	}
	return i
}

func (r *reader) document(n *xmltree.Node) invoice.Document {
	d := invoice.Document{
		IssueID: r.text(n, "IssueID"), Type: invoice.TypeCode(r.text(n, "TypeCode")),
		WrittenOn:       invoice.Date(r.text(n, "IssueDateTime")),
		Amendment:       invoice.AmendmentCode(r.text(n, "AmendmentStatusCode")),
		Purpose:         invoice.PurposeCode(r.text(n, "PurposeCode")),
		OriginalIssueID: r.text(n, "OriginalIssueID"),
	}
	for _, remark := range r.all(n, "DescriptionText") {
		if text := content(remark); text != "" {
			d.Remarks = append(d.Remarks, text)
		}
	}
	if customs := r.child(n, "ReferencedImportDocument"); customs != nil {
		d.Import = &invoice.Import{
			ID: r.text(customs, "ID"), Quantity: r.text(customs, "ItemQuantity"),
			From: invoice.Date(r.text(customs, "AcceptablePeriod", "StartDateTime")),
			To:   invoice.Date(r.text(customs, "AcceptablePeriod", "EndDateTime")),
		}
	}
	return d
}

func (r *reader) party(n *xmltree.Node, contact string) invoice.Party {
	return invoice.Party{
		ID: r.text(n, "ID"), BusinessType: r.text(n, "TypeCode"), Name: r.text(n, "NameText"),
		Item: r.text(n, "ClassificationCode"), Branch: r.text(n, "SpecifiedOrganization", "TaxRegistrationID"),
		Representative: r.text(n, "SpecifiedPerson", "NameText"),
		Contact:        r.contact(r.child(n, contact)), Address: r.text(n, "SpecifiedAddress", "LineOneText"),
	}
}

func (r *reader) buyer(n *xmltree.Node) invoice.Buyer {
	return invoice.Buyer{
		Party:  r.party(n, "PrimaryDefinedContact"),
		IDKind: invoice.BuyerCode(r.text(n, "SpecifiedOrganization", "BusinessTypeCode")),
		Second: r.contact(r.child(n, "SecondaryDefinedContact")),
	}
}

func (r *reader) contact(n *xmltree.Node) invoice.Contact {
	return invoice.Contact{
		Department: r.text(n, "DepartmentNameText"), Person: r.text(n, "PersonNameText"),
		Telephone: r.text(n, "TelephoneCommunication"), Email: r.text(n, "URICommunication"),
	}
}

func (r *reader) totals(n *xmltree.Node) invoice.Totals {
	return invoice.Totals{
		Charge: r.sum(n, "ChargeTotalAmount"), Tax: r.won(r.child(n, "TaxTotalAmount")), Grand: r.sum(n, "GrandTotalAmount"),
	}
}

func (r *reader) line(n *xmltree.Node) invoice.Line {
	return invoice.Line{
		Sequence: r.text(n, "SequenceNumeric"), Remark: r.text(n, "DescriptionText"),
		Specification: r.text(n, "InformationText"), Name: r.text(n, "NameText"),
		Charge: r.won(r.child(n, "InvoiceAmount")), Tax: r.won(r.child(r.child(n, "TotalTax"), "CalculatedAmount")),
		Quantity:   r.hundredths(r.child(n, "ChargeableUnitQuantity")),
		UnitPrice:  r.hundredths(r.child(r.child(n, "UnitPrice"), "UnitAmount")),
		SuppliedOn: invoice.Date(r.text(n, "PurchaseExpiryDateTime")),
	}
}

// sum is an amount that must be there.
func (r *reader) sum(n *xmltree.Node, name string) money.Won {
	amount := r.won(r.must(n, name))
	if amount == nil {
		if n != nil {
			r.fail(n, CodeMissing, "there is no "+name)
		}
		return 0
	}
	return *amount
}

func (r *reader) won(n *xmltree.Node) *money.Won {
	value, found := r.number(n)
	if !found {
		return nil
	}
	if value%100 != 0 {
		r.fail(n, CodeDecimals, "an amount is in whole won")
		return nil
	}
	amount := money.Won(value / 100)
	return &amount
}

func (r *reader) hundredths(n *xmltree.Node) *invoice.Hundredths {
	value, found := r.number(n)
	if !found {
		return nil
	}
	quantity := invoice.Hundredths(value)
	return &quantity
}

// number reads a decimal number in hundredths. Fifteen digits and two
// decimals stay far inside 64 bits.
func (r *reader) number(n *xmltree.Node) (value int64, found bool) {
	text := content(n)
	if text == "" {
		return 0, false
	}
	unsigned := strings.TrimPrefix(text, "-")
	if unsigned == text {
		unsigned = strings.TrimPrefix(text, "+")
	}
	whole, decimals, point := strings.Cut(unsigned, ".")
	if whole == "" || point && decimals == "" || strings.Trim(whole+decimals, "0123456789") != "" {
		r.fail(n, CodeNumber, "the content is no number")
		return 0, false
	}
	whole, decimals = strings.TrimLeft(whole, "0"), strings.TrimRight(decimals, "0")
	switch {
	case len(whole) > maxDigits:
		r.fail(n, CodeTooLong, "the number has more than fifteen digits")
		return 0, false
	case len(decimals) > 2:
		r.fail(n, CodeDecimals, "the number has more than two decimals")
		return 0, false
	}
	value, err := strconv.ParseInt(whole+(decimals + "00")[:2], 10, 64)
	if err != nil {
		r.fail(n, CodeNumber, "the content is no number")
	}
	if strings.HasPrefix(text, "-") {
		value = -value
	}
	return value, err == nil
}
