// Package correction keeps months of pay that are locked and what was found
// wrong in them later. A locked month never changes: a correction is a new
// entry with the difference between what is booked and what it should have
// been, item by item and with its reason, carried into a later month's slip
// (근로기준법 43①, 48; 국세기본법 85의3③: kept records show what was). The pay
// slips and the books call it. It is pure.
package correction

import (
	"slices"
	"strings"

	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

// The refusals of this room.
const (
	// CodeLocked is a month that is locked already.
	CodeLocked payroll.Code = "month_locked"
	// CodeOpen is a correction of a month that is not locked: it can still be
	// computed anew.
	CodeOpen payroll.Code = "month_not_locked"
	// CodeInto is a correction carried into its own or an earlier month, or
	// into a locked one.
	CodeInto payroll.Code = "correction_month_invalid"
	// CodeReason is a correction without a reason.
	CodeReason payroll.Code = "correction_reason_missing"
	// CodeNothing is a correction that changes nothing.
	CodeNothing payroll.Code = "correction_without_difference"
	// CodeItem is an item without a name, of no kind, or given twice.
	CodeItem payroll.Code = "pay_item_invalid"
)

// Kind says which side of a slip an item is on.
type Kind string

// The kinds of item.
const (
	// Earning is pay, Deduction is taken from it, Employer is the employer's own.
	Earning   Kind = "earning"
	Deduction Kind = "deduction"
	Employer  Kind = "employer"
)

// Item is one amount of a month.
type Item struct {
	Name   string    `json:"name"`
	Kind   Kind      `json:"kind"`
	Amount money.Won `json:"amount"`
}

// Items are the amounts of a computed month: the earnings, the worker's
// deductions and the employer's premiums.
func Items(earnings []payroll.Figure, result *payroll.Result) []Item {
	var items []Item
	for _, side := range []struct {
		kind    Kind
		figures []payroll.Figure
	}{{Earning, earnings}, {Deduction, result.Deductions()}, {Employer, result.EmployerFigures()}} {
		for _, figure := range side.figures {
			items = append(items, Item{Name: figure.Name, Kind: side.kind, Amount: figure.Amount})
		}
	}
	return items
}

// Entry is one item that was wrong.
type Entry struct {
	Name       string    `json:"name"`
	Kind       Kind      `json:"kind"`
	Booked     money.Won `json:"booked"`
	Recomputed money.Won `json:"recomputed"`
}

// Difference is what must be added to what is booked.
func (e Entry) Difference() money.Won { return e.Recomputed - e.Booked }

// Correction is what was found wrong in a locked month.
type Correction struct {
	// Of is the locked month, Into the later month whose slip carries it.
	Of      payroll.Month `json:"of"`
	Into    payroll.Month `json:"into"`
	Reason  string        `json:"reason"`
	Entries []Entry       `json:"entries"`
}

// Sum is what the correction adds to a side.
func (c Correction) Sum(kind Kind) money.Won {
	var sum money.Won
	for _, entry := range c.Entries {
		if entry.Kind == kind {
			sum += entry.Difference()
		}
	}
	return sum
}

// Net is what the worker gets more, or less when below nothing.
func (c Correction) Net() money.Won { return c.Sum(Earning) - c.Sum(Deduction) }

// Ledger is the locked months of one worker and their corrections. It only
// grows. The zero Ledger is empty and ready.
type Ledger struct {
	months      map[payroll.Month][]Item
	corrections []Correction
}

// Lock takes a month's items for good. A second time is CodeLocked.
func (l *Ledger) Lock(month payroll.Month, items []Item) error {
	if l.Locked(month) {
		return payroll.Refuse(CodeLocked, "%s is locked; correct it in a later month", month)
	}
	if err := checkItems(items); err != nil {
		return err
	}
	if l.months == nil {
		l.months = map[payroll.Month][]Item{}
	}
	l.months[month] = slices.Clone(items)
	return nil
}

// Locked reports whether the month is locked.
func (l *Ledger) Locked(month payroll.Month) bool {
	_, ok := l.months[month]
	return ok
}

// Correct compares a locked month as it stands with its items computed anew
// and keeps the difference, to be carried into a later month that is open.
func (l *Ledger) Correct(of, into payroll.Month, recomputed []Item, reason string) (Correction, error) {
	switch {
	case !l.Locked(of):
		return Correction{}, payroll.Refuse(CodeOpen, "%s is not locked; compute it again instead", of)
	case into <= of || l.Locked(into):
		return Correction{}, payroll.Refuse(CodeInto, "a correction of %s cannot go into %s; choose a later open month", of, into)
	case strings.TrimSpace(reason) == "":
		return Correction{}, payroll.Refuse(CodeReason, "a correction needs its reason")
	}
	if err := checkItems(recomputed); err != nil {
		return Correction{}, err
	}
	correction := Correction{Of: of, Into: into, Reason: reason, Entries: differences(l.Standing(of), recomputed)}
	if len(correction.Entries) == 0 {
		return Correction{}, payroll.Refuse(CodeNothing, "%s is right as it stands", of)
	}
	l.corrections = append(l.corrections, correction)
	return correction.clone(), nil
}

// Standing are the items of a locked month with all its corrections.
func (l *Ledger) Standing(month payroll.Month) []Item {
	items := slices.Clone(l.months[month])
	for _, correction := range l.corrections {
		if correction.Of != month {
			continue
		}
		for _, entry := range correction.Entries {
			i := find(items, entry.Name, entry.Kind)
			if i < 0 {
				items = append(items, Item{Name: entry.Name, Kind: entry.Kind})
				i = len(items) - 1
			}
			items[i].Amount += entry.Difference()
		}
	}
	return items
}

// Booked are the items of a locked month as they were locked.
func (l *Ledger) Booked(month payroll.Month) []Item { return slices.Clone(l.months[month]) }

// CarriedInto are the corrections that a month's slip carries.
func (l *Ledger) CarriedInto(month payroll.Month) []Correction {
	var carried []Correction
	for _, correction := range l.corrections {
		if correction.Into == month {
			carried = append(carried, correction.clone())
		}
	}
	return carried
}

func (c Correction) clone() Correction {
	c.Entries = slices.Clone(c.Entries)
	return c
}

// differences are the items whose amounts differ, those booked first.
func differences(booked, recomputed []Item) []Entry {
	var entries []Entry
	for _, item := range booked {
		entry := Entry{Name: item.Name, Kind: item.Kind, Booked: item.Amount}
		if i := find(recomputed, item.Name, item.Kind); i >= 0 {
			entry.Recomputed = recomputed[i].Amount
		}
		entries = append(entries, entry)
	}
	for _, item := range recomputed {
		if find(booked, item.Name, item.Kind) < 0 {
			entries = append(entries, Entry{Name: item.Name, Kind: item.Kind, Recomputed: item.Amount})
		}
	}
	return slices.DeleteFunc(entries, func(e Entry) bool { return e.Difference() == 0 })
}

func find(items []Item, name string, kind Kind) int {
	return slices.IndexFunc(items, func(item Item) bool { return item.Name == name && item.Kind == kind })
}

func checkItems(items []Item) error {
	for i, item := range items {
		known := item.Kind == Earning || item.Kind == Deduction || item.Kind == Employer
		if item.Name == "" || !known || find(items[:i], item.Name, item.Kind) >= 0 {
			return payroll.Refuse(CodeItem, "item %q of kind %q is unknown or given twice", item.Name, item.Kind)
		}
		if max(item.Amount, -item.Amount) > payroll.MaxPay {
			return payroll.Refuse(payroll.CodePay, "%s of %d won is out of range", item.Name, item.Amount)
		}
	}
	return nil
}
