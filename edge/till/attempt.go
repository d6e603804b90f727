package till

import (
	"time"

	"shopbox/drivers"
	"shopbox/edge/sale"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

// Purpose is what a terminal is asked to do.
type Purpose string

// The purposes.
const (
	Charge   Purpose = "charge"
	Refund   Purpose = "refund"
	Reversal Purpose = "reversal"
	// Issue and CancelIssue are of cash receipts and move no money.
	Issue       Purpose = "cash_receipt"
	CancelIssue Purpose = "cash_receipt_cancel"
)

// AttemptState is where a payment attempt stands. It only moves forward:
// intended, sent, kept, and then either its end or unknown and its end.
type AttemptState string

// The states of an attempt.
const (
	// Intended is written before anything is sent: nothing was charged.
	Intended AttemptState = "intended"
	// Sent may have reached the terminal.
	Sent AttemptState = "sent"
	// Kept holds the terminal's result, written before it was acknowledged.
	Kept AttemptState = "kept"
	// Unknown waits for the terminal's or a person's word.
	Unknown    AttemptState = "unknown"
	Approved   AttemptState = "approved"
	Declined   AttemptState = "declined"
	NotCharged AttemptState = "not_charged"
)

// Final reports whether the attempt has ended.
func (s AttemptState) Final() bool { return s == Approved || s == Declined || s == NotCharged }

// ReasonAmount is why an attempt is unknown: the terminal says it moved
// another amount. Only a person can settle that.
const ReasonAmount = "amount_differs"

// ReasonUndecided is why an attempt is unknown: the terminal's memory does not
// tell.
const ReasonUndecided = "undecided"

// Attempt is one try to move money on a card, or to issue a cash receipt. It is written before the first
// byte goes to the terminal.
type Attempt struct {
	ID string
	// Key and What are the idempotency key and what it was used for.
	Key  string
	What string
	// Cart is the cart paid for, or the id of the refund.
	Cart     string
	Purpose  Purpose
	Terminal string
	Amount   money.Won
	// VAT is the tax inside the amount, TaxFree the part of it without tax.
	VAT     money.Won
	TaxFree money.Won
	// Instalments is the number of months, 0 for at once.
	Instalments int
	// Wallet says that the code of the customer's phone was charged. The code
	// itself is written down nowhere.
	Wallet bool `json:",omitempty"`
	// CashReceipt is set for Issue and CancelIssue.
	CashReceipt *CashReceiptJob
	// Mark is what the terminal did last before this.
	Mark  string
	State AttemptState
	// Result is what the terminal said, once it said something.
	Result drivers.Result
	// Original is the attempt that a reversal or a cancellation undoes.
	Original string
	// Refund is the refund that waits for this attempt.
	Refund *sale.Sale
	By     sale.Person
	// NoReceipt says that the customer wants no paper, whenever this ends.
	NoReceipt bool
	// Reason is the code of a refusal, or of what keeps the outcome unknown.
	Reason string
	// Asked says that the terminal was asked for the outcome.
	Asked bool
	// SettledBy decided an unknown outcome, for the Why given.
	SettledBy *sale.Person
	Why       string
	Began     time.Time
	SentAt    time.Time
	Ended     time.Time
}

// kind is the first half of the codes said of it.
func (a Attempt) kind() string {
	if a.CashReceipt != nil {
		return "cash_receipt"
	}
	return "payment"
}

// had reports whether this attempt's result is the one another attempt got
// now. A terminal may use a reference anew on another day, and names no time of
// a wallet.
func (a Attempt) had(result drivers.Result, now Attempt) bool {
	wallets := a.Wallet && now.Wallet && a.Purpose == now.Purpose
	return a.Result.Approved && a.Result.Reference != "" && a.Result.Reference == result.Reference &&
		a.Result.Approval == result.Approval && (a.Result.At.Equal(result.At) || wallets)
}

// needsPerson reports whether asking the terminal again is of no use.
func (a Attempt) needsPerson() bool { return a.Reason == ReasonAmount }

func (a Attempt) charge() drivers.Charge {
	return drivers.Charge{ID: a.ID, Amount: a.Amount, VAT: a.VAT, TaxFree: a.TaxFree, Instalments: a.Instalments}
}

// tender is the payment the attempt made.
func (a Attempt) tender() sale.Tender {
	return sale.Tender{Kind: sale.Card, Amount: a.Amount, Attempt: a.ID, Slip: &sale.CardSlip{
		Number: a.Result.Card, Scheme: a.Result.Scheme, Acquirer: a.Result.Acquirer,
		Approval: a.Result.Approval, Reference: a.Result.Reference, Terminal: a.Result.Terminal,
		Merchant: a.Result.Merchant, Instalments: a.Instalments, Signature: a.Result.Signature, Lines: a.Result.Lines,
	}}
}

// moment is the terminal's own time of the transaction, or ours.
func (a Attempt) moment() time.Time {
	if a.Result.At.IsZero() {
		return a.Ended
	}
	return a.Result.At
}

// Settled is the attempt's end as the hub is told.
func (a Attempt) Settled() protocol.Record {
	if a.CashReceipt != nil {
		return a.receiptSettled()
	}
	return a.paymentSettled()
}

func (a Attempt) receiptSettled() protocol.CashReceiptSettled {
	record := protocol.CashReceiptSettled{
		Attempt: a.ID, Sale: a.CashReceipt.Sale, Act: "issue", Original: a.Original, Purpose: string(a.CashReceipt.Purpose),
		Holder: a.CashReceipt.Holder, Amount: a.Amount, VAT: a.VAT, TaxFree: a.TaxFree, Outcome: string(a.State),
		At: a.Ended, Asked: a.Asked, Reason: a.Why,
	}
	if a.Purpose == CancelIssue {
		record.Act = "cancel"
	}
	if a.SettledBy != nil {
		record.SettledBy = &protocol.Person{ID: a.SettledBy.ID, Name: a.SettledBy.Name}
	}
	if a.State == Approved {
		record.Approval, record.Terminal = a.Result.Approval, a.Result.Terminal
	}
	return record
}

func (a Attempt) paymentSettled() protocol.PaymentSettled {
	record := protocol.PaymentSettled{
		Attempt: a.ID, Purpose: string(a.Purpose), Amount: a.Amount, Outcome: string(a.State),
		At: a.Ended, Asked: a.Asked, Reason: a.Why,
	}
	if a.SettledBy != nil {
		record.SettledBy = &protocol.Person{ID: a.SettledBy.ID, Name: a.SettledBy.Name}
	}
	if a.State == Approved {
		record.Card = &protocol.Card{
			Number: a.Result.Card, Scheme: a.Result.Scheme, Acquirer: a.Result.Acquirer,
			Approval: a.Result.Approval, Reference: a.Result.Reference, Terminal: a.Result.Terminal, Instalments: a.Instalments,
		}
	}
	return record
}

// AttemptEvent is a line of an attempt's history.
type AttemptEvent struct {
	At     time.Time
	Event  string
	State  AttemptState
	Detail string
}
