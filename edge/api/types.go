package api

import (
	"time"

	"shopbox/protocol/money"
)

// State is everything a counter screen shows, as one snapshot. It is sent
// whole at each change; a screen keeps the one with the highest version.
type State struct {
	// Version grows with every change of anything in the snapshot; Boot names
	// the run of the box, so that a screen knows when to start afresh.
	Version int64  `json:"version"`
	Boot    string `json:"boot"`
	// SetUp is false until the shop was set up; then only the set-up screen is
	// shown.
	SetUp    bool         `json:"set_up"`
	Shop     ShopView     `json:"shop"`
	Day      DayView      `json:"day"`
	Cart     CartView     `json:"cart"`
	Parked   []ParkedView `json:"parked"`
	Payment  *PaymentView `json:"payment,omitempty"`
	Finished *DoneView    `json:"finished,omitempty"`
	// Notice is the last thing a scan or a device had to say: a code for the
	// words and a number that grows, so that the same notice can come twice.
	Notice *NoticeView `json:"notice,omitempty"`
	// Ask is what a scanned product wants to know before it goes into the cart.
	Ask *AskView `json:"ask,omitempty"`
	// Terminal is what the card terminal to pay at can do, absent without one.
	Terminal *TerminalView    `json:"terminal,omitempty"`
	Devices  []DeviceView     `json:"devices"`
	Hub      HubView          `json:"hub"`
	Box      BoxView          `json:"box"`
	Catalog  CatalogStateView `json:"catalog"`
	Options  OptionsView      `json:"options"`
}

// ShopView is the shop's particulars.
type ShopView struct {
	Name           string `json:"name" minLength:"1" maxLength:"60"`
	BusinessNumber string `json:"business_number" doc:"ten digits"`
	Representative string `json:"representative" maxLength:"40"`
	Address        string `json:"address" maxLength:"120"`
	Phone          string `json:"phone" maxLength:"20"`
	Kind           string `json:"kind" enum:"retail,grocery"`
}

// OptionsView are the settings of the counter.
type OptionsView struct {
	Language string `json:"language" enum:"ko,en"`
	// LeftHanded mirrors the counter.
	LeftHanded bool `json:"left_handed"`
	// QuickDiscounts are the discount buttons in permille.
	QuickDiscounts []int64 `json:"quick_discounts"`
	// Volume is the loudness of the counter's sounds, 0 to 100.
	Volume int `json:"volume" minimum:"0" maximum:"100"`
	// ReceiptFoot is the line at the foot of receipts.
	ReceiptFoot string `json:"receipt_foot" maxLength:"200"`
	// Codes are the patterns of in-store weight and price codes.
	Codes []CodeRuleView `json:"codes"`
	// CashReceiptDuty is the day from which cash receipts are issued unasked,
	// because the shop is of a kind obliged to; absent for others.
	CashReceiptDuty string `json:"cash_receipt_duty,omitempty" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" maxLength:"10"`
}

// CodeRuleView is the pattern of an in-store code.
type CodeRuleView struct {
	Prefix      string `json:"prefix"`
	ItemDigits  int    `json:"item_digits"`
	ValueDigits int    `json:"value_digits"`
	Kind        string `json:"kind" enum:"price,weight"`
	// Decimals of a weight in kilograms.
	Decimals int `json:"decimals"`
	// ValueCheck says that the value's own check digit stands before it.
	ValueCheck bool `json:"value_check,omitempty"`
}

// DayView is the business day.
type DayView struct {
	Open     bool      `json:"open"`
	Day      string    `json:"day,omitempty"`
	OpenedAt time.Time `json:"opened_at,omitzero"`
	OpenedBy string    `json:"opened_by,omitempty"`
}

// CartView is a cart.
type CartView struct {
	ID       string       `json:"id"`
	Version  int64        `json:"version"`
	Lines    []LineView   `json:"lines"`
	Gross    money.Won    `json:"gross"`
	Discount money.Won    `json:"discount"`
	Total    money.Won    `json:"total"`
	VAT      money.Won    `json:"vat"`
	Exempt   money.Won    `json:"exempt"`
	Paid     money.Won    `json:"paid"`
	Due      money.Won    `json:"due"`
	Tenders  []TenderView `json:"tenders"`
	// WholePermille and WholeAmount are the discount on the whole cart.
	WholePermille int64     `json:"whole_permille"`
	WholeAmount   money.Won `json:"whole_amount"`
	Note          string    `json:"note"`
	Locked        bool      `json:"locked"`
	// Blocked says that a payment for it has no known outcome.
	Blocked bool `json:"blocked"`
	// UndoUntil is until when the last removed line can be brought back.
	UndoUntil time.Time `json:"undo_until,omitzero"`
	UndoName  string    `json:"undo_name,omitempty"`
	// Notes are the notes a customer may hand over for what is due: exact, then
	// rounded up.
	Notes []money.Won `json:"notes"`
}

