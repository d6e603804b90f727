// Package tl3x00sim is a simulated SMARTRO TL3x00 card reader on a
// pseudo-terminal or a TCP port, with its own book of what was really charged
// and faults that can be switched on. The tests of drivers and drivers/sim
// start it.
//
// It is written from the frame and data layouts found in public code, not from
// the driver, and shares no code with it. What a real reader does beyond them
// is not known; where this one had to choose, it says so. What always holds: a
// payment stands from the host's approval on, heard or not, and job L repeats
// the last one.
package tl3x00sim

import (
	"context"
	"fmt"
	"time"

	"shopbox/drivers/sim/terminalsim"
)

// Config says what reader to simulate. The zero value of each field has a
// default.
type Config struct {
	// Listen is host:port of a serial server; empty for a pseudo-terminal.
	Listen string
	// TerminalID is up to 16 characters; default "TERM01".
	TerminalID string
	// Card is the number the reader names, 20 characters at most. The default
	// is an unmasked test number: a careless reader.
	Card string
	// CardDelay is how long the customer takes, CardTimeout when the reader
	// gives up waiting; default one minute.
	CardDelay, CardTimeout time.Duration
	// AnswerTimeout is how long the register may take to acknowledge; default
	// 3 s.
	AnswerTimeout time.Duration
	// Restart is how long the reader is dark after a loss of power; default
	// 3 s.
	Restart time.Duration
	// Now is the reader's clock; default time.Now.
	Now func() time.Time
}

func (c Config) withDefaults() Config {
	for value, fallback := range map[*time.Duration]time.Duration{
		&c.CardTimeout: time.Minute, &c.AnswerTimeout: 3 * time.Second, &c.Restart: 3 * time.Second,
	} {
		if *value == 0 {
			*value = fallback
		}
	}
	if c.TerminalID == "" {
		c.TerminalID = "TERM01"
	}
	if c.Card == "" {
		c.Card = "4111111111111111"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Simulator is a running reader.
type Simulator struct {
	*terminalsim.Wire
	terminalsim.Book

	config Config
	// deaf counts frames that are still refused because the reader is busy.
	deaf int
	// last is the data that job L repeats.
	last []byte
}

// Start plugs a reader in; it runs until the context ends or Close is called.
func Start(ctx context.Context, config Config) (*Simulator, error) {
	config = config.withDefaults()
	if len(config.TerminalID) > 16 || len(config.Card) > 20 {
		return nil, fmt.Errorf("terminal id %q or card number is too long", config.TerminalID)
	}
	wire, err := terminalsim.Open(ctx, config.Listen, split)
	if err != nil {
		return nil, err
	}
	s := &Simulator{Wire: wire, config: config}
	wire.Run(config.Restart, s.run)
	return s, nil
}

// FinalAtHost says that a payment stands before the register has its result.
func (s *Simulator) FinalAtHost() bool { return true }

func (s *Simulator) run() {
	s.deaf = 0
	for {
		heard := s.Rest()
		if heard == nil {
			return
		}
		s.obey(heard)
	}
}

// busySends is how many frames a busy reader refuses: one with its repeats.
const busySends = 3

// obey takes a frame; signs that nobody waits for are nothing.
func (s *Simulator) obey(heard []byte) {
	if len(heard) == 1 {
		return
	}
	job, data, whole := unpack(heard)
	if s.deaf == 0 && s.Strikes(terminalsim.Busy) {
		s.deaf = busySends
	}
	if !whole || s.deaf > 0 {
		s.deaf = max(0, s.deaf-1)
		s.Send([]byte{nak})
		return
	}
	answer, known := map[byte]func([]byte){
		'A': func([]byte) { s.answer('a', []byte("OOOO")) },
		'B': s.approve,
		'C': s.cancel,
		'E': func([]byte) { s.answer('e', nil) },
		'L': func([]byte) { s.answer('l', s.repeat()) },
		'V': func([]byte) { s.answer('v', fmt.Appendf(nil, "%-45s", "TL3800 SIMULATED V10.1")) },
	}[job]
	if !known {
		s.Send([]byte{nak})
		return
	}
	s.Send([]byte{ack})
	answer(data)
}

// answer sends an answer until it is acknowledged, three times at most. A
// request in place of the acknowledgement is obeyed.
func (s *Simulator) answer(job byte, data []byte) {
	raw, cuts := s.pack(job, data), s.Cuts()
	for range 3 {
		s.Send(raw)
		heard := s.Next(s.config.AnswerTimeout)
		switch {
		case s.Cuts() != cuts && heard == nil:
			return
		case len(heard) > 1:
			s.obey(heard)
			return
		case len(heard) == 1 && heard[0] == ack:
			return
		}
	}
}

// repeat is the data of job L; before the first approval a refusal, which is
// this simulator's choice.
func (s *Simulator) repeat() []byte {
	if s.last == nil {
		return s.refusal("B3", "거래없음")
	}
	return s.last
}
