package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/devices"
	"shopbox/edge/staff"
	"shopbox/edge/till"
)

func (s *Server) registerServices(api huma.API, device func(id, method, path, summary string) huma.Operation) {
	huma.Register(api, device("serve-device", http.MethodPost, "/{id}/service", "Have a card terminal do what moves no money"), s.serveDevice)
}

// ServiceBody is what a card terminal is to do.
type ServiceBody struct {
	Service string `json:"service" enum:"diagnose,set_time,end_of_day"`
}

type serviceInput struct {
	ByID
	Body ServiceBody
}

// ServedView is what came of it: the totals of an end of day, else zeros.
type ServedView struct {
	Count int   `json:"count"`
	Total int64 `json:"total"`
}

// serveDevice refuses while a payment's outcome is unknown: after an end of day
// the terminal may have forgotten it.
func (s *Server) serveDevice(ctx context.Context, in *serviceInput) (*bodyOf[ServedView], error) {
	device, err := s.device(in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if s.Till.UsesTerminal(in.ID) {
		return nil, s.refuse(ctx, till.ErrPaymentUnknown)
	}
	if err := s.Audit.Audited(ctx, s.act(actor(ctx), staff.ActDeviceChanged, device.Name, in.Body.Service)); err != nil {
		return nil, s.refuse(ctx, err)
	}
	totals, err := s.Devices.Serve(ctx, in.ID, devices.Service(in.Body.Service))
	return answering(ServedView{Count: totals.Count, Total: int64(totals.Total)}, s.refuse(ctx, err))
}
