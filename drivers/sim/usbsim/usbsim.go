// Package usbsim is a simulated USB bus: a folder that holds dev and sys as
// Linux shows them, in which simulated devices are plugged in, pulled out, and
// plugged in elsewhere. Tests start it and hand the folder to the box.
//
// What always holds: a device that is pulled out leaves nothing behind, and
// the files of one that is in lead to the simulator's own line.
package usbsim

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Device is what is plugged in.
type Device struct {
	// Vendor and Product are four hex digits each; Serial may be empty.
	Vendor, Product, Serial string
	Maker, Name             string
	// Class is the interface's class, two hex digits: ff for an adapter with a
	// serial line, 02 for one that talks like a modem, 07 for a printer.
	Class string
	// Line is the simulator's line, such as a pseudo-terminal.
	Line string
}

// Bus is a folder with dev and sys. It is safe for use by many goroutines.
type Bus struct {
	Folder string

	mutex sync.Mutex
	// nodes are the names of the files by the socket their device sits in.
	nodes map[string]node
}

type node struct{ class, name string }

// New makes a bus with nothing plugged in.
func New(folder string) (*Bus, error) {
	for _, inner := range []string{"dev/usb", "sys/class/tty", "sys/class/usbmisc", "sys/class/input", "sys/devices/usb1"} {
		if err := os.MkdirAll(filepath.Join(folder, inner), 0o750); err != nil {
			return nil, fmt.Errorf("simulated bus: %w", err)
		}
	}
	return &Bus{Folder: folder, nodes: make(map[string]node)}, nil
}

// Plug plugs a device into a socket ("1-1"). As the kernel does, it takes the
// first free number: ttyUSB0, ttyUSB1. The device's file is returned.
func (b *Bus) Plug(socket string, device Device) (string, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if _, taken := b.nodes[socket]; taken {
		return "", fmt.Errorf("socket %s is taken", socket)
	}
	made := b.free(device.Class)
	if err := b.describe(socket, made, device); err != nil {
		return "", fmt.Errorf("plug into %s: %w", socket, err)
	}
	b.nodes[socket] = made
	return filepath.Join(b.Folder, "dev", made.name), nil
}

// Pull pulls out what sits in a socket.
func (b *Bus) Pull(socket string) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	made, taken := b.nodes[socket]
	if !taken {
		return fmt.Errorf("nothing sits in socket %s", socket)
	}
	delete(b.nodes, socket)
	for _, path := range []string{
		filepath.Join("dev", made.name), filepath.Join("sys/class", made.class, filepath.Base(made.name)), filepath.Join("sys/devices/usb1", socket),
	} {
		if err := os.RemoveAll(filepath.Join(b.Folder, path)); err != nil {
			return fmt.Errorf("pull out of %s: %w", socket, err)
		}
	}
	return nil
}

func (b *Bus) free(class string) node {
	made := node{class: "tty", name: "ttyUSB"}
	switch class {
	case "02":
		made.name = "ttyACM"
	case "07":
		made = node{class: "usbmisc", name: "usb/lp"}
	}
	taken := make([]string, 0, len(b.nodes))
	for _, other := range b.nodes {
		taken = append(taken, other.name)
	}
	for number := 0; ; number++ {
		if name := fmt.Sprint(made.name, number); !slices.Contains(taken, name) {
			made.name = name
			return made
		}
	}
}

// describe writes what the kernel would show; the class entry comes last, since
// it is what is looked for.
func (b *Bus) describe(socket string, made node, device Device) error {
	top := filepath.Join(b.Folder, "sys/devices/usb1", socket)
	inner := filepath.Join(top, socket+":1.0")
	entry := filepath.Join(inner, made.class, filepath.Base(made.name))
	if err := os.MkdirAll(entry, 0o750); err != nil {
		return err
	}
	for path, text := range map[string]string{
		filepath.Join(top, "idVendor"): device.Vendor, filepath.Join(top, "idProduct"): device.Product,
		filepath.Join(top, "serial"): device.Serial, filepath.Join(top, "manufacturer"): device.Maker, filepath.Join(top, "product"): device.Name,
		filepath.Join(inner, "bInterfaceNumber"): "00", filepath.Join(inner, "bInterfaceClass"): device.Class,
		filepath.Join(entry, "uevent"): "DEVNAME=" + made.name,
	} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			return err
		}
	}
	return b.link(inner, entry, made, device)
}

func (b *Bus) link(inner, entry string, made node, device Device) error {
	line := strings.TrimPrefix(device.Line, "serial://")
	line, _, _ = strings.Cut(line, "?")
	for from, to := range map[string]string{
		filepath.Join(entry, "device"):            inner,
		filepath.Join(b.Folder, "dev", made.name): line,
	} {
		if err := os.Symlink(to, from); err != nil {
			return err
		}
	}
	return os.Symlink(entry, filepath.Join(b.Folder, "sys/class", made.class, filepath.Base(made.name)))
}
