package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/devices"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/stock"
	"shopbox/edge/store"
	"shopbox/edge/till"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

func TestProducts(t *testing.T) {
	b := newBox(t)
	b.setUp(t)
	ctx := t.Context()
	cost := money.Won(800)
	coffee := catalog.Product{
		ID: "coffee", Name: "아메리카노", Category: "drinks", Price: 4_500, Cost: &cost, VAT: money.Taxable,
		Barcodes: []string{"8801234567893", "C1"}, Prompts: catalog.Prompts(0, "얼음"), Key: &catalog.KeyPosition{Category: "drinks", Slot: 3},
	}
	tea := catalog.Product{ID: "tea", Name: "녹차", Category: "drinks", Price: 4_000, VAT: money.Taxable, Unit: "잔"}
	change := catalog.Change{
		Categories: []catalog.Category{{ID: "drinks", Name: "음료", Color: catalog.Blue}},
		Products:   []catalog.Product{coffee, tea}, Counted: map[string]money.Milli{"tea": 7_000},
	}
	if err := b.ChangeCatalog(ctx, change, boss()); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"": "녹차,아메리카노,", "메리": "아메리카노,", "ㅇㅁㄹ": "아메리카노,", "아메ㄹ": "아메리카노,", "8801234567893": "아메리카노,", "홍차": "", "차": "녹차,",
	} {
		query := catalog.Query{Text: text, Category: "drinks", Limit: 10}
		listed, err := b.Products(ctx, query)
		count, countErr := b.CountProducts(ctx, query)
		names := ""
		for _, product := range listed {
			names += product.Name + ","
		}
		if err != nil || countErr != nil || names != want || count != len(listed) {
			t.Errorf("%q: %s, %d, %v, %v; want %s", text, names, count, err, countErr, want)
		}
	}
	found, err := b.ProductByCode(ctx, []string{"nothing", "C1"})
	if err != nil || fmt.Sprintf("%+v", found.Key) != fmt.Sprintf("%+v", coffee.Key) || *found.Cost != cost || found.NoteLabel() != "얼음" {
		t.Errorf("by code %+v, %v", found, err)
	}
	if listed, err := b.ProductWithStock(ctx, "tea"); err != nil || listed.Stock != 7_000 {
		t.Errorf("tea %+v, %v", listed, err)
	}
	tea.Barcodes = []string{"C1"}
	if err := b.ChangeCatalog(ctx, catalog.Change{Products: []catalog.Product{tea}}, boss()); !errors.Is(err, store.ErrTaken) {
		t.Errorf("a barcode twice: %v", err)
	}
	// Two products change places and codes in one go.
	coffee.Barcodes, tea.Key, coffee.Key = nil, coffee.Key, nil
	if err := b.ChangeCatalog(ctx, catalog.Change{Products: []catalog.Product{tea, coffee}}, boss()); err != nil {
		t.Errorf("changing places: %v", err)
	}
	version, err := b.CatalogVersion(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.ChangeCatalog(ctx, catalog.Change{Gone: []string{"drinks"}}, boss()); err != nil {
		t.Fatal(err)
	}
	keys, err := b.Keys(ctx)
	if later, versionErr := b.CatalogVersion(ctx); err != nil || len(keys) != 0 || later != version+1 || versionErr != nil {
		t.Errorf("without the category: keys %+v, version %d, %v", keys, later, err)
	}
	coffee.Archived = true
	coffee.Barcodes = []string{"C9"}
	if err := b.ChangeCatalog(ctx, catalog.Change{Products: []catalog.Product{coffee}}, boss()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ProductByCode(ctx, []string{"C9"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an archived product is sold: %v", err)
	}
}

func TestStock(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	ctx := t.Context()
	received := stock.Movement{Product: "milk", Name: "우유 1L", Quantity: 10_000, Reason: stock.Received}
	if err := b.Move(ctx, []stock.Movement{received}, boss(), staff.AuditEvent{Act: staff.ActStockMoved}); err != nil {
		t.Fatal(err)
	}
	if err := b.Move(ctx, []stock.Movement{{Product: "milk", Quantity: 1_000, Reason: stock.Sale}}, boss()); !errors.Is(err, stock.ErrMovement) {
		t.Errorf("a sale by hand: %v", err)
	}
	if _, err := b.sell(ctx, "a", milk()); err != nil {
		t.Fatal(err)
	}
	if err := b.Count(ctx, "milk", 8_000, boss()); err != nil {
		t.Fatal(err)
	}
	listed, err := b.ProductWithStock(ctx, "milk")
	if err != nil || listed.Stock != 8_000 {
		t.Errorf("stock %s, %v", listed.Stock, err)
	}
	rows, err := b.After(ctx, 3, 10)
	if err != nil || len(rows) != 3 || rows[0].Type != protocol.TypeStockMoved || rows[2].Type != protocol.TypeStockMoved {
		t.Errorf("rows %+v, %v", rows, err)
	}
	if err := b.Check(ctx); err != nil {
		t.Error(err)
	}
}

// TestPrintQueue: a job that may be on paper is never printed again as it was.
func TestPrintQueue(t *testing.T) {
	b := newBox(t)
	ctx := t.Context()
	slip := drivers.Document{Blocks: []drivers.Block{drivers.Text{Text: "우유"}}}
	for _, number := range []string{"1", "2", "3"} {
		if _, err := b.Enqueue(ctx, printing.Job{Kind: printing.Receipt, Number: number, Document: slip}); err != nil {
			t.Fatal(err)
		}
	}
	next := func(want string) printing.Job {
		t.Helper()
		job, ok, err := b.NextPrintJob(ctx, "")
		if err != nil || ok != (want != "") || job.Number != want {
			t.Fatalf("next %+v, %v, %v; want %s", job, ok, err, want)
		}
		return job
	}
	first := next("1")
	if err := b.FinishPrintJob(ctx, first.ID, printing.Queued, "paper_out"); err != nil {
		t.Fatal(err)
	}
	first = next("1")
	if first.Tries != 2 || first.Code != "paper_out" {
		t.Errorf("tried again %+v", first)
	}
	if err := b.FinishPrintJob(ctx, first.ID, printing.Printed, ""); err != nil {
		t.Fatal(err)
	}
	if err := b.FinishPrintJob(ctx, first.ID, printing.Queued, ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a printed job was changed: %v", err)
	}
	second := next("2")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.open(t, -1)
	next("3")
	next("")
	if job, err := b.PrintJob(ctx, second.ID); err != nil || job.State != printing.Unknown {
		t.Errorf("after the power cut %+v, %v", job, err)
	}
	if queued, unknown, err := b.WaitingPrintJobs(ctx); err != nil || queued != 1 || unknown != 1 {
		t.Errorf("%d queued, %d unknown, %v", queued, unknown, err)
	}
	if _, err := b.Reprint(ctx, till.Reprint{Kind: printing.Receipt, Number: "2", Document: slip}); err != nil {
		t.Fatal(err)
	}
	if again := next("2"); !again.Copy || again.ID == second.ID {
		t.Errorf("again %+v", again)
	}
	if job, err := b.PrintJob(ctx, second.ID); err != nil || job.State != printing.Failed {
		t.Errorf("the first one %+v, %v", job, err)
	}
}

func TestPeople(t *testing.T) {
	b := newBox(t)
	b.setUp(t)
	ctx := t.Context()
	session := staff.Session{ID: "secret", Person: boss().ID, Since: noon, Seen: noon}
	if err := b.SaveSession(ctx, session, staff.AuditEvent{Act: staff.ActSignedIn}); err != nil {
		t.Fatal(err)
	}
	found, person, err := b.Session(ctx, "secret")
	if err != nil || !found.Seen.Equal(noon) || person.Role != staff.Owner {
		t.Errorf("session %+v of %+v, %v", found, person, err)
	}
	if err := b.SavePINAttempts(ctx, boss().ID, staff.Attempts{Failed: 3, Last: noon}); err != nil {
		t.Fatal(err)
	}
	if attempts, err := b.PINAttempts(ctx, boss().ID); err != nil || attempts.Failed != 3 || !attempts.Last.Equal(noon) {
		t.Errorf("attempts %+v, %v", attempts, err)
	}
	person.Active = false
	if err := b.SavePerson(ctx, person); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Session(ctx, "secret"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a session of someone who left: %v", err)
	}
	one, err := b.Pepper(ctx)
	two, again := b.Pepper(ctx)
	if err != nil || again != nil || len(one) != 32 || string(one) != string(two) {
		t.Errorf("pepper % x, then % x", one, two)
	}
}

func TestDevices(t *testing.T) {
	b := newBox(t)
	ctx := t.Context()
	adopted := devices.Adopted{ID: "d1", Driver: "escpos", Name: "영수증", Settings: drivers.Settings{"path": "/dev/usb/lp0"}}
	if err := b.SaveDevice(ctx, adopted); err != nil {
		t.Fatal(err)
	}
	all, err := b.Devices(ctx)
	if err != nil || len(all) != 1 || all[0].Settings["path"] != "/dev/usb/lp0" {
		t.Errorf("devices %+v, %v", all, err)
	}
	for i, state := range []string{"ok", "stop"} {
		at := noon.Add(time.Duration(i) * time.Minute)
		if err := b.DeviceChanged(ctx, protocol.DeviceState{Device: "d1", Kind: "printer", State: state, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	events, err := b.DeviceEvents(ctx, "d1", 10)
	if err != nil || len(events) != 2 || events[0].Level != devices.Stop {
		t.Errorf("events %+v, %v", events, err)
	}
	if err := b.RemoveDevice(ctx, "d1"); err != nil {
		t.Fatal(err)
	}
	if all, err := b.Devices(ctx); err != nil || len(all) != 0 {
		t.Errorf("devices %+v, %v", all, err)
	}
}

func TestFindSales(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	ctx := t.Context()
	for i := range 3 {
		if _, err := b.sell(ctx, fmt.Sprint(i), milk()); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		query till.SaleQuery
		want  int
	}{
		{till.SaleQuery{}, 3},
		{till.SaleQuery{Day: "2026-11-23"}, 3},
		{till.SaleQuery{Day: "2026-11-24"}, 0},
		{till.SaleQuery{Text: "0002"}, 1},
		{till.SaleQuery{Text: "우유"}, 3},
		{till.SaleQuery{Text: "두부"}, 0},
	} {
		step.query.Limit = 2
		rows, err := b.Sales(ctx, step.query)
		count, countErr := b.CountSales(ctx, step.query)
		if err != nil || countErr != nil || count != step.want || len(rows) != min(step.want, 2) {
			t.Errorf("%+v: %d rows of %d, %v, %v", step.query, len(rows), count, err, countErr)
		}
	}
	rows, err := b.Sales(ctx, till.SaleQuery{Limit: 1})
	if err != nil || rows[0].Number != "20261123-0003" || rows[0].Title != "우유 1L" || rows[0].Tenders[0] != sale.Cash || rows[0].Sent {
		t.Errorf("rows %+v, %v", rows, err)
	}
}
