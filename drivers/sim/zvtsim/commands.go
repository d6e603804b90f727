package zvtsim

import (
	"errors"
	"fmt"
)

// software is the version the terminal names in 05 01.
const software = "shopbox-sim 1.0"

// Terminal states of PA00P015 chapter 11.
const (
	stateReady = 0x00
	stateBusy  = 0x9C
)

// obey carries one command of the register through. An error ends the
// connection.
func (s *Simulator) obey(l *link, t telegram) error {
	if t.control == abort {
		return l.send(telegram{control: positive})
	}
	if class := t.control >> 8; class == 0x80 || class == 0x84 {
		return nil // an answer that came too late
	}
	request, err := ParseRequest(t.control, t.data)
	if refused := (ParseError{}); errors.As(err, &refused) {
		return l.send(no(refused.ID))
	}
	if request.Password != "" && request.Password != s.config.Password {
		return l.send(no(idNotPossible))
	}
	if s.strikes(faultBusy) || !s.acquire() {
		return s.busy(l, t.control)
	}
	defer s.release()
	return s.perform(l, t.control, request)
}

// busy answers a command there is no time for.
func (s *Simulator) busy(l *link, control uint16) error {
	if control != enquiry {
		return l.send(no(idWait))
	}
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	_, err := l.ask(telegram{completion, []byte{stateBusy}})
	return err
}

func (s *Simulator) perform(l *link, control uint16, request Request) error {
	switch control {
	case register:
		return s.register(l, request)
	case enquiry:
		return s.tellState(l, request)
	case authorise:
		return s.transact(l, KindPayment, request)
	case refund:
		return s.transact(l, KindRefund, request)
	case reversal:
		return s.transact(l, KindReversal, request)
	case repeat:
		return s.repeatLast(l, request)
	case endOfDay:
		return s.closeDay(l)
	case turnover:
		return s.report(l, s.totals())
	case diagnosis:
		return s.diagnose(l)
	case logOff:
		s.mu.Lock()
		s.registered = registration{}
		s.mu.Unlock()
		return l.send(telegram{control: positive})
	}
	return l.send(no(idNotPossible))
}

func (s *Simulator) register(l *link, request Request) error {
	if request.Currency != "" && request.Currency != s.config.Currency {
		currency, _ := packed(s.config.Currency, 2)
		return l.send(telegram{negative | 0x1E, append([]byte{idWrongCurrency}, currency...)})
	}
	s.mu.Lock()
	s.registered = registration{config: request.Config, blocks: request.Blocks, utf8: request.Charset == 0xFE}
	s.mu.Unlock()
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	id, _ := packed(s.config.TerminalID, 4)
	data := append([]byte{0x19, 0x00, 0x29}, id...)
	if request.Currency != "" {
		currency, _ := packed(s.config.Currency, 2)
		data = append(append(data, 0x49), currency...)
	}
	options := object(0x26, object(0x0A, []byte{0x06, 0xD3}))
	if request.Charset == 0xFE {
		options = append(options, object(0x14, []byte{0xFE})...)
	}
	data = append(data, object(0x06, options)...)
	_, err := l.ask(telegram{completion, data})
	return err
}

func (s *Simulator) tellState(l *link, request Request) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	var data []byte
	if request.Service&0x02 == 0 {
		data = counted(3, []byte(software))
	}
	_, err := l.ask(telegram{completion, append(data, stateReady)})
	return err
}

// repeatLast sends the last stored result again. An empty memory completes
// without one.
func (s *Simulator) repeatLast(l *link, request Request) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	s.mu.Lock()
	last := s.book.last
	s.mu.Unlock()
	if request.Service&0x01 != 0 && last != nil {
		if _, err := l.ask(telegram{information, last}); err != nil {
			return err
		}
	}
	if request.Service&0x02 == 0 && last != nil && s.prints() {
		if _, err := s.printSlip(l, []string{"** COPY **"}); err != nil {
			return err
		}
	}
	_, err := l.ask(telegram{control: completion})
	return err
}

