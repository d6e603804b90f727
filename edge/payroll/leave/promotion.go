package leave

import "shopbox/edge/payroll"

// Letters are the days in which the two letters about a grant go out: the
// first from From to To, the second at the latest on Assign (근로기준법 61).
type Letters struct {
	From   payroll.Date `json:"from"`
	To     payroll.Date `json:"to"`
	Assign payroll.Date `json:"assign"`
}

// letters are the times for a grant. In the first year the days that arise
// after the first letter have one of their own (61②1).
func letters(law payroll.AnnualLeave, g Grant) Letters {
	if g.Kind != Monthly {
		return timed(law.Notice, g.Expires)
	}
	if first := timed(law.FirstYearNotice, g.Expires); g.From <= first.From {
		return first
	}
	return timed(law.LateNotice, g.Expires)
}

// timed counts back from the end of the leave.
func timed(n payroll.LeaveNotice, end payroll.Date) Letters {
	from := end.AddMonths(-n.BeforeMonths)
	assign := end.AddMonths(-n.AssignBeforeMonths) - payroll.Date(n.AssignBeforeDays)
	return Letters{From: from, To: from + payroll.Date(n.WithinDays) - 1, Assign: assign - 1}
}

// promoted reports whether the letters about a grant went out in time, so
// that nothing is owed for what lapses (61①②). A first letter sent while more
// of the first year's days arose is good for those there already.
func (k *keeper) promoted(g Grant) bool {
	for _, n := range k.Notices {
		first := n.First >= g.Letters.From && n.First <= g.Letters.To && n.First >= g.From
		second := n.Answered || n.Assigned > n.First && n.Assigned <= g.Letters.Assign
		if first && second {
			return true
		}
	}
	return false
}
