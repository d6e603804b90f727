package api

import (
	"time"

	"shopbox/protocol/money"
)

// SetUpRequest sets a new box up.
type SetUpRequest struct {
	Shop     ShopView `json:"shop"`
	Owner    NewOwner `json:"owner"`
	Language string   `json:"language" enum:"ko,en"`
}

// NewOwner is the first person of a shop.
type NewOwner struct {
	Name string `json:"name" minLength:"1" maxLength:"40"`
	PIN  string `json:"pin" minLength:"4" maxLength:"8" pattern:"^[0-9]+$"`
}

// SignInRequest signs a person in on a screen.
type SignInRequest struct {
	Staff string `json:"staff" maxLength:"64"`
	PIN   string `json:"pin" maxLength:"8"`
}

// PersonView is a person on the sign-in screen.
type PersonView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role" enum:"owner,manager,cashier"`
}

// NewStaff is a person to be added. An id is given by the box.
type NewStaff struct {
	ID   string `json:"id,omitempty" maxLength:"64" doc:"not looked at"`
	Name string `json:"name" minLength:"1" maxLength:"40"`
	Role string `json:"role" enum:"owner,manager,cashier"`
	// Active is true unless it is told otherwise.
	Active *bool `json:"active,omitempty"`
	// PIN may come later; without one the person cannot sign in.
	PIN string `json:"pin,omitempty" maxLength:"8"`
}

// PINRequest gives a person a new PIN.
type PINRequest struct {
	PIN string `json:"pin" minLength:"4" maxLength:"8"`
}

// ScanRequest is a code typed or scanned on a screen.
type ScanRequest struct {
	Code string `json:"code" minLength:"1" maxLength:"4096"`
}

// LineRequest puts a product, or a free amount without one, into the cart.
type LineRequest struct {
	Product string `json:"product,omitempty" maxLength:"64"`
	// Code is what was scanned, when the line answers State.ask.
	Code     string      `json:"code,omitempty" maxLength:"512"`
	Quantity money.Milli `json:"quantity,omitempty" doc:"thousandths; absent for one"`
	// Unit is the price of a free amount, or the answer to a price prompt.
	Unit       money.Won `json:"unit,omitempty" minimum:"0" maximum:"999999999"`
	Name       string    `json:"name,omitempty" maxLength:"100"`
	VAT        money.VAT `json:"vat,omitempty" enum:"taxable,exempt"`
	Note       string    `json:"note,omitempty" maxLength:"200"`
	AgeChecked bool      `json:"age_checked,omitempty"`
	// ExpiredChecked answers an expired prompt.
	ExpiredChecked bool `json:"expired_checked,omitempty"`
}

// LineChange changes a line; what is absent stays.
type LineChange struct {
	Quantity  *money.Milli `json:"quantity,omitempty"`
	Unit      *money.Won   `json:"unit,omitempty"`
	Permille  *int64       `json:"permille,omitempty" minimum:"0" maximum:"1000"`
	AmountOff *money.Won   `json:"amount_off,omitempty" minimum:"0"`
	Note      *string      `json:"note,omitempty" maxLength:"200"`
}

// DiscountRequest is a discount on the whole cart; nothing takes it away.
type DiscountRequest struct {
	Permille int64     `json:"permille,omitempty" minimum:"0" maximum:"1000"`
	Amount   money.Won `json:"amount,omitempty" minimum:"0"`
}

// NoteRequest is the note of a cart.
type NoteRequest struct {
	Note string `json:"note" maxLength:"200"`
}

// ParkRequest puts the cart aside.
type ParkRequest struct {
	Name string `json:"name,omitempty" maxLength:"40"`
}

// PayRequest pays the open cart, or a part of it.
type PayRequest struct {
	Key     string `json:"key" minLength:"8" maxLength:"64" doc:"made by the screen for each press of the button"`
	Cart    string `json:"cart" maxLength:"64"`
	Version int64  `json:"version"`
	Tender  string `json:"tender" enum:"cash,card"`
	// Amount is a part of what is due; absent for all of it.
	Amount money.Won `json:"amount,omitempty" minimum:"0"`
	// Received is the cash handed over; absent for exactly the amount.
	Received money.Won `json:"received,omitempty" minimum:"0"`
	// Instalments is the number of months a card is charged in.
	Instalments int  `json:"instalments,omitempty" minimum:"0" maximum:"99" doc:"months; absent for at once"`
	NoReceipt   bool `json:"no_receipt,omitempty"`
}

