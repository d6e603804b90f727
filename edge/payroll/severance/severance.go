// Package severance computes what is due to a worker who leaves: severance
// pay from the average or the ordinary wage (근로자퇴직급여보장법 4, 8, 9;
// 근로기준법 2①6, 2②) and the income tax on it (소득세법 48, 55②). The shop's
// leaving screen calls it. It is pure; every figure is exact to the last step
// and says how it came about.
package severance

import (
	"math/big"

	"shopbox/edge/payroll"
	"shopbox/protocol/money"
)

// The refusals of this room, beside those of the engine.
const (
	// CodeService is a leaving date not after the day of joining.
	CodeService payroll.Code = "service_invalid"
	// CodeWages is pay that does not cover the last three months day by day.
	CodeWages payroll.Code = "wages_not_three_months"
	// CodeOrdinary is an ordinary wage below nothing or of no hours.
	CodeOrdinary payroll.Code = "ordinary_wage_invalid"
	// CodeHours is a week of less than no or more than all hours.
	CodeHours payroll.Code = "weekly_hours_out_of_range"
)

// Stretch is pay for the days from From to To, both counted.
type Stretch struct {
	From, To payroll.Date
	Pay      money.Won
}

// Input is a worker who leaves.
type Input struct {
	// Joined is the first day of employment, or the day after an earlier
	// settlement; Left the day after the last (퇴직일).
	Joined, Left payroll.Date
	// Born decides on the retirement account; none means younger.
	Born payroll.Date
	// WeeklyMinutes are the contracted minutes of a week, averaged over four.
	WeeklyMinutes int
	// Wages are what was earned in the three months before Left; together the
	// stretches cover Window.
	Wages []Stretch
	// YearBonus is what was paid in bonuses within the last twelve months, and
	// LeavePay for leave of the year before that stayed unused: a quarter of
	// each belongs to the three months.
	YearBonus, LeavePay money.Won
	// ExcludedDays of the three months count for neither days nor pay, such as
	// maternity leave or time off at the employer's fault.
	ExcludedDays int
	// OrdinaryDaily is the ordinary wage of a day in won, such as
	// 2,360,000 x 8 / 209.
	OrdinaryDaily payroll.Fraction
	// Paid is the month of payment; none means that of Left.
	Paid payroll.Month
}

// Result is the claim computed.
type Result struct {
	// ServiceDays are the days of employment.
	ServiceDays int
	// Average is the average wage of a day, Ordinary the ordinary one; the
	// amounts are rounded up to the won, the exact values are their rates.
	Average, Ordinary payroll.Figure
	// Pay is the severance pay, nothing when none is due.
	Pay payroll.Figure
	// Income and Local are the taxes on it.
	Income, Local payroll.Figure
	// RetirementAccount says that the pay goes, whole, into the worker's
	// retirement account (IRP) and the taxes are put off.
	RetirementAccount bool
	// Net is what the employer pays: Pay, less the taxes unless put off.
	Net payroll.Figure
	// Deadline is the last day to pay; ClaimEnds the last day to claim.
	Deadline, ClaimEnds payroll.Date
}

// Window is the three months before the leaving date, cut at the ends of
// calendar months: what Wages must cover. Pay is left to fill in.
func Window(left payroll.Date) []Stretch {
	var parts []Stretch
	for day := left.AddMonths(-3); day < left; {
		to := min(day.Month().Last(), left-1)
		parts = append(parts, Stretch{From: day, To: to})
		day = to + 1
	}
	return parts
}

