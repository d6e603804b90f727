package report_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"shopbox/hub/ingest"
	"shopbox/hub/report"
	"shopbox/hub/store"
	"shopbox/hub/store/storetest"
	"shopbox/hub/tenant"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

var ctx = context.Background() //nolint:gochecknoglobals // read only

const patience = 20 * time.Second

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, time.FixedZone("KST", 9*60*60))
}

// chain is two tenants' shops and their boxes, with an intake.
type chain struct {
	t       *testing.T
	db      *store.DB
	in      *ingest.Ingest
	codec   *protocol.Codec
	reports *report.Service
	acks    chan protocol.Ack
	counts  map[string]int64
	online  map[string]bool
	// now is the clock in unix milliseconds.
	now atomic.Int64
}

func (c *chain) Publish(_ string, _ protocol.Channel, payload []byte) error {
	var ack protocol.Ack
	err := json.Unmarshal(payload, &ack)
	c.acks <- ack
	return err
}

func (c *chain) set(now time.Time) { c.now.Store(now.UnixMilli()) }

func (c *chain) time() time.Time { return time.UnixMilli(c.now.Load()) }

func (c *chain) Connected(box string) bool { return c.online[box] }

func newChain(t *testing.T, engine storetest.Engine) *chain {
	t.Helper()
	codec, err := protocol.NewCodec()
	check(t, err)
	c := &chain{
		t: t, db: engine.Open(t), codec: codec, acks: make(chan protocol.Ack, 100), counts: map[string]int64{},
		online: map[string]bool{box(1): true},
	}
	c.set(at(23, 12, 30))
	clock := c.time
	c.in = ingest.New(ingest.Config{Store: c.db, Codec: codec, Nudge: report.NewFeed(), Log: slog.New(slog.DiscardHandler), Now: clock})
	c.reports = report.New(report.Config{Store: c.db, Settler: c.in, Presence: c, Codec: codec, Now: clock})
	c.claim("kim", "shop1", box(1))
	c.claim("kim", "shop2", box(2))
	c.claim("lee", "shop3", box(3))
	work, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- c.in.Run(work, c) }()
	t.Cleanup(func() {
		cancel()
		// A short test may end before the intake has begun.
		if err := <-ended; !errors.Is(err, context.Canceled) {
			check(t, err)
		}
	})
	return c
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func box(n int) string { return fmt.Sprintf("019b7d00-0000-7000-8000-%012x", n) }

func (c *chain) claim(owner, shop, id string) {
	c.t.Helper()
	now := at(1, 9, 0).Add(time.Duration(len(c.counts)) * time.Second)
	if _, err := c.db.Tenant(ctx, owner); errors.Is(err, tenant.ErrNotFound) {
		check(c.t, c.db.InsertTenant(ctx, tenant.Tenant{ID: owner, Name: "가게 " + owner, BusinessNumber: owner + "-number", CreatedAt: now}))
	}
	check(c.t, c.db.InsertShop(ctx, tenant.Shop{ID: shop, Tenant: owner, Name: shop, CreatedAt: now}))
	check(c.t, c.db.InsertClaim(ctx, tenant.StoredClaim{Hash: id, Tenant: owner, Shop: shop, ExpiresAt: now}))
	_, err := c.db.Enrol(ctx, tenant.Enrolment{
		ClaimHash: id, Box: tenant.Box{ID: id, Tenant: owner, Shop: shop, Version: "1.0.0"}, Certificate: tenant.Certificate{Serial: id}, At: now,
	})
	check(c.t, err)
	c.counts[id] = 0
}

// record sends records of a box and waits until they are stored.
func (c *chain) record(id string, records ...protocol.Record) {
	c.t.Helper()
	events := make([]protocol.Event, len(records))
	for i, record := range records {
		c.counts[id]++
		var err error
		events[i], err = protocol.NewEvent(id, protocol.Sequence(c.counts[id]), c.time(), record)
		check(c.t, err)
	}
	payload, err := c.codec.Pack(events)
	check(c.t, err)
	check(c.t, c.in.Events(id, payload))
	select {
	case ack := <-c.acks:
		if ack.Through != c.counts[id] || len(ack.Rejects) > 0 {
			c.t.Fatalf("ack %+v; want through %d", ack, c.counts[id])
		}
	case <-time.After(patience):
		c.t.Fatal("no ack")
	}
}

