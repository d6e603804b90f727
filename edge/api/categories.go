package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/staff"
	"shopbox/edge/till"
)

func (s *Server) registerCategories(api huma.API) {
	huma.Register(api, open(huma.Operation{
		OperationID: "get-catalog", Method: http.MethodGet, Path: "/api/catalog", Tags: []string{"products"},
		Summary: "What the product keys show; nothing when nobody is signed in",
	}), s.catalog)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "list-categories", Method: http.MethodGet, Path: "/api/categories", Tags: []string{"products"}, Summary: "Categories in their order",
	}), func(ctx context.Context, _ *none) (*bodyOf[[]CategoryView], error) {
		categories, err := s.Goods.Categories(ctx)
		return answering(viewCategories(categories), s.refuse(ctx, err))
	})
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "add-category", Method: http.MethodPost, Path: "/api/categories", Tags: []string{"products"}, Summary: "Add a category",
	}), func(ctx context.Context, in *struct{ Body CategoryView }) (*bodyOf[CategoryView], error) {
		id, err := newID()
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return s.saveCategory(ctx, catalog.Category{ID: id, Color: catalog.Plain}, in.Body)
	})
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "change-category", Method: http.MethodPut, Path: "/api/categories/{id}", Tags: []string{"products"}, Summary: "Change a category",
	}), func(ctx context.Context, in *changeCategoryInput) (*bodyOf[CategoryView], error) {
		category, err := s.category(ctx, in.ID)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return s.saveCategory(ctx, category, in.Body)
	})
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "remove-category", Method: http.MethodDelete, Path: "/api/categories/{id}", Tags: []string{"products"},
		Summary: "Remove a category; its products stay", DefaultStatus: http.StatusNoContent,
	}), s.removeCategory)
	huma.Register(api, needs(staff.Products, huma.Operation{
		OperationID: "set-keys", Method: http.MethodPut, Path: "/api/keys", Tags: []string{"products"}, Summary: "Lay the product keys of a category out",
	}), s.setKeys)
}

type changeCategoryInput struct {
	ByID
	Body CategoryView
}

func viewCategories(categories []catalog.Category) []CategoryView {
	views := make([]CategoryView, len(categories))
	for i, category := range categories {
		views[i] = viewCategory(category)
	}
	return views
}

func viewCategory(category catalog.Category) CategoryView {
	return CategoryView{ID: category.ID, Name: category.Name, Order: category.Order, Printer: category.Printer}
}

func (s *Server) catalog(ctx context.Context, _ *none) (*bodyOf[CatalogView], error) {
	if !visitorOf(ctx).signedIn() {
		if _, _, err := s.Shop.Shop(ctx); !isNotFound(err) {
			return nil, s.refuse(ctx, cmp.Or(err, error(newProblem(http.StatusUnauthorized, codeSignedOut))))
		}
	}
	return s.readCatalog(ctx)
}

func (s *Server) readCatalog(ctx context.Context) (*bodyOf[CatalogView], error) {
	// The edition first: what is read after it is never older.
	version, err := s.Goods.CatalogVersion(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	categories, err := s.Goods.Categories(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	keys, err := s.Goods.Keys(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	shop, _, err := s.Shop.Shop(ctx)
	if err != nil && !isNotFound(err) {
		return nil, s.refuse(ctx, err)
	}
	view := CatalogView{Version: version, Categories: viewCategories(categories), Keys: make([]KeyView, len(keys))}
	for i, product := range keys {
		view.Keys[i] = KeyView{
			Product: product.ID, Name: product.Name, Price: product.Price, VAT: product.VAT, ByWeight: product.ByWeight,
			Category: product.Key.Category, Slot: product.Key.Slot, Prompts: viewPrompts(s.promptsOf(shop, product)),
		}
	}
	return answering(view, nil)
}

func (s *Server) category(ctx context.Context, id string) (catalog.Category, error) {
	categories, err := s.Goods.Categories(ctx)
	if err != nil {
		return catalog.Category{}, err
	}
	for _, category := range categories {
		if category.ID == id {
			return category, nil
		}
	}
	return catalog.Category{}, till.ErrNotFound
}

func (s *Server) saveCategory(ctx context.Context, category catalog.Category, view CategoryView) (*bodyOf[CategoryView], error) {
	category.Name, category.Order, category.Printer = strings.TrimSpace(view.Name), view.Order, view.Printer
	if err := checked("body.", category.Check()); err != nil {
		return nil, err
	}
	if category.Printer != "" {
		if printer, err := s.device(category.Printer); err != nil || printer.Kind != drivers.KindPrinter || printer.LabelsOnly {
			return nil, invalid(ProblemField{Location: "body.printer", Code: catalog.CodeInvalid})
		}
	}
	act := s.act(actor(ctx), staff.ActProductChanged, category.Name, "")
	err := s.Products.ChangeCatalog(ctx, catalog.Change{Categories: []catalog.Category{category}}, person(actor(ctx)), act)
	if err == nil {
		s.Changed()
	}
	return answering(viewCategory(category), s.refuse(ctx, err))
}

func (s *Server) removeCategory(ctx context.Context, in *ByID) (*none, error) {
	category, err := s.category(ctx, in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	act := s.act(actor(ctx), staff.ActProductChanged, category.Name, "-")
	if err := s.Products.ChangeCatalog(ctx, catalog.Change{Gone: []string{in.ID}}, person(actor(ctx)), act); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	return nil, nil
}

// setKeys lays a category out: products that are not named lose their key
// there, one that had a key elsewhere moves.
func (s *Server) setKeys(ctx context.Context, in *struct{ Body KeysRequest }) (*bodyOf[CatalogView], error) {
	category, err := s.category(ctx, in.Body.Category)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	products, err := s.layOut(ctx, category.ID, in.Body.Slots)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	act := s.act(actor(ctx), staff.ActProductChanged, category.Name, "keys")
	if err := s.Products.ChangeCatalog(ctx, catalog.Change{Products: products}, person(actor(ctx)), act); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	return s.readCatalog(ctx)
}

// layOut lists the products whose key changes.
func (s *Server) layOut(ctx context.Context, category string, slots []string) ([]catalog.Product, error) {
	keys, err := s.Goods.Keys(ctx)
	if err != nil {
		return nil, err
	}
	var changed []catalog.Product
	for _, product := range keys {
		if product.Key.Category == category && !slices.Contains(slots, product.ID) {
			product.Key = nil
			changed = append(changed, product)
		}
	}
	for slot, id := range slots {
		if id == "" {
			continue
		}
		if slices.Index(slots, id) != slot {
			return nil, invalid(ProblemField{Location: "body.slots", Code: catalog.CodeDuplicate})
		}
		known, err := s.Products.ProductWithStock(ctx, id)
		switch {
		case errors.Is(err, till.ErrNotFound), err == nil && known.Archived:
			return nil, invalid(ProblemField{Location: "body.slots", Code: catalog.CodeInvalid})
		case err != nil:
			return nil, err
		}
		place := catalog.KeyPosition{Category: category, Slot: slot}
		if known.Key == nil || *known.Key != place {
			known.Key = &place
			changed = append(changed, known.Product)
		}
	}
	return changed, nil
}
