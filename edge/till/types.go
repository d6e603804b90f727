package till

import (
	"time"

	"shopbox/drivers"
	"shopbox/edge/sale"
	"shopbox/edge/vertical"
	"shopbox/protocol/money"
)

// Snapshot is the whole state of the till at one moment. Version grows with
// every change within one run of the box.
type Snapshot struct {
	Version  int64
	Day      *Day
	Cart     Cart
	Parked   []Cart
	Payment  *Payment
	Finished *Finished
	Notice   *Notice
	Ask      *Ask
}

// Cart is a cart on the till, open or parked.
type Cart struct {
	sale.Cart
	// Version grows with every change of this cart.
	Version int64
	// At and By are of the last change.
	At time.Time
	By sale.Person
	// Blocked says that a payment for it has no known outcome.
	Blocked bool
}

// Payment is a payment on its way, or the last one until the next touch.
type Payment struct {
	Attempt string
	Cart    string
	Purpose Purpose
	Amount  money.Won
	// Instalments is the number of months, 0 for at once.
	Instalments int
	// Wallet says that a customer's phone was scanned to pay.
	Wallet   bool
	State    PaymentState
	Progress drivers.Progress
	// Reason is the code of a refusal or of what keeps the outcome unknown,
	// Text the terminal's own words.
	Reason    string
	Text      string
	CanCancel bool
	Since     time.Time
}

// PaymentState is where a payment stands for the people at the counter.
type PaymentState string

// The states of a payment at the counter.
const (
	// PaymentWaiting is at the terminal.
	PaymentWaiting PaymentState = "waiting"
	// PaymentAsking asks the terminal what happened.
	PaymentAsking PaymentState = "asking"
	// PaymentUnknown needs a person.
	PaymentUnknown    PaymentState = "unknown"
	PaymentApproved   PaymentState = "approved"
	PaymentDeclined   PaymentState = "declined"
	PaymentNotCharged PaymentState = "not_charged"
)

// Over reports whether the payment has ended.
func (s PaymentState) Over() bool {
	return s == PaymentApproved || s == PaymentDeclined || s == PaymentNotCharged
}

// Finished is the sale or refund that was finished last.
type Finished struct {
	Number   string
	Kind     sale.Kind
	Total    money.Won
	Received money.Won
	Change   money.Won
	Tenders  []sale.Tender
	// Cash is how the cash of the sale, or of the sale refunded, stands.
	Cash CashState
	// Job is the print job of the receipt, 0 when there is none.
	Job int64
}

// Notice is the last thing a scan or a payment had to say.
type Notice struct {
	// Number grows, so that the same notice can come twice.
	Number int64
	Code   string
	Level  Level
	// Subject is what it is about: the barcode, the product's name.
	Subject string
	// Source is the id of the scanner it comes from, empty for none.
	Source string
}

// Level is how grave a notice is.
type Level string

// The levels.
const (
	LevelOK   Level = "ok"
	LevelWarn Level = "warn"
	LevelStop Level = "stop"
)

// Ask is what a scanned product wants to know before it goes into the cart;
// AddProduct with the answers goes on.
type Ask struct {
	Product string
	Name    string
	Code    string
	Prompts []vertical.Prompt
}
