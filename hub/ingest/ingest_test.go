package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"shopbox/hub/ingest"
	"shopbox/hub/report"
	"shopbox/hub/store"
	"shopbox/hub/store/storetest"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

const (
	patience = 20 * time.Second
	boxA     = "019b7d00-0000-7000-8000-00000000000a"
	boxB     = "019b7d00-0000-7000-8000-00000000000b"
)

func noon() time.Time {
	return time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("KST", 9*60*60))
}

// sent is an ack on its way to a box.
type sent struct {
	box string
	ack protocol.Ack
}

// recorder is a publisher that hands the acks to the test.
type recorder struct{ acks chan sent }

func (r recorder) Publish(box string, _ protocol.Channel, payload []byte) error {
	ack, err := protocol.ParseAck(payload)
	r.acks <- sent{box, ack}
	return err
}

func (recorder) Connected(string) bool { return true }

// intake is a running ingest over a database.
type intake struct {
	*ingest.Ingest
	codec *protocol.Codec
	acks  chan sent
	stop  func()
}

func start(t *testing.T, db ingest.Store) *intake {
	t.Helper()
	return startWith(t, db, ingest.Config{})
}

func startWith(t *testing.T, db ingest.Store, config ingest.Config) *intake {
	t.Helper()
	codec, err := protocol.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	in := &intake{codec: codec, acks: make(chan sent, 1000)}
	config.Store, config.Codec, config.Nudge, config.Log = db, codec, report.NewFeed(), slog.New(slog.DiscardHandler)
	if config.Now == nil {
		config.Now = time.Now
	}
	in.Ingest = ingest.New(config)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx, recorder{in.acks}) }()
	stopped := false
	in.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(in.stop)
	return in
}

func (in *intake) send(t *testing.T, box string, events ...protocol.Event) protocol.Ack {
	t.Helper()
	payload, err := in.codec.Pack(events)
	if err != nil {
		t.Fatal(err)
	}
	return in.sendRaw(t, box, payload)
}

func (in *intake) sendRaw(t *testing.T, box string, payload []byte) protocol.Ack {
	t.Helper()
	if err := in.Events(box, payload); err != nil {
		t.Fatal(err)
	}
	return in.ack(t, box)
}

func (in *intake) ack(t *testing.T, box string) protocol.Ack {
	t.Helper()
	select {
	case got := <-in.acks:
		if got.box != box {
			t.Fatalf("ack for %s; want one for %s", got.box, box)
		}
		return got.ack
	case <-time.After(patience):
		t.Fatal("no ack came")
		return protocol.Ack{}
	}
}

func event(tb testing.TB, box string, sequence int64, record protocol.Record) protocol.Event {
	tb.Helper()
	e, err := protocol.NewEvent(box, protocol.Sequence(sequence), noon(), record)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func (in *intake) reports(db *store.DB) *report.Service {
	return report.New(report.Config{Store: db, Settler: in, Presence: recorder{}, Codec: in.codec, Now: noon})
}

// Whatever order, repetition and gaps batches come in, with the hub started
// again in between: each record counts once, and the ack says what is held.
func TestAnyScheduleCountsOnce(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%s/%d", engine.Name, seed), func(t *testing.T) {
				t.Parallel()
				scheduleCountsOnce(t, engine.Open(t), rand.New(rand.NewPCG(seed, 7)))
			})
		}
	}
}

func scheduleCountsOnce(t *testing.T, db *store.DB, random *rand.Rand) {
	t.Helper()
	const records = 120
	putBox(t, db, "tenant", "shop", boxA)
	var events []protocol.Event
	for i := range int64(records) {
		events = append(events, event(t, boxA, i+1, benchSale(int(i)+1, noon())))
	}
	in := start(t, db)
	through := 0
	for step := 0; through < records; step++ {
		first := max(0, min(records-1, through+random.IntN(13)-8))
		last := min(records, first+1+random.IntN(10))
		if first <= through && last > through {
			through = last
		}
		if ack := in.send(t, boxA, events[first:last]...); ack.Through != int64(through) {
			t.Fatalf("step %d: records %d to %d: ack through %d; want %d", step, first+1, last, ack.Through, through)
		}
		if random.IntN(15) == 0 {
			in.stop()
			in = start(t, db)
			in.Subscribed(boxA)
			if ack := in.ack(t, boxA); ack.Through != int64(through) {
				t.Fatalf("after a new start: ack through %d; want %d", ack.Through, through)
			}
		}
	}
	day, err := in.reports(db).Day(context.Background(), report.Scope{Tenant: "tenant", Shop: "shop"}, "2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	if day.Sales != records || day.Total != records*3300 || day.Tenders[0].Count != records {
		t.Errorf("%d sales of %d; want %d of %d", day.Sales, day.Total, records, records*3300)
	}
	var quantity money.Milli
	for _, product := range day.Products {
		quantity += product.Quantity
	}
	if quantity != 3*records*money.One || day.Margin == nil || day.Margin.Of != 3*records*1000 || day.Margin.Amount != 3*records*300 {
		t.Errorf("products: %d; margin: %+v", quantity, day.Margin)
	}
	if n := len(allSales(t, in.reports(db))); n != records {
		t.Errorf("%d sales in the list; want %d", n, records)
	}
}

