package drivers

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrHolder says that a cash receipt's holder cannot be taken: a wrong number,
// or one that must not be typed.
var ErrHolder = errors.New("cash_receipt_holder")

// CashReceipter is a terminal that issues cash receipts (현금영수증): it tells
// the tax office through its VAN that cash was paid. It moves no money.
//
// The order is that of a payment: Mark; issue or cancel, whose result Keep
// stores before it is acknowledged; and after ErrOutcomeUnknown
// FindCashReceipt until it is known. Never issue again before.
type CashReceipter interface {
	// IssueCashReceipt issues a receipt over the charge's amount. One that was
	// refused is a Result, not an error.
	IssueCashReceipt(ctx context.Context, receipt CashReceipt, charge Charge) (Result, error)
	// CancelCashReceipt cancels the receipt that the original result issued;
	// the receipt's Cancel says why.
	CancelCashReceipt(ctx context.Context, original Result, receipt CashReceipt, charge Charge) (Result, error)
	// FindCashReceipt is Terminal.Find for the two above. It never reports a
	// card payment as a receipt, as Find never reports a receipt as a payment.
	FindCashReceipt(ctx context.Context, query Query) (Found, error)
}

// CashReceiptPurpose is what a cash receipt is for (거래자구분).
type CashReceiptPurpose string

// The purposes.
const (
	// IncomeDeduction (소득공제) is a person's.
	IncomeDeduction CashReceiptPurpose = "income_deduction"
	// ExpenseProof (지출증빙) is a business's.
	ExpenseProof CashReceiptPurpose = "expense_proof"
	// SelfIssue (자진발급) is for a customer who gave no number; it is an income
	// deduction over the tax office's own number, CardRules.SelfIssueNumber.
	SelfIssue CashReceiptPurpose = "self_issue"
)

// CancelReason is why a cash receipt is cancelled (취소사유).
type CancelReason string

// The reasons.
const (
	CancelledSale CancelReason = "sale"  // 1, the sale was undone
	IssuedWrongly CancelReason = "error" // 2, it was issued by mistake
	CancelOther   CancelReason = "other" // 3
)

// CashReceipt is whose receipt it is and what for.
type CashReceipt struct {
	Purpose CashReceiptPurpose
	// Holder is the number the customer said, with or without dashes: a mobile
	// number, or a business number for ExpenseProof. Empty lets the terminal
	// ask (Abilities.AsksHolder); it is always empty for SelfIssue.
	Holder string
	// Cancel is why, for CancelCashReceipt; otherwise it is empty.
	Cancel CancelReason
}

// Check wants a purpose and a holder that fits it; otherwise it is ErrHolder.
// A card's number and a resident's number are refused: the first is read by
// the terminal, so that it never enters the box, the second no shop may keep
// (개인정보 보호법 24의2).
func (r CashReceipt) Check() error {
	number := r.Number()
	mobile := strings.HasPrefix(number, "01") && (len(number) == 10 || len(number) == 11)
	switch {
	case r.Purpose == SelfIssue && number == "":
	case r.Purpose == IncomeDeduction && (number == "" || mobile):
	case r.Purpose == ExpenseProof && (number == "" || mobile || businessNumber(number)):
	case r.Purpose != IncomeDeduction && r.Purpose != ExpenseProof && r.Purpose != SelfIssue:
		return fmt.Errorf("%w: purpose %q", ErrHolder, r.Purpose)
	default:
		return fmt.Errorf("%w: not a number to type for %s", ErrHolder, r.Purpose)
	}
	return nil
}

// Number is the holder without dashes and blanks.
func (r CashReceipt) Number() string {
	return strings.NewReplacer("-", "", " ", "").Replace(r.Holder)
}

// Masked is the holder as paper and screens may show it: 010-****-5678, or
// 123-45-***** for a business.
func (r CashReceipt) Masked() string {
	number := r.Number()
	switch {
	case len(number) < 10:
		return strings.Repeat("*", len(number))
	case strings.HasPrefix(number, "01"):
		return number[:3] + "-" + strings.Repeat("*", len(number)-7) + "-" + number[len(number)-4:]
	default:
		return number[:3] + "-" + number[3:5] + "-" + strings.Repeat("*", len(number)-5)
	}
}

// businessNumber checks the ten digits of a business number with its check
// digit: weights 1 3 7 1 3 7 1 3 5, the ninth product with its tens added.
func businessNumber(number string) bool {
	if len(number) != 10 {
		return false
	}
	sum := 0
	for i, weight := range [...]int{1, 3, 7, 1, 3, 7, 1, 3, 5, 1} {
		digit := int(number[i]) - '0'
		if digit < 0 || digit > 9 {
			return false
		}
		sum += digit * weight
		if i == 8 {
			sum += digit * weight / 10
		}
	}
	return sum%10 == 0
}
