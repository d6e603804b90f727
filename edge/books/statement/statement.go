// Package statement makes the statements of a shop's books out of its vouchers:
// trial balance, profit and loss, balance sheet, general ledger, the close of a
// period, and the simplified book (간편장부). The screens of the books call it.
//
// What always holds: a trial balance adds up to zero; assets are liabilities
// and equity; nothing is left out, for every line of every voucher in the
// period is counted once.
package statement

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"shopbox/edge/books"
	"shopbox/protocol/money"
)

var (
	// ErrPeriod says that a period ends before it starts.
	ErrPeriod = errors.New("period_invalid")
	// ErrClosed says that a voucher lies in a period that is closed. It is
	// answered by a new voucher in an open one (국세기본법 85-3③).
	ErrClosed = errors.New("period_closed")
)

// Period is from the first to the last day, both in it, as 2026-11-23.
type Period struct{ From, Through string }

// Holds reports whether a day is in the period.
func (p Period) Holds(day string) bool { return p.From <= day && day <= p.Through }

// Row is one account in a trial balance.
type Row struct {
	books.Account
	// Opening is the balance before the period, Balance after it; positive on
	// the debit side.
	Opening money.Won
	Debit   money.Won
	Credit  money.Won
	Balance money.Won
}

// TrialBalance (합계잔액시산표) lists the accounts that moved or stood, by code.
// Vouchers after the period do not count.
func TrialBalance(vouchers []books.Voucher, period Period) ([]Row, error) {
	return tally(vouchers, period, func(books.Kind) bool { return true })
}

func tally(vouchers []books.Voucher, period Period, counts func(books.Kind) bool) ([]Row, error) {
	if period.From > period.Through {
		return nil, fmt.Errorf("%w: %s to %s", ErrPeriod, period.From, period.Through)
	}
	rows := make(map[string]*Row)
	for _, account := range books.Accounts() {
		rows[account.Code] = &Row{Account: account}
	}
	touched := make(map[string]bool)
	for _, voucher := range vouchers {
		if voucher.Day > period.Through || !counts(voucher.Kind) {
			continue
		}
		for _, line := range voucher.Entry.Lines() {
			rows[line.Account].add(line, period.Holds(voucher.Day))
			touched[line.Account] = true
		}
	}
	list := make([]Row, 0, len(touched))
	for _, code := range slices.Sorted(maps.Keys(touched)) {
		list = append(list, *rows[code])
	}
	return list, nil
}

func (r *Row) add(line books.Line, inside bool) {
	r.Balance += line.Amount
	if !inside {
		r.Opening += line.Amount
		return
	}
	r.Debit += line.Debit()
	r.Credit += line.Credit()
}

// Item is one account in a statement, in the sense of its section: income and
// what is owed count positive.
type Item struct {
	books.Account
	Amount money.Won
}

// ProfitAndLoss (손익계산서) of a period.
type ProfitAndLoss struct {
	// Sales are the accounts 4xx; returns and discounts count against them.
	Sales []Item
	// Cost are the accounts 45x, Operating 8xx, Other 9xx (income positive,
	// expense negative).
	Cost, Operating, Other []Item

	Revenue, GrossProfit, OperatingProfit, NetProfit money.Won
}

// Profit makes the profit and loss of a period (소득세법 시행규칙, 표준손익계산서
// in short form). The closing entry itself does not count.
func Profit(vouchers []books.Voucher, period Period) (ProfitAndLoss, error) {
	rows, err := tally(vouchers, period, notClosing)
	if err != nil {
		return ProfitAndLoss{}, err
	}
	var result ProfitAndLoss
	for _, row := range rows {
		item := Item{row.Account, row.Credit - row.Debit}
		if !nominal(row.Account) || row.Debit == 0 && row.Credit == 0 {
			continue
		}
		result.place(item)
	}
	result.GrossProfit = result.Revenue - total(result.Cost)
	result.OperatingProfit = result.GrossProfit - total(result.Operating)
	result.NetProfit = result.OperatingProfit + total(result.Other)
	return result, nil
}

