package zvtsim

import "cmp"

// defaultReservation is what is held when the register names no amount.
const defaultReservation = 50_000

// check refuses what needs no host to refuse, and completes the transaction
// from the one it goes back to.
func (s *Simulator) check(request Request, transaction *Transaction) (id byte) {
	if s.Armed(faultDiagnosis) {
		return idDiagnosis
	}
	if request.Amount != 0 && !s.takesCurrency(cmp.Or(request.Currency, euro)) {
		return idWrongCurrency
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch kind := transaction.Kind; {
	case kind == KindReversal:
		return s.checkReversal(request, transaction)
	case kind == KindTip:
		return s.checkTip(request, transaction)
	case kind.ends():
		return s.checkEnd(request, transaction)
	case kind == KindReservation && request.Trace != 0:
		return idNotPossible // to add to a reservation
	case kind == KindReservation && request.Amount == 0:
		transaction.Amount = defaultReservation
	case request.Amount <= 0:
		return idProtocol
	case request.Tip >= request.Amount:
		return idWrongAmount
	}
	return 0
}

// euro is the currency of a command that names none (PA00P015 1.4).
const euro = "0978"

// takesCurrency reports whether the terminal works in a currency; one that was
// set up for any register does from now on.
func (s *Simulator) takesCurrency(named string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.config.TakesAny {
		s.currency = named
	}
	return named == s.currency
}

// checkReversal finds what is undone, with s.mu held.
func (s *Simulator) checkReversal(request Request, transaction *Transaction) (id byte) {
	original, reversed := s.book.reversible(request.Receipt)
	switch {
	case original == nil:
		return idNoReversal
	case reversed:
		return idReversed
	case request.Amount != 0 && request.Amount != original.Moved():
		return idWrongAmount
	}
	transaction.Amount, transaction.Original = original.Moved(), original.Receipt
	return 0
}

// checkTip finds the payment a tip is for, with s.mu held.
func (s *Simulator) checkTip(request Request, transaction *Transaction) (id byte) {
	payment := s.book.tippable(request.Receipt)
	switch {
	case payment == nil:
		return idNotPossible
	case request.Amount <= 0:
		return idProtocol
	}
	transaction.Original, transaction.OriginalAmount = payment.Receipt, payment.Amount
	return 0
}

// checkEnd finds the reservation that is ended, with s.mu held. Without an
// amount all of it is booked, or none lowered.
func (s *Simulator) checkEnd(request Request, transaction *Transaction) (id byte) {
	for _, held := range s.book.reservations() {
		if held.Receipt != request.Receipt {
			continue
		}
		if request.Trace != 0 && request.Trace != int64(held.Trace) ||
			request.Approval != "" && request.Approval != approvalOf(held.Trace) {
			return idReservation
		}
		transaction.Original, transaction.OriginalAmount = held.Receipt, held.Amount
		if request.Amount == 0 && transaction.Kind != KindLowering {
			transaction.Amount = held.Amount
		}
		tooMuch := transaction.Amount > held.Amount
		if tooMuch || transaction.Kind == KindRelease && transaction.Amount != held.Amount {
			return idWrongAmount
		}
		return 0
	}
	return idReservation
}