func allSales(t *testing.T, reports *report.Service) []report.SaleRow {
	t.Helper()
	var all []report.SaleRow
	query := report.SalesQuery{Scope: report.Scope{Tenant: "tenant"}, Limit: 7}
	for {
		page, err := reports.Sales(context.Background(), query)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Sales...)
		if query.Cursor = page.Next; query.Cursor == "" {
			return all
		}
	}
}

// A record that cannot be read is kept aside and named; those around it
// count.
func TestPoisonStandsAside(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			poisonStandsAside(t, engine.Open(t))
		})
	}
}

func poisonStandsAside(t *testing.T, db *store.DB) {
	t.Helper()
	putBox(t, db, "tenant", "shop", boxA)
	in := start(t, db)
	broken := benchSale(2, noon())
	broken.Day = "yesterday"
	huge := benchSale(3, noon())
	huge.Total = 1e18
	longKey := benchSale(4, noon())
	longKey.Lines[0].Product = strings.Repeat("x", 3000)
	nul := benchSale(5, noon())
	nul.Lines[0].Name, nul.Lines[0].Product = "이름\x00", "" // is cleaned, and counts
	foreign := event(t, boxB, 6, benchSale(6, noon()))
	unknown := protocol.Wrap(boxA, 7, noon(), "shopbox.later.v9", []byte(`{"a":1}`))
	own := event(t, boxA, 8, protocol.Poison{Type: protocol.TypeSaleClosed, Data: []byte("?")})
	ack := in.send(t, boxA, event(t, boxA, 1, benchSale(1, noon())), event(t, boxA, 2, broken), event(t, boxA, 3, huge),
		event(t, boxA, 4, longKey), event(t, boxA, 5, nul), foreign, unknown, own, event(t, boxA, 9, benchSale(9, noon())))
	want := `{"through":9,"rejects":[{"sequence":2,"code":"data_malformed"},{"sequence":3,"code":"data_malformed"},` +
		`{"sequence":4,"code":"data_malformed"},{"sequence":6,"code":"event_malformed"},{"sequence":8,"code":"poison"}]}`
	if got, err := json.Marshal(ack); err != nil || string(got) != want {
		t.Errorf("ack %s\nwant %s", got, want)
	}
	in.Subscribed(boxA)
	if again := in.ack(t, boxA); len(again.Rejects) != 5 {
		t.Errorf("a new subscription is told of %d rejects", len(again.Rejects))
	}
	rejected, err := in.reports(db).Rejected(context.Background(), "tenant", boxA)
	if err != nil || len(rejected) != 5 || rejected[0].Sequence != 8 || !bytes.Contains(rejected[4].Raw, []byte("yesterday")) {
		t.Errorf("rejected: %+v, %v", rejected, err)
	}
	day, err := in.reports(db).Day(context.Background(), report.Scope{Tenant: "tenant"}, "2026-11-23")
	if err != nil || day.Sales != 3 {
		t.Errorf("%d sales count; want 3 (%v)", day.Sales, err)
	}
}

// A batch that is no batch is answered with a code and stored nowhere.
func TestBatchThatIsNone(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite().Open(t)
	putBox(t, db, "tenant", "shop", boxA)
	in := start(t, db)
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	pack := func(text string) []byte { return encoder.EncodeAll([]byte(text), nil) }
	for name, payload := range map[string][]byte{
		"no zstd": []byte("hello"), "no array": pack(`{}`), "cut off": pack(`[{"id":`), "no envelope": pack(`[1,2]`), "empty": pack(`[]`),
	} {
		if ack := in.sendRaw(t, boxA, payload); ack.Through != 0 || ack.Batch != "batch_malformed" {
			t.Errorf("%s: %+v", name, ack)
		}
	}
	bomb := pack("[" + strings.Repeat(" ", protocol.MaxBatchPlain+10) + "]")
	if ack := in.sendRaw(t, boxA, bomb); ack.Batch == "" {
		t.Errorf("a batch over the limit: %+v", ack)
	}
	if ack := in.send(t, boxA, event(t, boxA, 1, benchSale(1, noon()))); ack.Through != 1 || ack.Batch != "" {
		t.Errorf("after that: %+v", ack)
	}
}

// faulty is a store whose commit fails for one box.
type faulty struct {
	*store.DB
	box    string
	broken atomic.Bool
}

