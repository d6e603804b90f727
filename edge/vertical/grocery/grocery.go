// Package grocery is the shop that weighs: greengrocer, butcher, fishmonger,
// small supermarket. It reads labels of label scales and asks for the weight of
// loose goods. It is one of the kinds in edge/vertical/all; its rules are
// values without state.
package grocery

import (
	"slices"

	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

// Kind is the grocery.
type Kind struct{}

// Name implements vertical.Kind.
func (Kind) Name() string { return "grocery" }

// Defaults implements vertical.Kind. Label scales in Korea are mostly set to
// 2P IIIII VVVVV C with the price in won; 28 is set apart for labels with the
// weight in grams. Fresh food is free of VAT (부가가치세법 26 ① 1).
func (Kind) Defaults() vertical.Defaults {
	return vertical.Defaults{
		VAT: money.Exempt,
		CodeRules: []vertical.CodeRule{
			{Prefix: "28", ItemDigits: 5, ValueDigits: 5, Value: vertical.LabelWeight, Decimals: 3},
			{Prefix: "2P", ItemDigits: 5, ValueDigits: 5, Value: vertical.LabelPrice},
		},
		Categories: []vertical.Category{
			{Korean: "채소", English: "Vegetables", Color: "green"},
			{Korean: "과일", English: "Fruit", Color: "amber"},
			{Korean: "정육", English: "Meat", Color: "rose"},
			{Korean: "수산", English: "Fish", Color: "blue"},
			{Korean: "가공식품", English: "Packed food", Color: "violet"},
			{Korean: "기타", English: "Other", Color: "plain"},
		},
	}
}

// Prompts implements vertical.Kind. Goods sold by weight want it first unless
// a label or a scale has said it.
func (Kind) Prompts(goods vertical.Goods) []vertical.Prompt {
	if !goods.ByWeight || goods.Measured {
		return goods.Questions()
	}
	return slices.Concat([]vertical.Prompt{{Kind: vertical.PromptWeight}}, goods.Questions())
}
