package leave_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/leave"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

func builtIn(tb testing.TB) *payroll.Rates {
	tb.Helper()
	rates, err := payroll.BuiltIn()
	if err != nil {
		tb.Fatal(err)
	}
	return &rates
}

func date(tb testing.TB, text string) payroll.Date {
	tb.Helper()
	d, err := payroll.ParseDate(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func keep(tb testing.TB, service leave.Service, asOf payroll.Date) leave.Ledger {
	tb.Helper()
	ledger, err := leave.Keep(builtIn(tb), service, asOf)
	if err != nil {
		tb.Fatal(err)
	}
	return ledger
}

func schedule(hours worktime.Minutes, days int) worktime.Schedule {
	s := worktime.Schedule{WeeklyHoliday: time.Sunday, WeekStart: time.Monday}
	for i := range days {
		s.Contracted[1+i] = hours * worktime.Hour
	}
	return s
}

// TestDays has the worked examples of the formula.
func TestDays(t *testing.T) {
	law, err := builtIn(t).AnnualLeave.At("annual leave", payroll.NewMonth(2026, 11))
	if err != nil {
		t.Fatal(err)
	}
	for years, want := range map[int]int{1: 15, 2: 15, 3: 16, 4: 16, 5: 17, 19: 24, 20: 24, 21: 25, 22: 25, 40: 25} {
		if got := leave.Days(law.Value, years); got != want {
			t.Errorf("%d years: got %d, want %d", years, got, want)
		}
	}
}

// granted are the days that arose up to a day, by kind.
func granted(ledger leave.Ledger) map[leave.Kind]int {
	days := map[leave.Kind]int{}
	for _, g := range ledger.Grants {
		days[g.Kind] += g.Days
	}
	return days
}

func TestGrants(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(*leave.Service)
		asOf    string
		monthly int
		yearly  int
		byMonth int
		balance worktime.Minutes
	}{
		"first day":              {nil, "2025-03-10", 0, 0, 0, 0},
		"a day before a month":   {nil, "2025-04-09", 0, 0, 0, 0},
		"a month":                {nil, "2025-04-10", 1, 0, 0, 480},
		"eleven months":          {nil, "2026-03-09", 11, 0, 0, 11 * 480},
		"a year":                 {nil, "2026-03-10", 11, 15, 0, 15 * 480},
		"two years":              {nil, "2027-03-10", 11, 30, 0, 15 * 480},
		"left on the last day":   {func(s *leave.Service) { s.Left = date(t, "2026-03-09") }, "2026-03-10", 11, 0, 0, 0},
		"left a day later":       {func(s *leave.Service) { s.Left = date(t, "2026-03-10") }, "2026-03-10", 11, 15, 0, 0},
		"absent in a month":      {absent(t, "2025-05-20", 1), "2025-06-10", 2, 0, 0, 960},
		"absent on a day off":    {absent(t, "2025-05-24", 2), "2025-06-10", 3, 0, 0, 1440},
		"absent for a fifth":     {absent(t, "2025-05-01", 72), "2026-03-10", 7, 15, 0, 15 * 480}, // 52 of 261 weekdays
		"absent for more":        {absent(t, "2025-05-01", 77), "2026-03-10", 7, 0, 0, 0},         // 55: the months of the first year were given
		"second year, more":      {absent(t, "2026-05-01", 77), "2027-03-10", 11, 15, 8, 8 * 480},
		"small shop":             {under("2025-03", 13), "2026-03-10", 0, 0, 0, 0},
		"small in one month":     {under("2025-06", 1), "2026-03-10", 10, 0, 0, 0}, // May 10 to June 9 arose in June
		"small before the hire":  {under("2024-06", 9), "2026-03-10", 11, 15, 0, 15 * 480},
		"under 15 hours":         {func(s *leave.Service) { s.Schedule = schedule(7, 2) }, "2026-03-10", 0, 0, 0, 0},
		"15 hours":               {func(s *leave.Service) { s.Schedule = schedule(3, 5) }, "2026-03-10", 11, 15, 0, 45 * 60},
		"20 hours":               {func(s *leave.Service) { s.Schedule = schedule(4, 5) }, "2026-03-10", 11, 15, 0, 60 * 60},
		"16 hours, one day":      {func(s *leave.Service) { s.Schedule = schedule(8, 2) }, "2025-04-10", 1, 0, 0, 4 * 60}, // 3.2 h up
		"20 hours are full-time": {func(s *leave.Service) { s.Schedule = schedule(4, 5); s.FullTime = 1200 }, "2026-03-10", 11, 15, 0, 15 * 480},
	} {
		t.Run(name, func(t *testing.T) {
			service := leave.Service{Hired: date(t, "2025-03-10"), Schedule: schedule(8, 5)}
			if c.change != nil {
				c.change(&service)
			}
			ledger := keep(t, service, date(t, c.asOf))
			days := granted(ledger)
			if days[leave.Monthly] != c.monthly || days[leave.Yearly] != c.yearly || days[leave.ByMonths] != c.byMonth || ledger.Balance != c.balance {
				t.Errorf("got %v and %d, want %d, %d, %d and %d", days, ledger.Balance, c.monthly, c.yearly, c.byMonth, c.balance)
			}
		})
	}
}

// absent misses so many calendar days in a row.
func absent(tb testing.TB, from string, days int) func(*leave.Service) {
	tb.Helper()
	first := date(tb, from)
	return func(s *leave.Service) {
		for i := range days {
			s.Absent = append(s.Absent, first+payroll.Date(i))
		}
	}
}

// under makes the shop small in so many months.
func under(first string, months int) func(*leave.Service) {
	return func(s *leave.Service) {
		m, err := payroll.ParseMonth(first)
		if err != nil {
			panic(err)
		}
		for i := range months {
			s.UnderFive = append(s.UnderFive, m+payroll.Month(i))
		}
	}
}

// TestMonthEnds: periods from the 31st end with a short month's last day.
func TestMonthEnds(t *testing.T) {
	service := leave.Service{Hired: date(t, "2025-01-31"), Schedule: schedule(8, 5)}
	ledger := keep(t, service, date(t, "2026-01-31"))
	for i, want := range []string{
		"2025-03-01", "2025-03-31", "2025-05-01", "2025-05-31", "2025-07-01", "2025-07-31",
		"2025-08-31", "2025-10-01", "2025-10-31", "2025-12-01", "2025-12-31", "2026-01-31",
	} {
		if got := ledger.Grants[i].From; got != date(t, want) {
			t.Errorf("grant %d: got %s, want %s", i, got, want)
		}
	}
	leap := keep(t, leave.Service{Hired: date(t, "2024-02-29"), Schedule: schedule(8, 5)}, date(t, "2025-03-01"))
	if last := leap.Grants[len(leap.Grants)-1]; last.Kind != leave.Yearly || last.From != date(t, "2025-03-01") {
		t.Errorf("hired on a leap day: got %+v", last)
	}
}

func TestUseAndExpiry(t *testing.T) {
	for name, c := range map[string]struct {
		uses      []leave.Use
		notices   []leave.Notice
		left      string
		asOf      string
		balance   worktime.Minutes
		lapsed    worktime.Minutes
		overdrawn worktime.Minutes
		payouts   []leave.Payout
	}{
		"nothing used": {
			nil, nil, "", "2026-03-10", 15 * 480, 0, 0, monthlyPayouts(t, 0),
		},
		"used from the oldest": {
			[]leave.Use{{date(t, "2026-03-09"), 480}, {date(t, "2026-03-09") - 3, 240}},
			nil, "", "2026-03-10", 15 * 480, 0, 0,
			monthlyPayouts(t, 720),
		},
		"taken too early": {
			[]leave.Use{{date(t, "2025-04-11"), 480}, {date(t, "2025-04-14"), 480}}, nil, "", "2025-05-10", 480, 0, 480, nil,
		},
		"letters in time": {
			nil, []leave.Notice{
				{First: date(t, "2025-12-19"), Answered: true},
				{First: date(t, "2026-02-14"), Assigned: date(t, "2026-02-27")},
			}, "", "2026-03-10", 15 * 480, 11 * 480, 0, nil,
		},
		"first letter early": {
			nil, []leave.Notice{{First: date(t, "2025-12-09"), Answered: true}}, "", "2026-03-10", 15 * 480, 0, 0, monthlyPayouts(t, 0),
		},
		"first letter only": {
			nil,
			[]leave.Notice{{First: date(t, "2025-12-10"), Answered: true}},
			"", "2026-03-10", 15 * 480, 9 * 480, 0,
			monthlyPayouts(t, 9*480),
		},
		"second letter missing": {
			nil, []leave.Notice{{First: date(t, "2025-12-10")}}, "", "2026-03-10", 15 * 480, 0, 0, monthlyPayouts(t, 0),
		},
		"second letter late": {
			nil,
			[]leave.Notice{{First: date(t, "2025-12-10"), Assigned: date(t, "2026-02-10")}},
			"", "2026-03-10", 15 * 480, 0, 0,
			monthlyPayouts(t, 0),
		},
		"left": {
			[]leave.Use{{date(t, "2026-03-11"), 240}},
			nil, "2026-03-20", "2026-03-31", 0, 0, 0,
			append(monthlyPayouts(t, 0), leave.Payout{Grant: date(t, "2026-03-10"), Minutes: 15*480 - 240, Due: date(t, "2026-03-20"), Reason: leave.Left}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			service := leave.Service{Hired: date(t, "2025-03-10"), Schedule: schedule(8, 5), Uses: c.uses, Notices: c.notices}
			if c.left != "" {
				service.Left = date(t, c.left)
			}
			ledger := keep(t, service, date(t, c.asOf))
			var lapsed, overdrawn worktime.Minutes
			for _, g := range ledger.Grants {
				lapsed += g.Lapsed
			}
			for _, use := range ledger.Overdrawn {
				overdrawn += use.Minutes
			}
			if ledger.Balance != c.balance || lapsed != c.lapsed || overdrawn != c.overdrawn {
				t.Errorf("got balance %d, lapsed %d, overdrawn %d; want %d, %d, %d", ledger.Balance, lapsed, overdrawn, c.balance, c.lapsed, c.overdrawn)
			}
			if len(ledger.Payouts) != len(c.payouts) {
				t.Fatalf("got %+v, want %+v", ledger.Payouts, c.payouts)
			}
			for i, want := range c.payouts {
				if ledger.Payouts[i] != want {
					t.Errorf("got %+v, want %+v", ledger.Payouts[i], want)
				}
			}
		})
	}
}

// monthlyPayouts are those of a first year from 2025-03-10, less what was
// used or lapsed from its beginning.
func monthlyPayouts(tb testing.TB, gone worktime.Minutes) []leave.Payout {
	tb.Helper()
	var payouts []leave.Payout
	for m := range 11 {
		taken := min(gone, 480)
		gone -= taken
		if taken < 480 {
			payouts = append(payouts, leave.Payout{
				Grant: date(tb, "2025-03-10").AddMonths(m + 1), Minutes: 480 - taken, Due: date(tb, "2026-03-10"), Reason: leave.Expired,
			})
		}
	}
	return payouts
}

// TestYearlyLetters: leave to the end of 2026 has its letters in July and by
// the end of October.
func TestYearlyLetters(t *testing.T) {
	service := leave.Service{Hired: date(t, "2025-01-01"), Schedule: schedule(8, 5)}
	ledger := keep(t, service, date(t, "2026-01-01"))
	for i, want := range map[int][3]string{
		0:  {"2025-10-01", "2025-10-10", "2025-11-30"},
		8:  {"2025-10-01", "2025-10-10", "2025-11-30"}, // arose on October 1
		9:  {"2025-12-01", "2025-12-05", "2025-12-21"},
		11: {"2026-07-01", "2026-07-10", "2026-10-31"},
	} {
		got := ledger.Grants[i].Letters
		if got != (leave.Letters{From: date(t, want[0]), To: date(t, want[1]), Assign: date(t, want[2])}) {
			t.Errorf("grant of %s: got %s, %s, %s, want %v", ledger.Grants[i].From, got.From, got.To, got.Assign, want)
		}
	}
}

// TestNothingLost: what was granted is used, left, lapsed or paid out, and
// what was taken is covered or overdrawn.
func TestNothingLost(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 2026))
	for range 300 {
		service := leave.Service{
			Hired:    date(t, "2022-05-01") + payroll.Date(random.IntN(1500)),
			Schedule: schedule(worktime.Minutes(3+random.IntN(6)), 1+random.IntN(5)),
		}
		asOf := service.Hired + payroll.Date(random.IntN(1200))
		if random.IntN(2) == 0 {
			service.Left = service.Hired + payroll.Date(random.IntN(1200))
		}
		var taken, granted, spent, gone worktime.Minutes
		for range random.IntN(40) {
			use := leave.Use{Date: service.Hired + payroll.Date(random.IntN(1200)), Minutes: worktime.Minutes(60 + 60*random.IntN(8))}
			if service.Left == 0 || use.Date <= service.Left {
				service.Uses = append(service.Uses, use)
			}
			service.Absent = append(service.Absent, service.Hired+payroll.Date(random.IntN(1200)))
		}
		ledger := keep(t, service, asOf)
		for _, use := range service.Uses {
			if use.Date <= asOf {
				taken += use.Minutes
			}
		}
		for _, g := range ledger.Grants {
			granted += g.Minutes
			spent += g.Used
			gone += g.Lapsed
			if g.Used > g.Minutes || g.Minutes <= 0 || g.Expires <= g.From || g.Source == "" || g.Rule == "" {
				t.Fatalf("bad grant %+v", g)
			}
		}
		for _, payout := range ledger.Payouts {
			gone += payout.Minutes
		}
		for _, use := range ledger.Overdrawn {
			taken -= use.Minutes
		}
		if granted != spent+ledger.Balance+gone || spent != taken {
			t.Fatalf("granted %d: %d used, %d left, %d gone; taken and covered %d", granted, spent, ledger.Balance, gone, taken)
		}
	}
}

