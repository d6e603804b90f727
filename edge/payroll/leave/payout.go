package leave

import (
	"math/big"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

// Pay is the pay of unused leave at an hourly ordinary wage in won, rounded up
// to the won (근로기준법 60⑤, 36). hourly is wage.Result's Hourly of the month
// in which the leave could last be taken. Less than no time or pay is
// payroll.CodePay.
func Pay(minutes worktime.Minutes, hourly payroll.Fraction) (payroll.Figure, error) {
	if minutes < 0 || hourly.Num < 0 || hourly.Den < 1 {
		return payroll.Figure{}, payroll.Refuse(payroll.CodePay, "%d minutes at %d/%d won cannot be paid", minutes, hourly.Num, hourly.Den)
	}
	amount := new(big.Rat).Mul(big.NewRat(hourly.Num, hourly.Den), big.NewRat(int64(minutes), int64(worktime.Hour)))
	won, rest := new(big.Int).QuoRem(amount.Num(), amount.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		won.Add(won, big.NewInt(1))
	}
	if !won.IsInt64() || money.Won(won.Int64()) > payroll.MaxPay {
		return payroll.Figure{}, payroll.Refuse(payroll.CodePay, "the pay of unused leave is over %d won", payroll.MaxPay)
	}
	figure := payroll.Figure{
		Name: "leave_payout", Amount: money.Won(won.Int64()), Rule: "ceil(minutes / 60 x hourly)", Rate: hourly,
		Inputs: []payroll.Amount{{Name: "minutes", Value: int64(minutes)}},
	}
	figure.Cite("근로기준법 60⑤, 61", "at the ordinary wage; work rules may say the average wage; rounded up to the won, for the law sets no rounding")
	return figure, nil
}
