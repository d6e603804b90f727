package api

import "time"

// Money on the wire is whole won, quantities are thousandths, times RFC 3339.

// Named is an id with the name a person knows it by.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// About is what anyone may know of this hub.
type About struct {
	Version    string `json:"version"`
	SignupOpen bool   `json:"signup_open" doc:"Whether anyone may found a tenant."`
}

// Session is who is signed in.
type Session struct {
	Role   string `json:"role" enum:"owner,operator"`
	Name   string `json:"name"`
	Login  string `json:"login"`
	Tenant *Named `json:"tenant,omitempty" doc:"The owner's tenant; operators have none."`
	CSRF   string `json:"csrf" doc:"Send it back in X-CSRF-Token with every change."`
}

// Shop is one place of a tenant.
type Shop struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	BusinessNumber string `json:"business_number"`
	Boxes          int    `json:"boxes" doc:"How many boxes the shop has."`
}

// Shops are all shops of the tenant.
type Shops struct {
	Shops []Shop `json:"shops" nullable:"false"`
}

// ClaimCode lets one box into a shop.
type ClaimCode struct {
	Code      string    `json:"code"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Box is a box as its owner and the carrier see it.
type Box struct {
	ID      string     `json:"id"`
	Shop    Named      `json:"shop"`
	Tenant  *Named     `json:"tenant,omitempty" doc:"Only for operators."`
	State   string     `json:"state" enum:"new,online,silent" doc:"new: never connected. silent: was connected, is not now."`
	Seen    *time.Time `json:"seen,omitempty"`
	Version string     `json:"version"`
	Unsent  int64      `json:"unsent" doc:"Records the box still has to send, as far as the hub knows."`
	Through int64      `json:"through" doc:"The last record the hub holds."`
	Rejects int64      `json:"rejects" doc:"Records that were put aside because they could not be read."`
	Faults  []Fault    `json:"faults" nullable:"false"`
}

// Boxes are the boxes of a tenant.
type Boxes struct {
	Boxes []Box `json:"boxes" nullable:"false"`
}

// Fault is a device, or the box itself ("box"), that is not well.
type Fault struct {
	Device string    `json:"device"`
	Kind   string    `json:"kind"`
	Name   string    `json:"name,omitempty"`
	State  string    `json:"state" enum:"warn,stop"`
	Code   string    `json:"code"`
	Since  time.Time `json:"since"`
}

// Fleet is one page of the carrier's boxes.
type Fleet struct {
	Counts FleetCounts `json:"counts"`
	Boxes  []Box       `json:"boxes" nullable:"false"`
	Next   string      `json:"next,omitempty" doc:"Cursor of the next page, absent on the last."`
}

// FleetCounts is how many boxes each filter holds, before any search.
type FleetCounts struct {
	All    int `json:"all"`
	Online int `json:"online"`
	Silent int `json:"silent"`
	New    int `json:"new"`
	Unsent int `json:"unsent"`
	Fault  int `json:"fault"`
}

// Dashboard is one business day of one shop, or of all shops together.
type Dashboard struct {
	Day     string         `json:"day" format:"date"`
	Today   bool           `json:"today" doc:"Whether the day is still running by the hub's clock in Seoul."`
	At      time.Time      `json:"at"`
	Total   int64          `json:"total" doc:"Sales less refunds."`
	Sales   int64          `json:"sales"`
	Refunds int64          `json:"refunds"`
	Refund  int64          `json:"refund" doc:"What went back, as a positive amount."`
	Before  Before         `json:"before"`
	Hours   []Hour         `json:"hours" nullable:"false"`
	Tenders []TenderTotal  `json:"tenders" nullable:"false"`
	Goods   []ProductTotal `json:"products" nullable:"false"`
	Margin  *Margin        `json:"margin,omitempty" doc:"Absent when no cost is known."`
	Shops   []ShopTotal    `json:"shops" nullable:"false" doc:"The totals shop by shop."`
	Wrong   []Notice       `json:"wrong" nullable:"false" doc:"What is wrong now, worst first."`
	Todo    []Notice       `json:"todo" nullable:"false" doc:"What the owner has to do."`
}

// Before is the same weekday one week earlier.
type Before struct {
	Day string `json:"day" format:"date"`
	// Total runs up to the same time of day when the day is today.
	Total int64 `json:"total"`
	Known bool  `json:"known" doc:"Whether there were sales to compare with."`
}

// Hour is one hour of the day by the clock of Seoul.
type Hour struct {
	Hour   int   `json:"hour" doc:"Hours after midnight count on: 25 is one in the morning after."`
	Total  int64 `json:"total"`
	Before int64 `json:"before" doc:"The same hour one week earlier."`
}

// TenderTotal is what came in by one way of paying, refunds taken off.
type TenderTotal struct {
	Kind  string `json:"kind"`
	Total int64  `json:"total"`
	Count int64  `json:"count"`
}

// ProductTotal is what one product brought.
type ProductTotal struct {
	Product  string `json:"product"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Total    int64  `json:"total"`
	Margin   *int64 `json:"margin,omitempty" doc:"Absent when the cost is not known for all of it."`
}

