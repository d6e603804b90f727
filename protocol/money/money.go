// Package money holds whole Korean won and the few sums that must never be a
// won off: the split of a price into supply and VAT, and the spreading of an
// amount over parts. Every room of both programs calls it. No float is ever
// involved, and parts always add up to their whole.
package money

import (
	"fmt"
	"math/bits"
	"strconv"
)

// Won is an amount in whole Korean won; negative for money going back.
type Won int64

// VAT says how value added tax applies to a good (부가가치세법 26, 30).
type VAT string

// The kinds of VAT treatment a shop meets.
const (
	// Taxable goods carry 10 % inside the shelf price.
	Taxable VAT = "taxable"
	// Exempt goods (면세, art. 26) carry none.
	Exempt VAT = "exempt"
)

// Valid reports whether v is a known treatment.
func (v VAT) Valid() bool { return v == Taxable || v == Exempt }

// SplitIncluded divides a VAT-inclusive taxable amount into supply value and
// VAT: VAT is 1/11 rounded half up (there are no ties with 11), the rest is
// supply, so both always add up to the amount. It works on the total of a
// receipt, never line by line. Negative amounts mirror positive ones.
func SplitIncluded(taxable Won) (supply, vat Won) {
	if taxable < 0 {
		supply, vat = SplitIncluded(-taxable)
		return -supply, -vat
	}
	// Written as quotient and remainder so that no amount overflows.
	vat = taxable/11 + (2*(taxable%11)+11)/22
	return taxable - vat, vat
}

// Spread divides total over parts in proportion to the weights so that the
// parts add up to total exactly: each part gets its floor, and the won left
// over go one each to the largest remainders, earlier parts first. Negative
// weights count as zero; when all weights are zero the first part gets all.
// It is how a discount on a whole receipt reaches its lines.
func Spread(total Won, weights []Won) []Won {
	parts := make([]Won, len(weights))
	if len(weights) == 0 {
		return parts
	}
	if total < 0 {
		for i, p := range Spread(-total, weights) {
			parts[i] = -p
		}
		return parts
	}
	var sum uint64
	for _, w := range weights {
		sum += uint64(max(w, 0))
	}
	if sum == 0 {
		parts[0] = total
		return parts
	}
	rest := total
	remainders := make([]uint64, len(weights))
	for i, w := range weights {
		quotient, remainder := mulDiv(uint64(total), uint64(max(w, 0)), sum)
		parts[i], remainders[i] = Won(quotient), remainder
		rest -= parts[i]
	}
	for ; rest > 0; rest-- {
		parts[takeLargest(remainders)]++
	}
	return parts
}

// takeLargest finds the largest remainder, earliest first, and spends it.
func takeLargest(remainders []uint64) int {
	best := 0
	for i, r := range remainders {
		if r > remainders[best] {
			best = i
		}
	}
	remainders[best] = 0
	return best
}

// mulDiv returns a*b/c and the remainder without overflow; b <= c.
func mulDiv(a, b, c uint64) (quotient, remainder uint64) {
	hi, lo := bits.Mul64(a, b)
	return bits.Div64(hi, lo, c)
}

// Milli is a quantity in thousandths of its unit: 1000 is one piece, 1234 is
// 1.234 kg.
type Milli int64

// One is a single piece.
const One Milli = 1000

// Times is the price of a quantity at a unit price, rounded half up (away
// from zero for negative quantities) to the won.
func (w Won) Times(quantity Milli) Won {
	if quantity < 0 {
		return -w.Times(-quantity)
	}
	if w < 0 {
		return -(-w).Times(quantity)
	}
	whole, part := int64(quantity/One), int64(quantity%One)
	return Won(int64(w)*whole + (int64(w)*part+500)/1000)
}

// Permille is the given number of thousandths of an amount (100 is 10 %),
// rounded half up to the won.
func (w Won) Permille(permille int64) Won {
	if w < 0 {
		return -(-w).Permille(permille)
	}
	whole, part := int64(w)/1000, int64(w)%1000
	return Won(whole*permille + (part*permille+500)/1000)
}

// String writes the amount with thousands commas and no unit: 1,234,000.
func (w Won) String() string {
	digits := strconv.FormatInt(int64(w), 10)
	sign := ""
	if w < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// String writes a quantity without needless zeros: 2, 1.234, 0.5.
func (q Milli) String() string {
	if q < 0 {
		return "-" + (-q).String()
	}
	whole, part := q/One, q%One
	if part == 0 {
		return strconv.FormatInt(int64(whole), 10)
	}
	text := fmt.Sprintf("%d.%03d", whole, part)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	return text
}
