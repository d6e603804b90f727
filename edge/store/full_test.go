package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/store"
)

// smallDisk is a file system of its own of so many bytes; ok is false where
// the system lets nobody mount one.
func smallDisk(t *testing.T, bytes int64) (folder string, ok bool) {
	t.Helper()
	folder = t.TempDir()
	err := unix.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%d", bytes))
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		t.Log("no small disk without the right to mount; TestFileFull covers what is left")
		return "", false
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(folder, unix.MNT_DETACH) })
	return folder, true
}

// TestFileFull: a write that finds no room lets the reserve go, tries once
// more, and leaves nothing half done.
func TestFileFull(t *testing.T) {
	b := &box{path: filepath.Join(t.TempDir(), "box.db"), now: noon}
	b.open(t, 1<<20)
	b.setUp(t, milk())
	b.openDay(t)
	ctx := t.Context()
	if err := b.LimitPages(ctx, 3); err != nil {
		t.Fatal(err)
	}
	sold, full := 0, error(nil)
	for full == nil && sold < 10_000 {
		if _, full = b.sell(ctx, fmt.Sprint(sold), milk()); full == nil {
			sold++
		}
	}
	if !errors.Is(full, store.ErrDiskFull) {
		t.Fatalf("after %d sales: %v", sold, full)
	}
	if health, err := b.Health(); err != nil || !health.ReserveUsed {
		t.Errorf("health %+v, %v", health, err)
	}
	if err := b.Check(ctx); err != nil {
		t.Error(err)
	}
	if err := b.LimitPages(ctx, 1_000_000); err != nil {
		t.Fatal(err)
	}
	closed, err := b.sell(ctx, "with room", milk())
	if want := fmt.Sprintf("20261123-%04d", sold+1); err != nil || closed.Number != want {
		t.Errorf("number %s, want %s, %v", closed.Number, want, err)
	}
}

// TestDiskFull fills a real, small disk: the shop sells on from the reserve,
// says so, and nothing is torn; with room again the reserve comes back.
func TestDiskFull(t *testing.T) {
	folder, ok := smallDisk(t, 40<<20)
	if !ok {
		return
	}
	b := &box{path: filepath.Join(folder, "box.db"), now: noon}
	b.open(t, 16<<20)
	b.setUp(t, milk())
	b.openDay(t)
	ctx := t.Context()
	if health, err := b.Health(); err != nil || health.ReserveUsed {
		t.Fatalf("at first %+v, %v", health, err)
	}
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 40<<20), 0o600); err == nil {
		t.Fatal("the disk is not small")
	}
	sold := 0
	for ; sold < 100_000; sold++ {
		health, err := b.Health()
		if err != nil {
			t.Fatal(err)
		}
		if health.ReserveUsed && sold > 200 {
			break
		}
		if _, err := b.sell(ctx, fmt.Sprint(sold), milk()); err != nil {
			t.Fatalf("sale %d: %v", sold, err)
		}
	}
	t.Logf("the reserve was used at sale %d", sold)
	full := error(nil)
	for full == nil {
		note := catalog.Category{ID: "c", Name: "c", Color: catalog.Plain}
		note.ID = strings.Repeat("x", 4_000) + fmt.Sprint(sold)
		full = b.ChangeCatalog(ctx, catalog.Change{Categories: []catalog.Category{note}}, sale.Person{})
		sold++
	}
	if !errors.Is(full, store.ErrDiskFull) {
		t.Errorf("at the very end: %v", full)
	}
	if err := b.Check(ctx); err != nil {
		t.Error(err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if _, err := b.sell(ctx, "after", milk()); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestReserveComesBack(t *testing.T) {
	folder, ok := smallDisk(t, 12<<20)
	if !ok {
		return
	}
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 6<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	b := &box{path: filepath.Join(folder, "box.db"), now: noon}
	b.open(t, 4<<20)
	if health, err := b.Health(); err != nil || !health.ReserveUsed {
		t.Errorf("without room %+v, %v", health, err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := b.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if health, err := b.Health(); err != nil || health.ReserveUsed {
		t.Errorf("with room %+v, %v", health, err)
	}
}

// TestStartOnFullDisk: a box that starts while the disk is full to the last
// byte opens the shop all the same, from the reserve.
func TestStartOnFullDisk(t *testing.T) {
	folder, ok := smallDisk(t, 24<<20)
	if !ok {
		return
	}
	b := &box{path: filepath.Join(folder, "box.db"), now: noon}
	b.open(t, 8<<20)
	b.setUp(t, milk())
	b.openDay(t)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "ballast"), make([]byte, 24<<20), 0o600); err == nil {
		t.Fatal("the disk is not small")
	}
	b.open(t, 8<<20)
	if health, err := b.Health(); err != nil || !health.ReserveUsed {
		t.Errorf("health %+v, %v", health, err)
	}
	if _, err := b.sell(t.Context(), "1", milk()); err != nil {
		t.Error(err)
	}
}
