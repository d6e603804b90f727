package hidscan_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/hidscan"
	"shopbox/drivers/sim/hidsim"
	"shopbox/drivers/sim/line"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]hidsim.Config{
		"enter":     {},
		"pad enter": {Ending: hidsim.PadEnter},
		"tab":       {Ending: hidsim.Tab},
		"alt codes": {AltCodes: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conformance.Scanner(t, func(t *testing.T) conformance.ScannerCase {
				t.Helper()
				simulator, err := hidsim.Start(t.Context(), config)
				if err != nil {
					t.Fatal(err)
				}
				scanner, err := hidscan.New(hidscan.Config{Address: simulator.Addr()})
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
	registry, err := drivers.NewRegistry(hidscan.Factory())
	if err != nil {
		t.Fatal(err)
	}
	const addr = "file:///dev/input/by-id/usb-Scanner-event-kbd"
	for _, good := range []drivers.Settings{{"addr": addr}, {"addr": addr, "ending": "tab", "gap": "500"}} {
		if _, err := registry.New("hidscan", good); err != nil {
			t.Errorf("%v: %v", good, err)
		}
	}
	for _, bad := range []drivers.Settings{
		{},
		{"addr": "serial:///dev/ttyACM0"},
		{"addr": "/dev/input/event3"},
		{"addr": addr, "ending": "escape"},
		{"addr": addr, "gap": "0"},
		{"addr": addr, "gap": "19"},
		{"addr": addr, "gap": "1001"},
		{"addr": addr, "gap": "fast"},
	} {
		if _, err := registry.New("hidscan", bad); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// open opens a path as a scanner.
func open(t *testing.T, path string, grab func(uintptr) error) error {
	t.Helper()
	scanner, err := hidscan.New(hidscan.Config{Address: "file://" + path, Grab: grab})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = scanner.Close() })
	return scanner.Open(t.Context())
}

// What is no keyboard is refused, above all a device that would let the keys
// through.
func TestOpenRefused(t *testing.T) {
	t.Parallel()
	wire, err := line.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = wire.Close() })
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		file + ".none": drivers.ErrOffline, file: drivers.ErrSettings, filepath.Dir(file): drivers.ErrSettings,
		"/dev/null": drivers.ErrSettings, wire.Path(): drivers.ErrSettings,
	} {
		if err := open(t, path, nil); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
	}
}

// A serial line stands in for the event device: only the answer to the grab is
// looked at.
func TestGrab(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ answer, want error }{
		"taken":        {nil, nil},
		"by another":   {unix.EBUSY, drivers.ErrBusy},
		"gone since":   {unix.ENODEV, drivers.ErrOffline},
		"no keyboard":  {unix.ENOTTY, drivers.ErrSettings},
		"other device": {unix.EINVAL, drivers.ErrSettings},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wire, err := line.New()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = wire.Close() })
			grabs := 0
			err = open(t, wire.Path(), func(uintptr) error {
				grabs++
				return tt.answer
			})
			if !errors.Is(err, tt.want) || grabs != 1 {
				t.Errorf("%v after %d grabs, want %v", err, grabs, tt.want)
			}
		})
	}
}
