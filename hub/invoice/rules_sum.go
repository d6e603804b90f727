package invoice

import (
	"strconv"

	"shopbox/protocol/money"
)

// maxAmount is the largest amount of fifteen digits.
const maxAmount money.Won = 999_999_999_999_999

// MaxLines is how many items a document may have. Not confirmed by the
// standard's text: the tax service's own site shows up to 16.
const MaxLines = 99

// taxFrom is the supply amount in won from which a tenth is a won of tax.
const taxFrom money.Won = 10

// sumRules are those of amounts and lines.
func sumRules() []Rule {
	return []Rule{
		{
			Code: "grand_total", Sentence: "the grand total must be the supply amount and the tax",
			Source: "KEC 3.0 SpecifiedMonetarySummation",
			broken: func(i *Invoice) []string {
				return when(i.Totals.Grand != i.Totals.Charge+i.Totals.TaxAmount(), pathSums+"GrandTotalAmount")
			},
		},
		{
			Code: "charge_total", Sentence: "the supply amount must be the sum of the lines",
			Source: "KEC 3.0 ChargeTotalAmount",
			broken: func(i *Invoice) []string {
				sum, given := sumLines(i, func(l Line) *money.Won { return l.Charge })
				return when(given && sum != i.Totals.Charge, pathSums+"ChargeTotalAmount")
			},
		},
		{
			Code: "tax_total", Sentence: "the tax must be the sum of the lines", Source: "KEC 3.0 TaxTotalAmount",
			broken: func(i *Invoice) []string {
				sum, given := sumLines(i, func(l Line) *money.Won { return l.Tax })
				return when(given && sum != i.Totals.TaxAmount(), pathSums+"TaxTotalAmount")
			},
		},
		taxedRule(),
		{
			Code: "untaxed", Sentence: "an exempt or zero-rated document must bear no tax",
			Source: "부가가치세법 21 to 26",
			broken: func(i *Invoice) []string {
				bad := (i.Document.Type.Exempt() || i.Document.Type.ZeroRated()) && i.Totals.TaxAmount() != 0
				return when(bad, pathSums+"TaxTotalAmount")
			},
		},
		{
			Code: "amount_range", Sentence: "an amount must have at most fifteen digits", Source: "KEC 3.0 amounts",
			broken: outOfRange,
		},
		{
			Code: "payments", Sentence: "the ways of paying must be known and each stand once", Source: "KEC 3.0 SpecifiedPaymentMeans",
			broken: badPayments,
		},
		{
			Code: "payment_sum", Sentence: "the payments must add up to the grand total", Source: "KEC 3.0 SpecifiedPaymentMeans",
			Unconfirmed: true,
			broken: func(i *Invoice) []string {
				var sum money.Won
				for _, p := range i.Payments {
					sum += p.Amount
				}
				return when(len(i.Payments) > 0 && sum != i.Totals.Grand, pathPayment)
			},
		},
		{
			Code: "lines_count", Sentence: "there must be 1 to 99 lines", Source: "KEC 3.0 TaxInvoiceTradeLineItem", Unconfirmed: true,
			broken: func(i *Invoice) []string { return when(len(i.Lines) == 0 || len(i.Lines) > MaxLines, pathLine) },
		},
		{
			Code: "line_sequence", Sentence: "the lines must be numbered from 1", Source: "KEC 3.0 SequenceNumeric", Unconfirmed: true,
			broken: badSequence,
		},
		{
			Code: "line_date", Sentence: "the day of supply of a line must be a day of eight digits", Source: "KEC 3.0 PurchaseExpiryDateTime",
			broken: func(i *Invoice) []string {
				var bad []string
				for n, line := range i.Lines {
					bad = append(bad, when(line.SuppliedOn != "" && !line.SuppliedOn.Valid(), linePath(n, "PurchaseExpiryDateTime"))...)
				}
				return bad
			},
		},
	}
}

// taxedRule asks only that there is tax: the standard does not force a tenth
// (unconfirmed), and a difference of an amendment may round otherwise.
func taxedRule() Rule {
	return Rule{
		Code: "taxed", Sentence: "a taxed document of 10 won or more must bear tax of the same sign",
		Source: "부가가치세법 30",
		broken: func(i *Invoice) []string {
			t, charge, tax := i.Document.Type, i.Totals.Charge, i.Totals.TaxAmount()
			if !t.Valid() || t.Exempt() || t.ZeroRated() || t.Import() {
				return nil
			}
			bad := charge >= taxFrom && tax <= 0 || charge <= -taxFrom && tax >= 0
			return when(bad, pathSums+"TaxTotalAmount")
		},
	}
}

// sumLines adds up what the lines give; given is false when none gives any.
func sumLines(i *Invoice, of func(Line) *money.Won) (sum money.Won, given bool) {
	for _, line := range i.Lines {
		given = given || of(line) != nil
		sum += amount(of(line))
	}
	return sum, given
}

func outOfRange(i *Invoice) []string {
	bad := when(tooBig(i.Totals.Charge), pathSums+"ChargeTotalAmount")
	bad = append(bad, when(tooBig(i.Totals.TaxAmount()), pathSums+"TaxTotalAmount")...)
	bad = append(bad, when(tooBig(i.Totals.Grand), pathSums+"GrandTotalAmount")...)
	for _, p := range i.Payments {
		bad = append(bad, when(tooBig(p.Amount), pathPayment+"/PaidAmount")...)
	}
	for n, line := range i.Lines {
		bad = append(bad, when(tooBig(amount(line.Charge)), linePath(n, "InvoiceAmount"))...)
		bad = append(bad, when(tooBig(amount(line.Tax)), linePath(n, "TotalTax/CalculatedAmount"))...)
	}
	return bad
}

func tooBig(w money.Won) bool { return w > maxAmount || w < -maxAmount }

func badPayments(i *Invoice) []string {
	seen := map[PaymentCode]bool{}
	for _, p := range i.Payments {
		if !p.Kind.Valid() || seen[p.Kind] {
			return []string{pathPayment + "/TypeCode"}
		}
		seen[p.Kind] = true
	}
	return nil
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
