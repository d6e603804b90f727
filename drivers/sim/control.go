package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// control is the HTTP server beside a device.
type control struct {
	address string
	server  *http.Server
	ended   chan error
}

// serve starts the server.
func serve(ctx context.Context, listen string, d device) (*control, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, err
	}
	c := &control{
		address: listener.Addr().String(),
		server:  &http.Server{Handler: routes(d), ReadHeaderTimeout: 5 * time.Second},
		ended:   make(chan error, 1),
	}
	go func() { c.ended <- c.server.Serve(listener) }()
	return c, nil
}

func (c *control) close() error {
	_ = c.server.Close()
	if err := <-c.ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// note says plainly what runs here.
const note = "This is a simulated device: no card is charged and no paper is printed."

// index is the JSON of the first page.
type index struct {
	Device  string   `json:"device"`
	Address string   `json:"address"`
	Note    string   `json:"note"`
	Paths   []string `json:"paths"`
}

// routes are the paths that every device has, and its own.
func routes(d device) http.Handler {
	mux := http.NewServeMux()
	paths := []string{"GET /state", "GET /faults", "POST /fault?name=NAME&on=true"}
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, r *http.Request) {
		from, err := optional(r, "from", 1)
		if err != nil {
			refuse(w, err)
			return
		}
		answer(w, d.state(from))
	})
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { answer(w, d.faults()) })
	mux.HandleFunc("POST /fault", func(w http.ResponseWriter, r *http.Request) {
		on, err := strconv.ParseBool(r.FormValue("on"))
		if err == nil {
			err = d.setFault(r.FormValue("name"), on)
		}
		if err != nil {
			refuse(w, err)
			return
		}
		answer(w, d.faults())
	})
	for path, handler := range d.routes {
		mux.HandleFunc(path, handler)
		paths = append(paths, path)
	}
	slices.Sort(paths)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, index{Device: "simulated " + d.name, Address: d.addr, Note: note, Paths: paths})
	})
	return mux
}

// optional is a number in the query of a request.
func optional(r *http.Request, name string, fallback int) (int, error) {
	text := r.FormValue(name)
	if text == "" {
		return fallback, nil
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 0, fmt.Errorf("%s is a number from 1", name)
	}
	return number, nil
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	// Whoever asked and went away needs no answer.
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}
