package api

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/staff"
	"shopbox/edge/till"
)

type signInInput struct{ Body SignInRequest }

type sessionOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      SessionView
}

type endedOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (s *Server) registerSession(api huma.API) {
	huma.Register(api, open(huma.Operation{
		OperationID: "list-people", Method: http.MethodGet, Path: "/api/people", Tags: []string{"session"},
		Summary: "Who may sign in",
	}), s.people)
	huma.Register(api, open(huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/api/session", Tags: []string{"session"}, Summary: "Sign in",
	}), s.signIn)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "get-session", Method: http.MethodGet, Path: "/api/session", Tags: []string{"session"},
		Summary: "Who is signed in on this screen",
	}), func(ctx context.Context, _ *none) (*bodyOf[SessionView], error) {
		return answering(viewSession(actor(ctx)), nil)
	})
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: "/api/session", Tags: []string{"session"},
		Summary: "Sign out", DefaultStatus: http.StatusNoContent,
	}), s.signOut)
}

func (s *Server) people(ctx context.Context, _ *none) (*bodyOf[[]PersonView], error) {
	people, err := s.People.People(ctx)
	views := []PersonView{}
	for _, person := range people {
		if person.Active && person.PINHash != "" {
			views = append(views, PersonView{ID: person.ID, Name: person.Name, Role: string(person.Role)})
		}
	}
	return answering(views, s.refuse(ctx, err))
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*sessionOutput, error) {
	person, err := s.verify(ctx, in.Body)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	if old := visitorOf(ctx).session; old != "" {
		if err := s.Sessions.EndSession(ctx, old); err != nil {
			return nil, s.refuse(ctx, err)
		}
	}
	return s.begin(ctx, person)
}

// verify is the person of a right PIN. Wrong ones make the next try wait, and
// that is written down before anyone learns the verdict.
func (s *Server) verify(ctx context.Context, request SignInRequest) (staff.Person, error) {
	person, err := s.People.Person(ctx, request.Staff)
	switch {
	case errors.Is(err, till.ErrNotFound), err == nil && (!person.Active || person.PINHash == ""):
		return staff.Person{}, staff.ErrPINWrong
	case err != nil:
		return staff.Person{}, err
	}
	// One try at a time, so that many screens cannot try at once.
	s.signing.Lock()
	defer s.signing.Unlock()
	attempts, err := s.People.PINAttempts(ctx, person.ID)
	if err != nil {
		return staff.Person{}, err
	}
	if err := attempts.Check(s.Now()); err != nil {
		return staff.Person{}, err
	}
	wrong := staff.VerifyPIN(request.PIN, person.PINHash, s.Pepper)
	if wrong == nil {
		if attempts.Failed > 0 {
			return person, s.People.SavePINAttempts(ctx, person.ID, staff.Attempts{})
		}
		return person, nil
	}
	if !errors.Is(wrong, staff.ErrPINWrong) {
		return staff.Person{}, wrong
	}
	failed := s.act(staff.Person{}, staff.ActPINFailed, person.Name, "")
	if err := s.People.SavePINAttempts(ctx, person.ID, attempts.Fail(s.Now()), failed); err != nil {
		return staff.Person{}, err
	}
	return staff.Person{}, wrong
}

func (s *Server) begin(ctx context.Context, person staff.Person) (*sessionOutput, error) {
	secret, now := rand.Text(), s.Now()
	session := staff.Session{ID: sessionID(secret), Person: person.ID, Since: now, Seen: now}
	if err := s.Sessions.SaveSession(ctx, session, s.act(person, staff.ActSignedIn, "", "")); err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &sessionOutput{SetCookie: cookie(secret, 0), Body: viewSession(person)}, nil
}

func (s *Server) signOut(ctx context.Context, _ *none) (*endedOutput, error) {
	who := visitorOf(ctx)
	if err := s.Sessions.EndSession(ctx, who.session, s.act(who.person, staff.ActSignedOut, "", "")); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	return &endedOutput{SetCookie: cookie("", -1)}, nil
}

// cookie lasts as long as the browser runs; the box itself ends the session
// earlier. It is not for HTTPS only: a box in a shop is reached by plain HTTP.
func cookie(secret string, maxAge int) http.Cookie {
	return http.Cookie{ //nolint:gosec // not for HTTPS only, see above
		Name: cookieName, Value: secret, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

func (s *Server) act(by staff.Person, act staff.Act, subject, detail string) staff.AuditEvent {
	return staff.AuditEvent{At: s.Now(), Person: by.ID, Name: by.Name, Act: act, Subject: subject, Detail: detail}
}
