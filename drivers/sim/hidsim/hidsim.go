// Package hidsim is a simulated barcode scanner that types like a USB keyboard.
// Tests and drivers/sim start it. It writes the kernel's records (struct
// input_event) into a named pipe: whoever reads the pipe reads what an event
// device would give. What a pipe cannot do is being grabbed.
//
// What always holds: a scan is every key of the code and the ending key, sent
// in one go; the pipe's path stays the same when the scanner is unplugged and
// plugged in again.
package hidsim

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"shopbox/drivers/sim/switches"
)

// The faults that can be switched on.
const (
	// Unplugged takes the scanner off its port.
	Unplugged = "unplugged"
	// Garbage presses keys that are in no code before every scan.
	Garbage = "garbage"
	// Twice types every scan twice, as a trigger that bounces.
	Twice = "twice"
	// NoSuffix types codes without an ending key.
	NoSuffix = "no_suffix"
)

// Ending is the key after a code.
type Ending string

// The ending keys; the zero Ending is Enter.
const (
	Enter    Ending = "enter"
	PadEnter Ending = "pad_enter"
	Tab      Ending = "tab"
)

func (e Ending) key() uint16 {
	switch e {
	case PadEnter:
		return keyKPEnter
	case Tab:
		return keyTab
	default:
		return keyEnter
	}
}

// Config is how the scanner is set up.
type Config struct {
	Ending Ending
	// AltCodes types GS1 separators as Alt and 0029 instead of Ctrl and ].
	AltCodes bool
}

// Simulator is a running scanner.
type Simulator struct {
	*switches.Set

	config Config
	folder string
	stop   func() bool

	mutex sync.Mutex
	pipe  *os.File
	sent  []string
}

// Start plugs a scanner in; it runs until the context ends or Close.
func Start(ctx context.Context, config Config) (*Simulator, error) {
	folder, err := os.MkdirTemp("", "shopbox-keyboard-")
	if err != nil {
		return nil, err
	}
	s := &Simulator{Set: switches.New("a scanner", Unplugged, Garbage, Twice, NoSuffix), config: config, folder: folder}
	if err := s.plug(); err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	s.stop = context.AfterFunc(ctx, func() { _ = s.remove() })
	return s, nil
}

func (s *Simulator) path() string { return filepath.Join(s.folder, "usb-simulated-event-kbd") }

// Addr is where a driver finds the scanner, as an address of drivers/port.
func (s *Simulator) Addr() string { return "file://" + s.path() }

// Close unplugs the scanner for good.
func (s *Simulator) Close() error {
	s.stop()
	return s.remove()
}

func (s *Simulator) remove() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return errors.Join(s.unplug(), os.RemoveAll(s.folder))
}

func (s *Simulator) plug() error {
	if s.pipe != nil {
		return nil
	}
	if err := unix.Mkfifo(s.path(), 0o600); err != nil {
		return fmt.Errorf("keyboard: %w", err)
	}
	// For reading too, or opening would wait for a driver, and writing without
	// one would be an error.
	pipe, err := os.OpenFile(s.path(), os.O_RDWR|unix.O_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("keyboard: %w", err)
	}
	s.pipe = pipe
	return nil
}

func (s *Simulator) unplug() error {
	if s.pipe == nil {
		return nil
	}
	err := errors.Join(os.Remove(s.path()), s.pipe.Close())
	s.pipe = nil
	return err
}

// Sent lists the codes scanned so far.
func (s *Simulator) Sent() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.sent)
}

// Scan reads a code, as if one were held before the scanner.
func (s *Simulator) Scan(code string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	records := s.records([]byte(code))
	if !s.On(NoSuffix) {
		records = append(records, s.config.typed('\r')...)
	}
	if s.On(Twice) {
		records = append(records, records...)
	}
	if s.On(Garbage) {
		noise := slices.Concat(tap(keyF8), tap(keyVolumeUp), s.config.typed('\r'))
		records = append(noise, records...)
	}
	if err := s.send(records); err != nil {
		return err
	}
	s.sent = append(s.sent, code)
	return nil
}

// Raw types bytes as they are; a carriage return is the ending key, and what
// has no key is typed as an Alt code.
func (s *Simulator) Raw(data []byte) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.send(s.records(data))
}

func (s *Simulator) records(data []byte) []record {
	var records []record
	for _, character := range data {
		records = append(records, s.config.typed(character)...)
	}
	return records
}

// send writes records as the kernel does; keys that nobody reads are lost
// after a while.
func (s *Simulator) send(records []record) error {
	if s.pipe == nil {
		return errors.New("the scanner is unplugged")
	}
	if err := s.pipe.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	now := time.Now()
	var data []byte
	for _, record := range records {
		data = appendLong(appendLong(data, now.Unix()), int64(now.Nanosecond()/1000))
		data = binary.NativeEndian.AppendUint16(data, record.kind)
		data = binary.NativeEndian.AppendUint16(data, record.code)
		data = binary.NativeEndian.AppendUint32(data, uint32(record.value))
	}
	_, err := s.pipe.Write(data)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}

// appendLong writes a C long of this machine.
func appendLong(data []byte, value int64) []byte {
	if bits.UintSize == 32 {
		return binary.NativeEndian.AppendUint32(data, uint32(value))
	}
	return binary.NativeEndian.AppendUint64(data, uint64(value))
}

// SetFault switches a fault on or off.
func (s *Simulator) SetFault(name string, on bool) error {
	if err := s.Switch(name, on); err != nil || name != Unplugged {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if on {
		return s.unplug()
	}
	return s.plug()
}
