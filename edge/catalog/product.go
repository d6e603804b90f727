// Package catalog is what a shop sells: products, categories, the codes on
// goods and labels, search, and the reading and writing of product lists. The
// till asks it what a scan means, the API edits products, the store keeps them.
//
// What always holds: nothing here does I/O or reads a clock; a product that
// passes Check can be sold, printed and sent; every barcode is kept in one
// normal form, so that equal codes are equal texts.
package catalog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"shopbox/edge/sale"
	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

// The limits of a product, as the screens and the paper can show it.
const (
	MaxName     = 100
	MaxUnit     = 10
	MaxLabel    = 40
	MaxBarcodes = 20
	MaxAge      = 99
	MaxSlot     = 999
)

// Product is something the shop sells.
type Product struct {
	ID   string
	Name string
	// Category is the category's id; empty for none.
	Category string
	// Price is for one unit, VAT included; 0 asks for it at the counter.
	Price money.Won
	// Cost is what one unit costs the shop, nil when not known.
	Cost *money.Won
	VAT  money.VAT
	// Barcodes are in the normal form of NormalBarcode.
	Barcodes []string
	// ByWeight goods are sold in thousandths of their unit.
	ByWeight bool
	// Unit is what one of it is called: 개, kg.
	Unit    string
	Prompts []vertical.Prompt
	// Key is the product's fixed place among the product keys, nil for none.
	Key *KeyPosition
	// Archived products are kept for their history and no longer sold.
	Archived bool
	// TrackStock says that the shop counts this product.
	TrackStock bool
}

// KeyPosition is a place in the grid of product keys. It never moves by
// itself.
type KeyPosition struct {
	// Category is the page.
	Category string
	// Slot counts from 0, row by row.
	Slot int
}

// Problem is one thing wrong with a field.
type Problem struct {
	// Field is the field's name: "name", "price", "barcodes".
	Field string
	// Code says what is wrong: "missing", "too_long", "invalid" ...
	Code string
	// Value is what was given, where that helps.
	Value string
}

// The codes of problems.
const (
	CodeMissing   = "missing"
	CodeTooLong   = "too_long"
	CodeTooMany   = "too_many"
	CodeInvalid   = "invalid"
	CodeDuplicate = "duplicate"
)

// Check lists what is wrong with a product; nothing when it can be sold.
func (p Product) Check() []Problem {
	var problems []Problem
	add := func(field, code, value string) {
		if code != "" {
			problems = append(problems, Problem{Field: field, Code: code, Value: value})
		}
	}
	add("name", requiredText(p.Name, MaxName), p.Name)
	add("unit", text(p.Unit, MaxUnit), p.Unit)
	add("price", price(p.Price), p.Price.String())
	if p.Cost != nil {
		add("cost", price(*p.Cost), p.Cost.String())
	}
	if !p.VAT.Valid() {
		add("vat", CodeInvalid, string(p.VAT))
	}
	if p.Key != nil && (p.Key.Category == "" || p.Key.Slot < 0 || p.Key.Slot > MaxSlot) {
		add("key", CodeInvalid, "")
	}
	problems = append(problems, checkBarcodes(p.Barcodes)...)
	return append(problems, checkPrompts(p.Prompts)...)
}

func checkBarcodes(barcodes []string) []Problem {
	var problems []Problem
	if len(barcodes) > MaxBarcodes {
		problems = append(problems, Problem{Field: "barcodes", Code: CodeTooMany})
	}
	seen := make(map[string]bool, len(barcodes))
	for _, barcode := range barcodes {
		normal, err := NormalBarcode(barcode, nil)
		switch {
		case err != nil:
			problems = append(problems, Problem{Field: "barcodes", Code: err.Error(), Value: barcode})
		case normal != barcode:
			problems = append(problems, Problem{Field: "barcodes", Code: CodeInvalid, Value: barcode})
		case seen[normal]:
			problems = append(problems, Problem{Field: "barcodes", Code: CodeDuplicate, Value: barcode})
		}
		seen[normal] = true
	}
	return problems
}

func checkPrompts(prompts []vertical.Prompt) []Problem {
	var problems []Problem
	for _, prompt := range prompts {
		switch prompt.Kind {
		case vertical.PromptAge:
			if prompt.Minimum < 1 || prompt.Minimum > MaxAge {
				problems = append(problems, Problem{Field: "prompts", Code: CodeInvalid, Value: string(prompt.Kind)})
			}
		case vertical.PromptNote:
			if code := requiredText(prompt.Label, MaxLabel); code != "" {
				problems = append(problems, Problem{Field: "prompts", Code: code, Value: prompt.Label})
			}
		case vertical.PromptWeight, vertical.PromptPrice, vertical.PromptExpired:
			// The kind of shop asks these by itself.
			problems = append(problems, Problem{Field: "prompts", Code: CodeInvalid, Value: string(prompt.Kind)})
		default:
			problems = append(problems, Problem{Field: "prompts", Code: CodeInvalid, Value: string(prompt.Kind)})
		}
	}
	return problems
}

