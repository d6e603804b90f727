package e2e_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"shopbox/deploy/rig"
)

// counter is what the box says of its cart and its devices.
type counter struct {
	Cart struct {
		Lines []struct {
			Name     string `json:"name"`
			Quantity int64  `json:"quantity"`
			Note     string `json:"note"`
		} `json:"lines"`
	} `json:"cart"`
	Notice *struct {
		Code   string `json:"code"`
		Device string `json:"device"`
	} `json:"notice"`
	Devices []struct {
		ID    string `json:"id"`
		State string `json:"state"`
	} `json:"devices"`
}

// TestKeyboardScanner takes a scanner that types like a keyboard on beside the
// serial one: the same goods from both count twice, a notice names the scanner,
// and one that was unplugged works again in under 2 s.
func TestKeyboardScanner(t *testing.T) {
	world, shop := start(t)
	sim, err := rig.Start(rig.Command{
		Path: world.Programs.Sim, Args: []string{"hidscanner", "--fifo", "--control", "127.0.0.1:0"}, Log: world.Log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Stop() })
	keyboard, serial := control(t, sim), control(t, world.Scanner)
	var device struct {
		ID string `json:"id"`
	}
	post(t, shop.Box, "/api/devices", map[string]any{
		"driver": "hidscan", "name": "창고 스캐너", "settings": map[string]string{"addr": sim.Ready["addr"]},
	}, &device)
	ready := func(state counter) bool {
		for _, each := range state.Devices {
			if each.ID == device.ID {
				return each.State == "ok"
			}
		}
		return false
	}
	shows(t, shop.Box, "the scanner ready", ready)

	goods, err := rig.Products(t.Context(), shop.Box)
	if err != nil {
		t.Fatal(err)
	}
	code := goods["컵라면"].Barcodes[0]
	for _, scanner := range []*rig.Client{keyboard, serial} {
		post(t, scanner, "/scan?code="+code, nil, nil)
	}
	pieces := func(want int64) func(counter) bool {
		return func(state counter) bool { return len(state.Cart.Lines) == 1 && state.Cart.Lines[0].Quantity == want }
	}
	shows(t, shop.Box, "one piece from each scanner", pieces(2000))

	post(t, keyboard, "/scan?code=8809999999997", nil, nil)
	shows(t, shop.Box, "a notice of the scanner", func(state counter) bool {
		return state.Notice != nil && state.Notice.Code == "unknown_code" && state.Notice.Device == "창고 스캐너"
	})

	post(t, keyboard, "/fault?name=unplugged&on=true", nil, nil)
	shows(t, shop.Box, "the scanner gone", func(state counter) bool { return !ready(state) })
	back := time.Now()
	post(t, keyboard, "/fault?name=unplugged&on=false", nil, nil)
	shows(t, shop.Box, "the scanner back", ready)
	if took := time.Since(back); took > 2*time.Second {
		t.Errorf("the scanner was back after %s", took)
	}
	post(t, keyboard, "/scan?code="+code, nil, nil)
	shows(t, shop.Box, "one more piece", pieces(3000))
}

// control is a simulator's control address.
func control(t *testing.T, sim *rig.Process) *rig.Client {
	t.Helper()
	client, err := rig.NewClient(sim.Ready["control"])
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func post(t *testing.T, client *rig.Client, path string, body, into any) {
	t.Helper()
	if err := client.Call(t.Context(), http.MethodPost, path, body, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// shows waits until the box's snapshot is so.
func shows(t *testing.T, box *rig.Client, what string, so func(counter) bool) {
	t.Helper()
	eventually(t, 10*time.Second, what, func(ctx context.Context) (bool, error) {
		var state counter
		err := box.Get(ctx, "/api/state", &state)
		return err == nil && so(state), err
	})
}
