package cardmatch

import (
	"errors"
	"fmt"
	"time"
)

// ErrDay says that a day is not written as 2026-11-23.
var ErrDay = errors.New("day_invalid")

// Terms are when an acquirer pays: so many days after the slip. The standard
// terms for merchants allow three business days at most; in practice it is two,
// and some count Saturdays or all days (secondary sources, so it is a setting).
type Terms struct {
	Days int
	// Saturdays and Sundays count as days of business; with Sundays, holidays
	// count too.
	Saturdays bool
	Sundays   bool
}

// UsualTerms are two business days.
func UsualTerms() Terms { return Terms{Days: 2} }

// SettlementDay is the day on which money for a slip of the given day arrives.
// Holidays are days as 2026-12-25.
func SettlementDay(day string, terms Terms, holidays map[string]bool) (string, error) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "", fmt.Errorf("%w: %q", ErrDay, day)
	}
	for left := terms.Days; left > 0; {
		at = at.AddDate(0, 0, 1)
		if terms.works(at, holidays) {
			left--
		}
	}
	return at.Format(time.DateOnly), nil
}

func (t Terms) works(day time.Time, holidays map[string]bool) bool {
	if t.Sundays {
		return true
	}
	free := day.Weekday() == time.Sunday || day.Weekday() == time.Saturday && !t.Saturdays
	return !free && !holidays[day.Format(time.DateOnly)]
}