// Tidy is the product as it is kept: without spaces around its texts, in
// composed letters, with barcodes in their normal form; a barcode that has none
// stays for Check to name. The rules are the shop's own labels.
func (p Product) Tidy(rules []vertical.CodeRule) Product {
	p.Name, p.Unit = tidy(p.Name), tidy(p.Unit)
	barcodes := make([]string, 0, len(p.Barcodes))
	for _, typed := range p.Barcodes {
		normal, err := NormalBarcode(typed, rules)
		if err != nil {
			normal = strings.TrimSpace(typed)
		}
		if normal != "" && !slices.Contains(barcodes, normal) {
			barcodes = append(barcodes, normal)
		}
	}
	p.Barcodes = barcodes
	return p
}

func tidy(text string) string { return norm.NFC.String(strings.TrimSpace(text)) }

// Age is the least age a buyer must have, 0 when anyone may buy.
func (p Product) Age() int {
	age := 0
	for _, prompt := range p.Prompts {
		if prompt.Kind == vertical.PromptAge {
			age = max(age, prompt.Minimum)
		}
	}
	return age
}

// NoteLabel is the label of the first note the product asks for, empty when it
// asks for none.
func (p Product) NoteLabel() string {
	for _, prompt := range p.Prompts {
		if prompt.Kind == vertical.PromptNote {
			return prompt.Label
		}
	}
	return ""
}

// Prompts are the questions for a least age (0 for none) and the label of a
// note (empty for none).
func Prompts(age int, note string) []vertical.Prompt {
	var prompts []vertical.Prompt
	if age != 0 {
		prompts = append(prompts, vertical.Prompt{Kind: vertical.PromptAge, Minimum: age})
	}
	if note != "" {
		prompts = append(prompts, vertical.Prompt{Kind: vertical.PromptNote, Label: note})
	}
	return prompts
}

// Goods is what the kind of shop needs to know of the product and of the code
// that named it; measured says that the quantity is known, from a person or a
// scale, also when no label tells it.
func (p Product) Goods(code Code, measured bool) vertical.Goods {
	return vertical.Goods{
		ByWeight: p.ByWeight, Measured: measured || code.Measured(),
		Unpriced: p.Price == 0 && code.Price == 0, Prompts: p.Prompts,
	}
}

// Item is what a line of a cart needs to know of the product. Products that
// ask something stand on a line of their own.
func (p Product) Item() sale.Item {
	return sale.Item{
		Product: p.ID, Name: p.Name, Category: p.Category, VAT: p.VAT,
		Price: p.Price, Cost: p.Cost, ByWeight: p.ByWeight, Single: len(p.Prompts) > 0,
	}
}

// Line is a cart's line of the product as the code scanned says: one unit, or
// the weight or price on the shop's own label. The line has no id yet.
func (p Product) Line(code Code) sale.Line {
	line := sale.Line{Item: p.Item(), Quantity: money.One, Unit: p.Price}
	line.Item.Barcode = code.Text
	switch {
	case code.Price > 0:
		// The label's price is for what lies in the bag, however heavy.
		line.Unit, line.Item.Price = code.Price, code.Price
		line.Item.Single, line.Item.Cost = true, nil
	case code.Weight > 0:
		line.Quantity = code.Weight
		line.Item.ByWeight, line.Item.Single = true, true
	case code.Count > 0:
		line.Quantity = money.Milli(code.Count) * money.One
	}
	return line
}

// FreeAmount is a line for goods that are not in the catalogue.
func FreeAmount(name string, vat money.VAT, amount money.Won) (sale.Line, error) {
	switch {
	case amount <= 0 || amount > sale.MaxPrice:
		return sale.Line{}, sale.ErrPrice
	case requiredText(name, MaxName) != "" || !vat.Valid():
		return sale.Line{}, ErrItem
	}
	return sale.Line{
		Item:     sale.Item{Name: name, VAT: vat, Price: amount, Single: true},
		Quantity: money.One, Unit: amount,
	}, nil
}

func price(amount money.Won) string {
	if amount < 0 || amount > sale.MaxPrice {
		return CodeInvalid
	}
	return ""
}

func requiredText(value string, most int) string {
	if strings.TrimSpace(value) == "" {
		return CodeMissing
	}
	return text(value, most)
}

// text checks that a text can be shown and printed on one line.
func text(value string, most int) string {
	switch {
	case utf8.RuneCountInString(value) > most:
		return CodeTooLong
	case !utf8.ValidString(value) || value != tidy(value) || strings.ContainsFunc(value, unicode.IsControl):
		return CodeInvalid
	}
	return ""
}
