package worktime

import (
	"cmp"
	"slices"

	"shopbox/edge/payroll"
)

// The refusals of this room.
const (
	// CodeSchedule is contracted time the law or a week has no room for.
	CodeSchedule payroll.Code = "schedule_invalid"
	// CodeRecord is a time record that contradicts itself.
	CodeRecord payroll.Code = "record_invalid"
	// CodeEmployment is an employment that ends before it begins.
	CodeEmployment payroll.Code = "employment_invalid"
)

// record is a day's record with its work as sorted spans apart.
type record struct {
	Day

	work []Span
}

// readDays checks the records and sorts them by date.
func readDays(days []Day) (map[payroll.Date]record, error) {
	sorted := slices.Clone(days)
	slices.SortStableFunc(sorted, func(a, b Day) int { return cmp.Compare(a.Date, b.Date) })
	records := make(map[payroll.Date]record, len(days))
	for _, d := range sorted {
		if _, twice := records[d.Date]; twice {
			return nil, payroll.Refuse(CodeRecord, "%s has two records", d.Date)
		}
		work, err := d.worked()
		if err != nil {
			return nil, err
		}
		before := records[d.Date-1].work
		if len(before) > 0 && len(work) > 0 && before[len(before)-1].To-day > work[0].From {
			return nil, payroll.Refuse(CodeRecord, "work of the day before %s overlaps with it", d.Date)
		}
		records[d.Date] = record{Day: d, work: work}
	}
	return records, nil
}

// worked checks a record and takes its breaks off its spans.
func (d Day) worked() ([]Span, error) {
	for _, span := range slices.Concat(d.Spans, d.Breaks) {
		if span.From < 0 || span.To <= span.From || span.To > 2*day {
			return nil, payroll.Refuse(CodeRecord, "%s has a span from minute %d to %d", d.Date, span.From, span.To)
		}
	}
	work := sorted(d.Spans)
	for i, span := range work {
		if span.From >= day {
			return nil, payroll.Refuse(CodeRecord, "%s has a span that begins on the day after", d.Date)
		}
		if i > 0 && span.From < work[i-1].To {
			return nil, payroll.Refuse(CodeRecord, "%s has two spans at minute %d", d.Date, span.From)
		}
	}
	if d.Planned != nil && (*d.Planned < 0 || *d.Planned > day) {
		return nil, payroll.Refuse(CodeRecord, "%s has %d minutes planned", d.Date, *d.Planned)
	}
	for _, pause := range sorted(d.Breaks) {
		work = without(work, pause)
	}
	return work, d.checkMarks()
}

func (d Day) checkMarks() error {
	switch d.Exchange {
	case "", AsWorkday, AsWeeklyHoliday, AsPublicHoliday:
	default:
		return payroll.Refuse(CodeRecord, "%s has an unknown exchange %q", d.Date, d.Exchange)
	}
	for _, a := range d.Absences {
		switch a.Kind {
		case Absent, LateEarly, Excused, PaidLeave:
		default:
			return payroll.Refuse(CodeRecord, "%s has an unknown absence %q", d.Date, a.Kind)
		}
		if a.Minutes < 0 || a.Minutes > day {
			return payroll.Refuse(CodeRecord, "%s has an absence of %d minutes", d.Date, a.Minutes)
		}
	}
	return nil
}

func sorted(spans []Span) []Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	return spans
}

// without cuts a pause out of spans.
func without(spans []Span, pause Span) []Span {
	var rest []Span
	for _, span := range spans {
		if pause.To <= span.From || span.To <= pause.From {
			rest = append(rest, span)
			continue
		}
		if span.From < pause.From {
			rest = append(rest, Span{From: span.From, To: pause.From})
		}
		if pause.To < span.To {
			rest = append(rest, Span{From: pause.To, To: span.To})
		}
	}
	return rest
}

// length is the time of spans apart.
func length(spans []Span) Minutes {
	var sum Minutes
	for _, span := range spans {
		sum += span.To - span.From
	}
	return sum
}

// within is the time of spans inside a window that comes back every day.
func within(spans []Span, window Span) Minutes {
	var sum Minutes
	for _, span := range spans {
		for shift := -day; shift <= day; shift += day {
			sum += max(0, min(span.To, window.To+shift)-max(span.From, window.From+shift))
		}
	}
	return sum
}

// pauses is the time between first clock-in and last clock-out not worked.
func pauses(work []Span) Minutes {
	if len(work) == 0 {
		return 0
	}
	return work[len(work)-1].To - work[0].From - length(work)
}
