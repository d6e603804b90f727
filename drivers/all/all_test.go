package all_test

import (
	"errors"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/all"
)

// Every driver makes the device of its kind from an address and its defaults.
func TestRegistry(t *testing.T) {
	t.Parallel()
	registry, err := all.Registry()
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for _, kind := range drivers.Kinds() {
		for _, name := range registry.Names(kind) {
			made++
			device, err := registry.New(name, required(registry[name]))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if !is(kind, device) {
				t.Errorf("%s is a %T, no %s", name, device, kind)
			}
			if _, err := registry.New(name, nil); !errors.Is(err, drivers.ErrSettings) {
				t.Errorf("%s without an address: %v", name, err)
			}
		}
	}
	if made != len(registry) {
		t.Errorf("%d of %d drivers have a known kind", made, len(registry))
	}
}

// required gives a driver the settings it cannot do without.
func required(factory drivers.Factory) drivers.Settings {
	settings := drivers.Settings{}
	for _, field := range factory.Fields {
		if field.Required {
			settings[field.Name] = "1234567890"
		}
	}
	settings["addr"] = address(factory.Name)
	return settings
}

func address(driver string) string {
	switch driver {
	case "hidscan":
		return "file:///dev/input/by-id/usb-Scanner-event-kbd"
	case "zvt":
		return "127.0.0.1:20007"
	}
	return "serial:///dev/ttyUSB0?baud=9600"
}

func is(kind drivers.Kind, device any) bool {
	var ok bool
	switch kind {
	case drivers.KindTerminal:
		_, ok = device.(drivers.Terminal)
	case drivers.KindPrinter:
		_, ok = device.(drivers.Printer)
	case drivers.KindScanner:
		_, ok = device.(drivers.Scanner)
	case drivers.KindScale:
		_, ok = device.(drivers.Scale)
	case drivers.KindDisplay:
		_, ok = device.(drivers.Display)
	}
	return ok
}
