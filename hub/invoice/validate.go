package invoice

// Finding is one broken rule at one element.
type Finding struct {
	// Code is the rule's stable code.
	Code string
	// Element names the element by its path in the document.
	Element string
	// Sentence says in English what the rule asks, Korean in Korean. Neither
	// holds what the document says: that may be a resident number.
	Sentence, Korean string
	// Unconfirmed rules come from implementations, not from the standard's
	// own text.
	Unconfirmed bool
}

// Rule is one thing a document must fulfil.
type Rule struct {
	// Code names the rule for ever.
	Code string
	// Sentence says in English what it asks, Korean in Korean.
	Sentence, Korean string
	// Source is the statute or the section of the standard.
	Source string
	// Unconfirmed marks rules whose primary text was not at hand.
	Unconfirmed bool

	// broken names the elements that break the rule.
	broken func(*Invoice) []string
}

// Rules lists every rule for any document in the order they are checked.
func Rules() []Rule {
	list := headRules()
	list = append(list, amendedRules()...)
	list = append(list, partyRules()...)
	list = append(list, sumRules()...)
	list = append(list, lineRules()...)
	return append(list, textRules()...)
}

// Validate holds a document, received or made here, against Rules. Documents
// made here must also pass ValidateIssue.
func Validate(i *Invoice) []Finding { return check(Rules(), i) }

// ValidateIssue holds a document that is to be signed and issued on a day in
// Korea against Rules and IssueRules. Nothing found means that it may be signed.
func ValidateIssue(i *Invoice, today Date) []Finding {
	return append(Validate(i), check(IssueRules(today), i)...)
}

func check(rules []Rule, i *Invoice) []Finding {
	var found []Finding
	for _, rule := range rules {
		for _, element := range rule.broken(i) {
			found = append(found, Finding{
				Code: rule.Code, Element: element,
				Sentence: rule.Sentence, Korean: rule.Korean, Unconfirmed: rule.Unconfirmed,
			})
		}
	}
	return found
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
	pathImport   = pathDocument + "ReferencedImportDocument"
	pathBranch   = "SpecifiedOrganization/TaxRegistrationID"
	pathPerson   = "SpecifiedPerson/NameText"
)

// when names the element if the rule is broken there.
func when(broken bool, element string) []string {
	if broken {
		return []string{element}
	}
	return nil
}
