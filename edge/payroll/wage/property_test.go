package wage_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/wage"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

// randomMonth is a worker of any kind with records on most days.
func randomMonth(tb testing.TB, random *rand.Rand) wage.Month {
	tb.Helper()
	m := wage.Month{Month: payroll.NewMonth(2026, 2+random.IntN(11)), Shop: wage.Shop{FiveOrMore: random.IntN(2) == 0}}
	c := &m.Contract
	c.Hired = date(tb, "2025-01-06") + payroll.Date(random.IntN(380))
	c.Schedule = schedule(worktime.Minutes(3+random.IntN(6)), 2+random.IntN(4))
	c.Schedule.WeeklyHoliday, c.Schedule.WeekStart = time.Sunday, time.Weekday(random.IntN(7))
	switch random.IntN(3) {
	case 0:
		c.Per, c.Wage = wage.Hourly, money.Won(9_000+random.IntN(9_000))
	case 1:
		c.Per, c.Wage = wage.Daily, money.Won(60_000+random.IntN(90_000))
	default:
		c.Per, c.Wage = wage.Monthly, money.Won(1_000_000+random.IntN(3_000_000))
	}
	if random.IntN(2) == 0 {
		c.Allowances = []wage.Allowance{{Name: "식대", Amount: money.Won(random.IntN(300_000)), Ordinary: true, TaxFree: wage.Meal}}
	}
	for d := m.Month.First() - 7; d <= m.Month.Last(); d++ {
		switch random.IntN(4) {
		case 0:
		case 1:
			m.Days = append(m.Days, worktime.Day{Date: d, Absences: []worktime.Absence{{Kind: worktime.Excused}}})
		default:
			m.Days = append(m.Days, worktime.Day{Date: d, Spans: []worktime.Span{randomSpan(random)}})
		}
	}
	return m
}

func randomSpan(random *rand.Rand) worktime.Span {
	from := worktime.Minutes(9*60 + random.IntN(9*60))
	return worktime.Span{From: from, To: from + worktime.Minutes(1+random.IntN(12*60))}
}

// TestMoreWorkNeverLessPay lengthens one day's work.
func TestMoreWorkNeverLessPay(t *testing.T) {
	l := builtIn(t)
	random := rand.New(rand.NewPCG(6, 2026))
	for range 400 {
		m := randomMonth(t, random)
		before := l.pay(t, m)
		i := random.IntN(len(m.Days))
		if m.Days[i].Spans == nil {
			m.Days[i] = worktime.Day{Date: m.Days[i].Date, Spans: []worktime.Span{randomSpan(random)}}
		} else {
			m.Days[i].Spans = []worktime.Span{{From: m.Days[i].Spans[0].From, To: m.Days[i].Spans[0].To + worktime.Minutes(1+random.IntN(60))}}
		}
		if after := l.pay(t, m); after.Gross < before.Gross {
			t.Fatalf("%s, %s: %d won with more work on %s, %d before\n%v\n%v", m.Month, m.Contract.Per,
				after.Gross, m.Days[i].Date, before.Gross, amounts(after), amounts(before))
		}
	}
}

// TestPayByTheMinute adds up an hourly worker's month minute by minute and
// compares with the items, which round up each.
func TestPayByTheMinute(t *testing.T) {
	l := builtIn(t)
	random := rand.New(rand.NewPCG(7, 2026))
	for range 60 {
		m := randomMonth(t, random)
		m.Contract.Per, m.Contract.Wage, m.Contract.Allowances = wage.Hourly, money.Won(9_000+random.IntN(9_000)), nil
		m.Month = november() // no public holidays
		m.Contract.Schedule.WeekStart = time.Monday
		m.Days = nil
		for d := m.Month.First() - 6; d <= m.Month.Last(); d++ {
			m.Days = append(m.Days, worktime.Day{Date: d, Spans: []worktime.Span{randomSpan(random)}})
		}
		result := l.pay(t, m)
		// In tenths of a minute's wage.
		want := int64(byTheMinute(m)) * int64(m.Contract.Wage)
		got := result.Gross - amounts(result)[wage.ItemWeeklyHoliday]
		if low, high := got-money.Won(len(result.Items)), got; int64(low)*600 > want || int64(high)*600 < want {
			t.Fatalf("%v is %d, by the minute %d/600", amounts(result), got, want)
		}
	}
}

// byTheMinute is the sum of what each minute of the month is worth in tenths
// of the plain wage.
func byTheMinute(m wage.Month) int {
	contract := m.Contract.Schedule.Contracted
	var weekly worktime.Minutes
	for _, minutes := range contract {
		weekly += minutes
	}
	sum, plainOfWeek := 0, 0
	for _, day := range m.Days {
		if day.Date.Weekday() == time.Monday {
			plainOfWeek = 0
		}
		ofDay := 0
		for minute := day.Spans[0].From; minute < day.Spans[0].To; minute++ {
			ofDay++
			worth := 10
			switch {
			case !m.Shop.FiveOrMore:
			case day.Date.Weekday() == time.Sunday && weekly >= 900:
				worth += 5
				if ofDay > 480 {
					worth += 5
				}
			case ofDay > 480, plainOfWeek >= 2400, weekly < 2400 && ofDay > int(contract[day.Date.Weekday()]):
				worth += 5
			default:
				plainOfWeek++
			}
			if clock := minute % 1440; m.Shop.FiveOrMore && (clock >= 1320 || clock < 360) {
				worth += 5
			}
			if day.Date >= m.Month.First() {
				sum += worth
			}
		}
	}
	return sum
}

// TestGrossGoesIntoPay carries a month through to net pay.
func TestGrossGoesIntoPay(t *testing.T) {
	l := builtIn(t)
	m := month(t, wage.Monthly, 2_800_000, schedule(8, 5))
	m.Contract.Allowances = []wage.Allowance{{Name: "식대", Amount: 200_000, Ordinary: true, TaxFree: wage.Meal}}
	gross := l.pay(t, m)
	net, err := l.rates.Pay(payroll.Input{
		Month: m.Month, Gross: gross.Gross, Nontaxable: gross.Nontaxable, Worker: payroll.Worker{Family: 1, Ratio: 100},
	})
	if err != nil {
		t.Fatal(err)
	}
	if net.Net.Amount != 2_665_440 {
		t.Errorf("got %d, want 2,665,440", net.Net.Amount)
	}
}

// BenchmarkPayslip computes a month from time records to net pay.
func BenchmarkPayslip(b *testing.B) {
	l := builtIn(b)
	m := month(b, wage.Hourly, 10_320, schedule(8, 5))
	m.Contract.Allowances = []wage.Allowance{{Name: "식대", Amount: 200_000, Ordinary: true, TaxFree: wage.Meal}}
	m.Days = overtimeOf(&m)
	for b.Loop() {
		gross, err := wage.Pay(&l.rates, l.calendar, m)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := l.rates.Pay(payroll.Input{
			Month: m.Month, Gross: gross.Gross, Nontaxable: gross.Nontaxable, Worker: payroll.Worker{Family: 1, Ratio: 100},
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "payslips/s")
}
