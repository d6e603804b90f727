package catalog

import "strings"

// ValidCheckDigit reports whether the last digit of a GTIN, EAN or UPC is
// right: from the right, digits count three times and once in turn (GS1 General
// Specifications 7.9.1).
func ValidCheckDigit(code string) bool {
	if len(code) < 2 || !digits(code) {
		return false
	}
	return checkDigit(code[:len(code)-1]) == code[len(code)-1]
}

// checkDigit is the check digit for the digits before it.
func checkDigit(data string) byte {
	sum, weight := 0, 3
	for i := len(data) - 1; i >= 0; i-- {
		sum += int(data[i]-'0') * weight
		weight = 4 - weight
	}
	return byte('0' + (10-sum%10)%10)
}

// AIM identifiers (ISO/IEC 15424) that matter here.
const (
	aimEAN8 = "]E4"
	aimUPC  = "]E0"
)

// cutAIM takes the AIM symbology identifier off, which a scanner puts before
// the code when told to: a bracket, a letter and a letter or digit.
func cutAIM(code string) (symbol, rest string) {
	for len(code) > 3 && code[0] == ']' && letter(code[1]) {
		symbol, code = code[:3], strings.TrimSpace(code[3:])
	}
	return symbol, code
}

func letter(c byte) bool { return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' }

func gs1Symbol(symbol string) bool {
	switch symbol {
	case "]C1", "]d2", "]Q3", "]e0":
		return true
	}
	return false
}

// groupSeparator ends a field of variable length in a GS1 code.
const groupSeparator = 0x1d

// eightDigits tells EAN-8 and UPC-E apart, which are equally long. A number
// that could be either is UPC-E when it begins with 0, for EAN-8 gives no 0 to
// goods that leave their shop. That holds even where the symbol says EAN-8, so
// that a code is the same however it was read or typed.
func eightDigits(code, symbol string) (string, bool) {
	ean := ValidCheckDigit(code)
	long, upc := expandUPCE(code)
	switch {
	case symbol == aimUPC:
		return long, upc
	case ean && (!upc || code[0] != '0'):
		return code, true
	case symbol == aimEAN8 && !ean:
		return "", false
	}
	return long, upc
}

// expandUPCE writes a UPC-E code out as EAN-13 (GS1 General Specifications
// 5.2.2.4.2); ok is false when it is none or its check digit is wrong.
func expandUPCE(code string) (long string, ok bool) {
	if len(code) != 8 || code[0] > '1' {
		return "", false
	}
	system, body, check := code[:1], code[1:7], code[7]
	var data string
	switch last := body[5]; {
	case last <= '2':
		data = system + body[:2] + string(last) + "0000" + body[2:5]
	case last == '3':
		data = system + body[:3] + "00000" + body[3:5]
	case last == '4':
		data = system + body[:4] + "00000" + body[4:5]
	default:
		data = system + body[:5] + "0000" + string(last)
	}
	return "0" + data + string(check), checkDigit(data) == check
}

// valueCheckDigit is the check digit of a label's price or weight (GS1 General
// Specifications 7.9.2 to 7.9.4) of four or five digits.
func valueCheckDigit(value string) byte {
	d := func(i int) int { return int(value[i] - '0') }
	if len(value) == 4 {
		sum := minus2(d(0)) + minus2(d(1)) + 3*d(2)%10 + minus5(d(3))
		return byte('0' + sum*3%10)
	}
	sum := plus5(d(0)) + minus2(d(1)) + minus5(d(2)) + plus5(d(3)) + minus2(d(4))
	rest := (10 - sum%10) % 10
	for digit := range 10 {
		if minus5(digit) == rest {
			return byte('0' + digit)
		}
	}
	return 0
}

// The weighting factors 2-, 5- and 5+: the product's units less (or with) its
// tens.
func minus2(digit int) int { return (2*digit%10 - 2*digit/10 + 10) % 10 }
func minus5(digit int) int { return (5*digit%10 - 5*digit/10 + 10) % 10 }
func plus5(digit int) int  { return (5*digit%10 + 5*digit/10) % 10 }
