// Package vat makes the boxes of the VAT return out of a shop's vouchers, for
// general and simplified taxpayers (부가세법 48, 49, 67; 시행규칙 별지 21호, 44호).
// The screens of the books call it.
//
// What always holds: a box is the sum of its parts, each part names the record
// it comes from, and a rate that is not known is ErrRate, never a guess.
package vat

import (
	"errors"
	"fmt"
	"slices"

	"shopbox/edge/books"
	"shopbox/protocol/money"
)

// ErrPeriod says that a period is turned round or lies in two years.
var ErrPeriod = errors.New("vat_period_invalid")

// RemarkForm says that box numbers follow the form of 2023-03-20; a later form
// may number them otherwise.
const RemarkForm = "box_numbers_of_form_2023_03_20"

// RemarkSimplifiedFood says that simplified taxpayers get no deemed input tax
// since 2021-07, which is from memory.
const RemarkSimplifiedFood = "simplified_no_deemed_input_unconfirmed"

// Trade is what a shop does, as far as VAT rates tell trades apart.
type Trade string

// The trades of the rates.
const (
	Retail        Trade = "retail"
	Restaurant    Trade = "restaurant"
	Nightlife     Trade = "nightlife"
	Bakery        Trade = "bakery"
	Manufacturing Trade = "manufacturing"
	Lodging       Trade = "lodging"
	Beauty        Trade = "beauty"
	OtherService  Trade = "other_service"
)

// Business is who files.
type Business struct {
	Trade   Trade
	Company bool
	// PriorSupply is last year's supply value of the shop (부가세법 46①1가).
	PriorSupply money.Won
}

// Filing is what a return needs to know besides the vouchers.
type Filing struct {
	Business
	// From and Through are the first and last day of the period.
	From, Through string
	// Filed is the day of filing when a final return is filed electronically by
	// the taxpayer, else empty.
	Filed string
	// CardCreditUsed is card-sales credit taken earlier in the same year.
	CardCreditUsed money.Won
	// Notice is what was paid on notice (부가세법 48③, 66①).
	Notice money.Won
	// FoodSales is the tax base that came from tax-free ingredients (decree
	// 84②); 0 means the whole tax base.
	FoodSales money.Won
}

// Part is one record's share of a box.
type Part struct {
	Source string
	Day    string
	Party  string
	Supply money.Won
	Tax    money.Won
}

// Box is a box of the form: supply values without VAT, tax, and where they
// come from.
type Box struct {
	Supply money.Won
	Tax    money.Won
	Parts  []Part
}

func (b *Box) add(voucher books.Voucher, tax books.Tax) {
	b.Supply += tax.Supply
	b.Tax += tax.VAT
	b.Parts = append(b.Parts, Part{voucher.Source, voucher.Day, voucher.Party, tax.Supply, tax.VAT})
}

// Deemed is how deemed input tax came about (부가세법 42, decree 84).
type Deemed struct {
	// Food is what was bought, Limit the most of it that counts.
	Food        money.Won
	Limit       money.Won
	Numerator   int64
	Denominator int64
	Tax         money.Won
}

// Credit is how a card-sales credit came about (부가세법 46①②).
type Credit struct {
	// Amount is what was paid by card, cash receipt or listed e-pay, with VAT.
	Amount   money.Won
	Permille int64
	// Left is the rest of the yearly limit, Tax the credit.
	Left money.Won
	Tax  money.Won
}

// General is a general taxpayer's return. The field names carry the box numbers
// of the form of 2023-03-20.
type General struct {
	Box1Invoices   Box // 세금계산서 발급분
	Box3Cards      Box // 신용카드·현금영수증 발행분
	Box4Other      Box // 기타
	Box9Output     Box // 합계
	Box10Invoices  Box // 세금계산서 수취분, 일반매입
	Box11Assets    Box // 고정자산 매입
	Box14Other     Box // 그 밖의 공제매입세액, with deemed input tax
	Box15Input     Box // 합계
	Box16Refused   Box // 공제받지 못할 매입세액
	Box17Net       Box // 차감계
	Box18Credits   money.Won
	Box19Card      money.Won
	Box20AllCredit money.Won
	Notice         money.Won
	// Due is what to pay before Notice, Pay after it; negative for a refund.
	// Both are cut to 10 won (국고금관리법 47①).
	Due money.Won
	Pay money.Won

	// Exempt is revenue without VAT (면세사업 수입금액).
	Exempt Box
	// Food are the purchases behind the deemed input tax.
	Food       Box
	Deemed     Deemed
	CardCredit Credit
	// CardIssued is the taxable and the tax-free total, VAT included, of the list
	// of card slips and cash receipts issued (신용카드매출전표등 발행금액 집계표).
	CardIssued  money.Won
	CardExempt  money.Won
	Remarks     []string
	RateSources []string
}

