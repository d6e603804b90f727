// Package app wires the rooms of the hub together and runs them until it is
// told to stop. Only hub's main.go calls it, and nothing else knows every
// room.
//
// What always holds: Run is ready only when boxes and browsers can both
// connect; it stops taking new work first, then ends what runs, and closes
// the database last.
package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"shopbox/hub/api"
	"shopbox/hub/broker"
	"shopbox/hub/ca"
	"shopbox/hub/config"
	"shopbox/hub/ingest"
	"shopbox/hub/report"
	"shopbox/hub/store"
	"shopbox/hub/tenant"
	"shopbox/hub/ui"
	"shopbox/protocol"
)

// Options are what main hands to Run.
type Options struct {
	Config  config.Config
	Version string
	Log     *slog.Logger
	Now     func() time.Time
	// Ready gets one JSON line with the real addresses when the hub is ready.
	Ready io.Writer
	// StopWithin bounds how long requests may take to end (10 s).
	StopWithin time.Duration
}

const (
	databaseFile      = "hub.db"
	defaultStopWithin = 10 * time.Second
)

// hub is every room of a running hub.
type hub struct {
	options  Options
	doors    *doors
	db       *store.DB
	ca       *ca.Authority
	ingest   *ingest.Ingest
	broker   *broker.Broker
	tenants  *tenant.Service
	reports  *report.Service
	feed     *report.Feed
	stopping chan struct{}
}

// Run runs a hub until ctx ends. A hub that was stopped ends without error.
func Run(ctx context.Context, options Options) (err error) {
	if options.StopWithin <= 0 {
		options.StopWithin = defaultStopWithin
	}
	h := &hub{options: options, stopping: make(chan struct{})}
	if err := h.open(ctx); err != nil {
		return errors.Join(err, h.close())
	}
	defer func() { err = errors.Join(err, h.close()) }()
	web, err := h.web() //nolint:contextcheck // each request brings its own
	if err != nil {
		return err
	}
	return h.serve(ctx, web)
}

// open opens what lasts and builds the rooms.
func (h *hub) open(ctx context.Context) (err error) {
	settings := h.options.Config
	if err := os.MkdirAll(settings.Data, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	if h.doors, err = openDoors(ctx, settings); err != nil {
		return err
	}
	if h.db, err = store.Open(ctx, databaseAddress(settings)); err != nil {
		return err
	}
	h.ca, err = ca.Open(ca.Options{Dir: settings.Data, Names: settings.Names, Now: h.options.Now})
	if err != nil {
		return err
	}
	return h.build()
}

func databaseAddress(settings config.Config) string {
	if settings.DB != "" {
		return settings.DB
	}
	return settings.DataFile(databaseFile)
}

func (h *hub) build() (err error) {
	codec, err := protocol.NewCodec()
	if err != nil {
		return err
	}
	log, now := h.options.Log, h.options.Now
	node, err := nodeName(h.options.Config.DataFile(nodeFile))
	if err != nil {
		return err
	}
	h.feed = report.NewFeed()
	h.ingest = ingest.New(ingest.Config{Hub: node, Store: h.db, Codec: codec, Nudge: h.feed, Log: log.With("room", "ingest"), Now: now})
	h.broker, err = broker.New(broker.Config{
		Listener: h.doors.mqtt, TLS: h.ca.ServerTLS(), Directory: h.db, Sink: h.ingest,
		Log: log.With("room", "broker"),
	})
	if err != nil {
		return err
	}
	h.tenants = tenant.New(tenant.Config{Store: h.db, Issuer: h.ca, Kicker: h.broker, Log: log.With("room", "tenant"), Now: now})
	h.reports = report.New(report.Config{Hub: node, Store: h.db, Settler: h.ingest, Presence: h.broker, Codec: codec, Now: now})
	return nil
}

// web is the handler of the web listener.
func (h *hub) web() (http.Handler, error) {
	files, built := ui.Files()
	settings := h.options.Config
	return api.New(api.Rooms{Accounts: h.tenants, Places: h.tenants, Reports: h.reports, Feed: h.feed}, api.Settings{
		Version: h.options.Version, SignupOpen: settings.SignupOpen,
		MQTTAddress: publicMQTT(settings, h.doors.mqtt.Addr()),
		// A proxy in front of the hub speaks HTTPS to the browsers.
		Secure: settings.TLS() || len(settings.Proxies) > 0, Proxies: settings.Proxies,
		Pages: files, Built: built, Stopping: h.stopping, Healthy: h.db.Ping,
		Log: h.options.Log.With("room", "api"), Now: h.options.Now,
	})
}

// publicMQTT is the address told to boxes: the one that was set, or the first
// name with the port that is really listened on.
func publicMQTT(settings config.Config, listening net.Addr) string {
	if settings.PublicMQTT != "" {
		return settings.PublicMQTT
	}
	_, port, _ := net.SplitHostPort(listening.String())
	return net.JoinHostPort(settings.Names[0], port)
}

// serve runs everything until ctx ends or one part fails. The intake is ended
// last, so that what the broker still hands over finds it.
func (h *hub) serve(ctx context.Context, web http.Handler) error {
	intake, endIntake := context.WithCancel(context.WithoutCancel(ctx))
	defer endIntake()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.takeIn(intake) })
	if err := h.broker.Start(); err != nil {
		endIntake()
		return errors.Join(err, group.Wait())
	}
	servers := h.servers(web)
	for _, server := range servers {
		group.Go(server.serve)
	}
	group.Go(func() error { return h.announce() })
	group.Go(func() error { return spaceGarbage(ctx) })
	group.Go(func() error {
		<-ctx.Done()
		defer endIntake()
		return h.stop(context.WithoutCancel(ctx), servers)
	})
	return group.Wait()
}

