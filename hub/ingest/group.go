package ingest

import (
	"cmp"
	"slices"

	"shopbox/protocol"
	"shopbox/protocol/money"
)

// place is a box's position while a group is put together: Position is what
// is committed, through what will be when the group is.
type place struct {
	Position
	through int64
	// rejects are those of this group, fault why its last batch was not taken;
	// answer asks for an ack, full for one with all rejects.
	rejects []protocol.Reject
	fault   string
	answer  bool
	full    bool
	touched bool
	// mark is the index of the box's mark in the group, or -1.
	mark int
}

// builder puts a group together.
type builder struct {
	group   Group
	rollups map[RollupKey]int
	counts  Stats
}

func newBuilder() *builder { return &builder{rollups: map[RollupKey]int{}} }

func (b *builder) reset() {
	g := &b.group
	clear(g.Batches)
	*g = Group{
		Batches: g.Batches[:0], Sales: g.Sales[:0], Rollups: g.Rollups[:0], Marks: g.Marks[:0], Poison: nil,
		Shops: g.Shops[:0], Days: g.Days[:0], Devices: g.Devices[:0], Statuses: g.Statuses[:0], Presence: g.Presence[:0],
	}
	clear(b.rollups)
	b.counts = Stats{}
}

func (b *builder) empty() bool {
	g := &b.group
	return len(g.Marks)+len(g.Statuses)+len(g.Presence) == 0
}

// add puts a unit of a box into the group.
func (b *builder) add(p *place, u *unit) {
	switch u.kind {
	case kindEvents:
		p.answer = true
		p.fault = u.fault
		b.addBatch(p, u)
	case kindReported:
		if u.fault == "" {
			b.group.Statuses = append(b.group.Statuses, Status{Tenant: p.Tenant, Box: u.box, BoxStatus: u.status, At: u.at})
		}
	case kindSubscribed:
		p.answer, p.full = true, true
	case kindSeen:
		b.group.Presence = append(b.group.Presence, Presence{Tenant: p.Tenant, Box: u.box, Connected: u.connected, At: u.at})
	}
}

// addBatch takes the records that come next, leaves out those that are held,
// and stops at a gap.
func (b *builder) addBatch(p *place, u *unit) {
	first := p.through + 1
	index := len(b.group.Batches)
	for i := range u.records {
		r := &u.records[i]
		if r.sequence <= p.through {
			b.counts.Duplicates++
			continue
		}
		if r.sequence != p.through+1 {
			break
		}
		p.through = r.sequence
		b.addRecord(p, u, r, index)
	}
	if p.through < first {
		return
	}
	b.counts.Batches++
	b.counts.Records += p.through - first + 1
	b.group.Batches = append(b.group.Batches, Batch{
		Tenant: p.Tenant, Shop: p.Shop, Box: u.box, First: first, Last: p.through, ReceivedAt: u.at, Payload: u.payload,
	})
	if p.mark < 0 {
		p.mark = len(b.group.Marks)
		b.group.Marks = append(b.group.Marks, Mark{Tenant: p.Tenant, Box: u.box, Was: first - 1})
	}
	b.group.Marks[p.mark].Through, b.group.Marks[p.mark].At = p.through, u.at
}

func (b *builder) addRecord(p *place, u *unit, r *record, batch int) {
	switch {
	case r.code != "":
		b.counts.Rejects++
		p.rejects = append(p.rejects, protocol.Reject{Sequence: r.sequence, Code: r.code})
		b.group.Poison = append(b.group.Poison, Poison{
			Tenant: p.Tenant, Shop: p.Shop, Box: u.box, Sequence: r.sequence, Code: r.code, Raw: r.raw, At: u.at,
		})
	case r.sale != nil:
		b.addSale(p, r, batch)
	case r.shop != nil:
		b.group.Shops = append(b.group.Shops, Shop{Tenant: p.Tenant, Shop: p.Shop, ShopChanged: *r.shop})
	case r.day != nil:
		day := *r.day
		day.Tenant, day.Shop = p.Tenant, p.Shop
		b.group.Days = append(b.group.Days, day)
	case r.device != nil:
		b.group.Devices = append(b.group.Devices, Device{Tenant: p.Tenant, Shop: p.Shop, Box: u.box, DeviceState: *r.device})
	}
}

func (b *builder) addSale(p *place, r *record, batch int) {
	s := r.sale
	sign := int64(1)
	if s.refund {
		sign = -1
	}
	b.group.Sales = append(b.group.Sales, Sale{
		Tenant: p.Tenant, Shop: p.Shop, Day: s.day, Number: s.Number, At: s.At, Refund: s.refund,
		Total: s.Total * money.Won(sign), Original: s.Original, Batch: batch, Sequence: r.sequence,
	})
	b.addHour(p, s, sign)
	for _, t := range s.Tenders {
		sum := b.rollup(p, s.day, rollupTender, t.Kind)
		sum.Total += t.Amount * money.Won(sign)
		sum.Sales++
	}
	for i := range s.Lines {
		b.addLine(p, s, &s.Lines[i], sign)
	}
}

func (b *builder) addHour(p *place, s *sale, sign int64) {
	sum := b.rollup(p, s.day, rollupHour, s.hour)
	sum.Total += s.Total * money.Won(sign)
	if s.refund {
		sum.Refunds++
		sum.Refunded += s.Total
		return
	}
	sum.Sales++
}

func (b *builder) addLine(p *place, s *sale, l *line, sign int64) {
	key := l.Product
	if key == "" {
		key = unlisted + cleanText(l.Name, maxKey)
	}
	sum := b.rollup(p, s.day, rollupProduct, key)
	sum.Label = l.Name
	sum.Quantity += l.Quantity * money.Milli(sign)
	sum.Total += l.Amount * money.Won(sign)
	if l.Cost == nil {
		sum.Uncosted++
		return
	}
	net := l.Amount
	if l.VAT != money.Exempt {
		net, _ = money.SplitIncluded(l.Amount)
	}
	sum.Costed += net * money.Won(sign)
	sum.Cost += *l.Cost * money.Won(sign)
}

func (b *builder) rollup(p *place, day, kind int, key string) *Rollup {
	name := RollupKey{Tenant: p.Tenant, Shop: p.Shop, Day: day, Kind: kind, Key: key}
	index, known := b.rollups[name]
	if !known {
		index = len(b.group.Rollups)
		b.rollups[name] = index
		b.group.Rollups = append(b.group.Rollups, Rollup{RollupKey: name})
	}
	return &b.group.Rollups[index]
}

// finish orders what is written at keys, so that neighbours are written
// together and two hubs never wait for each other in a circle.
func (b *builder) finish() *Group {
	slices.SortFunc(b.group.Rollups, func(x, y Rollup) int {
		return cmp.Or(
			cmp.Compare(x.Tenant, y.Tenant), cmp.Compare(x.Shop, y.Shop), cmp.Compare(x.Day, y.Day),
			cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Key, y.Key),
		)
	})
	slices.SortFunc(b.group.Marks, func(x, y Mark) int {
		return cmp.Or(cmp.Compare(x.Tenant, y.Tenant), cmp.Compare(x.Box, y.Box))
	})
	return &b.group
}
