package books

import "shopbox/protocol/money"

// Taxpayer is how a business pays VAT.
type Taxpayer string

// The kinds of taxpayer (부가세법 2, 61).
const (
	// General taxpayers (일반과세자) pay output less input tax.
	General Taxpayer = "general"
	// Simplified taxpayers (간이과세자) pay a share of their gross sales, so
	// their books hold gross amounts and no VAT accounts.
	Simplified Taxpayer = "simplified"
)

// Rules are the account rules of one shop: how it pays VAT decides whether VAT
// stands on accounts of its own. The zero Rules are those of a general
// taxpayer.
type Rules struct{ Taxpayer Taxpayer }

func (r Rules) splits() bool { return r.Taxpayer != Simplified }

// earned are the credit lines of revenue with its VAT. A simplified taxpayer
// books the gross amount as revenue.
func (r Rules) earned(revenue string, supply, vat money.Won) []Line {
	if !r.splits() {
		return []Line{{Account: revenue, Amount: -supply - vat}}
	}
	return []Line{{Account: revenue, Amount: -supply}, {Account: VATPayable, Amount: -vat}}
}

// spent are the debit lines of something bought, with input tax on its own
// account when it can be deducted.
func (r Rules) spent(line Line, vat money.Won, deductible bool) []Line {
	if vat == 0 || !deductible || !r.splits() {
		line.Amount += vat
		return []Line{line}
	}
	return []Line{line, {Account: VATPrepaid, Amount: vat}}
}
