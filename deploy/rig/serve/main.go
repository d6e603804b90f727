// Command serve runs the real hub, a box and simulated devices for the browser
// tests, and lets the tests cut and mend them over HTTP.
//
//	serve          a shop that is set up and open, with its owner's page
//	serve -bare    programs and devices only; nothing is set up
//	serve -clock T the box's system clock starts at T (RFC 3339)
//	serve -disk N  the box's data lies on a disk of N megabytes (needs root)
//	serve box T    not the rig but the box itself, with such a clock
//
// When all is ready it prints one line of JSON with the addresses. It stops
// everything when its standard input is closed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"shopbox/deploy/rig"
	"shopbox/edge/app"
	"shopbox/edge/config"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

// addresses is the line of readiness.
type addresses struct {
	Box  string            `json:"box"`
	Hub  string            `json:"hub"`
	Sims map[string]string `json:"sims"`
	// Control cuts and mends the programs.
	Control string `json:"control"`
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) == 2 && args[0] == "box" {
		return runBox(ctx, args[1], stdout)
	}
	var wanted options
	if err := wanted.parse(args); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "shopbox-rig-")
	if err != nil {
		return fmt.Errorf("folder of the data: %w", err)
	}
	defer os.RemoveAll(folder)
	world, err := newWorld(ctx, folder)
	if err != nil {
		return err
	}
	end, err := wanted.prepare(world)
	if err != nil {
		return err
	}
	defer end()
	return errors.Join(serve(ctx, world, wanted, stdin, stdout), world.Stop())
}

func serve(ctx context.Context, world *rig.World, wanted options, stdin io.Reader, stdout io.Writer) error {
	if err := world.Start(); err != nil {
		return err
	}
	if !wanted.bare {
		if _, err := world.SetUp(ctx); err != nil {
			return err
		}
	}
	door, err := openDoor(ctx, world)
	if err != nil {
		return err
	}
	defer door.Close()
	err = json.NewEncoder(stdout).Encode(addresses{
		Box: world.BoxURL(), Hub: world.HubURL(), Control: "http://" + door.Addr,
		Sims: map[string]string{
			"printer": world.Printer.Ready["control"], "terminal": world.Terminal.Ready["control"], "scanner": world.Scanner.Ready["control"],
		},
	})
	if err != nil {
		return fmt.Errorf("tell the addresses: %w", err)
	}
	wait(ctx, stdin)
	return nil
}

// wait waits until whoever started this closes its input, or says stop.
func wait(ctx context.Context, stdin io.Reader) {
	closed := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, stdin)
		close(closed)
	}()
	select {
	case <-ctx.Done():
	case <-closed:
	}
}

func newWorld(ctx context.Context, folder string) (*rig.World, error) {
	root, err := rig.Root()
	if err != nil {
		return nil, err
	}
	programs, err := rig.Build(ctx, root, filepath.Join(root, ".build", "rig"))
	if err != nil {
		return nil, err
	}
	return rig.NewWorld(programs, folder, os.Stderr)
}

// options are what the command line asks for.
type options struct {
	bare  bool
	clock string
	disk  int
}

func (o *options) parse(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.BoolVar(&o.bare, "bare", false, "set nothing up")
	flags.StringVar(&o.clock, "clock", "", "the `time` the box's system clock starts at")
	flags.IntVar(&o.disk, "disk", 0, "`megabytes` of the box's disk")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("what is %q?", flags.Arg(0))
	}
	return nil
}

// prepare makes the world as asked; the returned function undoes it.
func (o *options) prepare(world *rig.World) (end func(), err error) {
	if o.clock != "" {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find this program: %w", err)
		}
		world.BoxCommand = []string{self, "box", o.clock}
	}
	if o.disk == 0 {
		return func() {}, nil
	}
	return world.SmallDisk(o.disk)
}

// runBox is the real box, whose system clock starts at the given time.
func runBox(ctx context.Context, clock string, stdout io.Writer) error {
	start, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		return fmt.Errorf("clock: %w", err)
	}
	settings, err := config.FromEnv("dev")
	if err != nil {
		return err
	}
	begun := time.Now()
	return app.Run(ctx, app.Options{
		Config: settings, Log: app.NewLog(os.Stderr, settings.LogLevel), Ready: stdout,
		Now:   func() time.Time { return start.Add(time.Since(begun)) },
		Built: time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC),
		// A clock so wrong is one that no network keeps right.
		FromNetwork: func() bool { return false },
	})
}
