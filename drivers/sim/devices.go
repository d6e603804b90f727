package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"strings"

	"shopbox/drivers/paper"
	"shopbox/drivers/sim/printersim"
	"shopbox/drivers/sim/zvtsim"
)

// device is a running simulator as the control server sees it.
type device struct {
	name string
	addr string
	// state is what the device did, from the given number on.
	state    func(from int) any
	faults   func() any
	setFault func(name string, on bool) error
	close    func() error
	// routes are the device's own paths.
	routes map[string]http.HandlerFunc
}

// simulator is one kind of device and the lines it can hang on.
type simulator struct {
	name           string
	tcp, pty, fifo bool
	start          func(ctx context.Context, o options) (device, error)
}

// simulators is the one list of them.
func simulators() []simulator {
	return []simulator{
		{name: "zvt", tcp: true, pty: true, start: startTerminal},
		{name: "tl3x00", tcp: true, pty: true, start: startTL3x00},
		{name: "koces", tcp: true, pty: true, start: startKOCES},
		{name: "printer", tcp: true, pty: true, start: startPrinter},
		{name: "zpl", tcp: true, pty: true, start: startLabels},
		{name: "scanner", pty: true, start: startScanner},
		{name: "hidscanner", fifo: true, start: startKeyboard},
		{name: "scale", pty: true, start: startScale},
		{name: "display", pty: true, start: startDisplay},
	}
}

func simulatorNames() string {
	var names []string
	for _, simulator := range simulators() {
		names = append(names, simulator.name)
	}
	return strings.Join(names, ", ")
}

func simulatorOf(name string) (simulator, error) {
	for _, simulator := range simulators() {
		if simulator.name == name {
			return simulator, nil
		}
	}
	return simulator{}, fmt.Errorf("no device %q: %s", name, simulatorNames())
}

// terminalState is the JSON of a terminal.
type terminalState struct {
	Sim          string               `json:"sim"`
	Status       zvtsim.Status        `json:"status"`
	Transactions []zvtsim.Transaction `json:"transactions"`
}

func startTerminal(ctx context.Context, o options) (device, error) {
	simulator, err := zvtsim.Start(ctx, zvtsim.Config{Listen: o.listen, Serial: o.pty, TakesAny: true})
	if err != nil {
		return device{}, err
	}
	return device{
		name: "card terminal",
		addr: simulator.Addr(),
		state: func(from int) any {
			transactions := simulator.Transactions()
			return terminalState{
				Sim: o.device, Status: simulator.Status(),
				Transactions: transactions[min(from-1, len(transactions)):],
			}
		},
		faults:   func() any { return simulator.Faults() },
		setFault: simulator.SetFault,
		close:    simulator.Close,
	}, nil
}

// printerState is the JSON of a printer; slipState one of its slips.
type printerState struct {
	Sim    string          `json:"sim"`
	Pulses int             `json:"pulses"`
	Count  int             `json:"count"`
	Slips  []slipState     `json:"slips"`
	Faults map[string]bool `json:"faults"`
}

type slipState struct {
	Number  int      `json:"number"`
	Cut     bool     `json:"cut"`
	Pulses  int      `json:"pulses"`
	Unknown []string `json:"unknown,omitempty"`
	Text    string   `json:"text"`
}

func startPrinter(ctx context.Context, o options) (device, error) {
	simulator, err := printersim.Start(ctx, printersim.Config{Listen: o.listen, Columns: o.columns})
	if err != nil {
		return device{}, err
	}
	state := func(from int) any {
		slips := simulator.Slips()
		told := printerState{
			Sim: o.device, Pulses: simulator.Pulses(), Count: len(slips),
			Slips: []slipState{}, Faults: simulator.Faults(),
		}
		for i := from - 1; i < len(slips); i++ {
			told.Slips = append(told.Slips, slipState{
				Number: i + 1, Cut: slips[i].Cut, Pulses: slips[i].Pulses,
				Unknown: slips[i].Unknown, Text: slips[i].Text(),
			})
		}
		return told
	}
	return device{
		name:     "receipt printer",
		addr:     simulator.Addr(),
		state:    state,
		faults:   func() any { return simulator.Faults() },
		setFault: simulator.SetFault,
		close:    simulator.Close,
		routes: map[string]http.HandlerFunc{
			"GET /paper.png": paperRoute(simulator, "image/png", picture),
			"GET /paper.bin": paperRoute(simulator, "application/octet-stream", stream),
			"GET /paper.txt": paperRoute(simulator, "text/plain; charset=utf-8", text),
		},
	}, nil
}

// paperRoute shows the slip of the given number, or else the last.
func paperRoute(simulator *printersim.Simulator, contentType string, show func(paper.Slip) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		slips := simulator.Slips()
		number, err := optional(r, "n", max(len(slips), 1))
		if err == nil && number > len(slips) {
			err = fmt.Errorf("%d slips came out so far", len(slips))
		}
		var shown []byte
		if err == nil {
			shown, err = show(slips[number-1])
		}
		if err != nil {
			refuse(w, err)
			return
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(shown)
	}
}

func picture(slip paper.Slip) ([]byte, error) {
	drawn, err := slip.Picture()
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = png.Encode(&file, drawn)
	return file.Bytes(), err
}

func stream(slip paper.Slip) ([]byte, error) { return slip.Bytes, nil }

func text(slip paper.Slip) ([]byte, error) { return []byte(slip.Text()), nil }

// tell answers an act with the state after it.
func tell(w http.ResponseWriter, err error, state func(from int) any) {
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, state(1))
}
