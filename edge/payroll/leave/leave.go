// Package leave keeps the ledger of a worker's annual paid leave
// (근로기준법 60, 61): what arose by service and attendance, what was used,
// what lapsed and what must be paid out. The staff screens call it for the
// balance, and payroll for the pay of unused leave. It is pure; every minute
// granted is used, left, lapsed or paid out, and the oldest leave is used
// first.
package leave

import (
	"cmp"
	"slices"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
)

// The refusals of this room.
const (
	// CodeService is an employment that ends before it begins.
	CodeService payroll.Code = "service_invalid"
	// CodeUse is leave taken outside the employment or of no length.
	CodeUse payroll.Code = "leave_use_invalid"
)

// Service is all the ledger rests on.
type Service struct {
	// Hired is the first day of employment, Left the last or none.
	Hired payroll.Date `json:"hired"`
	Left  payroll.Date `json:"left,omitzero"`
	// Schedule is the contracted time. Where it changed, the ledger before is
	// another Service.
	Schedule worktime.Schedule `json:"schedule"`
	// FullTime is a full-timer's week; 0 is the legal one.
	FullTime worktime.Minutes `json:"full_time,omitempty"`
	// Absent are the days missed without leave. Leave, holidays, injury at
	// work, maternity and parental leave count as attended (60⑥).
	Absent []payroll.Date `json:"absent,omitempty"`
	// UnderFive are the months in which the shop counted as one with fewer
	// than five staff (room headcount).
	UnderFive []payroll.Month `json:"under_five,omitempty"`
	Uses      []Use           `json:"uses,omitempty"`
	Notices   []Notice        `json:"notices,omitempty"`
}

// Use is leave taken on a day.
type Use struct {
	Date    payroll.Date     `json:"date"`
	Minutes worktime.Minutes `json:"minutes"`
}

// Notice are the two letters that press unused leave on the worker (61).
type Notice struct {
	// First is the letter that names the days left and asks for dates.
	First payroll.Date `json:"first"`
	// Answered says the worker named dates for all of it in ten days;
	// otherwise Assigned is the letter that set them, if it went out.
	Answered bool         `json:"answered,omitempty"`
	Assigned payroll.Date `json:"assigned,omitzero"`
}

// Ledger is the account on a day.
type Ledger struct {
	Grants []Grant `json:"grants"`
	// Balance is what can be taken on the day.
	Balance worktime.Minutes `json:"balance"`
	// Overdrawn is leave taken that no grant covered.
	Overdrawn []Use `json:"overdrawn,omitempty"`
	// Payouts are what must be paid for.
	Payouts []Payout `json:"payouts,omitempty"`
	Remarks []string `json:"remarks,omitempty"`
}

// Payout is unused leave to be paid.
type Payout struct {
	// Grant is the first day of the grant.
	Grant   payroll.Date     `json:"grant"`
	Minutes worktime.Minutes `json:"minutes"`
	// Due is the day the claim arises: the end of the leave or of the
	// employment. The latter is payable within 14 days (36).
	Due    payroll.Date `json:"due"`
	Reason Reason       `json:"reason"`
}

// Reason is why leave is paid out.
type Reason string

// The reasons.
const (
	Expired Reason = "expired"
	Left    Reason = "left"
)

// Keep draws up the ledger on a day. Errors are *payroll.Error.
func Keep(rates *payroll.Rates, service Service, asOf payroll.Date) (Ledger, error) {
	k, err := newKeeper(rates, service, asOf)
	if err != nil {
		return Ledger{}, err
	}
	if err := k.grant(); err != nil {
		return Ledger{}, err
	}
	k.use()
	k.settle()
	return k.ledger, nil
}

// keeper is a ledger while it is drawn up.
type keeper struct {
	Service

	rates  *payroll.Rates
	asOf   payroll.Date
	least  worktime.Minutes
	ledger Ledger
}

func newKeeper(rates *payroll.Rates, service Service, asOf payroll.Date) (*keeper, error) {
	weekly, err := rates.WeeklyHoliday.At("weekly holiday", asOf.Month())
	if err != nil {
		return nil, err
	}
	time, err := rates.WorkingTime.At("working time", asOf.Month())
	if err != nil {
		return nil, err
	}
	if service.FullTime == 0 {
		service.FullTime = worktime.Minutes(time.Value.Weekly)
	}
	k := &keeper{Service: service, rates: rates, asOf: asOf, least: worktime.Minutes(weekly.Value.LeastWeekly)}
	return k, k.check()
}

func (k *keeper) check() error {
	if k.Hired == 0 || k.Left != 0 && k.Left < k.Hired || k.FullTime < 1 {
		return payroll.Refuse(CodeService, "the employment from %s to %s has no days or no full-time week", k.Hired, k.Left)
	}
	if err := k.Schedule.Check(); err != nil {
		return err
	}
	for _, use := range k.Uses {
		if use.Minutes < 1 || use.Minutes > 24*worktime.Hour || use.Date < k.Hired || k.Left != 0 && use.Date > k.Left {
			return payroll.Refuse(CodeUse, "%d minutes of leave on %s are none, more than a day or outside the employment", use.Minutes, use.Date)
		}
	}
	return nil
}

// employed reports whether a day lies in the employment.
func (k *keeper) employed(d payroll.Date) bool { return d >= k.Hired && (k.Left == 0 || d <= k.Left) }

// use takes each use from the leave that ends first (the law leaves the order
// to the shop; this one loses the worker least).
func (k *keeper) use() {
	uses := slices.Clone(k.Uses)
	slices.SortStableFunc(uses, func(a, b Use) int { return cmp.Compare(a.Date, b.Date) })
	order := make([]*Grant, len(k.ledger.Grants))
	for i := range k.ledger.Grants {
		order[i] = &k.ledger.Grants[i]
	}
	slices.SortStableFunc(order, func(a, b *Grant) int { return cmp.Compare(a.Expires, b.Expires) })
	for _, use := range uses {
		if use.Date > k.asOf || use.Date < k.known() {
			continue
		}
		for _, g := range order {
			if g.From <= use.Date && use.Date < g.Expires {
				taken := min(use.Minutes, g.Unused())
				g.Used += taken
				use.Minutes -= taken
			}
		}
		if use.Minutes > 0 {
			k.ledger.Overdrawn = append(k.ledger.Overdrawn, use)
		}
	}
}

// settle finds what lapsed and what is owed for it (60⑦, 61).
func (k *keeper) settle() {
	ended := k.Left != 0 && k.Left <= k.asOf
	for i := range k.ledger.Grants {
		g := &k.ledger.Grants[i]
		g.Promoted = k.promoted(*g)
		unused := g.Unused()
		switch {
		case ended && k.Left < g.Expires:
			k.payOut(*g, unused, k.Left, Left)
		case k.asOf < g.Expires:
			k.ledger.Balance += unused
		case g.Promoted:
			g.Lapsed = unused
		default:
			k.payOut(*g, unused, g.Expires, Expired)
		}
	}
}

func (k *keeper) payOut(g Grant, minutes worktime.Minutes, due payroll.Date, reason Reason) {
	if minutes > 0 {
		k.ledger.Payouts = append(k.ledger.Payouts, Payout{Grant: g.From, Minutes: minutes, Due: due, Reason: reason})
	}
}
