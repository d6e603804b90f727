package zpl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

const (
	// chunk is how many bytes go out before the context is looked at.
	chunk = 4096
	// sendPatience is how long the line may refuse to take bytes.
	sendPatience = 5 * time.Second
	// turn bounds one read, so that the end of a context is seen.
	turn = 100 * time.Millisecond
	// longest is the longest answer believed.
	longest = 4096
)

// talk is an open line to a printer.
type talk struct {
	port     port.Port
	patience time.Duration
}

// ask sends a question and collects the answer until it is whole. Bytes without
// a whole answer are drivers.ErrProtocol, none at all are drivers.ErrOffline.
func (t talk) ask(ctx context.Context, question string, whole func(heard []byte) bool) error {
	if err := port.Drain(t.port); err != nil {
		return offline(err)
	}
	if _, err := t.port.Write([]byte(question), t.patience); err != nil {
		return offline(err)
	}
	deadline := time.Now().Add(t.patience)
	var heard []byte
	buffer := make([]byte, 512)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		wait := min(time.Until(deadline), turn)
		if wait <= 0 || len(heard) > longest {
			break
		}
		n, err := t.port.Read(buffer, wait)
		if err != nil && !errors.Is(err, port.ErrTimeout) {
			return offline(err)
		}
		heard = append(heard, buffer[:n]...)
		if whole(heard) {
			return nil
		}
	}
	if len(heard) == 0 {
		return fmt.Errorf("%w: no answer to %s", drivers.ErrOffline, question)
	}
	return fmt.Errorf("%w: %d unintelligible bytes instead of an answer to %s", drivers.ErrProtocol, len(heard), question)
}

// status asks how the printer is. The guide says that some printers leave ~HS
// unanswered while they have no paper or their head is open; such a one is asked
// for its errors instead.
func (t talk) status(ctx context.Context) (status, error) {
	var now status
	err := t.ask(ctx, askStatus, func(heard []byte) (whole bool) {
		found := lines(heard)
		if len(found) < statusLines {
			return false
		}
		read, err := readStatus(found[:statusLines])
		now = read
		return err == nil
	})
	if !errors.Is(err, drivers.ErrOffline) || ctx.Err() != nil {
		return now, err
	}
	var fault error
	if t.ask(ctx, askErrors, func(heard []byte) bool {
		return readErrors(heard, &fault)
	}) != nil {
		return now, err
	}
	if fault == nil {
		fault = fmt.Errorf("%w: it does not say how it is", drivers.ErrPrinterFault)
	}
	return status{told: fault}, nil
}

// print sends formats and waits until the printer says that none waits.
func (t talk) print(ctx context.Context, formats []byte, config Config) error {
	sent, err := t.send(ctx, formats)
	if err == nil {
		err = t.await(ctx, config)
	}
	if err == nil || sent == 0 {
		return err
	}
	return fmt.Errorf("%w: %w", drivers.ErrPrintUnknown, err)
}

// send returns how many bytes may have gone out.
func (t talk) send(ctx context.Context, data []byte) (int, error) {
	sent := 0
	for len(data) > 0 {
		if err := ctx.Err(); err != nil {
			return sent, err
		}
		part := data[:min(len(data), chunk)]
		n, err := t.port.Write(part, sendPatience)
		sent += n
		if err != nil {
			// A serial line does not say how much it took.
			return max(sent, 1), offline(err)
		}
		data = data[len(part):]
	}
	return sent, nil
}

// await asks until two answers in a row say that nothing waits: one alone may be
// from the moment between a format's arrival and its first label.
func (t talk) await(ctx context.Context, config Config) error {
	progress := time.Now()
	left, idle := -1, 0
	ticker := time.NewTicker(config.Poll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		now, err := t.status(ctx)
		if err != nil {
			return err
		}
		if fault := now.fault(); fault != nil {
			return fault
		}
		if now.idle() {
			if idle++; idle == 2 {
				return nil
			}
			continue
		}
		idle = 0
		if waiting := now.formats<<16 + now.labels; waiting != left {
			left, progress = waiting, time.Now()
		}
		if time.Since(progress) > config.Patience {
			return fmt.Errorf("no label in %s", config.Patience)
		}
	}
}

// offline says that the printer is gone, whatever the port said.
func offline(err error) error {
	if errors.Is(err, drivers.ErrOffline) {
		return err
	}
	return fmt.Errorf("%w: %w", drivers.ErrOffline, err)
}
