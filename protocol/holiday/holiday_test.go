package holiday_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"shopbox/protocol/holiday"
)

func builtIn(tb testing.TB) holiday.Calendar {
	tb.Helper()
	calendar, err := holiday.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	return calendar
}

func day(tb testing.TB, text string) time.Time {
	tb.Helper()
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil {
		tb.Fatal(err)
	}
	return parsed
}

// substitutable are the holidays of 규정 3① that never yield to a weekend;
// those of the lunar new year and Chuseok yield to a Sunday only.
func substitutable(name string, on time.Weekday) bool {
	switch name {
	case "3·1절", "제헌절", "광복절", "개천절", "한글날", "부처님 오신 날", "노동절", "어린이날", "기독탄신일":
		return on == time.Saturday || on == time.Sunday
	case "설날", "설날 연휴", "추석", "추석 연휴":
		return on == time.Sunday
	}
	return false
}

// TestSubstitutesFollowTheRule computes the substitute days from the others by
// 규정 3 and finds exactly those of the data.
func TestSubstitutesFollowTheRule(t *testing.T) {
	calendar := builtIn(t)
	given, computed := map[string]bool{}, map[string]bool{}
	free := func(d time.Time) bool {
		holidays, err := calendar.On(d)
		if err != nil {
			t.Fatal(err)
		}
		holidays = slices.DeleteFunc(slices.Clone(holidays), func(h holiday.Holiday) bool { return h.Kind == holiday.Substitute })
		return len(holidays) > 0 || computed[d.Format(time.DateOnly)] || d.Weekday() == time.Sunday || d.Weekday() == time.Saturday
	}
	for d := day(t, "2025-01-01"); d.Year() < 2028; d = d.AddDate(0, 0, 1) {
		holidays, err := calendar.On(d)
		if err != nil {
			t.Fatal(err)
		}
		owed := 0
		for i, h := range holidays {
			switch {
			case h.Kind == holiday.Substitute:
				given[h.Date] = true
			case substitutable(h.Name, d.Weekday()), i > 0:
				owed++
			}
		}
		for next := d; owed > 0; {
			if next = next.AddDate(0, 0, 1); !free(next) {
				computed[next.Format(time.DateOnly)] = true
				owed--
			}
		}
	}
	for date := range given {
		if !computed[date] {
			t.Errorf("%s is no substitute by the rule", date)
		}
	}
	for date := range computed {
		if !given[date] {
			t.Errorf("%s is missing", date)
		}
	}
	if len(given) != 3+4+7 {
		t.Errorf("there are %d substitutes", len(given))
	}
}

// TestEveryYearIsWhole counts the days by name: nothing was forgotten.
func TestEveryYearIsWhole(t *testing.T) {
	calendar := builtIn(t)
	for year, want := range map[int]int{2025: 15 + 2 + 3 + 1, 2026: 17 + 1 + 4, 2027: 17 + 7} {
		got := 0
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			holidays, err := calendar.On(d)
			if err != nil {
				t.Fatal(err)
			}
			got += len(holidays)
		}
		if got != want {
			t.Errorf("%d has %d holidays, want %d", year, got, want)
		}
	}
}

func TestDays(t *testing.T) {
	calendar := builtIn(t)
	for date, want := range map[string]holiday.Kind{
		"2025-05-01": holiday.Workers, "2026-05-01": holiday.Public, "2027-05-03": holiday.Substitute,
		"2025-07-17": "", "2026-07-17": holiday.Public, "2027-07-19": holiday.Substitute,
		"2025-01-27": holiday.Temporary, "2025-06-03": holiday.Temporary, "2026-06-03": holiday.Election,
		"2026-02-17": holiday.Public, "2027-02-09": holiday.Substitute, "2026-06-08": "", "2026-09-28": "", "2026-05-10": "",
	} {
		holidays, err := calendar.On(day(t, date))
		if err != nil {
			t.Fatal(err)
		}
		var got holiday.Kind
		if len(holidays) > 0 {
			got = holidays[0].Kind
		}
		if got != want {
			t.Errorf("%s is %q, want %q", date, got, want)
		}
	}
	both, err := calendar.On(day(t, "2025-05-05"))
	if err != nil || len(both) != 2 {
		t.Errorf("two holidays on one day: %v, %v", both, err)
	}
}

func TestNextBusinessDay(t *testing.T) {
	calendar := builtIn(t)
	for from, want := range map[string]string{
		"2026-11-25": "2026-11-25", "2026-10-10": "2026-10-12", "2025-10-03": "2025-10-10",
		"2027-02-06": "2027-02-10", "2026-05-01": "2026-05-04", "2025-05-01": "2025-05-02",
	} {
		got, err := calendar.NextBusinessDay(day(t, from))
		if err != nil || got.Format(time.DateOnly) != want {
			t.Errorf("from %s: %s, %v, want %s", from, got, err, want)
		}
	}
	seoul := time.FixedZone("KST", 9*60*60)
	got, err := calendar.NextBusinessDay(time.Date(2026, 5, 1, 3, 0, 0, 0, seoul))
	if err != nil || got.Location() != seoul || got.Day() != 4 || got.Hour() != 3 {
		t.Errorf("the date counts in its own location: %s, %v", got, err)
	}
}

func TestUnknownYear(t *testing.T) {
	calendar := builtIn(t)
	for _, date := range []string{"2024-12-31", "2028-01-01"} {
		_, err := calendar.NextBusinessDay(day(t, date))
		if refused, ok := errors.AsType[*holiday.Error](err); !ok || refused.Code != holiday.CodeYear {
			t.Errorf("%s: %v", date, err)
		}
	}
	// 2027-12-31 is a Friday: the answer lies inside; the day after does not.
	if _, err := (holiday.Calendar{}).On(day(t, "2026-01-01")); err == nil {
		t.Error("the zero calendar knows a year")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, file := range []string{
		``, `[]`, `{"2026":[]}`, `{"26":[{}]}`, `{"x026":[{}]}`, `{} {}`,
		`{"2026":[{"date":"2026-02-30","kind":"public","name":"a","english":"a","source":"a"}]}`,
		`{"2026":[{"date":"2027-01-01","kind":"public","name":"a","english":"a","source":"a"}]}`,
		`{"2026":[{"date":"2026-01-01","kind":"other","name":"a","english":"a","source":"a"}]}`,
		`{"2026":[{"date":"2026-01-01","kind":"public","name":"a","english":"a"}]}`,
		`{"2026":[{"date":"2026-01-01","kind":"public","name":"a","english":"a","source":"a","more":1}]}`,
	} {
		_, err := holiday.Parse([]byte(file))
		if refused, ok := errors.AsType[*holiday.Error](err); !ok || refused.Code != holiday.CodeFile {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// FuzzParse holds that no calendar breaks the search for a business day.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"2026":[{"date":"2026-01-01","kind":"public","name":"a","english":"a","source":"a"}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		calendar, err := holiday.Parse(file)
		if err != nil {
			return
		}
		found, err := calendar.NextBusinessDay(day(t, "2026-01-01"))
		if err == nil && found.Year() != 2026 {
			t.Errorf("found %s", found)
		}
	})
}
