package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/staff"
)

func (s *Server) registerClock(api huma.API) {
	huma.Register(api, needs(staff.Settings, huma.Operation{
		OperationID: "set-time", Method: http.MethodPut, Path: "/api/box/time", Tags: []string{"shop"}, DefaultStatus: http.StatusNoContent,
		Summary: "Say what time it is, to a box that has it from nobody",
	}), s.setTime)
}

// setTime is recorded with the time before and after. Who is signed in must
// sign in again when time went back.
func (s *Server) setTime(ctx context.Context, in *struct{ Body TimeRequest }) (*none, error) {
	before := s.Now()
	if err := s.Clock.SetTime(ctx, in.Body.At); err != nil {
		return nil, s.refuse(ctx, err)
	}
	detail := before.Format(time.DateTime) + " -> " + s.Now().Format(time.DateTime)
	err := s.Audit.Audited(ctx, s.act(actor(ctx), staff.ActTimeSet, "", detail))
	s.Changed()
	return nil, s.refuse(ctx, err)
}
