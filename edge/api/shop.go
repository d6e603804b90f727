package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/catalog"
	"shopbox/edge/staff"
	"shopbox/edge/till"
)

func (s *Server) registerShop(api huma.API) {
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "get-shop", Method: http.MethodGet, Path: "/api/shop", Tags: []string{"shop"}, Summary: "The shop's particulars",
	}), func(ctx context.Context, _ *none) (*bodyOf[ShopView], error) {
		shop, _, err := s.Shop.Shop(ctx)
		return answering(viewShop(shop), s.refuse(ctx, err))
	})
	huma.Register(api, needs(staff.Settings, huma.Operation{
		OperationID: "change-shop", Method: http.MethodPut, Path: "/api/shop", Tags: []string{"shop"}, Summary: "Change the shop's particulars",
	}), s.changeShop)
	huma.Register(api, needs(staff.Settings, huma.Operation{
		OperationID: "change-options", Method: http.MethodPut, Path: "/api/options", Tags: []string{"shop"}, Summary: "Change the settings of the counter",
	}), s.changeOptions)
}

func (s *Server) changeShop(ctx context.Context, in *struct{ Body ShopView }) (*bodyOf[ShopView], error) {
	shop := readShop(in.Body)
	if err := checked("body.", shop.Check()); err != nil {
		return nil, err
	}
	if _, known := s.Kinds[shop.Kind]; !known {
		return nil, invalid(ProblemField{Location: "body.kind", Code: catalog.CodeInvalid})
	}
	_, settings, err := s.Shop.Shop(ctx)
	if err == nil {
		err = s.Shop.SaveShop(ctx, shop, settings, s.act(actor(ctx), staff.ActSettings, shop.Name, ""))
	}
	s.Changed()
	return answering(viewShop(shop), s.refuse(ctx, err))
}

func (s *Server) changeOptions(ctx context.Context, in *struct{ Body OptionsView }) (*bodyOf[OptionsView], error) {
	settings, err := readSettings(in.Body)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := checkDiscounts(settings); err != nil {
		return nil, err
	}
	shop, _, err := s.Shop.Shop(ctx)
	if err == nil {
		err = s.Shop.SaveShop(ctx, shop, settings, s.act(actor(ctx), staff.ActSettings, "", ""))
	}
	s.Changed()
	return answering(viewSettings(settings), s.refuse(ctx, err))
}

const maxQuickDiscounts = 6

func checkDiscounts(settings till.Settings) error {
	if len(settings.QuickDiscounts) > maxQuickDiscounts {
		return invalid(ProblemField{Location: "body.quick_discounts", Code: catalog.CodeTooMany})
	}
	for _, permille := range settings.QuickDiscounts {
		if permille < 1 || permille > 1000 {
			return invalid(ProblemField{Location: "body.quick_discounts", Code: catalog.CodeInvalid})
		}
	}
	return nil
}
