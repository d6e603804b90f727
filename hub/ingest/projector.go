package ingest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

const (
	// overdueEvery is how often boxes are looked for that nobody projects:
	// those of a hub that died, or whose projection failed.
	overdueEvery = 5 * time.Minute
	// projectRecords bounds a transaction, so that neither the intake nor a
	// reader waits long for it.
	projectRecords = 2000
	// projectBatches bounds what is read from the database for one box at a
	// time.
	projectBatches = 200
	// maxMoved is how often another hub may get ahead of a reader.
	maxMoved = 10
)

// projector brings the read models up to what is held: those of a shop that is
// about to be read at once, the others in large rounds. A round goes through
// the shops in the order of their keys, so that rows that lie together are
// written together.
type projector struct {
	config  *Config
	backlog *backlog
	stats   *counters
	// turn holds a value while a projection is made.
	turn chan struct{}
}

func newProjector(config *Config, backlog *backlog, stats *counters) *projector {
	return &projector{config: config, backlog: backlog, stats: stats, turn: make(chan struct{}, 1)}
}

// run works until ctx ends; what is left then is projected at the next start.
func (p *projector) run(ctx context.Context) {
	tick, look := time.NewTicker(p.config.ProjectEvery), time.NewTicker(overdueEvery)
	defer tick.Stop()
	defer look.Stop()
	p.lookAround(ctx)
	for {
		select {
		case <-tick.C:
		case <-p.backlog.enough:
		case <-look.C:
			p.lookAround(ctx)
		case <-ctx.Done():
			return
		}
		p.round(ctx)
	}
}

// lookAround adopts boxes that nobody projects.
func (p *projector) lookAround(ctx context.Context) {
	now := p.config.Now()
	boxes, err := p.config.Store.Overdue(ctx, now.Add(-overdueEvery))
	if err != nil && ctx.Err() == nil {
		p.config.Log.Error("looking for boxes to project failed", "err", err)
	}
	for _, b := range boxes {
		p.backlog.adopt(b, now)
	}
}

// round projects what waits, until ctx ends. A transaction that began is
// finished.
func (p *projector) round(ctx context.Context) {
	work := context.WithoutCancel(ctx)
	for some := range portions(p.backlog.all()) {
		select {
		case p.turn <- struct{}{}:
		case <-ctx.Done():
			return
		}
		// A reader may have settled some of them since the round began.
		some = p.backlog.still(some)
		err := p.project(work, some)
		if err != nil {
			err = p.projectEach(work, some)
		}
		<-p.turn
		if err != nil {
			p.config.Log.Error("projecting failed", "boxes", len(some), "err", err)
			return
		}
	}
}

// portions cuts boxes so that each portion is one transaction.
func portions(boxes []Behind) iter.Seq[[]Behind] {
	return func(yield func([]Behind) bool) {
		for len(boxes) > 0 {
			n, records := 1, boxes[0].Through-boxes[0].Projected
			for n < len(boxes) && records+boxes[n].Through-boxes[n].Projected <= projectRecords {
				records += boxes[n].Through - boxes[n].Projected
				n++
			}
			if !yield(boxes[:n]) {
				return
			}
			boxes = boxes[n:]
		}
	}
}

// projectEach projects boxes one by one, from where the database says they
// are. One that fails alone is left for later; the error is for a database
// that refuses everything.
func (p *projector) projectEach(ctx context.Context, boxes []Behind) error {
	failed := 0
	for _, b := range boxes {
		err := p.projectAgain(ctx, b)
		if err == nil {
			failed = 0
			continue
		}
		p.stats.failures.Add(1)
		p.config.Log.Error("projecting a box failed", "box", b.Box, "err", err)
		if failed++; failed == giveUpAfter {
			return err
		}
		p.backlog.forget(b.Box)
	}
	return nil
}

func (p *projector) projectAgain(ctx context.Context, b Behind) error {
	boxes, err := p.config.Store.Behind(ctx, b.Tenant, b.Shop)
	if err != nil {
		return err
	}
	for _, fresh := range boxes {
		if fresh.Box == b.Box {
			return p.project(ctx, []Behind{fresh})
		}
	}
	p.backlog.forget(b.Box) // someone else did it
	return nil
}

