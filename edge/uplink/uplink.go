// Package uplink carries the outbox to the hub over MQTT: rows in order, as
// one batch, one batch in flight. edge/app runs it beside the till.
//
// What always holds: a row is done only when the hub's own ack says that its
// database has it; an MQTT PUBACK, a lost line or a restart change nothing.
// What the hub says it has decides where sending goes on, also backwards. The
// till never waits for any of it.
package uplink

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"shopbox/protocol"
)

// Row is one record of the outbox.
type Row struct {
	Sequence int64
	Type     string
	At       time.Time
	Data     []byte
}

// Outbox is where the records wait.
type Outbox interface {
	// After lists the rows behind a sequence number in order, at most limit.
	After(ctx context.Context, sequence int64, limit int) ([]Row, error)
	// Acked marks all rows up to a sequence number as held by the hub.
	Acked(ctx context.Context, through int64) error
	// Numbered takes the last receipt numbers the hub has of the shop, by date.
	Numbered(ctx context.Context, last map[string]int64) error
	// Changed is signalled when a row was added.
	Changed() <-chan struct{}
}

// Identity is who connects and where to.
type Identity interface {
	Box() string
	// TLS is the way to the hub; an error means that there is none yet.
	TLS() (*tls.Config, string, error)
	// Changed is signalled when there is one, or another one.
	Changed() <-chan struct{}
}

// State is how the line to the hub is.
type State string

// The states of the line.
const (
	Unclaimed State = "unclaimed"
	Offline   State = "offline"
	Online    State = "online"
)

// Config is what an uplink works with.
type Config struct {
	Outbox   Outbox
	Identity Identity
	// Report is what the box says of itself now and then.
	Report func(ctx context.Context) protocol.BoxStatus
	// Changed is told each new state of the line.
	Changed func(State)
	// Now tells since when a state lasts.
	Now func() time.Time
	Log *slog.Logger
	// Clock of the waits; the defaults suit a shop, tests shorten them.
	Waits Waits
}

// Waits are the uplink's patience. Zero values take the defaults.
type Waits struct {
	// First and Longest bound the wait before a new try; it doubles and is
	// drawn at random between nothing and the bound (full jitter), so that a
	// fleet cut off together does not come back together.
	First, Longest time.Duration
	// Steady is how long a session must last to start the bound afresh.
	Steady time.Duration
	// Connect bounds a connection, Ack the hub's answer to a batch.
	Connect, Ack time.Duration
	// KeepAlive is MQTT's, drawn +-20 %.
	KeepAlive time.Duration
	// Report is the time between two reports.
	Report time.Duration
}

func (w Waits) orDefaults() Waits {
	for _, wait := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{
		{&w.First, time.Second},
		{&w.Longest, 5 * time.Minute},
		{&w.Steady, time.Minute},
		{&w.Connect, 20 * time.Second},
		{&w.Ack, 30 * time.Second},
		{&w.KeepAlive, 90 * time.Second},
		{&w.Report, time.Minute},
	} {
		if *wait.field == 0 {
			*wait.field = wait.fallback
		}
	}
	return w
}

// Uplink runs the line to the hub.
type Uplink struct {
	config Config
	codec  *protocol.Codec
	// now ends a wait for the next try.
	now chan struct{}

	mu    sync.Mutex
	state State
	since time.Time
}

// New makes an uplink; Run runs it.
func New(config Config) (*Uplink, error) {
	codec, err := protocol.NewCodec()
	if err != nil {
		return nil, err
	}
	config.Waits = config.Waits.orDefaults()
	return &Uplink{config: config, codec: codec, now: make(chan struct{}, 1), state: Unclaimed, since: config.Now()}, nil
}

// State is how the line is, and since when.
func (u *Uplink) State() (State, time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.state, u.since
}

func (u *Uplink) become(state State) {
	u.mu.Lock()
	changed := u.state != state
	if changed {
		u.state, u.since = state, u.config.Now()
	}
	u.mu.Unlock()
	if changed && u.config.Changed != nil {
		u.config.Changed(state)
	}
}

