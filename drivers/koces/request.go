package koces

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/korean"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// The telegrams of the box. The letter before a code is the class of the
// command; results and confirmations come without it.
const (
	telegramCredit  = "G120"
	telegramReceipt = "G130"
	telegramWallet  = "T180"
	telegramSize    = 4
)

// maxAmount is what nine digits hold.
const maxAmount money.Won = 999_999_999

// longest is the most months of the two digits that the trade knows.
const longest = 36

// amounts are the four of a request: the amount without its tax, the tax, the
// service charge and the tax-free part. The public code adds all four up when
// it cancels, so none is inside another.
type amounts struct{ net, tax, service, free money.Won }

func amountsOf(charge drivers.Charge) amounts {
	return amounts{net: charge.Amount - charge.VAT - charge.TaxFree, tax: charge.VAT, free: charge.TaxFree}
}

// whole is how a cancel names the amount: all in one.
func whole(amount money.Won) amounts { return amounts{net: amount} }

// written reports whether a telegram can say the amounts.
func (a amounts) written() bool {
	sum := a.net + a.tax + a.service + a.free
	return sum > 0 && sum <= maxAmount && a.net >= 0 && a.tax >= 0 && a.free >= 0
}

func (a amounts) digits(size int) string {
	return fmt.Sprintf("%0*d%0*d%0*d%0*d", size, a.net, size, a.tax, size, a.service, size, a.free)
}

// reference names a payment or a cash receipt for its cancel. It is kept as
// text: telegram/date/approval/unique/sub approval.
type reference struct{ telegram, date, approval, unique, sub string }

func (r reference) String() string {
	return strings.Join([]string{r.telegram, r.date, r.approval, r.unique, r.sub}, "/")
}

// parseReference reads a reference of one of the telegrams.
func parseReference(text string, telegrams ...string) (reference, error) {
	parts := strings.Split(text, "/")
	for _, telegram := range telegrams {
		if len(parts) == 5 && parts[0] == telegram && len(parts[1]) == 8 && parts[2] != "" {
			return reference{parts[0], parts[1], parts[2], parts[3], parts[4]}, nil
		}
	}
	return reference{}, fmt.Errorf("%w: no approval to cancel", drivers.ErrUnsupported)
}

// credit is G120: a sale, or a cancel when it names an original.
func credit(tid string, a amounts, original reference, months int) []byte {
	return fmt.Appendf(nil, "G%s%-10s%s%-8s%-12s%-20s%02d%62s", telegramCredit, tid, a.digits(9),
		original.date, original.approval, original.unique, months, "")
}

// The kinds and reasons of cash receipts as G130 writes them.
func purposeOf(purpose drivers.CashReceiptPurpose) string {
	switch purpose {
	case drivers.ExpenseProof:
		return "2"
	case drivers.SelfIssue:
		return "3"
	default:
		return "1"
	}
}

func reasonCode(reason drivers.CancelReason) string {
	switch reason {
	case drivers.CancelledSale:
		return "1"
	case drivers.IssuedWrongly:
		return "2"
	default:
		return "3"
	}
}

// receiptRequest is G130: a cash receipt, or its cancel when it names an
// original. Without a holder the terminal asks for one.
func receiptRequest(tid string, a amounts, original reference, receipt drivers.CashReceipt, selfIssue string) []byte {
	holder, reason := receipt.Number(), " "
	if receipt.Purpose == drivers.SelfIssue {
		holder = selfIssue
	}
	if original.approval != "" {
		reason = reasonCode(receipt.Cancel)
	}
	return fmt.Appendf(nil, "G%s%-10s%s%-8s%-12s%-20s  %-20s%s%s%40s", telegramReceipt, tid, a.digits(9),
		original.date, original.approval, original.unique, holder, purposeOf(receipt.Purpose), reason, "")
}

// The two kinds of a wallet's request.
const (
	walletSale   = "A10"
	walletCancel = "A20"
)

// wallet is T180: fields S01 to S15. The kind of wallet (S08) is left to the
// terminal, for the public code does not show its values.
func wallet(tid string, a amounts, original reference, charge drivers.Charge) []byte {
	fields := [15]string{
		walletSale, fmt.Sprintf("%-10s", tid), charge.Code,
		fmt.Sprintf("%012d", a.net), fmt.Sprintf("%012d", a.tax), fmt.Sprintf("%012d", a.service), fmt.Sprintf("%012d", a.free),
	}
	if original.approval == "" {
		fields[11] = fmt.Sprintf("%02d", charge.Instalments)
	} else {
		fields[0], fields[2] = walletCancel, ""
		fields[8] = original.date[2:]
		fields[9], fields[10] = fmt.Sprintf("%-40s", original.approval), fmt.Sprintf("%-40s", original.sub)
		if original.unique != "" {
			fields[14] = fmt.Sprintf("%-20s", original.unique)
		}
	}
	var list strings.Builder
	for i, value := range fields {
		fmt.Fprintf(&list, "S%02d=%s;", i+1, value)
	}
	return fmt.Appendf(nil, "T%s%04d%s", telegramWallet, list.Len(), list.String())
}

// checkCode refuses a wallet's code that would break the list.
func checkCode(code string) error {
	for _, c := range []byte(code) {
		if c < ' ' || c > '~' || c == ';' {
			return fmt.Errorf("%w: this code cannot be passed on", drivers.ErrUnsupported)
		}
	}
	return nil
}

// confirmation tells that the result arrived: G125, G135 or T185.
func confirmation(telegram string) []byte {
	words, err := korean.EUCKR.NewEncoder().String("정상수신")
	if err != nil {
		words = ""
	}
	return fmt.Appendf(nil, "%s50000%s%*s", telegram[:3], words, 40-len(words), "")
}

// stop asks the terminal to give up the transaction that waits.
func stop() []byte { return fmt.Appendf(nil, "E%10s", "") }

// pending asks for the transaction that was not delivered. Only the code M110
// is public; that it is framed as the other requests are is an assumption.
func pending(tid string) []byte { return fmt.Appendf(nil, "MM110%-10s", tid) }

// won reads digits; blanks are nothing.
func won(field string) (money.Won, bool) {
	if field = strings.TrimSpace(field); field == "" {
		return 0, true
	}
	amount, err := strconv.ParseUint(field, 10, 63)
	return money.Won(amount), err == nil && amount <= uint64(1)<<53
}

// seoul is the zone of the shop's clock, and so of the terminal's.
func seoul() *time.Location { return time.FixedZone("KST", 9*60*60) }
