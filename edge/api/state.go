package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"shopbox/edge/printing"
	"shopbox/edge/till"
)

const (
	liveOperation = "live"
	// pingEvery is how often a silent stream shows that it lives; the session
	// is looked at again each time.
	pingEvery = 15 * time.Second
)

func (s *Server) registerState(api huma.API) {
	huma.Register(api, open(huma.Operation{
		OperationID: "get-state", Method: http.MethodGet, Path: "/api/state", Tags: []string{"counter"},
		Summary: "Everything a counter screen shows; without carts and payments when nobody is signed in",
	}), func(ctx context.Context, _ *none) (*bodyOf[State], error) {
		return s.state(ctx, visitorOf(ctx))
	})
	huma.Register(api, open(huma.Operation{
		OperationID: liveOperation, Method: http.MethodGet, Path: "/api/live", Tags: []string{"counter"},
		Summary:   "The state at each change (server-sent events named state)",
		Responses: eventsOf("State"),
	}), s.live)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "done", Method: http.MethodPost, Path: "/api/done", Tags: []string{"counter"},
		Summary: "Clear what is shown until the next touch",
	}), func(ctx context.Context, _ *none) (*bodyOf[State], error) {
		s.Till.Touch()
		return s.after(ctx, nil)
	})
}

// eventsOf are the answers of a live stream.
func eventsOf(view string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: "Events named state whose data is a " + view,
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
}

func (s *Server) live(ctx context.Context, _ *none) (*huma.StreamResponse, error) {
	who := visitorOf(ctx)
	return s.streaming(ctx, func(ctx context.Context) (any, bool) {
		if who.session != "" {
			if _, err := s.look(ctx, &who); err != nil {
				return nil, false
			}
		}
		state, err := s.state(ctx, who)
		if err != nil {
			return nil, false
		}
		return state.Body, true
	})
}

// streaming answers with a live stream of what next shows; next ends it with
// false.
func (s *Server) streaming(ctx context.Context, next func(context.Context) (view any, on bool)) (*huma.StreamResponse, error) {
	leave, err := s.streams.enter(visitorOf(ctx).address)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) { //nolint:contextcheck // out brings its own
		defer leave()
		out.SetHeader("Content-Type", "text/event-stream")
		out.SetHeader("Cache-Control", cacheNever)
		out.SetHeader("X-Accel-Buffering", "no")
		s.stream(out.Context(), out.BodyWriter(), next)
	}}, nil
}

// stream writes views until the screen leaves or the box stops. The latest is
// always written, those in between only when the screen keeps up.
func (s *Server) stream(ctx context.Context, out io.Writer, next func(context.Context) (view any, on bool)) {
	changes, stop := s.board.watch()
	defer stop()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		view, on := next(ctx)
		if !on || !writeEvent(out, view) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-s.Stopping:
			return
		case <-changes:
		case <-ping.C:
			if !write(out, ": ping\n\n") {
				return
			}
		}
	}
}

func writeEvent(out io.Writer, view any) bool {
	data, err := json.Marshal(view)
	return err == nil && write(out, fmt.Sprintf("event: state\ndata: %s\n\n", data))
}

func write(out io.Writer, text string) bool {
	if _, err := io.WriteString(out, text); err != nil {
		return false
	}
	if flusher, ok := out.(http.Flusher); ok {
		flusher.Flush()
	}
	return true
}

// after is the state after an act of a screen, or the act's refusal.
func (s *Server) after(ctx context.Context, err error) (*bodyOf[State], error) {
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	s.Changed()
	return s.state(ctx, visitorOf(ctx))
}

// state is the whole snapshot for a screen.
func (s *Server) state(ctx context.Context, who visitor) (*bodyOf[State], error) {
	state := State{
		Version: s.board.now(), Boot: strconv.FormatInt(s.Boot, 10), Cart: emptyCart(), Parked: []ParkedView{},
		Box: BoxView{ID: s.Box, Version: s.Version, DiskFull: s.Health.DiskFull(), ClockDoubt: s.Health.ClockDoubt(), Now: s.Now()},
	}
	shop, settings, err := s.Shop.Shop(ctx)
	switch {
	case errors.Is(err, till.ErrNotFound):
		state.Options = viewSettings(s.defaults("retail", "ko"))
	case err != nil:
		return nil, s.refuse(ctx, err)
	default:
		state.SetUp, state.Shop, state.Options = true, viewShop(shop), viewSettings(settings)
	}
	if err := s.viewRooms(ctx, &state); err != nil {
		return nil, s.refuse(ctx, err)
	}
	return answering(state, s.refuse(ctx, s.viewTill(ctx, &state, who)))
}

func (s *Server) viewRooms(ctx context.Context, state *State) error {
	loads, err := s.Prints.PrinterLoads(ctx)
	if err != nil {
		return err
	}
	state.Devices = viewDevices(s.Devices.List(), loads)
	line, err := s.Hub.Line(ctx)
	if err != nil {
		return err
	}
	state.Hub = viewHub(line)
	state.Catalog.Version, err = s.Goods.CatalogVersion(ctx)
	return err
}

// viewTill adds what the till shows. A screen with nobody signed in sees no
// carts and no money.
func (s *Server) viewTill(ctx context.Context, state *State, who visitor) error {
	snapshot := s.Till.Snapshot()
	state.Day = viewDay(snapshot.Day)
	if !who.signedIn() {
		return nil
	}
	state.Cart = viewCart(snapshot.Cart, s.Now())
	for _, cart := range snapshot.Parked {
		state.Parked = append(state.Parked, viewParked(cart))
	}
	if able, rules, has := s.Till.Abilities(); has {
		state.Terminal = viewTerminal(able, rules)
	}
	state.Payment, state.Notice, state.Ask = viewPayment(snapshot.Payment), viewNotice(snapshot.Notice), viewAsk(snapshot.Ask)
	if state.Notice != nil {
		state.Notice.Device = nameOfScanner(state.Devices, snapshot.Notice.Source)
	}
	if snapshot.Finished == nil {
		return nil
	}
	printed, err := s.printState(ctx, snapshot.Finished)
	state.Finished = viewFinished(*snapshot.Finished, printed)
	return err
}

func (s *Server) printState(ctx context.Context, finished *till.Finished) (string, error) {
	if finished.Job == 0 {
		return "none", nil
	}
	kind, state, err := s.Prints.PrintState(ctx, finished.Job)
	if errors.Is(err, till.ErrNotFound) {
		return "none", nil
	}
	if kind == printing.Drawer {
		return "none", err
	}
	return string(state), err
}

func (s *Server) healthz(c *gin.Context) {
	c.Header("Cache-Control", cacheNever)
	if err := s.pulse.feel(c.Request.Context(), s.Now(), s.Health.Alive); err != nil {
		s.Log.ErrorContext(c.Request.Context(), "not healthy", "error", err)
		c.String(http.StatusServiceUnavailable, "the database takes no write\n")
		return
	}
	c.String(http.StatusOK, "ok\n")
}

// defaults are the settings of a new shop.
func (s *Server) defaults(kind, language string) till.Settings {
	settings := till.Settings{Language: language, QuickDiscounts: []int64{50, 100, 200}, Volume: 70}
	if known, ok := s.Kinds[kind]; ok {
		settings.Codes = known.Defaults().CodeRules
	}
	return settings
}
