package vertical

import "errors"

// ErrCodeRule says that a rule for in-store labels makes no sense.
var ErrCodeRule = errors.New("code_rule_invalid")

// LabelValue is what an in-store label carries besides the item.
type LabelValue string

// The values of an in-store label.
const (
	LabelPrice  LabelValue = "price"
	LabelWeight LabelValue = "weight"
)

// CodeRule describes the shop's own EAN-13 labels, as a label scale prints
// them: prefix, item, perhaps a check digit of the value, value, check digit.
// GS1 leaves the layout under prefixes 02 and 20 to 29 to the shop.
type CodeRule struct {
	// Prefix is one to three digits; P stands for any digit, so "2P" is 20 to 29.
	Prefix string
	// ItemDigits and ValueDigits are how long item and value are. With the
	// prefix and the value's check digit they make twelve digits.
	ItemDigits, ValueDigits int
	Value                   LabelValue
	// Decimals is how many digits of a weight in kg come after the point, 0 to
	// 3. A price is whole won: 0.
	Decimals int
	// ValueCheck says that the value's own check digit stands before it (GS1
	// General Specifications 7.9; values of four or five digits).
	ValueCheck bool
}

const (
	maxPrefix   = 3
	dataDigits  = 12
	maxDecimals = 3
	// AnyDigit stands for any digit in a CodeRule's prefix.
	AnyDigit = 'P'
)

// Check reports whether the rule describes an EAN-13 label.
func (r CodeRule) Check() error {
	check := 0
	if r.ValueCheck {
		check = 1
	}
	switch {
	case len(r.Prefix) == 0 || len(r.Prefix) > maxPrefix || !prefixText(r.Prefix):
		return ErrCodeRule
	case r.ItemDigits < 1 || r.ValueDigits < 1:
		return ErrCodeRule
	case len(r.Prefix)+r.ItemDigits+check+r.ValueDigits != dataDigits:
		return ErrCodeRule
	case r.Decimals < 0 || r.Decimals > r.Value.decimals():
		return ErrCodeRule
	case r.ValueCheck && r.ValueDigits != 4 && r.ValueDigits != 5:
		return ErrCodeRule
	}
	return nil
}

// Matches reports whether thirteen digits begin with the rule's prefix.
func (r CodeRule) Matches(digits string) bool {
	if len(digits) != dataDigits+1 {
		return false
	}
	for i := range len(r.Prefix) {
		if r.Prefix[i] != AnyDigit && r.Prefix[i] != digits[i] {
			return false
		}
	}
	return true
}

// decimals is how many digits after the point the value may have at most, below
// zero for a value that is none.
func (v LabelValue) decimals() int {
	switch v {
	case LabelPrice:
		return 0
	case LabelWeight:
		return maxDecimals
	}
	return -1
}

// prefixText reports whether a prefix begins with a digit and holds only
// digits and P.
func prefixText(prefix string) bool {
	for i := range len(prefix) {
		digit := prefix[i] >= '0' && prefix[i] <= '9'
		if !digit && (prefix[i] != AnyDigit || i == 0) {
			return false
		}
	}
	return true
}
