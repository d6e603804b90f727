package kocessim

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"shopbox/drivers/sim/terminalsim"
)

// asked is a request as the terminal reads it.
type asked struct {
	said

	kind     terminalsim.Kind
	tid      string
	approval string // of the original of a cancel
	months   int
	holder   string
	purpose  string
	wallet   bool
}

func (a asked) total() (sum int64) {
	for _, part := range a.sums {
		sum += part
	}
	return sum
}

// read reads the fields that G120 and G130 begin with; ok is false when an
// amount is no number.
func read(body []byte, telegram string) (a asked, rest []byte, ok bool) {
	if len(body) < 91 {
		return asked{}, nil, false
	}
	a.telegram, a.tid = telegram, strings.TrimSpace(string(body[5:15]))
	for i := range a.sums {
		n, err := strconv.ParseInt(string(body[15+9*i:24+9*i]), 10, 64)
		if err != nil || n < 0 {
			return asked{}, nil, false
		}
		a.sums[i] = n
	}
	a.approval = strings.TrimSpace(string(body[59:71]))
	return a, body[91:], a.total() > 0
}

// credit is G120, 155 bytes between STX and ETX.
func (s *Simulator) credit(body []byte) {
	a, rest, ok := read(body, "G120")
	months, err := strconv.Atoi(string(rest[:min(2, len(rest))]))
	if !ok || err != nil || len(body) != 155 {
		s.Send([]byte{nak})
		return
	}
	a.kind, a.months, a.printed = terminalsim.Payment, months, s.config.Card
	if a.approval != "" {
		a.kind = terminalsim.Reversal
	}
	s.transact(a)
}

// receipt is G130: two blanks, holder 20, purpose 1, reason 1 and 40 spare.
// The terminal asks for a holder that is not named; its customer types one.
func (s *Simulator) receipt(body []byte) {
	a, rest, ok := read(body, "G130")
	if !ok || len(rest) != 64 {
		s.Send([]byte{nak})
		return
	}
	a.kind, a.holder, a.purpose = terminalsim.Receipt, strings.TrimSpace(string(rest[2:22])), string(rest[22:23])
	if a.holder == "" {
		a.holder = "01098765432"
	}
	a.printed = a.holder
	if a.approval != "" {
		a.kind = terminalsim.ReceiptCancel
	}
	s.transact(a)
}

// wallet is T180: a length and fields S01 to S15.
func (s *Simulator) wallet(body []byte) {
	length, err := strconv.Atoi(string(body[5:9]))
	fields := strings.Split(string(body[9:]), ";")
	if err != nil || length != len(body)-9 || len(fields) != 16 {
		s.Send([]byte{nak})
		return
	}
	value := func(place int) string {
		_, after, _ := strings.Cut(fields[place-1], "=")
		return strings.TrimSpace(after)
	}
	a := asked{kind: terminalsim.Payment, tid: value(2), wallet: true, approval: value(10)}
	a.telegram, a.printed = "T180", value(3)
	for i := range a.sums {
		if a.sums[i], err = strconv.ParseInt(value(4+i), 10, 64); err != nil {
			s.Send([]byte{nak})
			return
		}
	}
	a.months, _ = strconv.Atoi(value(12))
	if value(1) == "A20" {
		a.kind = terminalsim.Reversal
	}
	s.transact(a)
}

// transact takes a request through to EOT.
func (s *Simulator) transact(a asked) {
	s.Send([]byte{ack})
	if a.tid != s.config.TID {
		s.Send(pack([]byte("Q")))
		return
	}
	if a.kind == terminalsim.Payment && !a.wallet {
		s.Send(pack([]byte("D")))
	}
	if !s.awaitCustomer() {
		return
	}
	s.Send(pack([]byte("A110")))
	if !s.twoAcks() {
		return
	}
	s.settle(a)
}

// awaitCustomer waits for the customer; the register may stop it with E.
func (s *Simulator) awaitCustomer() (presented bool) {
	absent := s.Strikes(terminalsim.NoCard)
	left := s.config.CardDelay
	if absent {
		left = s.config.CardTimeout
	}
	for until := time.Now().Add(left); time.Now().Before(until); {
		heard := s.Next(time.Until(until))
		if body, whole := unpack(heard); whole && len(body) == 11 && body[0] == 'E' {
			s.Send(pack([]byte("E")))
			return false
		}
	}
	select {
	case <-s.Ended():
		return false
	default:
	}
	if absent {
		s.Send(pack([]byte("E")))
	}
	return !absent
}

// settle asks the host and hands the result over, with whatever fault is
// switched on.
func (s *Simulator) settle(a asked) {
	if previous := cmp.Or(s.stored, s.told); previous != nil && s.Strikes(terminalsim.Stale) {
		frame := pack(previous.body)
		s.Send(frame)
		s.awaitConfirmation(*previous, frame)
		return
	}
	t := terminalsim.Transaction{
		Kind: a.kind, Amount: a.total(), Tax: a.sums[1], Months: a.months, At: s.now(), State: terminalsim.Pending,
		Original: a.approval, Holder: a.holder, Purpose: a.purpose, Wallet: a.wallet,
	}
	a.code, a.text = "0000", "정상승인"
	undo := a.kind == terminalsim.Reversal || a.kind == terminalsim.ReceiptCancel
	if s.Strikes(terminalsim.Decline) || undo && !s.Undoes(a.kind, a.approval, t.Amount) {
		t.State, a.code, a.text = terminalsim.Declined, "8350", "거래거절"
	}
	s.replaceStored()
	t = s.Add(t)
	if t.State == terminalsim.Declined {
		t.Approval = ""
	}
	s.pass(undelivered{telegram: a.telegram, number: t.Number, body: s.body(a, t)})
}

// replaceStored takes back what the register never fetched before the next
// transaction takes its place, which is this simulator's choice.
func (s *Simulator) replaceStored() {
	if s.stored != nil && s.Transactions()[s.stored.number-1].State == terminalsim.Pending {
		s.Become(s.stored.number, terminalsim.TakenBack)
	}
	s.stored = nil
}

func (s *Simulator) body(a asked, t terminalsim.Transaction) []byte {
	told := a.said
	told.original = a.approval
	if s.config.GrossAnswer {
		told.sums[0] = a.total()
	}
	if s.Strikes(terminalsim.Amount) {
		told.sums[0] += 1000
	}
	if a.wallet {
		return s.list(told, t)
	}
	return s.fixed(told, t)
}

// pass hands a result over, or spoils that.
func (s *Simulator) pass(result undelivered) {
	s.stored = &result
	switch {
	case s.Strikes(terminalsim.AnswerLost):
		s.Cut()
		s.unconfirmed(result.number)
	case s.Strikes(terminalsim.PowerLoss):
		s.LosePower()
	case s.Strikes(terminalsim.Late):
		heard := s.Next(s.config.CardTimeout)
		s.Send(pack(result.body))
		s.unconfirmed(result.number)
		if len(heard) > 0 {
			s.obey(heard)
		}
	case s.Strikes(terminalsim.Garbage):
		s.Blurt([]byte{0xFF, stx, 0x13, 0x37, etx, 0x00})
		s.awaitConfirmation(result, pack(result.body))
	default:
		s.hand(result)
	}
}
