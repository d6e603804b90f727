package drivers

import (
	"errors"
	"fmt"
	"time"
)

// ErrInstalments says that a charge cannot be paid in so many months.
var ErrInstalments = errors.New("instalments")

// Abilities is what a terminal can do, so that a screen offers no more and
// never asks for the make.
type Abilities struct {
	// Abort, EndOfDay, Recall and CashReceipt say that the terminal is an
	// Aborter, a DayCloser, a Recaller and a CashReceipter.
	Abort, EndOfDay, Recall, CashReceipt bool
	// Reserve, Tip, Diagnose, SetTime, Totals and Reprint say that it is a
	// Reserver, a Tipper, a Diagnoser, a TimeSetter, a TotalsTeller and a
	// Reprinter.
	Reserve, Tip, Diagnose, SetTime, Totals, Reprint bool
	// Refund: money can be given to a card without naming a payment. Without
	// it only Reverse gives money back.
	Refund bool
	// Wallet: a charge may carry the code on a customer's phone.
	Wallet bool
	// AsksHolder: the terminal asks for the holder of a cash receipt itself
	// when the box does not say one.
	AsksHolder bool
	// Instalments is the longest the terminal takes, in months; 0 for a
	// terminal that knows none.
	Instalments int
	// Recalls: the terminal names its last transaction at any time, so that
	// Mark changes with every transaction. One that does not keeps only what it
	// could not deliver; Find then decides by that.
	Recalls bool
}

// Describer is a terminal that knows more of its abilities than its methods
// show.
type Describer interface {
	// Abilities needs no terminal at the other end. What AbilitiesOf sees from
	// the methods is filled in by it.
	Abilities() Abilities
}

// AbilitiesOf is what a terminal can do. One that is no Describer takes cards
// at once and gives money back freely.
func AbilitiesOf(terminal Terminal) Abilities {
	able := Abilities{Refund: true, Recalls: true}
	if describer, does := terminal.(Describer); does {
		able = describer.Abilities()
	}
	_, able.Abort = terminal.(Aborter)
	_, able.EndOfDay = terminal.(DayCloser)
	_, able.Recall = terminal.(Recaller)
	_, able.CashReceipt = terminal.(CashReceipter)
	_, able.Reserve = terminal.(Reserver)
	_, able.Tip = terminal.(Tipper)
	_, able.Diagnose = terminal.(Diagnoser)
	_, able.SetTime = terminal.(TimeSetter)
	_, able.Totals = terminal.(TotalsTeller)
	_, able.Reprint = terminal.(Reprinter)
	return able
}

// Allow checks a charge before it goes to the terminal: ErrInstalments when
// the months are too many for the terminal or the trade, or the amount too
// small on that day; ErrUnsupported for a wallet's code that the terminal
// cannot take. Drivers call it, and a screen may call it earlier.
func (a Abilities) Allow(charge Charge, day time.Time) error {
	if charge.Code != "" && !a.Wallet {
		return fmt.Errorf("%w: codes of wallets", ErrUnsupported)
	}
	if charge.Instalments == 0 {
		return nil
	}
	rules := CardRulesOn(day)
	longest := min(a.Instalments, rules.LongestInstalments)
	switch {
	case longest == 0:
		return fmt.Errorf("%w: %w: none at this terminal", ErrUnsupported, ErrInstalments)
	case charge.Instalments < 2 || charge.Instalments > longest:
		return fmt.Errorf("%w: %d months, of 2 to %d", ErrInstalments, charge.Instalments, longest)
	case charge.Amount < rules.InstalmentsFrom:
		return fmt.Errorf("%w: only from %d won", ErrInstalments, rules.InstalmentsFrom)
	}
	return nil
}
