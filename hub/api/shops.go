package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/hub/tenant"
)

type shopsOutput struct{ Body Shops }

type shopOutput struct{ Body Shop }

type newShopInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100"`
	}
}

type shopInput struct {
	ID string `path:"id" maxLength:"64"`
}

type claimOutput struct{ Body ClaimCode }

var shopRefusals = []refusal{
	{tenant.ErrNotFound, http.StatusNotFound},
	{tenant.ErrInvalid, http.StatusUnprocessableEntity},
}

func (s *server) registerShops(api huma.API) {
	huma.Register(api, owner(huma.Operation{
		OperationID: "list-shops", Method: http.MethodGet, Path: "/api/shops", Tags: []string{"shops"},
		Summary: "Shops of the tenant",
	}), s.listShops)
	huma.Register(api, owner(huma.Operation{
		OperationID: "add-shop", Method: http.MethodPost, Path: "/api/shops", Tags: []string{"shops"},
		Summary: "Add a shop", DefaultStatus: http.StatusCreated,
	}), s.addShop)
	huma.Register(api, owner(huma.Operation{
		OperationID: "new-claim-code", Method: http.MethodPost, Path: "/api/shops/{id}/claim-codes", Tags: []string{"shops"},
		Summary: "Make a code that lets one box into the shop", DefaultStatus: http.StatusCreated,
	}), s.newClaimCode)
}

func (s *server) listShops(ctx context.Context, _ *struct{}) (*shopsOutput, error) {
	found, err := s.reports.Shops(ctx, visitorOf(ctx).tenant)
	if err != nil {
		return nil, s.refuse(ctx, err, shopRefusals)
	}
	out := &shopsOutput{Body: Shops{Shops: make([]Shop, len(found))}}
	for i, shop := range found {
		out.Body.Shops[i] = Shop{ID: shop.ID, Name: shop.Name, BusinessNumber: shop.BusinessNumber, Boxes: shop.Boxes}
	}
	return out, nil
}

func (s *server) addShop(ctx context.Context, in *newShopInput) (*shopOutput, error) {
	shop, err := s.places.CreateShop(ctx, visitorOf(ctx).tenant, in.Body.Name, "retail")
	if err != nil {
		return nil, s.refuse(ctx, err, shopRefusals)
	}
	return &shopOutput{Body: Shop{ID: shop.ID, Name: shop.Name, BusinessNumber: shop.BusinessNumber}}, nil
}

func (s *server) newClaimCode(ctx context.Context, in *shopInput) (*claimOutput, error) {
	code, err := s.places.NewClaimCode(ctx, visitorOf(ctx).tenant, in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err, shopRefusals)
	}
	return &claimOutput{Body: ClaimCode{Code: code.Code, ExpiresAt: code.ExpiresAt}}, nil
}
