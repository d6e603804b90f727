package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"shopbox/deploy/rig"
)

// openDoor serves POST /kill and /start?what=box|hub|printer|terminal|scanner,
// and POST /fill and /empty of a small disk.
func openDoor(ctx context.Context, world *rig.World) (*http.Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("control door: %w", err)
	}
	mux := http.NewServeMux()
	for path, act := range map[string]func(what string) error{
		"POST /kill":  world.KillPart,
		"POST /start": world.StartPart,
		"POST /fill":  func(string) error { return world.FillDisk() },
		"POST /empty": func(string) error { return world.EmptyDisk() },
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if err := act(r.FormValue("what")); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	server := &http.Server{Addr: listener.Addr().String(), Handler: mux, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	return server, nil
}
