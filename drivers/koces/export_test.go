package koces

import (
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// Credit is G120 with the four amounts as they are written.
func Credit(tid string, net, tax money.Won) []byte {
	return credit(tid, amounts{net: net, tax: tax}, reference{}, 0)
}

// Sale and Cancel are the requests for a charge and its reversal.
func Sale(tid string, charge drivers.Charge) []byte {
	if charge.Code != "" {
		return wallet(tid, amountsOf(charge), reference{}, charge)
	}
	return credit(tid, amountsOf(charge), reference{}, charge.Instalments)
}

// Cancel is the request that cancels what the reference names.
func Cancel(tid, kept string, amount money.Won) ([]byte, error) {
	named, err := parseReference(kept, telegramCredit, telegramWallet)
	if named.telegram == telegramWallet {
		return wallet(tid, whole(amount), named, drivers.Charge{}), err
	}
	return credit(tid, whole(amount), named, 0), err
}

// Receipt is G130; kept names the receipt that is cancelled.
func Receipt(tid, kept string, receipt drivers.CashReceipt, amount, vat money.Won) []byte {
	named, err := parseReference(kept, telegramReceipt)
	a := amountsOf(drivers.Charge{Amount: amount, VAT: vat})
	if err == nil {
		a = whole(amount)
	}
	return receiptRequest(tid, a, named, receipt, "0100001234")
}

// Confirmation and Stop are the other telegrams of the box.
func Confirmation(telegram string) []byte { return confirmation(telegram) }

// Stop is the request to give up.
func Stop() []byte { return stop() }

// Result is what an answer becomes.
func (a Answer) Result(asked money.Won) drivers.Result { return a.result(asked, time.Time{}) }
