// Package till is the script of a sale: the one open cart of the box, from the
// scan to the paper. edge/api and the scanners call it; it keeps everything in
// edge/store before anyone is told of it.
//
// What always holds: one cart is open, whatever number of screens look at it;
// the same idempotency key gives the same answer and moves money once; a
// payment is written down before the terminal hears of it, and one whose
// outcome is not known blocks its cart and its terminal until the terminal or
// a person has said what happened; nothing is ever charged again before.
package till

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"shopbox/drivers"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/vertical"
)

// Clock tells the time and whether it is in doubt.
type Clock interface {
	Read() (now time.Time, doubt bool)
}

// Terminal is a card terminal the shop has adopted.
type Terminal interface {
	drivers.Terminal
	// ID names the adopted device.
	ID() string
	// CanAbort reports whether a waiting payment can be cancelled by Abort.
	CanAbort() bool
	Abort(ctx context.Context) error
	// Abilities is what it can do; the methods of a cash receipter are of use
	// only where they say so.
	Abilities() drivers.Abilities
	drivers.CashReceipter
}

// Options is what a till works with.
type Options struct {
	Store Store
	Clock Clock
	Kinds vertical.Registry
	Paper *receipt.Renderer
	// Terminal is the terminal of that id, or for an empty id the one to pay at
	// now; ErrNoTerminal when there is none.
	Terminal func(id string) (Terminal, error)
	// HasPrinter tells whether the shop has a printer at all, well or not. Nil
	// means that it has.
	HasPrinter func() bool
	Log        *slog.Logger
	Waits      Waits
}

// Waits are the till's patience. Zero values take the defaults.
type Waits struct {
	// AskFirst and AskLongest bound the wait before the terminal is asked
	// again for an unknown outcome; it doubles.
	AskFirst, AskLongest time.Duration
	// Ask bounds one such question.
	Ask time.Duration
}

func (w Waits) orDefaults() Waits {
	if w.AskFirst == 0 {
		w.AskFirst = time.Second
	}
	if w.AskLongest == 0 {
		w.AskLongest = 30 * time.Second
	}
	if w.Ask == 0 {
		w.Ask = 30 * time.Second
	}
	return w
}

// Till is the till. It is safe for use by many goroutines.
type Till struct {
	store    Store
	clock    Clock
	kinds    vertical.Registry
	paper    *receipt.Renderer
	terminal func(id string) (Terminal, error)
	printer  func() bool
	log      *slog.Logger
	waits    Waits

	// life ends with Close; payments run in it, not in a request.
	life  context.Context
	end   context.CancelFunc
	group sync.WaitGroup
	wake  chan struct{}

	mu     sync.Mutex
	day    *Day
	cart   Cart
	parked []Cart
	// running is the payment at the terminal now; pending are attempts whose
	// outcome is not known, by id; ended is the last one that ended.
	running *running
	pending map[string]*Attempt
	// tried is how often the cancellation of a cash receipt was tried that is due.
	tried    map[string]int
	ended    *Payment
	finished *Finished
	notice   *Notice
	ask      *Ask
	scans    map[string]scanned
	version  int64
	screens  map[chan Snapshot]struct{}
}

// New makes the till as it was left: it loads carts and day, and repairs what
// a power cut tore apart. Payments with unknown outcome are asked for by Run.
func New(ctx context.Context, options Options) (*Till, error) {
	life, end := context.WithCancel(context.Background())
	till := &Till{
		store: options.Store, clock: options.Clock, kinds: options.Kinds, paper: options.Paper, terminal: options.Terminal,
		printer: options.HasPrinter, log: options.Log, waits: options.Waits.orDefaults(),
		life: life, end: end, wake: make(chan struct{}, 1),
		pending: make(map[string]*Attempt), tried: make(map[string]int), scans: make(map[string]scanned), screens: make(map[chan Snapshot]struct{}),
	}
	if till.printer == nil {
		till.printer = func() bool { return true }
	}
	if err := till.load(ctx); err != nil {
		end()
		return nil, err
	}
	return till, nil
}

// Close stops payments and waits for them. One at the terminal stays unknown
// and is cleared up at the next start.
func (t *Till) Close() {
	t.end()
	t.group.Wait()
}

func (t *Till) load(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var err error
	if t.day, err = t.store.Day(ctx); err != nil {
		return fmt.Errorf("load day: %w", err)
	}
	if t.cart, t.parked, err = t.store.Carts(ctx); err != nil {
		return fmt.Errorf("load carts: %w", err)
	}
	if t.cart.ID == "" {
		if t.cart, err = t.emptyCart(sale.Person{}); err != nil {
			return err
		}
	}
	return t.recover(ctx)
}

