package vertical_test

import (
	"errors"
	"slices"
	"testing"

	"shopbox/edge/vertical"
	"shopbox/edge/vertical/all"
	"shopbox/edge/vertical/grocery"
	"shopbox/edge/vertical/retail"
)

func TestRegistry(t *testing.T) {
	t.Parallel()
	kinds, err := all.Registry()
	if err != nil {
		t.Fatal(err)
	}
	if got := kinds.Names(); !slices.Equal(got, []string{"grocery", "retail"}) {
		t.Errorf("kinds %v", got)
	}
	for name, kind := range kinds {
		defaults := kind.Defaults()
		if kind.Name() != name || !defaults.VAT.Valid() || len(defaults.Categories) == 0 {
			t.Errorf("%s: %+v", name, defaults)
		}
		for _, rule := range defaults.CodeRules {
			if err := rule.Check(); err != nil {
				t.Errorf("%s: %+v: %v", name, rule, err)
			}
		}
	}
	if _, err := vertical.NewRegistry(retail.Kind{}, retail.Kind{}); err == nil {
		t.Error("two of one name")
	}
}

func TestPrompts(t *testing.T) {
	t.Parallel()
	age := vertical.Prompt{Kind: vertical.PromptAge, Minimum: 19}
	weight, price := vertical.Prompt{Kind: vertical.PromptWeight}, vertical.Prompt{Kind: vertical.PromptPrice}
	expired := vertical.Prompt{Kind: vertical.PromptExpired, Label: "2026-11-24"}
	own := []vertical.Prompt{age}
	for name, tt := range map[string]struct {
		kind  vertical.Kind
		goods vertical.Goods
		want  []vertical.Prompt
	}{
		"plain goods":         {retail.Kind{}, vertical.Goods{}, nil},
		"own question":        {retail.Kind{}, vertical.Goods{Prompts: own}, own},
		"retail by weight":    {retail.Kind{}, vertical.Goods{ByWeight: true}, nil},
		"retail unpriced":     {retail.Kind{}, vertical.Goods{Unpriced: true, Prompts: own}, []vertical.Prompt{age, price}},
		"grocery by weight":   {grocery.Kind{}, vertical.Goods{ByWeight: true, Prompts: own}, []vertical.Prompt{weight, age}},
		"grocery, a label":    {grocery.Kind{}, vertical.Goods{ByWeight: true, Measured: true}, nil},
		"grocery, pieces":     {grocery.Kind{}, vertical.Goods{}, nil},
		"catch of the day":    {grocery.Kind{}, vertical.Goods{ByWeight: true, Unpriced: true}, []vertical.Prompt{weight, price}},
		"weighed, no price":   {grocery.Kind{}, vertical.Goods{ByWeight: true, Unpriced: true, Measured: true}, []vertical.Prompt{price}},
		"expired":             {retail.Kind{}, vertical.Goods{Expired: "2026-11-24", Unpriced: true, Prompts: own}, []vertical.Prompt{expired, age, price}},
		"expired meat":        {grocery.Kind{}, vertical.Goods{Expired: "2026-11-24", ByWeight: true}, []vertical.Prompt{weight, expired}},
		"unpriced, unlabeled": {grocery.Kind{}, vertical.Goods{Unpriced: true}, []vertical.Prompt{price}},
	} {
		if got := tt.kind.Prompts(tt.goods); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestCodeRuleCheck(t *testing.T) {
	t.Parallel()
	price := vertical.CodeRule{Prefix: "2P", ItemDigits: 5, ValueDigits: 5, Value: vertical.LabelPrice}
	for name, tt := range map[string]struct {
		spoil func(*vertical.CodeRule)
		want  error
	}{
		"good":            {func(*vertical.CodeRule) {}, nil},
		"weight":          {func(r *vertical.CodeRule) { r.Value, r.Decimals = vertical.LabelWeight, 3 }, nil},
		"with a check":    {func(r *vertical.CodeRule) { r.ItemDigits, r.ValueCheck = 4, true }, nil},
		"no prefix":       {func(r *vertical.CodeRule) { r.Prefix, r.ItemDigits = "", 7 }, vertical.ErrCodeRule},
		"long prefix":     {func(r *vertical.CodeRule) { r.Prefix, r.ItemDigits = "2PPP", 3 }, vertical.ErrCodeRule},
		"letters":         {func(r *vertical.CodeRule) { r.Prefix = "2x" }, vertical.ErrCodeRule},
		"any code at all": {func(r *vertical.CodeRule) { r.Prefix = "P2" }, vertical.ErrCodeRule},
		"too short":       {func(r *vertical.CodeRule) { r.ItemDigits = 4 }, vertical.ErrCodeRule},
		"no item":         {func(r *vertical.CodeRule) { r.ItemDigits, r.ValueDigits = 0, 10 }, vertical.ErrCodeRule},
		"no value":        {func(r *vertical.CodeRule) { r.Value = "" }, vertical.ErrCodeRule},
		"price decimals":  {func(r *vertical.CodeRule) { r.Decimals = 1 }, vertical.ErrCodeRule},
		"four decimals":   {func(r *vertical.CodeRule) { r.Value, r.Decimals = vertical.LabelWeight, 4 }, vertical.ErrCodeRule},
		"negative":        {func(r *vertical.CodeRule) { r.Value, r.Decimals = vertical.LabelWeight, -1 }, vertical.ErrCodeRule},
		"check of six":    {func(r *vertical.CodeRule) { r.ItemDigits, r.ValueDigits, r.ValueCheck = 3, 6, true }, vertical.ErrCodeRule},
	} {
		rule := price
		tt.spoil(&rule)
		if err := rule.Check(); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCodeRuleMatches(t *testing.T) {
	t.Parallel()
	rule := vertical.CodeRule{Prefix: "2P", ItemDigits: 5, ValueDigits: 5, Value: vertical.LabelPrice}
	for code, want := range map[string]bool{
		"2100042123403": true, "2900042123405": true, "8801043014809": false, "210004212340": false, "": false,
	} {
		if got := rule.Matches(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}
