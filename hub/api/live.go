package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Feed wakes the screens that show a tenant's figures; hub/report implements
// it.
type Feed interface {
	Subscribe(tenant string) (nudges <-chan struct{}, cancel func())
	Nudge(tenant string)
}

const (
	// keepAlive is how often a silent stream shows that it lives; the session
	// is looked at again each time.
	keepAlive = 20 * time.Second
	// nudgePause keeps a busy shop from waking its owner's phone more often.
	nudgePause = 250 * time.Millisecond
)

const (
	// maxOfSession is how many streams one sign-in holds open; maxOfNetwork is
	// how many one network does, which may be a carrier with many owners'
	// phones behind one address.
	maxOfSession = 10
	maxOfNetwork = 500
)

// streams counts the streams that are open, by who holds them.
type streams struct {
	mu   sync.Mutex
	open map[string]int
}

// enter counts one stream more until leave is called, or refuses it.
func (s *streams) enter(network, session string) (leave func(), err error) {
	network, session = "network "+network, "session "+session
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[network] >= maxOfNetwork || s.open[session] >= maxOfSession {
		return nil, newProblem(http.StatusTooManyRequests, codeTooManyStreams)
	}
	s.open[network]++
	s.open[session]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, holder := range []string{network, session} {
			if s.open[holder]--; s.open[holder] == 0 {
				delete(s.open, holder)
			}
		}
	}, nil
}

func (s *server) registerLive(api huma.API) {
	operation := owner(huma.Operation{
		OperationID: "live", Method: http.MethodGet, Path: "/api/live", Tags: []string{"live"},
		Summary: "Nudges (server-sent events), each a whole Nudge",
		Responses: map[string]*huma.Response{"200": {
			Description: "Events whose data is a Nudge",
			Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	})
	huma.Register(api, operation, func(ctx context.Context, _ *struct{}) (*huma.StreamResponse, error) {
		who := visitorOf(ctx)
		leave, err := s.streams.enter(clientOf(ctx), who.token)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(hctx huma.Context) {
			defer leave()
			hctx.SetHeader("Content-Type", "text/event-stream")
			hctx.SetHeader("Cache-Control", cacheNever)
			hctx.SetHeader("X-Accel-Buffering", "no")
			s.stream(ctx, hctx.BodyWriter(), who)
		}}, nil
	})
}

// stream writes nudges until the client leaves, the session ends or the hub
// stops.
func (s *server) stream(ctx context.Context, out io.Writer, who visitor) {
	changed, stop := s.feed.Subscribe(who.tenant)
	defer stop()
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	if !writeNudge(out, s.now()) {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.stopping:
			return
		case <-changed:
			if !writeNudge(out, s.now()) || !pause(ctx, nudgePause) {
				return
			}
		case <-alive.C:
			if !s.stillIn(ctx, who) || !writeStream(out, ": alive\n\n") {
				return
			}
		}
	}
}

// writeNudge sends a version that also grows over a restart of the hub.
func writeNudge(out io.Writer, now time.Time) bool {
	data, err := json.Marshal(Nudge{Version: now.UnixMilli()})
	return err == nil && writeStream(out, fmt.Sprintf("data: %s\n\n", data))
}

func writeStream(out io.Writer, text string) bool {
	if _, err := io.WriteString(out, text); err != nil {
		return false
	}
	if flusher, ok := out.(http.Flusher); ok {
		flusher.Flush()
	}
	return true
}

func pause(ctx context.Context, length time.Duration) bool {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
