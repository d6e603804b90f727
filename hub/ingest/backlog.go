package ingest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// backlog is what this hub stored and has not projected yet. It only saves
// reading the batches again: what is missing in it is found in the database.
type backlog struct {
	mutex sync.Mutex
	boxes map[string]*waiting
	// bytes and records wait.
	bytes, records int64
	most           int64
	// enough has a value when half of what may wait does, freed when some of
	// it went.
	enough, freed chan struct{}
}

// waiting is one box's part of the backlog.
type waiting struct {
	Behind
	since     time.Time
	additions []addition
}

// addition is what one batch adds: slim sales.
type addition struct {
	batch, first, last int64
	bytes              []byte
}

// additionBytes is what an addition takes beside its bytes.
const additionBytes = 64

func (a *addition) weight() int64 { return int64(cap(a.bytes) + additionBytes) }

func newBacklog(most int64) *backlog {
	return &backlog{boxes: map[string]*waiting{}, most: most, enough: make(chan struct{}, 1), freed: make(chan struct{}, 1)}
}

func signal(channel chan struct{}) {
	select {
	case channel <- struct{}{}:
	default:
	}
}

// put adds a batch that was just stored.
func (l *backlog) put(b *Batch, bytes []byte) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	w := l.boxes[b.Box]
	if w == nil {
		w = &waiting{Behind: Behind{Tenant: b.Tenant, Shop: b.Shop, Box: b.Box, Projected: b.First - 1, Through: b.First - 1}, since: b.ReceivedAt}
		l.boxes[b.Box] = w
	}
	if w.Through != b.First-1 {
		l.drop(w) // another hub wrote what lies between
	}
	added := addition{batch: b.ID, first: b.First, last: b.Last, bytes: bytes}
	w.additions = append(w.additions, added)
	l.bytes += added.weight()
	l.records += b.Last - w.Through
	w.Through, w.Batch = b.Last, b.ID
	if l.bytes >= l.most/2 {
		signal(l.enough)
	}
}

// adopt takes a box over that is behind without this hub's doing.
func (l *backlog) adopt(b Behind, now time.Time) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.boxes[b.Box] == nil && b.Projected < b.Through {
		l.boxes[b.Box] = &waiting{Behind: b, since: now}
		l.records += b.Through - b.Projected
	}
}

// take is what the box adds after its place in the read models, as far as
// there is something; false when it has to be read from the database.
func (l *backlog) take(b Behind) ([]addition, bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	w := l.boxes[b.Box]
	if w == nil || len(w.additions) == 0 || w.additions[0].first != b.Projected+1 || w.Through < b.Through {
		return nil, false
	}
	return slices.Clone(w.additions), true
}

// done notes that a box is projected through a record.
func (l *backlog) done(box string, through int64) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	w := l.boxes[box]
	if w == nil {
		return
	}
	gone := 0
	for gone < len(w.additions) && w.additions[gone].last <= through {
		l.bytes -= w.additions[gone].weight()
		gone++
	}
	w.additions = slices.Delete(w.additions, 0, gone)
	if moved := min(through, w.Through) - w.Projected; moved > 0 {
		w.Projected += moved
		l.records -= moved
	}
	if w.Projected == w.Through {
		delete(l.boxes, box)
	}
	signal(l.freed)
}

// forget drops a box: what it has to add is in the database alone.
func (l *backlog) forget(box string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	w := l.boxes[box]
	if w == nil {
		return
	}
	l.drop(w)
	l.records -= w.Through - w.Projected
	delete(l.boxes, box)
	signal(l.freed)
}

// drop takes a box's additions out of memory.
func (l *backlog) drop(w *waiting) {
	for i := range w.additions {
		l.bytes -= w.additions[i].weight()
	}
	w.additions = nil
}

// all is every box that waits, in the order of the read models' keys.
func (l *backlog) all() []Behind {
	l.mutex.Lock()
	boxes := make([]Behind, 0, len(l.boxes))
	for _, w := range l.boxes {
		boxes = append(boxes, w.Behind)
	}
	l.mutex.Unlock()
	slices.SortFunc(boxes, compareBehind)
	return boxes
}

// still is those of the boxes that wait now, with what waits now.
func (l *backlog) still(boxes []Behind) []Behind {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := make([]Behind, 0, len(boxes))
	for i := range boxes {
		if w := l.boxes[boxes[i].Box]; w != nil {
			now = append(now, w.Behind)
		}
	}
	return now
}

func compareBehind(x, y Behind) int {
	return cmp.Or(cmp.Compare(x.Tenant, y.Tenant), cmp.Compare(x.Shop, y.Shop), cmp.Compare(x.Box, y.Box))
}

// size is how many records wait, and since when the oldest does.
func (l *backlog) size() (records int64, oldest time.Time) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, w := range l.boxes {
		if oldest.IsZero() || w.since.Before(oldest) {
			oldest = w.since
		}
	}
	return l.records, oldest
}

// room waits until there is room; false when ctx ended before.
func (l *backlog) room(ctx context.Context) bool {
	for {
		l.mutex.Lock()
		full := l.bytes >= l.most
		l.mutex.Unlock()
		if !full {
			return true
		}
		select {
		case <-l.freed:
		case <-ctx.Done():
			return false
		}
	}
}