// TestLongService: the ledger begins with the law it knows.
func TestLongService(t *testing.T) {
	ledger := keep(t, leave.Service{Hired: date(t, "2005-03-10"), Schedule: schedule(8, 5)}, date(t, "2026-11-23"))
	if len(ledger.Grants) != 6 || ledger.Balance != 25*480 || len(ledger.Remarks) == 0 {
		t.Errorf("got %d grants, balance %d, remarks %v", len(ledger.Grants), ledger.Balance, ledger.Remarks)
	}
}

func TestPay(t *testing.T) {
	for _, c := range []struct {
		minutes  worktime.Minutes
		num, den int64
		want     money.Won
	}{
		{480, 10_320, 1, 82_560},
		{15 * 480, 10_320, 1, 1_238_400},
		{1, 10_321, 1, 173}, // 172.02 up
		{480, 754_908, 73, 82_730},
		{0, 10_320, 1, 0},
	} {
		got, err := leave.Pay(c.minutes, payroll.Fraction{Num: c.num, Den: c.den})
		if err != nil || got.Amount != c.want || len(got.Sources) == 0 {
			t.Errorf("%d minutes at %d/%d: got %+v, %v, want %d", c.minutes, c.num, c.den, got, err, c.want)
		}
	}
	for _, hourly := range []payroll.Fraction{{}, {Num: -1, Den: 1}, {Num: 1 << 62, Den: 1}} {
		var refused *payroll.Error
		if _, err := leave.Pay(480, hourly); !errors.As(err, &refused) || refused.Code != payroll.CodePay {
			t.Errorf("%+v: got %v", hourly, err)
		}
	}
}

