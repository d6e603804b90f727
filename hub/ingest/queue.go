package ingest

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"shopbox/protocol"
)

const (
	defaultQueueBytes   = 64 << 20
	defaultGroupBatches = 2000
	defaultWait         = 5 * time.Second
	defaultProjectEvery = 5 * time.Second
	defaultBacklogBytes = 64 << 20
	shardLength         = 1024
	// overhead is what a waiting message takes beside its payload.
	overhead = 512
)

// Ingest is the hub's intake. Its methods named by the broker may be called
// by many goroutines.
type Ingest struct {
	config    Config
	seed      maphash.Seed
	room      *semaphore.Weighted
	shards    []chan message
	ready     chan unit
	ended     chan struct{}
	stats     counters
	backlog   *backlog
	projector *projector
}

// Stats counts since the start.
type Stats struct {
	// Batches and Records were stored; Duplicates were held already; Rejects
	// were put aside; Busy messages were refused.
	Batches, Records, Duplicates, Rejects, Busy int64
	// Groups is how many transactions; Committing is the time they took.
	Groups     int64
	Committing time.Duration
	// Failures is how many transactions failed.
	Failures int64
	// Backlog is how many records wait to be projected, and BacklogAge how
	// long the oldest has.
	Backlog    int64
	BacklogAge time.Duration
	// Projected records are in the read models since the start, by Projections
	// transactions that took Projecting.
	Projected, Projections int64
	Projecting             time.Duration
}

type counters struct {
	batches, records, duplicates, rejects, busy, groups, committing, failures atomic.Int64
	projected, projections, projecting                                        atomic.Int64
}

// kind is what a message of a box is.
type kind uint8

const (
	kindEvents kind = iota
	kindReported
	kindSubscribed
	kindSeen
)

// message is what came from a box.
type message struct {
	kind    kind
	box     string
	payload []byte
	at      time.Time
	weight  int64
	// numbers are for a box that subscribed.
	numbers map[string]int64
}

// unit is a message unpacked.
type unit struct {
	message
	records []record
	// fault is the code of a batch that cannot be read as a whole.
	fault  string
	status protocol.BoxStatus
	// connected is for a box that was seen.
	connected bool
}

// New makes an intake; Run makes it work.
func New(config Config) *Ingest {
	if config.Workers <= 0 {
		config.Workers = runtime.GOMAXPROCS(0)
	}
	if config.QueueBytes <= 0 {
		config.QueueBytes = defaultQueueBytes
	}
	if config.GroupBatches <= 0 {
		config.GroupBatches = defaultGroupBatches
	}
	if config.Wait <= 0 {
		config.Wait = defaultWait
	}
	if config.ProjectEvery <= 0 {
		config.ProjectEvery = defaultProjectEvery
	}
	if config.BacklogBytes <= 0 {
		config.BacklogBytes = defaultBacklogBytes
	}
	in := &Ingest{
		config: config,
		seed:   maphash.MakeSeed(),
		room:   semaphore.NewWeighted(config.QueueBytes),
		shards: make([]chan message, config.Workers),
		ready:  make(chan unit, config.GroupBatches),
		ended:  make(chan struct{}),
	}
	in.backlog = newBacklog(config.BacklogBytes)
	in.projector = newProjector(&in.config, in.backlog, &in.stats)
	for i := range in.shards {
		in.shards[i] = make(chan message, shardLength)
	}
	return in
}

// Stats returns the counts.
func (in *Ingest) Stats() Stats {
	c := &in.stats
	records, oldest := in.backlog.size()
	var age time.Duration
	if records > 0 {
		age = in.config.Now().Sub(oldest)
	}
	return Stats{
		Batches: c.batches.Load(), Records: c.records.Load(), Duplicates: c.duplicates.Load(), Rejects: c.rejects.Load(),
		Busy: c.busy.Load(), Groups: c.groups.Load(), Committing: time.Duration(c.committing.Load()), Failures: c.failures.Load(),
		Backlog: records, BacklogAge: age,
		Projected: c.projected.Load(), Projections: c.projections.Load(), Projecting: time.Duration(c.projecting.Load()),
	}
}

