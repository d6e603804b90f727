package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/hub/report"
)

type fleetInput struct {
	Filter string `query:"filter" enum:"all,online,silent,new,unsent,fault" default:"all"`
	Query  string `query:"q" maxLength:"100" doc:"Part of a tenant's or shop's name, a business number, or the beginning of a box id."`
	Cursor string `query:"cursor" maxLength:"200"`
}

type fleetOutput struct{ Body Fleet }

func (s *server) registerFleet(api huma.API) {
	huma.Register(api, operator(huma.Operation{
		OperationID: "list-fleet", Method: http.MethodGet, Path: "/api/carrier/boxes", Tags: []string{"carrier"},
		Summary: "All boxes of the carrier",
	}), s.listFleet)
}

func (s *server) listFleet(ctx context.Context, in *fleetInput) (*fleetOutput, error) {
	filter := report.FleetFilter(in.Filter)
	if in.Filter == "all" {
		filter = report.FleetAll
	}
	page, err := s.reports.Fleet(ctx, report.FleetQuery{
		Filter: filter, Search: strings.TrimSpace(in.Query), Cursor: in.Cursor,
	})
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	counts, err := s.reports.FleetCounts(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	view := Fleet{Counts: FleetCounts(counts), Boxes: make([]Box, len(page.Boxes)), Next: page.Next}
	for i, box := range page.Boxes {
		view.Boxes[i] = viewBox(box)
		view.Boxes[i].Tenant = &Named{ID: box.Tenant, Name: box.TenantName}
	}
	return &fleetOutput{Body: view}, nil
}
