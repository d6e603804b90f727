package api

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"

	"shopbox/drivers"
	"shopbox/edge/agent"
	"shopbox/edge/catalog"
	"shopbox/edge/devices"
	"shopbox/edge/label"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/stock"
	"shopbox/edge/till"
	"shopbox/edge/vertical"
)

// ErrTaken is what a room says of a barcode, a key or a place that something
// else has already; edge/app maps the store's own to it.
var ErrTaken = errors.New("taken")

// The reasons why the time is not set.
var (
	// ErrTime says that it cannot be the time.
	ErrTime = errors.New("time_invalid")
	// ErrTimeKept says that the network keeps the time right.
	ErrTimeKept = errors.New("time_kept")
)

// refusal is how an error of a room is answered. Code is empty when it is the
// error's own text.
type refusal struct {
	err    error
	status int
	code   string
}

// refusals is the one table of errors and their answers, the most exact first.
func refusals() []refusal {
	return slices.Concat(shopRefusals(), boxRefusals(), deviceRefusals())
}

// shopRefusals are those of selling, goods and people.
func shopRefusals() []refusal {
	return []refusal{
		{err: ErrTaken, status: http.StatusConflict},

		{err: till.ErrDayClosed, status: http.StatusLocked},
		{err: till.ErrDayOpen, status: http.StatusConflict},
		{err: till.ErrParked, status: http.StatusConflict},
		{err: till.ErrCartPaid, status: http.StatusConflict},
		{err: till.ErrCartChanged, status: http.StatusConflict},
		{err: till.ErrPaymentInProgress, status: http.StatusConflict},
		{err: till.ErrPaymentUnknown, status: http.StatusConflict},
		{err: till.ErrNoPayment, status: http.StatusNotFound},
		{err: till.ErrUnknownCode, status: http.StatusNotFound, code: codeUnknownCode},
		{err: till.ErrDuplicateScan, status: http.StatusConflict},
		{err: till.ErrWalletCode, status: http.StatusConflict},
		{err: till.ErrWalletUnsupported, status: http.StatusConflict},
		{err: till.ErrWalletEmpty, status: http.StatusConflict},
		{err: till.ErrKeyReused, status: http.StatusConflict},
		{err: till.ErrKey, status: http.StatusUnprocessableEntity},
		{err: till.ErrNoCart, status: http.StatusNotFound},
		{err: till.ErrNoSale, status: http.StatusNotFound},
		{err: till.ErrNoProduct, status: http.StatusNotFound},
		{err: till.ErrNoPrinter, status: http.StatusServiceUnavailable, code: "no_printer"},
		{err: till.ErrNoTerminal, status: http.StatusServiceUnavailable, code: "no_terminal"},
		{err: till.ErrRefundTender, status: http.StatusConflict},
		{err: till.ErrNoCash, status: http.StatusConflict},
		{err: till.ErrCashReceiptIssued, status: http.StatusConflict},
		{err: till.ErrNoCashReceipt, status: http.StatusNotFound},
		{err: till.ErrNoCashReceipter, status: http.StatusConflict},
		{err: till.ErrReason, status: http.StatusUnprocessableEntity},
		{err: till.ErrDiskFull, status: http.StatusInsufficientStorage},
		{err: till.ErrCash, status: http.StatusUnprocessableEntity},
		{err: till.ErrNotFound, status: http.StatusNotFound},

		{err: sale.ErrNoLine, status: http.StatusNotFound},
		{err: sale.ErrQuantity, status: http.StatusUnprocessableEntity},
		{err: sale.ErrPrice, status: http.StatusUnprocessableEntity},
		{err: sale.ErrDiscount, status: http.StatusUnprocessableEntity},
		{err: sale.ErrLocked, status: http.StatusConflict},
		{err: sale.ErrEmpty, status: http.StatusConflict},
		{err: sale.ErrTender, status: http.StatusUnprocessableEntity},
		{err: sale.ErrDue, status: http.StatusConflict},
		{err: sale.ErrNothingToUndo, status: http.StatusConflict},
		{err: sale.ErrTooMany, status: http.StatusConflict},
		{err: sale.ErrNotRefundable, status: http.StatusConflict},
		{err: sale.ErrRefundTooMuch, status: http.StatusConflict},

		{err: catalog.ErrCheckDigit, status: http.StatusUnprocessableEntity},
		{err: catalog.ErrNotACode, status: http.StatusUnprocessableEntity},
		{err: catalog.ErrLabelValue, status: http.StatusUnprocessableEntity},
		{err: catalog.ErrGS1, status: http.StatusUnprocessableEntity},
		{err: catalog.ErrReserved, status: http.StatusUnprocessableEntity},
		{err: catalog.ErrItem, status: http.StatusUnprocessableEntity},
		{err: catalog.ErrFileOld, status: http.StatusUnprocessableEntity},
		{err: catalog.ErrFile, status: http.StatusUnprocessableEntity},
		{err: catalog.ErrFileTooLarge, status: http.StatusRequestEntityTooLarge},
		{err: catalog.ErrNoHeader, status: http.StatusUnprocessableEntity},
		{err: stock.ErrMovement, status: http.StatusUnprocessableEntity},
		{err: vertical.ErrCodeRule, status: http.StatusUnprocessableEntity},

		{err: receipt.ErrLogoFile, status: http.StatusUnprocessableEntity},
		{err: receipt.ErrLogoBytes, status: http.StatusRequestEntityTooLarge},
		{err: receipt.ErrLogoPixels, status: http.StatusUnprocessableEntity},
		{err: receipt.ErrLogoBlank, status: http.StatusUnprocessableEntity},

		{err: label.ErrSize, status: http.StatusUnprocessableEntity},
		{err: label.ErrCopies, status: http.StatusUnprocessableEntity},
		{err: label.ErrContent, status: http.StatusUnprocessableEntity},
		{err: label.ErrDate, status: http.StatusUnprocessableEntity},

		{err: staff.ErrRight, status: http.StatusForbidden},
		{err: staff.ErrDiscountTooLarge, status: http.StatusForbidden},
		{err: staff.ErrLastOwner, status: http.StatusConflict},
		{err: staff.ErrName, status: http.StatusUnprocessableEntity},
		{err: staff.ErrRole, status: http.StatusUnprocessableEntity},
		{err: staff.ErrInactive, status: http.StatusForbidden},
		{err: staff.ErrPINLength, status: http.StatusUnprocessableEntity},
		{err: staff.ErrPINWeak, status: http.StatusUnprocessableEntity},
		{err: staff.ErrPINWrong, status: http.StatusUnauthorized},
	}
}

