package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"shopbox/edge/staff"
	"shopbox/edge/till"
)

const (
	sessionScheme = "session"
	cookieName    = "shopbox"
	// changeHeader is on every change a screen makes; a foreign page cannot
	// send it.
	changeHeader = "X-Shopbox"
	// touchEvery is how often a session in use is written down again.
	touchEvery = 30 * time.Second
)

// visitor is who makes a request. Session is the stored id; Person has no ID
// when nobody is signed in on the screen; address is where the screen is.
type visitor struct {
	session string
	person  staff.Person
	address string
	// browserSecret is the cookie of a browser that faces the customer or asks
	// to, browser how it is kept, screen its id once it does.
	browserSecret, browser, screen string
}

func (v visitor) signedIn() bool { return v.person.ID != "" }

type visitorKey struct{}

func visitorOf(ctx context.Context) visitor {
	who, _ := ctx.Value(visitorKey{}).(visitor)
	return who
}

// actor is the person signed in on the screen.
func actor(ctx context.Context) staff.Person { return visitorOf(ctx).person }

const (
	rightKey  = "right"
	facingKey = "facing"
)

// open marks an operation that needs nobody signed in.
func open(operation huma.Operation) huma.Operation {
	operation.Security = []map[string][]string{}
	return operation
}

// facing marks an operation for browsers that face the customer. They may do
// nothing else, and nobody signed in is needed.
func facing(operation huma.Operation) huma.Operation {
	operation = open(operation)
	operation.Metadata = map[string]any{facingKey: true}
	return operation
}

// signedIn marks an operation for everybody who is signed in; the rooms behind
// it ask for further rights themselves.
func signedIn(operation huma.Operation) huma.Operation {
	operation.Security = []map[string][]string{{sessionScheme: {}}}
	return operation
}

// needs marks an operation for those who have a right.
func needs(right staff.Right, operation huma.Operation) huma.Operation {
	operation = signedIn(operation)
	operation.Metadata = map[string]any{rightKey: right}
	operation.Description = "Needs the right " + string(right) + "."
	return operation
}

// guard lets an operation run only for those it is marked for. One that nobody
// marked runs for nobody.
func (s *Server) guard(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		ctx.SetHeader("Cache-Control", cacheNever)
		if !reading(ctx.Method()) && ctx.Header(changeHeader) == "" {
			writeError(api, ctx, newProblem(http.StatusForbidden, codeForeign))
			return
		}
		who, err := s.visitor(ctx)
		if err == nil {
			err = s.seeScreen(ctx, &who)
		}
		if err == nil {
			err = admit(ctx.Operation(), who)
		}
		if err != nil {
			writeError(api, ctx, s.refuse(ctx.Context(), err))
			return
		}
		who.address = addressOf(ctx.RemoteAddr())
		next(huma.WithValue(ctx, visitorKey{}, who))
	}
}

func admit(operation *huma.Operation, who visitor) error {
	if who.screen != "" && !who.signedIn() && operation.Metadata[facingKey] == nil {
		return newProblem(http.StatusForbidden, codeScreenOnly)
	}
	isOpen := operation.Security != nil && len(operation.Security) == 0
	if !isOpen && !who.signedIn() {
		return newProblem(http.StatusUnauthorized, codeSignedOut)
	}
	if right, need := operation.Metadata[rightKey].(staff.Right); need {
		return who.person.Need(right)
	}
	return nil
}

// visitor is who the cookie says; an unknown or ended session is nobody. A
// request keeps the session alive, except the screens' own live streams.
func (s *Server) visitor(ctx huma.Context) (visitor, error) {
	cookie, err := huma.ReadCookie(ctx, cookieName)
	if errors.Is(err, http.ErrNoCookie) || err == nil && cookie.Value == "" {
		return visitor{}, nil
	}
	if err != nil {
		return visitor{}, err
	}
	who := visitor{session: sessionID(cookie.Value)}
	session, err := s.look(ctx.Context(), &who)
	if err != nil || !who.signedIn() {
		return who, err
	}
	if now := s.Now(); now.Sub(session.Seen).Abs() >= touchEvery && ctx.Operation().OperationID != liveOperation {
		return who, s.Sessions.SaveSession(ctx.Context(), session.Touch(now))
	}
	return who, nil
}

// seeScreen finds out whether the browser faces the customer. Browsers send its
// cookie to the screen's own addresses only, so that one browser may be the
// counter and, on a second monitor, the customer's screen.
func (s *Server) seeScreen(ctx huma.Context, who *visitor) error {
	cookie, err := huma.ReadCookie(ctx, screenCookieName)
	if err != nil || cookie.Value == "" {
		return nil //nolint:nilerr // without such a cookie it faces nobody
	}
	who.browserSecret, who.browser = cookie.Value, sessionID(cookie.Value)
	screen, err := s.Screens.Screen(ctx.Context(), who.browser)
	if isNotFound(err) {
		return nil
	}
	who.screen = screen.ID
	return err
}

// look finds out whether a session still stands, and whose it is.
func (s *Server) look(ctx context.Context, who *visitor) (staff.Session, error) {
	who.person = staff.Person{}
	session, person, err := s.Sessions.Session(ctx, who.session)
	switch {
	case errors.Is(err, till.ErrNotFound):
		return session, nil
	case err != nil:
		return session, err
	case !person.Active || session.Expired(s.Now(), staff.DefaultIdle):
		return session, s.Sessions.EndSession(ctx, who.session)
	}
	who.person = person
	return session, nil
}

// sessionID is how a cookie's secret is kept: a copied database signs nobody
// in.
func sessionID(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// onlyOurHosts refuses requests that came by a name that is not the box's: a
// foreign page whose name was made to point at the box (DNS rebinding).
func (s *Server) onlyOurHosts(c *gin.Context) {
	if !ownHost(c.Request.Host, s.Hosts) {
		writeProblem(c, newProblem(http.StatusMisdirectedRequest, codeHost))
		return
	}
	c.Next()
}

// localNames end the names that only a local network gives.
const localNames = ".local .lan .home .internal .home.arpa .localhost .localdomain"

func ownHost(host string, own []string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(strings.TrimSuffix(host, "."), "[]"))
	if net.ParseIP(host) != nil || host != "" && !strings.Contains(host, ".") || slices.Contains(own, host) {
		return true
	}
	return slices.ContainsFunc(strings.Fields(localNames), func(end string) bool { return strings.HasSuffix(host, end) })
}

// sameSite refuses changes that another web site makes the browser send.
func sameSite(c *gin.Context) {
	if err := http.NewCrossOriginProtection().Check(c.Request); err != nil {
		writeProblem(c, newProblem(http.StatusForbidden, codeForeign))
		return
	}
	c.Next()
}

func (s *Server) recovered(c *gin.Context, fault any) {
	s.Log.ErrorContext(c.Request.Context(), "request panicked", "path", c.FullPath(), "fault", fault)
	writeProblem(c, newProblem(http.StatusInternalServerError, codeInternal))
}
