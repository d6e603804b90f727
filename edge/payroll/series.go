package payroll

import "shopbox/protocol/money"

// Clock says in which rhythm a rate changes.
type Clock string

// The clocks of Korean pay.
const (
	// CalendarYear rates change with January.
	CalendarYear Clock = "calendar_year"
	// JulyJune limits of the pension base change with July (국민연금법 시행령 5).
	JulyJune Clock = "july_june"
	// PremiumMonth rules change with the month a premium is for.
	PremiumMonth Clock = "premium_month"
	// PaymentMonth rules change with the month in which pay is paid out.
	PaymentMonth Clock = "payment_month"
	// WorkMonth rules change with the month the work is done in.
	WorkMonth Clock = "work_month"
)

// starts reports whether a rate of this clock may begin with month m.
func (c Clock) starts(m Month) bool {
	switch c {
	case CalendarYear:
		return m.Of() == 1
	case JulyJune:
		return m.Of() == 7
	case PremiumMonth, PaymentMonth, WorkMonth:
		return true
	}
	return false
}

// Series is one rate through time, oldest first, without overlaps. Months in
// no entry have no rate.
type Series[T any] struct {
	Clock   Clock      `json:"clock"`
	Entries []Dated[T] `json:"entries"`
}

// Dated is a rate, the months it holds for, and where it is written.
type Dated[T any] struct {
	From Month `json:"from"`
	// To is the last month; none while the law has no end.
	To     Month  `json:"to,omitzero"`
	Value  T      `json:"value"`
	Source string `json:"source"`
	// Remark says what is unconfirmed or must be watched.
	Remark string `json:"remark,omitempty"`
}

// At is the entry of a month, or CodeRateMissing naming the rate.
func (s Series[T]) At(name string, m Month) (Dated[T], error) {
	for _, entry := range s.Entries {
		if entry.From <= m && (entry.To == 0 || m <= entry.To) {
			return entry, nil
		}
	}
	return Dated[T]{}, fault(CodeRateMissing, "no %s is known for %s", name, m)
}

// check holds the entries to the clock, their order and a named source.
func (s Series[T]) check(name string) error {
	if len(s.Entries) == 0 {
		return fault(CodeRates, "%s has no entries", name)
	}
	for i, entry := range s.Entries {
		open := entry.To == 0
		switch {
		case !s.Clock.starts(entry.From):
			return fault(CodeRates, "%s from %s does not fit the clock %q", name, entry.From, s.Clock)
		case entry.Source == "":
			return fault(CodeRates, "%s from %s names no source", name, entry.From)
		case !open && entry.To < entry.From, open && i < len(s.Entries)-1:
			return fault(CodeRates, "%s from %s does not end after it begins", name, entry.From)
		case i > 0 && entry.From <= s.Entries[i-1].To:
			return fault(CodeRates, "%s from %s overlaps the entry before", name, entry.From)
		}
	}
	return nil
}

// Fraction is an exact rate; Den is above zero.
type Fraction struct {
	Num int64 `json:"num"`
	Den int64 `json:"den"`
}

// of is the amount times the rate, everything under 10 won cut off
// (국고금관리법 47①, 국민건강보험법 107).
func (f Fraction) of(amount money.Won) money.Won {
	return floor10(money.Won(int64(amount) * f.Num / f.Den))
}

// plus adds a rate over the same denominator.
func (f Fraction) plus(g Fraction) Fraction { return Fraction{Num: f.Num + g.Num, Den: f.Den} }

// valid keeps a rate between nothing and all.
func (f Fraction) valid() bool {
	return f.Den > 0 && f.Den <= million && f.Num >= 0 && f.Num <= f.Den
}

// million is the denominator of rates in parts per million.
const million = 1_000_000

// ppm is a rate in parts per million.
func ppm(parts int64) Fraction { return Fraction{Num: parts, Den: million} }

// floor10 drops what is under 10 won (국고금관리법 47①); never of a negative.
func floor10(amount money.Won) money.Won { return amount / 10 * 10 }

// times is one rate of another.
func (f Fraction) times(g Fraction) Fraction { return Fraction{Num: f.Num * g.Num, Den: f.Den * g.Den} }

// rest is what the rate leaves of the whole.
func (f Fraction) rest() Fraction { return Fraction{Num: f.Den - f.Num, Den: f.Den} }

// Limits are a lowest and a highest amount in won.
type Limits struct {
	Low  money.Won `json:"low"`
	High money.Won `json:"high"`
}

func (l Limits) clamp(amount money.Won) money.Won { return min(max(amount, l.Low), l.High) }
