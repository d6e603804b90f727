package ingest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shopbox/hub/ingest"
	"shopbox/hub/report"
	"shopbox/hub/store"
	"shopbox/hub/store/storetest"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

// figures is all that owners read of a tenant, as one text.
func (in *intake) figures(t *testing.T, db *store.DB, tenantID string) string {
	t.Helper()
	reports := in.reports(db)
	day, err := reports.Day(context.Background(), report.Scope{Tenant: tenantID}, "2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent([]any{day, allSales(t, reports)}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// anySale is a sale or a refund with every kind of line.
func anySale(random *rand.Rand, number int) protocol.Record {
	closed := benchSale(number, noon().Add(time.Duration(random.IntN(1200))*time.Minute))
	closed.Sale.Day = []string{"2026-11-23", "2026-11-22"}[random.IntN(2)]
	if closed.Sale.Day == "2026-11-22" {
		closed.Number = fmt.Sprintf("20261122-%04d", number)
	}
	for i := range closed.Lines {
		line := &closed.Lines[i]
		switch random.IntN(4) {
		case 0:
			line.Cost = nil
		case 1:
			line.VAT = money.Exempt
		case 2:
			line.Product = ""
		}
	}
	if random.IntN(3) == 0 {
		closed.Tenders = append(closed.Tenders, protocol.Tender{Kind: protocol.TenderCash, Amount: money.Won(random.IntN(1000))})
	}
	if random.IntN(4) == 0 {
		return protocol.SaleRefunded{Sale: closed.Sale, Original: "20261123-0001"}
	}
	return closed
}

// What the hub adds from memory, what it adds from the batches after it died
// between storing and projecting, and what it adds one by one, is the same.
func TestMemoryAndBatchesProjectTheSame(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(3, 4))
			var records []protocol.Record
			for i := range 80 {
				records = append(records, anySale(random, i+1))
			}
			want := projectInTurn(t, engine, records, func(int) bool { return false }, func(int) bool { return false })
			for name, restart := range map[string]func(int) bool{
				"dies at the end": func(i int) bool { return i == 79 },
				"dies on the way": func(i int) bool { return i%30 == 20 },
			} {
				if got := projectInTurn(t, engine, records, restart, func(int) bool { return false }); got != want {
					t.Errorf("%s:\n got %s\nwant %s", name, got, want)
				}
			}
			if got := projectInTurn(t, engine, records, func(i int) bool { return i%30 == 7 }, func(i int) bool { return i%3 == 0 }); got != want {
				t.Errorf("read on the way:\n got %s\nwant %s", got, want)
			}
		})
	}
}

// projectInTurn stores records and returns the figures at the end. Restart
// kills the hub after a record, which loses its memory; read asks for figures.
func projectInTurn(t *testing.T, engine storetest.Engine, records []protocol.Record, restart, read func(int) bool) string {
	t.Helper()
	db := engine.Open(t)
	putBox(t, db, "tenant", "shop", boxA)
	in := startWith(t, db, ingest.Config{ProjectEvery: time.Hour})
	for i, record := range records {
		in.send(t, boxA, event(t, boxA, int64(i)+1, record))
		if restart(i) {
			in.stop()
			in = startWith(t, db, ingest.Config{ProjectEvery: time.Hour})
		}
		if read(i) {
			in.figures(t, db, "tenant")
		}
	}
	return in.figures(t, db, "tenant")
}

// However acks, reads, rounds of the projector and restarts fall together: a
// reader always finds every sale that was acknowledged before it asked.
func TestReaderFindsWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		for _, every := range []time.Duration{time.Millisecond, time.Hour} {
			t.Run(fmt.Sprintf("%s/%v", engine.Name, every), func(t *testing.T) {
				t.Parallel()
				readerFinds(t, engine.Open(t), every)
			})
		}
	}
}

