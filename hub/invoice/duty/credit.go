package duty

import (
	"strconv"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

// CreditClaim is what the credit for issuing electronically depends on.
type CreditClaim struct {
	// Year is the year of issue.
	Year int
	// Company is not a sole trader; only sole traders are credited.
	Company bool
	// Opened says that the business was opened in Year.
	Opened bool
	// PriorYear is the supply of the year before in won, exempt ones included.
	PriorYear money.Won
	// Documents are the taxed ones; those of other years do not count.
	Documents []Sent
	// Taken is what this year's earlier return has credited already.
	Taken money.Won
	// TaxDue is the tax of the return before the credit, nil while unknown.
	TaxDue *money.Won
}

// Sent is an electronic document and when it reached the tax service; empty
// while it has not.
type Sent struct{ Issued, Transmitted invoice.Date }

// Credit is what a return may take off the tax for documents that were issued
// electronically and sent in time (부가가치세법 47, 시행령 89). It is claimed on
// a form of its own; 계산서 have a credit of their own in the income tax
// (소득세법 56의3), not counted here. ErrRateMissing after its last year.
func (l Law) Credit(c CreditClaim) (Figure, error) {
	rate, err := l.Rates.Credit.At(invoice.Date(strconv.Itoa(c.Year) + "0101"))
	if err != nil {
		return Figure{}, err
	}
	count, err := l.sentInTime(c)
	if err != nil {
		return Figure{}, err
	}
	terms := rate.Value
	figure := Figure{
		Name: "electronic_credit", Rule: "the least of count x per_document, year_cap - taken and tax_due",
		Inputs: []Input{
			{Name: "count", Value: count},
			{Name: "per_document", Value: int64(terms.PerDocument)},
			{Name: "year_cap", Value: int64(terms.Year)},
			{Name: "taken", Value: int64(c.Taken)},
		},
	}
	figure.cite(rate.Source, rate.Remark)
	if c.Company || !c.Opened && c.PriorYear >= terms.Below {
		figure.Remarks = append(figure.Remarks, "only for sole traders whose supply of the year before was under "+terms.Below.String()+" won, or who opened this year")
		return figure, nil
	}
	figure.Amount = min(money.Won(count)*terms.PerDocument, max(terms.Year-c.Taken, 0))
	if c.TaxDue == nil {
		figure.Remarks = append(figure.Remarks, "at most the tax due of the return (47②)")
		return figure, nil
	}
	figure.Amount = min(figure.Amount, max(*c.TaxDue, 0))
	figure.Inputs = append(figure.Inputs, Input{Name: "tax_due", Value: int64(*c.TaxDue)})
	return figure, nil
}

func (l Law) sentInTime(c CreditClaim) (count int64, err error) {
	for _, document := range c.Documents {
		if document.Transmitted == "" {
			continue
		}
		list, err := days(document.Issued, document.Transmitted)
		if err != nil {
			return 0, err
		}
		if list[0].Year() != c.Year {
			continue
		}
		last, err := l.TransmitBy(document.Issued)
		if err != nil {
			return 0, err
		}
		if document.Transmitted <= last.Day {
			count++
		}
	}
	return count, nil
}
