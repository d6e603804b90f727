package uplink_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"shopbox/edge/store"
	"shopbox/edge/uplink"
	"shopbox/protocol"
)

// outbox is the one of a real store.
type outbox struct{ *store.Store }

func (o outbox) After(ctx context.Context, sequence int64, limit int) ([]uplink.Row, error) {
	rows, err := o.Store.After(ctx, sequence, limit)
	sent := make([]uplink.Row, len(rows))
	for i, row := range rows {
		sent[i] = uplink.Row(row)
	}
	return sent, err
}

func (o outbox) Changed() <-chan struct{} { return o.Wrote() }

// identity is a box that a test claims.
type identity struct {
	box     string
	changed chan struct{}

	mu      sync.Mutex
	config  *tls.Config
	address string
}

func (i *identity) Box() string              { return i.box }
func (i *identity) Changed() <-chan struct{} { return i.changed }

func (i *identity) TLS() (*tls.Config, string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.config == nil {
		return nil, "", errors.New("unclaimed")
	}
	return i.config, i.address, nil
}

func (i *identity) claim(h *hub) {
	i.mu.Lock()
	i.config, i.address = h.ca.client(i.box), h.address
	i.mu.Unlock()
	i.changed <- struct{}{}
}

type box struct {
	t        *testing.T
	store    *store.Store
	identity *identity
	uplink   *uplink.Uplink
	states   chan uplink.State
	written  int
}

func newBox(t *testing.T) *box {
	t.Helper()
	return newBoxWith(t, eager())
}

// eager is a box that tries again at once, and waits long for a hub that is
// there: this machine may be busy.
func eager() uplink.Waits {
	return uplink.Waits{
		First: time.Millisecond, Longest: 20 * time.Millisecond, Ack: 20 * time.Second, Report: 50 * time.Millisecond, Connect: 20 * time.Second,
	}
}

