// Package receipt turns a sale, a refund or a closed day into a slip of paper,
// independent of printer and width. edge/till and edge/devices call it; the
// driver lays the slip out.
//
// What always holds: nothing here does I/O or reads a clock; the same input
// gives the same slip, so a copy differs from the first print by its mark
// alone; a card number is printed as it came, masked.
package receipt

import (
	"image"
	"time"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// Language is the language of a slip.
type Language string

// The languages of slips.
const (
	Korean  Language = "ko"
	English Language = "en"
)

// Shop is what stands at the head of every slip.
type Shop struct {
	Name string
	// BusinessNumber is ten digits; it is printed as NNN-NN-NNNNN.
	BusinessNumber string
	Representative string
	Address        string
	Phone          string
}

// Options are how a slip is to be printed.
type Options struct {
	Shop     Shop
	Language Language
	// Copy marks the slip as printed again.
	Copy bool
	// Foot is the shop's own text at the end; it may have several lines.
	Foot string
	// Logo stands at the head of what the customer is given; nil for none. It is
	// what ReadLogo made.
	Logo image.Image
	// OpenDrawer sends the drawer's pulse before the first line.
	OpenDrawer bool
	// CashReceipt is the sale's cash receipt, when the slip is to tell it too.
	CashReceipt *CashReceipt
}

// CashReceipt is a cash receipt (현금영수증), or its cancellation.
type CashReceipt struct {
	// Number is the sale's.
	Number    string
	Cancelled bool
	// Purpose is "income_deduction", "expense_proof" or "self_issue".
	Purpose string
	// Holder is masked, or the tax office's own number of a self-issue.
	Holder string
	// Amount holds VAT and TaxFree, the part without tax.
	Amount, VAT, TaxFree money.Won
	// Approval is the tax office's number, empty when a person settled it.
	Approval string
	Terminal string
	At       time.Time
	By       sale.Person
}

// Day is a business day added up, for its slip.
type Day struct {
	// Day is the date, 2026-11-23.
	Day      string
	OpenedAt time.Time
	// ClosedAt is zero while the day is open; the slip then says so.
	ClosedAt time.Time
	// By is who closed it, or asked for the interim figures.
	By             sale.Person
	Sales, Refunds int
	// Sold and GivenBack are the sums of sales and of refunds; Total is the
	// difference, and Split divides it.
	Sold, GivenBack, Total money.Won
	sale.Split
	// Tenders is sales less refunds for each way of paying, in the order to
	// print.
	Tenders []TenderSum
	// Float is the cash at the start, Expected what should be in the drawer,
	// Counted what was, Difference is Counted less Expected.
	Float, Expected, Counted, Difference money.Won
	Note                                 string
	FirstNumber, LastNumber              string
}

// TenderSum is the sum of one way of paying.
type TenderSum struct {
	Kind  sale.TenderKind
	Count int
	Sum   money.Won
}