func readerFinds(t *testing.T, db *store.DB, every time.Duration) {
	t.Helper()
	const boxes, batches, size = 6, 40, 3
	var acked [boxes]atomic.Int64
	in := startWith(t, db, ingest.Config{ProjectEvery: every, GroupBatches: 4})
	for i := range boxes {
		putBox(t, db, "tenant", shopOf(i), boxOf(i))
	}
	var work sync.WaitGroup
	work.Go(func() {
		for left := boxes; left > 0; {
			got := <-in.acks
			if got.ack.Through == batches*size {
				left--
			}
			for i := range boxes {
				if got.box == boxOf(i) {
					acked[i].Store(got.ack.Through)
				}
			}
		}
	})
	for i := range boxes {
		work.Go(func() {
			for batch := range batches {
				var events []protocol.Event
				for n := range size {
					number := batch*size + n + 1
					events = append(events, event(t, boxOf(i), int64(number), benchSale(number, noon())))
				}
				payload, err := in.codec.Pack(events)
				if err == nil {
					err = in.Events(boxOf(i), payload)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	reports := in.reports(db)
	for i := range boxes {
		work.Go(func() { readUntil(t, reports, shopOf(i), &acked[i], batches*size) })
	}
	work.Wait()
}

func shopOf(i int) string { return fmt.Sprintf("shop%d", i) }

func boxOf(i int) string { return fmt.Sprintf("019b7d00-0000-7000-8000-%012x", i) }

// readUntil reads a shop until it holds all sales.
func readUntil(t *testing.T, reports *report.Service, shop string, acked *atomic.Int64, all int64) {
	t.Helper()
	for seen := int64(0); seen < all; {
		before := acked.Load()
		day, err := reports.Day(context.Background(), report.Scope{Tenant: "tenant", Shop: shop}, "2026-11-23")
		if err != nil {
			t.Error(err)
			return
		}
		if day.Sales < before || day.Sales < seen || day.Sales > all {
			t.Errorf("%s: %d sales; %d were acknowledged before, %d read", shop, day.Sales, before, seen)
			return
		}
		seen = day.Sales
	}
	if _, err := reports.Sale(context.Background(), report.Scope{Tenant: "tenant", Shop: shop}, fmt.Sprintf("20261123-%04d", all), time.Time{}); err != nil {
		t.Errorf("receipt of the last sale: %v", err)
	}
}

// A reader at one hub finds what another hub acknowledged, also when that hub
// is gone, and the other projects nothing twice.
func TestReaderAtAnotherHub(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			db := engine.Open(t)
			putBox(t, db, "tenant", "shop", boxA)
			one, two := startWith(t, db, ingest.Config{ProjectEvery: time.Hour}), startWith(t, db, ingest.Config{ProjectEvery: time.Hour})
			for i := range 20 {
				one.send(t, boxA, event(t, boxA, int64(i)+1, benchSale(i+1, noon())))
				hub := []*intake{one, two, two}[i%3]
				day, err := hub.reports(db).Day(context.Background(), report.Scope{Tenant: "tenant"}, "2026-11-23")
				if err != nil || day.Sales != int64(i)+1 {
					t.Fatalf("%d sales after %d; %v", day.Sales, i+1, err)
				}
			}
			// The box goes over to the other hub and comes back.
			two.send(t, boxA, event(t, boxA, 21, benchSale(21, noon())))
			one.send(t, boxA, event(t, boxA, 22, benchSale(22, noon()))) // refused, for the position moved; sent again
			one.send(t, boxA, event(t, boxA, 21, benchSale(21, noon())), event(t, boxA, 22, benchSale(22, noon())))
			day, err := one.reports(db).Day(context.Background(), report.Scope{Tenant: "tenant"}, "2026-11-23")
			if err != nil || day.Sales != 22 || len(allSales(t, two.reports(db))) != 22 {
				t.Errorf("%d sales; want 22 (%v)", day.Sales, err)
			}
			if stats := one.Stats(); stats.Backlog != 0 {
				t.Errorf("still to be projected: %+v", stats)
			}
		})
	}
}

// stubborn is a store that projects nothing for one box, or for none.
type stubborn struct {
	*store.DB
	refuse func(step ingest.Step) bool
	broken atomic.Bool
	calls  chan struct{}
}

func (s *stubborn) Project(ctx context.Context, projection *ingest.Projection) error {
	select {
	case s.calls <- struct{}{}:
	default:
	}
	for _, step := range projection.Steps {
		if s.broken.Load() && s.refuse(step) {
			return errFaulty
		}
	}
	return s.DB.Project(ctx, projection)
}

// What is still to be projected is bounded: when it is too much the boxes are
// refused, keep their records, and lose nothing.
func TestBacklogIsBounded(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite().Open(t)
	putBox(t, db, "tenant", "shop", boxA)
	s := &stubborn{DB: db, refuse: func(ingest.Step) bool { return true }, calls: make(chan struct{}, 1)}
	s.broken.Store(true)
	gate := &gated{stubborn: s, open: make(chan struct{})}
	in := startWith(t, gate, ingest.Config{ProjectEvery: time.Millisecond, BacklogBytes: 4000, QueueBytes: 4000, Wait: 50 * time.Millisecond})
	const fill = 11 // what 4,000 bytes are full with
	stored, refused := int64(0), false
	for !refused {
		payload, err := in.codec.Pack([]protocol.Event{event(t, boxA, stored+1, benchSale(int(stored)+1, noon()))})
		if err != nil {
			t.Fatal(err)
		}
		switch err := in.Events(boxA, payload); {
		case errors.Is(err, ingest.ErrBusy):
			refused = in.Stats().Backlog >= fill // or the machine is slow
		case err != nil:
			t.Fatal(err)
		default:
			stored++
		}
		if stored > 1000 {
			t.Fatal("nothing was refused")
		}
	}
	if stats := in.Stats(); stats.Backlog > 2*fill || stats.Busy == 0 {
		t.Errorf("stats: %+v", stats)
	}
	s.broken.Store(false)
	close(gate.open)
	for through := int64(0); through < stored; {
		through = in.ack(t, boxA).Through
	}
	day, err := in.reports(db).Day(context.Background(), report.Scope{Tenant: "tenant"}, "2026-11-23")
	if err != nil || day.Sales != stored {
		t.Errorf("%d sales; want %d (%v)", day.Sales, stored, err)
	}
}

// gated is a store that projects when it is opened.
type gated struct {
	*stubborn
	open chan struct{}
	// entered and asked, when set, get a value when a projection waits and
	// when someone asked who is behind.
	entered, asked chan struct{}
}

func (g *gated) Project(ctx context.Context, projection *ingest.Projection) error {
	if g.entered != nil {
		g.entered <- struct{}{}
	}
	<-g.open
	return g.stubborn.Project(ctx, projection)
}

func (g *gated) Behind(ctx context.Context, tenantID, shop string) ([]ingest.Behind, error) {
	behind, err := g.stubborn.Behind(ctx, tenantID, shop)
	if g.asked != nil {
		g.asked <- struct{}{}
	}
	return behind, err
}

// A box whose records cannot be projected stops neither the intake nor other
// boxes, and is projected when it is well again.
func TestOneBoxDoesNotStopTheProjection(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite().Open(t)
	putBox(t, db, "tenant", "shop", boxA)
	putBox(t, db, "tenant2", "shop2", boxB)
	s := &stubborn{DB: db, refuse: func(step ingest.Step) bool { return step.Box == boxA }, calls: make(chan struct{}, 1)}
	s.broken.Store(true)
	in := startWith(t, s, ingest.Config{ProjectEvery: time.Millisecond})
	in.send(t, boxA, event(t, boxA, 1, benchSale(1, noon())))
	in.send(t, boxB, event(t, boxB, 1, benchSale(1, noon())))
	in.until(t, func(stats ingest.Stats) bool { return stats.Backlog == 0 && stats.Projected > 0 })
	if behind, err := db.Behind(context.Background(), "tenant2", ""); err != nil || len(behind) != 0 {
		t.Errorf("the other box is behind: %+v, %v", behind, err)
	}
	scope := report.Scope{Tenant: "tenant"}
	if _, err := in.reports(db).Day(context.Background(), scope, "2026-11-23"); !errors.Is(err, errFaulty) {
		t.Errorf("a reader of what cannot be projected gets %v; want %v", err, errFaulty)
	}
	s.broken.Store(false)
	in.send(t, boxA, event(t, boxA, 2, benchSale(2, noon())))
	day, err := in.reports(db).Day(context.Background(), scope, "2026-11-23")
	if err != nil || day.Sales != 2 {
		t.Errorf("%d sales; want 2 (%v)", day.Sales, err)
	}
}

// A reader that settles a shop while a round is under way does not make the
// round fail, and so fall back to one transaction a box.
func TestReaderDoesNotBreakARound(t *testing.T) {
	t.Parallel()
	const boxes = 5
	db := storetest.SQLite().Open(t)
	s := &stubborn{DB: db, refuse: func(ingest.Step) bool { return false }, calls: make(chan struct{}, 1)}
	gate := &gated{stubborn: s, open: make(chan struct{}), entered: make(chan struct{}, 10), asked: make(chan struct{}, 10)}
	in := startWith(t, gate, ingest.Config{ProjectEvery: time.Hour})
	for i := range boxes {
		putBox(t, db, "tenant", shopOf(i), boxOf(i))
	}
	// The first box is a transaction of its own, the others are the next.
	for first := int64(1); first <= 2000; first += 500 {
		in.send(t, boxOf(0), manySales(t, boxOf(0), first, 500)...)
	}
	for i := 1; i < boxes; i++ {
		in.send(t, boxOf(i), manySales(t, boxOf(i), 1, 3)...)
	}
	var work sync.WaitGroup
	work.Go(func() { in.Round(context.Background()) })
	<-gate.entered
	work.Go(func() {
		if err := in.Settle(context.Background(), "tenant", shopOf(boxes-1)); err != nil {
			t.Error(err)
		}
	})
	<-gate.asked // the reader waits for its turn
	close(gate.open)
	work.Wait()
	if stats := in.Stats(); stats.Projections != 3 || stats.Backlog != 0 || stats.Failures != 0 {
		t.Errorf("stats: %+v", stats)
	}
}

func manySales(t *testing.T, box string, first int64, count int) []protocol.Event {
	t.Helper()
	events := make([]protocol.Event, count)
	for i := range events {
		number := first + int64(i)
		events[i] = event(t, box, number, benchSale(int(number), noon()))
	}
	return events
}

// until waits until the stats are as wanted.
func (in *intake) until(t *testing.T, wanted func(ingest.Stats) bool) {
	t.Helper()
	tick, patience := time.NewTicker(time.Millisecond), time.After(patience)
	defer tick.Stop()
	for !wanted(in.Stats()) {
		select {
		case <-tick.C:
		case <-patience:
			t.Fatalf("stats: %+v", in.Stats())
		}
	}
}

// Records that a hub left unprojected when it died are found by the next one,
// without anybody reading or sending.
func TestNextHubProjectsWhatWasLeft(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			db := engine.Open(t)
			putBox(t, db, "tenant", "shop", boxA)
			in := startWith(t, db, ingest.Config{ProjectEvery: time.Hour})
			for i := range 5 {
				in.send(t, boxA, event(t, boxA, int64(i)+1, benchSale(i+1, noon())))
			}
			in.stop()
			s := &stubborn{DB: db, calls: make(chan struct{}, 1)}
			later := func() time.Time { return time.Now().Add(time.Hour) }
			next := startWith(t, s, ingest.Config{ProjectEvery: time.Millisecond, Now: later})
			<-s.calls
			next.stop()
			if behind, err := db.Behind(context.Background(), "tenant", "shop"); err != nil || len(behind) != 0 {
				t.Errorf("behind: %+v, %v", behind, err)
			}
			if stats := next.Stats(); stats.Projected != 5 || stats.Backlog != 0 {
				t.Errorf("stats: %+v", stats)
			}
		})
	}
}
