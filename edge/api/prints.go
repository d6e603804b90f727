package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/printing"
)

type byJob struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) registerPrints(api huma.API) {
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "list-print-jobs", Method: http.MethodGet, Path: "/api/print-jobs", Tags: []string{"printing"}, Summary: "The print queue, the latest first",
	}), s.printJobs)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "print-again", Method: http.MethodPost, Path: "/api/print-jobs/{id}/again", Tags: []string{"printing"},
		Summary: "Print a slip again, marked as a copy", DefaultStatus: http.StatusNoContent,
	}), s.printAgain)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "drop-print-job", Method: http.MethodDelete, Path: "/api/print-jobs/{id}", Tags: []string{"printing"},
		Summary: "Give a slip up", DefaultStatus: http.StatusNoContent,
	}), func(ctx context.Context, in *byJob) (*none, error) {
		err := s.Prints.GiveUpPrintJob(ctx, in.ID)
		if err == nil {
			s.Changed()
		}
		return nil, s.refuse(ctx, err)
	})
}

func (s *Server) printJobs(ctx context.Context, in *Page) (*bodyOf[[]PrintJobView], error) {
	jobs, err := s.Prints.PrintJobs(ctx, in.Limit, in.Offset)
	views := make([]PrintJobView, len(jobs))
	for i, job := range jobs {
		views[i] = PrintJobView{
			ID: job.ID, Kind: string(job.Kind), Subject: job.Number, Copy: job.Copy, Printer: job.Printer, State: string(job.State), Code: job.Code, At: job.Changed,
		}
	}
	return answering(views, s.refuse(ctx, err))
}

// printAgain never prints a slip twice as it was: the till marks a copy.
func (s *Server) printAgain(ctx context.Context, in *byJob) (*none, error) {
	job, err := s.Prints.PrintJob(ctx, in.ID)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if _, err := s.Till.PrintAgain(ctx, actor(ctx), job.ID); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if job.State == printing.Queued || job.State == printing.Unknown {
		// The till may have done it already.
		if err := s.Prints.GiveUpPrintJob(ctx, job.ID); err != nil && !isNotFound(err) {
			return nil, s.refuse(ctx, err)
		}
	}
	s.Devices.Wake()
	s.Changed()
	return nil, nil
}
