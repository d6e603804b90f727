package port

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
)

// Line is a device's place and, while it is open, the port there. Drivers
// embed it for their Open and Close. It is safe for use by many goroutines.
type Line struct {
	address Address

	mutex sync.Mutex
	port  Port
}

// NewLine checks the address; it touches no device.
func NewLine(address string) (*Line, error) {
	parsed, err := Parse(address)
	if err != nil {
		return nil, err
	}
	return &Line{address: parsed}, nil
}

// Open opens the port; one opened before is closed first.
func (l *Line) Open(ctx context.Context) error {
	if err := l.Close(); err != nil {
		return err
	}
	opened, err := l.address.Open(ctx)
	if err != nil {
		return err
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.port = opened
	return nil
}

// Close lets the port go; what waits on it ends with drivers.ErrOffline.
func (l *Line) Close() error {
	l.mutex.Lock()
	opened := l.port
	l.port = nil
	l.mutex.Unlock()
	if opened == nil {
		return nil
	}
	return opened.Close()
}

// Port is the open port, or drivers.ErrOffline.
func (l *Line) Port() (Port, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.port == nil {
		return nil, fmt.Errorf("%w: not open", drivers.ErrOffline)
	}
	return l.port, nil
}

// Drain throws away what came and nobody read, before a question whose answer
// must not be an older one.
func Drain(from Port) error {
	buffer := make([]byte, 256)
	for {
		n, err := from.Read(buffer, time.Millisecond)
		if errors.Is(err, ErrTimeout) || err == nil && n < len(buffer) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
