package zvt

import (
	"context"
	"errors"
	"fmt"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// maxAmount is what twelve decimals hold.
const maxAmount money.Won = 999_999_999_999

// anyPayment lets the terminal choose how the card pays (bitmap 19); tippable
// says that a tip may follow (PA00P015 table 4).
const (
	anyPayment = 0x40
	tippable   = 0x08
)

// Mark names the terminal's last transaction by its numbers and time.
func (t *Terminal) Mark(ctx context.Context) (string, error) {
	s, release, err := t.begin(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	last, err := t.recall(s)
	return last.mark, err
}

// Pay charges the amount (06 01), with a tip in it as tag 1F36. ZVT knows no
// instalments: asked for, it is ErrUnsupported.
func (t *Terminal) Pay(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	payment := job{command: cmdAuthorisation, amount: charge.Amount}
	how := byte(anyPayment)
	if charge.TipLater {
		how |= tippable
	}
	payment.after = Fields{{tagPaymentType, []byte{how}}}
	if charge.Tip > 0 {
		payment.objects = appendTLV(nil, tlvTip, AppendBCD(nil, uint64(charge.Tip), 6))
	}
	return t.transact(ctx, payment, charge)
}

// Refund gives money back to a card (06 31).
func (t *Terminal) Refund(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	return t.transact(ctx, job{
		command: cmdRefund, start: t.password, amount: charge.Amount, after: Fields{{tagPaymentType, []byte{anyPayment}}},
	}, charge)
}

// Reverse undoes a payment of the terminal's open day by its receipt number
// (06 30).
func (t *Terminal) Reverse(ctx context.Context, original drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	number, err := receiptNumber(original.Reference)
	if err != nil {
		return drivers.Result{}, err
	}
	return t.transact(ctx, job{
		command: cmdReversal, start: t.password, before: Fields{{tagReceipt, number}}, amount: charge.Amount,
	}, charge)
}

// Tip charges a tip on top of a payment (06 0C). The command names the tip, the
// result payment and tip together, as PA00P015 says of tag 1F36; a terminal
// that names another amount is looked at by a person.
func (t *Terminal) Tip(ctx context.Context, paid drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	number, err := receiptNumber(paid.Reference)
	if err != nil {
		return drivers.Result{}, err
	}
	if charge.Tip <= 0 {
		return drivers.Result{}, fmt.Errorf("%w: no tip", drivers.ErrUnsupported)
	}
	return t.transact(ctx, job{
		command: cmdTip, amount: charge.Tip,
		after: Fields{{tagReceipt, number}, {tagPaymentType, []byte{anyPayment}}},
	}, charge)
}

// allow refuses what no command can ask for.
func allow(charge drivers.Charge) error {
	switch {
	case charge.Amount <= 0 || charge.Amount > maxAmount:
		return fmt.Errorf("%w: amount %d", drivers.ErrUnsupported, charge.Amount)
	case charge.Tip < 0 || charge.Tip >= charge.Amount:
		return fmt.Errorf("%w: tip %d in %d", drivers.ErrUnsupported, charge.Tip, charge.Amount)
	case charge.Instalments > 1 || charge.Code != "":
		return fmt.Errorf("%w: instalments and wallets", drivers.ErrUnsupported)
	}
	return nil
}

// transact does a job that moves or holds money.
func (t *Terminal) transact(ctx context.Context, j job, charge drivers.Charge) (drivers.Result, error) {
	if err := allow(charge); err != nil {
		return drivers.Result{}, err
	}
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.Result{}, err
	}
	defer release()
	command, err := t.order(j)
	if err != nil {
		return drivers.Result{}, err
	}
	if s.abortWanted() || charge.Cancelled != nil && charge.Cancelled() {
		return drivers.Result{Reason: reasonAborted, Terminal: t.terminalID()}, nil
	}
	x := exchange{session: s, progress: charge.Progress, keep: func(fields Fields) error {
		if t.isPrevious(fields) {
			return fmt.Errorf("%w: the previous transaction's result again", drivers.ErrProtocol)
		}
		if charge.Keep == nil {
			return nil
		}
		return charge.Keep(t.toResult(s, fields, charge.Amount))
	}}
	_, err = x.run(command)
	return t.outcome(&x, charge.Amount, err)
}

// outcome says what the end of an exchange means. Only three things are
// certain: nothing was sent; the terminal refused and had approved nothing;
// the terminal completed. Even a result that was received and kept is not
// certain without the completion, for its acknowledgement may have been lost,
// upon which the terminal takes the payment back (PA00P015 2.2.8).
func (t *Terminal) outcome(x *exchange, asked money.Won, err error) (drivers.Result, error) {
	no, isRefusal := errors.AsType[*refusal](err)
	approved := isApproved(x.status)
	switch {
	case err == nil && x.status != nil:
		return t.completed(x, asked)
	case err == nil:
		return drivers.Result{}, unknown(fmt.Errorf("%w: completed without a result", drivers.ErrProtocol))
	case isRefusal && !approved:
		return t.refused(x, no, asked)
	case !x.sent:
		return drivers.Result{}, err
	default:
		return drivers.Result{}, unknown(err)
	}
}

func (t *Terminal) completed(x *exchange, asked money.Won) (drivers.Result, error) {
	if !t.ourCurrency(x.status) {
		return drivers.Result{}, unknown(fmt.Errorf("%w: another currency", drivers.ErrProtocol))
	}
	t.remember(x.status)
	result := t.toResult(x.session, x.status, asked)
	result.Lines = x.lines
	return result, nil
}

// refused turns a clear no into a declined result. A terminal that had no time
// for the command at all is ErrBusy.
func (t *Terminal) refused(x *exchange, no *refusal, asked money.Won) (drivers.Result, error) {
	if fault := no.fault(); !no.late && errors.Is(fault, drivers.ErrBusy) {
		return drivers.Result{}, fault
	}
	result := drivers.Result{Terminal: t.terminalID()}
	if x.status != nil {
		result = t.toResult(x.session, x.status, asked)
	}
	result.Approved = false
	if result.Reason == "" {
		result.Reason = reasonOf(no.code)
	}
	if result.Text == "" {
		result.Text = maskDigits(no.text)
	}
	result.Lines = x.lines
	return result, nil
}

func unknown(cause error) error {
	return fmt.Errorf("%w: %w", drivers.ErrOutcomeUnknown, cause)
}