// settle projects what was held of a shop, or of a tenant, when it was called.
func (p *projector) settle(ctx context.Context, tenant, shop string) error {
	wanted, err := p.config.Store.Behind(ctx, tenant, shop)
	if err != nil || len(wanted) == 0 {
		return err
	}
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.turn }()
	moved := 0
	for {
		wanted, err = p.left(ctx, wanted, shop)
		if err != nil || len(wanted) == 0 {
			return err
		}
		for some := range portions(wanted) {
			if err = p.project(ctx, some); err != nil {
				break
			}
		}
		if errors.Is(err, ErrMoved) && moved < maxMoved {
			moved++
			err = nil
		}
		if err != nil {
			return fmt.Errorf("settle: %w", err)
		}
	}
}

// left is which of the wanted boxes are not projected as far as wanted, from
// where they are now.
func (p *projector) left(ctx context.Context, wanted []Behind, shop string) ([]Behind, error) {
	now, err := p.config.Store.Behind(ctx, wanted[0].Tenant, shop)
	if err != nil {
		return nil, err
	}
	projected := map[string]int64{}
	for _, b := range now {
		projected[b.Box] = b.Projected
	}
	var left []Behind
	for _, b := range wanted {
		if at, behind := projected[b.Box]; behind && at < b.Through {
			b.Projected = at
			left = append(left, b)
		}
	}
	return left, nil
}

// project makes one projection of boxes.
func (p *projector) project(ctx context.Context, boxes []Behind) error {
	if len(boxes) == 0 {
		return nil
	}
	t := newTally()
	for _, b := range boxes {
		if err := p.add(ctx, t, b); err != nil {
			return fmt.Errorf("box %s: %w", b.Box, err)
		}
	}
	projection := t.finish()
	began := p.config.Now()
	if err := p.config.Store.Project(ctx, projection); err != nil {
		return err
	}
	p.stats.projections.Add(1)
	p.stats.projecting.Add(int64(p.config.Now().Sub(began)))
	for _, step := range projection.Steps {
		p.stats.projected.Add(step.Through - step.Was)
		p.backlog.done(step.Box, step.Through)
	}
	return nil
}

// add adds what a box has to the tally: from memory, or from its batches.
func (p *projector) add(ctx context.Context, t *tally, b Behind) error {
	additions, ok := p.backlog.take(b)
	if !ok {
		return p.addStored(ctx, t, b)
	}
	t.box(b, additions[len(additions)-1].last)
	for i := range additions {
		if err := t.addSlim(&additions[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) addSlim(a *addition) error {
	r := newSlimReader(a.bytes)
	for r.More() {
		s, sequence, err := r.next()
		if err != nil {
			return err
		}
		t.sale(s, a.batch, sequence)
	}
	return nil
}

func (p *projector) addStored(ctx context.Context, t *tally, b Behind) error {
	batches, err := p.config.Store.Pending(ctx, b, projectBatches)
	if err != nil {
		return err
	}
	if len(batches) == 0 || batches[0].First != b.Projected+1 {
		return fmt.Errorf("%w: no batch begins with record %d", ErrMoved, b.Projected+1)
	}
	t.box(b, batches[len(batches)-1].Last)
	r := newReader(p.config.Codec)
	for i := range batches {
		if err := t.addBatch(r, &batches[i]); err != nil {
			return err
		}
	}
	return nil
}

// addBatch reads a stored batch as it was read when it came.
func (t *tally) addBatch(r *reader, b *Batch) error {
	records, err := r.read(message{box: b.Box, payload: b.Payload})
	if err != nil {
		return fmt.Errorf("read stored batch: %w", err)
	}
	through := b.First - 1
	for r := range counted(records, &through) {
		if err := t.addSlim(&addition{batch: b.ID, bytes: r.slim}); err != nil {
			return err
		}
	}
	if through != b.Last {
		return fmt.Errorf("read stored batch: through %d; want %d", through, b.Last)
	}
	return nil
}
