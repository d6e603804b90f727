package zvt

import (
	"encoding/hex"
	"fmt"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// Bitmap 60: the first and the last receipt number, then for each kind of card
// a count of one byte and a sum of twelve decimals (PA00P015 3.1.3).
const (
	numberSize   = 2
	receiptRange = 2 * numberSize
	groupSize    = 7
)

// kindsOfCards are the groups of bitmap 60 in their order. A terminal that
// sends another number of groups leaves open which is which.
func kindsOfCards() []string {
	return []string{"girocard", "JCB", "Mastercard", "American Express", "Visa", "Diners", "other"}
}

// ReadTotals reads the result of 06 50 and 06 10. Totals without a sum are
// drivers.ErrProtocol.
func ReadTotals(fields Fields) (drivers.TerminalTotals, error) {
	total, ok := fields.Number(tagAmount)
	if !ok {
		return drivers.TerminalTotals{}, fmt.Errorf("%w: totals without a sum", drivers.ErrProtocol)
	}
	totals := drivers.TerminalTotals{Total: money.Won(total)}
	groups := fields.Bytes(tagTotals)
	if len(groups) < receiptRange {
		return totals, nil
	}
	totals.First = receiptName(groups[:numberSize])
	totals.Last = receiptName(groups[numberSize:receiptRange])
	groups = groups[receiptRange:]
	names := kindsOfCards()
	known := len(groups) == len(names)*groupSize
	for i := 0; len(groups) >= groupSize; i, groups = i+1, groups[groupSize:] {
		sum, err := BCD(groups[1:groupSize])
		if err != nil {
			return drivers.TerminalTotals{}, fmt.Errorf("%w: totals: %w", drivers.ErrProtocol, err)
		}
		count := int(groups[0])
		if count == 0 && sum == 0 {
			continue
		}
		scheme := ""
		if known {
			scheme = names[i]
		}
		totals.Count += count
		totals.Schemes = append(totals.Schemes, drivers.SchemeTotal{Scheme: scheme, Count: count, Total: money.Won(sum)})
	}
	return totals, nil
}

// receiptName is a receipt number; zero is none.
func receiptName(number []byte) string {
	if n, err := BCD(number); err != nil || n == 0 {
		return ""
	}
	return hex.EncodeToString(number)
}
