package payroll

import "shopbox/protocol/money"

// Severance is what the law asks of severance pay; edge/payroll/severance
// computes it.
type Severance struct {
	// DaysPerYear of average pay are due for each year of service
	// (근로자퇴직급여보장법 8①).
	DaysPerYear int `json:"days_per_year"`
	// LeastYears of service and LeastWeeklyHours are needed (4①).
	LeastYears       int `json:"least_years"`
	LeastWeeklyHours int `json:"least_weekly_hours"`
	// DeadlineDays after leaving it must be paid (9①); the claim ends after
	// ClaimYears (10).
	DeadlineDays int `json:"deadline_days"`
	ClaimYears   int `json:"claim_years"`
	// People who leave younger than RetirementAccountBelowAge get sums over
	// RetirementAccountOver into their retirement account (IRP; 9②).
	RetirementAccountBelowAge int       `json:"retirement_account_below_age"`
	RetirementAccountOver     money.Won `json:"retirement_account_over"`
}

// SeveranceTax holds the tables of the tax on severance pay.
type SeveranceTax struct {
	// Service is deducted by years of service (소득세법 48①1).
	Service []ServiceBand `json:"service"`
	// Converted is deducted from a year's pay converted to twelve years' share
	// (48①2).
	Converted []Band `json:"converted"`
	// TaxRates are those of the yearly income tax (55①).
	TaxRates []Band `json:"tax_rates"`
	// SmallAmountBelow is the tax that is not withheld (86).
	SmallAmountBelow money.Won `json:"small_amount_below"`
}

// ServiceBand is base + each for every year over.
type ServiceBand struct {
	Over int64     `json:"over"`
	Base money.Won `json:"base"`
	Each money.Won `json:"each"`
}

// checkSeverance refuses rules that would be computed with wrongly.
func (r *Rates) checkSeverance() error {
	for _, entry := range r.Severance.Entries {
		v := entry.Value
		if v.DaysPerYear < 1 || v.RetirementAccountOver < 0 || !within(1000, int64(v.DaysPerYear), int64(v.LeastYears),
			int64(v.LeastWeeklyHours), int64(v.DeadlineDays), int64(v.ClaimYears), int64(v.RetirementAccountBelowAge)) {
			return fault(CodeRates, "severance from %s is out of range", entry.From)
		}
	}
	for _, entry := range r.SeveranceTax.Entries {
		if err := entry.Value.check(); err != nil {
			return err
		}
	}
	if err := r.Severance.check("severance"); err != nil {
		return err
	}
	return r.SeveranceTax.check("severance tax")
}

func (t *SeveranceTax) check() error {
	good := len(t.Service) > 0 && small(t.SmallAmountBelow) && bandsRise(t.Converted) && bandsRise(t.TaxRates)
	last := int64(-1)
	for _, band := range t.Service {
		good = good && within(largest, band.Over, int64(band.Base), int64(band.Each)) && band.Over > last
		last = band.Over
	}
	if !good || t.Service[0].Over != 0 {
		return fault(CodeRates, "a table of the severance tax is out of order or range")
	}
	return nil
}

// bandsRise reports whether bands begin at nothing, rise and stay in range.
func bandsRise(bands []Band) bool {
	last := int64(-1)
	for _, band := range bands {
		if !within(largest, band.Over, band.Base) || !within(permille, band.Permille) || band.Over <= last {
			return false
		}
		last = band.Over
	}
	return len(bands) > 0 && bands[0].Over == 0
}
