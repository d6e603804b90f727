package hotplug

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Event is a notice of the kernel about one device.
type Event struct {
	// Action is "add", "remove", "change" and so on.
	Action string
	// Subsystem is "tty", "usbmisc", "input" and others that do not matter here.
	Subsystem string
	// Device is the file below /dev.
	Device string
}

// Parse reads a kernel notice: "add@/devices/...", then NAME=value, each ended
// by a zero byte (the kernel's lib/kobject_uevent.c).
func Parse(message []byte) (Event, bool) {
	head, rest, ended := bytes.Cut(message, []byte{0})
	action, path, whole := strings.Cut(string(head), "@")
	if !ended || !whole || !strings.HasPrefix(path, "/") {
		return Event{}, false
	}
	event := Event{Action: action}
	for field := range bytes.SplitSeq(rest, []byte{0}) {
		switch name, value, _ := strings.Cut(string(field), "="); name {
		case "SUBSYSTEM":
			event.Subsystem = value
		case "DEVNAME":
			event.Device = value
		}
	}
	return event, true
}

// plugging reports whether a device of a shop came or went.
func (e Event) plugging() bool {
	switch e.Subsystem {
	case "tty", "usbmisc", "input":
		return e.Action == "add" || e.Action == "remove"
	}
	return false
}

// kernelGroup is the multicast group of the kernel's own notices; group 2 are
// those that udev sends on.
const kernelGroup = 1

// Open opens the kernel's notices (NETLINK_KOBJECT_UEVENT). Many containers
// refuse that, or never send any.
func Open() (io.ReadCloser, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return nil, fmt.Errorf("kernel notices: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: kernelGroup}); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("kernel notices: %w", err)
	}
	return os.NewFile(uintptr(fd), "uevents"), nil
}

// messageLimit is more than the kernel's longest notice.
const messageLimit = 16 << 10

// Follow tells of every plugging that a source of notices reports, until the
// context ends or the source does; it closes the source. Several pluggings in
// quick succession may be told once.
func Follow(ctx context.Context, source io.ReadCloser) <-chan struct{} {
	told := make(chan struct{}, 1)
	stop := context.AfterFunc(ctx, func() { _ = source.Close() })
	go func() {
		defer source.Close()
		defer stop()
		message := make([]byte, messageLimit)
		for {
			n, err := source.Read(message)
			if err != nil && !overrun(err) {
				return
			}
			// What was lost in an overrun may have been anything.
			if event, whole := Parse(message[:n]); err != nil || whole && event.plugging() {
				select {
				case told <- struct{}{}:
				default:
				}
			}
		}
	}()
	return told
}

// overrun reports whether notices came faster than they were read.
func overrun(err error) bool { return errors.Is(err, unix.ENOBUFS) }
