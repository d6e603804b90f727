// Package hotplug sees what is plugged into the box: it reads the system's
// device tree and listens to the kernel's notices of plugging. edge/app hands
// both to edge/devices.
//
// What always holds: nothing is sent to a device, nor is its file opened; a
// device that is half there, because it comes or goes just now, is left out.
package hotplug

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"shopbox/drivers"
)

// Tree is the folder that holds the system's dev and sys; "/" on a real box.
type Tree struct{ Root string }

// ErrNoTree says that the system shows no device tree, as in some containers:
// that nothing is seen does not mean then that nothing is there.
var ErrNoTree = errors.New("no device tree")

// Sightings are the devices of the kinds a shop has that are plugged in now,
// by path.
func (t Tree) Sightings() ([]drivers.Sighting, error) {
	if _, err := os.Stat(filepath.Join(t.Root, "sys", "class", "tty")); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTree, err)
	}
	console, _ := os.ReadFile(filepath.Join(t.Root, "sys/class/tty/console/active"))
	consoles := strings.Fields(string(console))
	var seen []drivers.Sighting
	for _, search := range []struct {
		pattern string
		bus     drivers.Bus
	}{
		{"tty/ttyACM*", drivers.BusSerial},
		{"tty/ttyUSB*", drivers.BusSerial},
		{"tty/ttyAMA*", drivers.BusSerial},
		{"tty/ttyS*", drivers.BusSerial},
		{"usbmisc/lp*", drivers.BusPrinter},
		{"input/event*", drivers.BusInput},
	} {
		// The patterns are right, so Glob has no error.
		nodes, _ := filepath.Glob(filepath.Join(t.Root, "sys", "class", search.pattern))
		for _, node := range nodes {
			if slices.Contains(consoles, filepath.Base(node)) {
				continue
			}
			if sighting, whole := t.look(node, search.bus); whole {
				seen = append(seen, sighting)
			}
		}
	}
	slices.SortFunc(seen, func(a, b drivers.Sighting) int { return strings.Compare(a.Path, b.Path) })
	return seen, nil
}

// look reads one node of /sys/class.
func (t Tree) look(node string, bus drivers.Bus) (drivers.Sighting, bool) {
	if bus == drivers.BusSerial && unwired(node) || bus == drivers.BusInput && !typewriter(node) {
		return drivers.Sighting{}, false
	}
	name := devName(node)
	if name == "" {
		return drivers.Sighting{}, false
	}
	seen := drivers.Sighting{Bus: bus, Path: filepath.Join(t.Root, "dev", name), Name: filepath.Base(node)}
	if _, err := os.Stat(seen.Path); err != nil {
		return drivers.Sighting{}, false
	}
	device, err := filepath.EvalSymlinks(filepath.Join(node, "device"))
	if err != nil {
		return drivers.Sighting{}, false
	}
	usb, called := t.readUSB(device)
	seen.USB = usb
	if called != "" {
		seen.Name = called
	}
	return seen, true
}

// unwired lines are those the kernel keeps for chips that are not there; their
// type is 0. USB lines have no type.
func unwired(node string) bool { return read(node, "type") == "0" }

// What a keyboard can do, as bits of "ev": send keys, and repeat them. Mice and
// the volume keys of a keyboard do not repeat.
const (
	evKeys   = 1 << 1
	evRepeat = 1 << 20
)

// typewriter reports whether an input device types, as a scanner does in its
// keyboard mode.
func typewriter(node string) bool {
	able, err := strconv.ParseUint(read(node, "device/capabilities/ev"), 16, 64)
	return err == nil && able&evKeys != 0 && able&evRepeat != 0
}

// devName is the file below /dev: "ttyUSB0", "usb/lp0".
func devName(node string) string {
	for line := range strings.Lines(read(node, "uevent")) {
		name, found := strings.CutPrefix(strings.TrimSpace(line), "DEVNAME=")
		// The kernel's names stay below /dev; nothing else is believed.
		if found && filepath.IsLocal(name) {
			return name
		}
	}
	return ""
}

// readUSB climbs from a device to its USB interface and the USB device above.
func (t Tree) readUSB(device string) (usb drivers.USB, name string) {
	top, err := filepath.EvalSymlinks(filepath.Join(t.Root, "sys"))
	if err != nil {
		return usb, ""
	}
	for folder := device; len(folder) > len(top); folder = filepath.Dir(folder) {
		if number := read(folder, "bInterfaceNumber"); number != "" && usb.Interface == "" {
			usb.Interface, usb.Class = number, read(folder, "bInterfaceClass")
		}
		if vendor := read(folder, "idVendor"); vendor != "" {
			usb.Vendor, usb.Product = strings.ToLower(vendor), strings.ToLower(read(folder, "idProduct"))
			usb.Serial, usb.Port = read(folder, "serial"), filepath.Base(folder)
			return usb, fullName(read(folder, "manufacturer"), read(folder, "product"))
		}
	}
	return drivers.USB{}, ""
}

func fullName(maker, product string) string {
	if strings.HasPrefix(strings.ToLower(product), strings.ToLower(maker)) {
		return product
	}
	return strings.TrimSpace(maker + " " + product)
}

// attributeLimit is more than any attribute has that is read here; what a
// device says of itself is not trusted to be short.
const attributeLimit = 4096

// read is an attribute, empty when there is none. Devices' own texts are cut
// to what can be shown.
func read(folder, name string) string {
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return ""
	}
	content = content[:min(len(content), attributeLimit)]
	return strings.ToValidUTF8(strings.TrimSpace(string(content)), "")
}
