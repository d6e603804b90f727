package payroll

import "slices"

// Exemption is an insurance a worker is not in.
type Exemption string

// The exemptions a shop meets. Whether one holds is for the caller to know:
// it hangs on age, contract and hours.
const (
	// ExemptPension is for people outside 18 to 59 and for most under 60
	// hours a month (국민연금법 6, 시행령 2).
	ExemptPension Exemption = "pension"
	// ExemptHealth is for people under 60 hours a month (국민건강보험법 6②,
	// 시행령 9); long-term care goes with it.
	ExemptHealth Exemption = "health"
	// ExemptEmployment is for most under 60 hours a month (고용보험법 10,
	// 시행령 3); from 2027 an income threshold takes its place.
	ExemptEmployment Exemption = "employment"
	// ExemptUnemployment is for people hired at 65 or later: the employer's
	// further share stays due (고용산재보험료징수법 13③).
	ExemptUnemployment Exemption = "unemployment"
)

// checkExemptions refuses names it does not know: a slip of the pen must not
// become a premium.
func checkExemptions(exempt []Exemption) error {
	known := []Exemption{ExemptPension, ExemptHealth, ExemptEmployment, ExemptUnemployment}
	for _, e := range exempt {
		if !slices.Contains(known, e) {
			return fault(CodeExemption, "exemption %q is unknown", e)
		}
	}
	return nil
}

const notInsured = "0, not insured"

// uninsured is the figure of a premium that is not due.
func uninsured(name, source string) Figure {
	return Figure{
		Name: name, Rule: notInsured, Inputs: []Amount{}, Rate: Fraction{Den: 1}, Sources: []string{source},
	}
}
