package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"shopbox/drivers/sim/scalesim"
	"shopbox/protocol/money"
)

// scaleState is the JSON of a scale.
type scaleState struct {
	Sim    string          `json:"sim"`
	Grams  int64           `json:"grams"`
	Faults map[string]bool `json:"faults"`
}

// maxGrams is what the simulated scale can carry.
const maxGrams = 30_000

func startScale(ctx context.Context, o options) (device, error) {
	simulator, err := scalesim.Start(ctx, scalesim.Config{Dialect: scalesim.Dialect(o.dialect)})
	if err != nil {
		return device{}, err
	}
	state := func(int) any {
		return scaleState{Sim: o.device, Grams: int64(simulator.Weight()), Faults: simulator.Faults()}
	}
	return device{
		name:     "scale",
		addr:     simulator.Addr(),
		state:    state,
		faults:   func() any { return simulator.Faults() },
		setFault: simulator.SetFault,
		close:    simulator.Close,
		routes: map[string]http.HandlerFunc{
			"POST /put": func(w http.ResponseWriter, r *http.Request) {
				grams, err := strconv.Atoi(r.FormValue("grams"))
				if err != nil || grams < 0 || grams > maxGrams {
					refuse(w, errors.New("grams is a number from 0 to 30000"))
					return
				}
				simulator.Put(money.Milli(grams), r.FormValue("tared") == "yes")
				tell(w, nil, state)
			},
		},
	}, nil
}
