package line_test

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/tarm/serial"

	"shopbox/drivers/sim/line"
)

// TestUnplug: who is on the line sees it hang up at once, also while the device
// reads from it.
func TestUnplug(t *testing.T) {
	t.Parallel()
	l, err := line.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	driver, err := serial.OpenPort(&serial.Config{Name: l.Path(), Baud: 9600, ReadTimeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = driver.Close() })
	device, read := l.Device(), make(chan error, 1)
	if err := device.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := device.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read until the deadline: %v", err)
	}
	if err := device.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, err := device.Read(make([]byte, 1))
		read <- err
	}()
	if err := l.Unplug(); err != nil {
		t.Error(err)
	}
	if err := <-read; err == nil {
		t.Error("the device read something of a line that is gone")
	}
	// A line that is there is silent for a second; one that hung up ends at once.
	began := time.Now()
	n, err := driver.Read(make([]byte, 1))
	if n != 0 || err == nil || errors.Is(err, io.EOF) && time.Since(began) > time.Second/2 {
		t.Errorf("%d bytes, %v after %v", n, err, time.Since(began))
	}
}
