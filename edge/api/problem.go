package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/catalog"
)

// Problem is every error answer (RFC 9457), with a stable code for which the
// screen has the words. It never repeats a secret that was sent.
//
//nolint:errname // the standard's own word
type Problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Code   string `json:"code" doc:"stable word for what went wrong"`
	// Params fill the screen's sentence.
	Params map[string]any `json:"params,omitempty"`
	Fields []ProblemField `json:"fields,omitempty"`
}

// ProblemField names one part of the request that cannot be taken.
type ProblemField struct {
	Location string `json:"location" example:"body.name"`
	Code     string `json:"code"`
}

// Codes of problems that no room of the box has an error for.
const (
	codeInvalid   = "invalid"
	codeNotFound  = "not_found"
	codeSignedOut = "not_signed_in"
	codeForeign   = "foreign_request"
	codeHost      = "host_not_allowed"
	codeInternal  = "internal"
	codeTooLarge  = "too_large"
	codeSetUp     = "already_set_up"
	codeNotSetUp  = "not_set_up"
	codeNoPages   = "pages_not_built"
)

const problemType = "application/problem+json"

// Error implements error.
func (p *Problem) Error() string { return p.Code }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

func newProblem(status int, code string) *Problem {
	return &Problem{Status: status, Code: code, Title: http.StatusText(status)}
}

func (p *Problem) with(name string, value any) *Problem {
	if p.Params == nil {
		p.Params = make(map[string]any)
	}
	p.Params[name] = value
	return p
}

// invalid names the fields that cannot be taken; params repeat the first.
func invalid(fields ...ProblemField) *Problem {
	problem := newProblem(http.StatusUnprocessableEntity, codeInvalid)
	problem.Fields = fields
	if len(fields) > 0 {
		return problem.with("field", strings.TrimPrefix(fields[0].Location, "body.")).with("problem", fields[0].Code)
	}
	return problem
}

// checked is nil when a room found nothing wrong with what was sent.
func checked(at string, problems []catalog.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	fields := make([]ProblemField, len(problems))
	for i, problem := range problems {
		fields[i] = ProblemField{Location: at + problem.Field, Code: problem.Code}
	}
	return invalid(fields...)
}

// toProblem turns huma's own errors into problems; it is a huma.Transformer.
func toProblem(_ huma.Context, _ string, answer any) (any, error) {
	model, ok := answer.(*huma.ErrorModel)
	if !ok {
		return answer, nil
	}
	if model.Status != http.StatusUnprocessableEntity && model.Status != http.StatusBadRequest {
		return newProblem(model.Status, codeOf(model.Status)), nil
	}
	problem := invalid(fieldsOf(model)...)
	problem.Status, problem.Title = model.Status, http.StatusText(model.Status)
	return problem, nil
}

func codeOf(status int) string {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return codeTooLarge
	case status >= http.StatusInternalServerError:
		return codeInternal
	}
	return codeInvalid
}

func fieldsOf(model *huma.ErrorModel) []ProblemField {
	fields := make([]ProblemField, 0, len(model.Errors))
	for _, detail := range model.Errors {
		if detail != nil {
			fields = append(fields, toField(detail))
		}
	}
	return fields
}

func toField(detail *huma.ErrorDetail) ProblemField {
	field := ProblemField{Location: detail.Location, Code: catalog.CodeInvalid}
	var property string
	switch {
	case strings.HasPrefix(detail.Message, "expected length >="):
		field.Code = "too_short"
	case strings.HasPrefix(detail.Message, "expected length <="):
		field.Code = catalog.CodeTooLong
	default:
		if n, _ := fmt.Sscanf(detail.Message, "expected required property %s to be present", &property); n == 1 {
			field = ProblemField{Location: detail.Location + "." + property, Code: catalog.CodeMissing}
		}
	}
	return field
}

func writeError(api huma.API, ctx huma.Context, err error) {
	problem, known := errors.AsType[*Problem](err)
	if !known {
		problem = newProblem(http.StatusInternalServerError, codeInternal)
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(problem.Status)
	// The client is gone when this cannot be written.
	_ = api.Marshal(ctx.BodyWriter(), "application/json", problem)
}