// boxRefusals are those of the box itself: its clock and its claim.
func boxRefusals() []refusal {
	return []refusal{
		{err: ErrTime, status: http.StatusUnprocessableEntity},
		{err: ErrTimeKept, status: http.StatusConflict},

		{err: agent.ErrHubAddress, status: http.StatusUnprocessableEntity},
		{err: agent.ErrClaimCode, status: http.StatusUnprocessableEntity},
		{err: agent.ErrClaimLater, status: http.StatusTooManyRequests},
		{err: agent.ErrHubOffline, status: http.StatusBadGateway},
		{err: agent.ErrHubAnswer, status: http.StatusBadGateway},
	}
}

// deviceRefusals are the faults of devices.
func deviceRefusals() []refusal {
	return []refusal{
		{err: devices.ErrUnknownDevice, status: http.StatusNotFound},
		{err: devices.ErrDuty, status: http.StatusUnprocessableEntity},
		{err: devices.ErrNoDevice, status: http.StatusServiceUnavailable},
		{err: drivers.ErrSettings, status: http.StatusUnprocessableEntity, code: "settings_invalid"},
		{err: drivers.ErrHolder, status: http.StatusUnprocessableEntity},
		{err: drivers.ErrInstalments, status: http.StatusConflict},
		{err: drivers.ErrUnsupported, status: http.StatusConflict},
		{err: drivers.ErrPrintUnknown, status: http.StatusServiceUnavailable},
		{err: drivers.ErrPaperOut, status: http.StatusServiceUnavailable},
		{err: drivers.ErrCoverOpen, status: http.StatusServiceUnavailable},
		{err: drivers.ErrCutter, status: http.StatusServiceUnavailable},
		{err: drivers.ErrRibbonOut, status: http.StatusServiceUnavailable},
		{err: drivers.ErrPaused, status: http.StatusServiceUnavailable},
		{err: drivers.ErrPrinterFault, status: http.StatusServiceUnavailable},
		{err: drivers.ErrLabel, status: http.StatusUnprocessableEntity},
		{err: drivers.ErrUnstable, status: http.StatusConflict},
		{err: drivers.ErrOverload, status: http.StatusConflict},
		{err: drivers.ErrBelowZero, status: http.StatusConflict},
		{err: drivers.ErrOffline, status: http.StatusServiceUnavailable},
		{err: drivers.ErrBusy, status: http.StatusServiceUnavailable},
		{err: drivers.ErrProtocol, status: http.StatusServiceUnavailable},
	}
}

const codeUnknownCode = "unknown_code"

// refuse turns a room's error into a problem: a known one by the table,
// anything else as internal, logged and not shown.
func (s *Server) refuse(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if problem, ready := errors.AsType[*Problem](err); ready {
		return problem
	}
	if locked, is := errors.AsType[*staff.LockedError](err); is {
		left := locked.Until.Sub(s.Now()).Seconds()
		return newProblem(http.StatusTooManyRequests, locked.Code()).with("retry_after", int64(math.Ceil(max(left, 1))))
	}
	if terminal, is := errors.AsType[*till.TerminalError](err); is {
		return newProblem(http.StatusServiceUnavailable, "terminal_"+terminal.Code)
	}
	for _, known := range refusals() {
		if errors.Is(err, known.err) {
			code := known.code
			if code == "" {
				code = known.err.Error()
			}
			return newProblem(known.status, code)
		}
	}
	if !errors.Is(err, context.Canceled) {
		s.Log.ErrorContext(ctx, "request failed", "error", err)
	}
	return newProblem(http.StatusInternalServerError, codeInternal)
}

func isNotFound(err error) bool { return errors.Is(err, till.ErrNotFound) }
