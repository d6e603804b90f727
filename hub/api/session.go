package api

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/hub/tenant"
)

type signInInput struct {
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"100"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

type sessionOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Session
}

type endedOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

type aboutOutput struct{ Body About }

type currentOutput struct{ Body Session }

var signInRefusals = []refusal{{tenant.ErrCredentials, http.StatusUnauthorized}}

func (s *server) registerSession(api huma.API) {
	huma.Register(api, open(huma.Operation{
		OperationID: "about", Method: http.MethodGet, Path: "/api/about", Tags: []string{"session"},
		Summary: "What anyone may know of this hub",
	}), func(context.Context, *struct{}) (*aboutOutput, error) {
		return &aboutOutput{Body: About{Version: s.settings.Version, SignupOpen: s.settings.SignupOpen}}, nil
	})
	huma.Register(api, open(huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/api/session", Tags: []string{"session"},
		Summary: "Sign in",
	}), s.signIn)
	huma.Register(api, anyone(huma.Operation{
		OperationID: "who", Method: http.MethodGet, Path: "/api/session", Tags: []string{"session"},
		Summary: "Who is signed in",
	}), s.who)
	huma.Register(api, anyone(huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: "/api/session", Tags: []string{"session"},
		Summary: "Sign out", DefaultStatus: http.StatusNoContent,
	}), s.signOut)
}

func (s *server) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	token, session, err := s.accounts.SignIn(ctx, in.Body.Login, in.Body.Password, clientOf(ctx))
	if err != nil {
		return nil, s.refuse(ctx, err, signInRefusals)
	}
	view, err := s.viewSession(ctx, session)
	if err != nil {
		return nil, s.refuse(ctx, err, nil)
	}
	return &sessionOutput{SetCookie: s.cookie(token, session.ExpiresAt), Body: view}, nil
}

func (s *server) who(ctx context.Context, _ *struct{}) (*currentOutput, error) {
	view, err := s.viewSession(ctx, visitorOf(ctx).session)
	if err != nil {
		return nil, s.refuse(ctx, err, nil)
	}
	return &currentOutput{Body: view}, nil
}

func (s *server) signOut(ctx context.Context, _ *struct{}) (*endedOutput, error) {
	if err := s.accounts.SignOut(ctx, visitorOf(ctx).token); err != nil {
		return nil, s.refuse(ctx, err, nil)
	}
	return &endedOutput{SetCookie: s.cookie("", time.Unix(0, 0))}, nil
}

func (s *server) viewSession(ctx context.Context, session tenant.Session) (Session, error) {
	account := session.Account
	view := Session{Role: string(account.Role), Name: account.Name, Login: account.Login, CSRF: session.CSRF}
	if account.Tenant != "" {
		found, err := s.accounts.Tenant(ctx, account.Tenant)
		if err != nil {
			return Session{}, err
		}
		view.Tenant = &Named{ID: found.ID, Name: found.Name}
	}
	return view, nil
}

func (s *server) cookie(token string, expires time.Time) http.Cookie {
	return http.Cookie{ //nolint:gosec // not Secure only where the hub itself serves plain HTTP
		Name: cookieName, Value: token, Path: "/", Expires: expires,
		HttpOnly: true, Secure: s.settings.Secure, SameSite: http.SameSiteStrictMode,
	}
}

// refuse answers a room's error; too many tries say how long to wait.
func (s *server) refuse(ctx context.Context, err error, known []refusal) error {
	if tooMany, ok := errors.AsType[*tenant.TooManyError](err); ok {
		return waitFor(tooMany.RetryAfter)
	}
	return answer(ctx, s.log, err, known)
}

func waitFor(wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return huma.ErrorWithHeaders(newProblem(http.StatusTooManyRequests, codeTooMany),
		http.Header{"Retry-After": {strconv.Itoa(seconds)}})
}
