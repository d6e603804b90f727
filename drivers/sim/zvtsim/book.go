package zvtsim

import "time"

// Kind is what a transaction is.
type Kind string

// The kinds of transactions.
const (
	KindPayment  Kind = "payment"
	KindRefund   Kind = "refund"
	KindReversal Kind = "reversal"
)

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
	// Original is the receipt number a reversal undoes.
	Original int `json:"original,omitempty"`
	// Settled: the day it belongs to was closed; it cannot be reversed.
	Settled bool `json:"settled"`
}

// Moved is the money that really went from the customer to the shop, negative
// the other way.
func (t Transaction) Moved() int64 {
	switch {
	case t.State != StateBooked && t.State != StateHeld:
		return 0
	case t.Kind == KindPayment:
		return t.Amount
	default:
		return -t.Amount
	}
}

// book is the terminal's memory; it needs no power. The owner's lock guards
// it.
type book struct {
	transactions []Transaction
	// last is the data of the last stored result, for 06 20; beforeLast of the
	// one before, for when the last is taken back.
	last, beforeLast []byte
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

// reversible finds a payment or refund of the open day by its receipt number;
// reversed tells that it was undone before.
func (b *book) reversible(receipt int) (original *Transaction, reversed bool) {
	for i := len(b.transactions) - 1; i >= 0; i-- {
		t := &b.transactions[i]
		if t.Settled || t.State != StateBooked && t.State != StateHeld {
			continue
		}
		if t.Kind == KindReversal && t.Original == receipt {
			reversed = true
		}
		if t.Kind == KindPayment && t.Receipt == receipt {
			return t, reversed
		}
	}
	return nil, false
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
