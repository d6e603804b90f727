// Package devices keeps the shop's devices working: it makes each adopted
// device with its driver, opens it, watches it, opens it again after a fault,
// hands scans to the till, runs the print queue, and tells how every device
// is. edge/app starts it; edge/till and edge/api use what it holds.
//
// What always holds: a device that is gone stays adopted and comes back by
// itself; one operation runs on a device at a time; every change of state is
// recorded once; no fault of a device ends the box.
package devices

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"shopbox/drivers"
)

// ErrUnknownDevice says that no device of that id is adopted.
var ErrUnknownDevice = errors.New("device_not_found")

// ErrNoDevice says that the shop has no device that could do this.
var ErrNoDevice = errors.New("no_device")

// Adopted is a device the shop took on.
type Adopted struct {
	ID       string
	Driver   string
	Name     string
	Settings drivers.Settings
	// USB is what the device said of itself when it was adopted; by that it is
	// known again in another socket. The zero value is one that is not on USB.
	USB drivers.USB
	// Duty is a printer's; others have none.
	Duty Duty
}

// Level says how bad a state is.
type Level string

// The levels.
const (
	OK   Level = "ok"
	Warn Level = "warn"
	Stop Level = "stop"
)

// State is how a device is, since when.
type State struct {
	Level Level
	// Code names what is wrong; empty when all is well.
	Code  string
	Since time.Time
}

// View is a device and how it is.
type View struct {
	Adopted
	Kind     drivers.Kind
	Verified bool
	// Services are what Serve can have done.
	Services []Service
	// LabelsOnly says that a printer's paper is labels.
	LabelsOnly bool
	State      State
}

// Config is what a manager works with.
type Config struct {
	Registry drivers.Registry
	Queue    PrintQueue
	Now      func() time.Time
	// Scanned gets every clean scan with the id of its scanner; BadScan is
	// told of garbage.
	Scanned func(ctx context.Context, device string, scan drivers.Scan)
	BadScan func(device string, err error)
	// Changed is told each change of a device's state, in order per device.
	Changed func(ctx context.Context, view View)
	// DrawerUnasked is told of a cash drawer that opened without a pulse from
	// the box.
	DrawerUnasked func(ctx context.Context, view View)
	// Plugged lists what is plugged in; nil, or an error, when the system does
	// not show it. Plugs tells when that changed, and may be nil.
	Plugged func() ([]drivers.Sighting, error)
	Plugs   <-chan struct{}
	// Network looks for devices on the network, or only asks the address that
	// is not empty; nil where there is none.
	Network func(ctx context.Context, address string) ([]drivers.Sighting, error)
	// Learned is told of a device whose USB identity became known only after
	// it was adopted.
	Learned func(ctx context.Context, adopted Adopted)
	Log     *slog.Logger
	Waits   Waits
}

// Waits are the manager's rhythm; zero values take the defaults.
type Waits struct {
	// Probe is the time between two questions to an idle device.
	Probe time.Duration
	// Reopen is the wait before a device that is gone is tried again.
	Reopen time.Duration
	// Answer bounds a question.
	Answer time.Duration
	// Rescan is the time between two looks at what is plugged in. It is short
	// enough for a device to be back within two seconds where the system sends
	// no notice.
	Rescan time.Duration
	// TakeOver is how long a printer must have been stopped before its backup
	// prints in its place.
	TakeOver time.Duration
}

const (
	defaultProbe    = time.Second
	defaultReopen   = 500 * time.Millisecond
	defaultAnswer   = 2 * time.Second
	defaultRescan   = time.Second
	defaultTakeOver = 5 * time.Second
)

// Manager holds the devices. It is safe for use by many goroutines.
type Manager struct {
	config Config
	//nolint:containedctx // the life of all devices, ended by Close
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	// adopting is held while devices are taken on, moved or let go; searching
	// while the lines nobody adopted are asked.
	adopting, searching sync.Mutex
	// missed tells follow of a device that is not in its place.
	missed chan struct{}

	mu      sync.Mutex
	entries map[string]*entry
	// shown is what customer displays show.
	shown []drivers.DisplayLine
}

