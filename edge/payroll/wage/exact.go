package wage

import (
	"math/big"

	"shopbox/edge/payroll"
	"shopbox/edge/payroll/worktime"
	"shopbox/protocol/money"
)

func whole[N ~int | ~int64](n N) *big.Rat { return new(big.Rat).SetInt64(int64(n)) }

func ratOf(f payroll.Fraction) *big.Rat { return big.NewRat(f.Num, f.Den) }

func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

func over(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) }

func plus(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }

// floor is the whole won of an amount not below nothing.
func floor(r *big.Rat) money.Won {
	return money.Won(new(big.Int).Quo(r.Num(), r.Denom()).Int64())
}

// ceil rounds up to the won: where the law sets no rounding the worker gets
// the fraction.
func ceil(r *big.Rat) money.Won {
	won := floor(r)
	if r.IsInt() {
		return won
	}
	return won + 1
}

// roundedUp is the remark on every amount made by ceil.
const roundedUp = "rounded up to the won: the law sets no rounding, so the fraction goes to the worker"

// fractionOf is r as a fraction of whole numbers, or payroll.CodePay for
// amounts too large to be exact.
func fractionOf(r *big.Rat) (payroll.Fraction, error) {
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return payroll.Fraction{}, payroll.Refuse(payroll.CodePay, "the wage is too large to be computed exactly")
	}
	return payroll.Fraction{Num: r.Num().Int64(), Den: r.Denom().Int64()}, nil
}

// perHour is an amount a minute as one an hour.
func perHour(minute *big.Rat) *big.Rat { return times(minute, whole(worktime.Hour)) }
