package tl3x00

import (
	"context"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/port"
)

// How far the terminal's clock may stand before the box's (the integrators'
// own rule), and how long after a charge was sent the terminal may still have
// worked on it.
const (
	clockSkew   = 5 * time.Second
	longestWork = 15 * time.Minute
)

// Mark names the terminal's last approval (job L).
func (t *Terminal) Mark(ctx context.Context) (string, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	last, err := s.last()
	return last.mark(), err
}

// Last is the terminal's last approval.
func (t *Terminal) Last(ctx context.Context) (drivers.Result, bool, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.Result{}, false, err
	}
	defer release()
	last, err := s.last()
	if err != nil || !last.approved() {
		return drivers.Result{}, false, err
	}
	return last.result(), true, nil
}

// Find puts the terminal into standby, so that nothing waits for a card any
// more, waits until it is well, and compares its last approval with the mark
// and the charge. It keeps asking a terminal that is away or at work for as
// long as a payment may take.
func (t *Terminal) Find(ctx context.Context, query drivers.Query) (drivers.Found, error) {
	release, err := t.turns.Take()
	if err != nil {
		return drivers.Found{}, err
	}
	defer release()
	var found drivers.Found
	err = port.Persist(ctx, t.config.Poll, t.config.Payment, func() error {
		last, err := t.look(ctx)
		if err == nil {
			found = compare(last, query)
		}
		return err
	})
	return found, err
}

// look asks once.
func (t *Terminal) look(ctx context.Context) (Answer, error) {
	s, release, err := t.connect(ctx)
	if err != nil {
		return Answer{}, err
	}
	defer release()
	for _, job := range []byte{jobStandby, jobCheck} {
		if _, err := s.ask(job); err != nil {
			return Answer{}, err
		}
	}
	return s.last()
}

// compare says what the last approval tells about the charge. That L also
// tells of a cancellation is what the public code does; no specification seen
// says so.
func compare(last Answer, query drivers.Query) drivers.Found {
	at := last.at()
	switch {
	case last.mark() == query.Mark:
		return drivers.Found{Outcome: drivers.OutcomeNotCharged}
	case !last.approved(), last.Kind == kindReceipt, last.Amount != query.Charge.Amount,
		at.Before(query.Began.Add(-clockSkew)), at.After(query.Began.Add(longestWork)):
		return drivers.Found{Outcome: drivers.OutcomeUndecided}
	}
	return drivers.Found{Outcome: drivers.OutcomeApproved, Result: last.result()}
}
