package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"shopbox/deploy/rig"
	"shopbox/drivers/sim/usbsim"
)

// openDoor serves POST /kill and /start?what=box|hub|printer|terminal|scanner,
// POST /fill and /empty of a small disk, and POST /plug?what=SOCKET&line=PTY
// and /pull?what=SOCKET of a barcode scanner on the box's USB.
func openDoor(ctx context.Context, world *rig.World) (*http.Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("control door: %w", err)
	}
	mux := http.NewServeMux()
	for path, act := range map[string]func(what, line string) error{
		"POST /kill":  func(what, _ string) error { return world.KillPart(what) },
		"POST /start": func(what, _ string) error { return world.StartPart(what) },
		"POST /fill":  func(string, string) error { return world.FillDisk() },
		"POST /empty": func(string, string) error { return world.EmptyDisk() },
		"POST /plug":  func(socket, line string) error { return plugScanner(world, socket, line) },
		"POST /pull":  func(socket, _ string) error { return world.USB.Pull(socket) },
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if err := act(r.FormValue("what"), r.FormValue("line")); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	server := &http.Server{Addr: listener.Addr().String(), Handler: mux, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	return server, nil
}

// plugScanner plugs a scanner, whose line is a pty, into a socket.
func plugScanner(world *rig.World, socket, line string) error {
	_, err := world.USB.Plug(socket, usbsim.Device{
		Vendor: "0c2e", Product: "0b6a", Maker: "Honeywell", Name: "Scanner", Class: "02", Line: line,
	})
	return err
}
