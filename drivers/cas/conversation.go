package cas

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// The signs of the asked dialect (AP, ER and PD manuals).
const (
	enq = 0x05
	ack = 0x06
	dc1 = 0x11
	nak = 0x15
)

// noiseLimit is how much unintelligible talk ends a question.
const noiseLimit = 1024

// sends is how often a question is put to a scale that says NAK.
const sends = 3

// conversation is one question to the scale.
type conversation struct {
	line port.Port
	//nolint:containedctx // lives as long as one question
	ctx   context.Context
	until time.Time
	heard []byte
	// noise counts what was heard and made no sense.
	noise int
}

// hear waits for more bytes until the answer's time is over.
func (c *conversation) hear() error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	wait := time.Until(c.until)
	if wait <= 0 {
		if c.noise+len(c.heard) > 0 {
			return fmt.Errorf("%w: %d bytes and no weight", drivers.ErrProtocol, c.noise+len(c.heard))
		}
		return fmt.Errorf("%w: the scale is silent", drivers.ErrOffline)
	}
	if c.noise+len(c.heard) > noiseLimit {
		return fmt.Errorf("%w: only noise", drivers.ErrProtocol)
	}
	buffer := make([]byte, 64)
	n, err := c.line.Read(buffer, min(wait, answerWithin/4))
	c.heard = append(c.heard, buffer[:n]...)
	if errors.Is(err, port.ErrTimeout) {
		return nil
	}
	return err
}

// overhear waits for a whole line; the first may be the rest of one.
func (c *conversation) overhear() (drivers.Weight, error) {
	for {
		at := bytes.IndexByte(c.heard, '\n')
		if at < 0 {
			if err := c.hear(); err != nil {
				return drivers.Weight{}, err
			}
			continue
		}
		weight, err := ParseStream(c.heard[:at+1])
		if !errors.Is(err, drivers.ErrProtocol) {
			return weight, err
		}
		c.heard = c.heard[at+1:]
		c.noise += at + 1
	}
}

// ask greets the scale and asks for the weight.
func (c *conversation) ask() (drivers.Weight, error) {
	for range sends {
		understood, err := c.greet()
		if err != nil {
			return drivers.Weight{}, err
		}
		if !understood {
			continue
		}
		if err := c.say(dc1); err != nil {
			return drivers.Weight{}, err
		}
		return c.answer()
	}
	return drivers.Weight{}, fmt.Errorf("%w: the scale refuses to answer", drivers.ErrBusy)
}

// greet sends ENQ and waits for ACK; NAK asks to try again.
func (c *conversation) greet() (understood bool, err error) {
	if err := c.say(enq); err != nil {
		return false, err
	}
	for {
		if at := bytes.IndexAny(c.heard, string([]byte{ack, nak})); at >= 0 {
			understood = c.heard[at] == ack
			c.heard = c.heard[at+1:]
			return understood, nil
		}
		if err := c.hear(); err != nil {
			return false, err
		}
	}
}

func (c *conversation) say(sign byte) error {
	_, err := c.line.Write([]byte{sign}, answerWithin)
	if errors.Is(err, port.ErrTimeout) {
		return fmt.Errorf("%w: %w", drivers.ErrOffline, err)
	}
	return err
}

func (c *conversation) answer() (drivers.Weight, error) {
	for {
		if at := bytes.IndexByte(c.heard, eot); at >= 0 {
			return ParseAnswer(c.heard[:at+1])
		}
		if err := c.hear(); err != nil {
			return drivers.Weight{}, err
		}
	}
}