func newBoxWith(t *testing.T, waits uplink.Waits) *box {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	b := &box{t: t, states: make(chan uplink.State, 100)}
	var err error
	b.store, err = store.Open(t.Context(), store.Options{
		Path: filepath.Join(t.TempDir(), "box.db"), ReserveBytes: -1, Now: time.Now, Logger: log,
	})
	must(t, err)
	b.identity = &identity{box: b.store.Box(), changed: make(chan struct{}, 1)}
	b.uplink, err = uplink.New(uplink.Config{
		Outbox: outbox{b.store}, Identity: b.identity, Log: log, Now: time.Now,
		Report: func(context.Context) protocol.BoxStatus {
			return protocol.BoxStatus{Version: "1.2.3", StartedAt: time.Now()}
		},
		Changed: func(state uplink.State) { b.states <- state },
		Waits:   waits,
	})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { b.uplink.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		if err := b.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// write adds records to the outbox.
func (b *box) write(count int) {
	b.t.Helper()
	for range count {
		b.written++
		must(b.t, b.store.DeviceChanged(b.t.Context(), protocol.DeviceState{
			Device: fmt.Sprint(b.written), Kind: "printer", State: "ok", At: time.Now(),
		}))
	}
}

// becomes waits until the line is as wanted now: what it was on the way there
// does not count.
func (b *box) becomes(want uplink.State) {
	b.t.Helper()
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	for {
		state, _ := b.uplink.State()
		if state == want {
			return
		}
		select {
		case <-b.states:
		case <-late.C:
			b.t.Fatalf("never %s, but %s", want, state)
		}
	}
}

// all waits until the hub has everything once and in order, and the box knows.
func (b *box) all(h *hub) {
	b.t.Helper()
	h.until("everything arrives", func() bool { return len(h.events) >= b.written })
	h.mu.Lock()
	for i, event := range h.events {
		if int(event.Sequence) != i+1 {
			b.t.Errorf("event %d has sequence %d", i+1, event.Sequence)
		}
	}
	h.mu.Unlock()
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		unsent, _, err := b.store.Unsent(b.t.Context())
		must(b.t, err)
		if unsent == 0 {
			return
		}
		select {
		case <-look.C:
		case <-late.C:
			b.t.Fatalf("%d records stay unsent", unsent)
		}
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	b, h := newBox(t), newHub(t)
	b.write(1200)
	if state, _ := b.uplink.State(); state != uplink.Unclaimed {
		t.Errorf("an unclaimed box is %s", state)
	}
	b.identity.claim(h)
	b.becomes(uplink.Online)
	b.all(h)
	h.mu.Lock()
	if h.batches > 10 {
		t.Errorf("%d batches for 1200 records", h.batches)
	}
	h.mu.Unlock()
	b.write(3)
	b.all(h)
	h.until("reports come", func() bool { return len(h.reports) >= 2 && h.reports[0].Version == "1.2.3" })
}

func TestLineCut(t *testing.T) {
	t.Parallel()
	b, h := newBox(t), newHub(t)
	h.drops = 3
	b.write(5)
	b.identity.claim(h)
	b.all(h)
	// The hub goes away with the line, work goes on, and it comes back.
	h.close()
	b.becomes(uplink.Offline)
	b.write(50)
	h.listen(h.address)
	b.all(h)
}

// TestTryNow: a person who knows that the network is back need not wait.
func TestTryNow(t *testing.T) {
	t.Parallel()
	b, h := newBoxWith(t, uplink.Waits{First: 1000 * time.Hour, Longest: 1000 * time.Hour}), newHub(t)
	b.write(5)
	b.identity.claim(h)
	b.all(h)
	h.close()
	b.becomes(uplink.Offline)
	b.write(5)
	h.listen(h.address)
	b.uplink.TryNow()
	b.all(h)
}

func TestHubSetBack(t *testing.T) {
	t.Parallel()
	b, h := newBox(t), newHub(t)
	b.write(100)
	b.identity.claim(h)
	b.all(h)
	// The hub was restored from a backup and tells so, unasked.
	h.mu.Lock()
	h.events = h.events[:40]
	h.ack(b.identity.box, protocol.Ack{Through: 40})
	h.mu.Unlock()
	b.all(h)
	// It forgot everything while the box was away.
	h.close()
	h.mu.Lock()
	h.events = nil
	h.mu.Unlock()
	h.listen(h.address)
	b.all(h)
}

func TestBatchRefused(t *testing.T) {
	t.Parallel()
	b, h := newBox(t), newHub(t)
	h.most = 7
	b.write(60)
	b.identity.claim(h)
	b.all(h)
}

// A record that the hub cannot take in any batch goes wrapped, and the ones
// behind it follow.
func TestPoison(t *testing.T) {
	t.Parallel()
	b, h := newBox(t), newHub(t)
	h.dislikes = protocol.TypeDeviceState
	b.write(4)
	b.identity.claim(h)
	b.all(h)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.rejected) != 4 {
		t.Errorf("put aside %+v", h.rejected)
	}
	var poison protocol.Poison
	must(t, h.events[0].Decode(&poison))
	if poison.Type != protocol.TypeDeviceState || len(poison.Data) == 0 {
		t.Errorf("wrapped as %+v", poison)
	}
}

func TestSilentHub(t *testing.T) {
	t.Parallel()
	waits := eager()
	waits.Ack = 300 * time.Millisecond
	b, h := newBoxWith(t, waits), newHub(t)
	h.silent = true
	b.write(5)
	b.identity.claim(h)
	h.until("the box tries again", func() bool { return h.batches >= 3 })
	if unsent, _, err := b.store.Unsent(t.Context()); err != nil || unsent != 5 {
		t.Errorf("%d unsent although nothing was acknowledged: %v", unsent, err)
	}
	h.mu.Lock()
	h.silent = false
	h.mu.Unlock()
	b.all(h)
}

func TestClaimedAnew(t *testing.T) {
	t.Parallel()
	b, first, second := newBox(t), newHub(t), newHub(t)
	b.write(10)
	b.identity.claim(first)
	b.all(first)
	b.identity.claim(second)
	b.all(second)
}
