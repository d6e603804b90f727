package vfd_test

import (
	"errors"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/sim/vfdsim"
	"shopbox/drivers/vfd"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]vfd.Config{
		"epson":            {Dialect: vfd.Epson},
		"epson in Hangul":  {Dialect: vfd.Epson, Korean: true},
		"behind a printer": {Dialect: vfd.Epson, BehindPrinter: true},
		"cd5220":           {Dialect: vfd.CD5220},
		"cd5220 in Hangul": {Dialect: vfd.CD5220, Korean: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conformance.Display(t, func(t *testing.T) conformance.DisplayCase {
				t.Helper()
				simulator, err := vfdsim.Start(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				here := config
				here.Address = simulator.Addr()
				display, err := vfd.New(here)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _, _ = display.Close(), simulator.Close() })
				return conformance.DisplayCase{Display: display, Glass: simulator, Korean: config.Korean}
			})
		})
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry, err := drivers.NewRegistry(vfd.Factory())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := registry.New("vfd", drivers.Settings{"addr": "serial:///dev/ttyUSB0", "dialect": "cd5220", "korean": "yes"}); err != nil {
		t.Error(err)
	}
	for _, settings := range []drivers.Settings{{}, {"addr": "COM3"}, {"addr": "serial:///dev/ttyUSB0", "dialect": "morse"}} {
		if _, err := registry.New("vfd", settings); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%v: %v", settings, err)
		}
	}
}