func TestRefused(t *testing.T) {
	hired := date(t, "2025-03-10")
	for name, c := range map[string]struct {
		service leave.Service
		asOf    payroll.Date
		want    payroll.Code
	}{
		"no hire date":      {leave.Service{}, hired, leave.CodeService},
		"left before hired": {leave.Service{Hired: hired, Left: hired - 1}, hired, leave.CodeService},
		"no full week":      {leave.Service{Hired: hired, FullTime: -1}, hired, leave.CodeService},
		"day below nothing": {leave.Service{Hired: hired, Schedule: worktime.Schedule{Contracted: [7]worktime.Minutes{-1}}}, hired, worktime.CodeSchedule},
		"use before hired":  {leave.Service{Hired: hired, Uses: []leave.Use{{hired - 1, 60}}}, hired, leave.CodeUse},
		"use of nothing":    {leave.Service{Hired: hired, Uses: []leave.Use{{hired, 0}}}, hired, leave.CodeUse},
		"use after leaving": {leave.Service{Hired: hired, Left: hired, Uses: []leave.Use{{hired + 1, 60}}}, hired, leave.CodeUse},
		"before the law":    {leave.Service{Hired: hired}, date(t, "2010-01-01"), payroll.CodeRateMissing},
	} {
		var refused *payroll.Error
		if _, err := leave.Keep(builtIn(t), c.service, c.asOf); !errors.As(err, &refused) || refused.Code != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