func sale(number int, when time.Time, tender string, lines ...protocol.Line) protocol.SaleClosed {
	s := protocol.Sale{
		Number: fmt.Sprintf("%s-%04d", when.Format("20060102"), number), Day: when.Format(time.DateOnly), At: when,
		By: protocol.Person{ID: "p", Name: "김"}, Lines: lines,
	}
	for _, line := range lines {
		s.Total += line.Amount
	}
	s.Tenders = []protocol.Tender{{Kind: tender, Amount: s.Total}}
	return protocol.SaleClosed{Sale: s}
}

func refund(number int, when time.Time, of string, lines ...protocol.Line) protocol.SaleRefunded {
	return protocol.SaleRefunded{Sale: sale(number, when, protocol.TenderCash, lines...).Sale, Original: of, Reason: "변심"}
}

func coffee(pieces int) protocol.Line {
	cost := money.Won(1000 * pieces)
	amount := money.Won(4400 * pieces)
	return protocol.Line{ID: "c", Product: "coffee", Name: "커피", Quantity: money.Milli(1000 * pieces), Unit: 4400, Amount: amount, VAT: money.Taxable, Cost: &cost}
}

func rice() protocol.Line {
	return protocol.Line{ID: "r", Name: "쌀", Quantity: 1500, Unit: 2000, Amount: 3000, VAT: money.Exempt}
}

func TestReports(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		for name, test := range map[string]func(*testing.T, *chain){
			"day": day, "same weekday last week": lastWeek, "after midnight": afterMidnight, "sales": sales, "same number": sameNumber,
			"other tenants": otherTenants,
			"estate":        estate, "fleet": fleet, "sums fold": sumsFold, "two hubs": twoHubs,
		} {
			t.Run(engine.Name+"/"+name, func(t *testing.T) {
				t.Parallel()
				test(t, newChain(t, engine))
			})
		}
	}
}

func day(t *testing.T, c *chain) {
	t.Helper()
	first := sale(1, at(23, 9, 5), protocol.TenderCash, coffee(2), rice())
	c.record(box(1), first, sale(2, at(23, 10, 0), protocol.TenderCard, coffee(1)), refund(3, at(23, 10, 30), first.Number, coffee(1)))
	c.record(box(2), sale(1, at(23, 11, 0), protocol.TenderCard, coffee(3)))
	one, err := c.reports.Day(ctx, report.Scope{Tenant: "kim", Shop: "shop1"}, "2026-11-23")
	check(t, err)
	if !one.Today || one.Totals != (report.Totals{Total: 11800, Sales: 2, Refunds: 1, Refunded: 4400}) || one.Average() != 8100 {
		t.Errorf("one shop: %+v, average %d", one.Totals, one.Average())
	}
	all, err := c.reports.Day(ctx, report.Scope{Tenant: "kim"}, "")
	check(t, err)
	got, err := json.Marshal([]any{all.Totals, all.Hours, all.Tenders, all.Products, all.Margin, all.Before, len(all.Shops), all.Shops[1].Totals.Total})
	check(t, err)
	want := `[{"Total":25000,"Sales":3,"Refunds":1,"Refunded":4400},` +
		`[{"Hour":9,"Total":11800,"Sales":1,"Before":0},{"Hour":10,"Total":0,"Sales":1,"Before":0},{"Hour":11,"Total":13200,"Sales":1,"Before":0}],` +
		`[{"Kind":"card","Total":17600,"Count":2},{"Kind":"cash","Total":7400,"Count":2}],` +
		`[{"Product":"coffee","Name":"커피","Quantity":5000,"Total":22000,"Margin":15000},{"Product":"","Name":"쌀","Quantity":1500,"Total":3000,"Margin":null}],` +
		`{"Amount":15000,"Of":20000},{"Day":"2026-11-16","Total":0,"Known":false},2,13200]`
	if string(got) != want {
		t.Errorf("all shops\n got %s\nwant %s", got, want)
	}
	_, err = c.reports.Day(ctx, report.Scope{Tenant: "kim"}, "23.11.2026")
	is(t, err, report.ErrCursor)
}

