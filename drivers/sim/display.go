package main

import (
	"context"

	"shopbox/drivers/sim/vfdsim"
)

// displayState is the JSON of a customer display.
type displayState struct {
	Sim     string          `json:"sim"`
	Lines   []string        `json:"lines"`
	Unknown int             `json:"unknown"`
	Faults  map[string]bool `json:"faults"`
}

func startDisplay(ctx context.Context, o options) (device, error) {
	simulator, err := vfdsim.Start(ctx)
	if err != nil {
		return device{}, err
	}
	return device{
		name: "customer display",
		addr: simulator.Addr(),
		state: func(int) any {
			lines, _ := simulator.Shown()
			return displayState{Sim: o.device, Lines: lines, Unknown: simulator.Unknown(), Faults: simulator.Faults()}
		},
		faults:   func() any { return simulator.Faults() },
		setFault: simulator.SetFault,
		close:    simulator.Close,
	}, nil
}