func (p *ProfitAndLoss) place(item Item) {
	switch {
	case strings.HasPrefix(item.Code, "9"):
		p.Other = append(p.Other, item)
	case item.Class == books.Income:
		p.Sales, p.Revenue = append(p.Sales, item), p.Revenue+item.Amount
	case strings.HasPrefix(item.Code, "4"):
		item.Amount = -item.Amount
		p.Cost = append(p.Cost, item)
	default:
		item.Amount = -item.Amount
		p.Operating = append(p.Operating, item)
	}
}

func total(items []Item) (sum money.Won) {
	for _, item := range items {
		sum += item.Amount
	}
	return sum
}

func notClosing(kind books.Kind) bool { return kind != books.PeriodClosed }

// nominal accounts start every period at zero.
func nominal(account books.Account) bool {
	return account.Class == books.Income || account.Class == books.Expense
}

// BalanceSheet (재무상태표) at the end of a day.
type BalanceSheet struct {
	// Assets hold accumulated depreciation as a negative item.
	Assets, Liabilities, Equity []Item
	// Result is profit that no close has moved to equity yet.
	Result money.Won

	TotalAssets, TotalLiabilities, TotalEquity money.Won
}

// Balance makes the balance sheet at the end of a day (표준재무상태표 in short
// form). TotalAssets is always TotalLiabilities and TotalEquity, which holds
// Result.
func Balance(vouchers []books.Voucher, day string) (BalanceSheet, error) {
	rows, err := TrialBalance(vouchers, Period{Through: day})
	if err != nil {
		return BalanceSheet{}, err
	}
	var sheet BalanceSheet
	for _, row := range rows {
		switch {
		case nominal(row.Account):
			sheet.Result -= row.Balance
		case row.Balance == 0:
		case row.Class == books.Asset:
			sheet.Assets = append(sheet.Assets, Item{row.Account, row.Balance})
		case row.Class == books.Liability:
			sheet.Liabilities = append(sheet.Liabilities, Item{row.Account, -row.Balance})
		default:
			sheet.Equity = append(sheet.Equity, Item{row.Account, -row.Balance})
		}
	}
	sheet.TotalAssets, sheet.TotalLiabilities = total(sheet.Assets), total(sheet.Liabilities)
	sheet.TotalEquity = total(sheet.Equity) + sheet.Result
	return sheet, nil
}

// Posting is one line in a general ledger.
type Posting struct {
	books.Fact
	Kind   books.Kind
	Debit  money.Won
	Credit money.Won
	// Balance is the running balance of the account after this line.
	Balance money.Won
}

// Ledger (총계정원장) is one account over a period.
type Ledger struct {
	books.Account
	Opening  money.Won
	Postings []Posting
	Closing  money.Won
}

// GeneralLedger lists what moved an account in a period, by day; vouchers of
// one day keep their order. With a party, only its part of the account counts
// (a sub-ledger, 보조원장). An account that is not in the chart is
// books.ErrAccount.
func GeneralLedger(vouchers []books.Voucher, code, party string, period Period) (Ledger, error) {
	accounts := books.Accounts()
	at := slices.IndexFunc(accounts, func(a books.Account) bool { return a.Code == code })
	if at < 0 {
		return Ledger{}, fmt.Errorf("%w: %q", books.ErrAccount, code)
	}
	ledger := Ledger{Account: accounts[at]}
	for _, voucher := range byDay(vouchers) {
		for _, line := range voucher.Entry.Lines() {
			if line.Account == code && (party == "" || party == line.Party) {
				ledger.post(voucher, line, period)
			}
		}
	}
	return ledger, nil
}

func (l *Ledger) post(voucher books.Voucher, line books.Line, period Period) {
	if voucher.Day > period.Through {
		return
	}
	l.Closing += line.Amount
	if voucher.Day < period.From {
		l.Opening += line.Amount
		return
	}
	l.Postings = append(l.Postings, Posting{
		Fact: voucher.Fact, Kind: voucher.Kind, Debit: line.Debit(), Credit: line.Credit(), Balance: l.Closing,
	})
}

func byDay(vouchers []books.Voucher) []books.Voucher {
	sorted := slices.Clone(vouchers)
	slices.SortStableFunc(sorted, func(a, b books.Voucher) int { return cmp.Compare(a.Day, b.Day) })
	return sorted
}