// Compute is the whole claim. Errors are this room's and CodeRateMissing.
func Compute(rates *payroll.Rates, in Input) (Result, error) {
	if err := in.check(); err != nil {
		return Result{}, err
	}
	rule, err := rates.Severance.At("severance rules", in.Left.Month())
	if err != nil {
		return Result{}, err
	}
	average, ordinary := in.average(), in.ordinary()
	result := Result{
		ServiceDays: int(in.Left - in.Joined),
		Average:     in.averageFigure(average, rule.Source), Ordinary: ordinaryFigure(ordinary),
		// The first of the days is the leaving date itself, the careful reading.
		Deadline:  in.Left + payroll.Date(rule.Value.DeadlineDays) - 1,
		ClaimEnds: in.Left.AddMonths(12*rule.Value.ClaimYears) - 1,
	}
	daily := average
	if ordinary.Cmp(average) > 0 {
		daily = ordinary
	}
	result.Pay = in.pay(rule, daily, result)
	result.RetirementAccount = in.intoAccount(rule.Value, result.Pay.Amount)
	if result.RetirementAccount {
		result.Pay.Remark("퇴직금은 근로자의 개인형퇴직연금(IRP) 계정으로 보내요. 세금은 그때 떼지 않고 나중에 내요(근로자퇴직급여보장법 9②).")
	}
	return in.taxed(rates, result)
}

// average is the wages of the three months and a quarter of the year's bonus
// and leave pay, over the calendar days (근로기준법 2①6).
func (in Input) average() *big.Rat {
	quarters := 4*sum(in.Wages) + in.YearBonus + in.LeavePay
	return big.NewRat(int64(quarters), 4*int64(in.days()))
}

func (in Input) ordinary() *big.Rat { return big.NewRat(in.OrdinaryDaily.Num, in.OrdinaryDaily.Den) }

// days are the calendar days of the three months that count.
func (in Input) days() int { return int(in.Left-in.Left.AddMonths(-3)) - in.ExcludedDays }

func (in Input) averageFigure(average *big.Rat, source string) payroll.Figure {
	figure := payroll.Figure{
		Name: "average_daily_wage", Amount: ceil(average),
		Rule: "(wages + year_bonus x 3/12 + leave_pay x 3/12) / days, rounded up",
		Inputs: []payroll.Amount{
			{Name: "wages", Value: int64(sum(in.Wages))},
			{Name: "year_bonus", Value: int64(in.YearBonus)},
			{Name: "leave_pay", Value: int64(in.LeavePay)},
			{Name: "days", Value: int64(in.days())},
		},
		Rate: fraction(average),
	}
	figure.Cite(source, "")
	if in.ExcludedDays > 0 {
		figure.Cite("근로기준법 시행령 2", "unconfirmed: which periods leave the three months is from memory")
	}
	return figure
}

func ordinaryFigure(ordinary *big.Rat) payroll.Figure {
	return payroll.Figure{
		Name: "ordinary_daily_wage", Amount: ceil(ordinary), Rule: "hourly ordinary wage x contracted hours of a day, rounded up",
		Inputs: []payroll.Amount{}, Rate: fraction(ordinary), Sources: []string{"근로기준법 시행령 6②③"},
	}
}

// pay is thirty days' wage for each year, by the day (근로자퇴직급여보장법
// 8①), on the higher of the two daily wages (근로기준법 2②).
func (in Input) pay(rule payroll.Dated[payroll.Severance], daily *big.Rat, result Result) payroll.Figure {
	figure := payroll.Figure{
		Name: "severance",
		Inputs: []payroll.Amount{
			{Name: "average_daily_wage", Value: int64(result.Average.Amount)},
			{Name: "ordinary_daily_wage", Value: int64(result.Ordinary.Amount)},
			{Name: "service_days", Value: int64(result.ServiceDays)},
		},
		Rate: payroll.Fraction{Num: int64(rule.Value.DaysPerYear), Den: 365},
	}
	figure.Cite(rule.Source, rule.Remark)
	switch {
	case in.Left < in.Joined.AddMonths(12*rule.Value.LeastYears):
		figure.Rule = "0, employed for less than a year"
	case in.WeeklyMinutes < 60*rule.Value.LeastWeeklyHours:
		figure.Rule = "0, less than 15 hours a week"
	default:
		figure.Rule = "exact(max(average_daily_wage, ordinary_daily_wage)) x 30 x service_days / 365, rounded up"
		whole := new(big.Rat).Mul(daily, big.NewRat(int64(rule.Value.DaysPerYear*result.ServiceDays), 365))
		figure.Amount = ceil(whole)
		figure.Remark("the law sets no rounding; the sum is rounded up to the won in the worker's favour")
	}
	return figure
}

