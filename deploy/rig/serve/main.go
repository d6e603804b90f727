// Command serve runs the real hub, a set-up box, a fresh box and simulated
// devices for the browser tests. It prints their addresses as one JSON line
// and stops everything when its standard input closes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"shopbox/deploy/rig"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		stop()
		os.Exit(1)
	}
}

// addresses is what the browser tests read.
type addresses struct {
	Box string `json:"box"`
	// Fresh is a box that nobody set up.
	Fresh string            `json:"fresh"`
	Hub   string            `json:"hub"`
	Sims  map[string]string `json:"sims"`
}

func run(ctx context.Context) (err error) {
	root, err := rig.Root()
	if err != nil {
		return err
	}
	programs, err := rig.Build(ctx, root, filepath.Join(root, ".build", "rig"))
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "shopbox-rig-")
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	defer os.RemoveAll(folder)
	world, err := rig.NewWorld(programs, folder, os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, world.Stop()) }()
	if err := world.Start(); err != nil {
		return err
	}
	if _, err := world.SetUp(ctx); err != nil {
		return err
	}
	fresh, err := rig.Start(rig.Command{Path: programs.Box, Log: os.Stderr, Env: []string{
		"BOX_DATA=" + filepath.Join(folder, "fresh"), "BOX_LISTEN=127.0.0.1:0", "BOX_METRICS=off", "BOX_RESERVE_MB=4",
	}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fresh.Stop()) }()
	err = json.NewEncoder(os.Stdout).Encode(addresses{
		Box: world.BoxURL(), Fresh: fresh.Ready["box"], Hub: world.HubURL(),
		Sims: map[string]string{
			"printer": world.Printer.Ready["control"], "terminal": world.Terminal.Ready["control"], "scanner": world.Scanner.Ready["control"],
		},
	})
	if err != nil {
		return fmt.Errorf("tell the addresses: %w", err)
	}
	wait(ctx)
	return nil
}

// wait waits until whoever started this closes its input, or says stop.
func wait(ctx context.Context) {
	closed := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(closed)
	}()
	select {
	case <-ctx.Done():
	case <-closed:
	}
}
