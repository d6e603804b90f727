package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"shopbox/edge/agent"
	"shopbox/edge/api"
	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/edge/uplink"
	"shopbox/protocol"
)

// line is the line to the hub.
func (b *box) line() (*uplink.Uplink, error) {
	waits := b.Waits.Uplink
	waits.Longest = cmp.Or(waits.Longest, b.Config.HubRetry)
	return uplink.New(uplink.Config{
		Outbox: outbox{b.store, b.changed}, Identity: b.agent, Report: b.report,
		Changed: func(uplink.State) { b.changed() }, Now: b.clock.Now, Log: b.room("uplink"), Waits: waits,
	})
}

// outbox is the store's outbox as the uplink sees it.
type outbox struct {
	store   *store.Store
	changed func()
}

// After implements uplink.Outbox.
func (o outbox) After(ctx context.Context, sequence int64, limit int) ([]uplink.Row, error) {
	rows, err := o.store.After(ctx, sequence, limit)
	sent := make([]uplink.Row, len(rows))
	for i, row := range rows {
		sent[i] = uplink.Row(row)
	}
	return sent, err
}

// Acked implements uplink.Outbox.
func (o outbox) Acked(ctx context.Context, through int64) error {
	err := o.store.Acked(ctx, through)
	o.changed()
	return err
}

// Numbered implements uplink.Outbox.
func (o outbox) Numbered(ctx context.Context, last map[string]int64) error {
	return o.store.Numbered(ctx, last)
}

// Changed implements uplink.Outbox.
func (o outbox) Changed() <-chan struct{} { return o.store.Wrote() }

// report is what the box says of itself to the hub.
func (b *box) report(ctx context.Context) protocol.BoxStatus {
	report := protocol.BoxStatus{Version: b.Config.Version, StartedAt: b.started}
	unsent, oldest, err := b.store.Unsent(ctx)
	if err != nil {
		b.Log.WarnContext(ctx, "outbox not counted", "error", err)
		return report
	}
	report.Unsent = unsent
	if !oldest.IsZero() {
		report.OldestUnsent = &oldest
	}
	return report
}

// Line implements api.Hub.
func (b *box) Line(ctx context.Context) (api.Line, error) {
	state, since := b.uplink.State()
	unsent, oldest, err := b.store.Unsent(ctx)
	line := api.Line{State: string(state), Since: since, Unsent: unsent, OldestUnsent: oldest}
	if claim, unclaimed := b.agent.Claim(); unclaimed == nil {
		line.URL = claim.Hub
	}
	return line, err
}

// renew keeps the box's certificate from running out.
func (b *box) renew(ctx context.Context) {
	b.agent.KeepRenewed(ctx, agent.Renewing{Log: b.room("agent")})
}

// Claim implements api.Hub.
func (b *box) Claim(ctx context.Context, address, code string) error {
	return b.agent.ClaimWith(ctx, address, code, b.Config.Version)
}

// TryNow implements api.Hub.
func (b *box) TryNow() { b.uplink.TryNow() }

// keeper is the store with its own fault as the API knows it.
type keeper struct{ *store.Store }

func taken(err error) error {
	if errors.Is(err, store.ErrTaken) {
		return fmt.Errorf("%w: %w", api.ErrTaken, err)
	}
	return err
}

// SetUp implements api.Shop.
func (k keeper) SetUp(ctx context.Context, setUp till.SetUp) error {
	return taken(k.Store.SetUp(ctx, setUp))
}

// ChangeCatalog implements api.Products.
func (k keeper) ChangeCatalog(ctx context.Context, change catalog.Change, by sale.Person, acts ...staff.AuditEvent) error {
	return taken(k.Store.ChangeCatalog(ctx, change, by, acts...))
}

// Import implements api.Products.
func (k keeper) Import(ctx context.Context, change catalog.Change, by sale.Person, acts ...staff.AuditEvent) (int, error) {
	written, err := k.Store.Import(ctx, change, by, acts...)
	return written, taken(err)
}
