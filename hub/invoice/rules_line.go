package invoice

import "strconv"

// MaxLines is how many items a document may have. Not confirmed by the
// standard's text: the tax service's own site shows up to 16.
const MaxLines = 99

// The bounds of a quantity, as another system publishes them, and of a unit
// price: fifteen digits.
const (
	minQuantity  Hundredths = -99_999_999_99
	maxQuantity  Hundredths = 999_999_999_99
	maxUnitPrice            = Hundredths(maxAmount) * 100
)

// lineRules are those of TaxInvoiceTradeLineItem. That quantities and prices
// have at most two decimals holds by their type.
func lineRules() []Rule {
	return []Rule{
		{
			Code: "lines_count", Sentence: "there must be 1 to 99 lines",
			Korean: "품목은 1개에서 99개까지 적을 수 있습니다", Source: "KEC 3.0 TaxInvoiceTradeLineItem", Unconfirmed: true,
			broken: func(i *Invoice) []string { return when(len(i.Lines) == 0 || len(i.Lines) > MaxLines, pathLine) },
		},
		{
			Code: "line_sequence", Sentence: "the lines must be numbered from 1",
			Korean: "품목 순번은 1부터 차례로 적어야 합니다", Source: "KEC 3.0 SequenceNumeric", Unconfirmed: true,
			broken: badSequence,
		},
		{
			Code: "line_date", Sentence: "the day of supply of a line must be a day of eight digits",
			Korean: "품목의 공급일자는 있는 날짜 8자리여야 합니다", Source: "KEC 3.0 PurchaseExpiryDateTime",
			broken: eachLine("PurchaseExpiryDateTime", func(l Line) bool { return l.SuppliedOn != "" && !l.SuppliedOn.Valid() }),
		},
		{
			Code: "line_quantity", Sentence: "a quantity must lie between -99,999,999.99 and 999,999,999.99",
			Korean: "수량은 -99,999,999.99에서 999,999,999.99까지 적을 수 있습니다", Source: "KEC 3.0 ChargeableUnitQuantity", Unconfirmed: true,
			broken: eachLine("ChargeableUnitQuantity", func(l Line) bool {
				return l.Quantity != nil && (*l.Quantity < minQuantity || *l.Quantity > maxQuantity)
			}),
		},
		{
			Code: "line_unit_price", Sentence: "a unit price must have at most fifteen digits before the decimals",
			Korean: "단가는 소수점 앞 15자리까지 적을 수 있습니다", Source: "KEC 3.0 UnitAmount", Unconfirmed: true,
			broken: eachLine("UnitPrice/UnitAmount", func(l Line) bool {
				return l.UnitPrice != nil && (*l.UnitPrice > maxUnitPrice || *l.UnitPrice < -maxUnitPrice)
			}),
		},
	}
}

func eachLine(element string, bad func(Line) bool) func(*Invoice) []string {
	return func(i *Invoice) []string {
		var list []string
		for n, line := range i.Lines {
			list = append(list, when(bad(line), linePath(n, element))...)
		}
		return list
	}
}

func badSequence(i *Invoice) []string {
	var bad []string
	for n, line := range i.Lines {
		number, err := strconv.Atoi(line.Sequence)
		bad = append(bad, when(line.Sequence != "" && (err != nil || number != n+1), linePath(n, "SequenceNumeric"))...)
	}
	return bad
}

// linePath names an element of a line; n counts from zero.
func linePath(n int, element string) string {
	return pathLine + "[" + strconv.Itoa(n+1) + "]/" + element
}
