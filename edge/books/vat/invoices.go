package vat

import (
	"cmp"
	"maps"
	"slices"

	"shopbox/edge/books"
	"shopbox/protocol/money"
)

// PartyTotal is one counterparty in the list of tax invoices.
type PartyTotal struct {
	Party  string
	Count  int
	Supply money.Won
	Tax    money.Won
}

// Invoices sums tax invoices by counterparty, issued and received
// (매출·매입처별 세금계산서합계표, 부가세법 54①). Refused input tax is on the
// list too.
func Invoices(vouchers []books.Voucher, from, through string) (issued, received []PartyTotal) {
	sales, bought := make(map[string]PartyTotal), make(map[string]PartyTotal)
	for _, voucher := range vouchers {
		if voucher.Day < from || voucher.Day > through {
			continue
		}
		tally(sales, voucher, books.OutputInvoice)
		tally(bought, voucher, books.InputInvoice, books.InputAsset, books.InputRefused, books.InputRefusedAsset)
	}
	return byParty(sales), byParty(bought)
}

func tally(totals map[string]PartyTotal, voucher books.Voucher, uses ...books.Use) {
	total, found := totals[voucher.Party], false
	for _, tax := range voucher.Taxes {
		if slices.Contains(uses, tax.Use) {
			total.Supply, total.Tax, found = total.Supply+tax.Supply, total.Tax+tax.VAT, true
		}
	}
	if !found {
		return
	}
	total.Party = voucher.Party
	total.Count++
	totals[voucher.Party] = total
}

func byParty(totals map[string]PartyTotal) []PartyTotal {
	return slices.SortedFunc(maps.Values(totals), func(a, b PartyTotal) int { return cmp.Compare(a.Party, b.Party) })
}
