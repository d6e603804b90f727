package zvtsim

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// software is the version the terminal names in 05 01.
const software = "shopbox-sim 1.0"

// deviceSerial is the serial number it names.
const deviceSerial = 20260001

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
	l.number = 0
	if s.numbering() {
		l.number = request.Number
	}
	if refused := (ParseError{}); errors.As(err, &refused) {
		return l.send(no(refused.ID))
	}
	if request.Password != "" && request.Password != s.config.Password && !s.config.TakesAny {
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
	_, err := l.ask(telegram{control: completion, data: []byte{stateBusy}})
	return err
}

// numbering reports whether telegrams are numbered with a register that does.
func (s *Simulator) numbering() bool { return s.config.MessageIDs }

func (s *Simulator) perform(l *link, control uint16, request Request) error {
	if kind, moves := kindOf(control); moves && !request.AllReceipts {
		return s.transact(l, kind, request)
	}
	switch control {
	case register:
		return s.register(l, request)
	case enquiry:
		return s.tellState(l, request)
	case lower:
		return s.tellReservations(l, request)
	case repeat:
		return s.repeatLast(l, request)
	case reprint:
		return s.printAgain(l, request)
	case endOfDay:
		return s.closeDay(l)
	case turnover:
		return s.report(l, s.totals())
	case diagnosis:
		return s.reportToHost(l, "DIAGNOSIS")
	case initialise:
		return s.reportToHost(l, "INITIALISATION")
	case restart:
		return s.restart(l)
	case setClock:
		return s.setClock(l, request)
	case logOff:
		s.mu.Lock()
		s.registered = registration{}
		s.mu.Unlock()
		return l.send(telegram{control: positive})
	}
	return l.send(no(idNotPossible))
}

// kindOf is the transaction a command begins.
func kindOf(control uint16) (kind Kind, begins bool) {
	switch control {
	case authorise:
		return KindPayment, true
	case refund:
		return KindRefund, true
	case reversal:
		return KindReversal, true
	case bookTip:
		return KindTip, true
	case reserve:
		return KindReservation, true
	case bookTotal:
		return KindBooking, true
	case lower:
		return KindLowering, true
	case unreserve:
		return KindRelease, true
	}
	return "", false
}

func (s *Simulator) register(l *link, request Request) error {
	if request.Currency != "" && !s.takesCurrency(request.Currency) {
		currency, _ := packed(s.config.Currency, 2)
		return l.send(telegram{control: negative | 0x1E, data: append([]byte{idWrongCurrency}, currency...)})
	}
	s.mu.Lock()
	s.registered = registration{
		config: request.Config, blocks: request.Blocks, utf8: request.Charset == 0xFE, lists: request.Container,
	}
	s.mu.Unlock()
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	id, _ := packed(s.config.TerminalID, 4)
	data := append([]byte{0x19, 0x00, 0x29}, id...)
	if request.Currency != "" {
		currency, _ := packed(request.Currency, 2)
		data = append(append(data, 0x49), currency...)
	}
	options := object(0x26, object(0x0A, []byte{0x06, 0xD3}))
	if request.Charset == 0xFE {
		options = append(options, object(0x14, []byte{0xFE})...)
	}
	if request.AsksNumbers && s.config.MessageIDs {
		options = append(options, object(0x1F73, number(0, 3))...)
	}
	_, err := l.ask(telegram{control: completion, data: data, objects: options})
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
	state := byte(stateReady)
	if s.Armed(faultDiagnosis) {
		state = idDiagnosis
	}
	end := telegram{control: completion, data: append(data, state)}
	if request.Service&0x04 != 0 {
		end.objects = s.describeDevice()
	}
	_, err := l.ask(end)
	return err
}

// describeDevice are the objects of PA00P015 9.4.12.
func (s *Simulator) describeDevice() []byte {
	id, _ := packed(s.config.TerminalID, 4)
	device := slices.Concat(
		object(0x1F40, []byte("SHOPBOX SIM")), object(0x1F41, []byte(software)),
		object(0x1F42, number(deviceSerial, 4)), object(0x1F43, []byte{0}),
	)
	return append(object(0x1F44, id), object(0xE4, device)...)
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
	stored := last.status.control != 0
	if request.Service&0x01 != 0 && stored {
		if _, err := l.ask(last.status); err != nil {
			return err
		}
	}
	if request.Service&0x02 == 0 && stored {
		if err := s.printCopy(l, last.slip); err != nil {
			return err
		}
	}
	_, err := l.ask(telegram{control: completion})
	return err
}

// printAgain prints the slips of a range of receipt numbers. None there is the
// end with an error, which the standard leaves open.
func (s *Simulator) printAgain(l *link, request Request) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	found := false
	for receipt := request.From; receipt <= request.To; receipt++ {
		s.mu.Lock()
		transaction, known := s.book.find(receipt)
		s.mu.Unlock()
		if !known {
			continue
		}
		found = true
		if err := s.printCopy(l, receiptLines(transaction)); err != nil {
			return err
		}
	}
	end := telegram{control: completion}
	if !found {
		end = telegram{control: abortion, data: []byte{idSystem}}
	}
	_, err := l.ask(end)
	return err
}

func (s *Simulator) printCopy(l *link, lines []string) error {
	if !s.prints() {
		return nil // it has a printer of its own
	}
	_, err := s.printSlip(l, append([]string{"** COPY **"}, lines...))
	return err
}