// intoAccount reports whether the pay must go into the worker's retirement
// account (근로자퇴직급여보장법 9②).
func (in Input) intoAccount(rule payroll.Severance, pay money.Won) bool {
	old := in.Born != 0 && in.Left >= in.Born.AddMonths(12*rule.RetirementAccountBelowAge)
	return pay > rule.RetirementAccountOver && !old
}

// taxed adds the taxes and what is left to pay.
func (in Input) taxed(rates *payroll.Rates, result Result) (Result, error) {
	paid := in.Paid
	if paid == 0 {
		paid = in.Left.Month()
	}
	var err error
	if result.Income, result.Local, err = Tax(rates, paid, result.Pay.Amount, Years(in.Joined, in.Left)); err != nil {
		return Result{}, err
	}
	result.Net = payroll.Figure{
		Name: "severance_net", Amount: result.Pay.Amount, Rule: "severance - taxes, or severance when the taxes are put off",
		Inputs: []payroll.Amount{
			{Name: "severance", Value: int64(result.Pay.Amount)},
			{Name: "income_tax", Value: int64(result.Income.Amount)},
			{Name: "local_tax", Value: int64(result.Local.Amount)},
		},
		Rate:    payroll.Fraction{Num: 1, Den: 1},
		Sources: []string{"소득세법 127①7, 146②", "지방세법 103의13"},
	}
	if !result.RetirementAccount {
		result.Net.Amount -= result.Income.Amount + result.Local.Amount
	}
	return result, nil
}

// check keeps the input to what the sums can hold and the law asks for.
func (in Input) check() error {
	switch {
	case in.Joined <= 0 || in.Left <= in.Joined:
		return payroll.Refuse(CodeService, "%s is not after %s, the first day", in.Left, in.Joined)
	case in.OrdinaryDaily.Den <= 0 || in.OrdinaryDaily.Num < 0 || in.OrdinaryDaily.Num/in.OrdinaryDaily.Den > int64(payroll.MaxPay)/366:
		return payroll.Refuse(CodeOrdinary, "the ordinary wage of a day is needed, in won")
	case in.WeeklyMinutes < 0 || in.WeeklyMinutes > 7*24*60:
		return payroll.Refuse(CodeHours, "%d minutes do not fit in a week", in.WeeklyMinutes)
	case in.ExcludedDays < 0 || in.days() <= 0:
		return payroll.Refuse(CodeWages, "%d excluded days leave none of the three months", in.ExcludedDays)
	}
	for _, amount := range []money.Won{in.YearBonus, in.LeavePay, sum(in.Wages)} {
		if amount < 0 || amount > payroll.MaxPay {
			return payroll.Refuse(payroll.CodePay, "pay of %d won is not from 0 to %d", amount, payroll.MaxPay)
		}
	}
	return in.checkWages()
}

// checkWages holds the stretches to the three months, or to the whole of a
// shorter employment, without gap or overlap.
func (in Input) checkWages() error {
	next := max(in.Left.AddMonths(-3), in.Joined)
	for _, part := range in.Wages {
		if part.From != next || part.To < part.From || part.Pay < 0 || part.Pay > payroll.MaxPay {
			return payroll.Refuse(CodeWages, "pay is needed from %s on, not from %s", next, part.From)
		}
		next = part.To + 1
	}
	if next != in.Left {
		return payroll.Refuse(CodeWages, "pay is given up to %s, not to %s", next-1, in.Left-1)
	}
	return nil
}

func sum(parts []Stretch) money.Won {
	var total money.Won
	for _, part := range parts {
		total += part.Pay
	}
	return total
}

// ceil rounds a value of nothing or more up to the won.
func ceil(value *big.Rat) money.Won {
	whole, rest := new(big.Int).QuoRem(value.Num(), value.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		whole.Add(whole, big.NewInt(1))
	}
	return money.Won(whole.Int64())
}

func fraction(value *big.Rat) payroll.Fraction {
	return payroll.Fraction{Num: value.Num().Int64(), Den: value.Denom().Int64()}
}
