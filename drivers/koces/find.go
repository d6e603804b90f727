package koces

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// How far the terminal's clock may stand before the box's, and how long after
// a charge was sent the terminal may still have worked on it.
const (
	clockSkew   = 5 * time.Minute
	longestWork = 15 * time.Minute
)

// muteMark is the mark of a terminal that does not answer M110: of nothing
// that happened after it can it tell.
const muteMark = "mute"

// errMute: the terminal refused M110 or said nothing to it.
var errMute = fmt.Errorf("%w: the terminal tells of nothing undelivered", drivers.ErrUnsupported)

// Mark names the transaction whose result the terminal could not deliver;
// empty when there is none, as a rule. It is left where it is.
func (t *Terminal) Mark(ctx context.Context) (string, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	if t.isMute() {
		return muteMark, nil
	}
	answer, err := s.undelivered()
	switch {
	case errors.Is(err, errMute):
		t.setMute()
		return muteMark, nil
	case err != nil || answer == nil:
		return "", err
	}
	t.leave(*answer)
	return answer.mark(), nil
}

// Find stops what may still wait for a customer and asks for the transaction
// that was not delivered (M110). The terminal itself takes back towards the
// VAN what the box never confirmed, or keeps it as undelivered. So:
//
//   - it has none, and no result was ever kept: nothing was charged;
//   - it has none, and one was kept: its confirmation may or may not have
//     arrived, and a person must look at the terminal's last slip;
//   - it has this one: it is kept, confirmed and so made final here;
//   - it has another: it is left, and a person must look.
func (t *Terminal) Find(ctx context.Context, query drivers.Query) (drivers.Found, error) {
	return t.find(ctx, query, telegramCredit, telegramWallet)
}

// FindCashReceipt is Find for a cash receipt.
func (t *Terminal) FindCashReceipt(ctx context.Context, query drivers.Query) (drivers.Found, error) {
	return t.find(ctx, query, telegramReceipt)
}

func (t *Terminal) find(ctx context.Context, query drivers.Query, telegrams ...string) (drivers.Found, error) {
	release, err := t.turns.Take()
	if err != nil {
		return drivers.Found{}, err
	}
	defer release()
	var found drivers.Found
	err = port.Persist(ctx, t.config.Poll, t.config.Payment, func() (err error) {
		found, err = t.look(ctx, query, telegrams)
		return err
	})
	if errors.Is(err, errMute) {
		t.setMute()
		return drivers.Found{Outcome: drivers.OutcomeUndecided}, nil
	}
	return found, err
}

// look asks once.
func (t *Terminal) look(ctx context.Context, query drivers.Query, telegrams []string) (drivers.Found, error) {
	s, release, err := t.connect(ctx)
	if err != nil {
		return drivers.Found{}, err
	}
	defer release()
	if err := s.greet(); err != nil {
		return drivers.Found{}, err
	}
	// An idle terminal need not answer this; the next greeting shows that it
	// listens again.
	if _, err := s.Write(Append(nil, stop())); err != nil {
		return drivers.Found{}, err
	}
	s.quiet()
	if err := s.greet(); err != nil {
		return drivers.Found{}, err
	}
	answer, err := s.undelivered()
	if err != nil {
		return drivers.Found{}, err
	}
	if answer == nil {
		return t.nothingPending(query), nil
	}
	if !t.fits(*answer, query, telegrams) {
		return drivers.Found{Outcome: drivers.OutcomeUndecided}, nil
	}
	return t.deliver(s, *answer, query)
}

// quiet leaves what the terminal says to a stop that it may not have needed.
func (s *session) quiet() { _, _, _ = s.next(time.Now().Add(min(s.config.Ack, 300*time.Millisecond))) }

// undelivered asks for the transaction that was not delivered; nil when there
// is none. It is not confirmed.
func (s *session) undelivered() (*Answer, error) {
	if _, err := s.submit(pending(s.config.TID)); err != nil {
		if errors.Is(err, errSilent) || errors.Is(err, errRefused) {
			return nil, errMute
		}
		return nil, err
	}
	deadline := time.Now().Add(s.config.Ack)
	has, err := s.begun(deadline, nil)
	if no, is := errors.AsType[refusal](err); is {
		return nil, fmt.Errorf("%w: %w", errMute, no)
	}
	if err != nil || !has {
		return nil, err
	}
	answer, err := s.result(deadline)
	if err != nil {
		return nil, err
	}
	return &answer, nil
}

func (t *Terminal) nothingPending(query drivers.Query) drivers.Found {
	if query.Kept.Approved || t.confirmed(query.Charge.ID) || query.Mark == muteMark {
		return drivers.Found{Outcome: drivers.OutcomeUndecided}
	}
	return drivers.Found{Outcome: drivers.OutcomeNotCharged}
}

// fits: the undelivered transaction can only be this charge.
func (t *Terminal) fits(answer Answer, query drivers.Query, telegrams []string) bool {
	at := answer.At
	if at.IsZero() {
		at = query.Began // T180 names no time
	}
	kind := false
	for _, telegram := range telegrams {
		kind = kind || answer.Telegram == telegram
	}
	return kind && query.Mark != muteMark && answer.mark() != query.Mark &&
		(!answer.approved() || answer.amount(query.Charge.Amount) == query.Charge.Amount) &&
		!at.Before(query.Began.Add(-clockSkew)) && !at.After(query.Began.Add(longestWork))
}

// deliver keeps and confirms what was not delivered.
func (t *Terminal) deliver(s *session, answer Answer, query drivers.Query) (drivers.Found, error) {
	result := answer.result(query.Charge.Amount, t.config.Now())
	if query.Charge.Keep != nil {
		if err := query.Charge.Keep(result); err != nil {
			return drivers.Found{}, fmt.Errorf("result not kept: %w", err)
		}
	}
	t.confirming(query.Charge.ID, answer)
	if err := s.confirm(answer.Telegram); err != nil && result.Approved {
		return drivers.Found{}, err
	}
	if !result.Approved {
		return drivers.Found{Outcome: drivers.OutcomeNotCharged, Result: result}, nil
	}
	return drivers.Found{Outcome: drivers.OutcomeApproved, Result: result}, nil
}
