package invoice

// Finding is one broken rule at one element.
type Finding struct {
	// Code is the rule's stable code.
	Code string
	// Element names the element by its path in the document.
	Element string
	// Sentence says what the rule asks.
	Sentence string
	// Unconfirmed rules come from implementations, not from the standard's
	// own text.
	Unconfirmed bool
}

// Rule is one thing a document must fulfil.
type Rule struct {
	// Code names the rule for ever.
	Code string
	// Sentence says what it asks.
	Sentence string
	// Source is the statute or the section of the standard.
	Source string
	// Unconfirmed marks rules whose primary text was not at hand.
	Unconfirmed bool

	broken func(*Invoice) []string
}

// Rules lists every rule in the order they are checked.
func Rules() []Rule {
	list := headRules()
	list = append(list, partyRules()...)
	list = append(list, sumRules()...)
	return append(list, lengthRule())
}

// Validate holds a document against every rule. Nothing found means that it
// may be signed. Whether the written date lies in the future is for
// FutureDate, which needs to know the day.
func Validate(i *Invoice) []Finding {
	var found []Finding
	for _, rule := range Rules() {
		for _, element := range rule.broken(i) {
			found = append(found, Finding{
				Code: rule.Code, Element: element, Sentence: rule.Sentence, Unconfirmed: rule.Unconfirmed,
			})
		}
	}
	return found
}

// FutureDate reports a written date after today: such documents are not
// issued (부가가치세법 34).
func FutureDate(i *Invoice, today Date) []Finding {
	if i.Document.WrittenOn <= today {
		return nil
	}
	return []Finding{{
		Code: "date_future", Element: pathDocument + "IssueDateTime",
		Sentence: "the written date must not lie in the future",
	}}
}

// The paths of the parts.
const (
	pathExchange = "TaxInvoice/ExchangedDocument/"
	pathDocument = "TaxInvoice/TaxInvoiceDocument/"
	pathTrade    = "TaxInvoice/TaxInvoiceTradeSettlement/"
	pathSupplier = pathTrade + "InvoicerParty/"
	pathBuyer    = pathTrade + "InvoiceeParty/"
	pathBroker   = pathTrade + "BrokerParty/"
	pathSums     = pathTrade + "SpecifiedMonetarySummation/"
	pathPayment  = pathTrade + "SpecifiedPaymentMeans"
	pathLine     = "TaxInvoice/TaxInvoiceTradeLineItem"
)

// when names the element if the rule is broken there.
func when(broken bool, element string) []string {
	if broken {
		return []string{element}
	}
	return nil
}
