package payroll

import (
	"fmt"
	"strconv"
)

// Month is a calendar month as year*12 + month-1, so months compare and
// subtract as numbers. The zero Month is no month.
type Month int

// NewMonth is a month of a year; month counts from 1.
func NewMonth(year, month int) Month { return Month(year*12 + month - 1) }

// ParseMonth reads "2026-11". Anything else is CodeMonth.
func ParseMonth(text string) (Month, error) {
	if len(text) != len("2006-01") || text[4] != '-' {
		return 0, badMonth(text)
	}
	year, err := strconv.ParseUint(text[:4], 10, 16)
	if err != nil {
		return 0, badMonth(text)
	}
	month, err := strconv.ParseUint(text[5:], 10, 8)
	if err != nil || month < 1 || month > 12 || year == 0 {
		return 0, badMonth(text)
	}
	return NewMonth(int(year), int(month)), nil
}

func badMonth(text string) error {
	return fault(CodeMonth, "month %q is not like 2026-11", text)
}

// Of is the month of the year, from 1.
func (m Month) Of() int { return int(m)%12 + 1 }

// String is the month as "2026-11".
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", int(m)/12, m.Of()) }

// MarshalText writes "2026-11", or nothing for no month.
func (m Month) MarshalText() ([]byte, error) {
	if m == 0 {
		return nil, nil
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads what MarshalText writes; no text is CodeMonth.
func (m *Month) UnmarshalText(text []byte) error {
	parsed, err := ParseMonth(string(text))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
