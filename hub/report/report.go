// Package report answers what owners and operators ask: today's figures, the
// list of sales, one sale whole, the shops and boxes and what is wrong with
// them. It reads the models that hub/ingest projects from the batches, and has
// those of a shop settled before it reads them. hub/api calls it.
//
// What always holds: every question of an owner names the tenant and is
// answered from that tenant alone; a shop, sale or box of another is
// ErrNotFound.
package report

import (
	"context"
	"errors"
	"time"

	"shopbox/protocol"
	"shopbox/protocol/money"
)

// ErrNotFound says that there is no such thing, or not for this tenant.
var ErrNotFound = errors.New("not_found")

// ErrCursor says that a page cursor or a day cannot be read.
var ErrCursor = errors.New("invalid_request")

// Scope is what a question is about: one shop, or with Shop empty all shops
// of the tenant.
type Scope struct {
	Tenant string
	Shop   string
}

// Day is a business day's figures of one shop or of all.
type Day struct {
	// Day is the date, 2026-11-23; Today says whether it is still running.
	Day   string
	Today bool
	At    time.Time
	Totals
	Before  Before
	Hours   []Hour
	Tenders []TenderTotal
	// Products are the best sellers by amount, at most 200.
	Products []ProductTotal
	// Margin is nil when no cost is known.
	Margin *Margin
	// Shops are the totals shop by shop.
	Shops []ShopDay
}

// Totals are sums over sales and refunds.
type Totals struct {
	// Total is sales less refunds.
	Total   money.Won
	Sales   int64
	Refunds int64
	// Refunded is what went back, as a positive amount.
	Refunded money.Won
}

// Average is the average sale before refunds, 0 without sales.
func (t Totals) Average() money.Won {
	if t.Sales == 0 {
		return 0
	}
	return (t.Total + t.Refunded) / money.Won(t.Sales)
}

// Before is the same weekday a week earlier.
type Before struct {
	Day string
	// Total runs up to the same time of day when the day is today.
	Total money.Won
	// Known says whether there were sales to compare with.
	Known bool
}

// Hour is one clock hour of a business day. Hours after midnight count on: 25
// is one in the morning after.
type Hour struct {
	Hour   int
	Total  money.Won
	Sales  int64
	Before money.Won
}

// TenderTotal is what came in by one way of paying, refunds taken off; Count
// is how many tenders that were.
type TenderTotal struct {
	Kind  string
	Total money.Won
	Count int64
}

// ProductTotal is what one product brought, refunds taken off.
type ProductTotal struct {
	// Product is empty for goods that were not in the catalogue.
	Product  string
	Name     string
	Quantity money.Milli
	Total    money.Won
	// Margin is nil when the cost is not known for all of it.
	Margin *money.Won
}

// Margin is turnover without VAT less the cost of the goods, for the part Of
// the turnover whose cost is known.
type Margin struct {
	Amount money.Won
	Of     money.Won
}

// ShopDay is the totals and the state of one shop's day.
type ShopDay struct {
	Shop string
	Name string
	Totals
	State DayState
}

// DayState is how far a shop's business day is.
type DayState struct {
	// Day is the last business day the shop opened, empty when it never did. It
	// may have been open before on the same date; this is the last time.
	Day      string
	OpenedAt *time.Time
	// ClosedAt is nil while it is open.
	ClosedAt *time.Time
	// Difference is counted cash less expected, when closed.
	Difference money.Won
}

// Difference is a closing whose counted cash was not what was expected. A day
// that is closed, opened again and closed may have several.
type Difference struct {
	Shop     string
	Day      string
	ClosedAt time.Time
	// Amount is counted cash less expected.
	Amount money.Won
}

// SaleRow is one line of the list of sales.
type SaleRow struct {
	Shop     string
	ShopName string
	Number   string
	Day      string
	At       time.Time
	Refund   bool
	// Total is negative for a refund.
	Total money.Won
	// Title is the first line's name, Lines how many there are.
	Title    string
	Lines    int
	Tenders  []string
	Original string
}

// SalesQuery asks for a page of sales, newest first.
type SalesQuery struct {
	Scope
	// Day is a date, or empty for all days.
	Day string
	// Number finds receipts whose number ends so, 0042 or 20261123-0042.
	Number string
	// Cursor is the Next of the page before, empty for the first.
	Cursor string
	// Limit is at most 200; 0 is 50.
	Limit int
}

// SalesPage is one page; Next is empty on the last.
type SalesPage struct {
	Sales []SaleRow
	Next  string
}

// Sale is one sale or refund whole, as the box recorded it.
type Sale struct {
	Shop   ShopInfo
	Box    string
	Refund bool
	protocol.Sale
	// Original and Reason are a refund's.
	Original string
	Reason   string
	// RefundedBy are the numbers of refunds of this sale.
	RefundedBy []string
}

// ShopInfo is a shop with its particulars and how its day stands.
type ShopInfo struct {
	ID             string
	Name           string
	Kind           string
	BusinessNumber string
	Representative string
	Address        string
	Phone          string
	Boxes          int
	State          DayState
}

