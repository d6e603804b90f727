package ubl_test

import (
	"encoding/xml"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// node is an element as the tests read it, with their own reader.
type node struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Nodes   []node `xml:",any"`
}

func parse(tb testing.TB, text []byte) node {
	tb.Helper()
	var root node
	if err := xml.Unmarshal(text, &root); err != nil {
		tb.Fatal(err)
	}
	return root
}

// leaves are the elements that hold text.
func (n *node) leaves() []*node {
	if len(n.Nodes) == 0 {
		return []*node{n}
	}
	var found []*node
	for k := range n.Nodes {
		found = append(found, n.Nodes[k].leaves()...)
	}
	return found
}

// all are the elements at a path of local names.
func (n node) all(path string) []node {
	name, rest, deeper := strings.Cut(path, "/")
	var found []node
	for _, child := range n.Nodes {
		switch {
		case child.XMLName.Local != name:
		case deeper:
			found = append(found, child.all(rest)...)
		default:
			found = append(found, child)
		}
	}
	return found
}

func (n node) text(path string) string {
	for _, found := range n.all(path) {
		return strings.TrimSpace(found.Text)
	}
	return ""
}

// number is exact; what is absent is zero, as in the rules of the standard.
func (n node) number(path string) *big.Rat {
	value, good := new(big.Rat).SetString(n.text(path))
	if !good {
		return new(big.Rat)
	}
	return value
}

func (n node) lines() []node {
	return append(n.all("InvoiceLine"), n.all("CreditNoteLine")...)
}

func sum(of ...*big.Rat) *big.Rat {
	total := new(big.Rat)
	for _, value := range of {
		total.Add(total, value)
	}
	return total
}

func minus(value *big.Rat) *big.Rat { return new(big.Rat).Neg(value) }

const (
	seller    = "AccountingSupplierParty/Party/"
	customer  = "AccountingCustomerParty/Party/"
	totals    = "LegalMonetaryTotal/"
	breakdown = "TaxTotal/TaxSubtotal/"
)

// rule is a business rule of EN 16931-1, 6.4 and 6.5.
type rule struct {
	id    string
	holds func(n node) bool
}

func has(path string) func(node) bool {
	return func(n node) bool { return n.text(path) != "" }
}

func each(holds func(line node) bool) func(node) bool {
	return func(n node) bool {
		return !slices.ContainsFunc(n.lines(), func(line node) bool { return !holds(line) })
	}
}

func category(n node) string { return n.text(breakdown + "TaxCategory/ID") }

func rules() []rule {
	return append([]rule{
		{"BR-01", has("CustomizationID")},
		{"BR-02", has("ID")},
		{"BR-03", has("IssueDate")},
		{"BR-04", func(n node) bool {
			return slices.Contains([]string{"380", "384"}, n.text("InvoiceTypeCode")) || n.text("CreditNoteTypeCode") == "381"
		}},
		{"BR-05", has("DocumentCurrencyCode")},
		{"BR-06", has(seller + "PartyLegalEntity/RegistrationName")},
		{"BR-07", has(customer + "PartyLegalEntity/RegistrationName")},
		{"BR-09", has(seller + "PostalAddress/Country/IdentificationCode")},
		{"BR-11", has(customer + "PostalAddress/Country/IdentificationCode")},
		{"BR-12", has(totals + "LineExtensionAmount")},
		{"BR-13", has(totals + "TaxExclusiveAmount")},
		{"BR-14", has(totals + "TaxInclusiveAmount")},
		{"BR-15", has(totals + "PayableAmount")},
		{"BR-16", func(n node) bool { return len(n.lines()) > 0 }},
		{"BR-21", each(has("ID"))},
		{"BR-22", each(func(n node) bool { return n.text("InvoicedQuantity")+n.text("CreditedQuantity") != "" })},
		{"BR-24", each(has("LineExtensionAmount"))},
		{"BR-25", each(has("Item/Name"))},
		{"BR-26", each(has("Price/PriceAmount"))},
		{"BR-27", each(func(n node) bool { return n.number("Price/PriceAmount").Sign() >= 0 })},
		{"BR-45", has(breakdown + "TaxableAmount")},
		{"BR-46", has(breakdown + "TaxAmount")},
		{"BR-47", has(breakdown + "TaxCategory/ID")},
		{"BR-48", has(breakdown + "TaxCategory/Percent")},
		{"BR-55", func(n node) bool {
			reference := n.all("BillingReference/InvoiceDocumentReference")
			return len(reference) == 0 || reference[0].text("ID") != ""
		}},
	}, sumRules()...)
}