func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v; want %v", err, want)
	}
}

// The comparison stops at the same minute a week ago while the day runs, and
// takes the whole day when it is over.
func lastWeek(t *testing.T, c *chain) {
	t.Helper()
	c.record(box(1), sale(1, at(16, 12, 29), protocol.TenderCash, coffee(1)), sale(2, at(16, 12, 31), protocol.TenderCash, coffee(1)),
		sale(1, at(23, 12, 0), protocol.TenderCash, coffee(1)))
	running, err := c.reports.Day(ctx, report.Scope{Tenant: "kim", Shop: "shop1"}, "")
	check(t, err)
	if running.Before != (report.Before{Day: "2026-11-16", Total: 4400, Known: true}) || running.Hours[0].Before != 8800 {
		t.Errorf("while it runs: %+v, hours %+v", running.Before, running.Hours)
	}
	c.set(at(24, 9, 0))
	over, err := c.reports.Day(ctx, report.Scope{Tenant: "kim"}, "2026-11-23")
	check(t, err)
	if over.Today || over.Before.Total != 8800 {
		t.Errorf("when it is over: %+v", over.Before)
	}
}

// A sale at one in the morning belongs to the business day it was made in.
func afterMidnight(t *testing.T, c *chain) {
	t.Helper()
	late := sale(7, at(24, 1, 10), protocol.TenderCash, coffee(1))
	late.Day, late.Number = "2026-11-23", "20261123-0007"
	wrong := sale(8, time.Unix(0, 0), protocol.TenderCash, coffee(1))
	wrong.Day, wrong.Number = "2026-11-23", "20261123-0008"
	c.record(box(1), late, wrong)
	got, err := c.reports.Day(ctx, report.Scope{Tenant: "kim"}, "2026-11-23")
	check(t, err)
	if len(got.Hours) != 2 || got.Hours[0].Hour != 9 || got.Hours[1].Hour != 25 || got.Sales != 2 {
		t.Errorf("hours %+v", got.Hours)
	}
	// What runs is the day before while a shop has it open, until the morning.
	c.record(box(1), protocol.DayOpened{Day: "2026-11-23", At: at(23, 18, 0)})
	for _, test := range []struct {
		shop string
		now  time.Time
		want string
	}{
		{"", at(23, 23, 59), "2026-11-23"},
		{"", at(24, 1, 30), "2026-11-23"},
		{"shop1", at(24, 5, 59), "2026-11-23"},
		{"shop2", at(24, 1, 30), "2026-11-24"}, // closed, as far as the hub knows
		{"shop1", at(24, 6, 0), "2026-11-24"},
		{"shop1", at(25, 1, 30), "2026-11-25"},
	} {
		c.set(test.now)
		got, err := c.reports.Day(ctx, report.Scope{Tenant: "kim", Shop: test.shop}, "")
		check(t, err)
		if got.Day != test.want || !got.Today {
			t.Errorf("%s at %v: %s, today %v; want %s", test.shop, test.now, got.Day, got.Today, test.want)
		}
	}
	c.record(box(1), protocol.DayClosed{Day: "2026-11-23", At: at(24, 2, 0)})
	c.set(at(24, 2, 1))
	got, err = c.reports.Day(ctx, report.Scope{Tenant: "kim"}, "")
	if err != nil || got.Day != "2026-11-24" {
		t.Errorf("after closing: %s, %v", got.Day, err)
	}
}