// LineView is one line of a cart or a finished sale.
type LineView struct {
	ID       string      `json:"id"`
	Product  string      `json:"product,omitempty"`
	Name     string      `json:"name"`
	Quantity money.Milli `json:"quantity" doc:"thousandths"`
	ByWeight bool        `json:"by_weight"`
	Unit     money.Won   `json:"unit"`
	// List is the catalogue's price when Unit was changed.
	List     money.Won `json:"list"`
	Discount money.Won `json:"discount"`
	Permille int64     `json:"permille"`
	Amount   money.Won `json:"amount"`
	VAT      money.VAT `json:"vat" enum:"taxable,exempt"`
	Note     string    `json:"note,omitempty"`
	// Left is how much of a sold line can still be given back.
	Left money.Milli `json:"left,omitempty"`
}

// TenderView is a part of the payment.
type TenderView struct {
	Kind     string    `json:"kind" enum:"cash,card"`
	Amount   money.Won `json:"amount"`
	Received money.Won `json:"received,omitempty"`
	Change   money.Won `json:"change,omitempty"`
	Attempt  string    `json:"attempt,omitempty"`
	Card     string    `json:"card,omitempty"`
	Scheme   string    `json:"scheme,omitempty"`
	Approval string    `json:"approval,omitempty"`
	// Instalments is the number of months, absent for at once.
	Instalments int `json:"instalments,omitempty"`
	// Signature says that the customer must sign the merchant's copy.
	Signature bool `json:"signature,omitempty"`
}

// ParkedView is a parked cart.
type ParkedView struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Total money.Won `json:"total"`
	Lines int       `json:"lines"`
	At    time.Time `json:"at"`
	By    string    `json:"by"`
	// Blocked says that a payment for it has no known outcome.
	Blocked bool `json:"blocked"`
}

// DoneView is the sale that was finished last, until the next touch.
type DoneView struct {
	Number   string       `json:"number"`
	Refund   bool         `json:"refund"`
	Total    money.Won    `json:"total"`
	Change   money.Won    `json:"change"`
	Received money.Won    `json:"received"`
	Tenders  []TenderView `json:"tenders"`
	// Print is the state of the receipt: "queued", "printing", "printed",
	// "unknown", "failed", "none".
	Print string `json:"print"`
	// Cash is how the cash stands, for the cash receipt.
	Cash CashView `json:"cash"`
}

// NoticeView is something to say at the counter.
type NoticeView struct {
	Number int64  `json:"number"`
	Code   string `json:"code"`
	// Level is "ok", "warn" or "stop".
	Level string `json:"level" enum:"ok,warn,stop"`
	// Subject is what it is about: the barcode, the product's name.
	Subject string `json:"subject,omitempty"`
	// Device is the name of the scanner it comes from, when the shop has several.
	Device string `json:"device,omitempty"`
}

// AskView is a scanned product and its questions; adding it with Code and the
// answers goes on.
type AskView struct {
	Product string       `json:"product"`
	Name    string       `json:"name"`
	Code    string       `json:"code"`
	Prompts []PromptView `json:"prompts"`
}

// DeviceView is a device and how it is.
type DeviceView struct {
	ID     string `json:"id"`
	Kind   string `json:"kind" enum:"terminal,printer,scanner,scale,display"`
	Driver string `json:"driver"`
	Name   string `json:"name"`
	// State is "ok", "warn" or "stop"; Code names the fault.
	State    string    `json:"state" enum:"ok,warn,stop"`
	Code     string    `json:"code,omitempty"`
	Since    time.Time `json:"since"`
	Verified bool      `json:"verified"`
	// Waiting is the number of slips waiting in a printer's queue.
	Waiting int `json:"waiting,omitempty"`
	// LostOrders counts kitchen orders that may or may not be on paper.
	LostOrders int `json:"lost_orders,omitempty"`
	// Duty is what a printer is for.
	Duty *DutyView `json:"duty,omitempty"`
	// Services are what a card terminal can be had to do.
	Services []string `json:"services,omitempty" enum:"diagnose,set_time,end_of_day"`
	// Settings are told on the device page only, and never the secret ones.
	Settings map[string]string `json:"settings,omitempty"`
}

