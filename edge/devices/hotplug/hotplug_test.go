package hotplug_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/usbsim"
	"shopbox/edge/devices/hotplug"
)

func TestSightings(t *testing.T) {
	t.Parallel()
	bus, err := usbsim.New(t.TempDir())
	must(t, err)
	tree := hotplug.Tree{Root: bus.Folder}
	path, err := bus.Plug("1-1.2", usbsim.Device{Vendor: "0C2E", Product: "0B6A", Serial: "17B2", Maker: "Honeywell", Name: "1900 Scanner", Class: "02", Line: "/dev/null"})
	must(t, err)
	_, err = bus.Plug("1-3", usbsim.Device{Vendor: "1504", Product: "0006", Maker: "BIXOLON", Name: "BIXOLON SRP-350III", Class: "07", Line: "/dev/null"})
	must(t, err)
	seen, err := tree.Sightings()
	must(t, err)
	want := []drivers.Sighting{
		{
			Bus: drivers.BusSerial, Path: path, Name: "Honeywell 1900 Scanner",
			USB: drivers.USB{Vendor: "0c2e", Product: "0b6a", Serial: "17B2", Interface: "00", Class: "02", Port: "1-1.2"},
		},
		{
			Bus: drivers.BusPrinter, Path: filepath.Join(bus.Folder, "dev/usb/lp0"), Name: "BIXOLON SRP-350III",
			USB: drivers.USB{Vendor: "1504", Product: "0006", Interface: "00", Class: "07", Port: "1-3"},
		},
	}
	if len(seen) != len(want) || seen[0] != want[0] || seen[1] != want[1] {
		t.Errorf("saw  %+v\nwant %+v", seen, want)
	}
	must(t, bus.Pull("1-1.2"))
	must(t, bus.Pull("1-3"))
	if seen, err := tree.Sightings(); err != nil || len(seen) != 0 {
		t.Errorf("with nothing plugged in saw %+v %v", seen, err)
	}
	if _, err := (hotplug.Tree{Root: t.TempDir()}).Sightings(); !errors.Is(err, hotplug.ErrNoTree) {
		t.Errorf("without a tree: %v", err)
	}
}

// Lines on the mainboard are seen, chips that are not there and the console
// are not; keyboards are, mice are not; a name that leads out of /dev is not.
func TestNotOnUSB(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for path, text := range map[string]string{
		"sys/class/tty/console/active":      "tty0 ttyS2\n",
		"sys/class/tty/ttyS0/type":          "4\n",
		"sys/class/tty/ttyS0/uevent":        "MAJOR=4\nDEVNAME=ttyS0\n",
		"sys/class/tty/ttyS1/type":          "0\n",
		"sys/class/tty/ttyS1/uevent":        "DEVNAME=ttyS1\n",
		"sys/class/tty/ttyS2/type":          "4\n",
		"sys/class/tty/ttyS2/uevent":        "DEVNAME=ttyS2\n",
		"sys/class/tty/ttyUSB9/uevent":      "DEVNAME=../etc/passwd\n",
		"sys/class/input/event0/uevent":     "DEVNAME=input/event0\n",
		"sys/class/input/event1/uevent":     "DEVNAME=input/event1\n",
		"sys/devices/kbd/capabilities/ev":   "120013\n",
		"sys/devices/mouse/capabilities/ev": "17\n",
		"sys/devices/uart/x":                "",
		"dev/ttyS0":                         "",
		"dev/ttyS1":                         "",
		"dev/ttyS2":                         "",
		"dev/input/event0":                  "",
		"dev/input/event1":                  "",
		"etc/passwd":                        "",
	} {
		must(t, os.MkdirAll(filepath.Join(root, filepath.Dir(path)), 0o755))
		must(t, os.WriteFile(filepath.Join(root, path), []byte(text), 0o600))
	}
	for node, device := range map[string]string{
		"tty/ttyS0": "uart", "tty/ttyS1": "uart", "tty/ttyS2": "uart", "tty/ttyUSB9": "uart", "input/event0": "kbd", "input/event1": "mouse",
	} {
		must(t, os.Symlink(filepath.Join(root, "sys/devices", device), filepath.Join(root, "sys/class", node, "device")))
	}
	seen, err := hotplug.Tree{Root: root}.Sightings()
	must(t, err)
	if len(seen) != 2 || seen[0].Bus != drivers.BusInput || seen[0].Name != "event0" || seen[1].Name != "ttyS0" || seen[1].USB.Known() {
		t.Errorf("saw %+v", seen)
	}
}

// This machine's own tree is read without a complaint, whatever it has.
func TestRealTree(t *testing.T) {
	t.Parallel()
	if _, err := (hotplug.Tree{Root: "/"}).Sightings(); err != nil && !errors.Is(err, hotplug.ErrNoTree) {
		t.Error(err)
	}
	source, err := hotplug.Open()
	if err != nil {
		return
	}
	ctx, cancel := context.WithCancel(t.Context())
	hotplug.Follow(ctx, source)
	cancel()
}

const notice = "add@/devices/usb1/1-1/1-1:1.0/ttyUSB0\x00ACTION=add\x00SUBSYSTEM=tty\x00DEVNAME=ttyUSB0\x00SEQNUM=7\x00"

func TestParse(t *testing.T) {
	t.Parallel()
	event, whole := hotplug.Parse([]byte(notice))
	if want := (hotplug.Event{Action: "add", Subsystem: "tty", Device: "ttyUSB0"}); !whole || event != want {
		t.Errorf("read %+v %t", event, whole)
	}
	for _, broken := range []string{"", "add@/devices", "libudev\x00\xfe\xed", "add\x00ACTION=add\x00"} {
		if event, whole := hotplug.Parse([]byte(broken)); whole {
			t.Errorf("%q is %+v", broken, event)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(notice))
	f.Add([]byte("remove@/\x00=\x00\x00"))
	f.Fuzz(func(t *testing.T, message []byte) {
		event, whole := hotplug.Parse(message)
		if !whole && event != (hotplug.Event{}) {
			t.Errorf("half a notice is %+v", event)
		}
	})
}

func TestFollow(t *testing.T) {
	t.Parallel()
	kernel, source := net.Pipe()
	told := hotplug.Follow(t.Context(), source)
	for _, other := range []string{"add@/devices/x\x00SUBSYSTEM=block\x00ACTION=add\x00", "noise", "change@/devices/x\x00SUBSYSTEM=tty\x00"} {
		_, err := kernel.Write([]byte(other))
		must(t, err)
	}
	_, err := kernel.Write([]byte(notice))
	must(t, err)
	select {
	case <-told:
	case <-time.After(3 * time.Second):
		t.Fatal("the plugging was not told")
	}
	select {
	case <-told:
		t.Error("something else was told")
	default:
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
