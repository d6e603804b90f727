package rig

import (
	"fmt"
	"slices"
	"strings"
)

// KillPart ends a part of the world as a power cut would: box, hub, printer,
// terminal or scanner.
func (w *World) KillPart(name string) error {
	part, err := w.part(name)
	if err != nil {
		return err
	}
	if *part == nil {
		return fmt.Errorf("%s was never started", name)
	}
	return (*part).Kill()
}

// StartPart starts a part again where it was before.
func (w *World) StartPart(name string) (err error) {
	part, err := w.part(name)
	if err != nil {
		return err
	}
	switch name {
	case "box":
		return w.StartBox()
	case "hub":
		return w.StartHub()
	default:
		*part, err = w.again(*part)
		return err
	}
}

func (w *World) part(name string) (**Process, error) {
	parts := map[string]**Process{
		"box": &w.Box, "hub": &w.Hub, "printer": &w.Printer, "terminal": &w.Terminal, "scanner": &w.Scanner,
	}
	if part := parts[name]; part != nil {
		return part, nil
	}
	return nil, fmt.Errorf("the world has no part %q", name)
}

// again starts a simulator at the addresses it had, but for a pty, whose
// address is the system's to choose.
func (w *World) again(gone *Process) (*Process, error) {
	if gone == nil {
		return nil, fmt.Errorf("no simulator ran here before")
	}
	args := slices.Clone(gone.cmd.Args[1:])
	if at := slices.Index(args, "--listen"); at >= 0 {
		args[at+1] = bare(gone.Ready["addr"])
	}
	args[slices.Index(args, "--control")+1] = strings.TrimPrefix(gone.Ready["control"], "http://")
	return Start(Command{Path: w.Programs.Sim, Args: args, Log: w.Log})
}