// Box is a box as its owner or the carrier sees it.
type Box struct {
	ID         string
	Tenant     string
	TenantName string
	Shop       string
	ShopName   string
	// State is "active" or "replaced".
	State   string
	Version string
	// Connected says whether the box's line to the hub stands now, and Hub at
	// which node it is or was last.
	Connected bool
	Hub       string
	// LastSeen is nil for a box that never connected.
	LastSeen *time.Time
	// Unsent is how many records the box said it has still to send, and
	// OldestUnsent when the first of them was made.
	Unsent       int64
	OldestUnsent *time.Time
	StartedAt    *time.Time
	// Through is the last record the hub holds.
	Through int64
	// Rejects is how many records were put aside.
	Rejects int64
	Faults  []Fault
}

// Fault is a device, or the box itself ("box"), that is not ok.
type Fault struct {
	Tenant string
	Shop   string
	Box    string
	Device string
	Kind   string
	Name   string
	// State is "warn" or "stop".
	State string
	Code  string
	Since time.Time
}

// FleetFilter narrows the carrier's list of boxes.
type FleetFilter string

// The filters of the fleet. Replaced boxes are in none of them.
const (
	FleetAll    FleetFilter = ""
	FleetOnline FleetFilter = "online"
	// FleetSilent are boxes that were connected and are not now.
	FleetSilent FleetFilter = "silent"
	// FleetNew are boxes that never connected.
	FleetNew    FleetFilter = "new"
	FleetUnsent FleetFilter = "unsent"
	FleetFault  FleetFilter = "fault"
)

// FleetQuery asks for a page of the carrier's boxes, by id.
type FleetQuery struct {
	Filter FleetFilter
	// Search finds part of a tenant's or shop's name, a business number, or
	// the beginning of a box id.
	Search string
	Cursor string
	// Limit is at most 200; 0 is 50.
	Limit int
}

// FleetPage is one page of boxes; Next is empty on the last.
type FleetPage struct {
	Boxes []Box
	Next  string
}

// FleetCounts is how many boxes each filter holds.
type FleetCounts struct {
	All, Online, Silent, New, Unsent, Fault int
}

// Rejected is a record that was put aside because the hub could not read it.
type Rejected struct {
	Box      string
	Sequence int64
	Code     string
	At       time.Time
	Raw      []byte
}

// Figures reads one tenant's roll-ups and sales. Days are dates as integers,
// 20261123.
type Figures interface {
	Rollups(ctx context.Context, scope Scope, day int) ([]Rollup, error)
	// TotalUntil sums the sales of a day whose time is not after until.
	TotalUntil(ctx context.Context, scope Scope, day int, until time.Time) (money.Won, error)
	Sales(ctx context.Context, query SaleSearch) ([]SaleKey, error)
	SaleByNumber(ctx context.Context, scope Scope, day int, number string, at time.Time) (SaleKey, error)
	// RefundsOf are the numbers of the refunds of a sale.
	RefundsOf(ctx context.Context, scope Scope, number string) ([]string, error)
	// Batches are the stored batches by id.
	Batches(ctx context.Context, tenant string, ids []int64) (map[int64]StoredBatch, error)
}

// Estate reads shops, boxes and their states.
type Estate interface {
	ShopInfos(ctx context.Context, tenant string) ([]ShopInfo, error)
	Boxes(ctx context.Context, tenant string) ([]Box, error)
	// Faults are the devices of a tenant that are not ok, worst first.
	Faults(ctx context.Context, tenant string) ([]Fault, error)
	Rejected(ctx context.Context, tenant, box string, limit int) ([]Rejected, error)
	// Differences are the closings after a time that did not add up, in order.
	Differences(ctx context.Context, tenant string, since time.Time) ([]Difference, error)
	Fleet(ctx context.Context, query FleetQuery) ([]Box, error)
	FleetCounts(ctx context.Context, filter FleetFilter) (int, error)
}

// Store is all that reports are read from; hub/store implements it.
type Store interface {
	Figures
	Estate
}

// Rollup kinds.
const (
	RollupHour    = 1
	RollupTender  = 2
	RollupProduct = 3
)

// Rollup is one row of sums. Refunds are already taken off Quantity, Total,
// Cost and Costed.
type Rollup struct {
	Shop string
	Kind int
	// Key is the hour (two digits, past 23 after midnight), the tender or the
	// product.
	Key   string
	Label string
	// Sales and Refunds are counts.
	Sales    int64
	Refunds  int64
	Refunded money.Won
	Quantity money.Milli
	Total    money.Won
	// Costed is the part of the turnover, without VAT, whose cost is known,
	// and Cost that cost. Uncosted counts lines without a cost.
	Costed   money.Won
	Cost     money.Won
	Uncosted int64
}

// SaleSearch asks the store for the newest sales of one shop.
type SaleSearch struct {
	Scope
	// Day is 0 for all days.
	Day    int
	Number string
	// After is the last row of the page before, nil for the first.
	After *SaleKey
	Limit int
}

// SaleKey is a slim row of the list of sales: where the sale is.
type SaleKey struct {
	Shop     string
	Day      int
	Number   string
	At       time.Time
	Refund   bool
	Total    money.Won
	Batch    int64
	Sequence int64
}

// StoredBatch is a batch as it came.
type StoredBatch struct {
	Box     string
	Payload []byte
}
