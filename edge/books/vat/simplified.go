package vat

import (
	"slices"

	"shopbox/edge/books"
	"shopbox/protocol/money"
)

// Group is what a simplified taxpayer did in one trade.
type Group struct {
	Trade    Trade
	Vouchers []books.Voucher
}

// TradeLine is one trade in a simplified taxpayer's return.
type TradeLine struct {
	Trade Trade
	// Sales are gross (공급대가), Box.Tax the tax on them.
	Sales   Box
	Percent int64
	Tax     money.Won
}

// SimplifiedReturn is the return of a simplified taxpayer (부가세법 63, 시행규칙
// 별지 44호).
type SimplifiedReturn struct {
	Trades []TradeLine
	// Tax is the sum over the trades.
	Tax money.Won
	// Purchases are gross amounts on tax invoices, card slips and cash receipts;
	// PurchaseCredit is what is taken off for them (63③1).
	Purchases      Box
	PurchaseCredit money.Won
	CardCredit     Credit
	FilingCredit   money.Won
	// Free says that the year's total is so low that nothing is to be paid
	// (69①); the return is still due.
	Free   bool
	Notice money.Won
	// Due is what to pay before Notice, Pay after it; Due is never negative
	// (63⑥).
	Due money.Won
	Pay money.Won

	Exempt      Box
	Remarks     []string
	RateSources []string
}

// Simplified makes the return of a simplified taxpayer: the tax of each trade
// is gross sales times its value-added ratio times 10 %, and they are added
// (부가세법 63②, decree 111②). Months is how many months of the year the
// business was open, for the yearly total of art. 69.
func Simplified(groups []Group, filing Filing, months int64, rates Rates) (SimplifiedReturn, error) {
	if err := filing.check(); err != nil {
		return SimplifiedReturn{}, err
	}
	if months < 1 || months > 12 {
		return SimplifiedReturn{}, ErrPeriod
	}
	result := SimplifiedReturn{Notice: filing.Notice, Remarks: []string{RemarkForm}}
	var card money.Won
	for _, group := range groups {
		paid, err := result.addGroup(group, filing, rates)
		if err != nil {
			return SimplifiedReturn{}, err
		}
		card += paid
	}
	if err := result.settle(filing, months, card, rates); err != nil {
		return SimplifiedReturn{}, err
	}
	return result, nil
}

func (s *SimplifiedReturn) addGroup(group Group, filing Filing, rates Rates) (card money.Won, err error) {
	ratio, err := find(rates.ValueAdded, "value-added ratio of "+string(group.Trade), filing.Through,
		func(p Percent) bool { return p.on(filing.Through) && p.of(group.Trade) })
	if err != nil {
		return 0, err
	}
	line := TradeLine{Trade: group.Trade, Percent: ratio.Percent}
	for _, voucher := range group.Vouchers {
		if !filing.holds(voucher.Day) {
			continue
		}
		for _, tax := range voucher.Taxes {
			card += s.place(&line, voucher, tax)
		}
	}
	line.Tax = line.Sales.Supply * money.Won(line.Percent) / 1000
	s.Trades, s.Tax = append(s.Trades, line), s.Tax+line.Tax
	s.note(ratio.Rule)
	return card, nil
}

// place counts gross amounts and returns what was paid by card. What the law
// refuses to general taxpayers earns nothing here either (63③, 39①).
func (s *SimplifiedReturn) place(line *TradeLine, voucher books.Voucher, tax books.Tax) money.Won {
	whole := books.Tax{Supply: tax.Gross()}
	switch tax.Use {
	case books.OutputExempt:
		s.Exempt.add(voucher, whole)
	case books.OutputInvoice, books.OutputOther, books.OutputCard:
		line.Sales.add(voucher, whole)
		if tax.ByCard {
			return tax.Gross()
		}
	case books.InputInvoice, books.InputAsset, books.InputCard, books.InputCardAsset:
		s.Purchases.add(voucher, whole)
	case books.InputFood:
		s.remark(RemarkSimplifiedFood)
	case books.InputRefused, books.InputRefusedAsset:
	}
	return 0
}

// settle takes the credits off; together they never exceed the tax (63⑥).
func (s *SimplifiedReturn) settle(filing Filing, months int64, card money.Won, rates Rates) error {
	rule, err := find(rates.Simplified, "simplified taxpayers", filing.Through,
		func(r SimplifiedRule) bool { return r.on(filing.Through) })
	if err != nil {
		return err
	}
	s.note(rule.Rule)
	s.PurchaseCredit = min(max(s.Purchases.Supply, 0)*money.Won(rule.PurchasePermille)/1000, max(s.Tax, 0))
	left := s.Tax - s.PurchaseCredit
	filed, err := filing.credit(rates)
	if err != nil {
		return err
	}
	if filed.Won != 0 {
		s.note(filed.Rule)
	}
	s.FilingCredit = max(min(filed.Won, left), 0)
	left -= s.FilingCredit
	credit, cardRule, err := filing.cardCredit(card, left, rates)
	if err != nil {
		return err
	}
	if credit.Amount != 0 {
		s.note(cardRule)
	}
	s.CardCredit = credit
	s.finish(left-credit.Tax, months, rule.FreeBelow)
	return nil
}

func (s *SimplifiedReturn) finish(left money.Won, months int64, freeBelow money.Won) {
	var sales money.Won
	for _, line := range s.Trades {
		sales += line.Sales.Supply
	}
	s.Free = sales*12/money.Won(months) < freeBelow
	if !s.Free {
		s.Due = cut(max(left, 0))
	}
	s.Pay = cut(s.Due - s.Notice)
}

func (s *SimplifiedReturn) note(rule Rule) {
	s.RateSources = append(s.RateSources, rule.Source)
	if rule.Remark != "" {
		s.remark(rule.Remark)
	}
}

func (s *SimplifiedReturn) remark(code string) {
	if !slices.Contains(s.Remarks, code) {
		s.Remarks = append(s.Remarks, code)
	}
}
