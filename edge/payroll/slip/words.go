package slip

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

// labels are the words of computed amounts; an amount of another name is
// called by it.
var labels = map[string]string{
	"base":                 "기본급",
	"beyond_contract":      "계약 외 근로수당",
	"absence":              "결근·지각 공제",
	"weekly_holiday":       "주휴수당",
	"public_holiday":       "유급휴일수당",
	"paid_leave":           "유급휴가수당",
	"overtime":             "연장근로수당",
	"night":                "야간근로수당",
	"holiday_work":         "휴일근로수당",
	"holiday_overtime":     "휴일연장수당",
	"commission":           "실적급",
	"commission_guarantee": "최저보장 보전",
	"pension":              "국민연금",
	"health":               "건강보험",
	"ltc":                  "장기요양보험",
	"employment":           "고용보험",
	"income_tax":           "소득세",
	"local_tax":            "지방소득세",
	"employer_pension":     "국민연금(사업주)",
	"employer_health":      "건강보험(사업주)",
	"employer_ltc":         "장기요양보험(사업주)",
	"employer_employment":  "고용보험(사업주)",
	"accident":             "산재보험(사업주)",
	"severance_accrual":    "퇴직금 적립(예상)",
}

// label is the word for an amount.
func label(name string) string {
	if word, ok := labels[name]; ok {
		return word
	}
	return name
}

// kinds of work as the sentence of an item begins.
var kinds = map[string]string{
	"base":             "근로",
	"beyond_contract":  "계약 외",
	"absence":          "결근·지각",
	"weekly_holiday":   "주휴",
	"public_holiday":   "유급휴일",
	"paid_leave":       "유급휴가",
	"overtime":         "연장",
	"night":            "야간",
	"holiday_work":     "휴일",
	"holiday_overtime": "휴일 8시간 초과",
}

// Sentence says in Korean how a figure came about, or nothing when it says no
// more than its amount.
func Sentence(figure payroll.Figure) string {
	switch figure.Rule {
	case "0, not insured":
		return "가입 대상이 아니에요"
	case "0, due from the month after joining":
		return "입사한 다음 달부터 내요"
	case "as billed":
		return "공단이 고지한 금액"
	case "ceil(amount x employed_days / days)":
		return fmt.Sprintf("%s × %d일 ÷ %d일", won(input(figure, "amount")), input(figure, "employed_days"), input(figure, "days"))
	}
	if has(figure, "minutes") && has(figure, "hourly") {
		return timed(figure)
	}
	return named(figure)
}

// named is the sentence of an amount by its name.
func named(figure payroll.Figure) string {
	switch figure.Name {
	case "pension", "employer_pension":
		return "기준소득월액 " + won(input(figure, "base")) + " × " + percent(figure.Rate)
	case "health", "employer_health":
		return limited(figure, "보수월액 "+won(input(figure, "taxable"))+" × "+percent(figure.Rate))
	case "ltc", "employer_ltc":
		return "건강보험료 " + won(input(figure, "health")) + " × " + percent(figure.Rate)
	case "employment", "employer_employment", "accident":
		return "보수 " + won(input(figure, "taxable")) + " × " + percent(figure.Rate)
	case "income_tax":
		return incomeTax(figure)
	case "local_tax":
		return "소득세 " + won(input(figure, "income_tax")) + " × " + percent(figure.Rate)
	case "commission":
		return "매출 " + won(input(figure, "part")) + " × " + percent(figure.Rate)
	case "commission_guarantee":
		return "최저보장 " + won(input(figure, "guarantee")) + " - 실적급 " + won(input(figure, "commission"))
	case "severance_accrual":
		return "임금 총액 " + won(input(figure, "gross")) + " ÷ 12"
	}
	return ""
}

// limited is the lowest or highest premium when the sentence is not the
// amount's.
func limited(figure payroll.Figure, sentence string) string {
	switch int64(figure.Amount) {
	case input(figure, "low"):
		return "보험료 하한액"
	case input(figure, "high"):
		return "보험료 상한액"
	}
	return sentence
}

func incomeTax(figure payroll.Figure) string {
	var text strings.Builder
	fmt.Fprintf(&text, "간이세액표: 월급여 %s, 가족 %d명", won(input(figure, "taxable")), input(figure, "family"))
	if children := input(figure, "children"); children > 0 {
		fmt.Fprintf(&text, ", 자녀 %d명 공제 %s", children, won(input(figure, "children_relief")))
	}
	if figure.Rate.Num != figure.Rate.Den {
		text.WriteString(", " + percent(figure.Rate) + " 선택")
	}
	if figure.Amount == 0 && input(figure, "table") > input(figure, "children_relief") {
		text.WriteString(", " + won(input(figure, "small_amount")) + " 미만이라 떼지 않아요")
	}
	return text.String()
}

