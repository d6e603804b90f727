package cardmatch

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"shopbox/protocol/money"
)

//go:embed fees.json
var embedded []byte

var (
	// ErrFee says that no fee is known for a shop and day: the shop is too large
	// for the preferential fees and has given no contract, or the day is before
	// the table.
	ErrFee = errors.New("card_fee_missing")
	// ErrFees says that a table of fees cannot be read.
	ErrFees = errors.New("card_fees_invalid")
)

// Fee is what a card company keeps, in basis points of the slip.
type Fee struct {
	Credit int64
	Check  int64
}

// of is the fee of one slip, cut to the won; a cancellation gives it back. How
// each card company rounds is unconfirmed, so matching tolerates a won a slip.
func (f Fee) of(approval Approval) money.Won {
	points := f.Credit
	if approval.Check {
		points = f.Check
	}
	return approval.Amount * money.Won(points) / 10_000
}

// Tier is the fee of merchants up to a yearly turnover (영세·중소가맹점,
// 여신전문금융업법 시행령 6-13).
type Tier struct {
	MaxSales money.Won `json:"max_sales"`
	Credit   int64     `json:"credit_bp"`
	Check    int64     `json:"check_bp"`
}

// Table are the preferential fees from a day on.
type Table struct {
	From   string `json:"from"`
	Source string `json:"source"`
	// ConfirmedThrough is the last day for which the table was seen in force.
	ConfirmedThrough string `json:"confirmed_through"`
	Tiers            []Tier `json:"tiers"`
}

// Embedded are the tables that came with the program.
func Embedded() ([]Table, error) { return Parse(embedded) }

// Parse reads tables of fees from JSON and sorts them by day; what cannot be
// read is ErrFees.
func Parse(content []byte) ([]Table, error) {
	var tables []Table
	if err := json.Unmarshal(content, &tables); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFees, err)
	}
	slices.SortStableFunc(tables, func(a, b Table) int { return cmp.Compare(a.From, b.From) })
	return tables, nil
}

// feeOn is a shop's fee on a day and whether the table was confirmed for it. A
// contract, when there is one, stands before the table: new shops pay it until
// they are classed.
func feeOn(day string, shop Shop) (fee Fee, confirmed bool, err error) {
	if shop.Contract != (Fee{}) {
		return shop.Contract, true, nil
	}
	for _, table := range slices.Backward(shop.Tables) {
		if table.From > day {
			continue
		}
		for _, tier := range table.Tiers {
			if shop.YearlySales <= tier.MaxSales {
				return Fee{tier.Credit, tier.Check}, day <= table.ConfirmedThrough, nil
			}
		}
		break
	}
	return Fee{}, false, fmt.Errorf("%w: sales of %s on %s", ErrFee, shop.YearlySales, day)
}