// dayPages reads the sales of a date page by page, and then with the place of
// another date.
func dayPages(t *testing.T, c *chain) {
	t.Helper()
	query := report.SalesQuery{Scope: report.Scope{Tenant: "kim"}, Day: "2026-11-23", Limit: 2}
	first, err := c.reports.Sales(ctx, query)
	check(t, err)
	query.Cursor = first.Next
	second, err := c.reports.Sales(ctx, query)
	if err != nil || len(first.Sales) != 2 || len(second.Sales) != 1 || second.Sales[0].Total != -3_000 || second.Next != "" {
		t.Errorf("pages of a day: %+v, %+v, %v", first, second, err)
	}
	query.Day = "2026-11-22"
	earlier, err := c.reports.Sales(ctx, query)
	if err != nil || len(earlier.Sales) != 1 {
		t.Errorf("the day before, from there: %+v, %v", earlier, err)
	}
}

func sales(t *testing.T, c *chain) {
	t.Helper()
	first := sale(1, at(22, 9, 0), protocol.TenderCash, coffee(1), rice())
	back := refund(1, at(23, 9, 0), first.Number, rice())
	c.record(box(1), first, back, sale(2, at(23, 9, 30), protocol.TenderCard, coffee(1)))
	c.record(box(2), sale(1, at(23, 9, 10), protocol.TenderCash, coffee(2)))
	query := report.SalesQuery{Scope: report.Scope{Tenant: "kim"}, Limit: 3}
	page, err := c.reports.Sales(ctx, query)
	check(t, err)
	got := ""
	for _, row := range page.Sales {
		got += fmt.Sprintf("%s %s %d %s %v; ", row.Shop, row.Number, row.Total, row.Title, row.Tenders)
	}
	if want := "shop1 20261123-0002 4400 커피 [card]; shop2 20261123-0001 8800 커피 [cash]; shop1 20261123-0001 -3000 쌀 [cash]; "; got != want {
		t.Errorf("page\n got %s\nwant %s", got, want)
	}
	query.Cursor = page.Next
	rest, err := c.reports.Sales(ctx, query)
	if err != nil || len(rest.Sales) != 1 || rest.Next != "" || rest.Sales[0].Number != first.Number || rest.Sales[0].Lines != 2 {
		t.Errorf("rest %+v, %v", rest, err)
	}
	for text, want := range map[string]int{"0001": 3, "20261123-0001": 2, "R2611220001": 1, "9999": 0} {
		page, err := c.reports.Sales(ctx, report.SalesQuery{Scope: report.Scope{Tenant: "kim"}, Number: text})
		if err != nil || len(page.Sales) != want {
			t.Errorf("%s finds %d; want %d (%v)", text, len(page.Sales), want, err)
		}
	}
	onDay, err := c.reports.Sales(ctx, report.SalesQuery{Scope: report.Scope{Tenant: "kim", Shop: "shop1"}, Day: "2026-11-22"})
	if err != nil || len(onDay.Sales) != 1 {
		t.Errorf("on the day: %+v, %v", onDay, err)
	}
	dayPages(t, c)
	whole, err := c.reports.Sale(ctx, report.Scope{Tenant: "kim", Shop: "shop1"}, first.Number, time.Time{})
	check(t, err)
	if whole.Refund || len(whole.RefundedBy) != 1 || whole.RefundedBy[0] != back.Number || whole.Shop.ID != "shop1" || whole.Box != box(1) {
		t.Errorf("sale %+v", whole)
	}
	whole, err = c.reports.Sale(ctx, report.Scope{Tenant: "kim", Shop: "shop1"}, back.Number, time.Time{})
	if err != nil || !whole.Refund || whole.Original != first.Number || whole.Reason != "변심" {
		t.Errorf("refund %+v, %v", whole, err)
	}
	for _, cursor := range []string{"x", "1_2_3", "a_b_c_d_e_f", "1_1_\x00_a_1_1"} {
		_, err := c.reports.Sales(ctx, report.SalesQuery{Scope: report.Scope{Tenant: "kim"}, Cursor: cursor})
		is(t, err, report.ErrCursor)
	}
}

