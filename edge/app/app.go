// Package app wires the rooms of the box together and runs them until it is
// told to stop. Only edge's main.go calls it, and nothing else knows every
// room.
//
// What always holds: the box is ready when it can sell, whatever devices and
// hub do; what was begun is ended before the database closes; a box that is
// killed instead loses nothing that it had answered.
package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"shopbox/drivers"
	"shopbox/drivers/all"
	"shopbox/edge/agent"
	"shopbox/edge/api"
	"shopbox/edge/clock"
	"shopbox/edge/config"
	"shopbox/edge/devices"
	"shopbox/edge/devices/hotplug"
	"shopbox/edge/devices/network"
	"shopbox/edge/label"
	"shopbox/edge/receipt"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/edge/ui"
	"shopbox/edge/uplink"
	"shopbox/edge/vertical"
	kinds "shopbox/edge/vertical/all"
)

// Options are what main hands to Run.
type Options struct {
	Config config.Config
	Log    *slog.Logger
	// Now is the system's clock; Built is when the program was made, the
	// earliest time that can be now.
	Now   func() time.Time
	Built time.Time
	// FromNetwork reports whether the system has its time from the network;
	// without one the kernel is asked.
	FromNetwork func() bool
	// Ready gets one JSON line with the real addresses when the box is ready.
	Ready io.Writer
	// Waits shorten the rhythm of devices, till and uplink in tests.
	Waits Waits
}

// Waits are the patience of the rooms; zero values take their defaults.
type Waits struct {
	Devices devices.Waits
	Till    till.Waits
	Uplink  uplink.Waits
}

// box is every room of a running box.
type box struct {
	Options
	started time.Time
	doors   *doors
	clock   *clock.Clock
	store   *store.Store
	drivers drivers.Registry
	kinds   vertical.Registry
	paper   *receipt.Renderer
	labels  *label.Maker
	agent   *agent.Agent
	devices *devices.Manager
	till    *till.Till
	uplink  *uplink.Uplink
	api     *api.Server
	meters  *meters
	// stopping ends the screens' streams.
	stopping chan struct{}

	mu sync.Mutex
	// health is what was last told of the box itself.
	health devices.State
}

