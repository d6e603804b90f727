package zvtsim

import (
	"slices"
	"time"
)

// Kind is what a transaction is.
type Kind string

// The kinds of transactions.
const (
	KindPayment  Kind = "payment"
	KindRefund   Kind = "refund"
	KindReversal Kind = "reversal"
	// KindTip is a tip added to a payment.
	KindTip Kind = "tip"
	// KindReservation holds an amount on a card. It is ended by KindBooking,
	// which names the amount used, KindLowering, which names the one not used, or
	// KindRelease.
	KindReservation Kind = "reservation"
	KindBooking     Kind = "booking"
	KindLowering    Kind = "partial_reversal"
	KindRelease     Kind = "reservation_reversal"
)

// ends reports whether such a transaction ends a reservation.
func (k Kind) ends() bool { return k == KindBooking || k == KindLowering || k == KindRelease }

// takesCard reports whether the customer must present a card for it.
func (k Kind) takesCard() bool { return !k.ends() && k != KindTip }

// State is what became of a transaction.
type State string

// The states of a transaction.
const (
	// StatePending: the host approved, the register has not acknowledged.
	StatePending State = "pending"
	// StateHeld: the register never acknowledged; a terminal with implicit
	// reversal decides at the next payment. The money is moved.
	StateHeld State = "held"
	// StateBooked: the money is moved.
	StateBooked State = "booked"
	// StateTakenBack: reversed by the terminal itself; no money is moved.
	StateTakenBack State = "taken_back"
	// StateDeclined: no money is moved.
	StateDeclined State = "declined"
)

// Transaction is one line of the terminal's own book.
type Transaction struct {
	Receipt int       `json:"receipt"`
	Trace   int       `json:"trace"`
	Kind    Kind      `json:"kind"`
	Amount  int64     `json:"amount"`
	State   State     `json:"state"`
	At      time.Time `json:"at"`
	// Original is the receipt number of what a reversal undoes, a tip is added
	// to or a booking ends; OriginalAmount is what that was over.
	Original       int   `json:"original,omitempty"`
	OriginalAmount int64 `json:"original_amount,omitempty"`
	// Tip is the part of a payment that is a tip; Tippable says that one can be
	// added.
	Tip      int64 `json:"tip,omitempty"`
	Tippable bool  `json:"tippable,omitempty"`
	// Settled: the day it belongs to was closed; it cannot be reversed.
	Settled bool `json:"settled"`
}

// Stands reports whether the transaction counts.
func (t Transaction) Stands() bool { return t.State == StateBooked || t.State == StateHeld }

// Moved is the money that really went from the customer to the shop, negative
// the other way.
func (t Transaction) Moved() int64 {
	if !t.Stands() {
		return 0
	}
	switch t.Kind {
	case KindPayment, KindTip, KindBooking:
		return t.Amount
	case KindLowering:
		return t.OriginalAmount - t.Amount
	case KindReservation, KindRelease:
		return 0
	default:
		return -t.Amount
	}
}

// told is the amount the result names: a tip together with its payment.
func (t Transaction) told() int64 {
	if t.Kind == KindTip {
		return t.OriginalAmount + t.Amount
	}
	return t.Amount
}

// tip is the part of what the result names that is a tip.
func (t Transaction) tip() int64 {
	if t.Kind == KindTip {
		return t.Amount
	}
	return t.Tip
}

// result is a finished transaction as the terminal tells it again.
type result struct {
	status telegram // control 0 for none
	slip   []string
}

// book is the terminal's memory; it needs no power. The owner's lock guards
// it.
type book struct {
	transactions []Transaction
	// last is the last stored result, for 06 20; beforeLast the one before, for
	// when the last is taken back.
	last, beforeLast result
}

func (b *book) balance() int64 {
	var sum int64
	for _, t := range b.transactions {
		sum += t.Moved()
	}
	return sum
}

// open begins a transaction and returns its place in the book.
func (b *book) open(t Transaction) int {
	t.Trace = len(b.transactions) + 1
	t.Receipt = len(b.transactions)%9999 + 1
	b.transactions = append(b.transactions, t)
	return len(b.transactions) - 1
}

// reversible finds what was paid on the open day by its receipt number;
// reversed tells that it was undone before.
func (b *book) reversible(receipt int) (original *Transaction, reversed bool) {
	for i := len(b.transactions) - 1; i >= 0; i-- {
		t := &b.transactions[i]
		if t.Settled || !t.Stands() {
			continue
		}
		if t.Kind == KindReversal && t.Original == receipt {
			reversed = true
		}
		if t.Moved() > 0 && t.Receipt == receipt {
			return t, reversed
		}
	}
	return nil, false
}

// tippable finds a payment of the open day that a tip can be added to.
func (b *book) tippable(receipt int) *Transaction {
	payment, reversed := b.reversible(receipt)
	tipped := slices.ContainsFunc(b.transactions, func(t Transaction) bool {
		return t.Stands() && t.Kind == KindTip && t.Original == receipt && !t.Settled
	})
	if payment == nil || reversed || tipped || !payment.Tippable {
		return nil
	}
	return payment
}

// reservations are those that nothing has ended; they outlive the day.
func (b *book) reservations() []Transaction {
	open := []Transaction{}
	for _, t := range b.transactions {
		switch {
		case !t.Stands():
		case t.Kind == KindReservation:
			open = append(open, t)
		case t.Kind.ends():
			open = slices.DeleteFunc(open, func(held Transaction) bool { return held.Receipt == t.Original })
		}
	}
	return open
}

// find is a transaction by its receipt number, the latest of that number.
func (b *book) find(receipt int) (found Transaction, ok bool) {
	for _, t := range slices.Backward(b.transactions) {
		if t.Receipt == receipt && t.Stands() {
			return t, true
		}
	}
	return Transaction{}, false
}

// dayTotals are the turnover of a day: how many transactions moved how much,
// and their receipt numbers from first to last.
type dayTotals struct {
	count       int
	sum         int64
	first, last int
}

// totals counts and sums the open day.
func (b *book) totals() dayTotals {
	var open dayTotals
	for _, t := range b.transactions {
		if t.Settled || t.Moved() == 0 {
			continue
		}
		if open.count == 0 {
			open.first = t.Receipt
		}
		open.count, open.sum, open.last = open.count+1, open.sum+t.Moved(), t.Receipt
	}
	return open
}

// settle closes the day.
func (b *book) settle() {
	for i := range b.transactions {
		b.transactions[i].Settled = true
	}
}

// Transactions is the terminal's own book: what was really charged, reversed
// and taken back, in order.
func (s *Simulator) Transactions() []Transaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Transaction{}, s.book.transactions...)
}

// Balance is the money that really moved from customers to the shop.
func (s *Simulator) Balance() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.balance()
}

// Reserved is what is held on customers' cards.
func (s *Simulator) Reserved() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.reserved()
}

func (b *book) reserved() int64 {
	var sum int64
	for _, open := range b.reservations() {
		sum += open.Amount
	}
	return sum
}

// Reservations are the receipt numbers of the open reservations.
func (s *Simulator) Reservations() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var numbers []int
	for _, open := range s.book.reservations() {
		numbers = append(numbers, open.Receipt)
	}
	return numbers
}
