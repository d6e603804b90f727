package api

import (
	"context"
	"crypto/rand"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/edge/sale"
	"shopbox/edge/till"
)

const (
	// screenPath is all that a screen's cookie is ever sent to.
	screenPath       = "/api/screen"
	screenCookieName = "shopbox_screen"
	// screenFor is the longest that browsers keep a cookie, in seconds; each
	// visit begins it anew.
	screenFor          = 400 * 24 * 60 * 60
	screenLive         = "screen-live"
	codeScreenUnpaired = "screen_unpaired"
	codeScreenOnly     = "screen_only"
)

type screenOutput[T any] struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      T
}

// registerScreen is the customer's screen itself, registerScreens the people
// who look after it.
func (s *Server) registerScreen(api huma.API) {
	huma.Register(api, facing(huma.Operation{
		OperationID: "get-screen", Method: http.MethodGet, Path: screenPath, Tags: []string{"screen"},
		Summary: "All that a screen facing the customer shows",
	}), s.screen)
	huma.Register(api, facing(huma.Operation{
		OperationID: "ask-for-pairing", Method: http.MethodPost, Path: screenPath + "/pairing", Tags: []string{"screen"},
		Summary: "Ask to be a screen: a code to type at the counter",
	}), s.askForPairing)
	huma.Register(api, facing(huma.Operation{
		OperationID: screenLive, Method: http.MethodGet, Path: screenPath + "/live", Tags: []string{"screen"},
		Summary:   "The screen's view at each change (server-sent events named state); before the pairing its code",
		Responses: eventsOf("ScreenView"),
	}), s.liveScreen)
}

func (s *Server) screen(ctx context.Context, _ *none) (*screenOutput[ScreenView], error) {
	who := visitorOf(ctx)
	if who.screen == "" {
		return nil, newProblem(http.StatusUnauthorized, codeScreenUnpaired)
	}
	view, err := s.viewScreen(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &screenOutput[ScreenView]{SetCookie: screenCookie(who.browserSecret, screenFor), Body: view}, nil
}

func (s *Server) askForPairing(ctx context.Context, _ *none) (*screenOutput[PairingView], error) {
	secret := rand.Text()
	code, err := s.pairings.begin(sessionID(secret))
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &screenOutput[PairingView]{SetCookie: screenCookie(secret, screenFor), Body: PairingView{Code: code}}, nil
}

func (s *Server) liveScreen(ctx context.Context, _ *none) (*huma.StreamResponse, error) {
	who := visitorOf(ctx)
	if who.screen == "" && s.pairings.seen(who.browser) == "" {
		return nil, newProblem(http.StatusUnauthorized, codeScreenUnpaired)
	}
	return s.streaming(ctx, func(ctx context.Context) (any, bool) { return s.nextScreen(ctx, who.browser) })
}

// nextScreen is what a browser shows now: the view of a screen, or the code of
// one that asks to be one; neither ends its stream.
func (s *Server) nextScreen(ctx context.Context, browser string) (any, bool) {
	_, err := s.Screens.Screen(ctx, browser)
	if isNotFound(err) {
		code := s.pairings.seen(browser)
		return s.blankScreen(code), code != ""
	}
	if err != nil {
		return nil, false
	}
	view, err := s.viewScreen(ctx)
	return view, err == nil
}

func (s *Server) blankScreen(code string) ScreenView {
	return ScreenView{
		Version: s.board.now(), Boot: strconv.FormatInt(s.Boot, 10), Code: code, Language: "ko", Now: s.Now(), Lines: []ScreenLineView{},
	}
}

func (s *Server) viewScreen(ctx context.Context) (ScreenView, error) {
	view := s.blankScreen("")
	shop, settings, err := s.Shop.Shop(ctx)
	if err != nil {
		return view, err
	}
	view.Shop, view.Language = shop.Name, settings.Language
	snapshot := s.Till.Snapshot()
	totals := snapshot.Cart.Totals()
	for i, line := range snapshot.Cart.Lines {
		view.Lines = append(view.Lines, viewScreenLine(line, totals.Lines[i]))
	}
	view.Gross, view.Discount, view.Total, view.Paid, view.Due = totals.Gross, totals.Discount, totals.Total, totals.Paid, totals.Due
	view.Payment = viewScreenPayment(snapshot)
	if done := snapshot.Finished; done != nil && len(view.Lines) == 0 {
		view.Done = &ScreenDoneView{
			Number: done.Number, Refund: done.Kind == sale.Refunded, Cash: hasCash(done.Tenders),
			Total: done.Total, Received: done.Received, Change: done.Change,
		}
	}
	return view, nil
}

func viewScreenLine(line sale.Line, total sale.LineTotal) ScreenLineView {
	return ScreenLineView{
		ID: line.ID, Name: line.Item.Name, Quantity: line.Quantity, ByWeight: line.Item.ByWeight,
		Unit: line.Unit, Discount: total.Own, Amount: total.Gross - total.Own,
	}
}

// viewScreenPayment leaves out the payment of a cart that was put aside, and
// why one failed: that is for the staff to say.
func viewScreenPayment(snapshot till.Snapshot) *ScreenPaymentView {
	payment := snapshot.Payment
	if payment == nil || payment.State == till.PaymentApproved {
		return nil
	}
	charge := payment.Purpose == till.Charge
	if charge && payment.Cart != snapshot.Cart.ID || !charge && payment.State.Over() {
		return nil
	}
	view := &ScreenPaymentView{What: "charge", State: "failed", Amount: payment.Amount, Instalments: payment.Instalments}
	switch payment.Purpose {
	case till.Charge:
	case till.Refund, till.Reversal:
		view.What = "refund"
	case till.Issue, till.CancelIssue:
		view.What = "cash_receipt"
	}
	switch payment.State {
	case till.PaymentWaiting:
		view.State, view.Progress = "waiting", string(payment.Progress)
	case till.PaymentAsking, till.PaymentUnknown:
		view.State = "checking"
	case till.PaymentDeclined, till.PaymentNotCharged, till.PaymentApproved:
	}
	return view
}

func hasCash(tenders []sale.Tender) bool {
	for _, tender := range tenders {
		if tender.Kind == sale.Cash {
			return true
		}
	}
	return false
}

func screenCookie(secret string, maxAge int) http.Cookie {
	made := cookie(secret, maxAge) //nolint:gosec // not for HTTPS only, as every cookie of the box
	made.Name, made.Path = screenCookieName, screenPath
	return made
}
