package broker_test

import (
	"context"
	"testing"
	"time"

	"shopbox/hub/report"
	"shopbox/hub/store/storetest"
	"shopbox/protocol"
)

// The whole route: claim, connect, a batch, the ack, the owner's figures.
func TestSaleReachesTheOwner(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t, engine, nil)
			b := h.enrol(t, h.shop)
			nudges, stop := h.feed.Subscribe(h.tenant.ID)
			defer stop()
			l := h.connect(t, b)
			if ack := l.ack(t); ack.Through != 0 {
				t.Fatalf("first ack through %d", ack.Through)
			}
			now := time.Now()
			l.send(t, h, b, event(t, b, 1, now, saleAt(1, now)), event(t, b, 2, now, saleAt(2, now)))
			l.through(t, 2)
			select {
			case <-nudges:
			case <-time.After(patience):
				t.Fatal("no nudge")
			}
			scope := report.Scope{Tenant: h.tenant.ID, Shop: h.shop.ID}
			day := must(h.reports.Day(context.Background(), scope, saleAt(1, now).Day))(t)
			if day.Total != 9000 || day.Sales != 2 || len(day.Hours) != 1 || day.Margin == nil || day.Margin.Amount != 2*(4091-1500) {
				t.Errorf("day: %+v", day)
			}
			page := must(h.reports.Sales(context.Background(), report.SalesQuery{Scope: report.Scope{Tenant: h.tenant.ID}}))(t)
			if len(page.Sales) != 2 || page.Sales[0].Number != saleAt(2, now).Number || page.Sales[0].Title != "아메리카노" {
				t.Errorf("sales: %+v", page)
			}
			sale := must(h.reports.Sale(context.Background(), scope, saleAt(1, now).Number, time.Time{}))(t)
			if sale.Total != 4500 || sale.Box != b.id || sale.Tenders[0].Change != 500 {
				t.Errorf("sale: %+v", sale)
			}
			wait(t, l.client.Publish(protocol.Topic(b.id, protocol.Reported), 1, false, jsonOf(t, protocol.BoxStatus{Version: "1.2.3", Unsent: 7, StartedAt: now})))
			l.send(t, h, b, event(t, b, 3, now, saleAt(3, now)))
			l.through(t, 3)
			boxes := must(h.reports.Boxes(context.Background(), h.tenant.ID))(t)
			if len(boxes) != 1 || !boxes[0].Connected || boxes[0].Version != "1.2.3" || boxes[0].Unsent != 7 || boxes[0].Through != 3 {
				t.Errorf("boxes: %+v", boxes)
			}
		})
	}
}

// The PUBACK of a batch travels with the ack, but a box that hears no acks
// gets its PUBACK too, and the ack when it listens again.
func TestPubackWithoutAcks(t *testing.T) {
	t.Parallel()
	h := newHub(t, storetest.SQLite(), nil)
	b := h.enrol(t, h.shop)
	l := h.connect(t, b)
	l.ack(t)
	wait(t, l.client.Unsubscribe(protocol.Topic(b.id, protocol.Acks)))
	now := time.Now()
	for sequence := range int64(5) {
		l.send(t, h, b, event(t, b, sequence+1, now, saleAt(int(sequence)+1, now)))
	}
	l.listen(t, b)
	l.through(t, 5)
	for sequence := range int64(5) {
		l.send(t, h, b, event(t, b, sequence+6, now, saleAt(int(sequence)+6, now)))
		l.through(t, sequence+6)
	}
}