// ParkedPayRequest pays a parked cart whole.
type ParkedPayRequest struct {
	Key       string    `json:"key" minLength:"8" maxLength:"64"`
	Tender    string    `json:"tender" enum:"cash,card"`
	Received  money.Won `json:"received,omitempty" minimum:"0"`
	NoReceipt bool      `json:"no_receipt,omitempty"`
}

// GiveBackRequest takes a tender out of the cart. Cart and version are what the
// screen showed; without them it is the cart as it is now.
type GiveBackRequest struct {
	Key     string `json:"key,omitempty" maxLength:"64"`
	Cart    string `json:"cart,omitempty" maxLength:"64"`
	Version int64  `json:"version,omitempty"`
}

// SettleRequest is a person's word on a payment nobody knows the outcome of.
type SettleRequest struct {
	Outcome string `json:"outcome" enum:"charged,not_charged"`
	Reason  string `json:"reason" minLength:"1" maxLength:"200"`
}

// RefundRequest takes goods of a sale back.
type RefundRequest struct {
	Key    string     `json:"key" minLength:"8" maxLength:"64"`
	Lines  []PickView `json:"lines" minItems:"1" maxItems:"500"`
	Tender string     `json:"tender" enum:"cash,card"`
	// OtherCard gives the money to a card presented now.
	OtherCard bool   `json:"other_card,omitempty"`
	Reason    string `json:"reason" minLength:"1" maxLength:"200"`
	NoReceipt bool   `json:"no_receipt,omitempty"`
}

// TimeRequest says what time it is.
type TimeRequest struct {
	At time.Time `json:"at"`
}

// PickView is how much of a sold line comes back.
type PickView struct {
	Line     string      `json:"line" maxLength:"128"`
	Quantity money.Milli `json:"quantity"`
}

// SalesView is a page of sales.
type SalesView struct {
	Items []SaleRow `json:"items"`
	Total int       `json:"total"`
}

// ProductsView is a page of products.
type ProductsView struct {
	Items []ProductView `json:"items"`
	Total int           `json:"total"`
}

// StockRequest moves goods other than by a sale.
type StockRequest struct {
	// Quantity is what came (or went, negative); what there is, when counted.
	Quantity money.Milli `json:"quantity"`
	Reason   string      `json:"reason" enum:"received,counted,lost"`
	Note     string      `json:"note,omitempty" maxLength:"200"`
}

// KeysRequest lays the product keys of a category out.
type KeysRequest struct {
	Category string `json:"category" maxLength:"64"`
	// Slots are products row by row, empty for a gap.
	Slots []string `json:"slots" maxItems:"1000"`
}

// ImportedView is what an import did.
type ImportedView struct {
	New     int `json:"new"`
	Updated int `json:"updated"`
}

// OpenDayRequest opens the business day with the cash in the drawer.
type OpenDayRequest struct {
	Float money.Won `json:"float" minimum:"0" maximum:"999999999"`
}

// CloseDayRequest closes the business day with what was counted.
type CloseDayRequest struct {
	Counted money.Won `json:"counted" minimum:"0" maximum:"999999999"`
	Note    string    `json:"note,omitempty" maxLength:"200"`
	// Force closes although carts are parked.
	Force bool `json:"force,omitempty"`
}

// DrawerRequest opens the drawer without a sale.
type DrawerRequest struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200"`
}

// DeviceRequest adopts a device or changes it. A secret setting left out of a
// change stays as it was.
type DeviceRequest struct {
	Driver   string            `json:"driver" maxLength:"40"`
	Name     string            `json:"name" minLength:"1" maxLength:"40"`
	Settings map[string]string `json:"settings"`
}

// PrintJobView is a slip in the print queue, or one that came out lately.
type PrintJobView struct {
	ID   int64  `json:"id"`
	Kind string `json:"kind" enum:"receipt,report,test,slip,drawer,kitchen,label"`
	// Subject is the receipt number, or the day of a report.
	Subject string `json:"subject"`
	Copy    bool   `json:"copy"`
	// Printer is the printer it is for, empty for the receipt printer.
	Printer string    `json:"printer,omitempty"`
	State   string    `json:"state" enum:"queued,printing,printed,unknown,failed"`
	Code    string    `json:"code,omitempty"`
	At      time.Time `json:"at"`
}

// ClaimRequest joins the box to a hub.
type ClaimRequest struct {
	URL  string `json:"url" minLength:"1" maxLength:"200"`
	Code string `json:"code" minLength:"1" maxLength:"20"`
}
