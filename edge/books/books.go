// Package books turns what happened in the shop into journal entries, by the
// rules of double entry (소득세법 160, decree 208①): ForSale for the till, Rules for
// every other event, as vouchers with their evidence. edge/store writes the entry
// in the same transaction as the fact.
//
// What always holds: an Entry can only be made with lines that add up to zero;
// every account is in the chart; an entry is never changed, only answered by
// another one.
package books

import (
	"errors"
	"fmt"
	"slices"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// The accounts the box itself books to.
const (
	Cash          = "101" // 현금
	Receivable    = "108" // 외상매출금: what card companies owe
	CashOverShort = "141" // 현금과부족
	VATPayable    = "255" // 부가세예수금
	Revenue       = "401" // 상품매출
	Returns       = "402" // 매출환입및에누리
)

// The reasons why there is no entry.
var (
	// ErrUnbalanced says that lines do not add up to zero.
	ErrUnbalanced = errors.New("entry_unbalanced")
	// ErrAccount says that an account is not in the chart.
	ErrAccount = errors.New("account_unknown")
	// ErrTender says that a tender is of a kind the books do not know.
	ErrTender = errors.New("tender_unknown")
)

// Line moves an amount on one account.
type Line struct {
	Account string
	// Party is whose part of the account it is, such as the card company;
	// empty when the account has no parts.
	Party string
	// Exempt marks revenue that carries no VAT.
	Exempt bool
	// Amount is positive on the debit side (차변), negative on the credit side
	// (대변).
	Amount money.Won
}

// Debit is the amount when it stands on the debit side, else 0.
func (l Line) Debit() money.Won { return max(l.Amount, 0) }

// Credit is the amount when it stands on the credit side, else 0.
func (l Line) Credit() money.Won { return max(-l.Amount, 0) }

// Entry is one journal entry. Its lines always add up to zero; the zero Entry
// has none.
type Entry struct{ lines []Line }

// Lines are the entry's lines, debit before credit.
func (e Entry) Lines() []Line { return slices.Clone(e.lines) }

// Empty reports whether the entry moves nothing.
func (e Entry) Empty() bool { return len(e.lines) == 0 }

// NewEntry makes an entry. Lines on the same account and party become one,
// lines of nothing are left out; lines that do not add up to zero are
// ErrUnbalanced.
func NewEntry(lines ...Line) (Entry, error) {
	var sum money.Won
	merged := make([]Line, 0, len(lines))
	for _, line := range lines {
		if !Known(line.Account) {
			return Entry{}, fmt.Errorf("%w: %q", ErrAccount, line.Account)
		}
		sum += line.Amount
		if i := slices.IndexFunc(merged, line.samePlace); i >= 0 {
			merged[i].Amount += line.Amount
			continue
		}
		merged = append(merged, line)
	}
	if sum != 0 {
		return Entry{}, fmt.Errorf("%w: off by %s", ErrUnbalanced, sum)
	}
	merged = slices.DeleteFunc(merged, func(l Line) bool { return l.Amount == 0 })
	slices.SortStableFunc(merged, func(a, b Line) int { return side(a) - side(b) })
	if len(merged) == 0 {
		return Entry{}, nil
	}
	return Entry{lines: merged}, nil
}

func (l Line) samePlace(other Line) bool {
	return l.Account == other.Account && l.Party == other.Party && l.Exempt == other.Exempt
}

func side(l Line) int {
	if l.Amount < 0 {
		return 1
	}
	return 0
}

// ForSale books a finished sale: cash and what the card companies owe against
// revenue and the VAT inside it; goods without VAT apart. A refund is the other
// way round, with revenue given back on its own account, so that gross sales
// stay to be seen.
func ForSale(done sale.Sale) (Entry, error) {
	revenue, sign := Revenue, money.Won(1)
	if done.Kind == sale.Refunded {
		revenue, sign = Returns, -1
	}
	lines := []Line{
		{Account: revenue, Amount: -sign * done.Supply},
		{Account: revenue, Exempt: true, Amount: -sign * done.Exempt},
		{Account: VATPayable, Amount: -sign * done.VAT},
	}
	for _, tender := range done.Tenders {
		line := Line{Account: Cash, Amount: sign * tender.Amount}
		switch tender.Kind {
		case sale.Cash:
		case sale.Card:
			line.Account, line.Party = Receivable, acquirer(tender)
		default:
			return Entry{}, fmt.Errorf("%w: %q", ErrTender, tender.Kind)
		}
		lines = append(lines, line)
	}
	return NewEntry(lines...)
}

// acquirer is the card company that owes the money: the settlement follows the
// acquirer (매입사), not the issuer.
func acquirer(tender sale.Tender) string {
	if tender.Slip == nil {
		return ""
	}
	return tender.Slip.Acquirer
}

// ForCashDifference books what was counted less what should be in the drawer
// at the close of a day. It stays on its own account until somebody explains
// it. The float of a day is cash of the day before and needs no entry.
func ForCashDifference(difference money.Won) (Entry, error) {
	return NewEntry(
		Line{Account: Cash, Amount: difference},
		Line{Account: CashOverShort, Amount: -difference},
	)
}
