package zvtsim

import (
	"errors"
	"fmt"
	"time"
)

// payment is one operation that moves money, from the command to its end.
type payment struct {
	sim  *Simulator
	link *link
	// at is its place in the book.
	at     int
	status telegram
	slip   []string
}

// Intermediate states of PA00P015 table 17.
const (
	tellInsertCard = 0x0A
	tellWait       = 0x0E
	tellHost       = 0x04
)

// transact is the sequence of PA00P015 2.2, the same for all that moves or
// holds money: command, card, host, result, slip, completion.
func (s *Simulator) transact(l *link, kind Kind, request Request) error {
	s.resolveHeld(request.Unique)
	transaction := Transaction{
		Kind: kind, Amount: request.Amount, Tip: request.Tip, Tippable: kind == KindPayment && request.Tippable, State: StatePending,
	}
	if id := s.check(request, &transaction); id != 0 {
		return l.send(no(id))
	}
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	if kind.takesCard() {
		presented, err := s.awaitCard(l)
		if err != nil {
			return err
		}
		if !presented {
			return s.refuse(l, idAborted, "")
		}
	}
	if err := s.work(l); err != nil {
		return err
	}
	transaction.At = s.now()
	p := &payment{sim: s, link: l}
	declined := s.strikes(faultDecline)
	s.mu.Lock()
	if declined {
		transaction.State = StateDeclined
	}
	p.at = s.book.open(transaction)
	s.mu.Unlock()
	if declined {
		return p.decline()
	}
	if s.strikes(faultStale) {
		return p.tellPrevious()
	}
	return p.tellApproved()
}

// tellAgain is how often a terminal that waits for a card says so.
const tellAgain = 10 * time.Second

// awaitCard waits for the customer; false when nobody came or the register
// aborted.
func (s *Simulator) awaitCard(l *link) (presented bool, err error) {
	l.abortable, l.aborted = true, false
	defer func() { l.abortable = false }()
	absent := s.strikes(faultNoCard)
	left := s.config.CardDelay
	if absent {
		left = s.config.CardTimeout
	}
	if err := l.tell(tellInsertCard); err != nil {
		return false, err
	}
	for left > 0 && !l.aborted {
		pause := min(left, tellAgain)
		t, err := l.next(pause)
		switch {
		case errors.Is(err, errSilent):
			left -= pause
			if err := l.tell(tellInsertCard); err != nil {
				return false, err
			}
		case err != nil:
			return false, err
		case t.control != abort:
			return false, l.unexpected(t)
		default:
			if err := l.takeAbort(); err != nil {
				return false, err
			}
		}
	}
	return !absent && !l.aborted, nil
}

// work is the time with the host.
func (s *Simulator) work(l *link) error {
	if err := l.tell(tellWait); err != nil {
		return err
	}
	if s.strikes(faultSlow) {
		for range 3 {
			s.pause(s.config.SlowDelay)
			if err := l.tell(tellWait); err != nil {
				return err
			}
		}
	}
	return l.tell(tellHost)
}

// refuse ends an operation without a transaction: result and 06 1E.
func (s *Simulator) refuse(l *link, id byte, text string) error {
	terminalID, _ := packed(s.config.TerminalID, 4)
	data := append([]byte{0x27, id, 0x29}, terminalID...)
	if text != "" {
		data = append(append(data, 0x3C), counted(3, []byte(text))...)
	}
	if _, err := l.ask(telegram{control: information, data: data}); err != nil {
		return err
	}
	_, err := l.ask(telegram{control: abortion, data: []byte{id}})
	return err
}

// hostDeclined is the host's result 05, do not honour.
const hostDeclined = 0x05

func (p *payment) decline() error {
	s := p.sim
	s.mu.Lock()
	if declined := s.book.transactions[p.at]; s.config.StoreDeclined {
		s.book.last = result{s.statusOf(declined, hostDeclined), receiptLines(declined)}
	}
	s.mu.Unlock()
	return s.refuse(p.link, hostDeclined, "DECLINED")
}

// tellPrevious sends the previous customer's result and forgets this one.
func (p *payment) tellPrevious() error {
	s := p.sim
	s.mu.Lock()
	s.book.transactions[p.at].State = StateTakenBack
	previous := s.book.last
	s.mu.Unlock()
	if previous.status.control == 0 {
		previous.status = telegram{control: information, data: []byte{0x27, 0x00}}
	}
	if _, err := p.link.ask(previous.status); err != nil {
		return err
	}
	_, err := p.link.ask(telegram{control: completion})
	return err
}

// tellApproved sends the result of an approved payment, with whatever fault is
// switched on.
func (p *payment) tellApproved() error {
	s := p.sim
	wrong := s.strikes(faultAmount)
	s.mu.Lock()
	shown := s.book.transactions[p.at]
	if wrong {
		shown.Amount += 1000
	}
	p.status, p.slip = s.statusOf(shown, 0), receiptLines(shown)
	s.mu.Unlock()
	switch {
	case s.strikes(faultAnswerLost):
		p.store(StateBooked)
		p.link.cut()
		return errGone
	case s.strikes(faultPowerLoss):
		p.losePower()
		return errGone
	case s.strikes(faultAckLost):
		_ = p.link.send(p.status)
		p.link.cut()
		return p.unheard()
	case s.strikes(faultGarbage):
		_ = p.link.wire.noise([]byte{0xFF, 0x13, 0x37, 0x00, 0xFF, 0xFE, 0xFD})
		_ = p.givenUp(s.config.AnswerTimeout)
		return p.unheard()
	case s.strikes(faultLate):
		if p.givenUp(s.config.CardTimeout) {
			return p.unheard()
		}
	}
	return p.confirm()
}

