package catalog

import (
	"errors"
	"slices"
	"strings"
	"time"

	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

// The reasons why a text is no code or an item cannot be sold.
var (
	// ErrCheckDigit says that a code's check digit is wrong: it was misread or
	// mistyped.
	ErrCheckDigit = errors.New("bad_check_digit")
	// ErrNotACode says that the text cannot be a code at all.
	ErrNotACode = errors.New("not_a_code")
	// ErrLabelValue says that a label of the shop's own carries no weight or
	// price, or too large a one for its scale.
	ErrLabelValue = errors.New("label_without_value")
	// ErrReserved says that the code is a receipt's number and cannot stand for
	// a product.
	ErrReserved = errors.New("receipt_number")
	// ErrItem says that a free amount has no name or VAT treatment.
	ErrItem = errors.New("item_invalid")
)

// CodeKind is what a code is.
type CodeKind string

// The kinds of code.
const (
	// CodeReceipt is the number of a receipt, for refunds.
	CodeReceipt CodeKind = "receipt"
	// CodeLabel is a label of the shop's own, with weight or price.
	CodeLabel CodeKind = "label"
	// CodeGTIN is a world-wide article number: EAN-13, EAN-8, UPC, GTIN-14.
	CodeGTIN CodeKind = "gtin"
	// CodeText is any other code.
	CodeText CodeKind = "text"
)

// Code is a code that was scanned or typed.
type Code struct {
	Kind CodeKind
	// Text is the code in its normal form, as products keep it; UPC codes are
	// written as EAN-13. Of a label it is the prefix and the item.
	Text string
	// Item is the item number alone, of a label.
	Item string
	// Price or Weight is what a label carries; the other is 0.
	Price  money.Won
	Weight money.Milli
	// Count is how many pieces a GS1 code says there are, 0 when it does not.
	Count int64
	// Trace is lot, serial number and expiry of a GS1 code.
	Trace Trace
	// Receipt is the receipt's number, 20261123-0001.
	Receipt string
}

// Lookups are the barcodes a product of this code may have, the most exact
// first: a label's item may be registered with its prefix, without, or as the
// short number (PLU) of the scale.
func (c Code) Lookups() []string {
	switch c.Kind {
	case CodeReceipt:
		return nil
	case CodeLabel:
		short := strings.TrimLeft(c.Item, "0")
		if short == "" || short == c.Item {
			return []string{c.Text, c.Item}
		}
		return []string{c.Text, c.Item, short}
	default:
		return []string{c.Text}
	}
}

// Measured reports whether a label told weight or price.
func (c Code) Measured() bool { return c.Price > 0 || c.Weight > 0 }

// maxCode is the longest code there is; more is a scanner gone mad.
const maxCode = 64

// ParseCode says what a scanned or typed text is. The rules are the shop's own
// labels. Spaces around it and a scanner's AIM identifier are taken off.
func ParseCode(scanned string, rules []vertical.CodeRule) (Code, error) {
	symbol, code := cutAIM(strings.TrimSpace(scanned))
	if read, is, err := gs1Of(code, symbol); err != nil {
		return Code{}, err
	} else if is && read.GTIN != "" {
		return read.article(rules)
	}
	if !printable(code) {
		return Code{}, ErrNotACode
	}
	if receipt, ok := receiptNumber(code); ok {
		return Code{Kind: CodeReceipt, Text: code, Receipt: receipt}, nil
	}
	if !digits(code) {
		return Code{Kind: CodeText, Text: code}, nil
	}
	return parseDigits(code, symbol, rules)
}

// parseDigits reads a code of digits alone. Those as long as an article number
// must be one.
func parseDigits(code, symbol string, rules []vertical.CodeRule) (Code, error) {
	switch len(code) {
	case 8:
		normal, ok := eightDigits(code, symbol)
		if !ok {
			return Code{}, ErrCheckDigit
		}
		return Code{Kind: CodeGTIN, Text: normal}, nil
	case 12, 13, 14:
		if !ValidCheckDigit(code) {
			return Code{}, ErrCheckDigit
		}
		return article(code, rules)
	}
	return Code{Kind: CodeText, Text: code}, nil
}

// article is a code of 12 to 14 digits: a label of the shop's own when a rule
// says so, else a world-wide number.
func article(code string, rules []vertical.CodeRule) (Code, error) {
	if len(code) == 12 {
		code = "0" + code
	}
	if len(code) == 14 && code[0] == '0' {
		code = code[1:]
	}
	if rule, ok := ruleFor(code, rules); ok {
		return label(code, rule)
	}
	return Code{Kind: CodeGTIN, Text: code}, nil
}

// ruleFor finds the rule for a code; one that names more digits of the prefix
// goes before one that names fewer.
func ruleFor(code string, rules []vertical.CodeRule) (vertical.CodeRule, bool) {
	best, found := vertical.CodeRule{}, false
	for _, rule := range rules {
		if rule.Check() == nil && rule.Matches(code) && (!found || named(rule) > named(best)) {
			best, found = rule, true
		}
	}
	return best, found
}

func named(rule vertical.CodeRule) int {
	return len(rule.Prefix) - strings.Count(rule.Prefix, string(vertical.AnyDigit))
}

func label(code string, rule vertical.CodeRule) (Code, error) {
	head := len(rule.Prefix) + rule.ItemDigits
	value := code[len(code)-1-rule.ValueDigits : len(code)-1]
	if rule.ValueCheck && valueCheckDigit(value) != code[head] {
		return Code{}, ErrCheckDigit
	}
	var amount int64
	for _, digit := range []byte(value) {
		amount = amount*10 + int64(digit-'0')
	}
	if amount == 0 {
		// Scales print zeros for a price that does not fit.
		return Code{}, ErrLabelValue
	}
	read := Code{Kind: CodeLabel, Text: code[:head], Item: code[len(rule.Prefix):head]}
	if rule.Value == vertical.LabelPrice {
		read.Price = money.Won(amount)
		return read, nil
	}
	for range 3 - rule.Decimals {
		amount *= 10
	}
	read.Weight = money.Milli(amount)
	return read, nil
}

// NormalBarcode is a barcode as products keep it. A whole label of the shop's
// own becomes its prefix and item.
func NormalBarcode(typed string, rules []vertical.CodeRule) (string, error) {
	code, err := ParseCode(typed, rules)
	if err != nil {
		return "", err
	}
	if code.Kind == CodeReceipt {
		return "", ErrReserved
	}
	return code.Text, nil
}

// The receipt number's barcode is R, yymmdd and the number of at least four
// digits; by hand people type the number as it is printed, 20261123-0001.
const receiptDigits = 4

func receiptNumber(code string) (string, bool) {
	var date, number string
	switch {
	case len(code) > 7 && (code[0] == 'R' || code[0] == 'r'):
		date, number = "20"+code[1:7], code[7:]
	case len(code) > 9 && code[8] == '-':
		date, number = code[:8], code[9:]
	default:
		return "", false
	}
	if len(number) < receiptDigits || len(number) > 9 || !digits(number) || !digits(date) {
		return "", false
	}
	if _, err := time.Parse("20060102", date); err != nil {
		return "", false
	}
	return date + "-" + number, true
}

func printable(code string) bool {
	return code != "" && len(code) <= maxCode && !slices.ContainsFunc([]byte(code), func(c byte) bool {
		return c < ' ' || c > '~'
	})
}
