package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/hub/report"
	"shopbox/hub/tenant"
)

const boxActive = string(tenant.BoxActive)

type boxesOutput struct{ Body Boxes }

func (s *server) registerBoxes(api huma.API) {
	huma.Register(api, owner(huma.Operation{
		OperationID: "list-boxes", Method: http.MethodGet, Path: "/api/boxes", Tags: []string{"boxes"},
		Summary: "Boxes of the tenant",
	}), s.listBoxes)
}

func (s *server) listBoxes(ctx context.Context, _ *struct{}) (*boxesOutput, error) {
	found, err := s.reports.Boxes(ctx, visitorOf(ctx).tenant)
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	out := &boxesOutput{Body: Boxes{Boxes: []Box{}}}
	for _, box := range found {
		if box.State == boxActive {
			out.Body.Boxes = append(out.Body.Boxes, viewBox(box))
		}
	}
	return out, nil
}

func viewBox(box report.Box) Box {
	view := Box{
		ID: box.ID, Shop: Named{ID: box.Shop, Name: box.ShopName}, State: lineState(box), Seen: box.LastSeen,
		Version: box.Version, Unsent: box.Unsent, Through: box.Through, Rejects: box.Rejects,
		Faults: make([]Fault, len(box.Faults)),
	}
	for i, fault := range box.Faults {
		view.Faults[i] = Fault{
			Device: fault.Device, Kind: fault.Kind, Name: fault.Name,
			State: fault.State, Code: fault.Code, Since: fault.Since,
		}
	}
	return view
}

// lineState says how a box's line to the hub stands.
func lineState(box report.Box) string {
	switch {
	case box.Connected:
		return "online"
	case box.LastSeen == nil:
		return "new"
	default:
		return "silent"
	}
}
