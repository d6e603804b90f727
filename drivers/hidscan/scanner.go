// Package hidscan drives barcode scanners that pretend to be a USB keyboard,
// which is how most scanners come out of their box. It reads the keys from the
// kernel's event device and takes them for itself, so that no program and no
// web page gets them as typing. drivers/all lists it; edge/devices runs it.
//
// What always holds: while a scanner is open its keys reach nobody else; what
// is not clearly a code never reaches the till; an unplugged scanner ends Scans
// with drivers.ErrOffline, and Open finds it again.
package hidscan

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"shopbox/drivers"
	"shopbox/drivers/codeline"
	"shopbox/drivers/port"
)

// Config says where the scanner is and how its codes end.
type Config struct {
	// Address is the scanner's event device,
	// "file:///dev/input/by-id/usb-...-event-kbd". A named pipe that carries
	// the same records stands in for one.
	Address string
	// Ending is EndingAny when empty.
	Ending Ending
	// Gap is the silence that ends a code; 100 ms when 0.
	Gap time.Duration
	// Grab takes the event device for this program alone; nil is the kernel's
	// EVIOCGRAB.
	Grab func(device uintptr) error
}

// Scanner is a drivers.Scanner.
type Scanner struct {
	config Config
	path   string

	mutex sync.Mutex
	file  *os.File
}

const (
	defaultGap = 100 * time.Millisecond
	shortGap   = 20 * time.Millisecond
	longestGap = time.Second
)

// New checks the configuration; it does not touch the scanner.
func New(config Config) (*Scanner, error) {
	address, err := port.Parse(config.Address)
	if err != nil {
		return nil, err
	}
	path, is := address.File()
	if !is {
		return nil, fmt.Errorf("%w: address %q: a keyboard is a file below file:///dev/input", drivers.ErrSettings, config.Address)
	}
	if config.Ending == "" {
		config.Ending = EndingAny
	}
	if config.Gap == 0 {
		config.Gap = defaultGap
	}
	if config.Gap < shortGap || config.Gap > longestGap {
		return nil, fmt.Errorf("%w: a gap of %s is not between %s and %s", drivers.ErrSettings, config.Gap, shortGap, longestGap)
	}
	if config.Grab == nil {
		config.Grab = grabKernel
	}
	return &Scanner{config: config, path: path}, nil
}

// Open opens the event device and takes its keys; one opened before is closed
// first. A keyboard that another program has taken is drivers.ErrBusy.
func (s *Scanner) Open(context.Context) error {
	if err := s.Close(); err != nil {
		return err
	}
	// Without waiting, or a named pipe would hold the call until someone writes.
	file, err := os.OpenFile(s.path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return offline(err)
	}
	if err := s.take(file); err != nil {
		_ = file.Close()
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.file = file
	return nil
}

// take makes sure that the file is a keyboard and takes its keys. A named pipe
// has only one reader and needs no taking.
func (s *Scanner) take(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return offline(err)
	}
	wrong := fmt.Errorf("%w: %s is no keyboard", drivers.ErrSettings, s.path)
	switch {
	case info.Mode()&(fs.ModeCharDevice|fs.ModeNamedPipe) == 0 || file.SetReadDeadline(time.Time{}) != nil:
		return wrong
	case info.Mode()&fs.ModeNamedPipe != 0:
		return nil
	}
	connection, err := file.SyscallConn()
	if err != nil {
		return offline(err)
	}
	var refused error
	if err := connection.Control(func(fd uintptr) { refused = s.config.Grab(fd) }); err != nil {
		return offline(err)
	}
	switch {
	case refused == nil:
		return nil
	case errors.Is(refused, unix.EBUSY):
		return fmt.Errorf("%w: another program has taken the keys of %s", drivers.ErrBusy, s.path)
	case errors.Is(refused, unix.ENOTTY) || errors.Is(refused, unix.EINVAL):
		return fmt.Errorf("%w: %w", wrong, refused)
	}
	return offline(refused)
}

// eviocgrab is EVIOCGRAB (linux/input.h), the request to be the only reader
// of an event device: _IOW('E', 0x90, int), the same on amd64, arm64 and arm.
const eviocgrab = 0x40044590

func grabKernel(device uintptr) error {
	return unix.IoctlSetInt(int(device), eviocgrab, 1)
}

func offline(err error) error { return fmt.Errorf("%w: %w", drivers.ErrOffline, err) }

// Close lets the keyboard go; a running Scans ends with drivers.ErrOffline.
func (s *Scanner) Close() error {
	s.mutex.Lock()
	file := s.file
	s.file = nil
	s.mutex.Unlock()
	if file == nil {
		return nil
	}
	return file.Close()
}

// Scans reads codes until the context ends, whose error it returns, or the
// scanner is gone, which is drivers.ErrOffline. The same code twice is two
// scans: what that means is the till's to say.
func (s *Scanner) Scans(ctx context.Context, each func(drivers.Scan), bad func(error)) error {
	s.mutex.Lock()
	file := s.file
	s.mutex.Unlock()
	if file == nil {
		return fmt.Errorf("%w: not open", drivers.ErrOffline)
	}
	reader := NewReader(Word, s.config.Ending)
	buffer := make([]byte, 4096)
	for ctx.Err() == nil {
		if err := file.SetReadDeadline(time.Now().Add(s.config.Gap)); err != nil {
			return offline(err)
		}
		n, err := file.Read(buffer)
		reads := reader.Write(buffer[:n])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			reads = reader.Silence()
		case err != nil:
			return offline(err)
		}
		codeline.Deliver(reads, each, bad)
	}
	return ctx.Err()
}

// Reader makes codes of the bytes of an event device.
type Reader struct {
	events   *Events
	keyboard *Keyboard
	splitter codeline.Splitter
}

// NewReader reads records of a process whose longs have so many bytes.
func NewReader(word int, ending Ending) *Reader {
	return &Reader{events: NewEvents(word), keyboard: NewKeyboard(ending)}
}

// Write takes the next bytes and returns what is complete.
func (r *Reader) Write(data []byte) []codeline.Read {
	var typed []byte
	for _, event := range r.events.Write(data) {
		typed = append(typed, r.keyboard.Press(event)...)
	}
	return r.splitter.Write(typed)
}

// Silence says that no key came for one gap.
func (r *Reader) Silence() []codeline.Read { return r.splitter.Silence() }

var _ drivers.Scanner = (*Scanner)(nil)

// Factory is the driver for the registry. It was tested against a simulator
// that writes the kernel's records, not on real hardware.
func Factory() drivers.Factory {
	return drivers.Factory{
		Name:  "hidscan",
		Kind:  drivers.KindScanner,
		Title: "USB barcode scanner (keyboard)",
		Fields: []drivers.Field{
			{Name: "addr", Required: true},
			{Name: "ending", Default: string(EndingAny), Choices: endings()},
			{Name: "gap", Default: strconv.FormatInt(defaultGap.Milliseconds(), 10)},
		},
		New: func(settings drivers.Settings) (any, error) {
			gap, err := strconv.ParseUint(settings.Get("gap", "100"), 10, 16)
			if err != nil || gap == 0 {
				return nil, fmt.Errorf("%w: gap %q is no time in ms", drivers.ErrSettings, settings["gap"])
			}
			scanner, err := New(Config{
				Address: settings.Get("addr", ""), Ending: Ending(settings.Get("ending", string(EndingAny))),
				Gap: time.Duration(gap) * time.Millisecond,
			})
			if err != nil {
				return nil, err
			}
			return scanner, nil
		},
		Suits: suits,
	}
}
