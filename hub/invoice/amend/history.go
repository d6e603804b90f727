package amend

import "shopbox/hub/invoice"

// History is a document with what amended it so far.
type History struct {
	// Original is the document to be amended. It may itself be an amended one,
	// such as the replacement of a correction.
	Original *invoice.Invoice
	// Earlier are all its amendments, and theirs, in any order.
	Earlier []*invoice.Invoice
}

// Left is what is left of the original after the earlier amendments: nothing
// once it was cancelled, corrected or replaced. ErrHistory where a document is
// given twice or amends none of the others.
func (h History) Left() (Amounts, error) {
	children := map[string][]*invoice.Invoice{}
	seen := map[string]bool{h.Original.Document.IssueID: true}
	for _, sheet := range h.Earlier {
		if sheet == nil || seen[sheet.Document.IssueID] {
			return Amounts{}, ErrHistory
		}
		d := sheet.Document
		seen[d.IssueID] = true
		children[d.OriginalIssueID] = append(children[d.OriginalIssueID], sheet)
	}
	// A tree reaches each of its sheets once; what it does not reach amends
	// something else, or itself in a circle.
	left, reached := amountsOf(h.Original), 0
	for _, sheet := range children[h.Original.Document.IssueID] {
		effect, count := effectOf(sheet, children)
		reached += count
		if !replaces(sheet, h.Original) {
			left = left.plus(effect)
		}
	}
	if reached != len(h.Earlier) {
		return Amounts{}, ErrHistory
	}
	return left, nil
}

// effectOf is a sheet with all that amended it, and how many sheets these are.
func effectOf(sheet *invoice.Invoice, children map[string][]*invoice.Invoice) (effect Amounts, count int) {
	effect, count = amountsOf(sheet), 1
	for _, child := range children[sheet.Document.IssueID] {
		more, below := effectOf(child, children)
		effect, count = effect.plus(more), count+below
	}
	return effect, count
}

// replaces tells the second sheet of a correction or a local credit from the
// first: it stands for itself and is amended by itself.
func replaces(sheet, original *invoice.Invoice) bool {
	reason := sheet.Document.Amendment
	return (reason == invoice.AmendCorrection || reason == invoice.AmendLocalCredit) && !negates(sheet, original)
}

func negates(sheet, original *invoice.Invoice) bool {
	return amountsOf(sheet).plus(amountsOf(original)) == Amounts{}
}
