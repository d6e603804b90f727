package ingest_test

import (
	"context"
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

// counter is a publisher that only counts what is acknowledged.
type counter struct {
	through atomic.Int64
	done    chan struct{}
	want    int64
}

func (c *counter) Publish(_ string, _ protocol.Channel, payload []byte) error {
	ack, err := protocol.ParseAck(payload)
	if err == nil && ack.Through == c.want && c.through.Add(1) == benchBoxes {
		close(c.done)
	}
	return err
}

func (*counter) Connected(string) bool { return true }

const benchBoxes = 200

// BenchmarkIngest is what one hub stores, durable, deduplicated, projected,
// without the network: batches of one sale and of 50, of 200 boxes.
func BenchmarkIngest(b *testing.B) {
	for _, engine := range storetest.Engines(b) {
		for _, size := range []int{1, 50} {
			b.Run(fmt.Sprintf("%s/batch=%d", engine.Name, size), func(b *testing.B) { benchIngest(b, engine, size) })
		}
	}
}

func benchIngest(b *testing.B, engine storetest.Engine, size int) {
	b.Helper()
	db := engine.Open(b)
	codec, err := protocol.NewCodec()
	if err != nil {
		b.Fatal(err)
	}
	perBox := max(1, b.N/(benchBoxes*size))
	boxes := claimBoxes(b, db)
	batches := make([][][]byte, len(boxes))
	for i, box := range boxes {
		batches[i] = benchBatches(b, codec, box, perBox, size)
	}
	in := ingest.New(ingest.Config{Store: db, Codec: codec, Nudge: report.NewFeed(), Log: slog.New(slog.DiscardHandler), Now: time.Now})
	c := &counter{done: make(chan struct{}), want: int64(perBox * size)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx, c) }()
	b.ResetTimer()
	for batch := range perBox {
		for i, box := range boxes {
			if err := in.Events(box, batches[i][batch]); err != nil {
				b.Fatal(err)
			}
		}
	}
	<-c.done
	for i := range boxes {
		if err := in.Settle(ctx, tenantOf(i), ""); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(perBox*size*len(boxes))/b.Elapsed().Seconds(), "sales/s")
	b.ReportMetric(float64(in.Stats().Batches)/float64(in.Stats().Groups), "batches/group")
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}

func benchBatches(b *testing.B, codec *protocol.Codec, box string, count, size int) [][]byte {
	b.Helper()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("KST", 9*60*60))
	batches := make([][]byte, count)
	sequence := 0
	for i := range batches {
		events := make([]protocol.Event, size)
		for j := range events {
			sequence++
			var err error
			if events[j], err = protocol.NewEvent(box, protocol.Sequence(sequence), at, benchSale(sequence, at)); err != nil {
				b.Fatal(err)
			}
		}
		var err error
		if batches[i], err = codec.Pack(events); err != nil {
			b.Fatal(err)
		}
	}
	return batches
}

func benchSale(number int, at time.Time) protocol.SaleClosed {
	sale := protocol.Sale{Number: fmt.Sprintf("20261123-%04d", number), Day: "2026-11-23", At: at, By: protocol.Person{ID: "p1", Name: "김점원"}}
	for i := range 3 {
		cost := money.Won(700)
		product := (number*7 + i) % 100
		sale.Lines = append(sale.Lines, protocol.Line{
			ID: fmt.Sprint(i), Product: fmt.Sprintf("019b7d00-0000-7000-8000-%012d", product), Name: fmt.Sprintf("상품 %d", product),
			Barcode: "8801234567890", Quantity: money.One, Unit: 1100, Amount: 1100, VAT: money.Taxable, Cost: &cost,
		})
	}
	sale.Total, sale.Supply, sale.VAT = 3300, 3000, 300
	sale.Tenders = []protocol.Tender{{Kind: protocol.TenderCard, Amount: 3300, Attempt: "a", Card: &protocol.Card{Number: "123456******1234", Approval: "12345678"}}}
	return protocol.SaleClosed{Sale: sale}
}

// claimBoxes puts boxes into shops of their own, as claims do.
func claimBoxes(tb testing.TB, db *store.DB) []string {
	tb.Helper()
	boxes := make([]string, benchBoxes)
	for i := range boxes {
		boxes[i] = fmt.Sprintf("019b7d00-0000-7000-8000-%012x", i)
		putBox(tb, db, tenantOf(i), fmt.Sprintf("shop%04d", i), boxes[i])
	}
	return boxes
}

func tenantOf(box int) string { return fmt.Sprintf("tenant%04d", box/4) }

// putBox claims a box straight into the store, with tenant and shop.
func putBox(tb testing.TB, db *store.DB, tenantID, shop, box string) {
	tb.Helper()
	ctx := context.Background()
	now := time.Now()
	_ = db.InsertTenant(ctx, tenant.Tenant{ID: tenantID, Name: tenantID, BusinessNumber: tenantID, CreatedAt: now}) // may be there
	err := db.InsertShop(ctx, tenant.Shop{ID: shop, Tenant: tenantID, Name: shop, CreatedAt: now})
	if err == nil {
		err = db.InsertClaim(ctx, tenant.StoredClaim{Hash: "claim " + box, Tenant: tenantID, Shop: shop, ExpiresAt: now.Add(time.Minute)})
	}
	if err == nil {
		_, err = db.Enrol(ctx, tenant.Enrolment{
			ClaimHash: "claim " + box, Box: tenant.Box{ID: box, Tenant: tenantID, Shop: shop},
			Certificate: tenant.Certificate{Serial: "serial " + box, NotAfter: now}, At: now,
		})
	}
	if err != nil {
		tb.Fatal(err)
	}
}
