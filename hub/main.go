// The hub of Shopbox: one program that takes the records of the boxes and
// shows owners and carriers what happens in the shops.
//
//	hub [serve]                    run the hub (settings: HUB_* variables)
//	hub openapi                    print the description of the API
//	hub operator add LOGIN [NAME]  let an operator in; the password is read from standard input
//	hub invoice COMMAND            work on files of tax invoices; alone it lists its commands
//	hub version                    print the version
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"shopbox/hub/api"
	"shopbox/hub/app"
	"shopbox/hub/cli"
	"shopbox/hub/config"
)

// version is set by the linker.
var version = "dev"

var errUsage = errors.New("usage: hub [serve | openapi | operator add LOGIN [NAME] | invoice COMMAND | version]")

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
	case command == "serve" && len(args) <= 1:
		return serve(ctx)
	case command == "openapi" && len(args) == 1:
		return openAPI() //nolint:contextcheck // it serves nothing
	case command == "operator" && len(args) >= 3 && len(args) <= 4 && args[1] == "add":
		return addOperator(ctx, args[2:])
	case command == "invoice":
		return cli.Invoice(ctx, args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Remarks: os.Stderr, Now: time.Now})
	case command == "version" && len(args) == 1:
		fmt.Println(version)
		return nil
	}
	return errUsage
}

func options() (app.Options, error) {
	settings := config.FromEnv()
	if err := settings.Validate(); err != nil {
		return app.Options{}, err
	}
	return app.Options{
		Config: settings, Version: version, Now: time.Now, Ready: os.Stdout,
		Log: app.NewLog(os.Stderr, settings.LogLevel),
	}, nil
}

func serve(ctx context.Context) error {
	chosen, err := options()
	if err != nil {
		return err
	}
	return app.Run(ctx, chosen)
}

func openAPI() error {
	document, err := api.Document()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(document)
	return err
}

// addOperator reads the password from standard input so that it stands in no
// list of processes and no history.
func addOperator(ctx context.Context, args []string) error {
	chosen, err := options()
	if err != nil {
		return err
	}
	login, name := args[0], args[len(args)-1]
	fmt.Fprintf(os.Stderr, "password for %s: ", login)
	password, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && password == "" {
		return fmt.Errorf("read password: %w", err)
	}
	return app.AddOperator(ctx, chosen, login, name, strings.TrimRight(password, "\r\n"))
}
