package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/staff"
)

func (s *Server) registerAudit(api huma.API) {
	huma.Register(api, needs(staff.AuditRead, huma.Operation{
		OperationID: "list-acts", Method: http.MethodGet, Path: "/api/audit", Tags: []string{"audit"}, Summary: "Who did what, the latest first",
	}), func(ctx context.Context, in *Page) (*bodyOf[[]AuditView], error) {
		acts, err := s.Audit.Audit(ctx, in.Limit, in.Offset)
		views := make([]AuditView, len(acts))
		for i, act := range acts {
			views[i] = AuditView{At: act.At, By: act.Name, Act: string(act.Act), Subject: act.Subject, Detail: act.Detail}
		}
		return answering(views, s.refuse(ctx, err))
	})
}
