package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"

	"shopbox/drivers/sim/zplsim"
)

// labelsState is the JSON of a label printer; labelState one of its labels.
type labelsState struct {
	Sim    string          `json:"sim"`
	Count  int             `json:"count"`
	Labels []labelState    `json:"labels"`
	Faults map[string]bool `json:"faults"`
}

type labelState struct {
	Number  int           `json:"number"`
	Width   int           `json:"width"`
	Height  int           `json:"height"`
	Codes   []zplsim.Code `json:"codes"`
	Texts   []string      `json:"texts"`
	Drawn   int           `json:"drawn"`
	Unknown []string      `json:"unknown,omitempty"`
}

func startLabels(ctx context.Context, o options) (device, error) {
	simulator, err := zplsim.Start(ctx, zplsim.Config{Listen: o.listen})
	if err != nil {
		return device{}, err
	}
	return device{
		name:     "label printer",
		addr:     simulator.Addr(),
		state:    func(from int) any { return stateOfLabels(o.device, simulator, from) },
		faults:   func() any { return simulator.Faults() },
		setFault: simulator.SetFault,
		close:    simulator.Close,
		routes:   map[string]http.HandlerFunc{"GET /label.png": labelRoute(simulator)},
	}, nil
}

func stateOfLabels(name string, simulator *zplsim.Simulator, from int) labelsState {
	labels := simulator.Labels()
	told := labelsState{Sim: name, Count: len(labels), Labels: []labelState{}, Faults: simulator.Faults()}
	for i := from - 1; i < len(labels); i++ {
		shown := labelState{
			Number: i + 1, Width: labels[i].Width, Height: labels[i].Height,
			Codes: labels[i].Codes, Texts: []string{}, Drawn: labels[i].Graphics(), Unknown: labels[i].Unknown,
		}
		for _, text := range labels[i].Texts {
			shown.Texts = append(shown.Texts, text.Text)
		}
		told.Labels = append(told.Labels, shown)
	}
	return told
}

// labelRoute shows the label of the given number, or else the last.
func labelRoute(simulator *zplsim.Simulator) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		labels := simulator.Labels()
		number, err := optional(r, "n", max(len(labels), 1))
		if err == nil && number > len(labels) {
			err = fmt.Errorf("%d labels came out so far", len(labels))
		}
		var file bytes.Buffer
		if err == nil {
			err = encodeLabel(&file, labels[number-1])
		}
		if err != nil {
			refuse(w, err)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(file.Bytes())
	}
}

func encodeLabel(file *bytes.Buffer, label zplsim.Label) error {
	drawn, err := label.Picture()
	if err != nil {
		return err
	}
	return png.Encode(file, drawn)
}
