package ingest

import (
	"context"
	"encoding/json"
	"errors"

	"shopbox/protocol"
)

// collector is the one goroutine that writes: it takes the units that wait,
// stores them in one transaction, and answers the boxes.
type collector struct {
	in        *Ingest
	publisher Publisher
	places    map[string]*place
	builder   *builder
	units     []unit
	touched   []touched
}

// touched is a box with units in the group.
type touched struct {
	box   string
	place *place
}

// giveUpAfter is how many boxes in a row may fail alone before the database
// counts as away.
const giveUpAfter = 3

func newCollector(in *Ingest, publisher Publisher) *collector {
	return &collector{in: in, publisher: publisher, places: map[string]*place{}, builder: newBuilder()}
}

func (c *collector) run(ctx context.Context) {
	// A commit that began is finished: the hub stops between groups.
	work := context.WithoutCancel(ctx)
	for c.in.backlog.room(ctx) {
		select {
		case u := <-c.in.ready:
			c.gather(u)
			c.storeAll(work)
			c.release()
		case <-ctx.Done():
			return
		}
	}
}

// gather takes what waits, without waiting for more: under load the next
// group grows while this one is written.
func (c *collector) gather(first unit) {
	c.units = append(c.units[:0], first)
	for len(c.units) < c.in.config.GroupBatches {
		select {
		case u := <-c.in.ready:
			c.units = append(c.units, u)
		default:
			return
		}
	}
}

func (c *collector) release() {
	var weight int64
	for i := range c.units {
		weight += c.units[i].weight
	}
	clear(c.units)
	c.in.room.Release(weight)
}

// storeAll stores the units together. When that fails it tries box by box, so
// that one box the database refuses does not stop the others.
func (c *collector) storeAll(ctx context.Context) {
	err := c.store(ctx, c.units)
	if err == nil {
		return
	}
	c.in.config.Log.Error("storing a group failed", "units", len(c.units), "err", err)
	failed := 0
	for _, units := range byBox(c.units) {
		if failed == giveUpAfter {
			return
		}
		if err := c.store(ctx, units); err != nil {
			c.in.config.Log.Error("storing a box's records failed", "box", units[0].box, "err", err)
			failed++
			continue
		}
		failed = 0
	}
}

func byBox(units []unit) [][]unit {
	index := map[string]int{}
	var groups [][]unit
	for _, u := range units {
		at, known := index[u.box]
		if !known {
			at = len(groups)
			index[u.box] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], u)
	}
	return groups
}

func (c *collector) store(ctx context.Context, units []unit) error {
	c.builder.reset()
	c.touched = c.touched[:0]
	for i := range units {
		p, err := c.place(ctx, units[i].box)
		if errors.Is(err, ErrNoBox) {
			continue // claimed no more; its connection is being ended
		}
		if err != nil {
			c.forget()
			return err
		}
		units[i].connected = units[i].kind == kindSeen && c.publisher.Connected(units[i].box)
		c.builder.add(p, &units[i])
	}
	if err := c.commit(ctx); err != nil {
		c.forget()
		return err
	}
	c.answer()
	c.dropGone(units)
	return nil
}

// place finds a box's position, in memory or in the database, and notes that
// the box is in this group.
func (c *collector) place(ctx context.Context, box string) (*place, error) {
	p := c.places[box]
	if p == nil {
		position, err := c.in.config.Store.Position(ctx, box)
		if err != nil {
			return nil, err
		}
		p = &place{Position: position, through: position.Through, mark: -1, last: -1}
		c.places[box] = p
		c.in.backlog.adopt(Behind{
			Tenant: p.Tenant, Shop: p.Shop, Box: box, Projected: p.Projected, Through: p.Through, Batch: p.Batch,
		}, c.in.config.Now())
	}
	if !p.touched {
		p.touched = true
		c.touched = append(c.touched, touched{box, p})
	}
	return p, nil
}

func (c *collector) commit(ctx context.Context) error {
	if c.builder.empty() {
		return nil
	}
	began := c.in.config.Now()
	group := c.builder.finish()
	group.Hub = c.in.config.Hub
	err := c.in.config.Store.Commit(ctx, group)
	stats := &c.in.stats
	stats.groups.Add(1)
	stats.committing.Add(int64(c.in.config.Now().Sub(began)))
	if err != nil {
		stats.failures.Add(1)
		return err
	}
	for i := range group.Batches {
		c.in.backlog.put(&group.Batches[i], c.builder.slim[i])
	}
	for _, t := range c.touched {
		if t.place.last >= 0 {
			t.place.Batch = group.Batches[t.place.last].ID
		}
	}
	counts := c.builder.counts
	stats.batches.Add(counts.Batches)
	stats.records.Add(counts.Records)
	stats.duplicates.Add(counts.Duplicates)
	stats.rejects.Add(counts.Rejects)
	return nil
}

// forget drops the positions of the group's boxes: they are read again.
func (c *collector) forget() {
	for _, t := range c.touched {
		delete(c.places, t.box)
	}
}

// answer sends each box its ack and nudges the tenants.
func (c *collector) answer() {
	tenants := map[string]bool{}
	for _, t := range c.touched {
		p := t.place
		if p.answer {
			c.acknowledge(t.box, p)
		}
		p.Through = p.through
		p.Rejects = lastRejects(p.Rejects, p.rejects)
		p.rejects, p.fault, p.numbers, p.answer, p.full, p.touched = nil, "", nil, false, false, false
		p.mark, p.last = -1, -1
		tenants[p.Tenant] = true
	}
	for tenant := range tenants {
		c.in.config.Nudge.Nudge(tenant)
	}
}

func lastRejects(held, fresh []protocol.Reject) []protocol.Reject {
	all := append(held, fresh...) //nolint:gocritic // the result replaces held
	return all[max(0, len(all)-MaxRejects):]
}

func (c *collector) acknowledge(box string, p *place) {
	ack := protocol.Ack{Through: p.through, Rejects: lastRejects(nil, p.rejects), Batch: p.fault, Numbers: p.numbers}
	if p.full {
		ack.Rejects = lastRejects(p.Rejects, p.rejects)
	}
	payload, err := json.Marshal(ack)
	if err == nil {
		err = c.publisher.Publish(box, protocol.Acks, payload)
	}
	if err != nil {
		c.in.config.Log.Debug("ack not sent", "box", box, "err", err)
	}
}

// dropGone forgets boxes that went, so that memory follows the boxes that
// are here.
func (c *collector) dropGone(units []unit) {
	for i := range units {
		if units[i].kind == kindSeen && !units[i].connected {
			delete(c.places, units[i].box)
		}
	}
}
