// Command demo runs a hub, a box with simulated devices and a filled shop on
// this machine, and says where to look. Ctrl-C stops everything and leaves
// nothing behind.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"shopbox/deploy/rig"
)

// The ports the demo takes when they are free.
const (
	boxDoor = "127.0.0.1:8080"
	hubDoor = "127.0.0.1:8090"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) (err error) {
	root, err := rig.Root()
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "Building the programs ...")
	programs, err := rig.Build(ctx, root, filepath.Join(root, ".build", "demo"))
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "shopbox-demo-")
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	defer os.RemoveAll(folder)
	logs, err := os.Create(filepath.Join(root, ".build", "demo", "demo.log"))
	if err != nil {
		return fmt.Errorf("log: %w", err)
	}
	defer logs.Close()
	world, err := rig.NewWorld(programs, folder, logs)
	if err != nil {
		return err
	}
	world.BoxAddress, world.HubAddress = free(boxDoor, world.BoxAddress), free(hubDoor, world.HubAddress)
	defer func() { err = errors.Join(err, world.Stop()) }()
	fmt.Fprintln(out, "Starting a hub, a box and simulated devices, and filling a shop ...")
	if err := world.Start(); err != nil {
		return fmt.Errorf("%w (see %s)", err, logs.Name())
	}
	if _, err := world.SetUp(ctx); err != nil {
		return fmt.Errorf("%w (see %s)", err, logs.Name())
	}
	tell(out, world, logs.Name())
	return watch(ctx, world)
}

// free is the address wanted, or the other when it is taken.
func free(wanted, other string) string {
	listener, err := net.Listen("tcp", wanted) //nolint:noctx // opened and closed at once
	if err != nil {
		return other
	}
	listener.Close()
	return wanted
}

func tell(out io.Writer, world *rig.World, logs string) {
	fmt.Fprintf(out, `
%s is open. Everything runs on this machine; no card is charged.

  Counter       %s
                %s, PIN %s (owner)
                %s, PIN %s (cashier)
  Owner's page  %s
                %s, password %s

  Simulated devices, with faults to switch on:
    printer     %s   (the last slip: %s/paper.png)
    terminal    %s
    scanner     %s   (scan: curl -X POST '%s/scan?code=%s')

  Log           %s

Press Ctrl-C to stop.
`,
		rig.ShopName,
		world.BoxURL(), rig.OwnerName, rig.OwnerPIN, rig.CashierName, rig.CashierPIN,
		world.HubURL(), rig.OwnerLogin, rig.OwnerPassword,
		world.Printer.Ready["control"], world.Printer.Ready["control"], world.Terminal.Ready["control"],
		world.Scanner.Ready["control"], world.Scanner.Ready["control"], rig.Goods()[0].Barcode(),
		logs)
}

// watch waits for Ctrl-C, or for a program that ended by itself.
func watch(ctx context.Context, world *rig.World) error {
	select {
	case <-ctx.Done():
		return nil
	case <-world.Box.Ended():
		return errors.New("the box ended by itself")
	case <-world.Hub.Ended():
		return errors.New("the hub ended by itself")
	}
}
