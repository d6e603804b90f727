package payroll

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"shopbox/protocol/money"
)

//go:embed rates/*.json
var embedded embed.FS

// Rates are all numbers the law sets from outside, each with its months and
// its source. The field names are those of the files in rates.
type Rates struct {
	// MinimumWage is won per hour (최저임금법 10).
	MinimumWage Series[money.Won] `json:"minimum_wage"`
	// PensionRate is each side's share (국민연금법 88).
	PensionRate Series[Fraction] `json:"pension_rate"`
	// PensionBase bounds the monthly income (국민연금법 시행령 5).
	PensionBase Series[Limits] `json:"pension_base"`
	// HealthRate is each side's share (국민건강보험법 시행령 44).
	HealthRate Series[Fraction] `json:"health_rate"`
	// HealthPremium bounds both sides' premium together (시행령 32).
	HealthPremium Series[Limits] `json:"health_premium"`
	// LongTermCareRatio is of the health premium (노인장기요양보험법 9①).
	LongTermCareRatio Series[Fraction] `json:"long_term_care_ratio"`
	// EmploymentRate is each side's share for unemployment benefit
	// (고용산재보험료징수법 시행령 12).
	EmploymentRate Series[Fraction] `json:"employment_rate"`
	// EmploymentExtra is the employer's further share by size (시행령 12①1).
	EmploymentExtra Series[map[Size]Fraction] `json:"employment_extra"`
	// Accident is the employer's industrial accident premium (징수법 14).
	Accident Series[Accident] `json:"accident"`
	// WithholdingTable makes 소득세법 시행령 별표 2.
	WithholdingTable Series[Table] `json:"withholding_table"`
	// WithholdingChildren is note 3 of that annex.
	WithholdingChildren Series[Children] `json:"withholding_children"`
	// LocalIncomeTax is of the income tax withheld (지방세법 103의13).
	LocalIncomeTax Series[Fraction] `json:"local_income_tax"`
	// DayLabour is how day labourers are taxed (소득세법 134③).
	DayLabour Series[DayLabour] `json:"day_labour"`
	// DayInsurance is from where day labourers are insured (국민연금법 시행령
	// 2, 국민건강보험법 시행령 9).
	DayInsurance Series[DayInsurance] `json:"day_insurance"`
	// PersonalServices is withheld from freelancers (소득세법 129①3).
	PersonalServices Series[PersonalServices] `json:"personal_services"`
	// ServiceCharge is withheld from 봉사료 (소득세법 129①8).
	ServiceCharge Series[ServiceCharge] `json:"service_charge"`
	// Severance is what the law asks of severance pay
	// (근로자퇴직급여보장법 4, 8, 9).
	Severance Series[Severance] `json:"severance"`
	// SeveranceTax makes the tax on it (소득세법 48, 55②).
	SeveranceTax Series[SeveranceTax] `json:"severance_tax"`
	// WorkingTime, Premiums and WeeklyHoliday are of the Labour Standards Act
	// (근로기준법 50 to 56, 69).
	WorkingTime   Series[WorkingTime]   `json:"working_time"`
	Premiums      Series[Premiums]      `json:"premiums"`
	WeeklyHoliday Series[WeeklyHoliday] `json:"weekly_holiday"`
	// LabourDay is paid in every shop by its own act.
	LabourDay Series[LabourDay] `json:"labour_day"`
	// Probation lowers the minimum wage (최저임금법 5②).
	Probation Series[Probation] `json:"probation"`
	// AnnualLeave is paid leave (근로기준법 60, 61).
	AnnualLeave Series[AnnualLeave] `json:"annual_leave"`
	// MealTaxFree and OwnCarTaxFree are won a month, and these three the
	// other tax-free items of a shop (소득세법 12 3호).
	MealTaxFree         Series[money.Won]    `json:"meal_tax_free"`
	OwnCarTaxFree       Series[money.Won]    `json:"own_car_tax_free"`
	ChildCareTaxFree    Series[ChildCare]    `json:"child_care_tax_free"`
	BirthSupportTaxFree Series[BirthSupport] `json:"birth_support_tax_free"`
	PremiumPayTaxFree   Series[PremiumPay]   `json:"premium_pay_tax_free"`
}

