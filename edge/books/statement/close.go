package statement

import (
	"fmt"

	"shopbox/edge/books"
)

// Close makes the closing entry of a sole trader's period, on its last day:
// income and expense accounts go to zero against the capital, and so do the
// owner's drawings. Nothing is left to close when it is made twice.
func Close(vouchers []books.Voucher, fact books.Fact) (books.Voucher, error) {
	rows, err := TrialBalance(vouchers, Period{Through: fact.Day})
	if err != nil {
		return books.Voucher{}, err
	}
	var lines []books.Line
	for _, row := range rows {
		if !nominal(row.Account) && row.Code != books.Drawings {
			continue
		}
		lines = append(lines, books.Line{Account: row.Code, Amount: -row.Balance},
			books.Line{Account: books.Capital, Amount: row.Balance})
	}
	entry, err := books.NewEntry(lines...)
	if err != nil {
		return books.Voucher{}, err
	}
	fact.Evidence = books.Internal
	return books.Voucher{Fact: fact, Kind: books.PeriodClosed, Entry: entry}, nil
}

// Admit checks that a voucher lies after the last closed day, empty when
// nothing is closed; else ErrClosed.
func Admit(voucher books.Voucher, closedThrough string) error {
	if voucher.Day <= closedThrough {
		return fmt.Errorf("%w: %s is not after %s", ErrClosed, voucher.Day, closedThrough)
	}
	return nil
}
