package drivers

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"shopbox/protocol/money"
)

// Scale is a weighing scale.
type Scale interface {
	Device
	// Weigh is what lies on the scale now. A scale that still moves is
	// ErrUnstable, one with too much on it ErrOverload, one below its zero
	// ErrBelowZero: none of them is a weight to sell by.
	Weigh(ctx context.Context) (Weight, error)
}

// Weight is a stable weight as the scale itself says it; nobody rounds it.
type Weight struct {
	// Net is thousandths of a kilogram, without the tare the scale knows.
	Net money.Milli
	// Tared says that the scale took a tare off.
	Tared bool
}

// Zeroer is a scale that can be set to zero from the box.
type Zeroer interface {
	Zero(ctx context.Context) error
}

// maxKilograms is far above what any shop's scale carries.
const maxKilograms = 100_000

// ParseKilograms reads a weight in kilograms as scales write it: digits with
// at most one point, filled up with blanks or zeros, a minus sign anywhere
// before the digits. What is finer than a gram is not rounded but refused,
// like everything else that is no weight, as ErrProtocol.
func ParseKilograms(text string) (money.Milli, error) {
	digits := strings.TrimSpace(text)
	unsigned := strings.TrimPrefix(digits, "-")
	negative := unsigned != digits
	whole, fraction, pointed := strings.Cut(strings.TrimSpace(unsigned), ".")
	if pointed && fraction == "" || !decimals(whole) || pointed && !decimals(fraction) {
		return 0, fmt.Errorf("%w: weight %q", ErrProtocol, text)
	}
	fine := strings.TrimRight(fraction, "0")
	kilograms, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || kilograms > maxKilograms || len(fine) > 3 {
		return 0, fmt.Errorf("%w: weight %q", ErrProtocol, text)
	}
	grams, err := strconv.ParseInt((fine + "000")[:3], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: weight %q", ErrProtocol, text)
	}
	weight := money.Milli(kilograms*1000 + grams)
	if negative {
		weight = -weight
	}
	return weight, nil
}

func decimals(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// IsScale opens a scale, asks it once and closes it again; it reports whether
// something answered as such a scale does, be it that it has no weight to sell
// by just now.
func IsScale(ctx context.Context, scale Scale) bool {
	defer scale.Close()
	if err := scale.Open(ctx); err != nil {
		return false
	}
	switch _, err := scale.Weigh(ctx); Code(err) {
	case "", ErrUnstable.Error(), ErrOverload.Error(), ErrBelowZero.Error():
		return true
	}
	return false
}
