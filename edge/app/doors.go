package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"shopbox/edge/config"
)

const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	maxHeader  = 32 << 10
)

// doors are the listeners of a box, opened before anything else so that a port
// in use is found at once.
type doors struct {
	web net.Listener
	// metrics is nil when they are off, or their port is taken: a shop sells
	// without them.
	metrics net.Listener
}

func openDoors(ctx context.Context, config config.Config, log *slog.Logger) (*doors, error) {
	var listen net.ListenConfig
	web, err := listen.Listen(ctx, "tcp", config.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	d := &doors{web: web}
	if config.Metrics == "" {
		return d, nil
	}
	if d.metrics, err = listen.Listen(ctx, "tcp", config.Metrics); err != nil {
		d.metrics = nil
		log.WarnContext(ctx, "no metrics", "error", err)
	}
	return d, nil
}

func (d *doors) close() {
	for _, door := range []net.Listener{d.web, d.metrics} {
		if door != nil {
			door.Close()
		}
	}
}

// addresses are how this machine reaches the doors.
func (d *doors) addresses() map[string]string {
	addresses := map[string]string{"box": "http://" + localHost(d.web.Addr())}
	if d.metrics != nil {
		addresses["metrics"] = "http://" + localHost(d.metrics.Addr()) + "/metrics"
	}
	return addresses
}

// localHost is how this machine reaches an address that it listens on.
func localHost(address net.Addr) string {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return address.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// webServer is an HTTP server on its own door.
type webServer struct {
	http.Server
	door net.Listener
}

func (b *box) servers() []*webServer {
	servers := []*webServer{b.server(b.doors.web, b.meters.count(b.api))}
	if b.doors.metrics != nil {
		servers = append(servers, b.server(b.doors.metrics, b.meters.handler()))
	}
	return servers
}

// server has no write timeout because live streams stay open; the API bounds
// the reading of bodies.
func (b *box) server(door net.Listener, handler http.Handler) *webServer {
	return &webServer{door: door, Server: http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		// What net/http says of broken connections matters only when looking
		// for a fault.
		ErrorLog: slog.NewLogLogger(b.Log.Handler(), slog.LevelDebug),
	}}
}

func (s *webServer) serve() error {
	if err := s.Serve(s.door); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", s.door.Addr(), err)
	}
	return nil
}
