// Package wage turns a worker's contract and counted time into the month's
// gross pay: ordinary wage, base pay, weekly and public holidays, premiums,
// allowances and what of it is tax-free, with the minimum wage held against
// it (근로기준법 2, 55, 56, 60; 최저임금법; 소득세법 12). The pay slip and
// severance rooms build on it, and payroll.Rates.Pay goes from gross to net.
// It is pure; the items always add up to the gross pay, and each carries its
// rule, inputs, rate and source.
package wage

import (
	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

// Per is what a wage is agreed for.
type Per string

// The units of a wage.
const (
	Hourly  Per = "hour"
	Daily   Per = "day"
	Monthly Per = "month"
)

// Contract is what worker and shop agreed on.
type Contract struct {
	Per  Per       `json:"per"`
	Wage money.Won `json:"wage"`
	// Allowances are fixed monthly amounts beside the wage.
	Allowances []Allowance       `json:"allowances,omitempty"`
	Schedule   worktime.Schedule `json:"schedule"`
	// Hired is the first day of employment; Left the last, none while it
	// goes on.
	Hired payroll.Date `json:"hired"`
	Left  payroll.Date `json:"left,omitzero"`
	// TermMonths is the length of the contract; 0 is without end.
	TermMonths int `json:"term_months,omitempty"`
	// ProbationMonths are the first months on trial; 0 is none. SimpleLabour
	// is a job in which trial lowers no minimum wage (최저임금법 5②).
	ProbationMonths int  `json:"probation_months,omitempty"`
	SimpleLabour    bool `json:"simple_labour,omitempty"`
	// Born is needed only of a worker under 18.
	Born payroll.Date `json:"born,omitzero"`
	// ServiceJob is a job whose overtime pay may be tax-free
	// (소득세법 시행령 17①: cooking, serving, sales, beauty, cleaning...).
	ServiceJob bool `json:"service_job,omitempty"`
}

// TaxFree is the kind of a tax-free payment (소득세법 12 3호).
type TaxFree string

// The kinds a shop pays; none is taxable.
const (
	Taxable TaxFree = ""
	// Meal is meal money where no meals are given (러목).
	Meal TaxFree = "meal"
	// OwnCar is for using one's own or rented car at work (시행령 12 3호).
	OwnCar TaxFree = "own_car"
	// ChildCare is for children of 6 and younger (머목 2).
	ChildCare TaxFree = "child_care"
	// BirthSupport is the first two payments in two years of a birth (머목 1).
	BirthSupport TaxFree = "birth_support"
	// PremiumPay is overtime, night and holiday pay of low-paid service and
	// production staff (더목, 시행령 17).
	PremiumPay TaxFree = "premium_pay"
)

// Allowance is a fixed amount a month.
type Allowance struct {
	Name   string    `json:"name"`
	Amount money.Won `json:"amount"`
	// Ordinary is one that every worker of the kind gets for contracted work:
	// part of the ordinary wage (근로기준법 시행령 6①).
	Ordinary bool `json:"ordinary,omitempty"`
	// InKind is given in goods and so never counts for the minimum wage
	// (최저임금법 6④3가).
	InKind bool `json:"in_kind,omitempty"`
	// NoMinimum is one not paid for contracted work or not every month, such
	// as overtime paid in a lump (최저임금법 6④1).
	NoMinimum bool    `json:"no_minimum,omitempty"`
	TaxFree   TaxFree `json:"tax_free,omitempty"`
	// Children is their number, for child care.
	Children int `json:"children,omitempty"`
}

// Extra is paid once: a bonus, a commission, leave paid out.
type Extra struct {
	Name    string    `json:"name"`
	Amount  money.Won `json:"amount"`
	TaxFree TaxFree   `json:"tax_free,omitempty"`
	// Born and Payment are the child's birth and the number of the payment,
	// from 1, for birth support.
	Born    payroll.Date `json:"born,omitzero"`
	Payment int          `json:"payment,omitempty"`
	// Figure explains the amount, where another room computed it.
	Figure *payroll.Figure `json:"figure,omitempty"`
}

// Shop is what of the shop decides pay.
type Shop struct {
	// FiveOrMore is the answer of the room headcount for the month: the
	// articles for shops of five and more apply (근로기준법 11).
	FiveOrMore bool `json:"five_or_more"`
	// FullTime is a full-timer's week; 0 is the legal week.
	FullTime worktime.Minutes `json:"full_time,omitempty"`
	// Hours rounds the hours of a month.
	Hours HourRounding `json:"hours,omitempty"`
}

// HourRounding is what a shop does with the fraction of a month's hours
// (근로기준법 시행령 6②4 has none).
type HourRounding string

// The ways of rounding 208.57 and 243.33 hours.
const (
	// ExactHours keep the fraction, as the decree says.
	ExactHours HourRounding = ""
	// HoursUp makes them 209 and 244.
	HoursUp HourRounding = "up"
	// HoursNearest makes them 209 and 243, as mostly published.
	HoursNearest HourRounding = "nearest"
)

// Month is everything known of a worker's month.
type Month struct {
	Month    payroll.Month `json:"month"`
	Contract Contract      `json:"contract"`
	Shop     Shop          `json:"shop"`
	// Days are the records, in any order. They begin with the week the month
	// begins in; with a changing roster four weeks earlier.
	Days   []worktime.Day `json:"days,omitempty"`
	Extras []Extra        `json:"extras,omitempty"`
	// PremiumTaxFree is the tax-free premium pay of the year so far, and
	// LastYearPay last year's taxable pay: they bound PremiumPay.
	PremiumTaxFree money.Won `json:"premium_tax_free,omitempty"`
	LastYearPay    money.Won `json:"last_year_pay,omitempty"`
}
