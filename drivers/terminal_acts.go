package drivers

import (
	"context"
	"time"
)

// AnyCurrency is the setting "currency" that takes whatever currency a terminal
// works in. It is for trying a terminal by hand; a shop's till must not use it,
// for its amounts are won.
const AnyCurrency = "any"

// PreAuthoriser is a terminal that reserves money on a card and takes it
// later. Its acts move money as Pay does: Mark before, and when an error is
// ErrOutcomeUnknown, Find with the same charge.
type PreAuthoriser interface {
	// PreAuthorise reserves the amount; the result's Reference names the
	// reservation.
	PreAuthorise(ctx context.Context, charge Charge) (Result, error)
	// Book takes the charge's amount of a reservation and frees the rest.
	Book(ctx context.Context, reserved Result, charge Charge) (Result, error)
	// Release frees the whole reservation; the charge's amount is the
	// reservation's.
	Release(ctx context.Context, reserved Result, charge Charge) (Result, error)
	// Reservations lists the references of the open ones.
	Reservations(ctx context.Context) ([]string, error)
}

// PartReleaser is a terminal that frees a part of a reservation, the charge's
// amount, and takes the rest.
type PartReleaser interface {
	ReleasePart(ctx context.Context, reserved Result, charge Charge) (Result, error)
}

// Diagnoser is a terminal that tests its way to the host.
type Diagnoser interface {
	// Diagnose moves no money. Lines are what the terminal wants printed.
	Diagnose(ctx context.Context) (lines []string, err error)
}

// ClockSetter is a terminal whose clock can be set.
type ClockSetter interface {
	SetClock(ctx context.Context, at time.Time) error
}

// Totaller is a terminal that tells the totals of its open day without closing
// it.
type Totaller interface {
	Totals(ctx context.Context) (TerminalTotals, error)
}

// Reprinter is a terminal that gives the receipt of its last transaction
// again: on its own printer, or as lines.
type Reprinter interface {
	Reprint(ctx context.Context) (lines []string, err error)
}

// LoggerOff is a terminal that can be handed back to be used by itself.
type LoggerOff interface {
	LogOff(ctx context.Context) error
}