// takeIn runs the intake; being told to stop is no failure, however early.
func (h *hub) takeIn(ctx context.Context) error {
	if err := h.ingest.Run(ctx, h.broker); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// announce tells whoever started the hub where it listens.
func (h *hub) announce() error {
	addresses := map[string]string{
		"hub":  h.doors.webAddress(h.options.Config.TLS()),
		"mqtt": h.doors.mqtt.Addr().String(),
	}
	if h.doors.metrics != nil {
		addresses["metrics"] = "http://" + h.doors.metrics.Addr().String()
	}
	h.options.Log.Info("hub ready", "version", h.options.Version, "addresses", addresses)
	if err := json.NewEncoder(h.options.Ready).Encode(addresses); err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}

// stop ends the servers and then the broker.
func (h *hub) stop(ctx context.Context, servers []*webServer) error {
	h.options.Log.Info("hub stopping")
	close(h.stopping)
	ctx, cancel := context.WithTimeout(ctx, h.options.StopWithin)
	defer cancel()
	var ending sync.WaitGroup
	failures := make([]error, len(servers)+1)
	for i, server := range servers {
		ending.Go(func() { failures[i] = server.end(ctx) })
	}
	ending.Wait()
	failures[len(servers)] = h.broker.Close()
	return errors.Join(failures...)
}

// close closes what open opened, as far as it came.
func (h *hub) close() error {
	if h.doors != nil {
		h.doors.close()
	}
	if h.db == nil {
		return nil
	}
	return h.db.Close()
}

// AddOperator lets one of the carrier's people in.
func AddOperator(ctx context.Context, options Options, login, name, password string) (err error) {
	settings := options.Config
	if err := os.MkdirAll(settings.Data, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	db, err := store.Open(ctx, databaseAddress(settings))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	service := tenant.New(tenant.Config{Store: db, Log: options.Log, Now: options.Now})
	_, err = service.CreateAccount(ctx, tenant.NewAccount{
		Login: login, Name: name, Password: password, Role: tenant.RoleOperator,
	})
	return err
}

// localHost is how this machine reaches an address that it listens on.
func localHost(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || tcp.IP == nil || tcp.IP.IsUnspecified() {
		_, port, _ := net.SplitHostPort(address.String())
		return net.JoinHostPort("127.0.0.1", port)
	}
	return net.JoinHostPort(tcp.IP.String(), strconv.Itoa(tcp.Port))
}
