package payroll

import "fmt"

// Code names a refusal for programs; the words beside it are for people.
type Code string

// The refusals of the engine.
const (
	// CodeMonth is a month not written like 2026-11.
	CodeMonth Code = "month_invalid"
	// CodeDate is a date not written like 2026-11-23.
	CodeDate Code = "date_invalid"
	// CodeRateMissing is a month for which no rate is known: nothing is
	// computed with another month's rate.
	CodeRateMissing Code = "rate_missing"
	// CodeRates is a rates file that contradicts itself.
	CodeRates Code = "rates_invalid"
	// CodePay is a gross or non-taxable amount below nothing or above MaxPay.
	CodePay Code = "pay_out_of_range"
	// CodeNontaxable is more non-taxable pay than pay.
	CodeNontaxable Code = "nontaxable_over_gross"
	// CodeFamily is a family size outside 1 to MaxFamily.
	CodeFamily Code = "family_out_of_range"
	// CodeChildren is fewer than no children, or as many as the whole family:
	// the worker is one of it.
	CodeChildren Code = "children_out_of_range"
	// CodeRatio is a share of the table the law does not offer.
	CodeRatio Code = "ratio_invalid"
	// CodeSize is an unknown size of the employer.
	CodeSize Code = "employer_size_unknown"
	// CodeExemption is an unknown exemption.
	CodeExemption Code = "exemption_unknown"
	// CodeIndustry is an industry without an accident rate.
	CodeIndustry Code = "industry_unknown"
	// CodeBilled is a billed premium of an unknown name.
	CodeBilled Code = "billed_unknown"
	// CodeDays is a month without a day worked, or more than it has.
	CodeDays Code = "days_out_of_range"
	// CodeBonus is a bonus period outside 1 to 12 months.
	CodeBonus Code = "bonus_period_out_of_range"
)

// Error is a refusal with its stable code.
type Error struct {
	Code    Code
	Message string
}

// Error is the sentence for people.
func (e *Error) Error() string { return e.Message }

// Refuse makes an Error in the rooms beside the engine.
func Refuse(code Code, format string, args ...any) error { return fault(code, format, args...) }

func fault(code Code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
