package duty

import (
	"bytes"
	_ "embed" // the rates the program was made with
	"encoding/json"
	"fmt"

	"shopbox/hub/invoice"
	"shopbox/protocol/money"
)

//go:embed rates.json
var embedded []byte

// Rates are the numbers of the law, each with its days and its source. The
// field names are those of the file.
type Rates struct {
	// Penalties are shares of the supply amount, by the day of supply.
	Penalties map[Violation]Series[Fraction] `json:"penalties"`
	// PenaltyCaps bound the penalties of one kind, by the day of supply.
	PenaltyCaps Series[Cap] `json:"penalty_caps"`
	// Credit is for issuing electronically, by the day of issue.
	Credit Series[Credit] `json:"credit"`
	// ElectronicThreshold is the yearly supply in won from which a sole trader
	// must issue electronically, by the day the duty begins.
	ElectronicThreshold Series[money.Won] `json:"electronic_threshold"`
	// ReceiptsOnlyBelow is the yearly receipts in won below which a simplified
	// taxpayer issues receipts only, by the day of supply.
	ReceiptsOnlyBelow Series[money.Won] `json:"receipts_only_below"`
}

// Cap is the most a penalty can be in won, for a small or medium business
// (중소기업기본법 2①) and for any other.
type Cap struct {
	Small money.Won `json:"small"`
	Other money.Won `json:"other"`
}

// Credit is won for each document, at most Year in a year, for traders whose
// supply of the year before was below Below.
type Credit struct {
	PerDocument money.Won `json:"per_document"`
	Year        money.Won `json:"year"`
	Below       money.Won `json:"below"`
}

// Fraction is an exact rate between nothing and all.
type Fraction struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// of is the share of an amount, everything under a won cut off. An amount has
// at most fifteen digits, so nothing overflows.
func (f Fraction) of(amount money.Won) money.Won { return amount * money.Won(f.Num) / money.Won(f.Den) }

func (f Fraction) valid() bool { return f.Den > 0 && f.Den <= 1000 && f.Num >= 0 && f.Num <= f.Den }

// Series is one number through time, oldest first, without overlaps.
type Series[T any] []Dated[T]

// Dated is a number, the days it holds for, and where it is written.
type Dated[T any] struct {
	From invoice.Date `json:"from"`
	// To is the last day; none while the law has no end.
	To     invoice.Date `json:"to,omitempty"`
	Value  T            `json:"value"`
	Source string       `json:"source"`
	// Remark says what is unconfirmed or must be watched.
	Remark string `json:"remark,omitempty"`
}

// At is the entry of a day, or ErrRateMissing: no other day's rate is used.
func (s Series[T]) At(day invoice.Date) (Dated[T], error) {
	for _, entry := range s {
		if entry.From <= day && (entry.To == "" || day <= entry.To) {
			return entry, nil
		}
	}
	return Dated[T]{}, ErrRateMissing
}

func (s Series[T]) valid() bool {
	for i, entry := range s {
		open := entry.To == ""
		switch {
		case !entry.From.Valid(), !open && (!entry.To.Valid() || entry.To < entry.From), entry.Source == "",
			open && i < len(s)-1, i > 0 && entry.From <= s[i-1].To:
			return false
		}
	}
	return len(s) > 0
}

// ParseRates reads rates in the format of the built-in file. What breaks it is
// ErrRates.
func ParseRates(file []byte) (Rates, error) {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	var rates Rates
	if err := decoder.Decode(&rates); err != nil {
		return Rates{}, badRates(err.Error())
	}
	for _, violation := range Violations() {
		series := rates.Penalties[violation]
		for _, entry := range series {
			if !entry.Value.valid() {
				return Rates{}, badRates(string(violation) + " is not a share")
			}
		}
		if !series.valid() {
			return Rates{}, badRates(string(violation) + " has no entries in order with sources")
		}
	}
	if len(rates.Penalties) != len(Violations()) {
		return Rates{}, badRates("a penalty is not known")
	}
	if !rates.PenaltyCaps.valid() || !rates.Credit.valid() || !rates.ElectronicThreshold.valid() || !rates.ReceiptsOnlyBelow.valid() {
		return Rates{}, badRates("a series has no entries in order with sources")
	}
	return rates, nil
}

func badRates(detail string) error { return fmt.Errorf("%w: %s", ErrRates, detail) }
