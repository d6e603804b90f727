// Package line makes serial lines out of pseudo-terminals for the simulated
// devices: a driver opens one end as it would open /dev/ttyUSB0.
//
// What always holds: the line is raw in both directions, and its path stays
// the same when it is unplugged and plugged in again.
package line

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Line is a serial line; the simulated device reads and writes it.
type Line struct {
	directory string

	mutex  sync.Mutex
	device *os.File
	driver *os.File
}

// New makes a line and plugs it in.
func New() (*Line, error) {
	directory, err := os.MkdirTemp("", "shopbox-line-")
	if err != nil {
		return nil, err
	}
	l := &Line{directory: directory}
	if err := l.Plug(); err != nil {
		_ = os.RemoveAll(directory)
		return nil, err
	}
	return l, nil
}

// Path is where a driver finds the line while it is plugged in.
func (l *Line) Path() string { return filepath.Join(l.directory, "tty") }

// Address is the line as an address of drivers/port.
func (l *Line) Address() string { return "serial://" + l.Path() + "?baud=9600" }

// Plug plugs the line in; one that is in stays as it is.
func (l *Line) Plug() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.device != nil {
		return nil
	}
	device, driver, err := pty.Open()
	if err != nil {
		return err
	}
	if err = errors.Join(makeRaw(driver), unblock(device)); err == nil {
		err = os.Symlink(driver.Name(), l.Path())
	}
	if err != nil {
		_ = device.Close()
		_ = driver.Close()
		return fmt.Errorf("serial line: %w", err)
	}
	// The driver's end stays open here too, or the device's end would report
	// an error whenever no driver has it open.
	l.device, l.driver = device, driver
	return nil
}

// Unplug takes the line away: its path is gone and open ends are hung up.
func (l *Line) Unplug() error {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.device == nil {
		return nil
	}
	err := os.Remove(l.Path())
	_ = l.driver.Close()
	_ = l.device.Close()
	l.device, l.driver = nil, nil
	return err
}

// Device is the simulated device's end, nil while unplugged.
func (l *Line) Device() *os.File {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.device
}

// Close unplugs the line for good.
func (l *Line) Close() error {
	err := l.Unplug()
	if removed := os.RemoveAll(l.directory); err == nil {
		err = removed
	}
	return err
}

// makeRaw keeps the terminal from echoing and from changing bytes.
func makeRaw(terminal *os.File) error {
	return control(terminal, func(fd int) error {
		settings, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err != nil {
			return err
		}
		settings.Iflag, settings.Oflag, settings.Lflag = unix.IGNPAR, 0, 0
		settings.Cflag = unix.CREAD | unix.CLOCAL | unix.CS8 | unix.B9600
		settings.Cc[unix.VMIN], settings.Cc[unix.VTIME] = 1, 0
		return unix.IoctlSetTermios(fd, unix.TCSETS, settings)
	})
}

// unblock undoes what the pty library did when it asked for the number of the
// line: a read that blocks in the kernel would keep the line open after its
// end, and who is on it would not see it hang up.
func unblock(device *os.File) error {
	return control(device, func(fd int) error { return unix.SetNonblock(fd, true) })
}

func control(file *os.File, do func(fd int) error) error {
	connection, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = connection.Control(func(fd uintptr) { failed = do(int(fd)) })
	return errors.Join(err, failed)
}
