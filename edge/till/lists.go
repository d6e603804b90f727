package till

import (
	"time"

	"shopbox/edge/sale"
	"shopbox/protocol/money"
)

// SaleQuery asks for finished sales and refunds, the latest first.
type SaleQuery struct {
	// Day limits the list to a date, when set.
	Day string
	// Text is a part of a receipt number, the name of a product in it, or an
	// approval number.
	Text   string
	Limit  int
	Offset int
}

// SaleRow is a sale or refund in a list.
type SaleRow struct {
	Number  string
	Kind    sale.Kind
	At      time.Time
	By      sale.Person
	Total   money.Won
	Tenders []sale.TenderKind
	// Title is the first line's name, Lines how many there are.
	Title string
	Lines int
	// Sent says that the hub has it.
	Sent bool
}
