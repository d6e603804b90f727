package serialscan_test

import (
	"errors"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/serialscan"
	"shopbox/drivers/sim/scannersim"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]scannersim.Config{
		"CR":      {Suffix: "\r"},
		"LF":      {Suffix: "\n"},
		"CR LF":   {Suffix: "\r\n"},
		"STX ETX": {Prefix: "\x02", Suffix: "\x03"},
		"all":     {Prefix: "\x02", Suffix: "\x03\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conformance.Scanner(t, func(t *testing.T) conformance.ScannerCase {
				t.Helper()
				simulator, err := scannersim.Start(t.Context(), config)
				if err != nil {
					t.Fatal(err)
				}
				scanner, err := serialscan.New(serialscan.Config{Address: simulator.Addr()})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _, _ = scanner.Close(), simulator.Close() })
				return conformance.ScannerCase{Scanner: scanner, Trigger: simulator}
			})
		})
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry, err := drivers.NewRegistry(serialscan.Factory())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := registry.New("serialscan", drivers.Settings{"addr": "serial:///dev/ttyACM0"}); err != nil {
		t.Error(err)
	}
	for _, addr := range []string{"", "ttyACM0", "serial://ttyACM0", "serial:///dev/ttyACM0?baud=12345"} {
		if _, err := registry.New("serialscan", drivers.Settings{"addr": addr}); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%q: %v", addr, err)
		}
	}
}
