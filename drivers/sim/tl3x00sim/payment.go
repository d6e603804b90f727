package tl3x00sim

import (
	"strconv"
	"time"

	"shopbox/drivers/sim/terminalsim"
)

func (s *Simulator) now() time.Time { return s.config.Now().In(time.FixedZone("KST", zone)) }

// numbers reads decimal fields of the given sizes.
func numbers(data []byte, sizes ...int) ([]int64, bool) {
	var read []int64
	for _, size := range sizes {
		if len(data) < size {
			return nil, false
		}
		n, err := strconv.ParseInt(string(data[:size]), 10, 64)
		if err != nil || n < 0 {
			return nil, false
		}
		read, data = append(read, n), data[size:]
	}
	return read, true
}

// approve is job B: kind, amount, tax, service, months, signature.
func (s *Simulator) approve(data []byte) {
	fields, ok := numbers(data, 1, 10, 8, 8, 2, 1)
	if !ok || len(data) != 30 || fields[0] != 1 || fields[1] == 0 {
		s.answer('b', s.refusal("B3", "포맷오류"))
		return
	}
	if !s.awaitCard() {
		return
	}
	s.settle('b', '1', '1', terminalsim.Transaction{
		Kind: terminalsim.Payment, Amount: fields[1], Tax: fields[2], Months: int(fields[4]),
	})
}

// cancel is job C by full data: kind, trade, amount, tax, service, months,
// signature, approval, date, time.
func (s *Simulator) cancel(data []byte) {
	fields, ok := numbers(data, 1, 1, 10, 8, 8, 2, 1)
	if !ok || len(data) < 57 || fields[0] != 1 {
		s.answer('c', s.refusal("B3", "포맷오류"))
		return
	}
	approval := string(trim(data[31:43]))
	if !s.awaitCard() {
		return
	}
	if !s.Undoes(terminalsim.Reversal, approval, fields[2]) {
		s.answer('c', s.refusal("7A", "원거래없음"))
		return
	}
	s.settle('c', data[1], '1', terminalsim.Transaction{
		Kind: terminalsim.Reversal, Amount: fields[2], Tax: fields[3], Months: int(fields[5]), Original: approval,
	})
}

func trim(field []byte) []byte {
	for len(field) > 0 && field[len(field)-1] == ' ' {
		field = field[:len(field)-1]
	}
	return field
}

// awaitCard waits for the customer. When nobody came, or the register stopped
// it with job E, it answers itself; that a stopped job is not answered besides
// e is this simulator's choice.
func (s *Simulator) awaitCard() (presented bool) {
	absent := s.Strikes(terminalsim.NoCard)
	left := s.config.CardDelay
	if absent {
		left = s.config.CardTimeout
	}
	for until := time.Now().Add(left); time.Now().Before(until); {
		heard := s.Next(time.Until(until))
		if len(heard) <= 1 {
			continue
		}
		if job, _, whole := unpack(heard); whole && job == 'E' {
			s.Send([]byte{ack})
			s.answer('e', nil)
			return false
		}
		s.Send([]byte{nak})
	}
	if s.over() {
		return false
	}
	if absent {
		s.answer('b', s.refusal("6F", "카드없음"))
		return false
	}
	s.event('I')
	return true
}

func (s *Simulator) over() bool {
	select {
	case <-s.Ended():
		return true
	default:
		return false
	}
}

// settle asks the host and answers, with whatever fault is switched on.
func (s *Simulator) settle(job, kind, medium byte, t terminalsim.Transaction) {
	t.At, t.State = s.now(), terminalsim.Booked
	if s.Strikes(terminalsim.Decline) {
		t.State = terminalsim.Declined
		s.Add(t)
		s.answer(job, s.refusal("6B", "한도초과"))
		return
	}
	if s.Strikes(terminalsim.Stale) {
		s.answer(job, s.repeat())
		return
	}
	t = s.Add(t)
	s.last = s.approved(kind, medium, t)
	told := s.last
	if s.Strikes(terminalsim.Amount) {
		wrong := t
		wrong.Amount += 1000
		told = s.approved(kind, medium, wrong)
	}
	s.tell(job, told)
}

// tell sends the result of what the host approved.
func (s *Simulator) tell(job byte, data []byte) {
	raw := s.pack(job, data)
	switch {
	case s.Strikes(terminalsim.AnswerLost):
		s.Cut()
	case s.Strikes(terminalsim.PowerLoss):
		s.LosePower()
	case s.Strikes(terminalsim.AckLost):
		s.Send(raw)
		s.Cut()
	case s.Strikes(terminalsim.Late):
		// Until the register came back to ask.
		if heard := s.Next(s.config.CardTimeout); len(heard) > 1 {
			s.Send(raw)
			s.obey(heard)
		}
	case s.Strikes(terminalsim.Garbage):
		s.Blurt([]byte{0xFF, stx, 0x13, 0x37, 0x00, 0xFE, 0xFD})
		_ = s.Next(s.config.AnswerTimeout)
		s.answer(job, data)
	case s.Strikes(terminalsim.Duplicate):
		s.Send(raw)
		s.answer(job, data)
	default:
		s.answer(job, data)
	}
}
