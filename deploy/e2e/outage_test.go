package e2e_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"shopbox/deploy/rig"
)

const (
	// onlineSales are sold with the hub there, to compare with.
	onlineSales = 300
	// dayOfSales is a busy day of a shop.
	dayOfSales = 3_000
	// stillFast is a sale that nobody waits for, even while other tests keep
	// the machine busy.
	stillFast = 150 * time.Millisecond
	// closeWithin bounds the close of such a day; the aim is 2 s, which the
	// benchmark measures on a quiet machine.
	closeWithin = 10 * time.Second
)

// TestDayWithoutHub cuts the line for a day of 3,000 sales: the counter stays
// as fast as it was, the day closes quickly, and when the line is back all is
// on the hub exactly once.
func TestDayWithoutHub(t *testing.T) {
	world, shop := start(t)
	online := sell(t, shop.Box, onlineSales)
	if err := world.KillPart("hub"); err != nil {
		t.Fatal(err)
	}
	cut := sell(t, shop.Box, dayOfSales)
	before, meanwhile := percentile99(online), percentile99(cut)
	t.Logf("p99 of a sale: %s with the hub, %s without", before, meanwhile)
	if meanwhile > max(2*before, stillFast) {
		t.Errorf("p99 of a sale grew from %s to %s while the hub was gone", before, meanwhile)
	}
	closed := time.Now()
	if err := shop.Box.Post(t.Context(), "/api/day/close", map[string]any{"counted": 0, "note": "not counted", "force": true}, nil); err != nil {
		t.Fatal(err)
	}
	took := time.Since(closed)
	t.Logf("close of a day of %d sales: %s", onlineSales+dayOfSales, took)
	if took > closeWithin {
		t.Errorf("closing the day took %s", took)
	}
	if err := world.StartPart("hub"); err != nil {
		t.Fatal(err)
	}
	allSent(t, shop.Box)
	sold, arrived := onBox(t, shop.Box), onHub(t, shop)
	if len(sold) != onlineSales+dayOfSales {
		t.Errorf("the box has %d sales", len(sold))
	}
	if !slices.Equal(sold, arrived) {
		t.Errorf("the box has %d sales, the hub %d; they differ", len(sold), len(arrived))
	}
}

// allSent waits until the hub has everything the box has.
func allSent(t *testing.T, box *rig.Client) {
	t.Helper()
	eventually(t, 2*time.Minute, "everything sent", func(ctx context.Context) (bool, error) {
		var state struct {
			Hub struct {
				Unsent int64 `json:"unsent"`
			} `json:"hub"`
		}
		err := box.Get(ctx, "/api/state", &state)
		return err == nil && state.Hub.Unsent == 0, err
	})
}

// sell makes cash sales of one line and returns how long each took, from the
// request to the answer.
func sell(t *testing.T, box *rig.Client, count int) []time.Duration {
	t.Helper()
	codes := make([]string, 0, len(rig.Goods()))
	for _, good := range rig.Goods() {
		codes = append(codes, good.Barcode())
	}
	took := make([]time.Duration, 0, count)
	for i := range count {
		var state struct {
			Cart struct {
				ID      string `json:"id"`
				Version int64  `json:"version"`
			} `json:"cart"`
		}
		if err := box.Post(t.Context(), "/api/cart/scan", map[string]any{"code": codes[i%len(codes)]}, &state); err != nil {
			t.Fatal(err)
		}
		pay := map[string]any{
			"key": fmt.Sprintf("%s-%d", state.Cart.ID, i), "cart": state.Cart.ID, "version": state.Cart.Version, "tender": "cash",
		}
		begun := time.Now()
		if err := box.Post(t.Context(), "/api/cart/pay", pay, nil); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(begun))
	}
	return took
}

func percentile99(took []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)*99/100]
}

type row struct {
	Number string `json:"number"`
	Total  int64  `json:"total"`
}

// listed is the sales of a list, one text for each, in order.
func listed(rows []row) []string {
	texts := make([]string, 0, len(rows))
	for _, row := range rows {
		texts = append(texts, fmt.Sprintf("%s %d", row.Number, row.Total))
	}
	slices.Sort(texts)
	return texts
}

func onBox(t *testing.T, box *rig.Client) []string {
	t.Helper()
	const page = 200
	var all []row
	for {
		var answer struct {
			Items []row `json:"items"`
		}
		if err := box.Get(t.Context(), fmt.Sprintf("/api/sales?offset=%d&limit=%d", len(all), page), &answer); err != nil {
			t.Fatal(err)
		}
		all = append(all, answer.Items...)
		if len(answer.Items) < page {
			return listed(all)
		}
	}
}

func onHub(t *testing.T, shop *rig.Shop) []string {
	t.Helper()
	var all []row
	for cursor := ""; ; {
		var answer struct {
			Sales []row  `json:"sales"`
			Next  string `json:"next"`
		}
		if err := shop.Hub.Get(t.Context(), "/api/sales?cursor="+url.QueryEscape(cursor), &answer); err != nil {
			t.Fatal(err)
		}
		all = append(all, answer.Sales...)
		if cursor = answer.Next; cursor == "" {
			return listed(all)
		}
	}
}
