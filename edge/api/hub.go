package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/staff"
)

func (s *Server) registerHub(api huma.API) {
	huma.Register(api, needs(staff.Settings, huma.Operation{
		OperationID: "claim", Method: http.MethodPost, Path: "/api/hub/claim", Tags: []string{"hub"}, Summary: "Join the box to a hub with a code shown there",
	}), s.claim)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "try-hub", Method: http.MethodPost, Path: "/api/hub/try", Tags: []string{"hub"}, DefaultStatus: http.StatusNoContent,
		Summary: "Try to reach the hub at once; what came of it shows in the state",
	}), func(context.Context, *none) (*none, error) {
		s.Hub.TryNow()
		return nil, nil //nolint:nilnil // no answer but that it was heard
	})
}

func (s *Server) claim(ctx context.Context, in *struct{ Body ClaimRequest }) (*bodyOf[HubView], error) {
	address := strings.TrimSpace(in.Body.URL)
	if err := s.Hub.Claim(ctx, address, strings.TrimSpace(in.Body.Code)); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := s.Audit.Audited(ctx, s.act(actor(ctx), staff.ActClaimed, address, "")); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	line, err := s.Hub.Line(ctx)
	return answering(viewHub(line), s.refuse(ctx, err))
}
