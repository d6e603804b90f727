package drivers

// What a card number may show: its first six and last four digits, and as few
// as the last four when it is short (PCI DSS 3.4).
const (
	shownFirst = 6
	shownLast  = 4
	// minPAN and maxPAN are how many digits a card number has.
	minPAN = 13
	maxPAN = 19
)

// MaskNumber masks a card's number as a terminal names it, already masked or
// not: blanks go, and what is no digit counts as a masked one.
func MaskNumber(number string) string {
	var shown []byte
	for _, c := range []byte(number) {
		switch {
		case c >= '0' && c <= '9':
			shown = append(shown, c)
		case c != ' ' && c != '-' && c != 0:
			shown = append(shown, '*')
		}
	}
	first := shownFirst
	if len(shown) < minPAN {
		first = 0
	}
	for i := first; i < len(shown)-shownLast; i++ {
		shown[i] = '*'
	}
	return string(shown)
}

// MaskText guards texts of a device: a run of digits, also with blanks or
// dashes between, that is as long as a card number and has its check digit is
// masked like one.
func MaskText(text string) string {
	out := []byte(text)
	for start := 0; start < len(out); {
		positions, end := digitRun(out, start)
		if count := len(positions); count >= minPAN && count <= maxPAN && luhn(out, positions) {
			for _, i := range positions[shownFirst : count-shownLast] {
				out[i] = '*'
			}
		}
		start = end
	}
	return string(out)
}

// digitRun finds the positions of the digits of a run that begins at start,
// and where to look on.
func digitRun(text []byte, start int) (positions []int, end int) {
	for end = start; end < len(text); end++ {
		switch c := text[end]; {
		case c >= '0' && c <= '9':
			positions = append(positions, end)
		case (c == ' ' || c == '-') && len(positions) > 0:
		default:
			return positions, end + 1
		}
	}
	return positions, end
}

// luhn checks the check digit of ISO/IEC 7812-1.
func luhn(text []byte, positions []int) bool {
	sum := 0
	for i, position := range positions {
		digit := int(text[position] - '0')
		if (len(positions)-i)%2 == 0 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum%10 == 0
}