// Two boxes of a shop gave the same number on a day: each receipt is found by
// its time.
func sameNumber(t *testing.T, c *chain) {
	t.Helper()
	first, second := sale(1, at(23, 9, 0), protocol.TenderCash, coffee(1)), sale(1, at(23, 15, 0), protocol.TenderCard, coffee(2))
	c.record(box(1), first, second)
	scope := report.Scope{Tenant: "kim", Shop: "shop1"}
	for when, want := range map[time.Time]money.Won{{}: first.Total, first.At: first.Total, second.At: second.Total} {
		found, err := c.reports.Sale(ctx, scope, first.Number, when)
		if err != nil || found.Total != want {
			t.Errorf("at %v: %d, %v; want %d", when, found.Total, err, want)
		}
	}
	_, err := c.reports.Sale(ctx, scope, first.Number, at(23, 10, 0))
	is(t, err, report.ErrNotFound)
}

// What belongs to another tenant does not exist.
func otherTenants(t *testing.T, c *chain) {
	t.Helper()
	mine := sale(1, at(23, 9, 0), protocol.TenderCash, coffee(1))
	c.record(box(1), mine, protocol.DeviceState{Device: "printer", Kind: "printer", State: "stop", Code: "paper_out", At: c.time()})
	scope := report.Scope{Tenant: "lee", Shop: "shop1"}
	_, err := c.reports.Day(ctx, scope, "")
	is(t, err, report.ErrNotFound)
	_, err = c.reports.Sale(ctx, scope, mine.Number, time.Time{})
	is(t, err, report.ErrNotFound)
	_, err = c.reports.Sales(ctx, report.SalesQuery{Scope: scope})
	is(t, err, report.ErrNotFound)
	_, err = c.reports.Sale(ctx, report.Scope{Tenant: "lee", Shop: "shop3"}, mine.Number, time.Time{})
	is(t, err, report.ErrNotFound)
	all, err := c.reports.Day(ctx, report.Scope{Tenant: "lee"}, "")
	if err != nil || all.Sales != 0 || len(all.Shops) != 1 {
		t.Errorf("day %+v, %v", all, err)
	}
	page, err := c.reports.Sales(ctx, report.SalesQuery{Scope: report.Scope{Tenant: "lee"}})
	if err != nil || len(page.Sales) != 0 {
		t.Errorf("sales %+v, %v", page, err)
	}
	wrong, err := c.reports.Wrong(ctx, "lee")
	if err != nil || len(wrong) != 0 {
		t.Errorf("wrong %+v, %v", wrong, err)
	}
	boxes, err := c.reports.Boxes(ctx, "lee")
	if err != nil || len(boxes) != 1 || boxes[0].ID != box(3) {
		t.Errorf("boxes %+v, %v", boxes, err)
	}
}

