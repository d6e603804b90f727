package books

import (
	"fmt"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// Sale books a finished sale or refund with what it means for VAT. Part paid by
// card is box 3; part paid in cash is box 3 with a cash receipt as evidence,
// else box 4; the whole is box 1 when a tax invoice was issued for it
// (부가세법 32, 36, 46①). What the tenders pay for is spread over them in
// proportion, so the parts always add up to the sale.
func (r Rules) Sale(fact Fact, done sale.Sale) (Voucher, error) {
	entry, err := ForSale(done)
	if err != nil {
		return Voucher{}, err
	}
	lines := entry.Lines()
	if !r.splits() {
		lines = gross(lines, done.Kind)
	}
	kind, sign := Sold, money.Won(1)
	if done.Kind == sale.Refunded {
		kind, sign = Refunded, -1
	}
	return voucher(fact, kind, saleTaxes(fact.Evidence, done, sign), lines...)
}

// gross moves the VAT of a sale back into its revenue.
func gross(lines []Line, kind sale.Kind) []Line {
	for i, line := range lines {
		if line.Account == VATPayable {
			lines[i].Account = Revenue
			if kind == sale.Refunded {
				lines[i].Account = Returns
			}
		}
	}
	return lines
}

func saleTaxes(evidence Evidence, done sale.Sale, sign money.Won) []Tax {
	weights := make([]money.Won, len(done.Tenders))
	for i, tender := range done.Tenders {
		weights[i] = tender.Amount
	}
	exempt, vat := money.Spread(done.Exempt, weights), money.Spread(done.VAT, weights)
	var taxes []Tax
	for i, tender := range done.Tenders {
		use, byCard := saleUse(evidence, tender.Kind)
		taxable := Tax{Use: use, Supply: sign * (tender.Amount - exempt[i] - vat[i]), VAT: sign * vat[i], ByCard: byCard}
		taxes = append(taxes, taxable, Tax{Use: OutputExempt, Supply: sign * exempt[i], ByCard: byCard})
	}
	return taxes
}

// saleUse finds the box. A card slip beside a tax invoice is a duplicate and
// earns no card-sales credit.
func saleUse(evidence Evidence, tender sale.TenderKind) (Use, bool) {
	switch {
	case evidence == TaxInvoice:
		return OutputInvoice, false
	case tender == sale.Card, evidence == CashReceipt:
		return OutputCard, true
	}
	return OutputOther, false
}

// App is a delivery app's part in the shop's money.
type App struct {
	Fact
	// Supply and VAT are of the goods when sold, of the app's commission when
	// paid out.
	Supply money.Won
	VAT    money.Won
	// Exempt is the part of the goods without VAT.
	Exempt money.Won
	// Deposit is what reached the bank account at a payout.
	Deposit money.Won
}

// AppSale books goods sold through a delivery app: the app owes all of it, not
// what is left after its commission, for revenue is gross (부가세법 29③).
func (r Rules) AppSale(app App) (Voucher, error) {
	lines := append(r.earned(Revenue, app.Supply, app.VAT),
		Line{Account: Revenue, Exempt: true, Amount: -app.Exempt},
		Line{Account: Receivable, Party: app.Party, Amount: app.Supply + app.VAT + app.Exempt})
	tender := sale.Cash
	if app.Evidence == CardSlip {
		tender = sale.Card
	}
	use, byCard := saleUse(app.Evidence, tender)
	taxes := []Tax{
		{Use: use, Supply: app.Supply, VAT: app.VAT, ByCard: byCard},
		{Use: OutputExempt, Supply: app.Exempt, ByCard: byCard},
	}
	done, err := voucher(app.Fact, AppSold, taxes, lines...)
	done.Remarks = []Remark{RemarkAppBox}
	return done, err
}

// AppPayout books what a delivery app paid: deposit and commission together
// answer what it owed. The commission carries VAT that its tax invoice lets a
// general taxpayer deduct (부가세법 38①).
func (r Rules) AppPayout(app App) (Voucher, error) {
	use, deductible := inputUse(Purchase{Fact: app.Fact, Account: Fees, VAT: app.VAT})
	lines := append(r.spent(Line{Account: Fees, Amount: app.Supply}, app.VAT, deductible),
		Line{Account: Bank, Amount: app.Deposit},
		Line{Account: Receivable, Party: app.Party, Amount: -app.Deposit - app.Supply - app.VAT})
	var taxes []Tax
	if use != "" {
		taxes = []Tax{{Use: use, Supply: app.Supply, VAT: app.VAT}}
	}
	return voucher(app.Fact, AppPaid, taxes, lines...)
}

// CardDeposit is money of a card company (매입사) reaching the bank account.
type CardDeposit struct {
	Fact
	// Gross is the sum of the slips, Deposit what came for them. The rest is the
	// fee, with whatever rounding the card company uses.
	Gross   money.Won
	Deposit money.Won
}

// CardDeposit books a settlement. Card fees are a financial service without VAT
// (부가세법 26①11), so all that is missing is the fee (여신전문금융업법 18-3).
func (Rules) CardDeposit(deposit CardDeposit) (Voucher, error) {
	return voucher(deposit.Fact, CardPaid, nil,
		Line{Account: Bank, Amount: deposit.Deposit},
		Line{Account: Fees, Amount: deposit.Gross - deposit.Deposit},
		Line{Account: Receivable, Party: deposit.Party, Amount: -deposit.Gross})
}

// Pass is a prepaid pass or point balance, sold or used.
type Pass struct {
	Fact
	Supply money.Won
	VAT    money.Won
	// Paid is how the pass was paid: Cash, Bank or Receivable of the card
	// company PaidBy.
	Paid   string
	PaidBy string
}

// PassSold books a pass as money received in advance (선수금).
func (Rules) PassSold(pass Pass) (Voucher, error) {
	switch pass.Paid {
	case Cash, Bank, Receivable:
	default:
		return Voucher{}, fmt.Errorf("%w: %q pays for no pass", ErrAccount, pass.Paid)
	}
	amount := pass.Supply + pass.VAT
	done, err := voucher(pass.Fact, PassSold, nil,
		Line{Account: pass.Paid, Party: pass.PaidBy, Amount: amount},
		Line{Account: Advances, Party: pass.Party, Amount: -amount})
	done.Remarks = []Remark{RemarkPassTiming}
	return done, err
}

// PassUsed books a service paid by a pass: revenue and its VAT arise when the
// service is given (부가세법 16①). The practice of declaring it at the sale
// when a card slip was issued is unconfirmed and carried as a remark.
func (r Rules) PassUsed(pass Pass) (Voucher, error) {
	lines := append(r.earned(ServiceRevenue, pass.Supply, pass.VAT),
		Line{Account: Advances, Party: pass.Party, Amount: pass.Supply + pass.VAT})
	tender := sale.Cash
	if pass.Evidence == CardSlip {
		tender = sale.Card
	}
	use, byCard := saleUse(pass.Evidence, tender)
	done, err := voucher(pass.Fact, PassUsed, []Tax{{Use: use, Supply: pass.Supply, VAT: pass.VAT, ByCard: byCard}}, lines...)
	done.Remarks = []Remark{RemarkPassTiming}
	return done, err
}
