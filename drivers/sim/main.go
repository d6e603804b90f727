// Command sim runs one simulated device: a card terminal (zvt, tl3x00,
// koces), a receipt printer (printer), a label printer (zpl), a barcode scanner on a serial line (scanner) or
// one that types like a keyboard (hidscanner), a scale (scale) or a customer
// display (display). People who try Shopbox without devices run it, and so do
// the demo and the browser tests.
//
//	go run ./drivers/sim zvt     --listen 127.0.0.1:20007 --control 127.0.0.1:8101
//	go run ./drivers/sim zvt     --pty                    --control 127.0.0.1:8101
//	go run ./drivers/sim tl3x00  --pty                    --control 127.0.0.1:8101
//	go run ./drivers/sim koces   --listen 127.0.0.1:20008 --control 127.0.0.1:8101
//	go run ./drivers/sim printer --listen 127.0.0.1:9100  --control 127.0.0.1:8102
//	go run ./drivers/sim printer --pty                    --control 127.0.0.1:8102
//	go run ./drivers/sim zpl     --listen 127.0.0.1:9101  --control 127.0.0.1:8105
//	go run ./drivers/sim scanner --pty                    --control 127.0.0.1:8103
//	go run ./drivers/sim hidscanner --fifo                --control 127.0.0.1:8103
//	go run ./drivers/sim scale   --pty --dialect toledo   --control 127.0.0.1:8104
//
// It prints one line of JSON when it is ready, whose addr is the address to
// give to a driver, and runs until it is interrupted. The control address
// serves what the device did and switches its faults; GET / lists its paths.
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
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "sim:", err)
		os.Exit(1)
	}
}

// options are what the command line asks for.
type options struct {
	device  string
	listen  string
	pty     bool
	fifo    bool
	columns int
	dialect string
	control string
	stdin   bool
}

func parse(args []string) (options, error) {
	var o options
	if len(args) == 0 {
		return o, fmt.Errorf("which device: %s?", simulatorNames())
	}
	o.device = args[0]
	flags := flag.NewFlagSet("sim "+o.device, flag.ContinueOnError)
	flags.StringVar(&o.listen, "listen", "", "TCP `address` of the device, such as 127.0.0.1:9100")
	flags.BoolVar(&o.pty, "pty", false, "be a serial device on a pseudo-terminal")
	flags.BoolVar(&o.fifo, "fifo", false, "be a keyboard whose events come out of a named pipe")
	flags.IntVar(&o.columns, "columns", 48, "characters in a line of the printer's paper")
	flags.StringVar(&o.dialect, "dialect", "", "how a scale speaks: cas-asked, cas-stream or toledo")
	flags.StringVar(&o.control, "control", "127.0.0.1:0", "HTTP `address` to look at the device and to switch its faults")
	flags.BoolVar(&o.stdin, "stdin", false, "stop when standard input is closed")
	if err := flags.Parse(args[1:]); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("what is %q?", flags.Arg(0))
	}
	return o, o.check()
}

// check wants the device on one line that it can hang on.
func (o options) check() error {
	chosen, err := simulatorOf(o.device)
	if err != nil {
		return err
	}
	var asked, able []string
	for _, line := range []struct {
		flag      string
		given, is bool
	}{{"--listen", o.listen != "", chosen.tcp}, {"--pty", o.pty, chosen.pty}, {"--fifo", o.fifo, chosen.fifo}} {
		if line.given {
			asked = append(asked, line.flag)
		}
		if line.is {
			able = append(able, line.flag)
		}
	}
	if len(asked) == 1 && slices.Contains(able, asked[0]) {
		return nil
	}
	return fmt.Errorf("%s needs %s", o.device, strings.Join(able, " or "))
}

// run runs a device until the context ends.
func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if o.stdin {
		go func() {
			_, _ = io.Copy(io.Discard, stdin)
			stop()
		}()
	}
	chosen, err := simulatorOf(o.device)
	if err != nil {
		return err
	}
	running, err := chosen.start(ctx, o)
	if err != nil {
		return err
	}
	defer func() { _ = running.close() }()
	server, err := serve(ctx, o.control, running)
	if err != nil {
		return err
	}
	ready, err := json.Marshal(map[string]string{
		"sim":     o.device,
		"addr":    running.addr,
		"control": "http://" + server.address,
		"note":    note,
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(stdout, "%s\n", ready); err != nil {
		return err
	}
	<-ctx.Done()
	return server.close()
}
