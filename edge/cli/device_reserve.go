package cli

import (
	"context"

	"shopbox/drivers"
)

// tip adds a tip to a payment: REFERENCE PAID TIP.
func (h *hand) tip(ctx context.Context, terminal drivers.Terminal) error {
	tipper, can := terminal.(drivers.Tipper)
	switch {
	case !can:
		return drivers.ErrUnsupported
	case len(h.call.operands) != 3:
		return ErrDeviceUsage
	}
	paid, err := h.amount(1)
	if err != nil {
		return err
	}
	tip, err := h.amount(2)
	if err != nil {
		return err
	}
	original := drivers.Result{Reference: h.call.operands[0], Amount: paid}
	return h.settle(ctx, terminal, job{
		charge: drivers.Charge{Amount: paid + tip, Tip: tip},
		do: func(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
			return tipper.Tip(ctx, original, charge)
		},
	})
}

// reserve holds the amount on a card.
func (h *hand) reserve(ctx context.Context, terminal drivers.Terminal) error {
	reserver, can := terminal.(drivers.Reserver)
	switch {
	case !can:
		return drivers.ErrUnsupported
	case len(h.call.operands) != 1:
		return ErrDeviceUsage
	}
	amount, err := h.amount(0)
	if err != nil {
		return err
	}
	return h.settle(ctx, terminal, job{charge: drivers.Charge{Amount: amount}, do: reserver.Reserve})
}

// reservationsLine is a terminal's own list of open reservations.
type reservationsLine struct {
	References []string `json:"reservations"`
	First      bool     `json:"only_the_first,omitempty"`
}

func (h *hand) reservations(ctx context.Context, terminal drivers.Terminal) error {
	reserver, can := terminal.(drivers.Reserver)
	if !can {
		return drivers.ErrUnsupported
	}
	open, err := reserver.Reservations(ctx)
	if err != nil {
		return err
	}
	return h.out.Encode(reservationsLine{append([]string{}, open.References...), open.First})
}

// ender is one way to end a reservation, a method of drivers.Reserver.
type ender func(reserver drivers.Reserver, ctx context.Context, held drivers.Result, charge drivers.Charge) (drivers.Result, error)

func (h *hand) book(ctx context.Context, terminal drivers.Terminal) error {
	return h.endReservation(ctx, terminal, 4, drivers.Reserver.Book)
}

func (h *hand) lower(ctx context.Context, terminal drivers.Terminal) error {
	return h.endReservation(ctx, terminal, 3, drivers.Reserver.Lower)
}

func (h *hand) release(ctx context.Context, terminal drivers.Terminal) error {
	return h.endReservation(ctx, terminal, 2, drivers.Reserver.CancelReservation)
}

// endReservation ends a reservation: REFERENCE AMOUNT, and as far as the way
// takes them TRACE and APPROVAL.
func (h *hand) endReservation(ctx context.Context, terminal drivers.Terminal, most int, way ender) error {
	reserver, can := terminal.(drivers.Reserver)
	if !can {
		return drivers.ErrUnsupported
	}
	given := h.call.operands
	if len(given) < 2 || len(given) > most {
		return ErrDeviceUsage
	}
	amount, err := h.amount(1)
	if err != nil {
		return err
	}
	held := drivers.Result{Reference: given[0]}
	if len(given) > 2 {
		held.Trace = given[2]
	}
	if len(given) > 3 {
		held.Approval = given[3]
	}
	return h.settle(ctx, terminal, job{
		charge: drivers.Charge{Amount: amount}, ends: held.Reference,
		do: func(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
			return way(reserver, ctx, held, charge)
		},
	})
}
