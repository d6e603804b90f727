// Package retail is the shop that sells packed goods over the counter. It is
// one of the kinds in edge/vertical/all; its rules are values without state.
package retail

import (
	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

// Kind is the retail shop.
type Kind struct{}

// Name implements vertical.Kind.
func (Kind) Name() string { return "retail" }

// Defaults implements vertical.Kind. Such a shop prints no labels of its own
// until it says so.
func (Kind) Defaults() vertical.Defaults {
	return vertical.Defaults{
		VAT: money.Taxable,
		Categories: []vertical.Category{
			{Korean: "음료", English: "Drinks", Color: "blue"},
			{Korean: "간식", English: "Snacks", Color: "amber"},
			{Korean: "생활용품", English: "Household", Color: "green"},
			{Korean: "기타", English: "Other", Color: "plain"},
		},
	}
}

// Prompts implements vertical.Kind. Goods in fractions, such as cloth by the
// metre, start at one unit and are changed in the cart.
func (Kind) Prompts(goods vertical.Goods) []vertical.Prompt { return goods.Questions() }
