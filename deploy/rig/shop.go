package rig

import (
	"context"
	"fmt"
	"net/http"
	"os"
)

// The demo shop's people and doors. They open simulators on loopback only.
const (
	OwnerName     = "김사장"
	OwnerPIN      = "2580"
	CashierName   = "이알바"
	CashierPIN    = "1379"
	OwnerLogin    = "owner@example.com"
	OwnerPassword = "shopbox-demo-2026"
	ShopName      = "한빛마트 역삼점"
	// BusinessNumber is one that only passes the checksum.
	BusinessNumber = "1208147521"
)

// Shop is a set-up shop with its two doors.
type Shop struct {
	// Box is a counter with the owner signed in.
	Box *Client
	// Hub is the owner's browser, signed in.
	Hub *Client
	// HubShop is the shop's id on the hub.
	HubShop string
}

// SetUp sets the shop up as a person would: shop and owner, goods, devices,
// a cashier, the hub, and the day opened with a float of 100,000 won.
func (w *World) SetUp(ctx context.Context) (*Shop, error) {
	box, err := NewClient(w.BoxURL())
	if err != nil {
		return nil, err
	}
	shop := &Shop{Box: box}
	return shop, inOrder(ctx, shop, []step{
		{"set up the shop", setUpShop},
		{"import goods", importGoods},
		{"lay out the keys", layOutKeys},
		{"adopt devices", w.adoptDevices},
		{"take on a cashier", addCashier},
		{"found the owner's account", w.signUp},
		{"claim the box", w.claim},
		{"open the day", OpenDay},
	})
}

// ReplaceBox puts a new box in the place of the shop's, whose data is gone, as
// the carrier does when one broke, and opens the day on it.
func (w *World) ReplaceBox(ctx context.Context, shop *Shop) error {
	if err := w.Box.Kill(); err != nil {
		return err
	}
	if err := os.RemoveAll(w.BoxFolder()); err != nil {
		return fmt.Errorf("take the old box away: %w", err)
	}
	if err := w.StartBox(); err != nil {
		return err
	}
	var err error
	if shop.Box, err = NewClient(w.BoxURL()); err != nil {
		return err
	}
	return inOrder(ctx, shop, []step{
		{"set up the shop", setUpShop}, {"import goods", importGoods}, {"claim the box", w.claim}, {"open the day", OpenDay},
	})
}

// step is one thing a person does to set a shop up.
type step struct {
	what string
	do   func(context.Context, *Shop) error
}

func inOrder(ctx context.Context, shop *Shop, steps []step) error {
	for _, step := range steps {
		if err := step.do(ctx, shop); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

func setUpShop(ctx context.Context, shop *Shop) error {
	return shop.Box.Post(ctx, "/api/setup", map[string]any{
		"language": "ko",
		"shop": map[string]any{
			"name": ShopName, "business_number": BusinessNumber, "representative": OwnerName,
			"address": "서울특별시 강남구 테헤란로 123", "phone": "02-555-0123", "kind": "grocery",
		},
		"owner": map[string]any{"name": OwnerName, "pin": OwnerPIN},
	}, nil)
}

func importGoods(ctx context.Context, shop *Shop) error {
	var preview struct {
		Token string `json:"token"`
		Bad   int    `json:"bad"`
	}
	if err := shop.Box.Upload(ctx, "/api/products/import/preview", "goods.csv", GoodsCSV(), &preview); err != nil {
		return err
	}
	if preview.Bad > 0 {
		return fmt.Errorf("%d goods were refused", preview.Bad)
	}
	return shop.Box.Post(ctx, "/api/products/import/"+preview.Token, nil, nil)
}

// layOutKeys puts every good on a key of its category, in the list's order.
func layOutKeys(ctx context.Context, shop *Shop) error {
	var categories []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	if err := shop.Box.Get(ctx, "/api/categories", &categories); err != nil {
		return err
	}
	products, err := Products(ctx, shop.Box)
	if err != nil {
		return err
	}
	for _, category := range categories {
		slots := []string{}
		for _, good := range Goods() {
			if good.Category == category.Name {
				slots = append(slots, products[good.Name].ID)
			}
		}
		err := shop.Box.Call(ctx, http.MethodPut, "/api/keys", map[string]any{"category": category.ID, "slots": slots}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// Product is a product of the box, as far as the rig needs it.
type Product struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Price    int64    `json:"price"`
	VAT      string   `json:"vat"`
	Barcodes []string `json:"barcodes"`
	Stock    int64    `json:"stock"`
}

// Products are all products of a box by name.
func Products(ctx context.Context, box *Client) (map[string]Product, error) {
	var page struct {
		Items []Product `json:"items"`
	}
	if err := box.Get(ctx, "/api/products?limit=500", &page); err != nil {
		return nil, err
	}
	products := make(map[string]Product, len(page.Items))
	for _, product := range page.Items {
		products[product.Name] = product
	}
	return products, nil
}

func (w *World) adoptDevices(ctx context.Context, shop *Shop) error {
	for _, device := range []struct{ driver, name, address string }{
		{"zvt", "카드 단말기 (시뮬레이터)", bare(w.Terminal.Ready["addr"])},
		{"escpos", "영수증 프린터 (시뮬레이터)", w.Printer.Ready["addr"]},
		{"serialscan", "바코드 스캐너 (시뮬레이터)", w.Scanner.Ready["addr"]},
	} {
		err := shop.Box.Post(ctx, "/api/devices", map[string]any{
			"driver": device.driver, "name": device.name, "settings": map[string]string{"addr": device.address},
		}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

func addCashier(ctx context.Context, shop *Shop) error {
	var cashier struct {
		ID string `json:"id"`
	}
	err := shop.Box.Post(ctx, "/api/staff", map[string]any{"name": CashierName, "role": "cashier", "active": true}, &cashier)
	if err != nil {
		return err
	}
	return shop.Box.Post(ctx, "/api/staff/"+cashier.ID+"/pin", map[string]any{"pin": CashierPIN}, nil)
}

func (w *World) signUp(ctx context.Context, shop *Shop) error {
	hub, err := NewClient(w.HubURL())
	if err != nil {
		return err
	}
	shop.Hub = hub
	var session struct {
		CSRF string `json:"csrf"`
	}
	err = hub.Post(ctx, "/api/signup", map[string]any{
		"shop_name": ShopName, "name": OwnerName, "business_number": BusinessNumber,
		"login": OwnerLogin, "password": OwnerPassword,
	}, &session)
	hub.Header("X-CSRF-Token", session.CSRF)
	return err
}

func (w *World) claim(ctx context.Context, shop *Shop) error {
	var shops struct {
		Shops []struct {
			ID string `json:"id"`
		} `json:"shops"`
	}
	if err := shop.Hub.Get(ctx, "/api/shops", &shops); err != nil {
		return err
	}
	if len(shops.Shops) == 0 {
		return fmt.Errorf("the owner has no shop on the hub")
	}
	shop.HubShop = shops.Shops[0].ID
	var claim struct {
		Code string `json:"code"`
	}
	if err := shop.Hub.Post(ctx, "/api/shops/"+shop.HubShop+"/claim-codes", nil, &claim); err != nil {
		return err
	}
	return shop.Box.Post(ctx, "/api/hub/claim", map[string]any{"url": w.HubURL(), "code": claim.Code}, nil)
}

// OpenDay opens the business day with a float of 100,000 won.
func OpenDay(ctx context.Context, shop *Shop) error {
	return shop.Box.Post(ctx, "/api/day/open", map[string]any{"float": 100_000}, nil)
}
