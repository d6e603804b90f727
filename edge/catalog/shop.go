package catalog

import (
	"strings"
	"unicode/utf8"
)

// Color is the role of a category's colour; the screens know its paint.
type Color string

// The colour roles of categories.
const (
	Plain  Color = "plain"
	Amber  Color = "amber"
	Green  Color = "green"
	Blue   Color = "blue"
	Violet Color = "violet"
	Rose   Color = "rose"
)

// Valid reports whether the colour is one of the roles.
func (c Color) Valid() bool {
	switch c {
	case Plain, Amber, Green, Blue, Violet, Rose:
		return true
	}
	return false
}

// Category is a page of products.
type Category struct {
	ID   string
	Name string
	// Order is the place among the categories, from 0.
	Order int
	Color Color
	// Printer is the printer where orders of its goods come out; empty for none.
	Printer string
}

// MaxCategory is how many letters a category's name may have.
const MaxCategory = 40

// Check lists what is wrong with a category.
func (c Category) Check() []Problem {
	var problems []Problem
	if code := requiredText(c.Name, MaxCategory); code != "" {
		problems = append(problems, Problem{Field: "name", Code: code, Value: c.Name})
	}
	if !c.Color.Valid() {
		problems = append(problems, Problem{Field: "color", Code: CodeInvalid, Value: string(c.Color)})
	}
	return problems
}

// Shop is the shop's particulars, as they stand on every receipt.
type Shop struct {
	Name string
	// BusinessNumber is the ten digits of the 사업자등록번호.
	BusinessNumber string
	Representative string
	Address        string
	Phone          string
	// Kind is the name of a vertical.Kind.
	Kind string
}

// Check lists what is wrong with the shop's particulars. Name, number and
// representative stand on every receipt (부가가치세법 시행령 73 ⑦).
func (s Shop) Check() []Problem {
	var problems []Problem
	add := func(field, code, value string) {
		if code != "" {
			problems = append(problems, Problem{Field: field, Code: code, Value: value})
		}
	}
	add("name", requiredText(s.Name, 60), s.Name)
	add("representative", text(s.Representative, 40), s.Representative)
	add("address", text(s.Address, 120), s.Address)
	add("phone", text(s.Phone, 20), s.Phone)
	if !ValidBusinessNumber(s.BusinessNumber) {
		add("business_number", CodeInvalid, s.BusinessNumber)
	}
	if s.Kind == "" {
		add("kind", CodeMissing, "")
	}
	return problems
}

const businessDigits = 10

// ValidBusinessNumber reports whether the text is the ten digits of a business
// registration number with a right check digit.
func ValidBusinessNumber(number string) bool {
	if len(number) != businessDigits || !digits(number) || number == strings.Repeat("0", businessDigits) {
		return false
	}
	sum := 0
	for i, weight := range [...]int{1, 3, 7, 1, 3, 7, 1, 3, 5} {
		sum += int(number[i]-'0') * weight
	}
	sum += int(number[8]-'0') * 5 / 10
	return int(number[9]-'0') == (10-sum%10)%10
}

// PlainBusinessNumber takes the hyphens and spaces out of a number as people
// write it.
func PlainBusinessNumber(written string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, written)
}

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
