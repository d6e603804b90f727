package drivers

import (
	"context"
	"time"

	"shopbox/protocol/money"
)

// Tipper is a terminal that adds a tip to a payment after it was made.
type Tipper interface {
	// Tip charges charge.Tip on top of a payment that was made with TipLater;
	// charge.Amount is the payment and the tip together, as is the amount of the
	// result.
	Tip(ctx context.Context, paid Result, charge Charge) (Result, error)
}

// Diagnoser is a terminal that tries its line to its host when told to.
type Diagnoser interface {
	// Diagnose lets the terminal report to its host. An error says that it could
	// not; no money moves.
	Diagnose(ctx context.Context) (Diagnosis, error)
}

// Diagnosis is what came of a diagnosis.
type Diagnosis struct {
	// HostTime is the host's time, zero when the terminal did not tell it.
	HostTime time.Time
	// Lines are what the terminal wants printed of it.
	Lines []string
}

// TimeSetter is a terminal whose clock the box can set.
type TimeSetter interface {
	SetTime(ctx context.Context, now time.Time) error
}

// TotalsTeller is a terminal that tells the totals of its open day without
// closing it.
type TotalsTeller interface {
	Totals(ctx context.Context) (TerminalTotals, error)
}

// Reprinter is a terminal that gives a slip it once made again, whoever made
// the transaction, also one by hand at the terminal.
type Reprinter interface {
	// Reprint is the slip of a transaction by its reference, or the last one when
	// that is empty, as lines. None means that the terminal printed it itself.
	Reprint(ctx context.Context, reference string) ([]string, error)
}

// DayCloser is a terminal that closes its own day with its host.
type DayCloser interface {
	// EndOfDay closes the terminal's day and returns its totals.
	EndOfDay(ctx context.Context) (TerminalTotals, error)
}

// TerminalTotals are a terminal's totals of its day.
type TerminalTotals struct {
	Count int
	Total money.Won
	// First and Last are the references of the day's transactions, empty when
	// the terminal does not say.
	First, Last string
	// Schemes are the totals by kind of card, of those with any.
	Schemes []SchemeTotal
}

// SchemeTotal is one kind of card's share.
type SchemeTotal struct {
	Scheme string
	Count  int
	Total  money.Won
}

// TerminalStatus is how a terminal is.
type TerminalStatus struct {
	Ready bool
	// Busy: a card is in, or another operation runs.
	Busy bool
	// DayDue: the terminal wants its end of day done.
	DayDue bool
	// Needs is what must be done before it can pay, empty for nothing:
	// "initialisation", "time", "diagnosis", "end_of_day", "memory", "printer",
	// or "service" for a technician.
	Needs string
	// Software, Model, Serial and ID are what the terminal says of itself.
	Software string
	Model    string
	Serial   string
	ID       string
}

// CurrencyTeller is a terminal whose amounts need not be won.
type CurrencyTeller interface {
	// Currency is the ISO 4217 number of what its amounts are in, in three
	// digits, "410" for won. It is the terminal's own after Open.
	Currency() string
}
