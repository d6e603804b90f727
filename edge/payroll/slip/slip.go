// Package slip makes the pay slip (임금명세서, 근로기준법 48②, 시행령 27의2) and
// the row of the wage ledger (임금대장, 48①, 시행령 27) of a worker's month as
// data: every amount with the Korean sentence that says how it was computed
// and the figure behind it. The command edge slip and the shop's pay screen
// call it; edge/payroll/slippdf puts it on paper. It is pure; the six things
// the law asks for are always there, and earnings less deductions are the net
// pay.
package slip

import (
	"slices"
	"unicode/utf8"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

// Slip is one worker's month.
type Slip struct {
	Shop   Shop   `json:"shop"`
	Worker Worker `json:"worker"`
	// Month is what the pay is for; PaidOn the day it is paid.
	Month  payroll.Month `json:"month"`
	PaidOn payroll.Date  `json:"paid_on"`
	// Basis says what the pay is computed from (시행령 27①5).
	Basis string `json:"basis"`
	Time  Time   `json:"time"`

	Earnings   []Line    `json:"earnings"`
	Gross      money.Won `json:"gross"`
	Nontaxable money.Won `json:"nontaxable"`
	Deductions []Line    `json:"deductions"`
	Deducted   money.Won `json:"deducted"`
	Net        money.Won `json:"net"`

	// Employer is what the employer pays beside the gross pay; it is not on
	// the paper.
	Employer []Line `json:"employer"`
	// Ordinary is the ordinary hourly wage with its explanation.
	Ordinary payroll.Figure `json:"ordinary"`
	// Warnings are for the shop, not for the paper.
	Warnings []worktime.Warning `json:"warnings,omitempty"`
}

// Shop is the employer as the slip names it.
type Shop struct {
	Name    string `json:"name"`
	Number  string `json:"number,omitempty"`
	Address string `json:"address,omitempty"`
}

// Worker is who is paid. Born or Number must tell one from another
// (시행령 27의2 1); a resident number has no place here.
type Worker struct {
	Name   string       `json:"name"`
	Number string       `json:"number,omitempty"`
	Born   payroll.Date `json:"born,omitzero"`
	Job    string       `json:"job,omitempty"`
	Hired  payroll.Date `json:"hired,omitzero"`
}

// Time is the work of the month (시행령 27①6 to 8), in minutes.
type Time struct {
	Days     int              `json:"days"`
	Worked   worktime.Minutes `json:"worked"`
	Overtime worktime.Minutes `json:"overtime"`
	Night    worktime.Minutes `json:"night"`
	Holiday  worktime.Minutes `json:"holiday"`
}

// Line is one amount.
type Line struct {
	// Name is the stable name, Label what stands on the paper.
	Name   string    `json:"name"`
	Label  string    `json:"label"`
	Amount money.Won `json:"amount"`
	// Method says how the amount was computed; items that vary always have
	// one (시행령 27의2 5).
	Method string `json:"method,omitempty"`
	Varies bool   `json:"varies,omitempty"`
	// Nontaxable is the tax-free part.
	Nontaxable money.Won `json:"nontaxable,omitempty"`
	// Figure is the full explanation; none for what another month's
	// correction carries.
	Figure *payroll.Figure `json:"figure,omitempty"`
}

// The refusals of this room.
const (
	// CodeRead is a file that is not a month of one worker.
	CodeRead payroll.Code = "slip_unreadable"
	// CodeIncomplete is a slip without one of the six things the law asks for.
	CodeIncomplete payroll.Code = "slip_incomplete"
	// CodeLong is a text too long, or more lines than a slip has room for.
	CodeLong payroll.Code = "slip_text_too_long"
	// CodeSum is a slip that does not add up.
	CodeSum payroll.Code = "slip_sum_wrong"
)

// The most characters of a text and lines of a slip.
const (
	maxText  = 300
	maxLines = 200
)

// Check holds a slip to 시행령 27의2, to its sums and to the room on paper.
func (s *Slip) Check() error {
	if err := s.checkSize(); err != nil {
		return err
	}
	switch {
	case s.Worker.Name == "" || s.Worker.Number == "" && s.Worker.Born == 0:
		return payroll.Refuse(CodeIncomplete, "the worker's name and a number or birth date are needed (근로기준법 시행령 27의2 1)")
	case s.PaidOn == 0:
		return payroll.Refuse(CodeIncomplete, "the day of payment is needed (근로기준법 시행령 27의2 2)")
	case len(s.Earnings) == 0:
		return payroll.Refuse(CodeIncomplete, "the parts of the pay are needed (근로기준법 시행령 27의2 4)")
	}
	for _, line := range s.Earnings {
		if line.Varies && line.Method == "" {
			return payroll.Refuse(CodeIncomplete, "%s varies and needs its method (근로기준법 시행령 27의2 5)", line.Label)
		}
	}
	if sum(s.Earnings) != s.Gross || sum(s.Deductions) != s.Deducted || s.Gross-s.Deducted != s.Net {
		return payroll.Refuse(CodeSum, "earnings, deductions and net pay do not add up")
	}
	return nil
}

func (s *Slip) checkSize() error {
	lines := slices.Concat(s.Earnings, s.Deductions)
	if len(lines) > maxLines {
		return payroll.Refuse(CodeLong, "%d lines are more than the %d a slip takes", len(lines), maxLines)
	}
	texts := []string{s.Shop.Name, s.Shop.Number, s.Shop.Address, s.Worker.Name, s.Worker.Number, s.Worker.Job}
	for _, line := range lines {
		texts = append(texts, line.Label, line.Method)
	}
	for _, text := range texts {
		if utf8.RuneCountInString(text) > maxText {
			return payroll.Refuse(CodeLong, "a text is longer than %d characters; shorten it", maxText)
		}
	}
	return nil
}

func sum(lines []Line) money.Won {
	var total money.Won
	for _, line := range lines {
		total += line.Amount
	}
	return total
}

// LedgerRow is a worker's month in the wage ledger.
type LedgerRow struct {
	Worker Worker        `json:"worker"`
	Month  payroll.Month `json:"month"`
	Basis  string        `json:"basis"`
	Days   int           `json:"days"`
	// Hours are left out of the ledger of a shop with fewer than five staff
	// (시행령 27③1).
	Hours      *Time     `json:"hours,omitempty"`
	Earnings   []Line    `json:"earnings"`
	Deductions []Line    `json:"deductions"`
	Gross      money.Won `json:"gross"`
	Deducted   money.Won `json:"deducted"`
	Net        money.Won `json:"net"`
}

// LedgerRow is the slip's row of the wage ledger (시행령 27①), kept three
// years from the last entry (근로기준법 42, 시행령 22②3).
func (s *Slip) LedgerRow(fiveOrMore bool) LedgerRow {
	row := LedgerRow{
		Worker: s.Worker, Month: s.Month, Basis: s.Basis, Days: s.Time.Days,
		Earnings: s.Earnings, Deductions: s.Deductions, Gross: s.Gross, Deducted: s.Deducted, Net: s.Net,
	}
	if fiveOrMore {
		hours := s.Time
		row.Hours = &hours
	}
	return row
}