// tellReservations is PA00P015 2.10.1: the open reservations as a list, or only
// the first for a register that sent no container.
func (s *Simulator) tellReservations(l *link, request Request) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	s.mu.Lock()
	open, lists := s.book.reservations(), s.registered.lists || request.Container
	s.mu.Unlock()
	end := telegram{control: abortion, data: []byte{idReservation, 0x87, 0xFF, 0xFF}}
	switch {
	case len(open) == 0:
	case lists:
		var list []byte
		for _, held := range open {
			list = append(list, object(0x08, number(int64(held.Receipt), 2))...)
		}
		end = telegram{control: abortion, data: []byte{idReservation}, objects: object(0x23, list)}
	default:
		end.data = append([]byte{idReservation, 0x87}, number(int64(open[0].Receipt), 2)...)
	}
	_, err := l.ask(end)
	return err
}

// totals is the result of 06 50 and 06 10: all turnover stands in the last of
// the seven kinds of cards.
func (s *Simulator) totals() telegram {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := s.book.totals()
	at := s.clock()
	data := append([]byte{0x27, 0x00, 0x04}, number(max(open.sum, 0), 6)...)
	data = append(append(data, 0x0B), number(int64(len(s.book.transactions)), 3)...)
	data = append(append(data, 0x0C), clock(at)...)
	data = append(append(data, 0x0D), day(at)...)
	groups := append(number(int64(open.first), 2), number(int64(open.last), 2)...)
	groups = append(groups, make([]byte, 6*7)...)
	groups = append(append(groups, byte(min(open.count, 255))), number(max(open.sum, 0), 6)...)
	return telegram{control: information, data: append(append(data, 0x60), counted(3, groups)...)}
}

// report sends totals.
func (s *Simulator) report(l *link, totals telegram) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	if _, err := l.ask(totals); err != nil {
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
	s.book.beforeLast, s.book.last = s.book.last, result{status: totals, slip: []string{"** END OF DAY **"}}
	s.mu.Unlock()
	return s.report(l, totals)
}

// reportToHost is 06 70 and 06 93. The first ends with the host's time for the
// register (04 01), both with a slip for one that prints the terminal's own.
func (s *Simulator) reportToHost(l *link, what string) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	if err := l.tell(tellHost); err != nil {
		return err
	}
	if what == "DIAGNOSIS" {
		if err := s.tellTime(l); err != nil {
			return err
		}
	}
	s.mu.Lock()
	delete(s.faults.on, faultDiagnosis)
	prints := s.registered.config&printsAdmin == printsAdmin
	s.mu.Unlock()
	if prints {
		if _, err := s.printSlip(l, []string{"** " + what + " **", "Host OK"}); err != nil {
			return err
		}
	}
	_, err := l.ask(telegram{control: completion})
	return err
}

func (s *Simulator) tellTime(l *link) error {
	at := s.config.Now().In(korea())
	data := append(append([]byte{0xAA}, date(at)...), append([]byte{0x0C}, clock(at)...)...)
	_, err := l.ask(telegram{control: setTime, data: data})
	return err
}

// restart forgets the registration, as a terminal does that begins anew.
func (s *Simulator) restart(l *link) error {
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	s.mu.Lock()
	s.registered = registration{}
	s.mu.Unlock()
	_, err := l.ask(telegram{control: completion})
	return err
}

// setClock takes the register's time.
func (s *Simulator) setClock(l *link, request Request) error {
	at, err := time.ParseInLocation("060102150405", fmt.Sprintf("%06d%06d", request.Date, request.Clock), korea())
	if err != nil {
		return l.send(no(idProtocol))
	}
	s.mu.Lock()
	s.ahead = at.Sub(s.config.Now())
	s.mu.Unlock()
	if err := l.send(telegram{control: positive}); err != nil {
		return err
	}
	_, err = l.ask(telegram{control: completion})
	return err
}

// now is the terminal's clock.
func (s *Simulator) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock()
}

// clock is now with s.mu held.
func (s *Simulator) clock() time.Time { return s.config.Now().Add(s.ahead).In(korea()) }

// Config bits of a register that prints the slips of payments and of
// administration as the terminal sends them.
const (
	printsPayments = 0x82
	printsAdmin    = 0x84
)

// prints reports whether slips go to the register's printer.
func (s *Simulator) prints() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.config.AlwaysPrint || s.registered.config&printsPayments == printsPayments
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
		return []telegram{{control: printBlock, objects: content}}
	}
	var telegrams []telegram
	for i, line := range lines {
		attribute := byte(0)
		if i == 0 {
			attribute = centred
		}
		telegrams = append(telegrams, telegram{control: printLine, data: append([]byte{attribute}, line...)})
	}
	return append(telegrams, telegram{control: printLine, data: []byte{endOfSlip}})
}

// agrees: 80 xx and 84 00 are both a yes (PA00P016 5.2.3).
func agrees(answer telegram) bool {
	return answer.control>>8 == 0x80 || answer.control == negative
}

func receiptLines(t Transaction) []string {
	return []string{
		"** CUSTOMER RECEIPT **",
		fmt.Sprintf("%-10s %04d", t.Kind, t.Receipt),
		fmt.Sprintf("Amount     %d", t.told()),
	}
}
