// Package vertical is what differs between kinds of shop: what a product asks
// at the counter, how in-store labels are read, and what a new shop starts
// with. edge/till asks the kind of its shop, edge/api lists the kinds at
// set-up; edge/vertical/all is the list.
//
// What always holds: a kind is a value without state; nothing registers
// itself; the rest of the box never asks for a kind by name.
package vertical

import (
	"fmt"
	"slices"

	"shopbox/protocol/money"
)

// Kind is a kind of shop.
type Kind interface {
	// Name is the stable name: "retail", "grocery".
	Name() string
	// Defaults are what a new shop of this kind starts with.
	Defaults() Defaults
	// Prompts are the questions to answer, in order, before the goods go into
	// the cart; none when there is nothing to ask.
	Prompts(goods Goods) []Prompt
}

// Defaults are what a new shop of a kind starts with.
type Defaults struct {
	// VAT is preset for a new product.
	VAT money.VAT
	// CodeRules read the shop's own labels.
	CodeRules  []CodeRule
	Categories []Category
}

// Category is a category a new shop starts with, in both languages.
type Category struct {
	Korean, English string
	// Color is one of the colour roles of edge/catalog.
	Color string
}

// Goods is what a kind needs to know of a product about to be sold.
type Goods struct {
	// ByWeight goods are sold in fractions of their unit.
	ByWeight bool
	// Measured says that the quantity or the price is known already, from a
	// label or a scale.
	Measured bool
	// Unpriced goods have a price neither in the catalogue nor on a label, such
	// as a day's catch.
	Unpriced bool
	// Expired is the last day the goods might be used, 2026-11-24, when it has
	// passed; empty otherwise.
	Expired string
	// Prompts are the product's own questions.
	Prompts []Prompt
}

// Questions are what goods ask in every kind of shop: whether to sell what has
// expired, their own prompts, and the price when nothing has told it.
func (g Goods) Questions() []Prompt {
	var questions []Prompt
	if g.Expired != "" {
		questions = append(questions, Prompt{Kind: PromptExpired, Label: g.Expired})
	}
	questions = append(questions, g.Prompts...)
	if g.Unpriced {
		questions = append(questions, Prompt{Kind: PromptPrice})
	}
	return questions
}

// PromptKind is what a question is about.
type PromptKind string

// The kinds of question.
const (
	// PromptAge has the person check that the customer is old enough.
	PromptAge PromptKind = "age"
	// PromptNote wants a line of text, kept with the line of the cart.
	PromptNote PromptKind = "note"
	// PromptWeight wants the weight of the goods.
	PromptWeight PromptKind = "weight"
	// PromptPrice wants the price of one unit.
	PromptPrice PromptKind = "price"
	// PromptExpired warns that the goods have expired, and has the person say
	// that they are to be sold all the same.
	PromptExpired PromptKind = "expired"
)

// Prompt is a question a product asks before it goes into the cart.
type Prompt struct {
	Kind PromptKind
	// Minimum is the age in years (PromptAge).
	Minimum int
	// Label says what to write down (PromptNote), or is the day the goods
	// expired, 2026-11-24 (PromptExpired).
	Label string
}

// Registry is a set of kinds by name.
type Registry map[string]Kind

// NewRegistry collects kinds; two of one name are an error.
func NewRegistry(kinds ...Kind) (Registry, error) {
	registry := make(Registry, len(kinds))
	for _, kind := range kinds {
		if _, taken := registry[kind.Name()]; taken {
			return nil, fmt.Errorf("two kinds of shop are called %q", kind.Name())
		}
		registry[kind.Name()] = kind
	}
	return registry, nil
}

// Names lists the kinds in alphabetical order.
func (r Registry) Names() []string {
	names := make([]string, 0, len(r))
	for name := range r {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
