package ingest

import (
	"cmp"
	"iter"
	"slices"

	"shopbox/protocol"
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
	// numbers are told with the answer to a box that subscribed.
	numbers map[string]int64
	// mark and last are the indexes of the box's mark and of its last batch
	// while the group grows, or -1.
	mark, last int
}

// builder puts a group together.
type builder struct {
	group Group
	// slim is what each batch of the group adds to the read models.
	slim   [][]byte
	counts Stats
}

func newBuilder() *builder { return &builder{} }

func (b *builder) reset() {
	g := &b.group
	clear(g.Batches)
	clear(b.slim)
	b.slim = b.slim[:0]
	*g = Group{
		Batches: g.Batches[:0], Marks: g.Marks[:0], Poison: nil,
		Shops: g.Shops[:0], Days: g.Days[:0], Devices: g.Devices[:0], Statuses: g.Statuses[:0], Presence: g.Presence[:0],
	}
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
		p.answer, p.full, p.numbers = true, true, u.numbers
	case kindSeen:
		b.group.Presence = append(b.group.Presence, Presence{Tenant: p.Tenant, Box: u.box, Connected: u.connected, At: u.at})
	}
}

// addBatch takes the records that come next, leaves out those that are held,
// and stops at a gap.
func (b *builder) addBatch(p *place, u *unit) {
	first := p.through + 1
	var sales [][]byte
	for r := range counted(u.records, &p.through) {
		if r.slim != nil {
			sales = append(sales, r.slim)
		}
		b.addRecord(p, u, r)
	}
	taken := p.through - first + 1
	b.counts.Duplicates += held(u.records, first)
	if taken == 0 {
		return
	}
	b.counts.Batches++
	b.counts.Records += taken
	b.slim = append(b.slim, slices.Concat(sales...))
	b.group.Batches = append(b.group.Batches, Batch{
		Tenant: p.Tenant, Shop: p.Shop, Box: u.box, First: first, Last: p.through, ReceivedAt: u.at, Payload: u.payload,
		Previous: p.Batch,
	})
	b.mark(p, u, first)
}

// mark moves the box's mark to the batch added last.
func (b *builder) mark(p *place, u *unit, first int64) {
	if p.mark < 0 {
		p.mark = len(b.group.Marks)
		b.group.Marks = append(b.group.Marks, Mark{Tenant: p.Tenant, Box: u.box, Was: first - 1})
	}
	last := len(b.group.Batches) - 1
	b.group.Batches[last].Before, p.last = p.last, last
	mark := &b.group.Marks[p.mark]
	mark.Through, mark.At, mark.Last = p.through, u.at, last
}

// counted is the records that count after through, which moves with them:
// those that come next, without a gap, each once.
func counted(records []record, through *int64) iter.Seq[*record] {
	return func(yield func(*record) bool) {
		for i := range records {
			r := &records[i]
			if r.sequence <= *through {
				continue
			}
			if r.sequence != *through+1 {
				return
			}
			*through = r.sequence
			if !yield(r) {
				return
			}
		}
	}
}

// held is how many of the records the hub had before it took first.
func held(records []record, first int64) int64 {
	count := int64(0)
	for i := range records {
		if records[i].sequence < first {
			count++
		}
	}
	return count
}

func (b *builder) addRecord(p *place, u *unit, r *record) {
	switch {
	case r.code != "":
		b.counts.Rejects++
		p.rejects = append(p.rejects, protocol.Reject{Sequence: r.sequence, Code: r.code})
		b.group.Poison = append(b.group.Poison, Poison{
			Tenant: p.Tenant, Shop: p.Shop, Box: u.box, Sequence: r.sequence, Code: r.code, Raw: r.raw, At: u.at,
		})
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

// finish orders the marks, so that neighbours are written together and two
// hubs never wait for each other in a circle.
func (b *builder) finish() *Group {
	slices.SortFunc(b.group.Marks, func(x, y Mark) int {
		return cmp.Or(cmp.Compare(x.Tenant, y.Tenant), cmp.Compare(x.Box, y.Box))
	})
	return &b.group
}
