package drivers

import (
	"context"
	"time"

	"shopbox/protocol/money"
)

// Terminal is a card terminal. One operation runs at a time; a second one
// gets ErrBusy.
//
// The order of a payment, which the till keeps to:
//
//  1. Mark: remember what the terminal did last; store it with the intent.
//  2. Pay, Refund or Reverse: its result is stored by the caller's Keep before
//     the driver acknowledges it to the terminal.
//  3. When an error is ErrOutcomeUnknown: Find with the mark until it says
//     what happened. Never call Pay again before.
type Terminal interface {
	Device
	// Mark names the last transaction the terminal knows, in the driver's own
	// words; empty when there is none. It starts no transaction.
	Mark(ctx context.Context) (string, error)
	// Pay charges the amount. A declined payment is a Result, not an error.
	Pay(ctx context.Context, charge Charge) (Result, error)
	// Refund gives the amount back to a card without reference to a payment.
	Refund(ctx context.Context, charge Charge) (Result, error)
	// Reverse undoes one of this terminal's own payments, as a rule of the same
	// day and whole; what the terminal cannot undo is ErrUnsupported or
	// declined.
	Reverse(ctx context.Context, original Result, charge Charge) (Result, error)
	// Find says what became of a charge (or refund, or reversal) begun after
	// the mark was taken. It asks; it never starts a transaction and never
	// reports another customer's transaction as this one.
	Find(ctx context.Context, query Query) (Found, error)
	// Status asks how the terminal is.
	Status(ctx context.Context) (TerminalStatus, error)
}

// Aborter is a terminal whose waiting payment can be cancelled from the box
// while the customer has not yet presented a card.
type Aborter interface {
	// Abort asks the running operation to stop; that operation itself then
	// returns its result (usually declined by "aborted").
	Abort(ctx context.Context) error
}

// Recaller is a terminal that tells its last transaction again, whoever began
// it. It starts none.
type Recaller interface {
	// Last is the last transaction; ok is false when the terminal has none.
	Last(ctx context.Context) (last Result, ok bool, err error)
}

// Charge is one request for money.
type Charge struct {
	// ID is the payment attempt's id, for terminals that carry a reference.
	ID     string
	Amount money.Won
	// VAT is the tax inside the amount, TaxFree the part of the amount without
	// tax, for terminals that want them.
	VAT, TaxFree money.Won
	// Tip is the part of the amount that is a tip, and TipLater says that one may
	// be added afterwards, for a terminal that is a Tipper. Others charge the
	// amount all the same.
	Tip      money.Won
	TipLater bool
	// Instalments is the number of months, 0 for at once; see Abilities.Allow.
	Instalments int
	// Code is what the customer's phone shows, a QR or bar code as the scanner
	// read it: it is passed to the terminal and nothing is read out of it. It
	// is money in the wrong hands: never stored, never logged. A terminal
	// without Abilities.Wallet returns ErrUnsupported. Empty for a card.
	Code string
	// Progress, when set, is told what the customer is asked to do.
	Progress func(Progress)
	// Cancelled, when set, reports that nobody wants the operation any more. A
	// driver that is an Aborter asks it last before it begins, and then returns
	// a Result with the reason "aborted"; from then on Abort reaches the
	// terminal.
	Cancelled func() bool
	// Keep, when set, is called with the result after it was received and
	// before it is acknowledged; an error means that it was not stored, and
	// the driver must not acknowledge.
	Keep func(Result) error
}

// Progress is what the terminal is doing, for the counter's screen.
type Progress string

// The steps a counter can show.
const (
	ProgressInsertCard Progress = "insert_card"
	ProgressRemoveCard Progress = "remove_card"
	ProgressEnterPIN   Progress = "enter_pin"
	ProgressAskingHost Progress = "asking_host"
	ProgressReversing  Progress = "reversing"
	ProgressWait       Progress = "wait"
	ProgressSign       Progress = "sign"
)

// Result is what a terminal says of a finished transaction.
type Result struct {
	Approved bool
	// Amount is what the terminal says it moved; the till refuses a result
	// whose amount is not the one asked for.
	Amount money.Won
	// Tip is the part of the amount that is a tip; Tippable says that one can be
	// added with Tipper.Tip.
	Tip      money.Won
	Tippable bool
	// Reason is the code of a refusal: "declined", "aborted", "timeout",
	// "card", "limit", "expired", "host". Text is the terminal's own words.
	Reason string
	Text   string
	// Approval is the approval number of the card company.
	Approval string
	// Reference names the transaction for this terminal (receipt or trace
	// number), needed to reverse it.
	Reference string
	// Trace is the terminal's own running number, which some terminals want
	// besides the reference to end a reservation.
	Trace string
	// Card is the masked card number, at most the first six and last four
	// digits; Scheme is the card's name ("Debit Mastercard", "신한카드").
	Card     string
	Scheme   string
	Acquirer string
	Merchant string
	Terminal string
	// At is the terminal's own date and time of the transaction.
	At time.Time
	// Signature says that the customer must sign the merchant's slip.
	Signature bool
	// Lines are receipt lines the terminal wants printed for the customer.
	Lines []string
}

// Query asks what became of a charge. A terminal that delivers a lost result
// late is told that it arrived by Find; the charge's Keep is called before, as
// by Pay.
type Query struct {
	// Mark is what Mark returned before the charge began.
	Mark   string
	Charge Charge
	// Began is when the charge was sent.
	Began time.Time
	// Reservation is the reference of the reservation that the charge was to
	// end, empty for any other: whether it is still open tells more than the last
	// transaction.
	Reservation string
	// Kept is the result that Keep stored for this charge, empty when it never
	// was called: without it the terminal cannot have heard that a result
	// arrived.
	Kept Result
}

// Outcome is what Find found.
type Outcome string

// The outcomes of Find.
const (
	// OutcomeApproved: the money moved; Result tells how.
	OutcomeApproved Outcome = "approved"
	// OutcomeNotCharged: it certainly did not happen, or was undone.
	OutcomeNotCharged Outcome = "not_charged"
	// OutcomeUndecided: the terminal's memory does not decide; a person must
	// look at the terminal's own list.
	OutcomeUndecided Outcome = "undecided"
)

// Found is the answer to a Query.
type Found struct {
	Outcome Outcome
	Result  Result
}

// AnyCurrency is the setting "currency" that takes whatever currency a terminal
// works in. It is for trying a terminal by hand; a shop's till must not use it,
// for its amounts are won.
const AnyCurrency = "any"
