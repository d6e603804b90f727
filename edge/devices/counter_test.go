package devices_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/scalesim"
	"shopbox/drivers/sim/vfdsim"
	"shopbox/edge/devices"
)

func TestScale(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	if _, err := s.manager.Weigh(t.Context()); !errors.Is(err, devices.ErrNoDevice) {
		t.Errorf("without a scale: %v", err)
	}
	scale, err := scalesim.Start(t.Context(), scalesim.Config{Dialect: scalesim.CASAsked})
	must(t, err)
	t.Cleanup(func() { scale.Close() })
	s.adopt("scale", "cas", scale.Addr())
	s.becomes("scale", devices.OK, "")
	scale.Put(1234, false)
	if weight, err := s.manager.Weigh(t.Context()); err != nil || weight.Net != 1234 {
		t.Errorf("weight %+v, %v", weight, err)
	}
	must(t, scale.SetFault(scalesim.Moving, true))
	if weight, err := s.manager.Weigh(t.Context()); !errors.Is(err, drivers.ErrUnstable) {
		t.Errorf("moving: %+v, %v", weight, err)
	}
	must(t, scale.SetFault(scalesim.Moving, false))
	must(t, scale.SetFault(scalesim.BelowZero, true))
	s.becomes("scale", devices.Warn, "scale_below_zero")
	must(t, scale.SetFault(scalesim.BelowZero, false))
	s.becomes("scale", devices.OK, "")
	must(t, scale.SetFault(scalesim.Unplugged, true))
	s.becomes("scale", devices.Stop, "offline")
	must(t, scale.SetFault(scalesim.Unplugged, false))
	s.becomes("scale", devices.OK, "")
}

func TestDisplay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	display, err := vfdsim.Start(t.Context())
	must(t, err)
	t.Cleanup(func() { display.Close() })
	s.adopt("display", "vfd", display.Addr())
	s.becomes("display", devices.OK, "")
	s.manager.Show([]drivers.DisplayLine{{Left: "Milk", Right: "2,800"}})
	shows(t, display, "Milk           2,800", "")
	must(t, display.SetFault(vfdsim.Unplugged, true))
	s.manager.Show([]drivers.DisplayLine{{Left: "Bread", Right: "5,000"}})
	s.becomes("display", devices.Stop, "offline")
	must(t, display.SetFault(vfdsim.Unplugged, false))
	s.becomes("display", devices.OK, "")
	shows(t, display, "Bread          5,000", "")
}

func shows(t *testing.T, display *vfdsim.Simulator, want ...string) {
	t.Helper()
	late := time.NewTimer(within)
	defer late.Stop()
	for {
		shown, changed := display.Shown()
		if slices.Equal(shown, want) {
			return
		}
		select {
		case <-changed:
		case <-late.C:
			t.Fatalf("shown %q; want %q", shown, want)
		}
	}
}
