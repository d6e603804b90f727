package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/catalog"
	"shopbox/edge/staff"
	"shopbox/edge/stock"
	"shopbox/protocol/money"
)

type productsInput struct {
	Query    string `query:"q" maxLength:"100" doc:"part of a name, its initial consonants, or a whole barcode"`
	Category string `query:"category" maxLength:"64"`
	Archived bool   `query:"archived" doc:"archived products instead of the others"`
	Page
}

func (s *Server) registerProducts(api huma.API) {
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "list-products", Method: http.MethodGet, Path: "/api/products", Tags: []string{"products"}, Summary: "Products by name",
	}), s.listProducts)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "get-product", Method: http.MethodGet, Path: "/api/products/{id}", Tags: []string{"products"}, Summary: "One product",
	}), func(ctx context.Context, in *ByID) (*bodyOf[ProductView], error) {
		listed, err := s.Products.ProductWithStock(ctx, in.ID)
		return answering(viewProduct(listed), s.refuse(ctx, err))
	})
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "add-product", Method: http.MethodPost, Path: "/api/products", Tags: []string{"products"}, Summary: "Add a product",
	}), s.addProduct)
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "change-product", Method: http.MethodPut, Path: "/api/products/{id}", Tags: []string{"products"}, Summary: "Change a product",
	}), s.changeProduct)
	huma.Register(api, needs(staff.Stock, huma.Operation{
		OperationID: "move-stock", Method: http.MethodPost, Path: "/api/products/{id}/stock", Tags: []string{"products"}, Summary: "Receive, count or write off goods",
	}), s.moveStock)
}

func viewProduct(listed catalog.Listed) ProductView {
	return ProductView{
		ID: listed.ID, Name: listed.Name, Category: listed.Category, Price: listed.Price, Cost: listed.Cost, VAT: listed.VAT,
		Barcodes: append([]string{}, listed.Barcodes...), ByWeight: listed.ByWeight, Unit: listed.Unit, Age: listed.Age(),
		AskNote: listed.NoteLabel(), OnKeys: listed.Key != nil, Archived: listed.Archived, Stock: listed.Stock,
	}
}

func (s *Server) listProducts(ctx context.Context, in *productsInput) (*bodyOf[ProductsView], error) {
	query := catalog.Query{
		Text: strings.TrimSpace(in.Query), Category: in.Category, Archived: in.Archived, Limit: in.Limit, Offset: in.Offset,
	}
	found, err := s.Products.Products(ctx, query)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	view := ProductsView{Items: make([]ProductView, len(found))}
	for i, listed := range found {
		view.Items[i] = viewProduct(listed)
	}
	view.Total, err = s.Products.CountProducts(ctx, query)
	return answering(view, s.refuse(ctx, err))
}

func (s *Server) addProduct(ctx context.Context, in *struct{ Body ProductView }) (*bodyOf[ProductView], error) {
	id, err := newID()
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return s.saveProduct(ctx, catalog.Product{ID: id, TrackStock: true}, in.Body)
}

type changeProductInput struct {
	ByID
	Body ProductView
}

func (s *Server) changeProduct(ctx context.Context, in *changeProductInput) (*bodyOf[ProductView], error) {
	known, err := s.Products.ProductWithStock(ctx, in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return s.saveProduct(ctx, known.Product, in.Body)
}

func (s *Server) saveProduct(ctx context.Context, before catalog.Product, view ProductView) (*bodyOf[ProductView], error) {
	product, err := s.readProduct(ctx, before, view)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := checked("body.", product.Check()); err != nil {
		return nil, err
	}
	detail := "+ " + product.Price.String()
	if before.Name != "" {
		detail = before.Price.String() + " -> " + product.Price.String()
	}
	act := s.act(actor(ctx), staff.ActProductChanged, product.Name, detail)
	if err := s.Products.ChangeCatalog(ctx, catalog.Change{Products: []catalog.Product{product}}, person(actor(ctx)), act); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	listed, err := s.Products.ProductWithStock(ctx, product.ID)
	return answering(viewProduct(listed), s.refuse(ctx, err))
}

// readProduct is the product as the screen wants it. What the screen does not
// show stays as it was.
func (s *Server) readProduct(ctx context.Context, product catalog.Product, view ProductView) (catalog.Product, error) {
	_, settings, err := s.Shop.Shop(ctx)
	if err != nil {
		return product, err
	}
	product.Name, product.Category, product.Price, product.Cost = strings.TrimSpace(view.Name), view.Category, view.Price, view.Cost
	product.VAT, product.ByWeight, product.Unit, product.Archived = view.VAT, view.ByWeight, strings.TrimSpace(view.Unit), view.Archived
	product.Prompts = catalog.Prompts(view.Age, strings.TrimSpace(view.AskNote))
	product.Barcodes = nil
	for _, typed := range view.Barcodes {
		normal, err := catalog.NormalBarcode(typed, settings.Codes)
		if err != nil {
			return product, invalid(ProblemField{Location: "body.barcodes", Code: err.Error()})
		}
		product.Barcodes = append(product.Barcodes, normal)
	}
	if err := s.checkCategory(ctx, view.Category); err != nil {
		return product, err
	}
	return product, s.placeKey(ctx, &product, view.OnKeys && !view.Archived)
}

func (s *Server) checkCategory(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	categories, err := s.Goods.Categories(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(categories, func(category catalog.Category) bool { return category.ID == id }) {
		return invalid(ProblemField{Location: "body.category", Code: catalog.CodeInvalid})
	}
	return nil
}

// placeKey gives a product the first free place among its category's keys, or
// takes it off them. One that is there stays where it is.
func (s *Server) placeKey(ctx context.Context, product *catalog.Product, onKeys bool) error {
	if !onKeys || product.Category == "" {
		product.Key = nil
		return nil
	}
	if product.Key != nil && product.Key.Category == product.Category {
		return nil
	}
	keys, err := s.Goods.Keys(ctx)
	if err != nil {
		return err
	}
	taken := make(map[int]bool)
	for _, other := range keys {
		if other.Key.Category == product.Category {
			taken[other.Key.Slot] = true
		}
	}
	slot := 0
	for taken[slot] {
		slot++
	}
	product.Key = &catalog.KeyPosition{Category: product.Category, Slot: slot}
	return nil
}

type stockInput struct {
	ByID
	Body StockRequest
}

func (s *Server) moveStock(ctx context.Context, in *stockInput) (*bodyOf[ProductView], error) {
	known, err := s.Products.ProductWithStock(ctx, in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	reason, quantity := stock.Reason(in.Body.Reason), in.Body.Quantity
	act := s.act(actor(ctx), staff.ActStockMoved, known.Name, in.Body.Reason+" "+quantity.String())
	switch {
	case reason == stock.Counted && (quantity < 0 || quantity > stock.MaxQuantity):
		err = stock.ErrMovement
	case reason == stock.Counted:
		err = s.Products.Count(ctx, in.ID, quantity, person(actor(ctx)), act)
	default:
		err = s.Products.Move(ctx, []stock.Movement{{
			Product: in.ID, Name: known.Name, Quantity: directed(reason, quantity), Reason: reason, Note: strings.TrimSpace(in.Body.Note),
		}}, person(actor(ctx)), act)
	}
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	known, err = s.Products.ProductWithStock(ctx, in.ID)
	return answering(viewProduct(known), s.refuse(ctx, err))
}

// directed takes what was lost out, whichever sign the person gave it.
func directed(reason stock.Reason, quantity money.Milli) money.Milli {
	if reason == stock.Lost && quantity > 0 {
		return -quantity
	}
	return quantity
}