// Accident holds the parts of the accident premium, in parts per million of
// pay (고용산재보험료징수법 14, 임금채권보장법 9, 석면피해구제법 31).
type Accident struct {
	// Industries are the rates by the notice's Korean industry names.
	Industries map[string]int64 `json:"industries_ppm"`
	// Commuting is for accidents on the way, the same in every industry.
	Commuting int64 `json:"commuting_ppm"`
	// WageClaim is the levy for unpaid wages.
	WageClaim int64 `json:"wage_claim_ppm"`
	// Asbestos is levied from AsbestosStaff people on.
	Asbestos      int64 `json:"asbestos_ppm"`
	AsbestosStaff int   `json:"asbestos_staff"`
}

// BuiltIn are the rates this program was made with.
func BuiltIn() (Rates, error) {
	files, err := fs.Sub(embedded, "rates")
	if err != nil {
		return Rates{}, err
	}
	return Load(files)
}

// Load reads every *.json at the root of files: together they give each
// rate once. A file that breaks the format is CodeRates or a JSON error.
func Load(files fs.FS) (Rates, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return Rates{}, err
	}
	var rates Rates
	seen := map[string]bool{}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return Rates{}, err
		}
		if err := rates.add(content, seen); err != nil {
			return Rates{}, fmt.Errorf("rates file %s: %w", name, err)
		}
	}
	return rates, rates.check()
}

// add reads one file; a rate seen before would be mixed with it.
func (r *Rates) add(content []byte, seen map[string]bool) error {
	var names map[string]json.RawMessage
	if err := json.Unmarshal(content, &names); err != nil {
		return err
	}
	for name := range names {
		if seen[name] {
			return fault(CodeRates, "%s is given twice", name)
		}
		seen[name] = true
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	return decoder.Decode(r)
}

// check refuses rates that would be computed with wrongly.
func (r *Rates) check() error {
	for _, err := range []error{
		r.MinimumWage.check("minimum wage"),
		checkFractions("pension rate", r.PensionRate),
		checkLimits("pension base", r.PensionBase),
		checkFractions("health rate", r.HealthRate),
		checkLimits("health premium", r.HealthPremium),
		checkFractions("long-term care ratio", r.LongTermCareRatio),
		checkFractions("employment rate", r.EmploymentRate),
		checkFractions("local income tax", r.LocalIncomeTax),
		r.checkAccident(),
		r.checkChildren(),
		r.checkExtras(),
		r.checkTables(),
		r.checkDays(),
		r.checkServices(),
		r.checkSeverance(),
		r.checkLabour(),
		r.checkNontaxable(),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkFractions(name string, series Series[Fraction]) error {
	for _, entry := range series.Entries {
		if !entry.Value.valid() {
			return fault(CodeRates, "%s from %s is not a share", name, entry.From)
		}
	}
	return series.check(name)
}

func checkLimits(name string, series Series[Limits]) error {
	for _, entry := range series.Entries {
		if entry.Value.Low < 0 || entry.Value.High < entry.Value.Low || entry.Value.High > MaxPay {
			return fault(CodeRates, "%s from %s has its limits crossed", name, entry.From)
		}
	}
	return series.check(name)
}

// checkExtras also holds what is added to one denominator.
func (r *Rates) checkExtras() error {
	for _, entry := range r.EmploymentRate.Entries {
		if entry.Value.Den != million {
			return fault(CodeRates, "employment rate from %s is not in parts per million", entry.From)
		}
	}
	for _, entry := range r.EmploymentExtra.Entries {
		for size, share := range entry.Value {
			if !share.valid() || share.Den != million {
				return fault(CodeRates, "employment extra %s from %s is not in parts per million", size, entry.From)
			}
		}
	}
	return r.EmploymentExtra.check("employment extra")
}

func (r *Rates) checkTables() error {
	for _, entry := range r.WithholdingTable.Entries {
		if err := entry.Value.check(); err != nil {
			return err
		}
	}
	return r.WithholdingTable.check("withholding table")
}

// MinimumWageAt is the least hourly wage in a month with its source.
func (r *Rates) MinimumWageAt(m Month) (Dated[money.Won], error) {
	return r.MinimumWage.At("minimum wage", m)
}
