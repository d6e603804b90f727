package printersim_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
	"shopbox/drivers/sim/printersim"
)

// wire is a driver's end of the line, for bytes as they are written in books.
type wire struct {
	*printersim.Simulator
	line port.Port
}

func start(t *testing.T, listen string) wire {
	t.Helper()
	simulator, err := printersim.Start(t.Context(), printersim.Config{Listen: listen, Columns: 42})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = simulator.Close() })
	w := wire{Simulator: simulator}
	w.connect(t)
	return w
}

func (w *wire) connect(t *testing.T) {
	t.Helper()
	line, err := port.Open(t.Context(), w.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = line.Close() })
	w.line = line
}

func (w *wire) send(t *testing.T, data string) {
	t.Helper()
	if _, err := w.line.Write([]byte(data), 10*time.Second); err != nil {
		t.Fatal(err)
	}
}

func (w *wire) want(t *testing.T, answer string) {
	t.Helper()
	want, err := hex.DecodeString(strings.ReplaceAll(answer, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	var got []byte
	for buffer := make([]byte, 64); len(got) < len(want); {
		n, err := w.line.Read(buffer, 10*time.Second)
		if err != nil {
			t.Fatalf("after %x: %v", got, err)
		}
		got = append(got, buffer[:n]...)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("the printer says %x; want %x", got, want)
	}
}

func (w *wire) fault(t *testing.T, name string, on bool) {
	t.Helper()
	if err := w.SetFault(name, on); err != nil {
		t.Fatal(err)
	}
}

// both runs a test over TCP and over a serial line.
func both(t *testing.T, test func(t *testing.T, w wire)) {
	t.Helper()
	for name, listen := range map[string]string{"tcp": "127.0.0.1:0", "serial": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, start(t, listen))
		})
	}
}

// The bytes are those of Epson's reference.
func TestStatus(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w wire) {
		t.Helper()
		const askAll = "\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
		for _, tt := range []struct{ fault, want string }{
			{printersim.NearEnd, "12 12 12 1e"},
			{printersim.PaperOut, "1a 32 12 7e"},
			{printersim.CoverOpen, "1a 16 12 12"},
			{printersim.Cutter, "1a 52 1a 12"},
			{printersim.DrawerOpen, "16 12 12 12"},
			{printersim.Slow, "12 12 12 12"},
			{printersim.Garbage, "ff a5 80 ff a5 80 ff a5 80 ff a5 80"},
		} {
			w.fault(t, tt.fault, true)
			w.send(t, askAll)
			w.want(t, tt.want)
			w.fault(t, tt.fault, false)
		}
	})
}

func TestAutomaticStatus(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w wire) {
		t.Helper()
		w.send(t, "\x1da\x0e")
		w.want(t, "10000000")
		w.fault(t, printersim.PaperOut, true)
		w.want(t, "18000f00")
		w.fault(t, printersim.PaperOut, false)
		w.want(t, "10000000")
		w.fault(t, printersim.CoverOpen, true)
		w.want(t, "38000000")
	})
}

func TestConfirmations(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w wire) {
		t.Helper()
		w.send(t, "a\n\x1dVB\x03\x1d(H\x06\x0000ABCD\x1dr\x01\x1dr\x02")
		w.want(t, "37 22 41 42 43 44 00  00  00")
		if slips := w.Slips(); len(slips) != 1 || slips[0].Columns != 42 {
			t.Errorf("slips are %+v", slips)
		}
		w.fault(t, printersim.NearEnd, true)
		w.fault(t, printersim.DrawerOpen, true)
		w.send(t, "\x1dr\x01\x1dr\x02\x1dIC")
		w.want(t, "03 01"+hex.EncodeToString([]byte("_Shopbox simulator\x00")))
		w.fault(t, printersim.NoConfirm, true)
		w.send(t, "\x1d(H\x06\x0000ABCD\x1dr\x01\x10\x04\x01")
		w.want(t, "16")
	})
}

