package cardmatch

import (
	"slices"
	"time"

	"shopbox/protocol/money"
)

// lateDays is how many days after its day money is still taken for it.
const lateDays = 7

// manyDays is how many days' money may come at once.
const manyDays = 4

// onTime matches a deposit of the day, or all of that day's together, for
// credit and check cards may be paid apart.
func (m *matcher) onTime(due *batch) bool {
	today := m.from(due.acquirer, due.day, due.day)
	for _, deposit := range today {
		if due.owes(deposit.Amount) {
			return m.match("", []*batch{due}, deposit)
		}
	}
	if len(today) > 1 && due.owes(total(today)) {
		return m.match("", []*batch{due}, today...)
	}
	return len(today) == 0 && due.gross() == 0 && due.fee() == 0 && m.match("", []*batch{due})
}

func (m *matcher) late(due *batch) bool {
	for _, deposit := range m.from(due.acquirer, due.day, after(due.day)) {
		if deposit.Day > due.day && due.owes(deposit.Amount) {
			return m.match(Late, []*batch{due}, deposit)
		}
	}
	return false
}

// combined matches one deposit with this batch and the ones that follow it.
func (m *matcher) combined(due *batch) bool {
	run := &batch{acquirer: due.acquirer}
	var parts []*batch
	for _, next := range m.open {
		if next.acquirer != due.acquirer || next.day < due.day {
			continue
		}
		parts, run.slips = append(parts, next), append(run.slips, next.slips...)
		if len(parts) > manyDays {
			return false
		}
		for _, deposit := range m.from(due.acquirer, next.day, after(due.day)) {
			if len(parts) > 1 && run.owes(deposit.Amount) {
				return m.match(Combined, parts, deposit)
			}
		}
	}
	return false
}

// allButOne matches a day's money that lacks just one slip.
func (m *matcher) allButOne(due *batch) bool {
	if len(due.slips) < 2 {
		return false
	}
	for _, deposit := range m.from(due.acquirer, due.day, due.day) {
		for i, missing := range due.slips {
			rest := &batch{acquirer: due.acquirer, day: due.day, slips: slices.Delete(slices.Clone(due.slips), i, i+1)}
			if rest.owes(deposit.Amount) {
				due.done = true
				m.openSlip(missing, due.day, LeftOut)
				return m.match("", []*batch{rest}, deposit)
			}
		}
	}
	return false
}

// mostFee is the largest fee, in percent, that a card company may plausibly
// keep.
const mostFee = 4

// otherFee matches the one deposit of a day whose fee is not the expected one.
func (m *matcher) otherFee(due *batch) bool {
	today := m.from(due.acquirer, due.day, due.day)
	if len(today) != 1 {
		return false
	}
	fee := due.gross() - today[0].Amount
	return fee >= 0 && fee*100 <= due.gross()*mostFee && m.match(FeeDiffers, []*batch{due}, today[0])
}

// from lists what came from an acquirer and is still open.
func (m *matcher) from(acquirer, first, last string) []Deposit {
	var found []Deposit
	for _, deposit := range m.deposits {
		if deposit.Acquirer == acquirer && first <= deposit.Day && deposit.Day <= last {
			found = append(found, deposit)
		}
	}
	return found
}

// after is the last day on which money counts as late. A settlement day always
// parses.
func after(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.AddDate(0, 0, lateDays).Format(time.DateOnly)
}

func total(deposits []Deposit) (sum money.Won) {
	for _, deposit := range deposits {
		sum += deposit.Amount
	}
	return sum
}

// match takes batches and deposits out of what is open.
func (m *matcher) match(reason Reason, parts []*batch, deposits ...Deposit) bool {
	found := Match{Acquirer: parts[0].acquirer, Day: parts[0].day, Deposits: deposits, Reason: reason}
	for _, part := range parts {
		part.done = true
		found.Gross += part.gross()
		found.Expected += part.fee()
		for _, s := range part.slips {
			found.Approvals = append(found.Approvals, s.Approval)
		}
	}
	found.Fee = found.Gross - total(deposits)
	m.result.Matched = append(m.result.Matched, found)
	for _, used := range deposits {
		at := slices.Index(m.deposits, used)
		m.deposits = slices.Delete(m.deposits, at, at+1)
	}
	return true
}

func (m *matcher) openSlip(s slip, due string, reason Reason) {
	m.result.Approvals = append(m.result.Approvals, OpenApproval{s.Approval, due, s.net(), reason})
}

// explain names the likely reason of all that is left.
func (m *matcher) explain() {
	for _, due := range m.open {
		reason := m.whyUnpaid(due)
		for _, s := range due.slips {
			m.openSlip(s, due.day, reason)
		}
	}
	for _, deposit := range m.deposits {
		m.result.Deposits = append(m.result.Deposits, OpenDeposit{deposit, m.whyUnknown(deposit)})
	}
}

func (m *matcher) whyUnpaid(due *batch) Reason {
	if due.day > m.shop.Today {
		return NotDue
	}
	if len(m.from(due.acquirer, due.day, due.day)) > 0 {
		return AmountDiffers
	}
	for _, deposit := range m.deposits {
		if deposit.Day == due.day && due.owes(deposit.Amount) {
			return OtherAcquirer
		}
	}
	return DepositMissing
}

func (m *matcher) whyUnknown(deposit Deposit) Reason {
	for _, matched := range m.result.Matched {
		same := func(d Deposit) bool { return d.Acquirer == deposit.Acquirer && d.Amount == deposit.Amount }
		if slices.ContainsFunc(matched.Deposits, same) {
			return PaidTwice
		}
	}
	for _, due := range m.open {
		switch {
		case due.acquirer != deposit.Acquirer && due.day == deposit.Day && due.owes(deposit.Amount):
			return OtherAcquirer
		case due.acquirer == deposit.Acquirer && due.day == deposit.Day:
			return AmountDiffers
		}
	}
	if deposit.Day < m.firstDay() {
		return Earlier
	}
	return NoApproval
}

// firstDay is the first settlement day of all slips.
func (m *matcher) firstDay() string {
	first := "9999-12-31"
	for _, matched := range m.result.Matched {
		first = min(first, matched.Day)
	}
	for _, open := range m.result.Approvals {
		first = min(first, open.Due)
	}
	return first
}
