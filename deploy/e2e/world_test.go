// Package e2e_test holds what needs the real programs but no browser. The
// browser tests stand beside it, in TypeScript.
package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shopbox/deploy/rig"
)

// start starts a world with a shop that is set up and open.
func start(t *testing.T) (*rig.World, *rig.Shop) {
	t.Helper()
	root, err := rig.Root()
	if err != nil {
		t.Fatal(err)
	}
	programs, err := rig.Build(t.Context(), root, filepath.Join(root, ".build", "rig"))
	if err != nil {
		t.Fatal(err)
	}
	logs, err := os.Create(filepath.Join(t.TempDir(), "programs.log"))
	if err != nil {
		t.Fatal(err)
	}
	world, err := rig.NewWorld(programs, t.TempDir(), logs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Stop(); err != nil {
			t.Error(err)
		}
		logs.Close()
		if said, err := os.ReadFile(logs.Name()); err == nil && t.Failed() {
			t.Logf("the programs said:\n%s", said[max(0, len(said)-8000):])
		}
	})
	if err := world.Start(); err != nil {
		t.Fatal(err)
	}
	shop, err := world.SetUp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return world, shop
}

// eventually asks again and again until it is so.
func eventually(t *testing.T, within time.Duration, what string, so func(context.Context) (bool, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		is, err := so(ctx)
		if is {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: not within %s (%v)", what, within, err)
		case <-ticker.C:
		}
	}
}
