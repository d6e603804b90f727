// Command shopbox-edge is the box in the shop: it drives the devices, serves
// the counter's screens on the shop's network and carries every record to the
// hub.
//
// Usage: shopbox-edge [serve|openapi|version]
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"shopbox/edge/api"
)

// version is set when a release is built.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "shopbox-edge:", err)
		os.Exit(1)
	}
}

func run(_ context.Context, args []string) error {
	command := "serve"
	if len(args) > 0 {
		command = args[0]
	}
	switch command {
	case "openapi":
		document, err := api.Document()
		if err != nil {
			return err
		}
		_, err = os.Stdout.Write(document)
		return err
	case "version":
		fmt.Println(version)
		return nil
	default:
		return fmt.Errorf("no command %q; there are serve, openapi and version", command)
	}
}