// DutyView is what a printer is for.
type DutyView struct {
	Role string `json:"role" enum:"receipt,kitchen,label"`
	// LabelsOnly printers can have no other role.
	LabelsOnly bool `json:"labels_only,omitempty"`
	// Backup is the printer that prints in its place while it is stopped.
	Backup string `json:"backup" doc:"a printer's id, empty for none"`
	// Drawer is how the sensor of its cash drawer reads when the drawer is open.
	Drawer string `json:"drawer" enum:",high,low"`
}

// DrawerPinView is what the sensor of a cash drawer says.
type DrawerPinView struct {
	High bool `json:"high"`
}

// HubView is the line to the hub.
type HubView struct {
	// State is "unclaimed", "online" or "offline".
	State        string    `json:"state" enum:"unclaimed,online,offline"`
	Unsent       int64     `json:"unsent"`
	OldestUnsent time.Time `json:"oldest_unsent,omitzero"`
	URL          string    `json:"url,omitempty"`
	Since        time.Time `json:"since,omitzero"`
}

// BoxView is the box itself.
type BoxView struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	// DiskFull says that selling goes on from the reserve.
	DiskFull bool `json:"disk_full"`
	// ClockDoubt says that the clock cannot be right.
	ClockDoubt bool      `json:"clock_doubt"`
	Now        time.Time `json:"now"`
}

// CatalogStateView says which edition of products the screen should have; a
// screen fetches /api/catalog again when it changes.
type CatalogStateView struct {
	Version int64 `json:"version"`
}

// CatalogView is what the product keys need.
type CatalogView struct {
	Version    int64          `json:"version"`
	Categories []CategoryView `json:"categories"`
	Keys       []KeyView      `json:"keys"`
}

// CategoryView is a tab of product keys.
type CategoryView struct {
	ID    string `json:"id"`
	Name  string `json:"name" minLength:"1" maxLength:"40"`
	Order int    `json:"order"`
	// Printer is the printer where orders of its goods come out.
	Printer string `json:"printer,omitempty" doc:"a printer's id, empty for none"`
}

// KeyView is a product key at its fixed place.
type KeyView struct {
	Product  string    `json:"product"`
	Name     string    `json:"name"`
	Price    money.Won `json:"price"`
	VAT      money.VAT `json:"vat" enum:"taxable,exempt"`
	ByWeight bool      `json:"by_weight"`
	Category string    `json:"category"`
	// Slot is the place in the category's grid, from 0, row by row.
	Slot    int          `json:"slot"`
	Prompts []PromptView `json:"prompts"`
}

// PromptView is something to ask before a product is sold.
type PromptView struct {
	Kind string `json:"kind" enum:"age,note,weight,price,expired"`
	// Age is the least age, for kind age.
	Age int `json:"age,omitempty"`
	// Label is what to write down, for kind note, or the day 2026-11-24, for kind
	// expired.
	Label string `json:"label,omitempty"`
}

// ProductView is a product on the products screen.
type ProductView struct {
	ID       string      `json:"id,omitempty"`
	Name     string      `json:"name" minLength:"1" maxLength:"100"`
	Category string      `json:"category"`
	Price    money.Won   `json:"price" minimum:"0" maximum:"999999999"`
	Cost     *money.Won  `json:"cost,omitempty"`
	VAT      money.VAT   `json:"vat" enum:"taxable,exempt"`
	Barcodes []string    `json:"barcodes"`
	ByWeight bool        `json:"by_weight"`
	Unit     string      `json:"unit" maxLength:"10"`
	Age      int         `json:"age" doc:"least age of the buyer, 0 for none"`
	AskNote  string      `json:"ask_note" doc:"label of a note to ask for, empty for none"`
	OnKeys   bool        `json:"on_keys"`
	Archived bool        `json:"archived"`
	Stock    money.Milli `json:"stock" readOnly:"true"`
}

// StaffView is a person who works here.
type StaffView struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name" minLength:"1" maxLength:"40"`
	Role   string `json:"role" enum:"owner,manager,cashier"`
	Active bool   `json:"active"`
}

// SessionView is who is signed in on this screen.
type SessionView struct {
	Staff  StaffView `json:"staff"`
	Rights []string  `json:"rights"`
	// MaxDiscount is the largest discount this person may give, in permille.
	MaxDiscount int64 `json:"max_discount"`
}

