package main

import (
	"context"

	"shopbox/drivers/sim/kocessim"
	"shopbox/drivers/sim/terminalsim"
	"shopbox/drivers/sim/tl3x00sim"
)

// cardTerminal is a simulated terminal built on terminalsim.
type cardTerminal interface {
	Addr() string
	Resting() bool
	Balance() int64
	Transactions() []terminalsim.Transaction
	List() []terminalsim.FaultInfo
	SetFault(name string, on bool) error
	Close() error
}

// cardTerminalState is the JSON of a terminal.
type cardTerminalState struct {
	Sim          string                    `json:"sim"`
	Busy         bool                      `json:"busy"`
	Balance      int64                     `json:"balance"`
	Transactions []terminalsim.Transaction `json:"transactions"`
}

// cardTerminalDevice is a terminal as the control server sees it.
func cardTerminalDevice(o options, simulator cardTerminal) device {
	return device{
		name: "card terminal",
		addr: simulator.Addr(),
		state: func(from int) any {
			transactions := simulator.Transactions()
			return cardTerminalState{
				Sim: o.device, Busy: !simulator.Resting(), Balance: simulator.Balance(),
				Transactions: transactions[min(from-1, len(transactions)):],
			}
		},
		faults:   func() any { return simulator.List() },
		setFault: simulator.SetFault,
		close:    simulator.Close,
	}
}

func startTL3x00(ctx context.Context, o options) (device, error) {
	simulator, err := tl3x00sim.Start(ctx, tl3x00sim.Config{Listen: o.listen})
	if err != nil {
		return device{}, err
	}
	return cardTerminalDevice(o, simulator), nil
}

func startKOCES(ctx context.Context, o options) (device, error) {
	simulator, err := kocessim.Start(ctx, kocessim.Config{Listen: o.listen})
	if err != nil {
		return device{}, err
	}
	return cardTerminalDevice(o, simulator), nil
}