// totals is the result of 06 50 and 06 10: all turnover stands in the last of
// the six kinds of cards.
func (s *Simulator) totals() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := s.book.totals()
	at := s.config.Now().In(korea())
	data := append([]byte{0x27, 0x00, 0x04}, number(max(open.sum, 0), 6)...)
	data = append(append(data, 0x0B), number(int64(len(s.book.transactions)), 3)...)
	data = append(append(data, 0x0C), clock(at)...)
	data = append(append(data, 0x0D), day(at)...)
	groups := append(number(int64(open.first), 2), number(int64(open.last), 2)...)
	groups = append(groups, make([]byte, 5*7)...)
	groups = append(append(groups, byte(min(open.count, 255))), number(max(open.sum, 0), 6)...)
	return append(append(data, 0x60), counted(3, groups)...)
}

// report sends totals.
func (s *Simulator) report(l *link, totals []byte) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	if _, err := l.ask(telegram{information, totals}); err != nil {
		return err
	}
	_, err := l.ask(telegram{control: completion})
	return err
}

// closeDay hands the turnover to the host, then tells the totals. The day is
// closed whether or not the register hears of it.
func (s *Simulator) closeDay(l *link) error {
	totals := s.totals()
	s.mu.Lock()
	s.book.settle()
	s.book.last = totals
	s.mu.Unlock()
	return s.report(l, totals)
}

// diagnose ends with the host's time for the register (04 01).
func (s *Simulator) diagnose(l *link) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	at := s.config.Now().In(korea())
	date := number(int64(at.Year()%100*10000+int(at.Month())*100+at.Day()), 3)
	data := append(append([]byte{0xAA}, date...), append([]byte{0x0C}, clock(at)...)...)
	if _, err := l.ask(telegram{setTime, data}); err != nil {
		return err
	}
	_, err := l.ask(telegram{control: completion})
	return err
}

// prints reports whether slips go to the register's printer.
func (s *Simulator) prints() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.config.AlwaysPrint || s.registered.config&0x82 == 0x82
}

// printSlip sends a slip, as one block where the register permits that. printed is
// false when the register cannot print.
func (s *Simulator) printSlip(l *link, lines []string) (printed bool, err error) {
	s.mu.Lock()
	blocks := s.registered.blocks
	s.mu.Unlock()
	for _, t := range slip(lines, blocks) {
		answer, err := l.ask(t)
		if err != nil {
			return false, err
		}
		if !agrees(answer) {
			return false, nil
		}
	}
	return true, nil
}

// Attributes of print lines: centred, and the end of a slip.
const (
	centred   = 0x40
	endOfSlip = 0x81
)

func slip(lines []string, block bool) []telegram {
	if block {
		var texts []byte
		for i, line := range lines {
			attribute := byte(0)
			if i == 0 {
				attribute = centred
			}
			texts = append(texts, object(0x09, []byte{attribute})...)
			texts = append(texts, object(0x07, []byte(line))...)
		}
		texts = append(texts, object(0x09, []byte{endOfSlip})...)
		content := append(object(0x1F07, []byte{2}), object(0x25, texts)...)
		return []telegram{{printBlock, object(0x06, content)}}
	}
	var telegrams []telegram
	for i, line := range lines {
		attribute := byte(0)
		if i == 0 {
			attribute = centred
		}
		telegrams = append(telegrams, telegram{printLine, append([]byte{attribute}, line...)})
	}
	return append(telegrams, telegram{printLine, []byte{endOfSlip}})
}

// agrees: 80 xx and 84 00 are both a yes (PA00P016 5.2.3).
func agrees(answer telegram) bool {
	return answer.control>>8 == 0x80 || answer.control == negative
}

func receiptLines(t Transaction) []string {
	return []string{
		"** CUSTOMER RECEIPT **",
		fmt.Sprintf("%-10s %04d", t.Kind, t.Receipt),
		fmt.Sprintf("Amount     %d", t.Amount),
	}
}