// Abilities is what the terminal to pay at can do, and the limits of the card
// trade today; ok is false when there is no terminal.
func (t *Till) Abilities() (able drivers.Abilities, rules drivers.CardRules, ok bool) {
	now, _ := t.clock.Read()
	terminal, err := t.terminal("")
	if err != nil {
		return drivers.Abilities{}, drivers.CardRulesOn(now), false
	}
	return terminal.Abilities(), drivers.CardRulesOn(now), true
}

// emptyCart is a new cart.
func (t *Till) emptyCart(by sale.Person) (Cart, error) {
	id, err := newID()
	if err != nil {
		return Cart{}, err
	}
	now, _ := t.clock.Read()
	return Cart{Cart: sale.Cart{ID: id}, Version: 1, At: now, By: by}, nil
}

func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("new id: %w", err)
	}
	return id.String(), nil
}

// Snapshot is the whole state of the till.
func (t *Till) Snapshot() Snapshot {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.snapshot()
}

func (t *Till) snapshot() Snapshot {
	snapshot := Snapshot{
		Version: t.version, Day: copied(t.day), Cart: t.shown(t.cart), Parked: []Cart{},
		Payment: t.paymentShown(), Finished: copied(t.finished), Notice: copied(t.notice), Ask: copied(t.ask),
	}
	for _, cart := range t.parked {
		snapshot.Parked = append(snapshot.Parked, t.shown(cart))
	}
	return snapshot
}

// shown is a copy of a cart that shares nothing with the till.
func (t *Till) shown(cart Cart) Cart {
	cart.Cart = cart.Clone()
	cart.Blocked = t.blocked(cart.ID)
	return cart
}

func copied[T any](from *T) *T {
	if from == nil {
		return nil
	}
	value := *from
	return &value
}

// Subscribe gives the present state and then each new one until the context
// ends. A slow screen misses states in between, never the latest.
func (t *Till) Subscribe(ctx context.Context) <-chan Snapshot {
	screen := make(chan Snapshot, 1)
	t.mu.Lock()
	screen <- t.snapshot()
	t.screens[screen] = struct{}{}
	t.mu.Unlock()
	context.AfterFunc(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.screens, screen)
		close(screen)
	})
	return screen
}

// publish tells every screen the new state. It is called with the lock held.
func (t *Till) publish() {
	t.version++
	if len(t.screens) == 0 {
		return
	}
	snapshot := t.snapshot()
	for screen := range t.screens {
		select {
		case <-screen:
		default:
		}
		screen <- snapshot
	}
}

// DrawerUnasked says on every screen that the cash drawer on a printer was
// opened without the till.
func (t *Till) DrawerUnasked(printer string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sayOf("", LevelStop, "drawer_unasked", printer)
	t.publish()
}

// Garbled puts a notice on every screen that a scanner reads garbage.
func (t *Till) Garbled(source string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sayOf(source, LevelWarn, "scan_garbled", "")
	t.publish()
}

// say puts a notice on every screen.
func (t *Till) say(level Level, code, subject string) { t.sayOf("", level, code, subject) }

// sayOf is say for what a device has to say.
func (t *Till) sayOf(source string, level Level, code, subject string) {
	number := int64(1)
	if t.notice != nil {
		number = t.notice.Number + 1
	}
	t.notice = &Notice{Number: number, Code: code, Level: level, Subject: subject, Source: source}
}

// touch takes away what is shown until the next touch.
func (t *Till) touch() {
	if t.finished != nil && t.finished.Cash.Cash > 0 && t.finished.Cash.Receipt == nil {
		t.wakeUp() // its customer named no number
	}
	t.finished, t.ended, t.ask = nil, nil, nil
}

func person(actor staff.Person) sale.Person {
	return sale.Person{ID: actor.ID, Name: actor.Name}
}

func (t *Till) act(actor staff.Person, act staff.Act, subject, detail string) staff.AuditEvent {
	now, _ := t.clock.Read()
	return staff.AuditEvent{At: now, Person: actor.ID, Name: actor.Name, Act: act, Subject: subject, Detail: detail}
}

// cartByID is the open or a parked cart.
func (t *Till) cartByID(id string) (Cart, bool) {
	if t.cart.ID == id {
		return t.cart, true
	}
	if i := t.parkedAt(id); i >= 0 {
		return t.parked[i], true
	}
	return Cart{}, false
}

func (t *Till) parkedAt(id string) int {
	return slices.IndexFunc(t.parked, func(cart Cart) bool { return cart.ID == id })
}

// changed is a copy of a cart with the next version, to be changed.
func (t *Till) changed(cart Cart, by sale.Person) Cart {
	now, _ := t.clock.Read()
	cart.Cart = cart.Clone()
	cart.Version++
	cart.At = now
	if by.ID != "" {
		cart.By = by
	}
	return cart
}
