package leave

import (
	"slices"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
)

// Kind is the rule a grant arose by.
type Kind string

// The kinds of grants.
const (
	// Monthly is a day for each fully attended month of the first year (60②).
	Monthly Kind = "monthly"
	// Yearly are the days of a year attended to four fifths (60①④).
	Yearly Kind = "yearly"
	// ByMonths are days for the fully attended months of a year attended less
	// (60②).
	ByMonths Kind = "by_months"
)

// Grant is leave that arose on a day.
type Grant struct {
	Kind Kind `json:"kind"`
	// From is the day it arose; Expires the first day it cannot be taken.
	From    payroll.Date `json:"from"`
	Expires payroll.Date `json:"expires"`
	// Days are a full-timer's, Minutes this worker's.
	Days    int              `json:"days"`
	Minutes worktime.Minutes `json:"minutes"`
	Used    worktime.Minutes `json:"used"`
	// Lapsed is what ended without pay, because of Promoted: the letters went
	// out in time.
	Lapsed   worktime.Minutes `json:"lapsed"`
	Promoted bool             `json:"promoted"`
	// Letters are when they must go out.
	Letters Letters  `json:"letters"`
	Rule    string   `json:"rule"`
	Source  string   `json:"source"`
	Remarks []string `json:"remarks,omitempty"`
}

// Unused is what of the grant was not taken.
func (g *Grant) Unused() worktime.Minutes { return g.Minutes - g.Used }

// begins is the day after so many months of service.
func (k *keeper) begins(months int) payroll.Date {
	d := k.Hired.AddMonths(months)
	if d.Day() != k.Hired.Day() {
		return d + 1 // the month has no such day and ends the period itself (민법 160③)
	}
	return d
}

// known is the first day the law of leave is known for. What arose earlier is
// left out: claims for it have lapsed after three years (근로기준법 49).
func (k *keeper) known() payroll.Date {
	if len(k.rates.AnnualLeave.Entries) == 0 {
		return 0
	}
	return k.rates.AnnualLeave.Entries[0].From.First()
}

// grant lists what arose up to the day of the ledger. Nothing arises for less
// than 15 contracted hours a week (18③), nor on a day after the employment:
// who leaves when a year is just full has no claim to the next one's leave.
func (k *keeper) grant() error {
	if k.Schedule.Weekly() < k.least {
		k.ledger.Remarks = append(k.ledger.Remarks, "no annual leave below 15 contracted hours a week (근로기준법 18③)")
		return nil
	}
	if k.Hired < k.known() {
		k.ledger.Remarks = append(k.ledger.Remarks, "leave that arose before "+k.known().String()+" is not in the ledger; claims for it have lapsed (근로기준법 49)")
	}
	for months := 1; ; months++ {
		from := k.begins(months)
		if from > k.asOf || !k.employed(from) {
			return nil
		}
		if from < k.known() {
			continue
		}
		law, err := k.rates.AnnualLeave.At("annual leave", from.Month())
		if err != nil {
			return err
		}
		if months%12 == 0 {
			k.yearly(law, months/12)
		} else if months <= law.Value.MonthlyMost {
			k.monthly(law, months)
		}
	}
}

// monthly is the day of a month in the first year (60②). The shop's size is
// that of the month before (시행령 7의2③).
func (k *keeper) monthly(law payroll.Dated[payroll.AnnualLeave], month int) {
	from := k.begins(month)
	if k.fullMonth(month) && !slices.Contains(k.UnderFive, (from-1).Month()) {
		k.add(law, Grant{Kind: Monthly, From: from, Expires: k.begins(12), Days: 1, Rule: "1 day for a month of full attendance"})
	}
}

// yearly are the days on an anniversary. The shop must have had five and more
// in each of the twelve months before (시행령 7의2③).
func (k *keeper) yearly(law payroll.Dated[payroll.AnnualLeave], years int) {
	g := Grant{Kind: Yearly, From: k.begins(12 * years), Expires: k.begins(12 * (years + 1))}
	if k.attendedYear(years, law.Value.Attendance) {
		if k.smallInYear(g.From) {
			return
		}
		g.Days = Days(law.Value, years)
		g.Rule = "min(most, days + (years - 1) / 2), the quotient cut"
		g.Remarks = []string{"attendance is counted over all contracted weekdays, public holidays among them"}
		k.add(law, g)
		return
	}
	if years == 1 {
		return // its full months had their days within the year already
	}
	g.Kind, g.Rule = ByMonths, "1 day for each month of full attendance in a year attended less than the law asks"
	for month := 12*years - 11; month <= 12*years; month++ {
		if k.fullMonth(month) && !slices.Contains(k.UnderFive, (g.From-1).Month()) {
			g.Days++
		}
	}
	k.add(law, g)
}

// Days are a full-timer's leave after so many whole years (60①④).
func Days(law payroll.AnnualLeave, years int) int {
	return min(law.Most, law.Days+(years-1)/law.ExtraEveryYears)
}

func (k *keeper) add(law payroll.Dated[payroll.AnnualLeave], g Grant) {
	if g.Days == 0 {
		return
	}
	g.Minutes = k.minutes(law.Value, g.Days)
	if g.Minutes != worktime.Minutes(g.Days*law.Value.Day) {
		g.Remarks = append(g.Remarks, "hours of a part-timer by the share of the week; unconfirmed: part of an hour is a whole one (시행령 별표 2)")
	}
	g.Source = law.Source
	if law.Remark != "" {
		g.Remarks = append(g.Remarks, law.Remark)
	}
	g.Letters = letters(law.Value, g)
	k.ledger.Grants = append(k.ledger.Grants, g)
}

// minutes are a worker's share of a full-timer's days: days x own week / full
// week x 8 hours, up to the whole hour (시행령 별표 2 4).
func (k *keeper) minutes(law payroll.AnnualLeave, days int) worktime.Minutes {
	full, own := k.FullTime, min(k.Schedule.Weekly(), k.FullTime)
	if own == full {
		return worktime.Minutes(days * law.Day)
	}
	share := worktime.Minutes(days*law.Day) * own
	unit := full * worktime.Hour
	return (share + unit - 1) / unit * worktime.Hour
}

// fullMonth reports a month of service without an absence.
func (k *keeper) fullMonth(month int) bool {
	return k.absent(k.begins(month-1), k.begins(month)) == 0
}

// absent counts contracted days missed from a day to before another.
func (k *keeper) absent(from, to payroll.Date) int {
	count := 0
	for i, d := range k.Absent {
		if d >= from && d < to && k.contracted(d) && !slices.Contains(k.Absent[:i], d) {
			count++
		}
	}
	return count
}

func (k *keeper) contracted(d payroll.Date) bool { return k.Schedule.Contracted[d.Weekday()] > 0 }

// attendedYear holds the attendance of a year of service to the law's share.
func (k *keeper) attendedYear(year int, share payroll.Fraction) bool {
	from, to := k.begins(12*(year-1)), k.begins(12*year)
	days := 0
	for d := from; d < to; d++ {
		if k.contracted(d) {
			days++
		}
	}
	return int64(days-k.absent(from, to))*share.Den >= share.Num*int64(days)
}

// smallInYear reports a month under five in the year before a day.
func (k *keeper) smallInYear(before payroll.Date) bool {
	last := (before - 1).Month()
	return slices.ContainsFunc(k.UnderFive, func(m payroll.Month) bool { return m > last-12 && m <= last })
}
