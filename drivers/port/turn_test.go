package port_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// listening is the address of a server that hands out what it accepted.
func listening(t *testing.T) (address string, accepted <-chan net.Conn) {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	conns := make(chan net.Conn, 4)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns <- conn
		}
	}()
	return "tcp://" + listener.Addr().String(), conns
}

// take is a connection that stays up while the test runs: one that nobody
// holds is closed by the garbage collector.
func take(t *testing.T, accepted <-chan net.Conn) net.Conn {
	t.Helper()
	conn := <-accepted
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// TestTurns: one operation at a time, which another goroutine stops or cuts.
func TestTurns(t *testing.T) {
	t.Parallel()
	address, accepted := listening(t)
	turns, err := port.NewTurns(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(turns.Abort(t.Context()), turns.Close()); err != nil {
		t.Errorf("with nothing running: %v", err)
	}
	release, err := turns.Take()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := turns.Take(); !errors.Is(err, drivers.ErrBusy) {
		t.Errorf("taken twice: %v", err)
	}
	talk, end, err := turns.Talk(t.Context(), time.Second, func() []byte { return []byte("stop") })
	if err != nil {
		t.Fatal(err)
	}
	talk.Begin()
	if err := turns.Abort(t.Context()); err != nil || !talk.Aborted() {
		t.Errorf("abort: %v, aborted %t", err, talk.Aborted())
	}
	heard := make([]byte, 4)
	conn := take(t, accepted)
	if _, err := conn.Read(heard); err != nil || string(heard) != "stop" {
		t.Errorf("the device heard %q, %v", heard, err)
	}
	if err := turns.Close(); err != nil {
		t.Error(err)
	}
	if _, err := talk.Hear(time.Now().Add(5 * time.Second)); !errors.Is(err, drivers.ErrOffline) {
		t.Errorf("a cut talk: %v", err)
	}
	end()
	release()
	if again, err := turns.Take(); err != nil {
		t.Errorf("after the release: %v", err)
	} else {
		again()
	}
	if _, err := port.NewTurns("nowhere"); !errors.Is(err, drivers.ErrSettings) {
		t.Errorf("no address: %v", err)
	}
}

// TestHearLate: what came in time is read by a box that looks late.
func TestHearLate(t *testing.T) {
	t.Parallel()
	address, accepted := listening(t)
	parsed, err := port.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	talk, end, err := parsed.Talk(t.Context(), time.Second, func() []byte { return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	conn := take(t, accepted)
	if _, err := conn.Write([]byte{6}); err != nil {
		t.Fatal(err)
	}
	if _, err := talk.Hear(time.Now().Add(-time.Millisecond)); err != nil || len(talk.Heard) != 1 {
		t.Errorf("heard % X, %v", talk.Heard, err)
	}
	talk.Heard = nil
	if _, err := talk.Hear(time.Now().Add(-time.Millisecond)); !errors.Is(err, port.ErrTimeout) {
		t.Errorf("nothing came: %v", err)
	}
	if _, err := talk.Hear(time.Now().Add(-time.Hour)); !errors.Is(err, port.ErrTimeout) {
		t.Errorf("long ago: %v", err)
	}
}

func TestPersist(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers []error
		want    error
		asked   int
	}{
		"at once":       {[]error{nil}, nil, 1},
		"when it is on": {[]error{drivers.ErrOffline, drivers.ErrBusy, nil}, nil, 3},
		"settings":      {[]error{drivers.ErrOffline, drivers.ErrSettings}, drivers.ErrSettings, 2},
		"cannot":        {[]error{drivers.ErrUnsupported}, drivers.ErrUnsupported, 1},
	} {
		asked := 0
		err := port.Persist(t.Context(), time.Millisecond, time.Minute, func() error { asked++; return test.answers[asked-1] })
		if !errors.Is(err, test.want) || asked != test.asked {
			t.Errorf("%s: %v after %d", name, err, asked)
		}
	}
	away := func() error { return drivers.ErrOffline }
	if err := port.Persist(t.Context(), time.Millisecond, 0, away); !errors.Is(err, drivers.ErrOffline) {
		t.Errorf("without patience: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := port.Persist(ctx, time.Minute, time.Hour, away); !errors.Is(err, context.Canceled) || !errors.Is(err, drivers.ErrOffline) {
		t.Errorf("nobody wants it: %v", err)
	}
}
