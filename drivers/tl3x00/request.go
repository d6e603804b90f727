package tl3x00

import (
	"fmt"
	"strconv"
	"strings"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// maxAmount and maxTax are what ten and eight digits hold.
const (
	maxAmount money.Won = 9_999_999_999
	maxTax    money.Won = 99_999_999
)

// longest is the most months the public code knows.
const longest = 12

// signs writes whether the customer signs at the terminal.
func signs(wanted bool) byte {
	if wanted {
		return '2'
	}
	return '1'
}

// approval is the data of job B, 30 bytes: type, amount with its tax inside,
// tax, service charge, months, signature.
func approval(charge drivers.Charge, sign bool) []byte {
	return fmt.Appendf(nil, "1%010d%08d%08d%02d%c", charge.Amount, charge.VAT, 0, charge.Instalments, signs(sign))
}

// reference is what a cancel must name again.
type reference struct {
	trade    byte
	approval string
	date     string
	clock    string
	tax      money.Won
	months   string
}

// The kinds of trade as job C names them, by what the answer said.
func (a Answer) reference() reference {
	trade := byte('1')
	switch {
	case a.Kind == kindCredit && a.Medium != mediumIC:
		trade = '2'
	case a.Kind == kindReceipt:
		trade = '3'
	case a.Kind != kindCredit:
		trade = a.Kind
	}
	return reference{
		trade: trade, approval: a.Approval, date: a.Date, clock: a.Clock, tax: a.Tax, months: a.Months,
	}
}

// String is the reference as it is kept: trade/approval/date/time/tax/months.
func (r reference) String() string {
	return strings.Join([]string{
		string(r.trade), r.approval, r.date, r.clock, strconv.FormatInt(int64(r.tax), 10), r.months,
	}, "/")
}

func parseReference(text string) (reference, bool) {
	parts := strings.Split(text, "/")
	if len(parts) != 6 || len(parts[0]) != 1 || parts[1] == "" || len(parts[1]) > approvalSize ||
		len(parts[2]) != dateSize || len(parts[3]) != clockSize || len(parts[5]) > monthsSize {
		return reference{}, false
	}
	tax, err := strconv.ParseInt(parts[4], 10, 64)
	if err != nil || tax < 0 || money.Won(tax) > maxTax {
		return reference{}, false
	}
	return reference{
		trade: parts[0][0], approval: parts[1], date: parts[2], clock: parts[3], tax: money.Won(tax), months: parts[5],
	}, true
}

// cancellation is the data of job C by full data (kind "1"), 57 bytes.
func cancellation(r reference, amount money.Won) []byte {
	return fmt.Appendf(nil, "1%c%010d%08d%08d%02s1%-12s%s%s", r.trade, amount, r.tax, 0, r.months, r.approval, r.date, r.clock)
}
