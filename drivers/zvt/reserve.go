package zvt

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"shopbox/drivers"
)

// everyReceipt in place of a receipt number asks for the open reservations, and
// in the answer says that there are none (PA00P015 2.10.1).
const everyReceipt = "ffff"

// Reserve holds the amount on a card (06 22).
func (t *Terminal) Reserve(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	return t.transact(ctx, job{command: cmdReserve, amount: charge.Amount, after: Fields{{tagPaymentType, []byte{anyPayment}}}}, charge)
}

// Book charges a reservation with the amount that was used (06 24).
func (t *Terminal) Book(ctx context.Context, reservation drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	booking, err := ending(cmdBookTotal, reservation)
	if err != nil {
		return drivers.Result{}, err
	}
	// The attribute must be there for a reservation proper (PA00P015 2.13).
	if approval := []byte(reservation.Approval); len(approval) > 0 && len(approval) <= approvalSize {
		padded := slices.Concat(approval, make([]byte, approvalSize-len(approval)))
		booking.after = append(booking.after, Field{tagApproval, padded})
	}
	booking.amount = charge.Amount
	return t.transact(ctx, booking, charge)
}

// Lower releases the amount of a reservation that was not used (06 23). The
// standard does not say which amount the result names; here it must be the one
// released, and with any other a person looks.
func (t *Terminal) Lower(ctx context.Context, reservation drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	lowering, err := ending(cmdPartialReversal, reservation)
	if err != nil {
		return drivers.Result{}, err
	}
	lowering.amount = charge.Amount
	return t.transact(ctx, lowering, charge)
}

// CancelReservation releases a reservation whole (06 25). Some terminals refuse
// it with an amount, so none is sent.
func (t *Terminal) CancelReservation(ctx context.Context, reservation drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	cancelling, err := ending(cmdReservationReversal, reservation)
	if err != nil {
		return drivers.Result{}, err
	}
	cancelling.after = nil
	cancelling.objects = nil
	return t.transact(ctx, cancelling, charge)
}

// approvalSize is the length of bitmap 3B.
const approvalSize = 8

// ending is a command that ends a reservation, with its receipt number and,
// where it is known, its trace number.
func ending(command Command, reservation drivers.Result) (job, error) {
	number, err := receiptNumber(reservation.Reference)
	if err != nil {
		return job{}, err
	}
	end := job{command: command, before: Fields{{tagReceipt, number}}}
	trace, err := hex.DecodeString(reservation.Trace)
	switch {
	case err != nil || len(trace) > 8:
		return job{}, fmt.Errorf("%w: trace number %q", drivers.ErrUnsupported, reservation.Trace)
	case len(trace) == 3:
		end.after = Fields{{tagTrace, trace}}
	case len(trace) > 0:
		end.objects = appendTLV(nil, tlvLongTrace, trace)
	}
	return end, nil
}

// receiptNumber packs a reference.
func receiptNumber(reference string) ([]byte, error) {
	number, err := hex.DecodeString(reference)
	if err == nil {
		_, err = BCD(number)
	}
	if err != nil || len(number) != 2 {
		return nil, fmt.Errorf("%w: %q is no receipt number of four digits", drivers.ErrUnsupported, reference)
	}
	return number, nil
}

// Reservations asks for those that are still open (06 23 with FFFF).
func (t *Terminal) Reservations(ctx context.Context) (drivers.OpenReservations, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.OpenReservations{}, err
	}
	defer release()
	return t.openReservations(s)
}

func (t *Terminal) openReservations(s *session) (drivers.OpenReservations, error) {
	all, err := hex.DecodeString(everyReceipt)
	if err != nil {
		return drivers.OpenReservations{}, err
	}
	data, err := AppendField(nil, tagReceipt, all)
	if err != nil {
		return drivers.OpenReservations{}, err
	}
	x := exchange{session: s}
	_, err = x.run(order{command: cmdPartialReversal, data: data, objects: t.mirrored()})
	no, ended := errors.AsType[*refusal](err)
	switch {
	case ended && no.late && no.code == codeReservation:
		return ParseReservations(no.rest)
	case err == nil:
		return drivers.OpenReservations{}, fmt.Errorf("%w: no list of reservations", drivers.ErrProtocol)
	}
	return drivers.OpenReservations{}, plain(err)
}

// ParseReservations reads what stands behind the code of 06 1E in the answer to
// that question: a list in tag 23, or only the first number in bitmap 87.
func ParseReservations(data []byte) (drivers.OpenReservations, error) {
	fields, err := ParseFields(data)
	if err != nil {
		return drivers.OpenReservations{}, fmt.Errorf("%w: reservations: %w", drivers.ErrProtocol, err)
	}
	var open drivers.OpenReservations
	for _, object := range fields.Objects() {
		if object.Tag != tlvReservations {
			continue
		}
		for _, receipt := range object.Children {
			if receipt.Tag == tlvReceipt {
				open.References = append(open.References, hex.EncodeToString(receipt.Value))
			}
		}
		return checkReferences(open)
	}
	first := hex.EncodeToString(fields.Bytes(tagReceipt))
	if first == "" || first == everyReceipt {
		return open, nil
	}
	return checkReferences(drivers.OpenReservations{References: []string{first}, First: true})
}

func checkReferences(open drivers.OpenReservations) (drivers.OpenReservations, error) {
	for _, reference := range open.References {
		if _, err := receiptNumber(reference); err != nil {
			return drivers.OpenReservations{}, fmt.Errorf("%w: reservations: %q", drivers.ErrProtocol, reference)
		}
	}
	return open, nil
}

// stillOpen weighs what the last transaction tells of the end of a reservation
// against the terminal's list. While it stands there it was not ended.
func (t *Terminal) stillOpen(s *session, reference string, found drivers.Found) (drivers.Found, error) {
	open, err := t.openReservations(s)
	switch {
	case errors.Is(err, drivers.ErrUnsupported):
		return found, nil
	case err != nil:
		return drivers.Found{}, err
	}
	listed := slices.Contains(open.References, reference)
	switch {
	case listed && found.Outcome != drivers.OutcomeApproved:
		return drivers.Found{Outcome: drivers.OutcomeNotCharged, Result: found.Result}, nil
	case listed, !open.First && found.Outcome == drivers.OutcomeNotCharged:
		// The two contradict each other.
		return drivers.Found{Outcome: drivers.OutcomeUndecided}, nil
	}
	return found, nil
}
