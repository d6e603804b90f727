package books

import "shopbox/protocol/money"

// Refusal is why input tax cannot be deducted although there is evidence.
type Refusal string

// The reasons of 부가세법 39① and of decree 88⑤ that a shop meets.
const (
	// NotBusiness: not connected with the business (39①4).
	NotBusiness Refusal = "not_business"
	// PassengerCar: buying, leasing and fuelling passenger cars (39①5).
	PassengerCar Refusal = "passenger_car"
	// Entertainment: 기업업무추진비 (39①6).
	Entertainment Refusal = "entertainment"
	// ExemptBusiness: for tax-free business or land (39①7).
	ExemptBusiness Refusal = "exempt_business"
	// Unregistered: before registration, but for the 20-day rule (39①8).
	Unregistered Refusal = "before_registration"
	// SellerTrade: a card slip of a bath, barber, beauty shop, passenger
	// transport and the like (decree 88⑤).
	SellerTrade Refusal = "seller_trade"
	// SellerSimplified: the seller is limited to receipts (부가세법 36①2, 46③).
	SellerSimplified Refusal = "seller_simplified"
)

// Purchase is anything bought: goods, ingredients, an expense or an asset.
type Purchase struct {
	Fact
	// Account is what was bought: Goods, Materials, an asset or an expense.
	Account string
	Supply  money.Won
	VAT     money.Won
	// Paid is the account that pays: Cash, Bank, Payable or OtherPayable.
	Paid string
	// Food marks tax-free food bought as an ingredient (부가세법 42①).
	Food    bool
	Refusal Refusal
}

// Purchase books what was bought. Input tax stands apart when tax invoice, card
// slip or cash receipt proves it and nothing refuses it (부가세법 38, 39①,
// 46③); otherwise it is part of the cost.
func (r Rules) Purchase(bought Purchase) (Voucher, error) {
	use, deductible := inputUse(bought)
	lines := append(r.spent(Line{Account: bought.Account, Amount: bought.Supply}, bought.VAT, deductible),
		Line{Account: bought.Paid, Party: bought.Party, Amount: -bought.Supply - bought.VAT})
	var taxes []Tax
	if use != "" {
		taxes = []Tax{{Use: use, Supply: bought.Supply, VAT: bought.VAT}}
	}
	done, err := voucher(bought.Fact, Purchased, taxes, lines...)
	if weak(bought) {
		done.Remarks = []Remark{RemarkSmallEvidence}
	}
	return done, err
}

// evidenceFree is the largest expense, VAT included, that needs no legal
// evidence (소득세법 시행령 208-2①1).
const evidenceFree = 30_000

func weak(bought Purchase) bool {
	unproven := bought.Evidence == Receipt || bought.Evidence == Internal || bought.Evidence == ""
	return unproven && bought.Supply+bought.VAT > evidenceFree
}

// inputUse finds the place in the VAT return, empty when there is none, and
// whether the input tax can be deducted.
func inputUse(bought Purchase) (use Use, deductible bool) {
	refused := bought.Refusal != "" || bought.Account == EntertainmentCost
	if bought.Food && bought.VAT == 0 {
		return foodUse(bought.Evidence, refused), false
	}
	if bought.VAT == 0 {
		return "", false
	}
	asset := FixedAsset(bought.Account)
	switch bought.Evidence {
	case TaxInvoice:
		return pick(refused, pick(asset, InputRefusedAsset, InputRefused), pick(asset, InputAsset, InputInvoice)), !refused
	case CardSlip, CashReceipt:
		return pick(refused, "", pick(asset, InputCardAsset, InputCard)), !refused
	default:
		return "", false
	}
}

// foodUse: deemed input tax needs a 계산서, card slip or cash receipt (부가세법
// 시행령 84⑤).
func foodUse(evidence Evidence, refused bool) Use {
	proven := evidence == Invoice || evidence == CardSlip || evidence == CashReceipt
	return pick(proven && !refused, InputFood, "")
}

func pick(condition bool, yes, no Use) Use {
	if condition {
		return yes
	}
	return no
}

// Deemed books the deemed input tax of tax-free ingredients, as computed for
// the return, out of their cost (부가세법 42, decree 84).
func (Rules) Deemed(fact Fact, tax money.Won) (Voucher, error) {
	return voucher(fact, DeemedInput, nil,
		Line{Account: VATPrepaid, Amount: tax}, Line{Account: Materials, Amount: -tax})
}
