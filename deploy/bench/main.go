// Command bench measures what the project promises, on this machine and in
// one run: the real box and the real hub against a bare SQLite commit and
// against Mosquitto, and the engines on one core. `make bench` runs it; it takes less than six minutes.
//
//	go run ./deploy/bench [-json] [-only engines,box,hub,idle] [-keep]
//
// What always holds: what a broker, a database or a box has to do is inside
// the measured time, what only the simulation has to do is outside; nothing
// is repeated until it looks good; all data lies on the same disk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"shopbox/deploy/rig"
)

// loadArgument makes this program the load (see load.go).
const loadArgument = "load"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(ctx, log, os.Args[1:]); err != nil {
		log.Error("bench", slog.Any("error", err))
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, log *slog.Logger, args []string) error {
	if len(args) == 1 && args[0] == loadArgument {
		return serveLoad(ctx, os.Stdin, os.Stdout)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print JSON")
	only := flags.String("only", "engines,box,hub,idle", "what to measure")
	keep := flags.Bool("keep", false, "keep the data folder")
	if err := flags.Parse(args); err != nil {
		return err
	}
	parts := strings.Split(*only, ",")
	b, err := prepare(ctx, log, parts)
	if err != nil {
		return err
	}
	err = b.measure(ctx, parts)
	if err != nil || *keep {
		log.Info("data and log of the programs", slog.String("folder", b.folder))
		return err
	}
	b.report.Took = time.Since(b.report.At).Round(time.Second).String()
	if *asJSON {
		err = b.report.json(os.Stdout)
	} else {
		err = b.report.table(os.Stdout)
	}
	return errors.Join(err, os.RemoveAll(b.folder))
}

// bench is one run of everything.
type bench struct {
	log      *slog.Logger
	folder   string
	programs rig.Programs
	output   *os.File
	report   report
}

func prepare(ctx context.Context, log *slog.Logger, parts []string) (b *bench, err error) {
	b = &bench{log: log, report: report{At: time.Now(), Machine: machine()}}
	if b.folder, err = os.MkdirTemp("", "shopbox-bench-"); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if b.output, err = os.Create(filepath.Join(b.folder, "programs.log")); err != nil {
		return nil, fmt.Errorf("log of the programs: %w", err)
	}
	if !programsWanted(parts) {
		return b, nil
	}
	log.Info("building")
	b.programs, err = buildRelease(ctx, filepath.Join(".build", "bench"), slices.Contains(parts, "box"))
	return b, err
}

// programsWanted tells whether a part runs the real programs.
func programsWanted(parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return part != "engines" })
}

func machine() string {
	model := runtime.GOARCH
	if cpus, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(cpus)) {
			if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%d cores of %s", runtime.NumCPU(), model)
}