// timed says an amount paid by time: the hours, the hourly wage and the
// factor: 연장 12.5시간 × 12,345원 × 1.5.
func timed(figure payroll.Figure) string {
	minutes, hourly := fraction(figure, "minutes"), fraction(figure, "hourly")
	text := hours(minutes) + " × " + wonPart(hourly)
	if word := kinds[figure.Name]; word != "" {
		text = word + " " + text
	}
	if figure.Rate.Num != figure.Rate.Den && figure.Rate.Num != -figure.Rate.Den {
		text += " × " + decimal(figure.Rate)
	}
	if figure.Amount < 0 && kept(figure, minutes, hourly) {
		text += ", 일한 시간의 임금은 남겨요"
	}
	return text
}

// kept reports whether less was taken off than the time missed comes to.
func kept(figure payroll.Figure, minutes, hourly payroll.Fraction) bool {
	whole := new(big.Rat).Mul(big.NewRat(minutes.Num, minutes.Den*60), big.NewRat(hourly.Num, hourly.Den))
	taken := big.NewRat(int64(-figure.Amount), 1)
	return whole.Sub(whole, taken).Cmp(big.NewRat(1, 1)) >= 0
}

// has reports whether a number, or both halves of a fraction, are among the
// inputs.
func has(figure payroll.Figure, name string) bool {
	return fraction(figure, name).Den != 0
}

// fraction is a named input that may be given as two halves; none is over 0.
func fraction(figure payroll.Figure, name string) payroll.Fraction {
	for _, in := range figure.Inputs {
		switch in.Name {
		case name:
			return payroll.Fraction{Num: in.Value, Den: 1}
		case name + "_numerator":
			return payroll.Fraction{Num: in.Value, Den: input(figure, name+"_denominator")}
		}
	}
	return payroll.Fraction{}
}

// input is a named input of a figure.
func input(figure payroll.Figure, name string) int64 {
	for _, in := range figure.Inputs {
		if in.Name == name {
			return in.Value
		}
	}
	return 0
}

func won(amount int64) string { return money.Won(amount).String() + "원" }

// wonPart is an exact wage with its won, and two places when it has parts of
// a won.
func wonPart(value payroll.Fraction) string {
	if value.Num%value.Den == 0 {
		return won(value.Num / value.Den)
	}
	hundredths := (value.Num%value.Den*200 + value.Den) / (2 * value.Den)
	return fmt.Sprintf("%s.%02d원", money.Won(value.Num/value.Den+hundredths/100), hundredths%100)
}

// Hours is a length of work in words, or nothing for none.
func Hours(minutes worktime.Minutes) string {
	if minutes == 0 {
		return ""
	}
	return hours(payroll.Fraction{Num: int64(minutes), Den: 1})
}

// hours is a length of time: 12.5시간 when two places say it exactly, else
// 12시간 20분.
func hours(minutes payroll.Fraction) string {
	if minutes.Num*100%(minutes.Den*60) == 0 {
		return decimal(payroll.Fraction{Num: minutes.Num, Den: minutes.Den * 60}) + "시간"
	}
	whole := (minutes.Num + minutes.Den/2) / minutes.Den
	return fmt.Sprintf("%d시간 %d분", whole/60, whole%60)
}

// percent is a rate as 4.75%, or as a fraction when four places do not do.
func percent(rate payroll.Fraction) string {
	hundred := payroll.Fraction{Num: rate.Num * 100, Den: rate.Den}
	if text := decimal(hundred); !strings.Contains(text, "/") {
		return text + "%"
	}
	return decimal(rate)
}

// decimal is an exact value with up to four places and no needless zeros, or
// a fraction when that is not exact.
func decimal(value payroll.Fraction) string {
	const places = 10_000
	if value.Num*places%value.Den != 0 {
		return fmt.Sprintf("%s/%s", money.Won(value.Num), money.Won(value.Den))
	}
	scaled := value.Num * places / value.Den
	text := strings.TrimRight(fmt.Sprintf("%04d", scaled%places), "0")
	if text == "" {
		return money.Won(scaled / places).String()
	}
	return strconv.FormatInt(scaled/places, 10) + "." + text
}