// SaleView is a finished sale or refund.
type SaleView struct {
	Number     string       `json:"number"`
	Day        string       `json:"day"`
	At         time.Time    `json:"at"`
	Refund     bool         `json:"refund"`
	Original   string       `json:"original,omitempty"`
	Reason     string       `json:"reason,omitempty"`
	By         string       `json:"by"`
	Lines      []LineView   `json:"lines"`
	Total      money.Won    `json:"total"`
	Supply     money.Won    `json:"supply"`
	VAT        money.Won    `json:"vat"`
	Exempt     money.Won    `json:"exempt"`
	Tenders    []TenderView `json:"tenders"`
	Note       string       `json:"note,omitempty"`
	ClockDoubt bool         `json:"clock_doubt"`
	// Refunds are the numbers of the refunds of this sale.
	Refunds []string `json:"refunds"`
	Cash    CashView `json:"cash"`
	Sent    bool     `json:"sent" doc:"the hub has it"`
}

// SaleRow is a sale in a list.
type SaleRow struct {
	Number  string    `json:"number"`
	At      time.Time `json:"at"`
	Refund  bool      `json:"refund"`
	Total   money.Won `json:"total"`
	Tenders string    `json:"tenders" doc:"kinds with commas"`
	By      string    `json:"by"`
	Title   string    `json:"title" doc:"the first line's name"`
	Lines   int       `json:"lines"`
	Sent    bool      `json:"sent"`
}

// DayReportView is a day added up.
type DayReportView struct {
	Day        string               `json:"day"`
	Open       bool                 `json:"open"`
	OpenedAt   time.Time            `json:"opened_at"`
	ClosedAt   time.Time            `json:"closed_at,omitzero"`
	Float      money.Won            `json:"float"`
	Sales      int                  `json:"sales"`
	Refunds    int                  `json:"refunds"`
	Total      money.Won            `json:"total"`
	Taxable    money.Won            `json:"taxable"`
	VAT        money.Won            `json:"vat"`
	Exempt     money.Won            `json:"exempt"`
	Tenders    map[string]money.Won `json:"tenders"`
	Expected   money.Won            `json:"expected"`
	Counted    money.Won            `json:"counted"`
	Difference money.Won            `json:"difference"`
	Note       string               `json:"note"`
	Parked     int                  `json:"parked"`
	Unknown    int                  `json:"unknown" doc:"payments nobody knows the outcome of"`
}

// DriverView is a driver a device can be adopted with.
type DriverView struct {
	Name     string      `json:"name"`
	Kind     string      `json:"kind" enum:"terminal,printer,scanner,scale,display"`
	Title    string      `json:"title"`
	Verified bool        `json:"verified"`
	Fields   []FieldView `json:"fields"`
}

// FieldView is one setting of a driver.
type FieldView struct {
	Name     string   `json:"name"`
	Default  string   `json:"default"`
	Required bool     `json:"required"`
	Choices  []string `json:"choices"`
	Secret   bool     `json:"secret"`
}

// FoundView is a device found and not yet adopted.
type FoundView struct {
	Name string `json:"name"`
	Bus  string `json:"bus" enum:"serial,printer,input,network"`
	// Place is the device's file or network address.
	Place  string      `json:"place"`
	Offers []OfferView `json:"offers" doc:"the drivers that suit it, the best first; never empty"`
}

// OfferView is a driver that suits a device, with the settings to adopt it.
type OfferView struct {
	Driver   string            `json:"driver"`
	Kind     string            `json:"kind" enum:"terminal,printer,scanner,scale,display"`
	Sure     string            `json:"sure" enum:"possible,guess,likely,sure"`
	Settings map[string]string `json:"settings"`
}

// SearchRequest asks to look for devices.
type SearchRequest struct {
	// Address, when given, is the only place that is looked at.
	Address string `json:"address,omitempty" maxLength:"255" doc:"host or host:port; empty looks everywhere"`
}

// TryRequest asks how a device is before it is adopted.
type TryRequest struct {
	Driver   string            `json:"driver" minLength:"1" maxLength:"32"`
	Settings map[string]string `json:"settings"`
}

// AuditView is one rights-bound act.
type AuditView struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Act     string    `json:"act"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail"`
}

// ImportRowView is one row of an import's preview.
type ImportRowView struct {
	Row    int               `json:"row"`
	Name   string            `json:"name"`
	Action string            `json:"action" enum:"new,update,same,error"`
	Errors []ImportErrorView `json:"errors"`
	Price  money.Won         `json:"price"`
	Code   string            `json:"code"`
}

// ImportErrorView says what is wrong with a cell.
type ImportErrorView struct {
	Code   string `json:"code"`
	Column string `json:"column"`
	Value  string `json:"value"`
}

// ImportView is the preview of an import; Token commits it.
type ImportView struct {
	Token   string          `json:"token"`
	New     int             `json:"new"`
	Updated int             `json:"updated"`
	Same    int             `json:"same"`
	Bad     int             `json:"bad"`
	Rows    []ImportRowView `json:"rows"`
}
