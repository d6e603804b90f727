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

// Code names a refusal for programs.
type Code string

// The refusals. A year without holidays is a *holiday.Error.
const (
	// CodeDate is a date that does not exist.
	CodeDate Code = "duty_date"
	// CodeAmount is a supply amount below nothing or above fifteen digits.
	CodeAmount Code = "duty_amount"
	// CodeRateMissing is a day for which no rate is known.
	CodeRateMissing Code = "duty_rate_missing"
	// CodeRates is a file of rates that breaks its format.
	CodeRates Code = "duty_rates_invalid"
	// CodeReason is an unknown reason of an amendment.
	CodeReason Code = "duty_reason"
	// CodeTrade is an unknown trade or kind of taxpayer.
	CodeTrade Code = "duty_trade"
	// CodeViolation is an unknown kind of penalty.
	CodeViolation Code = "duty_violation"
)

// Error is a refusal with its stable code, in both languages.
type Error struct {
	Code            Code
	English, Korean string
}

// Error is the code and the English sentence.
func (e *Error) Error() string { return string(e.Code) + ": " + e.English }

func refuse(code Code, english, korean string) error {
	return &Error{Code: code, English: english, Korean: korean}
}

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
	if remark != "" {
		f.Remarks = append(f.Remarks, remark)
	}
}

func days(dates ...invoice.Date) ([]time.Time, error) {
	list := make([]time.Time, len(dates))
	for i, date := range dates {
		day, ok := date.Time()
		if !ok {
			return nil, refuse(CodeDate, "a date is no day of eight digits; correct it", "날짜가 올바르지 않습니다. 있는 날짜 8자리로 고치십시오")
		}
		list[i] = day
	}
	return list, nil
}