// GeneralReturn makes the return of a general taxpayer.
func GeneralReturn(vouchers []books.Voucher, filing Filing, rates Rates) (General, error) {
	if err := filing.check(); err != nil {
		return General{}, err
	}
	result := General{Notice: filing.Notice, Remarks: []string{RemarkForm}}
	for _, voucher := range vouchers {
		if !filing.holds(voucher.Day) {
			continue
		}
		for _, tax := range voucher.Taxes {
			result.place(voucher, tax)
		}
	}
	result.Box9Output = sum(result.Box1Invoices, result.Box3Cards, result.Box4Other)
	if err := result.deem(filing, rates); err != nil {
		return General{}, err
	}
	result.Box15Input = sum(result.Box10Invoices, result.Box11Assets, result.Box14Other)
	result.Box17Net = Box{
		Supply: result.Box15Input.Supply - result.Box16Refused.Supply, Tax: result.Box15Input.Tax - result.Box16Refused.Tax,
	}
	if err := result.credit(filing, rates); err != nil {
		return General{}, err
	}
	return result, nil
}

func (f Filing) check() error {
	if f.From > f.Through || len(f.From) != 10 || len(f.Through) != 10 || f.From[:4] != f.Through[:4] {
		return fmt.Errorf("%w: %s to %s", ErrPeriod, f.From, f.Through)
	}
	return nil
}

func (f Filing) holds(day string) bool { return f.From <= day && day <= f.Through }

// place puts an amount into its boxes. What a tax invoice shows and the law
// refuses stands in box 10 or 11 and again in box 16 (부가세법 39①).
func (g *General) place(voucher books.Voucher, tax books.Tax) {
	for _, box := range g.boxes(tax.Use) {
		box.add(voucher, tax)
	}
	if !tax.ByCard {
		return
	}
	if tax.Use == books.OutputExempt {
		g.CardExempt += tax.Gross()
		return
	}
	g.CardIssued += tax.Gross()
}

func (g *General) boxes(use books.Use) []*Box {
	switch use {
	case books.OutputInvoice:
		return []*Box{&g.Box1Invoices}
	case books.OutputCard:
		return []*Box{&g.Box3Cards}
	case books.OutputOther:
		return []*Box{&g.Box4Other}
	case books.OutputExempt:
		return []*Box{&g.Exempt}
	case books.InputInvoice:
		return []*Box{&g.Box10Invoices}
	case books.InputAsset:
		return []*Box{&g.Box11Assets}
	case books.InputCard, books.InputCardAsset:
		return []*Box{&g.Box14Other}
	case books.InputRefused:
		return []*Box{&g.Box10Invoices, &g.Box16Refused}
	case books.InputRefusedAsset:
		return []*Box{&g.Box11Assets, &g.Box16Refused}
	case books.InputFood:
		return []*Box{&g.Food}
	}
	return nil
}

func sum(boxes ...Box) (total Box) {
	for _, box := range boxes {
		total.Supply += box.Supply
		total.Tax += box.Tax
		total.Parts = append(total.Parts, box.Parts...)
	}
	return total
}

