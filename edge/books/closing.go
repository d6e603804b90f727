package books

import (
	"errors"
	"fmt"

	"shopbox/protocol/money"
)

// ErrLife says that a useful life or a month does not fit an asset.
var ErrLife = errors.New("useful_life_invalid")

// VATClosing is the end of a VAT period.
type VATClosing struct {
	Fact
	// Output and Input are the balances of 부가세예수금 (as credit) and
	// 부가세대급금 (as debit).
	Output money.Won
	Input  money.Won
	// Notice is what was paid on notice before (부가세법 48③, 66①).
	Notice money.Won
	// Due is the amount of the return before Notice, cut to 10 won (국고금관리법
	// 47①); negative for a refund.
	Due money.Won
}

// CloseVAT clears the VAT accounts against the return. A general taxpayer's
// credits and rounding become 잡이익 (or 잡손실 when the return asks more than
// the books); a simplified taxpayer has no VAT accounts, so that the tax is an
// expense.
func (r Rules) CloseVAT(closing VATClosing) (Voucher, error) {
	owed := Line{Account: TaxPayable, Amount: closing.Notice - closing.Due}
	if owed.Amount > 0 {
		owed.Account = RefundDue
	}
	lines := []Line{owed, {Account: TaxPrepaid, Amount: -closing.Notice}}
	if !r.splits() {
		return voucher(closing.Fact, VATClosed, nil, append(lines, Line{Account: TaxesAndDues, Amount: closing.Due})...)
	}
	rest := Line{Account: OtherIncome, Amount: closing.Due - (closing.Output - closing.Input)}
	if rest.Amount > 0 {
		rest.Account = OtherLoss
	}
	lines = append(lines, rest,
		Line{Account: VATPayable, Amount: closing.Output}, Line{Account: VATPrepaid, Amount: -closing.Input})
	return voucher(closing.Fact, VATClosed, nil, lines...)
}

// PayNotice books a notice payment between returns (예정고지, 부가세법 48③;
// 예정부과, 66①).
func (Rules) PayNotice(fact Fact, amount money.Won) (Voucher, error) {
	return voucher(fact, VATNotice, nil, Line{Account: TaxPrepaid, Amount: amount}, Line{Account: Bank, Amount: -amount})
}

// PayVAT books the payment of the VAT of a return (부가세법 49②), or its refund
// when negative (59).
func (Rules) PayVAT(fact Fact, amount money.Won) (Voucher, error) {
	account := TaxPayable
	if amount < 0 {
		account = RefundDue
	}
	return voucher(fact, VATPaid, nil, Line{Account: account, Amount: amount}, Line{Account: Bank, Amount: -amount})
}

// CashDifference books a count at the close of a day as a voucher; see
// ForCashDifference.
func (Rules) CashDifference(fact Fact, difference money.Won) (Voucher, error) {
	entry, err := ForCashDifference(difference)
	if err != nil {
		return Voucher{}, err
	}
	return voucher(fact, CashCounted, nil, entry.lines...)
}

// ClearCash books a cash difference that nobody could explain as 잡손실 when
// short (negative) and as 잡이익 when over, at the latest at the year's end.
func (Rules) ClearCash(fact Fact, difference money.Won) (Voucher, error) {
	account := OtherIncome
	if difference < 0 {
		account = OtherLoss
	}
	return voucher(fact, CashExplained, nil,
		Line{Account: account, Amount: -difference}, Line{Account: CashOverShort, Amount: difference})
}

// Owner books money the owner takes out (positive) or puts in (negative), on
// 인출금. The owner's income tax is a drawing too and no expense (소득세법
// 33①1).
func (Rules) Owner(fact Fact, account string, taken money.Won) (Voucher, error) {
	return voucher(fact, OwnerMoved, nil, Line{Account: Drawings, Amount: taken}, Line{Account: account, Amount: -taken})
}

// CostOfGoods books the cost of what was sold by the periodic method: what was
// on the account at the start and bought since, less the stock counted at the
// end (소득세법 39, decree 89).
func (Rules) CostOfGoods(fact Fact, account string, balance, counted money.Won) (Voucher, error) {
	cost := GoodsCost
	switch account {
	case Goods:
	case Materials:
		cost = ProductCost
	default:
		return Voucher{}, fmt.Errorf("%w: %q holds no stock", ErrAccount, account)
	}
	return voucher(fact, CostOfGoods, nil,
		Line{Account: cost, Amount: balance - counted}, Line{Account: account, Amount: counted - balance})
}

// AssetUse is a fixed asset and how long it serves.
type AssetUse struct {
	Account string
	Cost    money.Won
	// Accumulated is the depreciation booked so far.
	Accumulated money.Won
	// Life is the useful life in years (소득세법 시행령 63).
	Life int64
	// Permille is the yearly rate of the declining balance, 0 for the straight
	// line (소득세법 시행령 64). The caller gives it: the table of rates is not
	// confirmed.
	Permille int64
}

// Share is the depreciation for months (1 to 12) of a year, never more than is
// left. The straight line takes cost / life (소득세법 시행령 66), the declining
// balance a rate of what is left at the start of the year. A bad life, rate or
// number of months is ErrLife.
func (a AssetUse) Share(months int64) (money.Won, error) {
	if months < 1 || months > 12 || a.Life < 1 || a.Permille < 0 || a.Permille > 1000 {
		return 0, fmt.Errorf("%w: %d months of %d years", ErrLife, months, a.Life)
	}
	left := a.Cost - a.Accumulated
	share := a.Cost * money.Won(months) / money.Won(12*a.Life)
	if a.Permille > 0 {
		share = left * money.Won(a.Permille) * money.Won(months) / 12_000
	}
	return max(0, min(share, left)), nil
}

// Depreciate books a share of an asset as expense (소득세법 33①6), against its
// accumulated depreciation.
func (Rules) Depreciate(fact Fact, asset AssetUse, months int64) (Voucher, error) {
	share, err := asset.Share(months)
	if err != nil {
		return Voucher{}, err
	}
	if !FixedAsset(asset.Account) {
		return Voucher{}, fmt.Errorf("%w: %q is no fixed asset", ErrAccount, asset.Account)
	}
	done, err := voucher(fact, Depreciated, nil,
		Line{Account: Depreciation, Amount: share}, Line{Account: contra(asset.Account), Amount: -share})
	done.Remarks = []Remark{RemarkUsefulLife}
	return done, err
}
