package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"shopbox/edge/catalog"
	"shopbox/edge/staff"
	"shopbox/edge/till"
	"shopbox/edge/vertical"
)

func (s *Server) registerSetUp(api huma.API) {
	huma.Register(api, open(huma.Operation{
		OperationID: "set-up", Method: http.MethodPost, Path: "/api/setup", Tags: []string{"shop"},
		Summary: "Set a new box up, once; the owner is signed in",
	}), s.setUp)
}

func (s *Server) setUp(ctx context.Context, in *struct{ Body SetUpRequest }) (*sessionOutput, error) {
	wanted, err := s.readSetUp(in.Body)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := s.Shop.SetUp(ctx, wanted); errors.Is(err, ErrTaken) {
		return nil, newProblem(http.StatusConflict, codeSetUp)
	} else if err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	return s.begin(ctx, wanted.Owner)
}

func (s *Server) readSetUp(request SetUpRequest) (till.SetUp, error) {
	shop := readShop(request.Shop)
	if err := checked("body.shop.", shop.Check()); err != nil {
		return till.SetUp{}, err
	}
	kind, known := s.Kinds[shop.Kind]
	if !known {
		return till.SetUp{}, invalid(ProblemField{Location: "body.shop.kind", Code: catalog.CodeInvalid})
	}
	owner, err := s.newPerson(NewStaff{Name: request.Owner.Name, Role: string(staff.Owner), PIN: request.Owner.PIN})
	if err != nil {
		return till.SetUp{}, err
	}
	categories, err := firstCategories(kind.Defaults().Categories, request.Language)
	if err != nil {
		return till.SetUp{}, err
	}
	return till.SetUp{
		Shop: shop, Settings: s.defaults(shop.Kind, request.Language), Owner: owner,
		Catalog: catalog.Change{Categories: categories}, Acts: []staff.AuditEvent{s.act(owner, staff.ActSetUp, shop.Name, "")},
	}, nil
}

func firstCategories(defaults []vertical.Category, language string) ([]catalog.Category, error) {
	categories := make([]catalog.Category, len(defaults))
	for i, category := range defaults {
		id, err := newID()
		if err != nil {
			return nil, err
		}
		categories[i] = catalog.Category{ID: id, Name: category.Korean, Order: i, Color: catalog.Color(category.Color)}
		if language == "en" {
			categories[i].Name = category.English
		}
	}
	return categories, nil
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	return id.String(), err
}