// Events takes a batch of a box. When the hub is behind it holds the caller
// back for a while, then refuses with ErrBusy. The payload is kept.
func (in *Ingest) Events(box string, payload []byte) error {
	return in.put(message{kind: kindEvents, box: box, payload: payload})
}

// Reported takes a box's report of itself; a later one replaces it, so none
// is waited for.
func (in *Ingest) Reported(box string, payload []byte) {
	if len(payload) <= protocol.MaxReportedBytes {
		_ = in.put(message{kind: kindReported, box: box, payload: payload}) // counted as busy
	}
}

// Subscribed asks for the current ack to be sent to a box, with the last receipt
// numbers of its shop.
func (in *Ingest) Subscribed(box string) {
	_ = in.put(message{kind: kindSubscribed, box: box, numbers: in.numbers(box)}) // counted as busy
}

// numberDays is of how many days a box is told the last receipt number: a day
// left open over a night, and one more.
const numberDays = 3

// numbers are the last receipt numbers of a box's shop. A box that cannot be
// told goes on without: its sales are worth more than their numbers.
func (in *Ingest) numbers(box string) map[string]int64 {
	ctx, cancel := context.WithTimeout(context.Background(), in.config.Wait)
	defer cancel()
	numbers, err := in.lastNumbers(ctx, box)
	if err != nil && !errors.Is(err, ErrNoBox) {
		in.config.Log.Warn("reading the last receipt numbers failed", "box", box, "err", err)
	}
	return numbers
}

func (in *Ingest) lastNumbers(ctx context.Context, box string) (map[string]int64, error) {
	position, err := in.config.Store.Position(ctx, box)
	if err != nil {
		return nil, err
	}
	if err := in.Settle(ctx, position.Tenant, position.Shop); err != nil {
		return nil, err
	}
	return in.config.Store.LastNumbers(ctx, position.Tenant, position.Shop, in.config.Now().In(seoul), numberDays)
}

// Seen says that a box connected or went. Which of the two is asked when it
// is written, so that the last word stands.
func (in *Ingest) Seen(box string) {
	_ = in.put(message{kind: kindSeen, box: box}) // counted as busy
}

// Settle projects what is held of a shop, or with shop empty of a tenant, and
// is not projected yet: what was acknowledged before the call is in the read
// models after it.
func (in *Ingest) Settle(ctx context.Context, tenant, shop string) error {
	return in.projector.settle(ctx, tenant, shop)
}

// put queues a message behind the earlier ones of its box.
func (in *Ingest) put(m message) error {
	m.at, m.weight = in.config.Now(), int64(len(m.payload)+overhead)
	shard := in.shards[maphash.String(in.seed, m.box)%uint64(len(in.shards))]
	if in.room.TryAcquire(m.weight) {
		select {
		case shard <- m:
			return nil
		default:
			in.room.Release(m.weight)
		}
	}
	return in.wait(shard, m)
}

func (in *Ingest) wait(shard chan message, m message) error {
	ctx, cancel := context.WithTimeout(context.Background(), in.config.Wait)
	defer cancel()
	if in.room.Acquire(ctx, m.weight) == nil {
		select {
		case shard <- m:
			return nil
		case <-ctx.Done():
		case <-in.ended:
		}
		in.room.Release(m.weight)
	}
	in.stats.busy.Add(1)
	return ErrBusy
}

// Run works, once, until ctx ends; what is queued then is not acknowledged, and the
// boxes send it again.
func (in *Ingest) Run(ctx context.Context, publisher Publisher) error {
	defer close(in.ended)
	if err := in.config.Store.ResetPresence(ctx, in.config.Hub); err != nil {
		return fmt.Errorf("start ingest: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, shard := range in.shards {
		group.Go(func() error { in.unpackAll(ctx, shard); return nil })
	}
	c := newCollector(in, publisher)
	group.Go(func() error { c.run(ctx); return nil })
	group.Go(func() error { in.projector.run(ctx); return nil })
	return group.Wait()
}

// unpackAll is one worker.
func (in *Ingest) unpackAll(ctx context.Context, shard <-chan message) {
	r := newReader(in.config.Codec)
	for {
		select {
		case m := <-shard:
			select {
			case in.ready <- in.unpack(r, m):
			case <-ctx.Done():
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
