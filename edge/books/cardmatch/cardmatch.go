// Package cardmatch holds a shop's card approvals against the deposits of the
// card companies (여신전문금융업법 18-3 fees; settlement by the standard terms for
// merchants). The screens of the books call it; what it matches becomes
// books.CardDeposit vouchers.
//
// What always holds: every approval and every deposit comes back exactly once,
// matched or open with the likely reason.
package cardmatch

import (
	"cmp"
	"slices"

	"shopbox/protocol/money"
)

// Approval is one slip that the terminal approved or cancelled.
type Approval struct {
	ID       string
	Day      string
	Acquirer string
	// Check marks check and debit cards, whose fee is lower.
	Check bool
	// Amount is with VAT, negative for a cancellation.
	Amount money.Won
}

// Deposit is money that came from an acquirer (매입사).
type Deposit struct {
	ID       string
	Day      string
	Acquirer string
	Amount   money.Won
}

// Shop is what decides fees and days.
type Shop struct {
	// YearlySales decide the merchant class (여신전문금융업법 시행령 6-13).
	YearlySales money.Won
	// Contract is the fee outside the classes, zero when the classes hold.
	Contract Fee
	Tables   []Table
	// Terms by acquirer; UsualTerms for the others.
	Terms    map[string]Terms
	Holidays map[string]bool
	// Today tells what is not due yet.
	Today string
}

// Reason is why something is odd or open.
type Reason string

// The reasons.
const (
	// Late: the money came after its day.
	Late Reason = "late"
	// Combined: several days' money came at once.
	Combined Reason = "combined"
	// FeeDiffers: the fee kept is not that of the shop's class.
	FeeDiffers Reason = "fee_differs"
	// NotDue: the settlement day is still to come.
	NotDue Reason = "not_due"
	// LeftOut: the rest of its day was paid, this slip was not: probably not
	// acquired (매입 누락).
	LeftOut Reason = "left_out"
	// DepositMissing: nothing came from the acquirer for its day.
	DepositMissing Reason = "deposit_missing"
	// AmountDiffers: something came, but no fee explains the amount.
	AmountDiffers Reason = "amount_differs"
	// PaidTwice: the same amount from the same acquirer was already matched.
	PaidTwice Reason = "paid_twice"
	// OtherAcquirer: the amount is what another acquirer owes.
	OtherAcquirer Reason = "other_acquirer"
	// Earlier: it is for slips before the first one given.
	Earlier Reason = "earlier_slips"
	// NoApproval: no slip is known for it.
	NoApproval Reason = "no_approval"
)

// RemarkFees says that the table of fees was not seen in force on the day of a
// slip.
const RemarkFees = "card_fees_unconfirmed_for_day"

// Match is money that came for slips.
type Match struct {
	Acquirer  string
	Day       string
	Approvals []Approval
	Deposits  []Deposit
	Gross     money.Won
	// Expected is the fee by the shop's class, Fee what was kept: all of it goes
	// to 지급수수료.
	Expected money.Won
	Fee      money.Won
	// Reason is empty when all is as it should be.
	Reason Reason
}

// OpenApproval is a slip without money.
type OpenApproval struct {
	Approval
	// Due is its settlement day, Net what should come.
	Due    string
	Net    money.Won
	Reason Reason
}

// OpenDeposit is money without slips.
type OpenDeposit struct {
	Deposit
	Reason Reason
}

// Result is every approval and every deposit.
type Result struct {
	Matched   []Match
	Approvals []OpenApproval
	Deposits  []OpenDeposit
	Remarks   []string
}

// Reconcile matches approvals with deposits, the surest way first: a day's slips
// with a deposit of the day, late ones, several days at once, all but one
// slip, another fee.
func Reconcile(approvals []Approval, deposits []Deposit, shop Shop) (Result, error) {
	run := matcher{shop: shop, deposits: slices.Clone(deposits)}
	slices.SortStableFunc(run.deposits, func(a, b Deposit) int { return cmp.Compare(a.Day, b.Day) })
	if err := run.batch(approvals); err != nil {
		return Result{}, err
	}
	for _, pass := range []func(*batch) bool{run.onTime, run.late, run.combined, run.allButOne, run.otherFee} {
		for _, due := range slices.Clone(run.open) {
			if slices.Contains(run.open, due) && pass(due) {
				run.open = slices.DeleteFunc(run.open, func(b *batch) bool { return b.done })
			}
		}
	}
	run.explain()
	return run.result, nil
}

// slip is an approval with its fee.
type slip struct {
	Approval
	fee money.Won
}

func (s slip) net() money.Won { return s.Amount - s.fee }

// batch is what an acquirer should pay on a day.
type batch struct {
	acquirer string
	day      string
	slips    []slip
	done     bool
}

func (b *batch) gross() (sum money.Won) {
	for _, s := range b.slips {
		sum += s.Amount
	}
	return sum
}

func (b *batch) fee() (sum money.Won) {
	for _, s := range b.slips {
		sum += s.fee
	}
	return sum
}

// owes reports whether an amount is what the batch should bring, to a won a
// slip.
func (b *batch) owes(amount money.Won) bool {
	off := amount - (b.gross() - b.fee())
	return off <= money.Won(len(b.slips)) && -off <= money.Won(len(b.slips))
}

type matcher struct {
	shop     Shop
	open     []*batch
	deposits []Deposit
	result   Result
}

// batch puts slips together by acquirer and settlement day, in order of day.
func (m *matcher) batch(approvals []Approval) error {
	type key struct{ acquirer, day string }
	batches := make(map[key]*batch)
	for _, approval := range approvals {
		terms, set := m.shop.Terms[approval.Acquirer]
		if !set {
			terms = UsualTerms()
		}
		day, err := SettlementDay(approval.Day, terms, m.shop.Holidays)
		if err != nil {
			return err
		}
		fee, confirmed, err := feeOn(approval.Day, m.shop)
		if err != nil {
			return err
		}
		if !confirmed && len(m.result.Remarks) == 0 {
			m.result.Remarks = []string{RemarkFees}
		}
		at := key{approval.Acquirer, day}
		if batches[at] == nil {
			batches[at] = &batch{acquirer: approval.Acquirer, day: day}
			m.open = append(m.open, batches[at])
		}
		batches[at].slips = append(batches[at].slips, slip{approval, fee.of(approval)})
	}
	slices.SortStableFunc(m.open, func(a, b *batch) int { return cmp.Compare(a.day, b.day) })
	return nil
}
