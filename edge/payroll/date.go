package payroll

import "time"

// Date is a calendar date as days since 1970-01-01, so dates compare and
// subtract as numbers. The zero Date is no date.
type Date int

const secondsOfDay = 24 * 60 * 60

// NewDate is a day of a month of a year; a day beyond the month's last runs
// on into the next month.
func NewDate(year, month, day int) Date {
	return Date(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay)
}

// ParseDate reads "2026-11-23", from 1970-01-02 on. Anything else is CodeDate.
func ParseDate(text string) (Date, error) {
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil || parsed.Unix() < secondsOfDay {
		return 0, fault(CodeDate, "date %q is not like 2026-11-23", text)
	}
	return Date(parsed.Unix() / secondsOfDay), nil
}

// Time is the beginning of the day, in UTC.
func (d Date) Time() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }

// Month is the month of the date.
func (d Date) Month() Month { return NewMonth(d.Time().Year(), int(d.Time().Month())) }

// Day is the day of the month, from 1.
func (d Date) Day() int { return d.Time().Day() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// AddMonths is the same day so many months on, or the last day of that month
// when it is shorter (민법 160).
func (d Date) AddMonths(months int) Date {
	month := d.Month() + Month(months)
	return min(NewDate(int(month)/12, month.Of(), d.Day()), month.Last())
}

// First is the first day of the month.
func (m Month) First() Date { return NewDate(int(m)/12, m.Of(), 1) }

// Last is the last day of the month.
func (m Month) Last() Date { return (m + 1).First() - 1 }

// String is the date as "2026-11-23".
func (d Date) String() string { return d.Time().Format(time.DateOnly) }

// MarshalText writes "2026-11-23", or nothing for no date.
func (d Date) MarshalText() ([]byte, error) {
	if d == 0 {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText writes; no text is CodeDate.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
