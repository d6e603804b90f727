package e2e_test

import (
	"path/filepath"
	"testing"

	"shopbox/deploy/rig"
)

// TestFullDiskAtStart pulls the plug of a box whose disk is full: it starts
// again from the reserve, has lost nothing and still sells.
func TestFullDiskAtStart(t *testing.T) {
	root, err := rig.Root()
	if err != nil {
		t.Fatal(err)
	}
	programs, err := rig.Build(t.Context(), root, filepath.Join(root, ".build", "rig"))
	if err != nil {
		t.Fatal(err)
	}
	world, err := rig.NewWorld(programs, t.TempDir(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	end, err := world.SmallDisk(48)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	t.Cleanup(func() {
		if err := world.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := world.Start(); err != nil {
		t.Fatal(err)
	}
	shop, err := world.SetUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sell(t, shop.Box, 20)
	if err := world.FillDisk(); err != nil {
		t.Fatal(err)
	}
	sell(t, shop.Box, 50)
	if err := world.KillPart("box"); err != nil {
		t.Fatal(err)
	}
	if err := world.StartPart("box"); err != nil {
		t.Fatal(err)
	}
	sell(t, shop.Box, 20)
	if sold := onBox(t, shop.Box); len(sold) != 90 {
		t.Errorf("the box has %d of 90 sales", len(sold))
	}
	allSent(t, shop.Box)
	if arrived := onHub(t, shop); len(arrived) != 90 {
		t.Errorf("the hub has %d of 90 sales", len(arrived))
	}
}
