package zvt

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// maxAmount is what twelve decimals hold.
const maxAmount money.Won = 999_999_999_999

// anyPayment lets the terminal choose how the card pays (bitmap 19).
const anyPayment = 0x40

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

// Pay charges the amount (06 01). ZVT knows no instalments: asked for, it is
// ErrUnsupported.
func (t *Terminal) Pay(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	return t.transact(ctx, cmdAuthorisation, nil, charge)
}

// Refund gives money back to a card (06 31).
func (t *Terminal) Refund(ctx context.Context, charge drivers.Charge) (drivers.Result, error) {
	return t.transact(ctx, cmdRefund, t.password, charge)
}

// Reverse undoes a payment of the terminal's open day by its receipt number
// (06 30).
func (t *Terminal) Reverse(ctx context.Context, original drivers.Result, charge drivers.Charge) (drivers.Result, error) {
	number, err := hex.DecodeString(original.Reference)
	if err == nil {
		_, err = BCD(number)
	}
	if err != nil || len(number) != 2 {
		return drivers.Result{}, fmt.Errorf("%w: no receipt number to reverse", drivers.ErrUnsupported)
	}
	start, err := AppendField(append([]byte{}, t.password...), tagReceipt, number)
	if err != nil {
		return drivers.Result{}, err
	}
	return t.transact(ctx, cmdReversal, start, charge)
}

// transact runs a command that moves money. start is what stands before the
// amount.
func (t *Terminal) transact(ctx context.Context, command Command, start []byte, charge drivers.Charge) (drivers.Result, error) {
	if charge.Amount <= 0 || charge.Amount > maxAmount {
		return drivers.Result{}, fmt.Errorf("%w: amount %d", drivers.ErrUnsupported, charge.Amount)
	}
	if charge.Instalments > 1 || charge.Code != "" {
		return drivers.Result{}, fmt.Errorf("%w: instalments and wallets", drivers.ErrUnsupported)
	}
	s, release, err := t.begin(ctx)
	if err != nil {
		return drivers.Result{}, err
	}
	defer release()
	data, err := t.request(command, start, charge.Amount)
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
	_, err = x.run(APDU{command, data})
	return t.outcome(&x, charge.Amount, err)
}

// request is the data of a command that moves money: the fixed start, amount,
// currency, way of payment, and the mirrored tag 1F1F if the terminal uses it.
func (t *Terminal) request(command Command, start []byte, amount money.Won) ([]byte, error) {
	fields := Fields{
		{tagAmount, AppendBCD(nil, uint64(amount), 6)},
		{tagCurrency, t.ownCurrency()},
	}
	if command != cmdReversal {
		fields = append(fields, Field{tagPaymentType, []byte{anyPayment}})
	}
	t.mu.Lock()
	unique := t.unique
	t.mu.Unlock()
	if unique != nil {
		fields = append(fields, Field{tagTLV, appendTLV(nil, tlvUnique, unique)})
	}
	data, err := fields.Encode()
	return append(append([]byte{}, start...), data...), err
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
