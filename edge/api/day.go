package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/staff"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

func (s *Server) registerDay(api huma.API) {
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "get-day", Method: http.MethodGet, Path: "/api/day", Tags: []string{"day"}, Summary: "The open business day added up",
	}), func(ctx context.Context, _ *none) (*bodyOf[DayReportView], error) {
		report, err := s.Till.DayReport(ctx)
		view := viewDayReport(report.Day)
		view.Parked, view.Unknown = report.Parked, report.Unknown
		return answering(view, s.refuse(ctx, err))
	})
	huma.Register(api, needs(staff.DayOpen, huma.Operation{
		OperationID: "open-day", Method: http.MethodPost, Path: "/api/day/open", Tags: []string{"day"}, Summary: "Open the business day",
	}), func(ctx context.Context, in *struct{ Body OpenDayRequest }) (*bodyOf[State], error) {
		return s.after(ctx, s.Till.OpenDay(ctx, actor(ctx), in.Body.Float))
	})
	huma.Register(api, needs(staff.DayClose, huma.Operation{
		OperationID: "close-day", Method: http.MethodPost, Path: "/api/day/close", Tags: []string{"day"}, Summary: "Close the business day",
	}), s.closeDay)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "list-days", Method: http.MethodGet, Path: "/api/days", Tags: []string{"day"}, Summary: "Business days, the latest first",
	}), s.days)
	huma.Register(api, needs(staff.OpenDrawer, huma.Operation{
		OperationID: "open-drawer", Method: http.MethodPost, Path: "/api/drawer/open", Tags: []string{"day"}, Summary: "Open the drawer without a sale",
		DefaultStatus: http.StatusNoContent,
	}), s.openDrawer)
}

func viewDayReport(day till.Day) DayReportView {
	view := DayReportView{
		Day: day.Day, Open: day.Open(), OpenedAt: day.OpenedAt, ClosedAt: day.ClosedAt, Float: day.Float, Sales: day.Sales, Refunds: day.Refunds,
		Total: day.Total, Taxable: day.Supply + day.VAT, VAT: day.VAT, Exempt: day.Exempt, Tenders: make(map[string]money.Won, len(day.Tenders)),
		Expected: day.Expected(), Counted: day.Counted, Difference: day.Difference(), Note: day.Note,
	}
	for _, tender := range day.Tenders {
		view.Tenders[string(tender.Kind)] = tender.Sum
	}
	return view
}

func (s *Server) closeDay(ctx context.Context, in *struct{ Body CloseDayRequest }) (*bodyOf[DayReportView], error) {
	day, err := s.Till.CloseDay(ctx, actor(ctx), till.CloseDayRequest{
		Counted: in.Body.Counted, Note: in.Body.Note, Anyway: in.Body.Force,
	})
	if errors.Is(err, till.ErrParked) {
		return nil, newProblem(http.StatusConflict, till.ErrParked.Error()).with("parked", len(s.Till.Snapshot().Parked))
	}
	if err == nil {
		s.Devices.Wake()
		s.Changed()
	}
	return answering(viewDayReport(day), s.refuse(ctx, err))
}

func (s *Server) days(ctx context.Context, in *Page) (*bodyOf[[]DayReportView], error) {
	days, err := s.Ledger.Days(ctx, in.Limit, in.Offset)
	views := make([]DayReportView, len(days))
	for i, day := range days {
		views[i] = viewDayReport(day)
	}
	return answering(views, s.refuse(ctx, err))
}

// openDrawer writes down that the drawer was opened before it opens.
func (s *Server) openDrawer(ctx context.Context, in *struct{ Body DrawerRequest }) (*none, error) {
	if err := s.Audit.Audited(ctx, s.act(actor(ctx), staff.ActDrawerOpened, "", in.Body.Reason)); err != nil {
		return nil, s.refuse(ctx, err)
	}
	return nil, s.refuse(ctx, s.Devices.OpenDrawer(ctx))
}
