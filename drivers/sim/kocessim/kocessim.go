// Package kocessim is a simulated KOCES CAT terminal on a TCP port or a
// pseudo-terminal, with its own book of what was really charged and faults
// that can be switched on. The tests of drivers and drivers/sim start it.
//
// It is written from the telegrams found in one public program, not from the
// driver, and shares no code with it. What a real terminal does beyond them is
// not known; where this one had to choose, it says so. What always holds:
// nothing is final before EOT was sent upon the register's confirmation.
package kocessim

import (
	"context"
	"errors"
	"time"

	"shopbox/drivers/sim/terminalsim"
)

// Config says what terminal to simulate. The zero value of each field has a
// default.
type Config struct {
	// Listen is host:port; empty for a pseudo-terminal.
	Listen string
	// TID is the only terminal id accepted, ten digits; default 1234567890.
	TID string
	// NetCancel makes a terminal that takes an unconfirmed transaction back at
	// its VAN at once; otherwise it keeps it as undelivered for M110.
	NetCancel bool
	// Mute makes a terminal that does not know M110.
	Mute bool
	// Unaware makes a terminal that does not notice when its line is cut and
	// waits for its time to end.
	Unaware bool
	// GrossAnswer names the whole amount in results, with the tax inside.
	GrossAnswer bool
	// Card is the number the terminal names. The default is an unmasked test
	// number with its track: a careless terminal.
	Card string
	// CardDelay is how long the customer takes, CardTimeout when the terminal
	// gives up waiting; default 30 s.
	CardDelay, CardTimeout time.Duration
	// AnswerTimeout is how long the register may take; default 10 s.
	AnswerTimeout time.Duration
	// Restart is how long the terminal is dark after a loss of power; default
	// 3 s.
	Restart time.Duration
	// Now is the terminal's clock; default time.Now.
	Now func() time.Time
}

func (c Config) withDefaults() Config {
	for value, fallback := range map[*time.Duration]time.Duration{
		&c.CardTimeout: 30 * time.Second, &c.AnswerTimeout: 10 * time.Second, &c.Restart: 3 * time.Second,
	} {
		if *value == 0 {
			*value = fallback
		}
	}
	if c.TID == "" {
		c.TID = "1234567890"
	}
	if c.Card == "" {
		c.Card = "4111111111111111=2812"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Simulator is a running terminal.
type Simulator struct {
	*terminalsim.Wire
	terminalsim.Book

	config Config
	// stored is the result that could not be delivered, and whose it is; told is
	// the last one that was.
	stored, told *undelivered
	// cuts is how often the line had been cut when the request came.
	cuts int
}

type undelivered struct {
	telegram string
	number   int
	body     []byte
}

// Start plugs a terminal in; it runs until the context ends or Close is
// called.
func Start(ctx context.Context, config Config) (*Simulator, error) {
	config = config.withDefaults()
	if len(config.TID) != 10 || len(config.Card) > 40 {
		return nil, errors.New("the terminal id has ten digits, the card at most 40")
	}
	wire, err := terminalsim.Open(ctx, config.Listen, split)
	if err != nil {
		return nil, err
	}
	s := &Simulator{Wire: wire, config: config}
	wire.Run(config.Restart, s.run)
	return s, nil
}

// Receipts is how many cash receipts stand: issued and not cancelled.
func (s *Simulator) Receipts() int {
	count := 0
	for _, t := range s.Transactions() {
		switch {
		case t.State != terminalsim.Booked:
		case t.Kind == terminalsim.Receipt:
			count++
		case t.Kind == terminalsim.ReceiptCancel:
			count--
		}
	}
	return count
}

func (s *Simulator) run() {
	if s.stored != nil { // power was lost over it
		s.unconfirmed(s.stored.number)
	}
	for {
		heard := s.Rest()
		if heard == nil {
			return
		}
		s.obey(heard)
	}
}

// obey takes what came while the terminal rests. A stop with nothing to stop
// is acknowledged, which is this simulator's choice.
func (s *Simulator) obey(heard []byte) {
	switch body, whole := unpack(heard); {
	case heard[0] == ack && s.Strikes(terminalsim.Busy):
		s.Send([]byte{nak})
	case heard[0] == ack:
		s.Send([]byte{ack})
	case len(heard) == 1:
	case whole && len(body) == 11 && body[0] == 'E':
		s.Send([]byte{ack})
	case whole && len(body) > 14:
		s.request(body)
	default:
		s.Send([]byte{nak})
	}
}

// request takes a telegram by its class and code.
func (s *Simulator) request(body []byte) {
	s.cuts = s.Cuts()
	switch code := string(body[:5]); {
	case code == "GG120":
		s.credit(body)
	case code == "GG130":
		s.receipt(body)
	case code == "TT180":
		s.wallet(body)
	case code == "MM110" && !s.config.Mute:
		s.Send([]byte{ack})
		s.deliver()
	default:
		s.Send([]byte{nak})
	}
}

// deliver is M110: the undelivered transaction, or A115 for none.
func (s *Simulator) deliver() {
	if s.stored == nil {
		s.Send(pack([]byte("A115")))
		return
	}
	s.Send(pack([]byte("A110")))
	if s.twoAcks() {
		s.hand(*s.stored)
	}
}

// deserted reports whether the terminal noticed that the register is gone.
func (s *Simulator) deserted() bool { return !s.config.Unaware && s.Cuts() != s.cuts }

// twoAcks waits for the register's double ACK.
func (s *Simulator) twoAcks() bool {
	for range 2 {
		if s.deserted() {
			return false
		}
		heard := s.Next(s.config.AnswerTimeout)
		if len(heard) != 1 || heard[0] != ack {
			if len(heard) > 1 {
				s.obey(heard)
			}
			return false
		}
	}
	return true
}

// hand gives a result to the register: it is final when that confirms.
func (s *Simulator) hand(result undelivered) {
	s.stored = &result
	frame := pack(result.body)
	s.Send(frame)
	if s.Strikes(terminalsim.Duplicate) {
		s.Send(frame)
	}
	if s.Strikes(terminalsim.AckLost) {
		s.Cut()
	}
	s.awaitConfirmation(result, frame)
}

// confirmWaits bounds how often a result is repeated upon NAK.
const confirmWaits = 2

func (s *Simulator) awaitConfirmation(result undelivered, frame []byte) {
	want := result.telegram[:3] + "5"
	for range confirmWaits {
		if s.deserted() {
			break
		}
		heard := s.Next(s.config.AnswerTimeout)
		if len(heard) == 1 && heard[0] == nak {
			s.Send(frame)
			continue
		}
		if body, whole := unpack(heard); whole && len(body) == 48 && string(body[:4]) == want {
			s.finalise(result)
			s.Send([]byte{eot})
			return
		}
		s.unconfirmed(result.number)
		if len(heard) > 0 {
			s.obey(heard)
		}
		return
	}
	s.unconfirmed(result.number)
}

// finalise books a transaction that was confirmed.
func (s *Simulator) finalise(result undelivered) {
	s.stored, s.told = nil, &result
	if s.Transactions()[result.number-1].State == terminalsim.Pending {
		s.Become(result.number, terminalsim.Booked)
	}
}

// unconfirmed keeps a transaction as undelivered, or takes it back.
func (s *Simulator) unconfirmed(number int) {
	if !s.config.NetCancel {
		return
	}
	s.stored = nil
	if s.Transactions()[number-1].State == terminalsim.Pending {
		s.Become(number, terminalsim.TakenBack)
	}
}
