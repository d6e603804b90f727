package port_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
	"shopbox/drivers/sim/line"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"tcp://127.0.0.1:9100", "tcp://printer.local:9100", "tcp://[::1]:9100",
		"serial:///dev/ttyUSB0", "serial:///dev/ttyUSB0?baud=115200&parity=E&size=7&stop=2", "file:///dev/usb/lp0",
	} {
		if address, err := port.Parse(good); err != nil || address.String() != good {
			t.Errorf("%s: %q, %v", good, address, err)
		}
	}
	for _, bad := range []string{
		"", "printer", "http://printer:80", "tcp://printer", "tcp://:9100", "tcp://printer:99999", "tcp://printer:x",
		"serial://ttyUSB0", "serial:ttyUSB0", "serial:///dev/ttyUSB0?baud=12345", "serial:///dev/ttyUSB0?parity=X",
		"serial:///dev/ttyUSB0?size=9", "serial:///dev/ttyUSB0?stop=1.5", "file://lp0", "file:lp0", "\x7f",
	} {
		if _, err := port.Parse(bad); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := port.Open(t.Context(), bad); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("open %q: %v", bad, err)
		}
	}
}

// peer is the device's end of an open port.
type peer struct {
	port   port.Port
	device io.ReadWriter
	// vanish takes the device away.
	vanish func()
}

func peers() map[string]func(t *testing.T) peer {
	return map[string]func(t *testing.T) peer{"tcp": tcpPeer, "serial": serialPeer, "file": filePeer}
}

func mustOpen(t *testing.T, address string) port.Port {
	t.Helper()
	opened, err := port.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

func tcpPeer(t *testing.T) peer {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	opened := mustOpen(t, "tcp://"+listener.Addr().String())
	device, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	vanish := func() { _, _ = device.Close(), listener.Close() }
	t.Cleanup(vanish)
	return peer{port: opened, device: device, vanish: vanish}
}

func newLine(t *testing.T) *line.Line {
	t.Helper()
	wire, err := line.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = wire.Close() })
	return wire
}

func serialPeer(t *testing.T) peer {
	t.Helper()
	wire := newLine(t)
	return peer{port: mustOpen(t, wire.Address()), device: wire.Device(), vanish: func() { _ = wire.Unplug() }}
}

// filePeer is a device file: a terminal is one that knows how to wait.
func filePeer(t *testing.T) peer {
	t.Helper()
	wire := newLine(t)
	return peer{port: mustOpen(t, "file://"+wire.Path()), device: wire.Device(), vanish: func() { _ = wire.Unplug() }}
}

// Every byte passes unchanged in both directions.
func TestBytes(t *testing.T) {
	t.Parallel()
	for name, open := range peers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			var every []byte
			for b := range 256 {
				every = append(every, byte(b))
			}
			if n, err := p.port.Write(every, time.Second); n != len(every) || err != nil {
				t.Fatalf("wrote %d, %v", n, err)
			}
			got := make([]byte, len(every))
			if _, err := io.ReadFull(p.device, got); err != nil || !bytes.Equal(got, every) {
				t.Errorf("the device got %x, %v", got, err)
			}
			if _, err := p.device.Write(every); err != nil {
				t.Fatal(err)
			}
			var read []byte
			for buffer := make([]byte, 100); len(read) < len(every); {
				n, err := p.port.Read(buffer, 10*time.Second)
				if err != nil {
					t.Fatal(err)
				}
				read = append(read, buffer[:n]...)
			}
			if !bytes.Equal(read, every) {
				t.Errorf("the port read %x", read)
			}
		})
	}
}

func TestNothingComes(t *testing.T) {
	t.Parallel()
	for name, open := range peers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			if n, err := p.port.Read(make([]byte, 8), 50*time.Millisecond); n != 0 || !errors.Is(err, port.ErrTimeout) {
				t.Errorf("read %d, %v", n, err)
			}
		})
	}
}

// A device that takes nothing stops a write in time, and closing does not
// wait for it.
func TestNothingIsTaken(t *testing.T) {
	t.Parallel()
	for name, open := range peers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			if _, err := p.port.Write(make([]byte, 32<<20), 200*time.Millisecond); !errors.Is(err, port.ErrTimeout) {
				t.Errorf("write: %v", err)
			}
			if err := p.port.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestVanished(t *testing.T) {
	t.Parallel()
	for name, open := range peers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			p.vanish()
			if _, err := p.port.Read(make([]byte, 8), 10*time.Second); !errors.Is(err, drivers.ErrOffline) {
				t.Errorf("read: %v", err)
			}
		})
	}
}

func TestVanishedWhileReading(t *testing.T) {
	t.Parallel()
	for name, open := range peers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			ended := make(chan error, 1)
			go func() {
				_, err := p.port.Read(make([]byte, 8), 10*time.Second)
				ended <- err
			}()
			p.vanish()
			if err := <-ended; !errors.Is(err, drivers.ErrOffline) {
				t.Errorf("read: %v", err)
			}
		})
	}
}

func TestClosedWhileReading(t *testing.T) {
	t.Parallel()
	for name, open := range peers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t)
			ended := make(chan error, 1)
			go func() {
				_, err := p.port.Read(make([]byte, 8), time.Minute)
				ended <- err
			}()
			for range 2 {
				if err := p.port.Close(); err != nil {
					t.Error(err)
				}
			}
			if err := <-ended; !errors.Is(err, drivers.ErrOffline) {
				t.Errorf("read: %v", err)
			}
			if _, err := p.port.Write([]byte("x"), time.Second); !errors.Is(err, drivers.ErrOffline) {
				t.Errorf("write: %v", err)
			}
		})
	}
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "ttyUSB0")
	for _, address := range []string{"serial://" + missing, "file://" + missing} {
		if _, err := port.Open(t.Context(), address); !errors.Is(err, drivers.ErrOffline) {
			t.Errorf("%s: %v", address, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := port.Open(ctx, "tcp://127.0.0.1:9"); !errors.Is(err, drivers.ErrOffline) || !strings.Contains(err.Error(), "tcp://") {
		t.Errorf("dead context: %v", err)
	}
}

// A plain file is no device: nothing could ever be heard from it.
func TestPlainFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lp0")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := port.Open(t.Context(), "file://"+path); !errors.Is(err, drivers.ErrSettings) {
		t.Errorf("open: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("tcp://127.0.0.1:9100")
	f.Add("serial:///dev/ttyUSB0?baud=9600&parity=N&size=8&stop=1")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := port.Parse(text); err != nil && !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