// deem adds the deemed input tax to box 14: the food bought, as far as the
// limit by tax base goes, times the trade's fraction, cut to the won. Its parts
// share the tax in proportion.
func (g *General) deem(filing Filing, rates Rates) error {
	if g.Food.Supply <= 0 {
		return nil
	}
	whole := max(g.Box9Output.Supply, 0)
	base := filing.FoodSales
	if base == 0 {
		base = whole
	}
	rate, err := find(rates.Deemed, "deemed input tax", filing.Through,
		func(f Fraction) bool { return f.fits(filing.Through, filing.Business, whole) })
	if err != nil {
		return err
	}
	limit, err := find(rates.DeemedLimit, "limit of deemed input tax", filing.Through,
		func(p Percent) bool { return p.fits(filing.Through, filing.Business, base) })
	if err != nil {
		return err
	}
	g.note(rate.Rule)
	g.note(limit.Rule)
	g.Deemed = Deemed{
		Food: g.Food.Supply, Limit: base * money.Won(limit.Percent) / 100,
		Numerator: rate.Numerator, Denominator: rate.Denominator,
	}
	counted := min(g.Deemed.Food, g.Deemed.Limit)
	g.Deemed.Tax = counted * money.Won(rate.Numerator) / money.Won(rate.Denominator)
	g.Box14Other = sum(g.Box14Other, g.foodBox(counted))
	return nil
}

func (g *General) foodBox(counted money.Won) Box {
	weights := make([]money.Won, len(g.Food.Parts))
	for i, part := range g.Food.Parts {
		weights[i] = part.Supply
	}
	box := Box{Supply: counted, Tax: g.Deemed.Tax, Parts: slices.Clone(g.Food.Parts)}
	supplies, taxes := money.Spread(counted, weights), money.Spread(g.Deemed.Tax, weights)
	for i := range box.Parts {
		box.Parts[i].Supply, box.Parts[i].Tax = supplies[i], taxes[i]
	}
	return box
}

// credit takes the credits off and cuts what is due. The card-sales credit
// comes last and never makes a refund (부가세법 46②).
func (g *General) credit(filing Filing, rates Rates) error {
	net := g.Box9Output.Tax - g.Box17Net.Tax
	filed, err := filing.credit(rates)
	if err != nil {
		return err
	}
	if filed.Won != 0 {
		g.note(filed.Rule)
	}
	card, rule, err := filing.cardCredit(g.CardIssued, net-filed.Won, rates)
	if err != nil {
		return err
	}
	if card.Amount != 0 {
		g.note(rule)
	}
	g.CardCredit = card
	g.Box18Credits, g.Box19Card, g.Box20AllCredit = filed.Won, card.Tax, filed.Won+card.Tax
	g.Due = cut(net - g.Box20AllCredit)
	g.Pay = cut(net - g.Box20AllCredit - g.Notice)
	return nil
}

// cut drops what is under 10 won, of a refund too (국고금관리법 47①).
func cut(amount money.Won) money.Won { return amount / 10 * 10 }

func (g *General) note(rule Rule) {
	g.RateSources = append(g.RateSources, rule.Source)
	if rule.Remark != "" {
		g.Remarks = append(g.Remarks, rule.Remark)
	}
}

// credit is for filing electronically; none when not filed so.
func (f Filing) credit(rates Rates) (FilingCredit, error) {
	if f.Filed == "" {
		return FilingCredit{}, nil
	}
	return find(rates.FilingCredit, "filing credit", f.Filed, func(c FilingCredit) bool { return c.on(f.Filed) })
}

// cardCredit is the card-sales credit on an amount, at most the yearly limit
// and the tax it is taken from (부가세법 46①3, ②).
func (f Filing) cardCredit(amount, tax money.Won, rates Rates) (Credit, Rule, error) {
	rule, err := find(rates.CardCredit, "card-sales credit", f.Through, func(c CardCredit) bool { return c.on(f.Through) })
	if err != nil {
		return Credit{}, Rule{}, err
	}
	if f.Company || !rule.of(f.Trade) || f.PriorSupply > rule.MaxPriorSupply || amount <= 0 {
		return Credit{}, Rule{}, nil
	}
	credit := Credit{Amount: amount, Permille: rule.Permille, Left: max(rule.Cap-f.CardCreditUsed, 0)}
	credit.Tax = max(min(amount*money.Won(rule.Permille)/1000, credit.Left, tax), 0)
	return credit, rule.Rule, nil
}
