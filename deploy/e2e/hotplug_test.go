package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"shopbox/deploy/rig"
	"shopbox/drivers/sim/scannersim"
	"shopbox/drivers/sim/usbsim"
)

// deviceState is how a device is, as the box's screens are told.
func deviceState(ctx context.Context, box *rig.Client, id string) (string, error) {
	var state struct {
		Devices []struct{ ID, State string } `json:"devices"`
	}
	if err := box.Get(ctx, "/api/state", &state); err != nil {
		return "", err
	}
	for _, device := range state.Devices {
		if device.ID == id {
			return device.State, nil
		}
	}
	return "", fmt.Errorf("no device %s", id)
}

// becomes waits until a device is in a state, and tells how long that took.
func becomes(t *testing.T, box *rig.Client, id, want string, within time.Duration) {
	t.Helper()
	began := time.Now()
	eventually(t, within, "device "+want, func(ctx context.Context) (bool, error) {
		state, err := deviceState(ctx, box, id)
		return state == want, err
	})
	t.Logf("%s after %s", want, time.Since(began).Round(time.Millisecond))
}

// A scanner found on the box's USB is adopted with one request, pulled out,
// plugged in again, and plugged into another socket while something else has
// its old name: each time it is usable in under two seconds, also after the
// box was killed.
func TestHotPlug(t *testing.T) {
	t.Parallel()
	world, shop := start(t)
	scanner, err := scannersim.Start(t.Context(), scannersim.Config{})
	must(t, err)
	t.Cleanup(func() { scanner.Close() })
	other, err := scannersim.Start(t.Context(), scannersim.Config{})
	must(t, err)
	t.Cleanup(func() { other.Close() })
	device := usbsim.Device{Vendor: "0c2e", Product: "0b6a", Maker: "Honeywell", Name: "Scanner", Class: "02", Line: scanner.Addr()}
	first, err := world.USB.Plug("1-1", device)
	must(t, err)
	id, err := adoptFound(t.Context(), shop.Box, first)
	must(t, err)
	becomes(t, shop.Box, id, "ok", 5*time.Second)

	unplug := func(socket string) {
		must(t, scanner.SetFault(scannersim.Unplugged, true))
		must(t, world.USB.Pull(socket))
		becomes(t, shop.Box, id, "stop", 3*time.Second)
	}
	plug := func(socket string) string {
		must(t, scanner.SetFault(scannersim.Unplugged, false))
		path, err := world.USB.Plug(socket, device)
		must(t, err)
		return path
	}
	unplug("1-1")
	plug("1-1")
	becomes(t, shop.Box, id, "ok", 2*time.Second)

	unplug("1-1")
	_, err = world.USB.Plug("1-4", usbsim.Device{Vendor: "0403", Product: "6001", Name: "Adapter", Class: "02", Line: other.Addr()})
	must(t, err)
	if moved := plug("1-2"); moved == first {
		t.Fatal("the scanner has its old name; nothing is tested")
	}
	becomes(t, shop.Box, id, "ok", 2*time.Second)
	must(t, scanner.Scan("8801000000012"))
	eventually(t, 3*time.Second, "scan in the cart", func(ctx context.Context) (bool, error) {
		var state struct {
			Cart struct{ Lines []struct{ Name string } } `json:"cart"`
		}
		err := shop.Box.Get(ctx, "/api/state", &state)
		return len(state.Cart.Lines) == 1, err
	})

	must(t, world.Box.Kill())
	must(t, world.StartBox())
	becomes(t, shop.Box, id, "ok", 5*time.Second)
}

// adoptFound adopts what the box found at a path, with the best offer.
func adoptFound(ctx context.Context, box *rig.Client, path string) (string, error) {
	var found []struct {
		Name, Place string
		Offers      []struct {
			Driver   string
			Settings map[string]string
		}
	}
	if err := box.Get(ctx, "/api/devices/found", &found); err != nil {
		return "", err
	}
	for _, each := range found {
		if each.Place != path {
			continue
		}
		var adopted struct{ ID string }
		best := each.Offers[0]
		err := box.Post(ctx, "/api/devices", map[string]any{"driver": best.Driver, "name": each.Name, "settings": best.Settings}, &adopted)
		return adopted.ID, err
	}
	return "", errors.New("not found at " + path)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
