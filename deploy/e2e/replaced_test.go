package e2e_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestReplacedBox: a box breaks and another takes its place on the same day. Its
// receipts go on behind those of the first, and the owner has them all.
func TestReplacedBox(t *testing.T) {
	world, shop := start(t)
	sell(t, shop.Box, 5)
	allSent(t, shop.Box)
	first := onBox(t, shop.Box)
	if err := world.ReplaceBox(t.Context(), shop); err != nil {
		t.Fatal(err)
	}
	eventually(t, time.Minute, "the new box in contact", func(ctx context.Context) (bool, error) {
		var state struct {
			Hub struct {
				State string `json:"state"`
			} `json:"hub"`
		}
		err := shop.Box.Get(ctx, "/api/state", &state)
		return state.Hub.State == "online", err
	})
	sell(t, shop.Box, 2)
	allSent(t, shop.Box)
	second := onBox(t, shop.Box)
	var day string
	var last int
	for i, sold := range slices.Concat(first, second) {
		if _, err := fmt.Sscanf(sold, "%8s-%d", &day, &last); err != nil || last != i+1 {
			t.Errorf("receipt %d is %s (%v)", i+1, sold, err)
		}
	}
	if arrived := onHub(t, shop); !slices.Equal(arrived, slices.Concat(first, second)) {
		t.Errorf("the hub has %v; the boxes sold %v and %v", arrived, first, second)
	}
}
