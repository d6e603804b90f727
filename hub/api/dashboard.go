package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/hub/report"
)

type dayInput struct {
	Shop string `query:"shop" maxLength:"64" doc:"Empty for all shops."`
	Day  string `query:"day" maxLength:"10" doc:"2026-11-23; empty for today in Seoul."`
}

type dashboardOutput struct{ Body Dashboard }

var reportRefusals = []refusal{
	{report.ErrNotFound, http.StatusNotFound},
	{report.ErrCursor, http.StatusUnprocessableEntity},
}

func (s *server) registerDashboard(api huma.API) {
	huma.Register(api, owner(huma.Operation{
		OperationID: "dashboard", Method: http.MethodGet, Path: "/api/dashboard", Tags: []string{"dashboard"},
		Summary: "One business day, what is wrong and what to do",
	}), s.dashboard)
}

func (s *server) dashboard(ctx context.Context, in *dayInput) (*dashboardOutput, error) {
	who := visitorOf(ctx)
	day, err := s.reports.Day(ctx, report.Scope{Tenant: who.tenant, Shop: in.Shop}, in.Day)
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	shops, err := s.reports.Shops(ctx, who.tenant)
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	boxes, err := s.reports.Boxes(ctx, who.tenant)
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	view := viewDay(day)
	differences, err := s.reports.Differences(ctx, who.tenant, s.now().Add(-differenceFor))
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	state := estate{shops: inScope(shops, in.Shop), boxes: boxes, differences: differences, now: s.now()}
	view.Wrong, view.Todo = state.wrong(), state.duties()
	return &dashboardOutput{Body: view}, nil
}

func inScope(shops []report.ShopInfo, shop string) []report.ShopInfo {
	var chosen []report.ShopInfo
	for _, info := range shops {
		if shop == "" || info.ID == shop {
			chosen = append(chosen, info)
		}
	}
	return chosen
}

func viewDay(day report.Day) Dashboard {
	view := Dashboard{
		Day: day.Day, Today: day.Today, At: day.At,
		Total: int64(day.Total), Sales: day.Sales, Refunds: day.Refunds, Refund: int64(day.Refunded),
		Before:  Before{Day: day.Before.Day, Total: int64(day.Before.Total), Known: day.Before.Known},
		Hours:   make([]Hour, len(day.Hours)),
		Tenders: make([]TenderTotal, len(day.Tenders)),
		Goods:   make([]ProductTotal, len(day.Products)),
		Shops:   make([]ShopTotal, len(day.Shops)),
	}
	for i, hour := range day.Hours {
		view.Hours[i] = Hour{Hour: hour.Hour, Total: int64(hour.Total), Before: int64(hour.Before)}
	}
	for i, tender := range day.Tenders {
		view.Tenders[i] = TenderTotal{Kind: tender.Kind, Total: int64(tender.Total), Count: tender.Count}
	}
	for i, product := range day.Products {
		view.Goods[i] = ProductTotal{
			Product: product.Product, Name: product.Name, Quantity: int64(product.Quantity),
			Total: int64(product.Total), Margin: (*int64)(product.Margin),
		}
	}
	for i, shop := range day.Shops {
		view.Shops[i] = ShopTotal{
			Shop: Named{ID: shop.Shop, Name: shop.Name}, Total: int64(shop.Total), Sales: shop.Sales,
			Open: shop.State.Day != "" && shop.State.ClosedAt == nil,
		}
	}
	if day.Margin != nil {
		view.Margin = &Margin{Amount: int64(day.Margin.Amount), Of: int64(day.Margin.Of)}
	}
	return view
}