// Run runs a box until ctx ends. A box that was stopped ends without error.
func Run(ctx context.Context, options Options) (err error) {
	b := &box{Options: options, stopping: make(chan struct{})}
	if b.FromNetwork == nil {
		b.FromNetwork = clock.FromNetwork
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.open(ctx); err != nil {
		return err
	}
	if err := b.build(ctx); err != nil {
		return err
	}
	return b.serve(ctx)
}

// open opens what lasts.
func (b *box) open(ctx context.Context) (err error) {
	if err := os.MkdirAll(b.Config.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if b.doors, err = openDoors(ctx, b.Config, b.Log); err != nil {
		return err
	}
	b.clock = clock.New(b.Now, b.Built, time.Time{})
	b.started = b.clock.Now()
	b.store, err = store.Open(ctx, store.Options{
		Path: b.Config.Database(), ReserveBytes: reserveBytes(b.Config), Now: b.clock.Now, Logger: b.room("store"),
	})
	if err != nil {
		return err
	}
	seen, err := b.store.LastSeen(ctx)
	if err != nil {
		return err
	}
	b.clock.Remember(seen)
	b.agent, err = agent.Open(b.Config.Identity(), b.store.Box(), b.clock.Now)
	if err != nil {
		return err
	}
	if damaged := b.agent.PutAside(); damaged != nil {
		b.Log.ErrorContext(ctx, "the box must be claimed anew", "error", damaged)
	}
	return nil
}

func reserveBytes(config config.Config) int64 {
	if config.ReserveMB == 0 {
		return -1
	}
	return int64(config.ReserveMB) << 20
}

// build makes the rooms and lets them know each other.
func (b *box) build(ctx context.Context) (err error) {
	if b.drivers, err = all.Registry(); err != nil {
		return err
	}
	if b.kinds, err = kinds.Registry(); err != nil {
		return err
	}
	if b.paper, err = receipt.New(); err != nil {
		return err
	}
	if b.labels, err = label.New(); err != nil {
		return err
	}
	b.devices = devices.New(devices.Config{
		Registry: b.drivers, Queue: prints{b.store, b.changed}, Now: b.clock.Now,
		Scanned: b.scanned, BadScan: b.badScan, Changed: b.deviceChanged, DrawerUnasked: b.drawerUnasked,
		Log: b.room("devices"), Waits: b.Waits.Devices,
		Plugged: hotplug.Tree{Root: b.Config.Devices}.Sightings, Plugs: b.plugs(ctx), Network: network.Usual().Find, Learned: b.deviceLearned,
	})
	b.till, err = till.New(ctx, till.Options{
		Store: b.store, Clock: b.clock, Kinds: b.kinds, Paper: b.paper, Terminal: b.terminal,
		HasPrinter: func() bool { return b.devices.HasReceiptPrinter() }, Log: b.room("till"), Waits: b.Waits.Till,
	})
	if err != nil {
		return err
	}
	if b.uplink, err = b.line(); err != nil {
		return err
	}
	if b.api, err = b.screens(ctx); err != nil {
		return err
	}
	b.meters = newMeters(b) //nolint:contextcheck // read when somebody asks, not now
	return b.adopt(ctx)
}

func (b *box) room(name string) *slog.Logger { return b.Log.With("room", name) }

// screens is the HTTP side of the box.
func (b *box) screens(ctx context.Context) (*api.Server, error) {
	pepper, err := b.store.Pepper(ctx)
	if err != nil {
		return nil, err
	}
	files, built := ui.Files()
	kept := keeper{b.store}
	rooms := api.Rooms{
		Till: b.till, Shop: kept, People: b.store, Sessions: b.store, Screens: b.store, Products: kept, Goods: b.store, Ledger: b.store,
		Devices: b.devices, Finder: b.devices, Adopted: b.store, Prints: b.store, Audit: b.store, Hub: b, Health: b, Clock: b, Door: b,
	}
	return api.New(rooms, api.Settings{ //nolint:contextcheck // each request brings its own
		Version: b.Config.Version, Box: b.store.Box(), Boot: b.store.Boot(), Hosts: b.Config.Hosts, Pepper: pepper,
		Kinds: b.kinds, Drivers: b.drivers, Paper: b.paper, Labels: b.labels, Preview: b.preview, Pages: files, Built: built,
		Stopping: b.stopping, Log: b.room("api"), Now: b.clock.Now,
	}), nil
}

// changed tells the screens that something besides the till changed.
func (b *box) changed() { b.api.Changed() }

// serve runs everything until ctx ends or the web server fails.
func (b *box) serve(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	servers := b.servers()
	for _, server := range servers {
		group.Go(server.serve)
	}
	for _, run := range []func(context.Context){b.till.Run, b.uplink.Run, b.renew, b.follow, b.tend, b.watch} {
		group.Go(func() error {
			run(ctx)
			return nil
		})
	}
	if err := b.announce(); err != nil {
		group.Go(func() error { return err })
	}
	group.Go(func() error { return b.notify(ctx) })
	group.Go(func() error {
		<-ctx.Done()
		return b.stop(context.WithoutCancel(ctx), servers)
	})
	return group.Wait()
}

// announce tells whoever started the box where it listens.
func (b *box) announce() error {
	addresses := b.doors.addresses()
	b.Log.Info("box ready", "version", b.Config.Version, "box", b.store.Box(), "addresses", addresses)
	if err := json.NewEncoder(b.Ready).Encode(addresses); err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	return nil
}

// stopWithin bounds how long requests may take to end.
const stopWithin = 10 * time.Second

// stop takes no new work, then ends what runs: payments first, whose devices
// must still be there.
func (b *box) stop(ctx context.Context, servers []*webServer) error {
	b.Log.Info("box stopping")
	close(b.stopping)
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	var ending sync.WaitGroup
	failures := make([]error, len(servers))
	for i, server := range servers {
		ending.Go(func() { failures[i] = server.Shutdown(ctx) })
	}
	b.till.Close()
	ending.Wait()
	return errors.Join(failures...)
}

// close closes what open and build opened, as far as they came.
func (b *box) close() error {
	if b.doors != nil {
		b.doors.close()
	}
	if b.till != nil {
		b.till.Close()
	}
	if b.devices != nil {
		b.devices.Close()
	}
	if b.store == nil {
		return nil
	}
	return b.store.Close()
}
