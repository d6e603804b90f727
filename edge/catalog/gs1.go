package catalog

import (
	"errors"
	"strings"
	"time"

	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

// ErrGS1 says that a GS1 code is damaged or breaks the rules of GS1: what it
// says of its goods cannot be trusted.
var ErrGS1 = errors.New("gs1_invalid")

// GS1 is what a GS1 element string says, as far as a counter needs it (GS1
// General Specifications, section 3).
type GS1 struct {
	// GTIN is the fourteen digits of application identifier 01, or of 02 for
	// what is inside a box; empty when the code names no article.
	GTIN  string
	Trace Trace
	// Weight is the net weight (310n).
	Weight money.Milli
	// Price is what this piece costs, in won (392n, or 393n with currency 410).
	Price money.Won
	// Count is how many pieces (30, 37).
	Count int64
}

// Trace is what tells a piece of goods from others of its article.
type Trace struct {
	// Lot is the batch (10), Serial the piece (21).
	Lot, Serial string
	// Expiry is the last day it may be used (17, 7003), or best before (15)
	// when that is all it says.
	Expiry GS1Date
}

// String is the trace as GS1 prints it below a code: identifiers in brackets,
// "(10)HP04AA (17)250616 (21)HP04AA003122". It is empty for no trace.
func (t Trace) String() string {
	var parts []string
	for _, part := range []struct{ identifier, value string }{
		{"(10)", t.Lot}, {"(17)", string(t.Expiry)}, {"(21)", t.Serial},
	} {
		if part.value != "" {
			parts = append(parts, part.identifier+part.value)
		}
	}
	return strings.Join(parts, " ")
}

// GS1Date is a date in a GS1 code, YYMMDD; day 00 is the end of the month.
type GS1Date string

// Day is the date seen from today, at midnight in today's zone. The century is
// the one that brings it nearest: from 49 years ago to 50 years ahead (7.12).
func (d GS1Date) Day(today time.Time) time.Time {
	year, month, day := d.parts()
	year += today.Year() / 100 * 100
	switch ahead := year - today.Year(); {
	case ahead > 50:
		year -= 100
	case ahead < -49:
		year += 100
	}
	if day == 0 {
		// Day 0 of the next month is the last of this one.
		month++
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, today.Location())
}

// Passed reports whether the date lies before today; the day itself has not
// passed.
func (d GS1Date) Passed(today time.Time) bool {
	if d == "" {
		return false
	}
	year, month, day := today.Date()
	return d.Day(today).Before(time.Date(year, month, day, 0, 0, 0, 0, today.Location()))
}

// parts are all 0 for a text that is no date.
func (d GS1Date) parts() (year, month, day int) {
	if len(d) != 6 || !digits(string(d)) {
		return 0, 0, 0
	}
	two := func(at int) int { return int(d[at]-'0')*10 + int(d[at+1]-'0') }
	return two(0), two(2), two(4)
}

func gs1Date(value string) (GS1Date, error) {
	if len(value) != 6 || !digits(value) {
		return "", ErrGS1
	}
	date := GS1Date(value)
	year, month, day := date.parts()
	if month < 1 || month > 12 || day > time.Date(2000+year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day() {
		return "", ErrGS1
	}
	return date, nil
}

// ParseGS1 reads an element string, as a scanner sends it (fields of variable
// length ended by 0x1D) or as people write it (identifiers in brackets). Unknown
// identifiers are passed over. What breaks a rule is ErrGS1, a wrong GTIN
// ErrCheckDigit.
func ParseGS1(text string) (GS1, error) {
	elements, err := gs1Elements(text)
	if err != nil {
		return GS1{}, err
	}
	var read GS1
	var best GS1Date
	for _, element := range elements {
		if element[:2] == "15" {
			best, err = gs1Date(element[2:])
		} else {
			err = read.take(element)
		}
		if err != nil {
			return GS1{}, err
		}
	}
	if read.Trace.Expiry == "" {
		read.Trace.Expiry = best
	}
	return read, nil
}

// take puts an element, its identifier and value, where it belongs.
func (g *GS1) take(element string) (err error) {
	value := element[2:]
	switch element[:2] {
	case "01", "02":
		if !ValidCheckDigit(value) {
			return ErrCheckDigit
		}
		if g.GTIN != "" && g.GTIN != value {
			return ErrGS1
		}
		g.GTIN = value
	case "10":
		g.Trace.Lot, err = gs1Text(value)
	case "21":
		g.Trace.Serial, err = gs1Text(value)
	case "17":
		g.Trace.Expiry, err = gs1Date(value)
	case "30", "37":
		g.Count, err = gs1Number(value, 8)
	case "31", "39", "70":
		return g.takeLong(element)
	}
	return err
}

// won is the number of the currency won in 393n (ISO 4217).
const won = "410"

// takeLong takes the elements whose identifiers have four digits.
func (g *GS1) takeLong(element string) error {
	if len(element) < 4 {
		return ErrGS1
	}
	value := element[4:]
	switch kind := element[:3]; {
	case element[:4] == "7003" && len(value) == 10:
		day, err := gs1Date(value[:6])
		g.Trace.Expiry = day
		return err
	case kind == "310":
		grams, err := gs1Decimal(value, element[3], 3)
		g.Weight = money.Milli(grams)
		return err
	case kind == "393" && strings.HasPrefix(value, won):
		value = value[len(won):]
	case kind != "392":
		return nil
	}
	price, err := gs1Decimal(value, element[3], 0)
	g.Price = money.Won(price)
	return err
}

// gs1Text is a lot or serial number: at most twenty characters.
func gs1Text(value string) (string, error) {
	if len(value) > 20 || !printable(value) {
		return "", ErrGS1
	}
	return value, nil
}

func gs1Number(value string, most int) (int64, error) {
	if value == "" || len(value) > most || !digits(value) {
		return 0, ErrGS1
	}
	var number int64
	for _, digit := range []byte(value) {
		number = number*10 + int64(digit-'0')
	}
	return number, nil
}

// gs1Decimal is a number whose identifier ends in how many of its digits come
// after the point, as a whole number of units of so many decimals: finer ones
// are refused, not rounded.
func gs1Decimal(value string, point byte, decimals int) (int64, error) {
	number, err := gs1Number(value, 15)
	if err != nil || point < '0' || point > '9' {
		return 0, ErrGS1
	}
	for given := int(point - '0'); given != decimals; {
		if given < decimals {
			number, given = number*10, given+1
			continue
		}
		if number%10 != 0 {
			return 0, ErrGS1
		}
		number, given = number/10, given-1
	}
	if number == 0 {
		// Scales print zeros for a value that does not fit.
		return 0, ErrLabelValue
	}
	return number, nil
}

// gs1Elements cuts an element string into elements, each its identifier and
// its value, of at least three characters.
func gs1Elements(text string) ([]string, error) {
	if bracketed(text) {
		return bracketElements(text)
	}
	var elements []string
	for text = trimSeparators(text); text != ""; text = trimSeparators(text) {
		length := gs1Length(text)
		if length == 0 {
			if length = strings.IndexByte(text, groupSeparator); length < 0 {
				length = len(text)
			}
		}
		if length > len(text) || !gs1Element(text[:length]) {
			return nil, ErrGS1
		}
		elements = append(elements, text[:length])
		text = text[length:]
	}
	return elements, nil
}

func trimSeparators(text string) string { return strings.TrimLeft(text, string(rune(groupSeparator))) }

// gs1Element reports whether a piece can be an element: two digits and more,
// of the length its identifier wants.
func gs1Element(piece string) bool {
	if len(piece) < 3 || !digits(piece[:2]) || strings.IndexByte(piece, groupSeparator) >= 0 {
		return false
	}
	length := gs1Length(piece)
	return length == 0 || length == len(piece) && digits(piece)
}

// gs1Length is the length of an element, identifier included, of those whose
// length is fixed by its first two digits (GS1 General Specifications 7.8.5);
// 0 for the others, which a separator ends.
func gs1Length(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch text[:2] {
	case "00":
		return 20
	case "01", "02", "03":
		return 16
	case "04":
		return 18
	case "11", "12", "13", "14", "15", "16", "17", "18", "19":
		return 8
	case "20":
		return 4
	case "31", "32", "33", "34", "35", "36":
		return 10
	case "41":
		return 16
	}
	return 0
}

// bracketed reports whether a text is written with identifiers in brackets.
func bracketed(text string) bool { return bracketIdentifier(text) > 0 }

// bracketIdentifier is how many digits of an identifier stand in the brackets
// at the start of a text, 0 for none.
func bracketIdentifier(text string) int {
	closing := strings.IndexByte(text, ')')
	if closing < 3 || closing > 5 || text[0] != '(' || !digits(text[1:closing]) {
		return 0
	}
	return closing - 1
}

func bracketElements(text string) ([]string, error) {
	var elements []string
	for text != "" {
		length := bracketIdentifier(text)
		if length == 0 {
			return nil, ErrGS1
		}
		identifier, rest := text[1:1+length], text[length+2:]
		end := len(rest)
		for at := range rest {
			if bracketed(rest[at:]) {
				end = at
				break
			}
		}
		element := identifier + strings.TrimSpace(rest[:end])
		if !gs1Element(element) {
			return nil, ErrGS1
		}
		elements = append(elements, element)
		text = rest[end:]
	}
	return elements, nil
}

// gs1Of reads a code as an element string when it is one: its symbol says so,
// it has separators or brackets, or it begins with an article number and makes
// sense to its end. It is false for any other code.
func gs1Of(code, symbol string) (read GS1, is bool, err error) {
	certain := gs1Symbol(symbol) || strings.IndexByte(code, groupSeparator) >= 0 || bracketed(code)
	if !certain && (len(code) < 16 || code[:2] != "01" || symbol != "" && !gs1Carrier(symbol)) {
		return GS1{}, false, nil
	}
	read, err = ParseGS1(code)
	if !certain {
		return read, err == nil, nil
	}
	return read, true, err
}

// gs1Carrier reports whether a symbol may hold GS1 data without saying so: the
// plain forms of Code 128, DataMatrix and QR.
func gs1Carrier(symbol string) bool {
	switch symbol {
	case "]C0", "]d1", "]Q1":
		return true
	}
	return false
}

// article is the code of the goods that the element string names.
func (g GS1) article(rules []vertical.CodeRule) (Code, error) {
	gtin := g.GTIN
	if short, is := strings.CutPrefix(gtin, "000000"); is {
		// An EAN-8 filled up.
		gtin, _ = eightDigits(short, aimEAN8)
	}
	code := Code{Kind: CodeGTIN, Text: gtin}
	if len(gtin) > 8 {
		var err error
		if code, err = article(gtin, rules); err != nil {
			return Code{}, err
		}
	}
	code.Trace, code.Count = g.Trace, g.Count
	switch {
	case g.Price > 0:
		// The price is for all of it, however heavy.
		code.Price, code.Weight = g.Price, 0
	case g.Weight > 0:
		code.Price, code.Weight = 0, g.Weight
	}
	return code, nil
}
