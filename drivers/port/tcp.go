package port

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"
)

// dialPatience bounds a connect: a printer on the same network answers in
// milliseconds, one that is switched off never does.
const dialPatience = 3 * time.Second

func openTCP(ctx context.Context, hostPort string) (Port, error) {
	dialer := net.Dialer{
		Timeout: dialPatience,
		// A device that lost its power says no goodbye; notice it in half a
		// minute.
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 4},
	}
	connection, err := dialer.DialContext(ctx, "tcp", hostPort)
	if err != nil {
		return nil, offline(err)
	}
	return &stream{file: connection}, nil
}

// deadliner is what a net.Conn and a pollable os.File have in common.
type deadliner interface {
	Read(p []byte) (int, error)
	Write(p []byte) (int, error)
	Close() error
	SetReadDeadline(at time.Time) error
	SetWriteDeadline(at time.Time) error
}

// stream is a Port over something that knows deadlines.
type stream struct {
	file deadliner
	// gone, when set, decides whether an end of file means that the device
	// went away; without it, it does.
	gone func() bool
}

// emptyPause keeps a device file that has nothing to say from being read in a
// tight loop.
const emptyPause = 20 * time.Millisecond

func (s *stream) Read(p []byte, wait time.Duration) (int, error) {
	deadline := time.Now().Add(wait)
	if err := s.file.SetReadDeadline(deadline); err != nil {
		return 0, offline(err)
	}
	for {
		n, err := s.file.Read(p)
		switch {
		case n > 0:
			return n, nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return 0, ErrTimeout
		case err != nil && (!errors.Is(err, io.EOF) || s.gone == nil || s.gone()):
			return 0, offline(err)
		case time.Until(deadline) <= emptyPause:
			return 0, ErrTimeout
		}
		<-time.After(emptyPause)
	}
}

func (s *stream) Write(p []byte, wait time.Duration) (int, error) {
	if err := s.file.SetWriteDeadline(time.Now().Add(wait)); err != nil {
		return 0, offline(err)
	}
	n, err := s.file.Write(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return n, ErrTimeout
	}
	if err != nil {
		return n, offline(err)
	}
	return n, nil
}

func (s *stream) Close() error {
	if err := s.file.Close(); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
