package koces

import (
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
)

const reasonAborted = "aborted"

// Pay charges the amount: G120 for a card, T180 for the code of a wallet.
func (t *Terminal) Pay(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	if err := t.Abilities().Allow(charge, t.config.Now()); err != nil {
		return drivers.Result{}, err
	}
	if err := checkCode(charge.Code); err != nil {
		return drivers.Result{}, err
	}
	body := credit(t.config.TID, amountsOf(charge), reference{}, charge.Instalments)
	if charge.Code != "" {
		body = wallet(t.config.TID, amountsOf(charge), reference{}, charge)
	}
	return t.transact(ctx, body, charge)
}

// Refund is ErrUnsupported: a card is given money back only by cancelling its
// payment.
func (t *Terminal) Refund(context.Context, drivers.Charge) (drivers.Result, error) {
	return drivers.Result{}, fmt.Errorf("%w: only a payment can be cancelled", drivers.ErrUnsupported)
}

// Reverse cancels a payment by date, approval and KOCES's own number, whole.
func (t *Terminal) Reverse(ctx context.Context, original drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	named, err := parseReference(original.Reference, telegramCredit, telegramWallet)
	if err != nil {
		return drivers.Result{}, err
	}
	if charge.Amount != original.Amount {
		return drivers.Result{}, fmt.Errorf("%w: only the whole amount", drivers.ErrUnsupported)
	}
	body := credit(t.config.TID, whole(charge.Amount), named, 0)
	if named.telegram == telegramWallet {
		body = wallet(t.config.TID, whole(charge.Amount), named, charge)
	}
	return t.transact(ctx, body, charge)
}

// IssueCashReceipt issues a cash receipt (G130).
func (t *Terminal) IssueCashReceipt(ctx context.Context, receipt drivers.CashReceipt, charge drivers.Charge) (drivers.Result, error) {
	return t.receipt(ctx, receipt, reference{}, amountsOf(charge), charge)
}

// CancelCashReceipt cancels a cash receipt, whole (G130 with its original).
func (t *Terminal) CancelCashReceipt(ctx context.Context, original drivers.Result, receipt drivers.CashReceipt, charge drivers.Charge) (drivers.Result, error) {
	named, err := parseReference(original.Reference, telegramReceipt)
	if err != nil {
		return drivers.Result{}, err
	}
	if charge.Amount != original.Amount {
		return drivers.Result{}, fmt.Errorf("%w: only the whole amount", drivers.ErrUnsupported)
	}
	return t.receipt(ctx, receipt, named, whole(charge.Amount), charge)
}

func (t *Terminal) receipt(ctx context.Context, receipt drivers.CashReceipt, original reference, a amounts, charge drivers.Charge) (drivers.Result, error) {
	if err := receipt.Check(); err != nil {
		return drivers.Result{}, err
	}
	selfIssue := drivers.CardRulesOn(t.config.Now()).SelfIssueNumber
	return t.transact(ctx, receiptRequest(t.config.TID, a, original, receipt, selfIssue), charge)
}

// transact runs a request that moves money or issues a receipt.
func (t *Terminal) transact(ctx context.Context, body []byte, charge drivers.Charge) (drivers.Result, error) {
	if a := amountsOf(charge); !a.written() {
		return drivers.Result{}, fmt.Errorf("%w: amount %d", drivers.ErrUnsupported, charge.Amount)
	}
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.Result{}, err
	}
	defer release()
	if s.Aborted() || charge.Cancelled != nil && charge.Cancelled() {
		return drivers.Result{Reason: reasonAborted, Terminal: t.config.TID}, nil
	}
	if sent, err := s.submit(body); err != nil {
		if sent {
			err = unknown(err)
		}
		return drivers.Result{}, err
	}
	s.Begin()
	if charge.Code == "" {
		tell(charge, drivers.ProgressInsertCard)
	}
	deadline := time.Now().Add(t.config.Payment)
	begun, err := s.begun(deadline, charge.Progress)
	if no, is := errors.AsType[refusal](err); is {
		return t.refused(no)
	}
	if err != nil {
		return drivers.Result{}, unknown(err)
	}
	if !begun {
		return drivers.Result{}, fmt.Errorf("%w: the terminal began nothing", drivers.ErrProtocol)
	}
	tell(charge, drivers.ProgressAskingHost)
	return t.finish(s, string(body[1:1+telegramSize]), charge, deadline)
}

func tell(charge drivers.Charge, step drivers.Progress) {
	if charge.Progress != nil {
		charge.Progress(step)
	}
}

// refused: the terminal began nothing. E is a person, at it or at the box.
func (t *Terminal) refused(no refusal) (drivers.Result, error) {
	if no.letter == 'Q' {
		return drivers.Result{}, fmt.Errorf("%w: the terminal does not know the terminal id", drivers.ErrSettings)
	}
	return drivers.Result{Reason: reasonAborted, Terminal: t.config.TID}, nil
}

// finish waits for the result, keeps it, confirms it and waits for EOT. A
// refusal by the host is certain without that.
func (t *Terminal) finish(s *session, telegram string, charge drivers.Charge, deadline time.Time) (drivers.Result, error) {
	answer, err := s.result(deadline)
	if err == nil && (answer.Telegram != telegram || t.knows(answer)) {
		err = fmt.Errorf("%w: the result of another transaction", drivers.ErrProtocol)
	}
	if err != nil {
		return drivers.Result{}, unknown(err)
	}
	result := answer.result(charge.Amount, t.config.Now())
	if charge.Keep != nil {
		if err := charge.Keep(result); err != nil {
			return drivers.Result{}, unknown(fmt.Errorf("result not kept: %w", err))
		}
	}
	t.confirming(charge.ID, answer)
	if err := s.confirm(answer.Telegram); err != nil && result.Approved {
		return drivers.Result{}, unknown(err)
	}
	return result, nil
}

func unknown(cause error) error {
	return fmt.Errorf("%w: %w", drivers.ErrOutcomeUnknown, cause)
}