func estate(t *testing.T, c *chain) {
	t.Helper()
	opened, closed := at(23, 8, 0), at(23, 12, 0)
	c.record(box(1),
		protocol.ShopChanged{Name: "강남점", BusinessNumber: "1208147521", Kind: "grocery", Phone: "02-1234-5678"},
		protocol.DayOpened{Day: "2026-11-23", At: opened},
		protocol.DeviceState{Device: "printer", Kind: "printer", Name: "주방", State: "warn", Code: "paper_low", At: opened},
		protocol.DeviceState{Device: "terminal", Kind: "terminal", State: "stop", Code: "offline", At: closed},
		protocol.DeviceState{Device: "scanner", Kind: "scanner", State: "ok", At: closed})
	shop, err := c.reports.Shop(ctx, "kim", "shop1")
	check(t, err)
	if shop.Name != "강남점" || shop.Kind != "grocery" || shop.Phone != "02-1234-5678" || shop.Boxes != 1 ||
		shop.State.Day != "2026-11-23" || !shop.State.OpenedAt.Equal(opened) || shop.State.ClosedAt != nil {
		t.Errorf("shop %+v", shop)
	}
	c.record(box(1), protocol.DayClosed{Day: "2026-11-23", At: closed, Difference: -500},
		protocol.DeviceState{Device: "printer", Kind: "printer", State: "ok", At: closed})
	shop, err = c.reports.Shop(ctx, "kim", "shop1")
	if err != nil || !shop.State.OpenedAt.Equal(opened) || !shop.State.ClosedAt.Equal(closed) || shop.State.Difference != -500 {
		t.Errorf("state %+v, %v", shop.State, err)
	}
	c.record(box(1), protocol.DayOpened{Day: "2026-11-23", At: closed}, protocol.DayClosed{Day: "2026-11-23", At: closed.Add(time.Hour), Difference: 700})
	differences, err := c.reports.Differences(ctx, "kim", closed.Add(-time.Second))
	if err != nil || len(differences) != 2 || differences[0].Amount != -500 || differences[1] != (report.Difference{
		Shop: "shop1", Day: "2026-11-23", ClosedAt: closed.Add(time.Hour).UTC(), Amount: 700,
	}) {
		t.Errorf("differences %+v, %v", differences, err)
	}
	if others, err := c.reports.Differences(ctx, "lee", opened); err != nil || len(others) != 0 {
		t.Errorf("another's differences %+v, %v", others, err)
	}
	wrong, err := c.reports.Wrong(ctx, "kim")
	if err != nil || len(wrong) != 1 || wrong[0].Code != "offline" || wrong[0].Shop != "shop1" || !wrong[0].Since.Equal(closed) {
		t.Errorf("wrong %+v, %v", wrong, err)
	}
	boxes, err := c.reports.Boxes(ctx, "kim")
	if err != nil || len(boxes) != 2 || !boxes[0].Connected || boxes[1].Connected || len(boxes[0].Faults) != 1 || boxes[0].Version != "1.0.0" {
		t.Errorf("boxes %+v, %v", boxes, err)
	}
}

func fleet(t *testing.T, c *chain) {
	t.Helper()
	oldest := at(23, 11, 0)
	status, err := json.Marshal(protocol.BoxStatus{Version: "2.0.0", Unsent: 42, OldestUnsent: &oldest, StartedAt: at(23, 7, 0)})
	check(t, err)
	c.in.Seen(box(1))
	c.in.Reported(box(1), status)
	c.record(box(1), protocol.DeviceState{Device: "box", Kind: "box", State: "warn", Code: "disk_full", At: c.time()})
	c.in.Seen(box(2))
	c.record(box(2), protocol.DayOpened{Day: "2026-11-23", At: c.time()})
	counts, err := c.reports.FleetCounts(ctx)
	if err != nil || counts != (report.FleetCounts{All: 3, Online: 1, Silent: 1, New: 1, Unsent: 1, Fault: 1}) {
		t.Errorf("counts %+v, %v", counts, err)
	}
	for filter, want := range map[report.FleetFilter]string{
		report.FleetOnline: box(1), report.FleetSilent: box(2), report.FleetNew: box(3), report.FleetUnsent: box(1), report.FleetFault: box(1),
	} {
		page, err := c.reports.Fleet(ctx, report.FleetQuery{Filter: filter})
		if err != nil || len(page.Boxes) != 1 || page.Boxes[0].ID != want {
			t.Errorf("filter %s: %+v, %v", filter, page, err)
		}
	}
	page, err := c.reports.Fleet(ctx, report.FleetQuery{Limit: 2})
	check(t, err)
	first := page.Boxes[0]
	if len(page.Boxes) != 2 || page.Next != box(2) || first.Unsent != 42 || !first.OldestUnsent.Equal(oldest) || first.Version != "2.0.0" ||
		first.TenantName != "가게 kim" || !first.Connected || len(first.Faults) != 1 || first.Faults[0].Code != "disk_full" || first.LastSeen == nil {
		t.Errorf("page %+v", page)
	}
	page, err = c.reports.Fleet(ctx, report.FleetQuery{Limit: 2, Cursor: page.Next})
	if err != nil || len(page.Boxes) != 1 || page.Next != "" || page.Boxes[0].LastSeen != nil {
		t.Errorf("last page %+v, %v", page, err)
	}
	for search, want := range map[string]int{"KIM": 2, "shop3": 1, "lee-number": 1, box(2)[:20]: 3, "%": 0, "_": 0} {
		page, err := c.reports.Fleet(ctx, report.FleetQuery{Search: search})
		if err != nil || len(page.Boxes) != want {
			t.Errorf("search %q finds %d; want %d (%v)", search, len(page.Boxes), want, err)
		}
	}
}