// Data behind a paper end is printed when paper comes; questions in order wait
// with it, questions in real time do not.
func TestPaperEnd(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w wire) {
		t.Helper()
		w.fault(t, printersim.PaperOutMidway, true)
		w.send(t, "\x1da\x0e"+"1\n2\n3\n4\n5\n\x1dV\x00\x1dr\x01")
		w.want(t, "10000000 18000f00")
		w.send(t, "\x10\x04\x04")
		w.want(t, "7e")
		if len(w.Slips()) != 0 {
			t.Error("a slip came out without paper")
		}
		w.fault(t, printersim.PaperOut, false)
		w.want(t, "10000000 00")
		if slips := w.Slips(); len(slips) != 1 || slips[0].Text() != "1\n2\n3\n4\n5\n" {
			t.Errorf("slips are %+v", slips)
		}
	})
}

func TestPowerLoss(t *testing.T) {
	t.Parallel()
	w := start(t, "127.0.0.1:0")
	w.fault(t, printersim.PowerLoss, true)
	w.send(t, "1\n2\n3\n4\n5\n\x1dV\x00")
	if _, err := w.line.Read(make([]byte, 8), 10*time.Second); !errors.Is(err, drivers.ErrOffline) {
		t.Errorf("without power: %v", err)
	}
	w.fault(t, printersim.PowerLoss, false)
	w.connect(t)
	w.send(t, "6\n\x1dV\x00")
	slips, err := w.WaitSlips(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if slips[0].Cut || slips[0].Text() != "1\n2\n3\n" || !slips[1].Cut || slips[1].Text() != "6\n" {
		t.Errorf("slips are %+v", slips)
	}
}

// A printer serves one connection; the next one waits for its turn.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	w := start(t, "127.0.0.1:0")
	w.send(t, "\x10\x04\x01")
	w.want(t, "12")
	second := wire{Simulator: w.Simulator}
	second.connect(t)
	second.send(t, "\x10\x04\x01")
	if _, err := second.line.Read(make([]byte, 8), 50*time.Millisecond); !errors.Is(err, port.ErrTimeout) {
		t.Errorf("the second was answered: %v", err)
	}
	if err := w.line.Close(); err != nil {
		t.Fatal(err)
	}
	second.want(t, "12")
}

// A full buffer holds the line back and loses nothing.
func TestFullBuffer(t *testing.T) {
	t.Parallel()
	w := start(t, "127.0.0.1:0")
	w.fault(t, printersim.CoverOpen, true)
	long := strings.Repeat(strings.Repeat("x", 41)+"\n", 500)
	w.send(t, long+"\x1dV\x00")
	w.fault(t, printersim.CoverOpen, false)
	slips, err := w.WaitSlips(t.Context(), 1)
	if err != nil || slips[0].Text() != long {
		t.Errorf("%d lines came out, %v", len(slips[0].Lines), err)
	}
}

func TestPulses(t *testing.T) {
	t.Parallel()
	w := start(t, "127.0.0.1:0")
	w.fault(t, printersim.PaperOut, true)
	w.send(t, "\x10\x14\x01\x00\x01")
	if err := w.WaitPulses(t.Context(), 1); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.WaitPulses(ctx, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for what does not come: %v", err)
	}
}

func TestFaultNames(t *testing.T) {
	t.Parallel()
	w := start(t, "")
	for _, name := range printersim.FaultNames() {
		w.fault(t, name, true)
		if !w.Faults()[name] {
			t.Errorf("%s is not on", name)
		}
		w.fault(t, name, false)
	}
	if err := w.SetFault("fire", true); err == nil {
		t.Error("a printer can burn")
	}
	if _, err := printersim.Start(t.Context(), printersim.Config{Listen: "nowhere"}); err == nil {
		t.Error("listening nowhere works")
	}
}
