package wage

import (
	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

// Item is one line of the gross pay. Figure's name is the stable name of a
// computed item, or the contract's own name of an allowance or extra.
type Item struct {
	payroll.Figure

	// TaxFree is the kind, and Nontaxable the part of the amount within its
	// limit.
	TaxFree    TaxFree   `json:"tax_free,omitempty"`
	Nontaxable money.Won `json:"nontaxable"`
	// InKind is given in goods: part of the pay, but not of the money.
	InKind bool `json:"in_kind,omitempty"`
	// Varies is an amount that hangs on days or hours: its way of computing
	// belongs on the slip (근로기준법 시행령 27의2 5).
	Varies bool `json:"varies"`
	// Minutes are the time paid for, as an exact number of minutes.
	Minutes payroll.Fraction `json:"minutes,omitzero"`
}

// The names of computed items.
const (
	ItemBase            = "base"
	ItemAbsence         = "absence" // below nothing
	ItemBeyond          = "beyond_contract"
	ItemWeeklyHoliday   = "weekly_holiday"
	ItemPublicHoliday   = "public_holiday"
	ItemPaidLeave       = "paid_leave"
	ItemOvertime        = "overtime"
	ItemNight           = "night"
	ItemHolidayWork     = "holiday_work"
	ItemHolidayOvertime = "holiday_overtime"
)

// Result is the month's gross pay.
type Result struct {
	Items []Item `json:"items"`
	// Gross is the sum of the items, Nontaxable of their tax-free parts: the
	// two inputs of payroll.Rates.Pay.
	Gross      money.Won `json:"gross"`
	Nontaxable money.Won `json:"nontaxable"`
	// Hourly is the ordinary hourly wage in won, exact; Ordinary explains it
	// with its amount rounded up to the won.
	Hourly   payroll.Fraction `json:"hourly"`
	Ordinary payroll.Figure   `json:"ordinary"`
	// Time is the month's minutes by kind; Weeks those that end in the month.
	Time    worktime.Total  `json:"time"`
	Weeks   []worktime.Week `json:"weeks"`
	Minimum Minimum         `json:"minimum"`
	// Warnings are what the shop must look at; nothing was left out for them.
	Warnings []worktime.Warning `json:"warnings,omitempty"`
	// Remarks say what of the counting of time is unconfirmed.
	Remarks []string `json:"remarks,omitempty"`
}

// Minimum is the pay held against the minimum wage (최저임금법 6).
type Minimum struct {
	// Hourly is the counted pay of an hour in won, exact.
	Hourly payroll.Fraction `json:"hourly"`
	// Required is the least hourly wage, with the probation share if it
	// applies.
	Required payroll.Figure `json:"required"`
	Met      bool           `json:"met"`
	// Shortfall is what an hour lacks, rounded up to the won.
	Shortfall money.Won `json:"shortfall"`
}
