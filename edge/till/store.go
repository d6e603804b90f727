package till

import (
	"context"
	"image"
	"time"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

// Store is where the till keeps what must survive a power cut.
type Store interface {
	Carts
	Ledger
	Paper
	Payments
	Goods
}

// Carts keeps the open cart and the parked ones.
type Carts interface {
	// Carts are the open cart (its ID is empty when there is none yet) and the
	// parked ones, oldest first.
	Carts(ctx context.Context) (open Cart, parked []Cart, err error)
	// SaveCarts writes a change of carts with all that belongs to it.
	SaveCarts(ctx context.Context, change CartChange) error
	// Answer is what was answered to an idempotency key, nil when the key is
	// new.
	Answer(ctx context.Context, key string) (*Answered, error)
}

// Ledger keeps days, sales and refunds.
type Ledger interface {
	// Day is the open business day, nil when there is none.
	Day(ctx context.Context) (*Day, error)
	OpenDay(ctx context.Context, opening Opening) (Day, error)
	CloseDay(ctx context.Context, closing DayClosing) (Day, error)
	// CloseSale writes a sale, or a refund, and all that follows from it.
	CloseSale(ctx context.Context, closing Closing) (Closed, error)
	// Sale is a finished sale or refund with the refunds of it.
	Sale(ctx context.Context, number string) (Record, error)
}

// Paper is the print queue.
type Paper interface {
	// Reprint puts a slip into the print queue again, marked as a copy.
	Reprint(ctx context.Context, reprint Reprint) (job int64, err error)
	PrintJob(ctx context.Context, id int64) (printing.Job, error)
	// PrintReport puts the slip of a day into the print queue.
	PrintReport(ctx context.Context, day string, slip drivers.Document) (job int64, err error)
}

// Payments keeps payment attempts.
type Payments interface {
	// SaveAttempt writes where an attempt stands, and what happened as a new
	// row of its history.
	SaveAttempt(ctx context.Context, change AttemptChange) error
	// OpenAttempts are those without an end, oldest first.
	OpenAttempts(ctx context.Context) ([]Attempt, error)
	Attempt(ctx context.Context, id string) (Attempt, error)
	// LastAttempts are the last so many at a terminal, the newest first.
	LastAttempts(ctx context.Context, terminal string, count int) ([]Attempt, error)
	// AttemptByKey is the attempt made for an idempotency key, or not found.
	AttemptByKey(ctx context.Context, key string) (*Attempt, error)
	// CashReceiptsDue are the cash receipts that hold although cash they are
	// over went back.
	CashReceiptsDue(ctx context.Context) ([]CashReceipt, error)
	// CashReceiptsOwed are the numbers of the sales since a business day, over at
	// least an amount, that took cash and never had a cash receipt.
	CashReceiptsOwed(ctx context.Context, since string, least money.Won) ([]string, error)
}

// Goods is the catalogue as the till needs it.
type Goods interface {
	// ProductByCode is the product of the first code that one has.
	ProductByCode(ctx context.Context, codes []string) (catalog.Product, error)
	Product(ctx context.Context, id string) (catalog.Product, error)
	// Shop is the shop's particulars and settings.
	Shop(ctx context.Context) (catalog.Shop, Settings, error)
	// Logo is the picture at the head of receipts, nil for none.
	Logo(ctx context.Context) (image.Image, error)
}

// Settings are the settings of the counter that a person chose.
type Settings struct {
	// Language is "ko" or "en".
	Language       string
	LeftHanded     bool
	QuickDiscounts []int64
	Volume         int
	ReceiptFoot    string
	Codes          []vertical.CodeRule
	// CashReceiptDuty is the day from which the shop, being of a kind obliged to,
	// issues cash receipts unasked ("2026-11-25"); empty for one that is not.
	CashReceiptDuty string `json:",omitempty"`
}

// CartChange is a change of carts and what is written with it at once.
type CartChange struct {
	// Open is the open cart from now on, when set; Saved are parked carts.
	Open  *Cart
	Saved []Cart
	// Dropped are carts that are no more.
	Dropped []string
	// Attempt is a payment attempt that this change follows from.
	Attempt *AttemptChange
	Answer  *Answered
	// Slip is a slip of the attempt to print, when set.
	Slip *printing.Job
	Acts []staff.AuditEvent
}

// AttemptChange is a step of a payment attempt.
type AttemptChange struct {
	Attempt Attempt
	// Event names what happened, for the history: "intended", "sent",
	// "asked" ...
	Event string
	// Detail is what is to be remembered of it.
	Detail string
}

// Answered is the answer given to an idempotency key. What names the request,
// so that a key used for another one is noticed.
type Answered struct {
	Key  string
	What string
	// Answer is JSON.
	Answer []byte
}

// Closing is everything that becomes true together with a sale or refund.
type Closing struct {
	CartChange
	// Sale has neither Number nor Day yet; they are given in the transaction.
	Sale sale.Sale
	// Answered is called with the finished sale for the answer to remember.
	Answered func(closed Closed) (*Answered, error)
	// Receipt makes the paper of the finished sale; no Receipt, no paper.
	// A nil document is none either.
	Receipt func(closed sale.Sale) (*drivers.Document, error)
	// Slips makes the merchant's copies that customers sign.
	Slips func(closed sale.Sale) []drivers.Document
	// Kitchen makes the orders of the finished sale for whoever prepares the
	// goods; printers is the printer of each category that has one. No Kitchen,
	// no orders.
	Kitchen func(closed sale.Sale, printers map[string]string) []Order
}

// Order is a slip for a kitchen printer.
type Order struct {
	Printer  string
	Document drivers.Document
}

// Closed is a sale that was written.
type Closed struct {
	sale.Sale
	// Job is the print job of the receipt, 0 when there is none.
	Job int64
}

// Record is a finished sale with its refunds.
type Record struct {
	sale.Sale
	Refunds []sale.Sale
	// CashReceipts are those issued for the sale, the oldest first; of a refund
	// there are none.
	CashReceipts []CashReceipt
	// Sent says that the hub has it.
	Sent bool
}

// Reprint asks for a slip to be printed again.
type Reprint struct {
	Kind   printing.Kind
	Number string
	// Printer is where the slip belongs, empty for the receipt printer.
	Printer  string
	Document drivers.Document
	Act      staff.AuditEvent
}

// Opening opens a business day.
type Opening struct {
	// Day is the date, 2026-11-23.
	Day   string
	At    time.Time
	By    sale.Person
	Float money.Won
	Acts  []staff.AuditEvent
}

// DayClosing closes the business day with what was counted.
type DayClosing struct {
	Day     int64
	At      time.Time
	By      sale.Person
	Counted money.Won
	Note    string
	// Paper makes the slip of the closed day.
	Paper func(day Day) drivers.Document
	Acts  []staff.AuditEvent
}

// SetUp is everything a new shop begins with.
type SetUp struct {
	Shop     catalog.Shop
	Settings Settings
	Owner    staff.Person
	Catalog  catalog.Change
	Acts     []staff.AuditEvent
}
