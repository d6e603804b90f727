package protocol

import (
	"time"

	"shopbox/protocol/money"
)

// Record is the data of an event.
type Record interface {
	// RecordType is the CloudEvents type, "shopbox.sale.closed.v1".
	RecordType() string
}

// The types of record.
const (
	TypeShopChanged    = "shopbox.shop.changed.v1"
	TypeDayOpened      = "shopbox.day.opened.v1"
	TypeDayClosed      = "shopbox.day.closed.v1"
	TypeSaleClosed     = "shopbox.sale.closed.v1"
	TypeSaleRefunded   = "shopbox.sale.refunded.v1"
	TypePaymentSettled = "shopbox.payment.settled.v1"
	TypeStockMoved     = "shopbox.stock.moved.v1"
	TypeProductChanged = "shopbox.product.changed.v1"
	TypeDeviceState    = "shopbox.device.state.v1"
	TypeCashReceipt    = "shopbox.cash_receipt.settled.v1"
	// TypePoison wraps a record that the hub could not read inside a batch of
	// its own.
	TypePoison = "shopbox.record.poison.v1"
)

// RecordType implements Record.
func (ShopChanged) RecordType() string { return TypeShopChanged }

// RecordType implements Record.
func (DayOpened) RecordType() string { return TypeDayOpened }

// RecordType implements Record.
func (DayClosed) RecordType() string { return TypeDayClosed }

// RecordType implements Record.
func (SaleClosed) RecordType() string { return TypeSaleClosed }

// RecordType implements Record.
func (SaleRefunded) RecordType() string { return TypeSaleRefunded }

// RecordType implements Record.
func (PaymentSettled) RecordType() string { return TypePaymentSettled }

// RecordType implements Record.
func (StockMoved) RecordType() string { return TypeStockMoved }

// RecordType implements Record.
func (ProductChanged) RecordType() string { return TypeProductChanged }

// RecordType implements Record.
func (DeviceState) RecordType() string { return TypeDeviceState }

// RecordType implements Record.
func (CashReceiptSettled) RecordType() string { return TypeCashReceipt }

// RecordType implements Record.
func (Poison) RecordType() string { return TypePoison }

// Person is who did something.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ShopChanged is the shop's particulars as they are from now on.
type ShopChanged struct {
	Name string `json:"name"`
	// BusinessNumber is the ten digits of the 사업자등록번호.
	BusinessNumber string `json:"business_number"`
	Representative string `json:"representative,omitempty"`
	Address        string `json:"address,omitempty"`
	Phone          string `json:"phone,omitempty"`
	// Kind is the kind of shop: "retail", "grocery" ...
	Kind string `json:"kind"`
}

// DayOpened begins a business day.
type DayOpened struct {
	// Day is the date of the business day, 2026-11-23.
	Day   string    `json:"day"`
	At    time.Time `json:"at"`
	By    Person    `json:"by"`
	Float money.Won `json:"float"`
}

// DayClosed ends a business day with what was counted.
type DayClosed struct {
	Day     string    `json:"day"`
	At      time.Time `json:"at"`
	By      Person    `json:"by"`
	Float   money.Won `json:"float"`
	Sales   int       `json:"sales"`
	Refunds int       `json:"refunds"`
	// Total is sales less refunds; Tenders is the same by tender.
	Total   money.Won            `json:"total"`
	Taxable money.Won            `json:"taxable"`
	Exempt  money.Won            `json:"exempt"`
	VAT     money.Won            `json:"vat"`
	Tenders map[string]money.Won `json:"tenders"`
	// Expected is the cash that should be in the drawer, Counted what was;
	// Difference is counted less expected, Note what the person said of it.
	Expected   money.Won `json:"expected"`
	Counted    money.Won `json:"counted"`
	Difference money.Won `json:"difference"`
	Note       string    `json:"note,omitempty"`
	// FirstNumber and LastNumber are the receipt numbers of the day.
	FirstNumber string `json:"first_number,omitempty"`
	LastNumber  string `json:"last_number,omitempty"`
}

// Line is one line of a sale or refund. Amounts of a refund are positive.
type Line struct {
	ID       string      `json:"id"`
	Product  string      `json:"product,omitempty"`
	Name     string      `json:"name"`
	Category string      `json:"category,omitempty"`
	Barcode  string      `json:"barcode,omitempty"`
	Quantity money.Milli `json:"quantity"`
	Unit     money.Won   `json:"unit"`
	// Discount is all that was taken off this line, its share of a discount
	// on the whole receipt included. Amount = unit x quantity - discount.
	Discount money.Won `json:"discount,omitempty"`
	Amount   money.Won `json:"amount"`
	VAT      money.VAT `json:"vat"`
	// Cost is what the goods cost the shop, nil when that is not known.
	Cost *money.Won `json:"cost,omitempty"`
	Note string     `json:"note,omitempty"`
}

// Tender kinds.
const (
	TenderCash = "cash"
	TenderCard = "card"
)

// Tender is one part of the payment.
type Tender struct {
	// Kind is "cash" or "card"; later releases may know more.
	Kind   string    `json:"kind"`
	Amount money.Won `json:"amount"`
	// Received and Change are for cash.
	Received money.Won `json:"received,omitempty"`
	Change   money.Won `json:"change,omitempty"`
	// Attempt is the payment attempt behind a card tender.
	Attempt string `json:"attempt,omitempty"`
	Card    *Card  `json:"card,omitempty"`
}