// entry is one adopted device.
type entry struct {
	Adopted
	kind     drivers.Kind
	verified bool
	device   drivers.Device
	place    place
	// gone says that the device is plugged in nowhere.
	gone atomic.Bool
	// inPlace reports whether the device is where it is looked after.
	inPlace func() bool
	// turn is taken by whoever works with the device.
	turn   chan struct{}
	opened bool
	cancel context.CancelFunc
	done   chan struct{}
	state  State
	// stopped is since when the state is Stop, whatever the faults were.
	stopped time.Time
	wake    chan struct{}
	drawer  drawerState
}

// New makes a manager without devices.
func New(config Config) *Manager {
	for _, wait := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{
		{&config.Waits.Probe, defaultProbe},
		{&config.Waits.Reopen, defaultReopen},
		{&config.Waits.Answer, defaultAnswer},
		{&config.Waits.Rescan, defaultRescan},
		{&config.Waits.TakeOver, defaultTakeOver},
	} {
		if *wait.field == 0 {
			*wait.field = wait.fallback
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	m := &Manager{config: config, ctx: ctx, cancel: cancel, entries: make(map[string]*entry), missed: make(chan struct{}, 1)}
	if config.Plugged != nil {
		m.wg.Go(m.follow)
	}
	return m
}

// Close lets all devices go.
func (m *Manager) Close() {
	m.cancel()
	m.wg.Wait()
}

// Adopt takes a device on and starts to look after it; a device of the same id
// is replaced. Settings that make no sense are drivers.ErrSettings.
func (m *Manager) Adopt(adopted Adopted) error {
	m.adopting.Lock()
	defer m.adopting.Unlock()
	return m.settle(adopted, m.placeOf(adopted))
}

// settle makes the device at a place and looks after it there; one of the same
// id is ended first and leaves its state behind. Call it with adopting held.
func (m *Manager) settle(adopted Adopted, at place) error {
	settings := adopted.Settings
	if at.path != "" {
		settings = moved(settings, at.path)
	}
	made, err := m.config.Registry.New(adopted.Driver, settings)
	if err != nil {
		return fmt.Errorf("adopt %s: %w", adopted.Name, err)
	}
	device, whole := made.(drivers.Device)
	if !whole {
		return fmt.Errorf("adopt %s: %w: the driver made no device", adopted.Name, drivers.ErrSettings)
	}
	factory := m.config.Registry[adopted.Driver]
	ctx, cancel := context.WithCancel(m.ctx)
	e := &entry{
		Adopted: adopted, kind: factory.Kind, verified: factory.Verified, device: device, place: at,
		turn: make(chan struct{}, 1), cancel: cancel, done: make(chan struct{}), wake: make(chan struct{}, 1),
		state: State{Level: Warn, Code: "starting", Since: m.config.Now()},
	}
	e.inPlace = func() bool { return m.inPlace(e) }
	e.gone.Store(at.gone)
	if old, err := m.find(adopted.ID); err == nil {
		old.end()
		if old.Driver == adopted.Driver && maps.Equal(old.Settings, adopted.Settings) {
			e.state, e.stopped = m.stateOf(old)
		}
	}
	m.mu.Lock()
	m.entries[adopted.ID] = e
	m.mu.Unlock()
	m.wg.Go(func() {
		defer close(e.done)
		m.look(ctx, e)
		_ = e.device.Close()
	})
	return nil
}

// Forget lets a device go for good.
func (m *Manager) Forget(id string) {
	m.adopting.Lock()
	defer m.adopting.Unlock()
	e, err := m.find(id)
	if err != nil {
		return
	}
	m.mu.Lock()
	delete(m.entries, id)
	m.mu.Unlock()
	e.end()
}

// end stops looking after a device and waits until it is closed.
func (e *entry) end() {
	e.cancel()
	<-e.done
}

func (m *Manager) stateOf(e *entry) (state State, stopped time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return e.state, e.stopped
}

// all are the adopted devices at this moment.
func (m *Manager) all() []*entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.entries))
}

// look runs until the device is let go.
func (m *Manager) look(ctx context.Context, e *entry) {
	switch e.kind {
	case drivers.KindScanner:
		m.lookScanner(ctx, e)
	case drivers.KindPrinter:
		m.lookPrinter(ctx, e)
	case drivers.KindTerminal:
		m.lookTerminal(ctx, e)
	case drivers.KindScale:
		m.lookScale(ctx, e)
	case drivers.KindDisplay:
		m.lookDisplay(ctx, e)
	}
}

