package ingest_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"shopbox/hub/ingest"
	"shopbox/hub/store/storetest"
	"shopbox/protocol"
)

// saleOn is a sale of a date by its receipt number.
func saleOn(t *testing.T, box string, sequence int64, day string, number int) protocol.Event {
	t.Helper()
	sold := benchSale(number, noon())
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	sold.Day, sold.Number = day, fmt.Sprintf("%s-%04d", at.Format("20060102"), number)
	return event(t, box, sequence, sold)
}

// TestTellsLastNumbers: a box that takes over hears at its first contact how far
// the receipts of its shop are, of the days that count and no other shop's.
func TestTellsLastNumbers(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines(t) {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			db := engine.Open(t)
			putBox(t, db, "tenant", "shop", boxA)
			putBox(t, db, "tenant", "other", boxB)
			in := startWith(t, db, ingest.Config{Now: noon})
			in.Subscribed(boxA)
			if ack := in.ack(t, boxA); len(ack.Numbers) != 0 {
				t.Errorf("a new shop has the numbers %v", ack.Numbers)
			}
			in.send(t, boxA,
				saleOn(t, boxA, 1, "2026-11-19", 70), saleOn(t, boxA, 2, "2026-11-20", 8), saleOn(t, boxA, 3, "2026-11-20", 9),
				saleOn(t, boxA, 4, "2026-11-22", 9999), saleOn(t, boxA, 5, "2026-11-22", 10_000), saleOn(t, boxA, 6, "2026-11-22", 10_001),
				saleOn(t, boxA, 7, "2026-11-23", 1), saleOn(t, boxA, 8, "2026-11-23", 12), saleOn(t, boxA, 9, "2099-01-01", 5))
			in.send(t, boxB, saleOn(t, boxB, 1, "2026-11-23", 40))
			in.Subscribed(boxA)
			want := map[string]int64{"2026-11-20": 9, "2026-11-22": 10_001, "2026-11-23": 12}
			if ack := in.ack(t, boxA); ack.Through != 9 || !maps.Equal(ack.Numbers, want) {
				t.Errorf("through %d, numbers %v; want %v", ack.Through, ack.Numbers, want)
			}
			if ack := in.send(t, boxA, saleOn(t, boxA, 10, "2026-11-23", 13)); len(ack.Numbers) != 0 {
				t.Errorf("an ack of a batch has the numbers %v", ack.Numbers)
			}
		})
	}
}
