// Package duty is what the law asks of who issues tax invoices: who must issue
// and how, until when, what it costs to be late, and the credit for issuing
// electronically (부가가치세법 32 to 36의2, 47, 60; 국세기본법 5, 49). The hub's
// screens and alarms and the amendments call it. What always holds: no input,
// no output, no clock; every rate is dated data with its source; a day without
// data is an error; and every result names the provision behind it.
package duty

import (
	"time"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/refusal"
	"shopbox/protocol/holiday"
	"shopbox/protocol/money"
)

// Law is what the rules are computed with.
type Law struct {
	Holidays holiday.Calendar
	Rates    Rates
}

// BuiltIn is the law this program was made with.
func BuiltIn() (Law, error) {
	calendar, err := holiday.BuiltIn()
	if err != nil {
		return Law{}, err
	}
	rates, err := ParseRates(embedded)
	return Law{Holidays: calendar, Rates: rates}, err
}

// The refusals. A year without holidays is a *holiday.Error.
var (
	// ErrDate is a date that does not exist.
	ErrDate = refusal.New("duty_date",
		"a date is no day of eight digits; correct it",
		"날짜가 올바르지 않습니다. 있는 날짜 8자리로 고치십시오")
	// ErrAmount is a supply amount below nothing or above fifteen digits.
	ErrAmount = refusal.New("duty_amount",
		"the supply amount is below nothing or has more than fifteen digits; correct it",
		"공급가액은 0원 이상 15자리까지여야 합니다. 고치십시오")
	// ErrReceipts is a simplified taxpayer whose size is not known.
	ErrReceipts = refusal.New("duty_receipts",
		"the receipts of the year that decides are not known; enter them",
		"기준이 되는 해의 공급대가를 알 수 없습니다. 입력하십시오")
	// ErrRateMissing is a day for which no rate is known.
	ErrRateMissing = refusal.New("duty_rate_missing",
		"no rate is known for this day; bring the rates up to date",
		"이 날짜에 적용할 세율이 없습니다. 세율 자료를 새로 받으십시오")
	// ErrRates is a file of rates that breaks its format.
	ErrRates = refusal.New("duty_rates_invalid",
		"the file of rates cannot be used; get it anew",
		"세율 자료를 쓸 수 없습니다. 새로 받으십시오")
	// ErrReason is an unknown reason of an amendment.
	ErrReason = refusal.New("duty_reason",
		"the reason is none of 01 to 06; choose one",
		"수정사유가 01에서 06 가운데 하나가 아닙니다. 다시 고르십시오")
	// ErrTaxpayer is an unknown kind of taxpayer or trade.
	ErrTaxpayer = refusal.New("duty_taxpayer",
		"the trade or the kind of taxpayer is not known; choose them, and general for a company",
		"업종이나 과세유형을 알 수 없습니다. 고르십시오. 법인은 일반과세자입니다")
	// ErrViolation is an unknown kind of penalty.
	ErrViolation = refusal.New("duty_violation",
		"the kind of penalty is not known; choose one of the list",
		"가산세 종류를 알 수 없습니다. 목록에서 고르십시오")
)

// Figure is an amount with everything that makes it checkable by hand.
type Figure struct {
	// Name is the stable name a screen looks its words up by.
	Name   string
	Amount money.Won
	// Rule is the formula over the inputs' names.
	Rule   string
	Inputs []Input
	Rate   Fraction
	// Sources are the provisions, Remarks what is unconfirmed or to be watched.
	Sources, Remarks []string
}

// Input is a named number: won, or a count.
type Input struct {
	Name  string
	Value int64
}

// cite adds a source and its remark, if any.
func (f *Figure) cite(source, remark string) {
	f.Sources = append(f.Sources, source)
	f.remark(remark != "", remark)
}

// remark adds a remark where it holds.
func (f *Figure) remark(holds bool, remark string) {
	if holds {
		f.Remarks = append(f.Remarks, remark)
	}
}

func days(dates ...invoice.Date) ([]time.Time, error) {
	list := make([]time.Time, len(dates))
	for i, date := range dates {
		day, ok := date.Time()
		if !ok {
			return nil, ErrDate
		}
		list[i] = day
	}
	return list, nil
}
