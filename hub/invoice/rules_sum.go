package invoice

import "shopbox/protocol/money"

// maxAmount is the largest amount of fifteen digits.
const maxAmount money.Won = 999_999_999_999_999

// taxFrom is the supply amount in won from which a tenth is a won of tax.
const taxFrom money.Won = 10

// sumRules are those of amounts.
func sumRules() []Rule {
	return []Rule{
		{
			Code: "grand_total", Sentence: "the grand total must be the supply amount and the tax",
			Korean: "총금액은 공급가액과 세액을 더한 금액이어야 합니다", Source: "KEC 3.0 SpecifiedMonetarySummation",
			broken: func(i *Invoice) []string {
				return when(i.Totals.Grand != i.Totals.Charge+i.Totals.TaxAmount(), pathSums+"GrandTotalAmount")
			},
		},
		{
			Code: "charge_total", Sentence: "the supply amount must be the sum of the lines",
			Korean: "공급가액 합계는 품목 공급가액을 모두 더한 금액이어야 합니다", Source: "KEC 3.0 ChargeTotalAmount",
			broken: func(i *Invoice) []string {
				sum, given := sumLines(i, func(l Line) *money.Won { return l.Charge })
				return when(given && sum != i.Totals.Charge, pathSums+"ChargeTotalAmount")
			},
		},
		{
			Code: "tax_total", Sentence: "the tax must be the sum of the lines",
			Korean: "세액 합계는 품목 세액을 모두 더한 금액이어야 합니다", Source: "KEC 3.0 TaxTotalAmount",
			broken: func(i *Invoice) []string {
				sum, given := sumLines(i, func(l Line) *money.Won { return l.Tax })
				return when(given && sum != i.Totals.TaxAmount(), pathSums+"TaxTotalAmount")
			},
		},
		taxedRule(),
		{
			Code: "untaxed", Sentence: "an exempt or zero-rated document must bear no tax",
			Korean: "면세나 영세율 문서에는 세액이 없어야 합니다", Source: "부가가치세법 21 to 26",
			broken: func(i *Invoice) []string {
				if !i.Document.Type.Exempt() && !i.Document.Type.ZeroRated() {
					return nil
				}
				taxed := eachLine("TotalTax/CalculatedAmount", func(l Line) bool { return amount(l.Tax) != 0 })
				return append(when(i.Totals.TaxAmount() != 0, pathSums+"TaxTotalAmount"), taxed(i)...)
			},
		},
		{
			Code: "amount_range", Sentence: "an amount must have at most fifteen digits",
			Korean: "금액은 15자리까지 적을 수 있습니다", Source: "KEC 3.0 amounts",
			broken: outOfRange,
		},
		{
			Code: "payments", Sentence: "the ways of paying must be known and each stand once",
			Korean: "결제 방법은 현금, 수표, 어음, 외상미수금을 한 번씩만 적습니다", Source: "KEC 3.0 SpecifiedPaymentMeans",
			broken: badPayments,
		},
		{
			Code: "payment_sum", Sentence: "the payments must add up to the grand total",
			Korean: "결제 방법별 금액의 합은 총금액과 같아야 합니다", Source: "KEC 3.0 SpecifiedPaymentMeans",
			Unconfirmed: true,
			broken: func(i *Invoice) []string {
				var sum money.Won
				for _, p := range i.Payments {
					sum += p.Amount
				}
				return when(len(i.Payments) > 0 && sum != i.Totals.Grand, pathPayment)
			},
		},
	}
}

// taxedRule asks only that there is tax: the standard does not force a tenth
// (unconfirmed), and a difference of an amendment may round otherwise.
func taxedRule() Rule {
	return Rule{
		Code: "taxed", Sentence: "a taxed document of 10 won or more must bear tax of the same sign",
		Korean: "공급가액이 10원 이상인 과세 문서에는 같은 부호의 세액이 있어야 합니다", Source: "부가가치세법 30",
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
