package zvt

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// How far the terminal's clock may stand before the box's, and how long after
// a charge was sent the terminal may still have worked on it.
const (
	clockSkew   = 5 * time.Minute
	longestWork = 15 * time.Minute
)

// markOf names a transaction: receipt number, trace number, date and time.
func markOf(fields Fields) string {
	return strings.Join([]string{
		hex.EncodeToString(fields.Bytes(tagReceipt)),
		traceOf(fields),
		hex.EncodeToString(fields.Bytes(tagDate)) + hex.EncodeToString(fields.Bytes(tagTime)),
	}, "/")
}

// traceOf is the trace number; terminals with long ones send the short one as
// zero.
func traceOf(fields Fields) string {
	if long := fields.Objects().Find(tlvLongTrace); long != nil {
		return hex.EncodeToString(long)
	}
	return hex.EncodeToString(fields.Bytes(tagTrace))
}

// sameNumbers: two marks of one receipt and trace number.
func sameNumbers(a, b string) bool {
	return a[:max(strings.LastIndexByte(a, '/'), 0)] == b[:max(strings.LastIndexByte(b, '/'), 0)]
}

// Find reconnects, waits until the terminal is free, and compares its last
// transaction with the mark and the charge. A terminal that stays away longer
// than T3, or busy longer than T4, is an error; ask again later.
func (t *Terminal) Find(ctx context.Context, query drivers.Query) (drivers.Found, error) {
	if !t.operation.TryLock() {
		return drivers.Found{}, fmt.Errorf("%w: another operation runs", drivers.ErrBusy)
	}
	defer t.operation.Unlock()
	start := time.Now()
	for {
		found, err := t.look(ctx, query)
		patience := t.config.T3
		switch {
		case err == nil:
			return found, nil
		case errors.Is(err, drivers.ErrBusy):
			patience = t.config.T4
		case errors.Is(err, drivers.ErrUnsupported), errors.Is(err, drivers.ErrSettings):
			return drivers.Found{}, err
		}
		if time.Since(start) > patience {
			return drivers.Found{}, err
		}
		if err := wait(ctx, t.config.Poll); err != nil {
			return drivers.Found{}, fmt.Errorf("%w: %w", drivers.ErrOffline, err)
		}
	}
}

// look asks once.
func (t *Terminal) look(ctx context.Context, query drivers.Query) (drivers.Found, error) {
	s, release, err := t.connect(ctx)
	if err != nil {
		return drivers.Found{}, err
	}
	defer release()
	if err := t.idle(s); err != nil {
		return drivers.Found{}, err
	}
	if err := t.register(s, ownSlips); err != nil {
		return drivers.Found{}, err
	}
	last, err := t.recall(s)
	if err != nil {
		return drivers.Found{}, err
	}
	found := t.compare(s, last, query)
	if last.fields == nil && last.mark == query.Mark {
		if found, err = t.nothingEver(s); err != nil {
			return drivers.Found{}, err
		}
	}
	if query.Reservation == "" {
		return found, nil
	}
	return t.stillOpen(s, query.Reservation, found)
}

// Last asks for the last transaction again (06 20), without paper.
func (t *Terminal) Last(ctx context.Context) (drivers.Result, bool, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.Result{}, false, err
	}
	defer release()
	last, err := t.recall(s)
	if err != nil || last.fields == nil {
		return drivers.Result{}, false, err
	}
	amount, _ := last.fields.Number(tagAmount)
	return t.toResult(s, last.fields, money.Won(amount)), true, nil
}

// idle asks whether the terminal is free (05 01). A terminal without that
// command is asked the next question straight away.
func (t *Terminal) idle(s *session) error {
	answer, err := t.enquire(s)
	if err = plain(err); errors.Is(err, drivers.ErrUnsupported) {
		return nil
	}
	if err == nil && answer.busy() {
		return fmt.Errorf("%w: status %02X", drivers.ErrBusy, answer.Code)
	}
	return err
}

// nothingEver decides for a terminal that repeats nothing, neither before the
// charge nor now. An empty memory and a terminal that cannot repeat look the
// same, so its totals must say zero too.
func (t *Terminal) nothingEver(s *session) (drivers.Found, error) {
	fields, err := t.totals(s, cmdTurnoverTotals)
	if errors.Is(err, drivers.ErrOffline) {
		return drivers.Found{}, err
	}
	if err == nil {
		if total, ok := fields.Number(tagAmount); ok && total == 0 {
			return drivers.Found{Outcome: drivers.OutcomeNotCharged}, nil
		}
	}
	return drivers.Found{Outcome: drivers.OutcomeUndecided}, nil
}

// compare says what the terminal's last transaction tells about the charge.
func (t *Terminal) compare(s *session, last memory, query drivers.Query) drivers.Found {
	undecided := drivers.Found{Outcome: drivers.OutcomeUndecided}
	switch {
	case last.mark == query.Mark:
		return drivers.Found{Outcome: drivers.OutcomeNotCharged}
	case last.fields == nil, strings.HasPrefix(query.Mark, refusedMark), sameNumbers(last.mark, query.Mark), !t.fits(last.fields, query):
		return undecided
	case isApproved(last.fields):
		return drivers.Found{
			Outcome: drivers.OutcomeApproved,
			Result:  t.toResult(s, last.fields, query.Charge.Amount),
		}
	case follows(last.fields, query.Mark):
		// The very next transaction was this charge, and it was declined.
		return drivers.Found{
			Outcome: drivers.OutcomeNotCharged,
			Result:  t.toResult(s, last.fields, query.Charge.Amount),
		}
	}
	return undecided
}

// fits: the transaction has the amount, the currency and the time of the
// charge, and is no end of day.
func (t *Terminal) fits(fields Fields, query drivers.Query) bool {
	amount, named := fields.Number(tagAmount)
	at := t.timeOf(fields)
	return named && money.Won(amount) == query.Charge.Amount &&
		fields.Has(tagResult) && !fields.Has(tagTotals) && t.ourCurrency(fields) &&
		!at.Before(query.Began.Add(-clockSkew)) && !at.After(query.Began.Add(longestWork))
}

// follows: the receipt number is the next one after the mark's.
func follows(fields Fields, mark string) bool {
	number, ok := fields.Number(tagReceipt)
	receipt, _, _ := strings.Cut(mark, "/")
	before, err := strconv.ParseUint(receipt, 10, 64)
	return ok && err == nil && number == before%9999+1
}
