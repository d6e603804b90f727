package catalog_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/vertical"
	"shopbox/edge/vertical/all"
	"shopbox/protocol/money"
)

func americano() catalog.Product {
	cost := money.Won(900)
	return catalog.Product{
		ID: "p1", Name: "아메리카노", Category: "drinks", Price: 4500, Cost: &cost, VAT: money.Taxable,
		Barcodes: []string{"8801043014809"}, Unit: "잔", Key: &catalog.KeyPosition{Category: "drinks", Slot: 3},
	}
}

func TestProductCheck(t *testing.T) {
	t.Parallel()
	if problems := americano().Check(); len(problems) != 0 {
		t.Fatalf("a good product: %+v", problems)
	}
	negative := money.Won(-1)
	for name, tt := range map[string]struct {
		spoil       func(*catalog.Product)
		field, code string
	}{
		"no name":       {func(p *catalog.Product) { p.Name = " " }, "name", catalog.CodeMissing},
		"long name":     {func(p *catalog.Product) { p.Name = strings.Repeat("가", 101) }, "name", catalog.CodeTooLong},
		"control":       {func(p *catalog.Product) { p.Name = "a\x1bb" }, "name", catalog.CodeInvalid},
		"spaces":        {func(p *catalog.Product) { p.Name = "a " }, "name", catalog.CodeInvalid},
		"not text":      {func(p *catalog.Product) { p.Name = "a\xff" }, "name", catalog.CodeInvalid},
		"long unit":     {func(p *catalog.Product) { p.Unit = "kilogrammes" }, "unit", catalog.CodeTooLong},
		"price":         {func(p *catalog.Product) { p.Price = -1 }, "price", catalog.CodeInvalid},
		"absurd price":  {func(p *catalog.Product) { p.Price = sale.MaxPrice + 1 }, "price", catalog.CodeInvalid},
		"cost":          {func(p *catalog.Product) { p.Cost = &negative }, "cost", catalog.CodeInvalid},
		"vat":           {func(p *catalog.Product) { p.VAT = "half" }, "vat", catalog.CodeInvalid},
		"no page":       {func(p *catalog.Product) { p.Key.Category = "" }, "key", catalog.CodeInvalid},
		"slot":          {func(p *catalog.Product) { p.Key.Slot = -1 }, "key", catalog.CodeInvalid},
		"check digit":   {func(p *catalog.Product) { p.Barcodes = []string{"8801043014808"} }, "barcodes", "bad_check_digit"},
		"receipt":       {func(p *catalog.Product) { p.Barcodes = []string{"R2611230001"} }, "barcodes", "receipt_number"},
		"not normal":    {func(p *catalog.Product) { p.Barcodes = []string{"036000291452"} }, "barcodes", catalog.CodeInvalid},
		"twice":         {func(p *catalog.Product) { p.Barcodes = []string{"7", "7"} }, "barcodes", catalog.CodeDuplicate},
		"many barcodes": {func(p *catalog.Product) { p.Barcodes = strings.Split("abcdefghijklmnopqrstu", "") }, "barcodes", catalog.CodeTooMany},
		"age":           {func(p *catalog.Product) { p.Prompts = catalog.Prompts(120, "") }, "prompts", catalog.CodeInvalid},
		"long label":    {func(p *catalog.Product) { p.Prompts = catalog.Prompts(0, strings.Repeat("가", 41)) }, "prompts", catalog.CodeTooLong},
		"weight":        {func(p *catalog.Product) { p.Prompts = []vertical.Prompt{{Kind: vertical.PromptWeight}} }, "prompts", catalog.CodeInvalid},
		"odd prompt":    {func(p *catalog.Product) { p.Prompts = []vertical.Prompt{{Kind: "mood"}} }, "prompts", catalog.CodeInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			product := americano()
			tt.spoil(&product)
			problems := product.Check()
			if len(problems) != 1 || problems[0].Field != tt.field || problems[0].Code != tt.code {
				t.Errorf("%+v", problems)
			}
		})
	}
}

func TestTidy(t *testing.T) {
	t.Parallel()
	product := americano()
	product.Name, product.Unit = "  카\u1112\u1161 ", " 잔"
	product.Barcodes = []string{"036000291452", " 0036000291452", "", "8801043014808", "2100042123403"}
	tidy := product.Tidy(labelRules())
	if tidy.Name != "카하" || tidy.Unit != "잔" {
		t.Errorf("%q %q", tidy.Name, tidy.Unit)
	}
	if want := []string{"0036000291452", "8801043014808", "2100042"}; !slices.Equal(tidy.Barcodes, want) {
		t.Errorf("barcodes %v", tidy.Barcodes)
	}
	if problems := tidy.Check(); len(problems) != 1 || problems[0].Value != "8801043014808" {
		t.Errorf("%+v", problems)
	}
}

