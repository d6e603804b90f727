package port

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"shopbox/drivers"
)

// Turns is a card terminal's place on which one operation runs at a time, and
// which another goroutine may stop or cut. Terminals on which every operation
// opens the port anew are built on it.
type Turns struct {
	address Address

	turn sync.Mutex // held while one operation runs

	mutex   sync.Mutex
	running *Talk
}

// NewTurns is the place at an address; it touches no device.
func NewTurns(address string) (*Turns, error) {
	parsed, err := Parse(address)
	if err != nil {
		return nil, err
	}
	return &Turns{address: parsed}, nil
}

// Take reserves the terminal, or is drivers.ErrBusy. After it the caller must
// call release.
func (t *Turns) Take() (release func(), err error) {
	if !t.turn.TryLock() {
		return nil, fmt.Errorf("%w: another operation runs", drivers.ErrBusy)
	}
	return t.turn.Unlock, nil
}

// Talk opens the port for whoever took the turn; see Address.Talk.
func (t *Turns) Talk(ctx context.Context, patience time.Duration, stop func() []byte) (talk *Talk, end func(), err error) {
	talk, cut, err := t.address.Talk(ctx, patience, stop)
	if err != nil {
		return nil, nil, err
	}
	t.set(talk)
	return talk, func() { cut(); t.set(nil) }, nil
}

// Close cuts an operation that runs; that operation then returns by itself.
func (t *Turns) Close() error {
	if talk := t.current(); talk != nil {
		_ = talk.Close()
	}
	return nil
}

// Abort stops a payment that waits for the customer. Without an operation it
// does nothing.
func (t *Turns) Abort(context.Context) error {
	if talk := t.current(); talk != nil {
		return talk.Abort()
	}
	return nil
}

func (t *Turns) set(talk *Talk) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.running = talk
}

func (t *Turns) current() *Talk {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.running
}

// Persist asks a terminal that may be away or at work until it answers: the
// first ask that is nil, or whose error is final, ends it, or else the last one
// after the patience.
func Persist(ctx context.Context, poll, patience time.Duration, ask func() error) error {
	for start := time.Now(); ; {
		err := ask()
		if err == nil || errors.Is(err, drivers.ErrSettings) || errors.Is(err, drivers.ErrUnsupported) || time.Since(start) > patience {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", drivers.ErrOffline, ctx.Err())
		case <-time.After(poll):
		}
	}
}
