package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"shopbox/edge/api"
	"shopbox/protocol/money"
)

func product(change func(view *api.ProductView)) api.ProductView {
	view := api.ProductView{Name: "우유 900ml", Price: 2850, VAT: money.Exempt, Barcodes: []string{"8801000000067"}, Unit: "팩"}
	if change != nil {
		change(&view)
	}
	return view
}

func TestProducts(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	category := ask[api.CategoryView](s, http.MethodPost, "/api/categories", api.CategoryView{Name: "유제품", Order: 9})
	before := s.state().Catalog.Version
	milk := ask[api.ProductView](s, http.MethodPost, "/api/products", product(func(v *api.ProductView) {
		v.Category, v.OnKeys, v.Age, v.AskNote = category.ID, true, 0, ""
		cost := money.Won(2200)
		v.Cost = &cost
	}))
	if milk.ID == "" || !milk.OnKeys || *milk.Cost != 2200 {
		t.Fatalf("added %+v", milk)
	}
	if after := s.state().Catalog.Version; after <= before {
		t.Errorf("the catalogue's edition stayed %d", after)
	}
	for name, test := range map[string]struct {
		change func(v *api.ProductView)
		status int
		code   string
	}{
		"no name":        {func(v *api.ProductView) { v.Name = "  " }, 422, "invalid"},
		"check digit":    {func(v *api.ProductView) { v.Barcodes = []string{"8801000000068"} }, 422, "invalid"},
		"no category":    {func(v *api.ProductView) { v.Category = "gone" }, 422, "invalid"},
		"price":          {func(v *api.ProductView) { v.Price = -1 }, 422, "invalid"},
		"vat":            {func(v *api.ProductView) { v.VAT = "zero" }, 422, "invalid"},
		"taken barcode":  {func(v *api.ProductView) { v.Barcodes = []string{coffee} }, 409, "taken"},
		"a receipt code": {func(v *api.ProductView) { v.Barcodes = []string{"R2611230001"} }, 422, "invalid"},
	} {
		got := s.call(http.MethodPost, "/api/products", product(test.change))
		if got.status != test.status || got.problem().Code != test.code {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	milk.Price, milk.Category = 2950, ""
	changed := ask[api.ProductView](s, http.MethodPut, "/api/products/"+milk.ID, milk)
	if changed.Price != 2950 || changed.OnKeys {
		t.Errorf("changed %+v", changed)
	}
	if found := ask[api.ProductsView](s, http.MethodGet, "/api/products?q=%E3%85%87%E3%85%87", nil); found.Total != 1 || found.Items[0].Name != "우유 900ml" {
		t.Errorf("found by initials: %+v", found)
	}
	if found := ask[api.ProductsView](s, http.MethodGet, "/api/products?q="+coffee, nil); found.Total != 1 || found.Items[0].Name != "아메리카노" {
		t.Errorf("found by barcode: %+v", found)
	}
	if found := ask[api.ProductsView](s, http.MethodGet, "/api/products?limit=2&offset=2", nil); found.Total != 3 || len(found.Items) != 1 {
		t.Errorf("second page: %+v", found)
	}
	s.refused(http.MethodGet, "/api/products/none", nil, http.StatusNotFound, "not_found")
	s.refused(http.MethodGet, "/api/products?limit=0", nil, http.StatusUnprocessableEntity, "invalid")
}

func TestStock(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	coffeeOf := func() api.ProductView {
		return ask[api.ProductsView](s, http.MethodGet, "/api/products?q="+coffee, nil).Items[0]
	}
	path := "/api/products/" + coffeeOf().ID + "/stock"
	for _, step := range []struct {
		reason   string
		quantity money.Milli
		want     money.Milli
	}{
		{"received", 20_000, 20_000}, {"lost", 2_000, 18_000}, {"lost", -1_000, 17_000}, {"counted", 16_500, 16_500}, {"received", -500, 16_000},
	} {
		got := ask[api.ProductView](s, http.MethodPost, path, map[string]any{"quantity": step.quantity, "reason": step.reason})
		if got.Stock != step.want {
			t.Errorf("%s %d: %d, want %d", step.reason, step.quantity, got.Stock, step.want)
		}
	}
	s.refused(http.MethodPost, path, map[string]any{"quantity": 0, "reason": "received"}, http.StatusUnprocessableEntity, "movement_invalid")
	s.refused(http.MethodPost, path, map[string]any{"quantity": -1, "reason": "counted"}, http.StatusUnprocessableEntity, "movement_invalid")
	s.post("/api/cart/scan", scan(coffee))
	s.post("/api/cart/pay", pay(s.state(), "stock-key", "cash", nil))
	if got := coffeeOf().Stock; got != 15_000 {
		t.Errorf("after a sale %d", got)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	items := ask[api.ProductsView](s, http.MethodGet, "/api/products", nil).Items
	category := ask[[]api.CategoryView](s, http.MethodGet, "/api/categories", nil)[0].ID
	set := func(slots ...string) api.CatalogView {
		return ask[api.CatalogView](s, http.MethodPut, "/api/keys", map[string]any{"category": category, "slots": slots})
	}
	if got := set(items[0].ID, "", items[1].ID); len(got.Keys) != 2 || got.Keys[1].Slot != 2 {
		t.Fatalf("laid out %+v", got.Keys)
	}
	if got := set(items[1].ID, items[0].ID); got.Keys[0].Product != items[1].ID || got.Keys[1].Slot != 1 {
		t.Errorf("changed places: %+v", got.Keys)
	}
	if got := set(items[1].ID); len(got.Keys) != 1 {
		t.Errorf("one left: %+v", got.Keys)
	}
	twice := map[string]any{"category": category, "slots": []string{items[0].ID, items[0].ID}}
	s.refused(http.MethodPut, "/api/keys", twice, http.StatusUnprocessableEntity, "invalid")
	s.refused(http.MethodPut, "/api/keys", map[string]any{"category": category, "slots": []string{"none"}}, http.StatusUnprocessableEntity, "invalid")
	s.refused(http.MethodPut, "/api/keys", map[string]any{"category": "none", "slots": []string{}}, http.StatusNotFound, "not_found")
	renamed := ask[api.CategoryView](s, http.MethodPut, "/api/categories/"+category, api.CategoryView{Name: "음료수", Order: 3})
	if renamed.Name != "음료수" {
		t.Errorf("renamed %+v", renamed)
	}
	if got := s.call(http.MethodDelete, "/api/categories/"+category, nil); got.status != http.StatusNoContent {
		t.Errorf("remove: %d %s", got.status, got.body)
	}
	if got := ask[api.CatalogView](s, http.MethodGet, "/api/catalog", nil); len(got.Keys) != 0 {
		t.Errorf("keys of a removed category: %+v", got.Keys)
	}
}

const list = `상품명,바코드,판매가,매입가,분류,과세구분,재고
우유 900ml,8801000000067,2850,2200,유제품,면세,60
아메리카노,8801000000012,3200,700,음료,과세,10
생수,8801000000036,900,,,과세,
두부,8801000000109,면,1200,식품,면세,30
달걀,8801000000120,4300,3500,식품,면세,30
`

func TestImport(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	got := s.upload("/api/products/import/preview", []byte(list))
	if got.status != http.StatusOK {
		t.Fatalf("preview: %d %s", got.status, got.body)
	}
	view := read[api.ImportView](t, got.body)
	if view.New != 1 || view.Updated != 1 || view.Same != 1 || view.Bad != 2 || view.Rows[0].Action != "error" || len(view.Rows[0].Errors) == 0 {
		t.Fatalf("preview %+v", view)
	}
	if found := ask[api.ProductsView](s, http.MethodGet, "/api/products", nil); found.Total != 2 {
		t.Error("a preview changed something")
	}
	done := ask[api.ImportedView](s, http.MethodPost, "/api/products/import/"+view.Token, nil)
	if done.New != 1 || done.Updated != 1 {
		t.Errorf("imported %+v", done)
	}
	milk := ask[api.ProductsView](s, http.MethodGet, "/api/products?q=8801000000067", nil).Items[0]
	if milk.VAT != money.Exempt || milk.Stock != 60_000 || milk.Category == "" {
		t.Errorf("imported %+v", milk)
	}
	s.refused(http.MethodPost, "/api/products/import/"+view.Token, nil, http.StatusNotFound, "import_gone")
	for name, file := range map[string]string{"header_missing": "a,b\n1,2\n", "file_unreadable": "\x00\x01\x02\xff\xfe"} {
		if got := s.upload("/api/products/import/preview", []byte(file)); got.status != 422 || got.problem().Code != name {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := s.send(http.MethodPost, "/api/products/import/preview", "multipart/form-data; boundary=x", strings.NewReader("--x--\r\n")); got.status != 422 {
		t.Errorf("no file: %d %s", got.status, got.body)
	}
	// What was exported is what is there.
	for _, format := range []string{"csv", "xlsx"} {
		file := s.call(http.MethodGet, "/api/products/export?format="+format, nil)
		if file.status != http.StatusOK || !strings.Contains(file.header.Get("Content-Disposition"), "products."+format) {
			t.Errorf("export %s: %d %s", format, file.status, file.header)
		}
		again := read[api.ImportView](t, s.upload("/api/products/import/preview", file.body).body)
		if again.Same != 3 || again.New+again.Updated+again.Bad != 0 {
			t.Errorf("exported %s read again: %+v", format, again)
		}
	}
	if file := s.call(http.MethodGet, "/api/products/import/template", nil); !bytes.Contains(file.body, []byte("상품명")) {
		t.Errorf("template: %s", file.body)
	}
}