var errFaulty = errors.New("the database refuses")

func (f *faulty) Commit(ctx context.Context, group *ingest.Group) error {
	for _, mark := range group.Marks {
		if mark.Box == f.box && f.broken.Load() {
			return errFaulty
		}
	}
	return f.DB.Commit(ctx, group)
}

// One box whose records the database refuses does not stop another, and loses
// nothing.
func TestOneBoxDoesNotStopAnother(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite().Open(t)
	putBox(t, db, "tenant", "shop", boxA)
	putBox(t, db, "tenant2", "shop2", boxB)
	f := &faulty{DB: db, box: boxA}
	f.broken.Store(true)
	in := start(t, f)
	payload, err := in.codec.Pack([]protocol.Event{event(t, boxA, 1, benchSale(1, noon()))})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := in.Events(boxA, payload); err != nil {
			t.Fatal(err)
		}
	}
	if ack := in.send(t, boxB, event(t, boxB, 1, benchSale(1, noon()))); ack.Through != 1 {
		t.Errorf("the other box: %+v", ack)
	}
	f.broken.Store(false)
	if ack := in.sendRaw(t, boxA, payload); ack.Through != 1 {
		t.Errorf("when it is well again: %+v", ack)
	}
}

// A position that moved under the hub (a restored copy, another hub) is read
// again, and nothing is stored twice.
func TestMovedPositionIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			db := engine.Open(t)
			putBox(t, db, "tenant", "shop", boxA)
			one, two := start(t, db), start(t, db)
			first, second := event(t, boxA, 1, benchSale(1, noon())), event(t, boxA, 2, benchSale(2, noon()))
			one.Subscribed(boxA)
			one.ack(t, boxA)
			if ack := two.send(t, boxA, first); ack.Through != 1 {
				t.Fatalf("the other hub: %+v", ack)
			}
			if ack := one.send(t, boxA, first, second); ack.Through != 2 {
				t.Fatalf("this hub: %+v", ack)
			}
			day, err := one.reports(db).Day(context.Background(), report.Scope{Tenant: "tenant"}, "2026-11-23")
			if err != nil || day.Sales != 2 {
				t.Errorf("%d sales; want 2 (%v)", day.Sales, err)
			}
		})
	}
}

// An unclaimed box gets nothing stored and no ack.
func TestUnknownBox(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite().Open(t)
	putBox(t, db, "tenant", "shop", boxA)
	in := start(t, db)
	in.Subscribed(boxB)
	in.Subscribed(boxA)
	in.ack(t, boxA)
	if stats := in.Stats(); stats.Batches != 0 {
		t.Errorf("stats: %+v", stats)
	}
}

// A full queue holds the sender back, then refuses.
func TestFullQueueRefuses(t *testing.T) {
	t.Parallel()
	in := ingest.New(ingest.Config{Now: time.Now, QueueBytes: 2000, Wait: time.Millisecond, Workers: 1})
	if err := in.Events(boxA, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	if err := in.Events(boxA, make([]byte, 1000)); !errors.Is(err, ingest.ErrBusy) {
		t.Errorf("error %v; want %v", err, ingest.ErrBusy)
	}
}

// FuzzScan holds the quick reading of batches to encoding/json.
func FuzzScan(f *testing.F) {
	sale, err := json.Marshal([]protocol.Event{event(f, boxA, 1, benchSale(1, noon()))})
	if err != nil {
		f.Fatal(err)
	}
	refund, err := json.Marshal([]protocol.Event{
		event(f, boxA, 1, protocol.SaleRefunded{Sale: benchSale(2, noon()).Sale, Original: "20261123-0001"}),
		event(f, boxA, 2, protocol.DayOpened{Day: "2026-11-23", At: noon()}),
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sale)
	f.Add(refund)
	f.Add(bytes.Replace(sale, []byte(`"total"`), []byte(`"Total"`), 1))
	f.Add(bytes.Replace(sale, []byte(`3300`), []byte(`3.3e3`), 1))
	f.Add(bytes.Replace(sale, []byte(`김`), []byte("\xff"), 1))
	f.Add(bytes.Replace(sale, []byte(`"cost":700`), []byte(`"cost":null`), 1))
	f.Add([]byte(`[{"a":[1,{"b":"\u00e9"}]}]`))
	codec, err := protocol.NewCodec()
	if err != nil {
		f.Fatal(err)
	}
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, good := range [][]byte{sale, refund} {
		if quick, err := ingest.CompareReaders(codec, boxA, good, encoder.EncodeAll(good, nil)); !quick || err != nil {
			f.Fatalf("a good batch is not read the quick way: %v", err)
		}
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		if _, err := ingest.CompareReaders(codec, boxA, plain, encoder.EncodeAll(plain, nil)); err != nil {
			t.Error(err)
		}
	})
}
