package books

import (
	"slices"

	"shopbox/protocol/money"
)

// Evidence is the paper behind an event. Only the first four let a business
// deduct input tax or prove an expense over 30,000 won (소득세법 160-2②,
// decree 208-2①1; 부가세법 38, 46③).
type Evidence string

// The kinds of evidence, as remark ⑧ of the simplified book names them.
const (
	// TaxInvoice is a 세금계산서.
	TaxInvoice Evidence = "tax_invoice"
	// Invoice is a 계산서, for tax-free goods.
	Invoice Evidence = "invoice"
	// CardSlip is a 신용카드매출전표.
	CardSlip Evidence = "card_slip"
	// CashReceipt is a 현금영수증.
	CashReceipt Evidence = "cash_receipt"
	// Receipt is a plain 영수증.
	Receipt Evidence = "receipt"
	// Internal is the box's own record: no outside paper exists.
	Internal Evidence = "internal"
)

// Kind says what happened (payroll facts 3.4; 소득세법 시행령 208①).
type Kind string

// The kinds of event that are booked.
const (
	Sold           Kind = "sale"
	Refunded       Kind = "refund"
	AppSold        Kind = "app_sale"
	AppPaid        Kind = "app_payout"
	CardPaid       Kind = "card_deposit"
	PassSold       Kind = "pass_sold"
	PassUsed       Kind = "pass_used"
	Purchased      Kind = "purchase"
	DeemedInput    Kind = "deemed_input"
	PayBooked      Kind = "pay"
	EmployerBooked Kind = "employer_share"
	Remitted       Kind = "remittance"
	VATNotice      Kind = "vat_notice"
	VATClosed      Kind = "vat_closing"
	VATPaid        Kind = "vat_payment"
	CashCounted    Kind = "cash_difference"
	CashExplained  Kind = "cash_difference_cleared"
	Depreciated    Kind = "depreciation"
	OwnerMoved     Kind = "owner"
	CostOfGoods    Kind = "cost_of_goods"
	PeriodClosed   Kind = "period_close"
)

// Use is where an amount belongs in the VAT return (부가세법 시행규칙 별지
// 21호; boxes of the form of 2023-03-20).
type Use string

// The uses. Output first, then input.
const (
	// OutputInvoice is box 1: tax invoices issued.
	OutputInvoice Use = "output_tax_invoice"
	// OutputCard is box 3: card slips and cash receipts.
	OutputCard Use = "output_card_cash_receipt"
	// OutputOther is box 4: plain cash.
	OutputOther Use = "output_other"
	// OutputExempt is revenue without VAT (부가세법 26①); it is told apart from
	// the tax base.
	OutputExempt Use = "output_exempt"
	// InputInvoice is box 10: tax invoices received.
	InputInvoice Use = "input_tax_invoice"
	// InputAsset is box 11: fixed assets bought on tax invoices.
	InputAsset Use = "input_fixed_asset"
	// InputCard is box 14: card slips and cash receipts received (46③).
	InputCard Use = "input_card_cash_receipt"
	// InputCardAsset is box 14 too, fixed assets bought by card.
	InputCardAsset Use = "input_card_fixed_asset"
	// InputRefused is on a tax invoice but not deductible (39①): it stands in
	// box 10 and again in box 16.
	InputRefused Use = "input_not_deductible"
	// InputRefusedAsset is the same for a fixed asset: boxes 11 and 16.
	InputRefusedAsset Use = "input_not_deductible_asset"
	// InputFood is tax-free food bought as ingredients, the base of the deemed
	// input tax (42).
	InputFood Use = "input_tax_free_food"
)

// Tax is an amount for the VAT return.
type Tax struct {
	Use    Use
	Supply money.Won
	VAT    money.Won
	// ByCard says that the amount was paid by card, cash receipt or a listed
	// e-pay, and so counts for the card-sales credit (46①).
	ByCard bool
}

// Gross is the amount with its VAT.
func (t Tax) Gross() money.Won { return t.Supply + t.VAT }

// Fact is what all events have in common.
type Fact struct {
	// Day is the day of the event as 2026-11-23.
	Day string
	// Source is the id of the record behind the event, for drill-down.
	Source string
	// Party is the counterparty (거래처).
	Party string
	// Memo says what it was about (거래내용).
	Memo     string
	Evidence Evidence
}

// Voucher (전표) is one event in the books: the entry, the paper behind it, and
// what it means for VAT. Vouchers with evidence on a computer are books by
// 소득세법 시행령 208②.
type Voucher struct {
	Fact
	Kind  Kind
	Entry Entry
	Taxes []Tax
	// Remarks are codes of what nobody has confirmed yet.
	Remarks []Remark
}

// Remark is the code of a doubt that an accountant should settle.
type Remark string

// The remarks that vouchers carry.
const (
	// RemarkPassTiming: when the VAT of a prepaid pass falls due is practice,
	// not statute; if a card slip is issued at the sale, it may be due then.
	RemarkPassTiming Remark = "pass_vat_timing_unconfirmed"
	// RemarkEmployerAccounts: which accounts take the employer's share is common
	// practice only.
	RemarkEmployerAccounts Remark = "employer_share_accounts_are_practice"
	// RemarkUsefulLife: useful lives and declining rates come from the caller
	// (소득세법 시행규칙 별표), not from a source checked here.
	RemarkUsefulLife Remark = "useful_life_unconfirmed"
	// RemarkAppBox: whether an app's sales are card sales or others follows the
	// app's monthly statement.
	RemarkAppBox Remark = "app_sales_box_by_statement"
	// RemarkSmallEvidence: an expense over 30,000 won without legal evidence may
	// cost 2 % (소득세법 81-6; the rate is from secondary sources).
	RemarkSmallEvidence Remark = "evidence_missing_over_30000"
)

func voucher(fact Fact, kind Kind, taxes []Tax, lines ...Line) (Voucher, error) {
	entry, err := NewEntry(lines...)
	if err != nil {
		return Voucher{}, err
	}
	taxes = slices.DeleteFunc(taxes, func(t Tax) bool { return t.Supply == 0 && t.VAT == 0 })
	return Voucher{Fact: fact, Kind: kind, Entry: entry, Taxes: taxes}, nil
}

// Reversed answers a wrong voucher: the same accounts and boxes with all
// amounts turned round, under a fact of its own. Books are corrected this way
// and never changed (국세기본법 85-3③).
func (v Voucher) Reversed(fact Fact) (Voucher, error) {
	lines := v.Entry.Lines()
	for i := range lines {
		lines[i].Amount = -lines[i].Amount
	}
	taxes := slices.Clone(v.Taxes)
	for i := range taxes {
		taxes[i].Supply, taxes[i].VAT = -taxes[i].Supply, -taxes[i].VAT
	}
	return voucher(fact, v.Kind, taxes, lines...)
}