// held is a hub's own broker: the boxes it holds.
type held map[string]bool

func (h held) Connected(box string) bool { return h[box] }

// Two hubs on one database: a box that goes over is online whatever the one it
// left says later or forgets, and each sees the boxes of the other.
func twoHubs(t *testing.T, c *chain) {
	t.Helper()
	present := func(hub string, online bool) {
		t.Helper()
		check(t, c.db.Commit(ctx, &ingest.Group{Hub: hub, Presence: []ingest.Presence{{Tenant: "kim", Box: box(1), Connected: online, At: c.time()}}}))
	}
	see := func(step string, south held, want bool) {
		t.Helper()
		counts, err := c.reports.FleetCounts(ctx)
		check(t, err)
		if (counts.Online == 1) != want {
			t.Errorf("%s: %d online", step, counts.Online)
		}
		for hub, broker := range map[string]held{"north": {}, "south": south} {
			reports := report.New(report.Config{Hub: hub, Store: c.db, Presence: broker, Codec: c.codec, Now: c.time})
			boxes, err := reports.Boxes(ctx, "kim")
			check(t, err)
			if boxes[0].Connected != want {
				t.Errorf("%s: seen from %s: %v", step, hub, boxes[0].Connected)
			}
		}
	}
	see("never here", held{}, false)
	present("north", true)
	present("south", true)
	present("north", false)
	see("went over to the south", held{box(1): true}, true)
	check(t, c.db.ResetPresence(ctx, "north"))
	see("the north starts anew", held{box(1): true}, true)
	present("south", false)
	see("left", held{}, false)
	present("south", true)
	check(t, c.db.ResetPresence(ctx, "south"))
	see("the south starts anew", held{}, false)
	present("east", true)
	c.set(c.time().Add(time.Hour))
	boxes, err := c.reports.Boxes(ctx, "lee")
	check(t, err)
	if boxes[0].Connected {
		t.Error("another tenant's box is online")
	}
	boxes, err = report.New(report.Config{Hub: "north", Store: c.db, Presence: held{}, Now: c.time}).Boxes(ctx, "kim")
	check(t, err)
	if boxes[0].Connected {
		t.Error("a box of a hub that is gone is online for ever")
	}
}

// Sums stay right through many folds.
func sumsFold(t *testing.T, c *chain) {
	t.Helper()
	const groups = 100
	for i := range groups {
		c.record(box(1), sale(i+1, at(23, 9, 0), protocol.TenderCash, coffee(1), rice()))
	}
	got, err := c.reports.Day(ctx, report.Scope{Tenant: "kim", Shop: "shop1"}, "")
	check(t, err)
	if got.Sales != groups || got.Total != groups*7400 || len(got.Products) != 2 || got.Products[0].Quantity != groups*1000 || got.Margin.Amount != groups*3000 {
		t.Errorf("day %+v", got)
	}
}

func TestFeed(t *testing.T) {
	t.Parallel()
	feed := report.NewFeed()
	feed.Nudge("kim")
	nudges, stop := feed.Subscribe("kim")
	other, stopOther := feed.Subscribe("lee")
	defer stopOther()
	feed.Nudge("kim")
	feed.Nudge("kim")
	<-nudges
	select {
	case <-nudges:
		t.Error("two nudges did not melt into one")
	case <-other:
		t.Error("another tenant was nudged")
	default:
	}
	stop()
	stop()
	feed.Nudge("kim")
	select {
	case <-nudges:
		t.Error("nudged after the end")
	default:
	}
}
