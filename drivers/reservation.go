package drivers

import "context"

// Reserver is a terminal that holds an amount on a customer's card before the
// final one is known (pre-authorisation): deposits, rentals, hotels. A
// reservation moves no money; exactly one of Book, Lower and CancelReservation
// ends it.
//
// All four operations keep to the order of a payment: Mark before, Keep before
// the acknowledgement, Find after ErrOutcomeUnknown, for the last three with
// Query.Reservation.
type Reserver interface {
	// Reserve holds the amount. The result, with its Reference, Trace and
	// Approval, is needed to end the reservation.
	Reserve(ctx context.Context, charge Charge) (Result, error)
	// Book charges the amount, at most the one reserved; the rest is released.
	Book(ctx context.Context, reservation Result, charge Charge) (Result, error)
	// Lower releases the amount, which was not used; the rest is charged. The
	// result's amount is the one released.
	Lower(ctx context.Context, reservation Result, charge Charge) (Result, error)
	// CancelReservation releases the whole reservation; the charge's amount is
	// the one reserved.
	CancelReservation(ctx context.Context, reservation Result, charge Charge) (Result, error)
	// Reservations are the references of those that are still open. It starts
	// no transaction.
	Reservations(ctx context.Context) (OpenReservations, error)
}

// OpenReservations is a terminal's own list.
type OpenReservations struct {
	// References are the results' References, in the terminal's order.
	References []string
	// First: the terminal named only the first one; there may be more.
	First bool
}
