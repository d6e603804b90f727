package label_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/edge/label"
	"shopbox/protocol/money"
)

func maker(t *testing.T) *label.Maker {
	t.Helper()
	made, err := label.New()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func stock() drivers.LabelStock { return drivers.LabelStock{Resolution: 203, Only: true} }

func milk() label.Goods {
	return label.Goods{Name: " 서울우유 1L ", Price: 2850, Barcodes: []string{"MILK-1", "8801043014809"}}
}

func TestMake(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		goods  func(g *label.Goods)
		wanted label.Wanted
		want   drivers.Label
	}{
		"usual": {nil, label.Wanted{Copies: 3}, drivers.Label{
			Title: "서울우유 1L", Price: "2,850원", Copies: 3, Code: drivers.LabelCode{Symbology: drivers.EAN13, Data: "8801043014809"},
		}},
		"with notes": {nil, label.Wanted{Content: label.Content{Quantity: money.One, Unit: "L"}, Expires: "2026-12-05"}, drivers.Label{
			Title: "서울우유 1L", Price: "2,850원", Notes: []string{"100mL당 285원", "2026. 12. 5.까지"},
			Code: drivers.LabelCode{Symbology: drivers.EAN13, Data: "8801043014809"},
		}},
		"English, by weight, own code": {
			func(g *label.Goods) {
				*g = label.Goods{Name: "Lettuce", Price: 9900, ByWeight: true, Barcodes: []string{"L7"}}
			},
			label.Wanted{Language: label.English, Expires: "2026-12-05"},
			drivers.Label{
				Title: "Lettuce", Price: "1kg 9,900 won", Notes: []string{"until 2026. 12. 5."},
				Code: drivers.LabelCode{Symbology: drivers.Code128, Data: "L7"},
			},
		},
		"short number": {func(g *label.Goods) { g.Barcodes = []string{"96385074"} }, label.Wanted{}, drivers.Label{
			Title: "서울우유 1L", Price: "2,850원", Code: drivers.LabelCode{Symbology: drivers.EAN8, Data: "96385074"},
		}},
		"no code": {func(g *label.Goods) { g.Barcodes = nil }, label.Wanted{Language: "fr"}, drivers.Label{
			Title: "서울우유 1L", Price: "2,850원",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goods := milk()
			if tt.goods != nil {
				tt.goods(&goods)
			}
			tt.wanted.Size, tt.want.Width, tt.want.Height = "50x30", 50, 30
			if tt.wanted.Copies == 0 {
				tt.wanted.Copies, tt.want.Copies = 1, 1
			}
			got, err := maker(t).Make(goods, tt.wanted, stock())
			if err != nil || !slices.Equal(got.Notes, tt.want.Notes) {
				t.Fatalf("%+v, %v", got, err)
			}
			got.Notes, tt.want.Notes = nil, nil
			if got.Title != tt.want.Title || got.Price != tt.want.Price || got.Code != tt.want.Code || got.Copies != tt.want.Copies || got.Width != 50 || got.Height != 30 {
				t.Errorf("%+v; want %+v", got, tt.want)
			}
		})
	}
}

// The price of a unit is rounded to the won, halves up.
func TestUnitPrice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		price    money.Won
		quantity money.Milli
		unit     string
		want     string
	}{
		{2850, money.One, "L", "100mL당 285원"},
		{1000, 300 * money.One, "g", "100g당 333원"},
		{2000, 300 * money.One, "g", "100g당 667원"},
		{1, 200 * money.One, "mL", "100mL당 1원"},
		{21_900, 24 * money.One, "piece", "1개당 913원"},
		{9900, 1500, "kg", "100g당 660원"},
		{sale, 1, "g", "100g당 99,999,999,900,000원"},
	} {
		goods := milk()
		goods.Price = tt.price
		got, err := maker(t).Make(goods, label.Wanted{Size: "60x40", Copies: 1, Content: label.Content{Quantity: tt.quantity, Unit: tt.unit}}, stock())
		if err != nil || !slices.Equal(got.Notes, []string{tt.want}) {
			t.Errorf("%d for %d %s: %v, %v", tt.price, tt.quantity, tt.unit, got.Notes, err)
		}
	}
	for _, unit := range label.Units() {
		if _, err := maker(t).Make(milk(), label.Wanted{Size: "60x40", Copies: 1, Content: label.Content{Quantity: 1, Unit: unit}}, stock()); err != nil {
			t.Errorf("%s: %v", unit, err)
		}
	}
}

// sale is the highest price.
const sale = money.Won(999_999_999)

func TestRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(g *label.Goods, w *label.Wanted)
		want   error
	}{
		"size":        {func(_ *label.Goods, w *label.Wanted) { w.Size = "1x1" }, label.ErrSize},
		"no label":    {func(_ *label.Goods, w *label.Wanted) { w.Copies = 0 }, label.ErrCopies},
		"too many":    {func(_ *label.Goods, w *label.Wanted) { w.Copies = label.MaxCopies + 1 }, label.ErrCopies},
		"date":        {func(_ *label.Goods, w *label.Wanted) { w.Expires = "2026-02-30" }, label.ErrDate},
		"unit":        {func(_ *label.Goods, w *label.Wanted) { w.Content = label.Content{Quantity: 1, Unit: "ell"} }, label.ErrContent},
		"no content":  {func(_ *label.Goods, w *label.Wanted) { w.Content = label.Content{Unit: "g"} }, label.ErrContent},
		"endless":     {func(_ *label.Goods, w *label.Wanted) { w.Content = label.Content{Quantity: 1 << 60, Unit: "kg"} }, label.ErrContent},
		"no room":     {func(g *label.Goods, _ *label.Wanted) { g.Barcodes = []string{strings.Repeat("LONG", 8)} }, drivers.ErrLabel},
		"not a check": {func(g *label.Goods, _ *label.Wanted) { g.Barcodes = []string{"우유"} }, drivers.ErrLabel},
	} {
		goods, wanted := milk(), label.Wanted{Size: "40x25", Copies: 1}
		tt.change(&goods, &wanted)
		if _, err := maker(t).Make(goods, wanted, stock()); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every size has room for the usual barcode on every printer.
func TestSizes(t *testing.T) {
	t.Parallel()
	made := maker(t)
	if len(made.Sizes()) < 3 {
		t.Errorf("sizes %v", made.Sizes())
	}
	for _, size := range made.Sizes() {
		for _, resolution := range []int{152, 180, 203, 300, 600} {
			got, err := made.Make(milk(), label.Wanted{Size: size.Name, Copies: 1}, drivers.LabelStock{Resolution: resolution})
			if err != nil {
				t.Errorf("%s at %d: %v", size.Name, resolution, err)
				continue
			}
			picture, err := label.Picture(got, drivers.LabelStock{Resolution: resolution})
			if err != nil || picture.Bounds().Dx() != (size.Width*10*resolution+127)/254 {
				t.Errorf("%s at %d: %v, %v", size.Name, resolution, picture.Bounds(), err)
			}
		}
	}
}