func TestPrompts(t *testing.T) {
	t.Parallel()
	soju := americano()
	soju.Prompts = catalog.Prompts(19, "이름")
	if soju.Age() != 19 || soju.NoteLabel() != "이름" || !soju.Item().Single {
		t.Errorf("%+v", soju)
	}
	if plain := americano(); plain.Age() != 0 || plain.NoteLabel() != "" || plain.Item().Single {
		t.Errorf("%+v", plain)
	}
	goods := soju.Goods(catalog.Code{}, true)
	if !goods.Measured || goods.Unpriced || len(goods.Prompts) != 2 {
		t.Errorf("%+v", goods)
	}
	soju.Price = 0
	if goods := soju.Goods(catalog.Code{}, false); goods.Measured || !goods.Unpriced {
		t.Errorf("%+v", goods)
	}
	if goods := soju.Goods(catalog.Code{Price: 100}, false); !goods.Measured || goods.Unpriced {
		t.Errorf("a label with a price: %+v", goods)
	}
}

func TestFreeAmount(t *testing.T) {
	t.Parallel()
	line, err := catalog.FreeAmount("기타 상품", money.Exempt, 3000)
	if err != nil || line.Unit != 3000 || line.Item.Product != "" || line.Item.VAT != money.Exempt || !line.Item.Single {
		t.Errorf("%+v, %v", line, err)
	}
	line.ID = "1"
	if _, err := (&sale.Cart{}).Add(line); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"nothing":  free("기타", money.Taxable, 0),
		"too much": free("기타", money.Taxable, sale.MaxPrice+1),
	} {
		if !errors.Is(err, sale.ErrPrice) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"no name": free("", money.Taxable, 100), "no vat": free("기타", "", 100),
	} {
		if !errors.Is(err, catalog.ErrItem) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func free(name string, vat money.VAT, amount money.Won) error {
	_, err := catalog.FreeAmount(name, vat, amount)
	return err
}

func TestValidBusinessNumber(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]bool{
		"1248100998": true, "2208162517": true, "1208147521": true,
		"1208147522": false, "124810099": false, "12481009980": false, "124-81-009": false,
		"0000000000": false, "": false, "１２４８１００９９８": false,
	} {
		if got := catalog.ValidBusinessNumber(number); got != want {
			t.Errorf("%q: %v", number, got)
		}
	}
	if got := catalog.PlainBusinessNumber(" 124-81 00998"); got != "1248100998" {
		t.Errorf("plain %q", got)
	}
}

func TestShopCheck(t *testing.T) {
	t.Parallel()
	shop := catalog.Shop{Name: "달빛 상회", BusinessNumber: "1248100998", Representative: "김달", Kind: "retail"}
	if problems := shop.Check(); len(problems) != 0 {
		t.Fatalf("a good shop: %+v", problems)
	}
	shop = catalog.Shop{BusinessNumber: "1", Address: strings.Repeat("가", 121), Phone: "\n02"}
	fields := make([]string, 0, 5)
	for _, problem := range shop.Check() {
		fields = append(fields, problem.Field)
	}
	if want := []string{"name", "address", "phone", "business_number", "kind"}; !slices.Equal(fields, want) {
		t.Errorf("fields %v", fields)
	}
}

func TestCategoryCheck(t *testing.T) {
	t.Parallel()
	if problems := (catalog.Category{Name: "음료", Color: catalog.Blue}).Check(); len(problems) != 0 {
		t.Errorf("a good category: %+v", problems)
	}
	if problems := (catalog.Category{Color: "gold"}).Check(); len(problems) != 2 {
		t.Errorf("a bad one: %+v", problems)
	}
}

func TestDefaultCategoriesOfEveryKind(t *testing.T) {
	t.Parallel()
	kinds, err := all.Registry()
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range kinds {
		for _, category := range kind.Defaults().Categories {
			for _, called := range []string{category.Korean, category.English} {
				made := catalog.Category{Name: called, Color: catalog.Color(category.Color)}
				if problems := made.Check(); len(problems) != 0 {
					t.Errorf("%s: %+v: %+v", name, category, problems)
				}
			}
		}
	}
}