// givenUp waits for the register to lose its patience.
func (p *payment) givenUp(longest time.Duration) bool {
	t, err := p.link.next(longest)
	if err == nil {
		_ = p.link.unexpected(t)
	}
	return !errors.Is(err, errSilent)
}

// statusRetries is how often a register may ask for time with 84 9C.
const (
	statusRetries = 10
	statusPause   = 2 * time.Second
)

// confirm sends the result until the register has it, then the slip and the
// end. Only then is the payment stored for good (PA00P015 2.2.8).
func (p *payment) confirm() error {
	s := p.sim
	twice := s.strikes(faultDuplicate)
	status := p.status
	for range statusRetries {
		answer, err := p.link.ask(status)
		switch {
		case err != nil:
			return p.unheard()
		case answer.control == negative|idWait:
			s.pause(statusPause)
		case !agrees(answer):
			return p.takeBack(idAborted)
		case twice:
			twice, status.again = false, true
		default:
			return p.complete()
		}
	}
	return p.takeBack(idAborted)
}

func (p *payment) complete() error {
	if p.sim.prints() {
		printed, err := p.sim.printSlip(p.link, p.slip)
		if err != nil {
			return p.unheard()
		}
		if !printed {
			return p.takeBack(idPrinter)
		}
	}
	p.store(StateBooked)
	_, err := p.link.ask(telegram{control: completion})
	return err
}

// store gives the transaction its state; one that stands is what 06 20 repeats
// from now on.
func (p *payment) store(state State) {
	s := p.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.transactions[p.at].State = state
	if s.book.transactions[p.at].Stands() {
		s.book.beforeLast, s.book.last = s.book.last, result{p.status, p.slip}
	}
}

// unheard is what becomes of a payment whose result was not acknowledged.
func (p *payment) unheard() error {
	if p.sim.config.ImplicitReversal {
		p.store(StateHeld)
	} else {
		p.store(StateTakenBack)
	}
	return errGone
}

// takeBack reverses the payment because the register said so.
func (p *payment) takeBack(id byte) error {
	p.store(StateTakenBack)
	return p.sim.refuse(p.link, id, "")
}

// losePower goes dark, and takes the payment back when power returns.
func (p *payment) losePower() {
	s := p.sim
	s.mu.Lock()
	s.dark = true
	s.registered = registration{}
	for l := range s.links {
		l.close()
	}
	s.mu.Unlock()
	s.pause(s.config.Restart)
	_ = p.unheard()
	s.mu.Lock()
	s.dark = false
	s.mu.Unlock()
}

// resolveHeld decides about a payment whose result the register never
// acknowledged: it stands when the next command mirrors its number in 1F1F,
// else the terminal takes it back (PA00P015 4.2).
func (s *Simulator) resolveHeld(unique []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.book.transactions {
		t := &s.book.transactions[i]
		if t.State != StateHeld {
			continue
		}
		if string(unique) == string(number(int64(t.Receipt), 2)) {
			t.State = StateBooked
			continue
		}
		t.State = StateTakenBack
		s.book.last = s.book.beforeLast
	}
}

// statusOf is the data of 04 0F for a transaction, with s.mu held.
func (s *Simulator) statusOf(t Transaction, result byte) telegram {
	currency, _ := packed(s.currency, 2)
	terminalID, _ := packed(s.config.TerminalID, 4)
	var data []byte
	put := func(tag byte, value []byte) { data = append(append(data, tag), value...) }
	put(0x27, []byte{result})
	put(0x04, number(t.told(), 6))
	put(0x49, currency)
	put(0x0B, number(int64(t.Trace), 3))
	put(0x0C, clock(t.At))
	put(0x0D, day(t.At))
	put(0x0E, []byte{0x30, 0x12})
	put(0x17, []byte{0x00, 0x01})
	put(0x19, []byte{0x60})
	put(0x22, counted(2, []byte{0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0xEE, 0x47, 0x71}))
	put(0x29, terminalID)
	put(0x2A, []byte("100461763      "))
	if t.Kind == KindReversal {
		put(0x37, number(int64(t.Original), 3))
	}
	put(0x3B, []byte(approvalOf(t.Trace)))
	put(0x87, number(int64(t.Receipt), 2))
	put(0x88, number(int64(t.Trace), 3))
	put(0x8A, []byte{0x2E})
	put(0x8B, counted(2, append([]byte(s.cardName()), 0)))
	// Not within 2F: there are registers that do not know that container.
	objects := append(object(0x1F12, []byte{1}), object(0x1F10, []byte{2})...)
	if s.config.ImplicitReversal {
		objects = append(objects, object(0x1F1F, number(int64(t.Receipt), 2))...)
	}
	if tip := t.tip(); tip > 0 {
		objects = append(objects, object(0x1F36, number(tip, 6))...)
	}
	if t.Tippable {
		objects = append(objects, object(0x1F3B, []byte{0x01})...)
	}
	return telegram{control: information, data: data, objects: objects}
}

// approvalOf is the host's approval of a transaction.
func approvalOf(trace int) string { return fmt.Sprintf("%08d", 30_000_000+trace) }

func (s *Simulator) cardName() string {
	if s.registered.utf8 {
		return "신한카드"
	}
	return "SHINHAN CARD"
}

// korea is the zone of the terminal's clock.
func korea() *time.Location { return time.FixedZone("KST", 9*60*60) }

func clock(at time.Time) []byte {
	return number(int64(at.Hour()*10000+at.Minute()*100+at.Second()), 3)
}

func day(at time.Time) []byte { return number(int64(int(at.Month())*100+at.Day()), 2) }

func date(at time.Time) []byte {
	return number(int64(at.Year()%100*10000+int(at.Month())*100+at.Day()), 3)
}