// ShopTotal is one shop's part of a day.
type ShopTotal struct {
	Shop  Named `json:"shop"`
	Total int64 `json:"total"`
	Sales int64 `json:"sales"`
	Open  bool  `json:"open" doc:"Whether the shop has a business day open now."`
}

// Margin is what is left after the cost of the goods, where that is known.
type Margin struct {
	Amount int64 `json:"amount"`
	// Of is the part of the turnover, without VAT, whose cost is known.
	Of int64 `json:"of"`
}

// Notice is something wrong or something to do: a code the screen has words
// for, and what it is about.
type Notice struct {
	Code   string     `json:"code"`
	State  string     `json:"state" enum:"ok,warn,stop"`
	Shop   *Named     `json:"shop,omitempty"`
	Box    string     `json:"box,omitempty"`
	Device string     `json:"device,omitempty" doc:"The kind of device."`
	Name   string     `json:"name,omitempty"`
	Count  int64      `json:"count,omitempty"`
	Amount int64      `json:"amount,omitempty"`
	Day    string     `json:"day,omitempty" format:"date"`
	Since  *time.Time `json:"since,omitempty"`
}

// SaleRow is one line of the list of sales.
type SaleRow struct {
	Shop     Named     `json:"shop"`
	Number   string    `json:"number"`
	At       time.Time `json:"at"`
	Refund   bool      `json:"refund"`
	Total    int64     `json:"total" doc:"Negative for a refund."`
	Title    string    `json:"title" doc:"The first line's name."`
	Lines    int       `json:"lines"`
	Tenders  []string  `json:"tenders" nullable:"false"`
	Original string    `json:"original,omitempty"`
}

// Sales is one page of the list of sales, newest first.
type Sales struct {
	Sales []SaleRow `json:"sales" nullable:"false"`
	Next  string    `json:"next,omitempty" doc:"Cursor of the next page, absent on the last."`
}

// Receipt is one sale or refund in full. Amounts of a refund are positive.
type Receipt struct {
	Shop       Named           `json:"shop"`
	Seller     Seller          `json:"seller"`
	Number     string          `json:"number"`
	Barcode    string          `json:"barcode" doc:"What the barcode on the paper holds."`
	At         time.Time       `json:"at"`
	ClockDoubt bool            `json:"clock_doubt"`
	Refund     bool            `json:"refund"`
	Original   string          `json:"original,omitempty"`
	Reason     string          `json:"reason,omitempty"`
	RefundedBy []string        `json:"refunded_by" nullable:"false" doc:"Numbers of refunds of this sale."`
	By         string          `json:"by"`
	Lines      []ReceiptLine   `json:"lines" nullable:"false"`
	Total      int64           `json:"total"`
	Supply     int64           `json:"supply"`
	VAT        int64           `json:"vat"`
	Exempt     int64           `json:"exempt"`
	Tenders    []ReceiptTender `json:"tenders" nullable:"false"`
	Note       string          `json:"note,omitempty"`
}

// Seller is the head of a receipt.
type Seller struct {
	Name           string `json:"name"`
	BusinessNumber string `json:"business_number,omitempty"`
	Representative string `json:"representative,omitempty"`
	Address        string `json:"address,omitempty"`
	Phone          string `json:"phone,omitempty"`
}

// ReceiptLine is one line of a receipt.
type ReceiptLine struct {
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Unit     int64  `json:"unit"`
	Discount int64  `json:"discount"`
	Amount   int64  `json:"amount"`
	VAT      string `json:"vat"`
	Note     string `json:"note,omitempty"`
}

// ReceiptTender is one part of a payment.
type ReceiptTender struct {
	Kind     string `json:"kind"`
	Amount   int64  `json:"amount"`
	Received int64  `json:"received,omitempty"`
	Change   int64  `json:"change,omitempty"`
	Card     string `json:"card,omitempty" doc:"The masked number."`
	Scheme   string `json:"scheme,omitempty"`
	Approval string `json:"approval,omitempty"`
}

// Nudge says that something of the tenant changed; read what you show again
// when the version is not the one you have.
type Nudge struct {
	Version int64 `json:"version"`
}
