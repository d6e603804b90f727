// The box of Shopbox: the program in the shop that drives the devices, serves
// the counter's screens on the shop's network and carries every record to the
// hub.
//
//	edge [serve]   run the box (settings: BOX_* variables)
//	edge openapi   print the description of the API
//	edge version   print the version
//
//	edge pay [--explain]                answer JSON lines with a month's pay
//	edge withholding --month 2026-11    print the withholding table as CSV
//	edge slip [--json] FILE.json        print a month's pay slip as PDF, or as data; --help tells the file
//	edge receipt --sample               print a receipt's bytes; --png and --text read them back
//	edge device NAME --addr ADDR ACT    work with one device by hand, without a running box
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"shopbox/edge/api"
	"shopbox/edge/app"
	"shopbox/edge/cli"
	"shopbox/edge/config"
)

// version is set by the linker.
var version = "dev"

var errUsage = errors.New("usage: edge [serve | openapi | version | pay | withholding | slip | receipt | device]")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	command := "serve"
	if len(args) > 0 {
		command = args[0]
	}
	switch {
	case command == "pay":
		return cli.RunPay(args[1:], os.Stdin, os.Stdout)
	case command == "withholding":
		return cli.RunWithholding(args[1:], os.Stdout)
	case command == "slip":
		return cli.RunSlip(args[1:], os.Stdout)
	case command == "receipt":
		return cli.Receipt(args[1:], app.Encode, os.Stdin, os.Stdout)
	case command == "device":
		return device(ctx, args[1:])
	case len(args) > 1:
		return errUsage
	case command == "serve":
		return serve(ctx)
	case command == "openapi":
		return openAPI() //nolint:contextcheck // it serves nothing
	case command == "version":
		fmt.Println(version)
		return nil
	}
	return errUsage
}

// firstRelease is before any box was made: no clock before it is right.
func firstRelease() time.Time { return time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC) }

// heapGrowth is by how many percent the heap may grow before it is swept. A box
// has little memory and mostly time, so that it is half of what is usual.
const heapGrowth = 50

func serve(ctx context.Context) error {
	debug.SetGCPercent(heapGrowth)
	settings, err := config.FromEnv(version)
	if err != nil {
		return err
	}
	return app.Run(ctx, app.Options{
		Config: settings, Log: app.NewLog(os.Stderr, settings.LogLevel), Now: time.Now, Built: firstRelease(), Ready: os.Stdout,
	})
}

func device(ctx context.Context, args []string) error {
	registry, err := app.Drivers()
	if err != nil {
		return err
	}
	return cli.Device(ctx, registry, args, os.Stdin, os.Stdout)
}

func openAPI() error {
	document, err := api.Document()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(document)
	return err
}
