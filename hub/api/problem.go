package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Problem is every error answer (RFC 9457), with a stable code for which the
// screen has the words. It never repeats what was sent.
type Problem struct { //nolint:errname // its name in the API's description
	Status int            `json:"status"`
	Code   string         `json:"code" doc:"Stable word for what went wrong."`
	Title  string         `json:"title"`
	Fields []ProblemField `json:"fields,omitempty" nullable:"false"`
}

// ProblemField names one part of the request that cannot be taken.
type ProblemField struct {
	Location string `json:"location" example:"body.login"`
	Code     string `json:"code" enum:"required,too_short,too_long,invalid"`
}

// Codes of problems that no room of the hub has an error for.
const (
	codeInvalid        = "invalid_request"
	codeNotFound       = "not_found"
	codeSignedOut      = "signed_out"
	codeForbidden      = "forbidden"
	codeCSRF           = "csrf"
	codeTooMany        = "too_many_requests"
	codeTooManyStreams = "too_many_streams"
	codeInternal       = "internal"
	codeSignup         = "signup_closed"
	codeUnavailable    = "unavailable"
)

// Error implements error.
func (p *Problem) Error() string { return p.Code }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

func newProblem(status int, code string) *Problem {
	return &Problem{Status: status, Code: code, Title: http.StatusText(status)}
}

// toProblem turns huma's own errors into problems; it is a huma.Transformer.
func toProblem(_ huma.Context, _ string, answer any) (any, error) {
	model, ok := answer.(*huma.ErrorModel)
	if !ok {
		return answer, nil
	}
	problem := newProblem(model.Status, codeInvalid)
	if model.Status >= http.StatusInternalServerError {
		problem.Code = codeInternal
	}
	for _, detail := range model.Errors {
		if detail != nil {
			problem.Fields = append(problem.Fields, toField(detail))
		}
	}
	return problem, nil
}

func toField(detail *huma.ErrorDetail) ProblemField {
	field := ProblemField{Location: detail.Location, Code: "invalid"}
	var property string
	switch {
	case strings.HasPrefix(detail.Message, "expected length >="):
		field.Code = "too_short"
	case strings.HasPrefix(detail.Message, "expected length <="):
		field.Code = "too_long"
	default:
		if n, _ := fmt.Sscanf(detail.Message, "expected required property %s to be present", &property); n == 1 {
			field = ProblemField{Location: detail.Location + "." + property, Code: "required"}
		}
	}
	return field
}

// refusal is how one error of a room is answered.
type refusal struct {
	err    error
	status int
}

// answer turns a room's error into a problem: a known one by the table, with
// the error's own code, anything else as internal, logged and not shown.
func answer(ctx context.Context, log *slog.Logger, err error, known []refusal) error {
	if _, ok := errors.AsType[*Problem](err); ok {
		return err
	}
	for _, refusal := range known {
		if errors.Is(err, refusal.err) {
			return newProblem(refusal.status, refusal.err.Error())
		}
	}
	if !errors.Is(err, context.Canceled) {
		log.ErrorContext(ctx, "request failed", "err", err)
	}
	return newProblem(http.StatusInternalServerError, codeInternal)
}
