package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	"shopbox/drivers/sim/hidsim"
	"shopbox/drivers/sim/scannersim"
)

// scanner is what both simulated scanners can do.
type scanner interface {
	Addr() string
	Sent() []string
	Scan(code string) error
	Raw(data []byte) error
	Faults() map[string]bool
	SetFault(name string, on bool) error
	Close() error
}

func startScanner(ctx context.Context, o options) (device, error) {
	simulator, err := scannersim.Start(ctx, scannersim.Config{})
	if err != nil {
		return device{}, err
	}
	return scannerDevice(o, "barcode scanner", simulator), nil
}

func startKeyboard(ctx context.Context, o options) (device, error) {
	simulator, err := hidsim.Start(ctx, hidsim.Config{})
	if err != nil {
		return device{}, err
	}
	return scannerDevice(o, "barcode scanner (keyboard)", simulator), nil
}

// scannerState is the JSON of a scanner.
type scannerState struct {
	Sim    string          `json:"sim"`
	Sent   []string        `json:"sent"`
	Faults map[string]bool `json:"faults"`
}

func scannerDevice(o options, name string, simulator scanner) device {
	state := func(from int) any {
		sent := append([]string{}, simulator.Sent()...)
		return scannerState{Sim: o.device, Sent: sent[min(from-1, len(sent)):], Faults: simulator.Faults()}
	}
	return device{
		name:     name,
		addr:     simulator.Addr(),
		state:    state,
		faults:   func() any { return simulator.Faults() },
		setFault: simulator.SetFault,
		close:    simulator.Close,
		routes: map[string]http.HandlerFunc{
			"POST /scan": func(w http.ResponseWriter, r *http.Request) {
				code := r.FormValue("code")
				if code == "" {
					refuse(w, errors.New("no code"))
					return
				}
				tell(w, simulator.Scan(code), state)
			},
			"POST /raw": func(w http.ResponseWriter, r *http.Request) {
				data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
				if err == nil {
					err = simulator.Raw(data)
				}
				tell(w, err, state)
			},
		},
	}
}
