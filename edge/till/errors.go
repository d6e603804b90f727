package till

import (
	"errors"
	"fmt"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
)

// The reasons why the till refuses. Those of edge/sale, edge/catalog and
// edge/staff come through as they are.
var (
	// ErrDayClosed says that no business day is open.
	ErrDayClosed = errors.New("day_closed")
	// ErrDayOpen says that the business day is open already.
	ErrDayOpen = errors.New("day_open")
	// ErrParked says that carts are parked or goods lie in the open cart; the
	// day can be closed all the same when asked to.
	ErrParked = errors.New("carts_parked")
	// ErrCartPaid says that a cart with money in it stands in the way.
	ErrCartPaid = errors.New("cart_partly_paid")
	// ErrCartChanged says that the cart is not the one the screen showed.
	ErrCartChanged = errors.New("cart_changed")
	// ErrPaymentInProgress says that a payment is at the terminal.
	ErrPaymentInProgress = errors.New("payment_in_progress")
	// ErrPaymentUnknown says that an earlier payment has no known outcome yet.
	ErrPaymentUnknown = errors.New("payment_unknown")
	// ErrNoPayment says that there is no such payment, or none to cancel or to
	// settle.
	ErrNoPayment = errors.New("payment_not_found")
	// ErrUnknownCode says that no product has the code.
	ErrUnknownCode = errors.New("code_unknown")
	// ErrDuplicateScan says that the same scanner read the same code twice at
	// once; the second one does not count.
	ErrDuplicateScan = errors.New("duplicate_scan")
	// ErrWalletCode says that the customer's wallet was scanned while a payment
	// is at a terminal that reads it itself, or can take no other one now.
	ErrWalletCode = errors.New("wallet_code")
	// ErrWalletUnsupported says that the terminal takes no scanned wallets: the
	// customer shows the phone to it after the card key was pressed.
	ErrWalletUnsupported = errors.New("wallet_unsupported")
	// ErrWalletEmpty says that a wallet was scanned with nothing to pay.
	ErrWalletEmpty = errors.New("wallet_empty")
	// ErrAsk says that the product asks something first.
	ErrAsk = errors.New("answers_needed")
	// ErrKeyReused says that an idempotency key was used for something else.
	ErrKeyReused = errors.New("key_reused")
	// ErrKey says that an idempotency key is missing or too long.
	ErrKey = errors.New("key_invalid")
	// ErrNoCart says that no cart of that id is parked.
	ErrNoCart = errors.New("cart_not_found")
	// ErrNoSale says that there is no sale of that number.
	ErrNoSale = errors.New("sale_not_found")
	// ErrNoProduct says that there is no such product, or it is archived.
	ErrNoProduct = errors.New("product_not_found")
	// ErrNoPrinter says that the shop has no printer.
	ErrNoPrinter = errors.New("no_printer")
	// ErrNoTerminal says that the shop has no card terminal.
	ErrNoTerminal = errors.New("terminal_not_found")
	// ErrRefundTender says that nothing (more) of the sale was paid that way.
	ErrRefundTender = errors.New("refund_tender_invalid")
	// ErrNoCash says that the sale was not paid in cash, or all of it went back.
	ErrNoCash = errors.New("cash_receipt_no_cash")
	// ErrCashReceiptIssued says that the sale has a cash receipt already.
	ErrCashReceiptIssued = errors.New("cash_receipt_issued")
	// ErrNoCashReceipt says that the sale has no cash receipt to cancel.
	ErrNoCashReceipt = errors.New("cash_receipt_not_found")
	// ErrNoCashReceipter says that the terminal cannot issue cash receipts.
	ErrNoCashReceipter = errors.New("cash_receipt_unsupported")
	// ErrReason says that a reason must be given.
	ErrReason = errors.New("reason_missing")
	// ErrCash says that an amount of cash is negative or absurd.
	ErrCash = errors.New("cash_invalid")
	// ErrDiskFull says that neither the disk nor the reserve has room left, so
	// that nothing was written.
	ErrDiskFull = errors.New("disk_full")
	// ErrNotFound is what the store says of a missing row.
	ErrNotFound = errors.New("not_found")
)

// TerminalError says that the terminal could not take a payment: nothing was
// charged.
type TerminalError struct {
	// Code is the driver's code: "offline", "busy" ...
	Code string
	Err  error
}

// Error tells the code and the cause.
func (e *TerminalError) Error() string { return fmt.Sprintf("terminal_%s: %v", e.Code, e.Err) }

// Unwrap is the driver's error.
func (e *TerminalError) Unwrap() error { return e.Err }

// Code is the stable code of an error of the till or of what it calls:
// "cart_changed", "code_unknown" ...; "fault" when it is none of them, and ""
// for nil.
func Code(err error) string {
	if err == nil {
		return ""
	}
	if terminal, ok := errors.AsType[*TerminalError](err); ok {
		return "terminal_" + terminal.Code
	}
	for _, sentinel := range []error{
		ErrDayClosed, ErrDayOpen, ErrParked, ErrCartPaid, ErrCartChanged, ErrPaymentInProgress, ErrPaymentUnknown,
		ErrNoPayment, ErrUnknownCode, ErrDuplicateScan, ErrWalletCode, ErrWalletUnsupported,
		ErrWalletEmpty, ErrAsk, ErrKeyReused, ErrKey, ErrNoCart, ErrNoSale,
		ErrNoProduct, ErrNoPrinter, ErrNoTerminal, ErrRefundTender, ErrNoCash, ErrCashReceiptIssued, ErrNoCashReceipt,
		ErrNoCashReceipter, ErrReason, ErrCash, ErrDiskFull, ErrNotFound,
		sale.ErrNoLine, sale.ErrQuantity, sale.ErrPrice, sale.ErrDiscount, sale.ErrLocked, sale.ErrEmpty,
		sale.ErrTender, sale.ErrDue, sale.ErrNothingToUndo, sale.ErrTooMany, sale.ErrNotRefundable, sale.ErrRefundTooMuch,
		catalog.ErrCheckDigit, catalog.ErrNotACode, catalog.ErrLabelValue, catalog.ErrGS1, catalog.ErrReserved, catalog.ErrItem,
		staff.ErrRight, staff.ErrDiscountTooLarge, drivers.ErrHolder, drivers.ErrInstalments, drivers.ErrUnsupported,
	} {
		if errors.Is(err, sentinel) {
			return sentinel.Error()
		}
	}
	return "fault"
}
