// Package headcount decides whether a shop has five or more regular staff
// (상시 사용하는 근로자 수, 근로기준법 11③, 시행령 7의2), on which premiums,
// public holidays and annual leave hang. The pay screens call it once a month
// and hand its answer to wage and leave. It is pure; the answer comes with
// the numbers it rests on.
package headcount

import "shopbox/edge/payroll"

// Day is one day the shop was open.
type Day struct {
	Date payroll.Date `json:"date"`
	// Workers are all employees of that day in any form of employment,
	// without people sent by an agency (시행령 7의2④).
	Workers int `json:"workers"`
	// Family are employees who are relatives living with the owner. They
	// count once anyone else is employed (④2).
	Family int `json:"family,omitempty"`
}

// CodeHeadcount is a count without open days, or one that contradicts itself.
const CodeHeadcount payroll.Code = "headcount_invalid"

// Answer is the decision.
type Answer struct {
	// Enough says the shop counts as one of Threshold and more.
	Enough    bool `json:"enough"`
	Threshold int  `json:"threshold"`
	// PersonDays over OpenDays are the average (시행령 7의2①).
	PersonDays int `json:"person_days"`
	OpenDays   int `json:"open_days"`
	// Under are the days below the threshold; they overrule the average
	// (②).
	Under   int      `json:"under"`
	Source  string   `json:"source"`
	Remarks []string `json:"remarks,omitempty"`
}

// Period is the month before an event, or since the shop opened: the days to
// be counted (시행령 7의2①). founded may be none.
func Period(event, founded payroll.Date) (from, to payroll.Date) {
	return max(event.AddMonths(-1), founded), event - 1
}

// Decide counts the days of a period. Days closed are not in the list.
func Decide(rates *payroll.Rates, month payroll.Month, days []Day) (Answer, error) {
	law, err := rates.WorkingTime.At("working time", month)
	if err != nil {
		return Answer{}, err
	}
	if err := check(days); err != nil {
		return Answer{}, err
	}
	answer := Answer{Threshold: law.Value.Staff, OpenDays: len(days), Source: "근로기준법 11③, 시행령 7의2"}
	family := withFamily(days)
	for _, day := range days {
		staff := day.Workers
		if family {
			staff += day.Family
		}
		answer.PersonDays += staff
		if staff < answer.Threshold {
			answer.Under++
		}
	}
	answer.decide()
	if family {
		answer.Remarks = append(answer.Remarks, "unconfirmed: family counts on every day of the period once anyone else was employed in it")
	}
	return answer, nil
}

// decide takes the average first and lets the days overrule it.
func (a *Answer) decide() {
	a.Enough = a.PersonDays >= a.Threshold*a.OpenDays
	switch {
	case !a.Enough && 2*a.Under < a.OpenDays: // 시행령 7의2②1
		a.Enough = true
	case a.Enough && 2*a.Under >= a.OpenDays: // 시행령 7의2②2
		a.Enough = false
	}
}

// withFamily reports whether there is family to count, and someone else
// employed beside it.
func withFamily(days []Day) bool {
	others, family := false, false
	for _, day := range days {
		others = others || day.Workers > 0
		family = family || day.Family > 0
	}
	return others && family
}

func check(days []Day) error {
	if len(days) == 0 {
		return payroll.Refuse(CodeHeadcount, "no open days to count staff on")
	}
	seen := map[payroll.Date]bool{}
	for _, day := range days {
		if day.Workers < 0 || day.Family < 0 || seen[day.Date] {
			return payroll.Refuse(CodeHeadcount, "%s is counted twice or below nothing", day.Date)
		}
		seen[day.Date] = true
	}
	return nil
}
