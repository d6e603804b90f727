package api

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"shopbox/hub/tenant"
)

const (
	sessionScheme = "session"
	cookieName    = "shopbox_hub"
	csrfHeader    = "X-CSRF-Token"
	// maxBody is the most a request may carry; the largest is a box's
	// certificate request.
	maxBody = 64 << 10
)

// visitor is who makes a request.
type visitor struct {
	token   string
	session tenant.Session
	tenant  string
}

type (
	visitorKey struct{}
	clientKey  struct{}
)

// visitorOf is the signed-in person behind a guarded operation.
func visitorOf(ctx context.Context) visitor {
	who, _ := ctx.Value(visitorKey{}).(visitor)
	return who
}

// clientOf is the address a request came from.
func clientOf(ctx context.Context) string {
	address, _ := ctx.Value(clientKey{}).(string)
	return address
}

// owner marks an operation for owners of tenants.
func owner(operation huma.Operation) huma.Operation { return forRoles(operation, tenant.RoleOwner) }

// operator marks an operation for the carrier's operators.
func operator(operation huma.Operation) huma.Operation {
	return forRoles(operation, tenant.RoleOperator)
}

// anyone marks an operation for everybody who is signed in.
func anyone(operation huma.Operation) huma.Operation {
	return forRoles(operation, tenant.RoleOwner, tenant.RoleOperator)
}

// open marks an operation that needs no session.
func open(operation huma.Operation) huma.Operation {
	operation.Security = []map[string][]string{}
	operation.MaxBodyBytes = maxBody
	return operation
}

func forRoles(operation huma.Operation, roles ...tenant.Role) huma.Operation {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	operation.Security = []map[string][]string{{sessionScheme: names}}
	operation.MaxBodyBytes = maxBody
	return operation
}

// guard lets an operation run only for its roles. An operation that nobody
// marked runs for nobody.
func (s *server) guard(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		ctx.SetHeader("Cache-Control", cacheNever)
		operation := ctx.Operation()
		if operation.Security != nil && len(operation.Security) == 0 {
			next(ctx)
			return
		}
		who, err := s.admit(ctx)
		if err != nil {
			writeError(api, ctx, answer(ctx.Context(), s.log, err, sessionRefusals))
			return
		}
		next(huma.WithValue(ctx, visitorKey{}, who))
	}
}

var sessionRefusals = []refusal{{tenant.ErrSession, http.StatusUnauthorized}}

func (s *server) admit(ctx huma.Context) (visitor, error) {
	cookie, err := huma.ReadCookie(ctx, cookieName)
	if err != nil || cookie.Value == "" {
		return visitor{}, tenant.ErrSession
	}
	session, err := s.accounts.Session(ctx.Context(), cookie.Value)
	if err != nil {
		return visitor{}, err
	}
	if !allowed(ctx.Operation(), session.Account.Role) {
		return visitor{}, newProblem(http.StatusForbidden, codeForbidden)
	}
	sent := []byte(ctx.Header(csrfHeader))
	if !reading(ctx.Method()) && subtle.ConstantTimeCompare(sent, []byte(session.CSRF)) != 1 {
		return visitor{}, newProblem(http.StatusForbidden, codeCSRF)
	}
	return visitor{token: cookie.Value, session: session, tenant: session.Account.Tenant}, nil
}

func allowed(operation *huma.Operation, role tenant.Role) bool {
	return slices.ContainsFunc(operation.Security, func(need map[string][]string) bool {
		return slices.Contains(need[sessionScheme], string(role))
	})
}

// stillIn reports whether a long-lived stream's session still stands.
func (s *server) stillIn(ctx context.Context, who visitor) bool {
	_, err := s.accounts.Session(ctx, who.token)
	return err == nil
}

func writeError(api huma.API, ctx huma.Context, err error) {
	problem, ok := errors.AsType[*Problem](err)
	if !ok {
		problem = newProblem(http.StatusInternalServerError, codeInternal)
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(problem.Status)
	// The client is gone when this cannot be written.
	_ = api.Marshal(ctx.BodyWriter(), "application/json", problem)
}

// withClient keeps the client's address for the limits on guessing.
func withClient(c *gin.Context) {
	ctx := context.WithValue(c.Request.Context(), clientKey{}, network(c.ClientIP()))
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// plainAddress refuses addresses with text that no database holds: PostgreSQL
// would answer it with an error of its own.
func plainAddress(c *gin.Context) {
	query, err := url.QueryUnescape(c.Request.URL.RawQuery)
	if err != nil || !isText(query) || !isText(c.Request.URL.Path) {
		writeProblem(c, newProblem(http.StatusBadRequest, codeInvalid))
		return
	}
	c.Next()
}

func isText(text string) bool { return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 }

// sameSite refuses changes that another web site makes the browser send; it
// also covers signing in, where there is no CSRF token yet.
func sameSite(c *gin.Context) {
	if err := http.NewCrossOriginProtection().Check(c.Request); err != nil {
		writeProblem(c, newProblem(http.StatusForbidden, codeCSRF))
		return
	}
	c.Next()
}

func recovered(log *slog.Logger) gin.RecoveryFunc {
	return func(c *gin.Context, fault any) {
		log.Error("request panicked", "path", c.FullPath(), "fault", fault)
		writeProblem(c, newProblem(http.StatusInternalServerError, codeInternal))
	}
}
