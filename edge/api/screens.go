package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/staff"
)

const codePairing = "pairing_unknown"

// registerScreens is for the people who look after the screens that face the
// customer; what those show is registerScreen.
func (s *Server) registerScreens(api huma.API) {
	screens := func(id, method, path, summary string) huma.Operation {
		return needs(staff.Devices, huma.Operation{
			OperationID: id, Method: method, Path: "/api/screens" + path, Tags: []string{"screen"}, Summary: summary,
			DefaultStatus: http.StatusNoContent,
		})
	}
	listing := screens("list-screens", http.MethodGet, "", "The screens that face the customer")
	listing.DefaultStatus = http.StatusOK
	huma.Register(api, listing, s.listScreens)
	addresses := screens("list-addresses", http.MethodGet, "/addresses", "Where a screen in the shop opens this box, as host:port")
	addresses.DefaultStatus = http.StatusOK
	huma.Register(api, addresses, s.listAddresses)
	huma.Register(api, screens("pair-screen", http.MethodPost, "", "Make the browser that shows a code a screen"), s.pairScreen)
	huma.Register(api, screens("pair-here", http.MethodPost, "/here", "Make this browser a screen and sign out on it"), s.pairHere)
	huma.Register(api, screens("remove-screen", http.MethodDelete, "/{id}", "Let a screen be a browser like any other"), s.removeScreen)
}

func (s *Server) listScreens(ctx context.Context, _ *none) (*bodyOf[[]PairedView], error) {
	list, err := s.Screens.Screens(ctx)
	views := make([]PairedView, len(list))
	for i, screen := range list {
		views[i] = PairedView{ID: screen.ID, Name: screen.Name, At: screen.At, By: screen.By}
	}
	return answering(views, s.refuse(ctx, err))
}

func (s *Server) listAddresses(context.Context, *none) (*bodyOf[[]string], error) {
	return answering(append([]string{}, s.Door.Addresses()...), nil)
}

func (s *Server) pairScreen(ctx context.Context, in *struct{ Body PairRequest }) (*none, error) {
	browser := s.pairings.take(plainCode(in.Body.Code))
	if browser == "" {
		return nil, newProblem(http.StatusNotFound, codePairing)
	}
	return nil, s.refuse(ctx, s.saveScreen(ctx, browser, in.Body.Name))
}

type pairedHereOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// pairHere leaves nobody signed in on a browser that customers can touch.
func (s *Server) pairHere(ctx context.Context, in *struct{ Body PairHereRequest }) (*pairedHereOutput, error) {
	who, secret := visitorOf(ctx), rand.Text()
	if err := s.saveScreen(ctx, sessionID(secret), in.Body.Name); err != nil {
		return nil, s.refuse(ctx, err)
	}
	if err := s.Sessions.EndSession(ctx, who.session, s.act(who.person, staff.ActSignedOut, "", "")); err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &pairedHereOutput{SetCookie: []http.Cookie{screenCookie(secret, screenFor), cookie("", -1)}}, nil
}

func (s *Server) saveScreen(ctx context.Context, browser, name string) error {
	id, err := newID()
	if err != nil {
		return err
	}
	by := actor(ctx)
	screen := staff.Screen{ID: id, Secret: browser, Name: strings.TrimSpace(name), At: s.Now(), By: by.Name}
	if err := s.Screens.SaveScreen(ctx, screen, s.act(by, staff.ActDeviceChanged, screen.Name, "screen")); err != nil {
		return err
	}
	s.Changed()
	return nil
}

func (s *Server) removeScreen(ctx context.Context, in *ByID) (*none, error) {
	list, err := s.Screens.Screens(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	at := slices.IndexFunc(list, func(screen staff.Screen) bool { return screen.ID == in.ID })
	if at < 0 {
		return nil, newProblem(http.StatusNotFound, codeNotFound)
	}
	act := s.act(actor(ctx), staff.ActDeviceChanged, list[at].Name, "-")
	if err := s.Screens.RemoveScreen(ctx, in.ID, act); err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	return nil, nil
}