// Run keeps the line up until the context ends. It never gives up.
func (u *Uplink) Run(ctx context.Context) {
	tries := 0
	for ctx.Err() == nil {
		began := time.Now()
		err := u.session(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) >= u.config.Waits.Steady {
			tries = 0
		}
		wait := u.backoff(tries)
		tries++
		u.config.Log.InfoContext(ctx, "hub line ended", slog.Any("error", err), slog.Duration("retry_in", wait))
		u.pause(ctx, wait)
	}
}

// backoff draws the wait before the next try: anything up to the bound.
func (u *Uplink) backoff(tries int) time.Duration {
	bound := u.config.Waits.First << min(tries, 20)
	if bound <= 0 || bound > u.config.Waits.Longest {
		bound = u.config.Waits.Longest
	}
	return rand.N(bound) //nolint:gosec // jitter is no secret
}

// TryNow ends the wait for the next try, if the line is down: a person knows
// that the network is back. It does not wait for what comes of it.
func (u *Uplink) TryNow() {
	if state, _ := u.State(); state != Offline {
		return
	}
	select {
	case u.now <- struct{}{}:
	default:
	}
}

// pause waits, shorter when the box is claimed anew or a person asks.
func (u *Uplink) pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-u.config.Identity.Changed():
	case <-u.now:
	}
}

// way waits until the box knows the way to a hub.
func (u *Uplink) way(ctx context.Context) (*tls.Config, string, error) {
	for {
		config, address, err := u.config.Identity.TLS()
		if err == nil {
			return config, address, nil
		}
		u.become(Unclaimed)
		select {
		case <-ctx.Done():
			return nil, "", ctx.Err()
		case <-u.config.Identity.Changed():
		}
	}
}

// session is one connection: from the dial until the line is lost, the hub
// stops answering, or the box is claimed anew.
func (u *Uplink) session(ctx context.Context) error {
	config, address, err := u.way(ctx)
	if err != nil {
		return err
	}
	u.become(Offline)
	line, err := dial(ctx, u.config.Identity.Box(), address, config, u.config.Waits)
	if err != nil {
		return err
	}
	defer u.become(Offline)
	defer line.close()
	return u.serve(ctx, line)
}

var (
	errLost    = errors.New("line lost")
	errSilent  = errors.New("the hub does not answer")
	errReclaim = errors.New("claimed anew")
)

// serve sends what waits, batch after batch.
func (u *Uplink) serve(ctx context.Context, line *line) error {
	first, err := u.answer(ctx, line)
	if err != nil {
		return err
	}
	sender := sender{uplink: u, line: line, through: first.Through, limit: protocol.MaxBatchEvents}
	if err := u.config.Outbox.Acked(ctx, first.Through); err != nil {
		return err
	}
	if err := u.config.Outbox.Numbered(ctx, first.Numbers); err != nil {
		return err
	}
	u.become(Online)
	report := time.NewTicker(u.config.Waits.Report)
	defer report.Stop()
	u.report(ctx, line)
	for {
		busy, err := sender.step(ctx)
		if err != nil {
			return err
		}
		if busy {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-line.lost:
			return errLost
		case <-u.config.Identity.Changed():
			return errReclaim
		case <-u.config.Outbox.Changed():
		case ack := <-line.acks:
			// The hub speaks unasked when it lost something: follow it.
			if err := sender.follow(ctx, ack); err != nil {
				return err
			}
		case <-report.C:
			u.report(ctx, line)
		}
	}
}

func (u *Uplink) report(ctx context.Context, line *line) {
	if u.config.Report == nil {
		return
	}
	if err := line.publishJSON(protocol.Reported, u.config.Report(ctx)); err != nil {
		u.config.Log.WarnContext(ctx, "report not sent", slog.Any("error", err))
	}
}

// answer waits for the hub's next ack.
func (u *Uplink) answer(ctx context.Context, line *line) (protocol.Ack, error) {
	timer := time.NewTimer(u.config.Waits.Ack)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return protocol.Ack{}, ctx.Err()
	case <-line.lost:
		return protocol.Ack{}, errLost
	case <-timer.C:
		return protocol.Ack{}, errSilent
	case ack := <-line.acks:
		return ack, nil
	}
}
