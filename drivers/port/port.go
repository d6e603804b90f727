// Package port opens the byte streams that devices hang on: a TCP port, a
// serial line or a printer's device file. The drivers call it.
//
// What always holds: a Read ends by its own deadline, Close never hangs, and
// a device that went away is an error that is drivers.ErrOffline.
package port

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/tarm/serial"

	"shopbox/drivers"
)

// ErrTimeout says that nothing came, or not everything went out, in time. The
// device may still be there.
var ErrTimeout = errors.New("timeout")

// Port is an open stream to a device. Reading and writing may happen at the
// same time, but only one of each.
type Port interface {
	// Read waits at most wait for the first byte and returns what has come.
	// Nothing in time is ErrTimeout; a vanished device is drivers.ErrOffline.
	Read(p []byte, wait time.Duration) (int, error)
	// Write sends all of p, or says with ErrTimeout or drivers.ErrOffline how
	// many bytes went out before it stopped.
	Write(p []byte, wait time.Duration) (int, error)
	// Close may be called twice and from another goroutine; a blocked Read
	// ends soon after.
	Close() error
}

// Address says where a device is: "tcp://host:port",
// "serial:///dev/ttyUSB0?baud=9600&parity=N&size=8&stop=1" or
// "file:///dev/usb/lp0". The values after the question mark are the defaults.
type Address struct {
	text   string
	scheme string
	target string
	line   serial.Config
}

// String is the address as it was given.
func (a Address) String() string { return a.text }

// File is the path of a device file, for a driver that opens it in its own
// way; false for other addresses.
func (a Address) File() (path string, is bool) { return a.target, a.scheme == "file" }

// Parse reads an address; what makes no sense is drivers.ErrSettings.
func Parse(text string) (Address, error) {
	location, err := url.Parse(text)
	if err != nil {
		return Address{}, fmt.Errorf("%w: address %q: %w", drivers.ErrSettings, text, err)
	}
	address := Address{text: text, scheme: location.Scheme, target: location.Path}
	switch location.Scheme {
	case "tcp":
		address.target = location.Host
		err = checkHostPort(location.Host)
	case "serial":
		address.line, err = parseLine(location)
	case "file":
		err = checkPath(location)
	default:
		err = fmt.Errorf("%q is none of tcp, serial, file", location.Scheme)
	}
	if err != nil {
		return Address{}, fmt.Errorf("%w: address %q: %w", drivers.ErrSettings, text, err)
	}
	return address, nil
}

// Serial reports whether the device hangs on a serial line.
func (a Address) Serial() bool { return a.scheme == "serial" }

// Open connects; nothing at the address is drivers.ErrOffline.
func (a Address) Open(ctx context.Context) (Port, error) {
	var opened Port
	var err error
	switch a.scheme {
	case "tcp":
		opened, err = openTCP(ctx, a.target)
	case "serial":
		opened, err = openSerial(a.line)
	case "file":
		opened, err = openFile(a.target)
	default:
		return nil, fmt.Errorf("%w: no address", drivers.ErrSettings)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", a.text, err)
	}
	return opened, nil
}

// Open is Parse and Address.Open in one.
func Open(ctx context.Context, address string) (Port, error) {
	parsed, err := Parse(address)
	if err != nil {
		return nil, err
	}
	return parsed.Open(ctx)
}

func checkHostPort(hostPort string) error {
	host, number, err := net.SplitHostPort(hostPort)
	if err != nil {
		return err
	}
	if _, err := strconv.ParseUint(number, 10, 16); err != nil || host == "" {
		return errors.New("host and port number are needed")
	}
	return nil
}

func checkPath(location *url.URL) error {
	if location.Host != "" || !filepath.IsAbs(location.Path) {
		return errors.New("an absolute path after three slashes is needed")
	}
	return nil
}

// parseLine reads the settings of a serial line.
func parseLine(location *url.URL) (serial.Config, error) {
	if err := checkPath(location); err != nil {
		return serial.Config{}, err
	}
	line := serial.Config{Name: location.Path, ReadTimeout: serialTick}
	for name, field := range map[string]struct {
		fallback string
		allowed  []string
		set      func(value string)
	}{
		"baud":   {"9600", baudRates(), func(v string) { line.Baud, _ = strconv.Atoi(v) }},
		"size":   {"8", []string{"7", "8"}, func(v string) { line.Size = v[0] - '0' }},
		"parity": {"N", []string{"N", "E", "O"}, func(v string) { line.Parity = serial.Parity(v[0]) }},
		"stop":   {"1", []string{"1", "2"}, func(v string) { line.StopBits = serial.StopBits(v[0] - '0') }},
	} {
		value := location.Query().Get(name)
		if value == "" {
			value = field.fallback
		}
		if !slices.Contains(field.allowed, value) {
			return serial.Config{}, fmt.Errorf("%s is none of %v", name, field.allowed)
		}
		field.set(value)
	}
	return line, nil
}

// baudRates are the speeds that shop devices use.
func baudRates() []string {
	return []string{"1200", "2400", "4800", "9600", "19200", "38400", "57600", "115200", "230400"}
}

// offline wraps what the system said.
func offline(err error) error {
	return fmt.Errorf("%w: %w", drivers.ErrOffline, err)
}
