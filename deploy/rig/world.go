package rig

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"shopbox/drivers/sim/usbsim"
)

// World is a hub, a box and its simulated devices. Addresses stay the same
// when a program is started again.
type World struct {
	Programs Programs
	Folder   string
	// Box, Hub and MQTT are host:port.
	BoxAddress, HubAddress, MQTTAddress string
	// HubDB is empty for SQLite, or postgres://...
	HubDB string
	Log   io.Writer
	// BoxCommand is what runs as the box; empty for the box program itself.
	BoxCommand []string

	// USB is the box's bus, with nothing plugged in at first.
	USB *usbsim.Bus

	Hub, Box                   *Process
	Printer, Terminal, Scanner *Process
}

// NewWorld picks addresses on loopback for the programs; nothing is started.
// The folder holds all data.
func NewWorld(programs Programs, folder string, log io.Writer) (*World, error) {
	world := &World{Programs: programs, Folder: folder, Log: log}
	for _, address := range []*string{&world.BoxAddress, &world.HubAddress, &world.MQTTAddress} {
		free, err := freeAddress()
		if err != nil {
			return nil, err
		}
		*address = free
	}
	var err error
	world.USB, err = usbsim.New(filepath.Join(folder, "usb"))
	return world, err
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // opened and closed at once
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// Start starts everything: devices, hub, box.
func (w *World) Start() error {
	if err := w.StartDevices(); err != nil {
		return err
	}
	if err := w.StartHub(); err != nil {
		return err
	}
	return w.StartBox()
}

// StartDevices starts the simulated printer, terminal and scanner.
func (w *World) StartDevices() (err error) {
	if w.Printer, err = w.sim("printer", "--listen", "127.0.0.1:0"); err != nil {
		return err
	}
	if w.Terminal, err = w.sim("zvt", "--listen", "127.0.0.1:0"); err != nil {
		return err
	}
	w.Scanner, err = w.sim("scanner", "--pty")
	return err
}

func (w *World) sim(args ...string) (*Process, error) {
	return Start(Command{Path: w.Programs.Sim, Args: append(args, "--control", "127.0.0.1:0"), Log: w.Log})
}

// StartHub starts the hub, or starts it again.
func (w *World) StartHub() (err error) {
	folder := filepath.Join(w.Folder, "hub")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("hub folder: %w", err)
	}
	w.Hub, err = Start(Command{Path: w.Programs.Hub, Log: w.Log, Env: []string{
		"HUB_DATA=" + folder, "HUB_LISTEN=" + w.HubAddress, "HUB_MQTT=" + w.MQTTAddress,
		"HUB_METRICS=off", "HUB_SIGNUP=open", "HUB_DB=" + w.HubDB, "HUB_PUBLIC_MQTT=" + w.MQTTAddress,
	}})
	return err
}

// StartBox starts the box, or starts it again.
func (w *World) StartBox() (err error) {
	folder := w.BoxFolder()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("box folder: %w", err)
	}
	command := w.BoxCommand
	if len(command) == 0 {
		command = []string{w.Programs.Box}
	}
	w.Box, err = Start(Command{Path: command[0], Args: command[1:], Log: w.Log, Env: []string{
		"BOX_DATA=" + folder, "BOX_LISTEN=" + w.BoxAddress, "BOX_METRICS=127.0.0.1:0", "BOX_RESERVE_MB=4",
		// Nobody wants to wait minutes here for a line that is back.
		"BOX_HUB_RETRY=2s",
		// What is plugged into this machine is none of the shop's.
		"BOX_DEVICES=" + w.USB.Folder,
	}})
	return err
}

// BoxFolder is where the box keeps its data.
func (w *World) BoxFolder() string { return filepath.Join(w.Folder, "box") }

// BoxURL and HubURL are the programs' web addresses.
func (w *World) BoxURL() string { return "http://" + w.BoxAddress }

// HubURL is the hub's web address.
func (w *World) HubURL() string { return "http://" + w.HubAddress }

// Stop stops everything that runs, the box first.
func (w *World) Stop() error {
	var errs []error
	for _, process := range []*Process{w.Box, w.Hub, w.Scanner, w.Terminal, w.Printer} {
		if process != nil {
			errs = append(errs, process.Stop())
		}
	}
	return errors.Join(errs...)
}

// Control is a browser-like client of a simulator's control door.
func Control(sim *Process) (*Client, error) { return NewClient(sim.Ready["control"]) }

// Fault switches a simulator's fault on or off.
func Fault(ctx context.Context, sim *Process, name string, on bool) error {
	control, err := Control(sim)
	if err != nil {
		return err
	}
	return control.Post(ctx, fmt.Sprintf("/fault?name=%s&on=%t", name, on), nil, nil)
}

// ScanCode lets the simulated scanner read a barcode.
func (w *World) ScanCode(ctx context.Context, code string) error {
	control, err := Control(w.Scanner)
	if err != nil {
		return err
	}
	return control.Post(ctx, "/scan?code="+code, nil, nil)
}

// bare is an address without its scheme.
func bare(address string) string { return strings.TrimPrefix(address, "tcp://") }
