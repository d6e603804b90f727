package store_test

import (
	"testing"
)

// TestNumbered: receipts go on behind what the hub has of the shop, never back,
// and the gap is known.
func TestNumbered(t *testing.T) {
	b := newBox(t)
	b.setUp(t, milk())
	b.openDay(t)
	sold := func(cart, want string) {
		t.Helper()
		closed, err := b.sell(t.Context(), cart, milk())
		if err != nil || closed.Sale.Number != want {
			t.Errorf("%s, %v; want %s", closed.Sale.Number, err, want)
		}
	}
	told := func(day string, number int64) {
		t.Helper()
		must(t, b.Numbered(t.Context(), map[string]int64{day: number}))
		must(t, b.Check(t.Context()))
	}
	told("2026-11-23", 41)
	sold("a", "20261123-0042")
	sold("b", "20261123-0043")
	told("2026-11-23", 42)
	sold("c", "20261123-0044")
	told("2026-11-23", 50)
	told("2026-11-22", 7)
	sold("d", "20261123-0051")
	for day, number := range map[string]int64{"2026-11-23": 1 << 40, "yesterday": 60, "": 60} {
		told(day, number)
	}
	told("2026-11-23", -1)
	sold("e", "20261123-0052")
}
