package till

import (
	"errors"

	"shopbox/drivers"
	"shopbox/edge/sale"
)

// scanWallet pays what is due with the code of a customer's phone, in place of
// a card payment that still waits for its card. It is called with the lock held.
func (t *Till) scanWallet(by sale.Person, code string) error {
	if t.running != nil {
		return t.switchToWallet(t.running, code)
	}
	if t.ask != nil {
		return ErrAsk
	}
	if by.ID == "" {
		by = t.lastPerson()
	}
	return t.beginWallet(by, code, PayRequest{Cart: t.cart.ID, Version: t.cart.Version})
}

// lastPerson is who a scanner works for, since it knows nobody: whoever changed
// the cart last, or opened the day.
func (t *Till) lastPerson() sale.Person {
	if t.cart.By.ID == "" && t.day != nil {
		return t.day.OpenedBy
	}
	return t.cart.By
}

// beginWallet sends the payment to the terminal. The code goes along in memory
// alone.
func (t *Till) beginWallet(by sale.Person, code string, request PayRequest) (err error) {
	request.Tender = sale.Card
	err = t.payable(request)
	switch {
	case errors.Is(err, sale.ErrEmpty), err == nil && t.cart.Totals().Due == 0:
		return ErrWalletEmpty
	case err != nil:
		return err
	}
	used, err := t.terminal("")
	if err != nil {
		return err
	}
	if !used.Abilities().Wallet {
		return ErrWalletUnsupported
	}
	if request.Key, err = newID(); err != nil {
		return err
	}
	run := t.chargeOf(by, request)
	run.code, run.attempt.Wallet = code, true
	return t.begin(run, "")
}

// switchToWallet gives a payment that waits for a card up; when it has ended
// without effect the wallet is charged in its place.
func (t *Till) switchToWallet(run *running, code string) error {
	if run.attempt.Wallet {
		return ErrPaymentInProgress
	}
	waits := run.progress == "" || run.progress == drivers.ProgressInsertCard || run.progress == drivers.ProgressWait
	if run.attempt.Purpose != Charge || run.asking || !waits ||
		!run.terminal.Abilities().Wallet || !run.terminal.CanAbort() {
		return ErrWalletCode
	}
	run.next = code
	run.cancelled.Store(true)
	t.group.Go(func() {
		if err := run.terminal.Abort(t.life); err != nil {
			t.log.WarnContext(t.life, "payment not given up", "error", err)
		}
	})
	return nil
}

// thenWallet charges the wallet that was scanned while a payment waited, if
// that payment moved nothing and nobody touched its cart.
func (t *Till) thenWallet(run *running) {
	nothing := run.err == nil && (run.answer.Outcome == Refused || run.answer.Outcome == Nothing)
	if run.next == "" || !nothing || t.cart.ID != run.attempt.Cart || t.life.Err() != nil {
		return
	}
	err := t.beginWallet(run.attempt.By, run.next, PayRequest{
		Cart: t.cart.ID, Version: t.cart.Version, Amount: run.attempt.Amount, NoReceipt: run.attempt.NoReceipt,
	})
	if err != nil {
		t.say(LevelStop, Code(err), "")
	}
}