func sumRules() []rule {
	return []rule{
		{"BR-CO-04", each(has("Item/ClassifiedTaxCategory/ID"))},
		{"BR-CO-09", func(n node) bool { return strings.HasPrefix(n.text(seller+"PartyTaxScheme/CompanyID"), "KR") }},
		{"BR-CO-10", func(n node) bool {
			lines := new(big.Rat)
			for _, line := range n.lines() {
				lines = sum(lines, line.number("LineExtensionAmount"))
			}
			return lines.Cmp(n.number(totals+"LineExtensionAmount")) == 0
		}},
		{"BR-CO-13", func(n node) bool {
			return n.number(totals+"TaxExclusiveAmount").Cmp(n.number(totals+"LineExtensionAmount")) == 0
		}},
		{"BR-CO-14", func(n node) bool { return n.number("TaxTotal/TaxAmount").Cmp(n.number(breakdown+"TaxAmount")) == 0 }},
		{"BR-CO-15", func(n node) bool {
			return n.number(totals+"TaxInclusiveAmount").Cmp(sum(n.number(totals+"TaxExclusiveAmount"), n.number("TaxTotal/TaxAmount"))) == 0
		}},
		{"BR-CO-16", func(n node) bool {
			due := sum(n.number(totals+"TaxInclusiveAmount"), minus(n.number(totals+"PrepaidAmount")), n.number(totals+"PayableRoundingAmount"))
			return due.Cmp(n.number(totals+"PayableAmount")) == 0
		}},
		{"BR-CO-17", func(n node) bool {
			tax := new(big.Rat).Mul(n.number(breakdown+"TaxableAmount"), n.number(breakdown+"TaxCategory/Percent"))
			off := sum(tax.Quo(tax, big.NewRat(100, 1)), minus(n.number(breakdown+"TaxAmount")))
			return off.Abs(off).Cmp(big.NewRat(1, 1)) < 0
		}},
		{"BR-CO-18", func(n node) bool { return len(n.all("TaxTotal/TaxSubtotal")) == 1 }},
		{"BR-CO-25", func(n node) bool {
			return n.number(totals+"PayableAmount").Sign() <= 0 || n.text("PaymentTerms/Note") != ""
		}},
		{"BR-S-01, BR-Z-01, BR-E-01", each(func(n node) bool {
			return slices.Contains([]string{"S", "Z", "E"}, n.text("Item/ClassifiedTaxCategory/ID"))
		})},
		{"BR-S-05, BR-Z-05, BR-E-05", each(func(n node) bool {
			return (n.text("Item/ClassifiedTaxCategory/ID") == "S") == (n.number("Item/ClassifiedTaxCategory/Percent").Sign() > 0)
		})},
		{"BR-S-08, BR-Z-08, BR-E-08", func(n node) bool {
			taxable := new(big.Rat)
			for _, line := range n.lines() {
				if line.text("Item/ClassifiedTaxCategory/ID") == category(n) {
					taxable = sum(taxable, line.number("LineExtensionAmount"))
				}
			}
			return taxable.Cmp(n.number(breakdown+"TaxableAmount")) == 0
		}},
		{"BR-Z-09, BR-E-09", func(n node) bool { return category(n) == "S" || n.number(breakdown+"TaxAmount").Sign() == 0 }},
		{"BR-S-10, BR-Z-10, BR-E-10", func(n node) bool {
			return (category(n) == "E") == (n.text(breakdown+"TaxCategory/TaxExemptionReason") != "")
		}},
	}
}

// broken are the rules that a document breaks.
func broken(n node) []string {
	var ids []string
	for _, r := range rules() {
		if !r.holds(n) {
			ids = append(ids, r.id)
		}
	}
	return append(ids, disordered(n)...)
}

// disordered names what stands out of the order of UBL 2.1.
func disordered(n node) []string {
	orders := [][]string{
		strings.Fields(`CustomizationID ID IssueDate InvoiceTypeCode CreditNoteTypeCode Note DocumentCurrencyCode BillingReference
			AccountingSupplierParty AccountingCustomerParty PaymentMeans PaymentTerms TaxTotal LegalMonetaryTotal InvoiceLine CreditNoteLine`),
		strings.Fields(`LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount PrepaidAmount PayableRoundingAmount PayableAmount`),
		strings.Fields(`ID Note InvoicedQuantity CreditedQuantity LineExtensionAmount InvoicePeriod Item Price`),
	}
	groups := []struct {
		order []string
		nodes []node
	}{{orders[0], []node{n}}, {orders[1], n.all("LegalMonetaryTotal")}, {orders[2], n.lines()}}
	var wrong []string
	for _, group := range groups {
		for _, parent := range group.nodes {
			last := 0
			for _, child := range parent.Nodes {
				at := slices.Index(group.order, child.XMLName.Local)
				if at < last {
					wrong = append(wrong, parent.XMLName.Local+"/"+child.XMLName.Local)
				}
				last = max(at, last)
			}
		}
	}
	return wrong
}
