// Package holiday is the calendar of Korean public holidays (관공서의 공휴일에
// 관한 규정; 공휴일에 관한 법률). The pay rules of the box and the tax deadlines
// of the hub call it. What always holds: every day is data with its legal
// source, and a year that is not in the data is an error, never a year without
// holidays.
package holiday

import (
	"bytes"
	_ "embed" // the calendar the program was made with
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"
)

//go:embed holidays.json
var embedded []byte

// Kind says why a day is free.
type Kind string

// The kinds of holidays.
const (
	// Public days stand in 관공서의 공휴일에 관한 규정 2 (2) to (10).
	Public Kind = "public"
	// Substitute days follow a holiday that fell on another free day (규정 3).
	Substitute Kind = "substitute"
	// Temporary days were named by the government (규정 2 (11)).
	Temporary Kind = "temporary"
	// Election days end a term (규정 2 (10의2)).
	Election Kind = "election"
	// Workers is May 1 before 2026: no public holiday, but a paid day of rest
	// for everybody, and no last day of a tax deadline (국세기본법 5①3).
	Workers Kind = "workers"
)

func (k Kind) valid() bool {
	switch k {
	case Public, Substitute, Temporary, Election, Workers:
		return true
	}
	return false
}

// Holiday is one reason for which a day is free. Sundays and Saturdays as such
// are not listed.
type Holiday struct {
	// Date is the day as "2026-05-01".
	Date string `json:"date"`
	Kind Kind   `json:"kind"`
	// Name is the day in Korean, English in English.
	Name    string `json:"name"`
	English string `json:"english"`
	// Source is the provision that makes it a holiday.
	Source string `json:"source"`
}

// Calendar holds the holidays of some whole years. Its zero value knows none.
type Calendar struct {
	years map[int]bool
	days  map[string][]Holiday
}

// BuiltIn is the calendar this program was made with: 2025 to 2027. Temporary
// holidays named later come with Parse.
func BuiltIn() (Calendar, error) { return Parse(embedded) }

// Parse reads a calendar: an object with a list of Holiday for each year,
// written like "2026". A file that breaks the format is CodeFile.
func Parse(file []byte) (Calendar, error) {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	var lists map[string][]Holiday
	if err := decoder.Decode(&lists); err != nil {
		return Calendar{}, &Error{Code: CodeFile, Message: "the calendar is no object with a list of holidays for each year: " + err.Error()}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Calendar{}, &Error{Code: CodeFile, Message: "something follows the calendar"}
	}
	c := Calendar{years: map[int]bool{}, days: map[string][]Holiday{}}
	for year, list := range lists {
		if err := c.add(year, list); err != nil {
			return Calendar{}, err
		}
	}
	return c, nil
}

// add takes one year, which no real calendar leaves empty.
func (c *Calendar) add(year string, list []Holiday) error {
	number, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 || len(list) == 0 {
		return &Error{Code: CodeFile, Message: "the year " + strconv.Quote(year) + " is none or has no holidays"}
	}
	for _, h := range list {
		day, err := time.Parse(time.DateOnly, h.Date)
		if err != nil || day.Year() != number {
			return &Error{Code: CodeFile, Message: "the date " + strconv.Quote(h.Date) + " is no day of " + year}
		}
		if !h.Kind.valid() || h.Name == "" || h.English == "" || h.Source == "" {
			return &Error{Code: CodeFile, Message: "the holiday on " + h.Date + " has no known kind, no name or no source"}
		}
		c.days[h.Date] = append(c.days[h.Date], h)
	}
	c.years[number] = true
	return nil
}

// On lists the holidays of a day, none on most. Of day only the date in its
// own location counts, here and below. CodeYear for a year without data.
func (c Calendar) On(day time.Time) ([]Holiday, error) {
	if !c.years[day.Year()] {
		return nil, &Error{Code: CodeYear, Message: "the public holidays of " + strconv.Itoa(day.Year()) + " are not known"}
	}
	return c.days[day.Format(time.DateOnly)], nil
}

// IsBusinessDay reports whether a day is neither Saturday, Sunday nor holiday:
// only such a day can be the last of a tax deadline (국세기본법 5①).
func (c Calendar) IsBusinessDay(day time.Time) (bool, error) {
	holidays, err := c.On(day)
	weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
	return err == nil && len(holidays) == 0 && !weekend, err
}

// NextBusinessDay is the day itself if it is a business day, or the first one
// after it.
func (c Calendar) NextBusinessDay(day time.Time) (time.Time, error) {
	for {
		business, err := c.IsBusinessDay(day)
		if err != nil {
			return time.Time{}, err
		}
		if business {
			return day, nil
		}
		day = day.AddDate(0, 0, 1)
	}
}
