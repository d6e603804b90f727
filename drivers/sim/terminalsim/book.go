package terminalsim

import (
	"fmt"
	"sync"
	"time"
)

// Kind is what a transaction is.
type Kind string

// The kinds of transactions.
const (
	Payment       Kind = "payment"
	Reversal      Kind = "reversal"
	Receipt       Kind = "cash_receipt"
	ReceiptCancel Kind = "cash_receipt_cancel"
)

// State is what became of a transaction.
type State string

// The states of a transaction.
const (
	// Pending: the host approved, the register has not taken the result.
	Pending   State = "pending"
	Booked    State = "booked"
	TakenBack State = "taken_back"
	Declined  State = "declined"
)

// Transaction is one line of the terminal's own book.
type Transaction struct {
	Number   int       `json:"number"`
	Kind     Kind      `json:"kind"`
	Amount   int64     `json:"amount"`
	Tax      int64     `json:"tax"`
	Months   int       `json:"months"`
	Approval string    `json:"approval"`
	State    State     `json:"state"`
	At       time.Time `json:"at"`
	// Original is the approval that a reversal undoes.
	Original string `json:"original,omitempty"`
	// Holder and Purpose are those of a cash receipt, in the make's own words.
	Holder  string `json:"holder,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	// Wallet is the kind of wallet that paid.
	Wallet bool `json:"wallet,omitempty"`
}

// Moved is the money that really went from the customer to the shop, negative
// the other way. A cash receipt moves none.
func (t Transaction) Moved() int64 {
	switch {
	case t.State != Booked:
		return 0
	case t.Kind == Payment:
		return t.Amount
	case t.Kind == Reversal:
		return -t.Amount
	default:
		return 0
	}
}

// Book is the terminal's memory; it needs no power.
type Book struct {
	mutex        sync.Mutex
	transactions []Transaction
}

// Add writes a transaction down and returns it with its number and approval.
func (b *Book) Add(t Transaction) Transaction {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	t.Number = len(b.transactions) + 1
	t.Approval = fmt.Sprintf("3%07d", t.Number)
	b.transactions = append(b.transactions, t)
	return t
}

// Become gives a transaction its state.
func (b *Book) Become(number int, state State) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.transactions[number-1].State = state
}

// Undoes reports whether a reversal (or cancel) of this approval and amount
// can be made: the original is there and was not undone before.
func (b *Book) Undoes(kind Kind, approval string, amount int64) bool {
	original := Payment
	if kind == ReceiptCancel {
		original = Receipt
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	found := false
	for _, t := range b.transactions {
		switch {
		case t.State != Booked && t.State != Pending:
		case t.Kind == original && t.Approval == approval && t.Amount == amount:
			found = true
		case t.Kind == kind && t.Original == approval:
			return false
		}
	}
	return found
}

// Transactions is the whole book in order.
func (b *Book) Transactions() []Transaction {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return append([]Transaction{}, b.transactions...)
}

// Balance is the money that really moved from customers to the shop.
func (b *Book) Balance() int64 {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var sum int64
	for _, t := range b.transactions {
		sum += t.Moved()
	}
	return sum
}
