package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"shopbox/hub/config"
)

const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	maxHeader  = 32 << 10
)

// doors are the listeners of a hub, opened before anything else so that a
// port in use is found at once.
type doors struct {
	web, mqtt net.Listener
	// metrics is nil when they are off.
	metrics net.Listener
}

func openDoors(ctx context.Context, settings config.Config) (*doors, error) {
	d := &doors{}
	var found []error
	listen := func(address string) net.Listener {
		var one net.ListenConfig
		listener, err := one.Listen(ctx, "tcp", address)
		if err != nil {
			found = append(found, err)
		}
		return listener
	}
	d.web, d.mqtt = listen(settings.Listen), listen(settings.MQTT)
	if settings.Metrics != config.MetricsOff {
		d.metrics = listen(settings.Metrics)
	}
	if len(found) > 0 {
		d.close()
		return nil, fmt.Errorf("listen: %w", errors.Join(found...))
	}
	return d, nil
}

func (d *doors) close() {
	for _, door := range []net.Listener{d.web, d.mqtt, d.metrics} {
		if door != nil {
			door.Close()
		}
	}
}

func (d *doors) webAddress(secure bool) string {
	if secure {
		return "https://" + localHost(d.web.Addr())
	}
	return "http://" + localHost(d.web.Addr())
}

// webServer is an HTTP server on its own door.
type webServer struct {
	http.Server
	door      net.Listener
	cert, key string
}

// servers are the web server and, unless they are off, that of the metrics.
func (h *hub) servers(web http.Handler) []*webServer {
	settings := h.options.Config
	servers := []*webServer{h.server(h.doors.web, web)}
	servers[0].cert, servers[0].key = settings.TLSCert, settings.TLSKey
	if h.doors.metrics != nil {
		servers = append(servers, h.server(h.doors.metrics, h.metrics()))
	}
	return servers
}

// server has no write timeout because live streams stay open; huma bounds the
// reading of bodies.
func (h *hub) server(door net.Listener, handler http.Handler) *webServer {
	return &webServer{door: door, Server: http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		// What net/http says of broken connections matters only when looking
		// for a fault.
		ErrorLog: slog.NewLogLogger(h.options.Log.Handler(), slog.LevelDebug),
	}}
}

// end lets requests end until ctx does, and then cuts them off.
func (s *webServer) end(ctx context.Context) error {
	err := s.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return s.Close()
	}
	return err
}

func (s *webServer) serve() error {
	var err error
	if s.cert != "" {
		err = s.ServeTLS(s.door, s.cert, s.key)
	} else {
		err = s.Serve(s.door)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve %s: %w", s.door.Addr(), err)
}
