package payroll

import "shopbox/protocol/money"

// ChildCare is the tax-free support for young children (소득세법 12 3호 머목 2).
type ChildCare struct {
	// Limit is won a month, for EachChild or for all together.
	Limit     money.Won `json:"limit"`
	EachChild bool      `json:"each_child"`
}

// BirthSupport is the tax-free support for a birth (소득세법 12 3호 머목 1):
// the first Payments within Months of the birth, whatever their amount.
type BirthSupport struct {
	Months   int `json:"months"`
	Payments int `json:"payments"`
}

// PremiumPay bounds tax-free overtime, night and holiday pay (소득세법 12 3호
// 더목, 시행령 17).
type PremiumPay struct {
	// Yearly is the most that is tax-free in a calendar year.
	Yearly money.Won `json:"yearly"`
	// MonthlyPay is the highest fixed pay of the month, LastYearPay the
	// highest taxable pay of the year before.
	MonthlyPay  money.Won `json:"monthly_pay"`
	LastYearPay money.Won `json:"last_year_pay"`
}

// checkNontaxable refuses limits below nothing.
func (r *Rates) checkNontaxable() error {
	amount := func(limit money.Won) bool { return limit >= 0 && limit <= MaxPay }
	for _, err := range []error{
		checkEach("tax-free meal money", r.MealTaxFree, amount),
		checkEach("tax-free car money", r.OwnCarTaxFree, amount),
		checkEach("tax-free child care", r.ChildCareTaxFree, func(c ChildCare) bool { return amount(c.Limit) }),
		checkEach("tax-free birth support", r.BirthSupportTaxFree, func(b BirthSupport) bool {
			return b.Months >= 0 && b.Payments >= 0
		}),
		checkEach("tax-free premium pay", r.PremiumPayTaxFree, func(p PremiumPay) bool {
			return amount(p.Yearly) && amount(p.MonthlyPay) && amount(p.LastYearPay)
		}),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}
