package tl3x00

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
)

const reasonAborted = "aborted"

// Pay charges the amount (job B).
func (t *Terminal) Pay(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	now := t.config.Now()
	if charge.Amount <= 0 || charge.Amount > maxAmount || charge.VAT < 0 || charge.VAT > maxTax {
		return drivers.Result{}, fmt.Errorf("%w: amount %d", drivers.ErrUnsupported, charge.Amount)
	}
	if err := t.Abilities().Allow(charge, now); err != nil {
		return drivers.Result{}, err
	}
	return t.transact(ctx, jobApprove, approval(charge, drivers.CardRulesOn(now).Signs(charge.Amount)), charge)
}

// Refund is ErrUnsupported: no public source shows a job that gives money to a
// card without naming its payment.
func (t *Terminal) Refund(context.Context, drivers.Charge) (drivers.Result, error) {
	return drivers.Result{}, fmt.Errorf("%w: only a payment can be cancelled", drivers.ErrUnsupported)
}

// Reverse cancels a payment by its full data (job C, kind 1), whole and on any
// day its acquirer allows. A wallet of Kakao wants the code on the customer's
// phone for it, which is not kept: it is ErrUnsupported and cancelled at the
// terminal itself.
func (t *Terminal) Reverse(ctx context.Context, original drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	named, ok := parseReference(original.Reference)
	switch {
	case !ok:
		return drivers.Result{}, fmt.Errorf("%w: no approval to cancel", drivers.ErrUnsupported)
	case charge.Amount != original.Amount || charge.Amount <= 0 || charge.Amount > maxAmount:
		return drivers.Result{}, fmt.Errorf("%w: only the whole amount", drivers.ErrUnsupported)
	case named.trade == kindKakaoMoney || named.trade == kindKakaoCredit:
		return drivers.Result{}, fmt.Errorf("%w: this wallet is cancelled at the terminal", drivers.ErrUnsupported)
	}
	return t.transact(ctx, jobCancel, cancellation(named, charge.Amount), charge)
}

// transact runs a job that moves money. The last approval is asked for first:
// an abort is only believed when it is still the last one after.
func (t *Terminal) transact(ctx context.Context, job byte, data []byte, charge drivers.Charge) (drivers.Result, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.Result{}, err
	}
	defer release()
	before, err := s.last()
	if err != nil {
		return drivers.Result{}, err
	}
	if s.Aborted() || charge.Cancelled != nil && charge.Cancelled() {
		return drivers.Result{Reason: reasonAborted, Terminal: s.terminal}, nil
	}
	s.progress = charge.Progress
	if sent, err := s.submit(job, data); err != nil {
		if sent {
			err = unknown(err)
		}
		return drivers.Result{}, err
	}
	s.Begin()
	if s.progress != nil {
		s.progress(drivers.ProgressInsertCard)
	}
	return s.finish(job, before, charge)
}

// finish waits for the end of a payment and keeps it before it is
// acknowledged.
func (s *session) finish(job byte, before Answer, charge drivers.Charge) (drivers.Result, error) {
	frame, err := s.answer(job, time.Now().Add(s.config.Payment))
	if err != nil {
		return s.stopped(before, err)
	}
	answer, err := ParseAnswer(frame.Data)
	if err != nil {
		return drivers.Result{}, unknown(err)
	}
	if answer.approved() && answer.mark() == before.mark() {
		return drivers.Result{}, unknown(fmt.Errorf("%w: the previous customer's result again", drivers.ErrProtocol))
	}
	result := answer.result()
	if !result.Approved && s.Aborted() {
		result.Reason = reasonAborted
	}
	if charge.Keep != nil {
		if err := charge.Keep(result); err != nil {
			return drivers.Result{}, unknown(fmt.Errorf("result not kept: %w", err))
		}
	}
	// An approval stands without this: the terminal repeats it when asked.
	_ = s.say(ack)
	return result, nil
}

// stopped decides about a payment that was aborted and never answered.
func (s *session) stopped(before Answer, cause error) (drivers.Result, error) {
	if !s.Aborted() || !errors.Is(cause, errDeaf) {
		return drivers.Result{}, unknown(cause)
	}
	after, err := s.last()
	if err != nil || after.mark() != before.mark() {
		return drivers.Result{}, unknown(cause)
	}
	return drivers.Result{Reason: reasonAborted, Terminal: s.terminal}, nil
}

func unknown(cause error) error {
	return fmt.Errorf("%w: %w", drivers.ErrOutcomeUnknown, cause)
}
