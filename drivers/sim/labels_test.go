package main

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"testing"
	"time"

	"shopbox/drivers/port"
)

// A label sent by any program comes out as often as it is wanted, and can be
// looked at.
func TestLabelPrinter(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"tcp": {"zpl", "--listen", "127.0.0.1:0"}, "pty": {"zpl", "--pty"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ready := startSim(t, args...)
			if status, _ := call(t, "GET", ready["control"]+"/label.png", ""); status != http.StatusBadRequest {
				t.Errorf("a picture of nothing: %d", status)
			}
			line, err := port.Open(t.Context(), ready["addr"])
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = line.Close() }()
			const format = "^XA^PW320^LL200^FO10,10^A0N,30,30^FDShop^FS^FO10,60^BY2^BEN,80,N^FD880104301480^FS^PQ2^XZ"
			if _, err := line.Write([]byte(format), time.Second); err != nil {
				t.Fatal(err)
			}
			var state labelsState
			for state.Count < 2 {
				if err := json.Unmarshal(mustCall(t, "GET", ready["control"]+"/state", ""), &state); err != nil {
					t.Fatal(err)
				}
			}
			if last := state.Labels[1]; last.Width != 320 || last.Codes[0].Data != "8801043014809" || last.Texts[0] != "Shop" {
				t.Errorf("state is %+v", state)
			}
			drawn, err := png.Decode(bytes.NewReader(mustCall(t, "GET", ready["control"]+"/label.png?n=1", "")))
			if err != nil || drawn.Bounds().Dx() != 320 {
				t.Errorf("label.png: %v", err)
			}
		})
	}
}