// Card is what is known of a card payment. The number is masked.
type Card struct {
	Number    string `json:"number,omitempty"`
	Scheme    string `json:"scheme,omitempty"`
	Acquirer  string `json:"acquirer,omitempty"`
	Approval  string `json:"approval,omitempty"`
	Reference string `json:"reference,omitempty"`
	Terminal  string `json:"terminal,omitempty"`
	// Instalments is the number of months, absent for at once.
	Instalments int `json:"instalments,omitempty"`
}

// Sale is what a sale and a refund have in common.
type Sale struct {
	// Number is the receipt number, 20261123-0001, given by the box, without
	// gaps in a day.
	Number string    `json:"number"`
	Day    string    `json:"day"`
	At     time.Time `json:"at"`
	// ClockDoubt says that the box could not trust its clock.
	ClockDoubt bool   `json:"clock_doubt,omitempty"`
	By         Person `json:"by"`
	Lines      []Line `json:"lines"`
	// Total is the sum of the lines; Supply + VAT + Exempt = Total.
	Total   money.Won `json:"total"`
	Supply  money.Won `json:"supply"`
	VAT     money.Won `json:"vat"`
	Exempt  money.Won `json:"exempt"`
	Tenders []Tender  `json:"tenders"`
	Note    string    `json:"note,omitempty"`
}

// SaleClosed is a paid sale.
type SaleClosed struct {
	Sale
}

// SaleRefunded gives goods of an earlier sale back, whole or in part. All its
// amounts are positive.
type SaleRefunded struct {
	Sale
	// Original is the number of the sale that is refunded.
	Original string `json:"original"`
	Reason   string `json:"reason,omitempty"`
}

// PaymentSettled is the end of a payment attempt, however it ended.
type PaymentSettled struct {
	Attempt string `json:"attempt"`
	// Purpose is "charge", "refund" or "reversal".
	Purpose string    `json:"purpose"`
	Amount  money.Won `json:"amount"`
	// Outcome is "approved", "declined" or "not_charged".
	Outcome string    `json:"outcome"`
	At      time.Time `json:"at"`
	// Asked says that the outcome was unknown and the terminal was asked;
	// SettledBy and Reason that a person decided it.
	Asked     bool    `json:"asked,omitempty"`
	SettledBy *Person `json:"settled_by,omitempty"`
	Reason    string  `json:"reason,omitempty"`
	Card      *Card   `json:"card,omitempty"`
}

// CashReceiptSettled is the end of a try to issue a cash receipt (현금영수증), or
// to cancel one, however it ended. The cash itself is in the sale.
type CashReceiptSettled struct {
	Attempt string `json:"attempt"`
	// Sale is the number of the sale whose cash the receipt is over.
	Sale string `json:"sale"`
	// Act is "issue" or "cancel"; a cancellation names the attempt that issued
	// the receipt.
	Act      string `json:"act"`
	Original string `json:"original,omitempty"`
	// Purpose is "income_deduction" (소득공제), "expense_proof" (지출증빙) or
	// "self_issue" (자진발급).
	Purpose string `json:"purpose"`
	// Holder is masked: 010-****-5678.
	Holder  string    `json:"holder,omitempty"`
	Amount  money.Won `json:"amount"`
	VAT     money.Won `json:"vat,omitempty"`
	TaxFree money.Won `json:"tax_free,omitempty"`
	// Outcome is "approved", "declined" or "not_charged".
	Outcome string `json:"outcome"`
	// Approval is the number of the tax office, Terminal the terminal's own.
	Approval string    `json:"approval,omitempty"`
	Terminal string    `json:"terminal,omitempty"`
	At       time.Time `json:"at"`
	// Asked, SettledBy and Reason are as in PaymentSettled.
	Asked     bool    `json:"asked,omitempty"`
	SettledBy *Person `json:"settled_by,omitempty"`
	Reason    string  `json:"reason,omitempty"`
}

// StockMoved is goods coming or going other than by a sale or refund, which
// move stock by themselves.
type StockMoved struct {
	Product string `json:"product"`
	Name    string `json:"name"`
	// Quantity is positive for goods coming in.
	Quantity money.Milli `json:"quantity"`
	// Reason is "received", "counted", "lost", "opening".
	Reason string    `json:"reason"`
	Note   string    `json:"note,omitempty"`
	By     Person    `json:"by"`
	At     time.Time `json:"at"`
}

// ProductChanged is a product as it is from now on.
type ProductChanged struct {
	Product  string     `json:"product"`
	Name     string     `json:"name"`
	Category string     `json:"category,omitempty"`
	Price    money.Won  `json:"price"`
	Cost     *money.Won `json:"cost,omitempty"`
	VAT      money.VAT  `json:"vat"`
	Barcodes []string   `json:"barcodes,omitempty"`
	Archived bool       `json:"archived,omitempty"`
}

// DeviceState is how a device of the shop, or the box itself, is from now on.
type DeviceState struct {
	// Device is the device's id on the box; "box" for the box itself.
	Device string `json:"device"`
	Kind   string `json:"kind"`
	Driver string `json:"driver,omitempty"`
	Name   string `json:"name,omitempty"`
	// State is "ok", "warn" or "stop"; Code is the fault's code when not ok:
	// "paper_out", "offline", "disk_full", "clock_wrong" ...
	State string    `json:"state"`
	Code  string    `json:"code,omitempty"`
	At    time.Time `json:"at"`
}

// Poison carries a record that could not be sent as it was.
type Poison struct {
	Type string `json:"type"`
	// Data is the record as it stands in the box, at most 64 KiB of it.
	Data []byte `json:"data"`
}
