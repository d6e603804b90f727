package vat

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"shopbox/protocol/money"
)

//go:embed rates.json
var embedded []byte

var (
	// ErrRate says that no rate is known for a day and trade. There is never a
	// silent fallback.
	ErrRate = errors.New("vat_rate_missing")
	// ErrRates says that a rates file cannot be read.
	ErrRates = errors.New("vat_rates_invalid")
)

// Rule is when a rate holds and where it comes from.
type Rule struct {
	// From and Through are days, both inside; an empty Through is open.
	From    string `json:"from"`
	Through string `json:"through"`
	// Source is the statute.
	Source string `json:"source"`
	// Remark is the code of a doubt, empty when confirmed.
	Remark string `json:"remark"`
	// Trades it holds for; none means all that are left.
	Trades  []Trade `json:"trades"`
	Company bool    `json:"company"`
	// MaxBase is the largest tax base of the period it holds for, 0 for any.
	MaxBase money.Won `json:"max_base"`
}

func (r Rule) on(day string) bool {
	return r.From <= day && (r.Through == "" || day <= r.Through)
}

func (r Rule) of(trade Trade) bool {
	return len(r.Trades) == 0 || slices.Contains(r.Trades, trade)
}

// fits is for rules that depend on who the business is and on its tax base.
func (r Rule) fits(day string, who Business, base money.Won) bool {
	return r.on(day) && r.of(who.Trade) && r.Company == who.Company && (r.MaxBase == 0 || base <= r.MaxBase)
}

// CardCredit is the card-sales credit (부가세법 46①).
type CardCredit struct {
	Rule
	Permille       int64     `json:"permille"`
	Cap            money.Won `json:"cap"`
	MaxPriorSupply money.Won `json:"max_prior_supply"`
}

// FilingCredit is for a final return filed electronically by the taxpayer
// (조특법 시행령 104-5④).
type FilingCredit struct {
	Rule
	Won money.Won `json:"won"`
}

// Fraction is a rate of deemed input tax (부가세법 42①).
type Fraction struct {
	Rule
	Numerator   int64 `json:"numerator"`
	Denominator int64 `json:"denominator"`
}

// Percent is a limit of deemed input tax (decree 84②) or a value-added ratio
// (decree 111②).
type Percent struct {
	Rule
	Percent int64 `json:"percent"`
}

// SimplifiedRule is what simplified taxpayers may deduct for purchases (부가세법
// 63③1), and the yearly total below which they pay nothing (69①).
type SimplifiedRule struct {
	Rule
	PurchasePermille int64     `json:"purchase_permille"`
	FreeBelow        money.Won `json:"free_below"`
}

// Rates are the effective-dated figures of VAT; of rules that fit, the first
// one counts.
type Rates struct {
	CardCredit   []CardCredit     `json:"card_credit"`
	FilingCredit []FilingCredit   `json:"efiling_credit"`
	Deemed       []Fraction       `json:"deemed"`
	DeemedLimit  []Percent        `json:"deemed_limit"`
	ValueAdded   []Percent        `json:"value_added"`
	Simplified   []SimplifiedRule `json:"simplified"`
}

// Embedded are the rates that came with the program, as of 2026-11-23.
func Embedded() (Rates, error) { return Parse(embedded) }

// Parse reads rates from JSON; anything unreadable, and a fraction over
// nothing, is ErrRates.
func Parse(content []byte) (Rates, error) {
	var rates Rates
	if err := json.Unmarshal(content, &rates); err != nil {
		return Rates{}, fmt.Errorf("%w: %w", ErrRates, err)
	}
	for _, fraction := range rates.Deemed {
		if fraction.Denominator <= 0 || fraction.Numerator < 0 {
			return Rates{}, fmt.Errorf("%w: %d/%d", ErrRates, fraction.Numerator, fraction.Denominator)
		}
	}
	return rates, nil
}

// find is the first rule that fits, or ErrRate naming what is missing.
func find[T any](rules []T, what, day string, fits func(T) bool) (T, error) {
	at := slices.IndexFunc(rules, fits)
	if at < 0 {
		var none T
		return none, fmt.Errorf("%w: %s on %s", ErrRate, what, day)
	}
	return rules[at], nil
}
