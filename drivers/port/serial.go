package port

import (
	"errors"
	"io"
	"sync"
	"time"

	"github.com/tarm/serial"
)

const (
	// serialTick is the read timeout of every serial line. Without one a read
	// blocks in the kernel and Close would wait for it for ever.
	serialTick = 100 * time.Millisecond
	// quickEnds is how many empty reads far below the tick say that the other
	// end is gone: a timeout and a hang-up look alike except for their time.
	quickEnds = 5
	// closePatience bounds Close when the kernel still holds the line.
	closePatience = time.Second
)

type serialPort struct {
	line    *serial.Port
	path    string
	closing sync.Once
	closed  error
}

func openSerial(config serial.Config) (Port, error) {
	line, err := serial.OpenPort(&config)
	if err != nil {
		return nil, offline(err)
	}
	// What came while nobody listened is not meant for us.
	if err := line.Flush(); err != nil {
		_ = line.Close()
		return nil, offline(err)
	}
	return &serialPort{line: line, path: config.Name}, nil
}

func (s *serialPort) Read(p []byte, wait time.Duration) (int, error) {
	deadline := time.Now().Add(wait)
	for quick := 0; ; {
		began := time.Now()
		n, err := s.line.Read(p)
		if n > 0 {
			return n, nil
		}
		// tarm/serial reports a timeout as the end of the file.
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, offline(err)
		}
		quick++
		if time.Since(began) >= serialTick/2 {
			quick = 0
		}
		if quick >= quickEnds || missing(s.path) {
			return 0, offline(errors.New("line hung up"))
		}
		if quick == 0 && !time.Now().Before(deadline) {
			return 0, ErrTimeout
		}
	}
}

// Write sends p from a goroutine of its own, since a line whose other end
// does not take anything blocks in the kernel.
func (s *serialPort) Write(p []byte, wait time.Duration) (int, error) {
	type written struct {
		n   int
		err error
	}
	done := make(chan written, 1)
	bytes := append([]byte(nil), p...)
	go func() {
		n, err := s.line.Write(bytes)
		done <- written{n, err}
	}()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case w := <-done:
		if w.err != nil {
			return w.n, offline(w.err)
		}
		return w.n, nil
	case <-timer.C:
		// Throwing the unsent bytes away wakes the blocked writer.
		_ = s.line.Flush()
		return 0, ErrTimeout
	}
}

func (s *serialPort) Close() error {
	s.closing.Do(func() {
		done := make(chan error, 1)
		go func() { done <- s.line.Close() }()
		timer := time.NewTimer(closePatience)
		defer timer.Stop()
		select {
		case s.closed = <-done:
		case <-timer.C:
		}
	})
	return s.closed
}