// List is all devices, by kind and name.
func (m *Manager) List() []View {
	m.mu.Lock()
	defer m.mu.Unlock()
	views := make([]View, 0, len(m.entries))
	for _, e := range m.entries {
		views = append(views, e.view())
	}
	slices.SortFunc(views, func(a, b View) int {
		return strings.Compare(string(a.Kind)+"\x00"+a.Name+a.ID, string(b.Kind)+"\x00"+b.Name+b.ID)
	})
	return views
}

func (e *entry) view() View {
	shown := e.Adopted
	_, only := e.labels()
	if only {
		shown.Duty.Role = LabelRole
	}
	return View{Adopted: shown, LabelsOnly: only, Kind: e.kind, Verified: e.verified, Services: services(e.device), State: e.state}
}

// become takes a new state over and tells it when it differs.
func (m *Manager) become(ctx context.Context, e *entry, level Level, code string) {
	m.mu.Lock()
	if e.state.Level == level && e.state.Code == code {
		m.mu.Unlock()
		return
	}
	now := m.config.Now()
	if level == Stop && e.state.Level != Stop {
		e.stopped = now
	}
	e.state = State{Level: level, Code: code, Since: now}
	view := e.view()
	m.mu.Unlock()
	m.config.Log.InfoContext(ctx, "device", slog.String("device", view.Name), slog.String("state", string(level)), slog.String("code", code))
	if m.config.Changed != nil {
		m.config.Changed(ctx, view)
	}
}

func (m *Manager) fault(ctx context.Context, e *entry, err error) {
	if ctx.Err() != nil {
		return
	}
	m.config.Log.DebugContext(ctx, "device fault", slog.String("device", e.Name), slog.Any("error", err))
	m.become(ctx, e, Stop, drivers.Code(err))
}

// Has reports whether a device of the kind is adopted, well or not.
func (m *Manager) Has(kind drivers.Kind) bool {
	_, err := m.first(kind)
	return err == nil
}

// first is a device of the kind: a working one before one that is not.
func (m *Manager) first(kind drivers.Kind) (*entry, error) {
	return m.firstOf(kind, func(*entry) bool { return true })
}

func (m *Manager) firstOf(kind drivers.Kind, fit func(e *entry) bool) (*entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var best *entry
	for _, e := range m.entries {
		if e.kind != kind || !fit(e) {
			continue
		}
		if best == nil || better(e, best) {
			best = e
		}
	}
	if best == nil {
		return nil, fmt.Errorf("%w: %s", ErrNoDevice, kind)
	}
	return best, nil
}

func better(a, b *entry) bool {
	if (a.state.Level == Stop) != (b.state.Level == Stop) {
		return b.state.Level == Stop
	}
	return a.ID < b.ID
}

func (m *Manager) find(id string) (*entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, known := m.entries[id]
	if !known {
		return nil, ErrUnknownDevice
	}
	return e, nil
}

// wakeKind has all devices of a kind look at once; call it with mu held.
func (m *Manager) wakeKind(kind drivers.Kind) {
	for _, e := range m.entries {
		if e.kind != kind {
			continue
		}
		e.rouse()
	}
}

// wakeAll has every device look at once, since something was plugged in.
func (m *Manager) wakeAll() {
	for _, e := range m.all() {
		e.rouse()
	}
}

func (e *entry) rouse() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// take waits for a device's turn.
func (e *entry) take(ctx context.Context) error {
	select {
	case e.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *entry) tryTake() bool {
	select {
	case e.turn <- struct{}{}:
		return true
	default:
		return false
	}
}

func (e *entry) release() { <-e.turn }

// ready opens the device when it is not; call it with the turn taken.
func (e *entry) ready(ctx context.Context) error {
	if e.opened {
		return nil
	}
	if err := e.open(ctx); err != nil {
		return err
	}
	e.opened = true
	return nil
}

// lose closes the device after a fault, so that it is opened afresh; call it
// with the turn taken.
func (e *entry) lose() {
	e.opened = false
	_ = e.device.Close()
}

// sleep waits, until the context ends or something wakes the device.
func (e *entry) sleep(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-e.wake:
	}
}
