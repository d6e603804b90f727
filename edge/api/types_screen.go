package api

import (
	"time"

	"shopbox/protocol/money"
)

// ScreenView is all that a screen facing the customer shows: never another
// cart, a cost, a person, a device or a fault.
type ScreenView struct {
	// Version and Boot are those of State.
	Version int64  `json:"version"`
	Boot    string `json:"boot"`
	// Code is what a person types at the counter to make the browser a screen;
	// while it is set the rest is empty.
	Code     string    `json:"code,omitempty"`
	Shop     string    `json:"shop"`
	Language string    `json:"language" enum:"ko,en"`
	Now      time.Time `json:"now"`

	Lines    []ScreenLineView   `json:"lines"`
	Gross    money.Won          `json:"gross"`
	Discount money.Won          `json:"discount"`
	Total    money.Won          `json:"total"`
	Paid     money.Won          `json:"paid"`
	Due      money.Won          `json:"due"`
	Payment  *ScreenPaymentView `json:"payment,omitempty"`
	Done     *ScreenDoneView    `json:"done,omitempty"`
}

// ScreenLineView is one line of the customer's cart.
type ScreenLineView struct {
	ID       string      `json:"id"`
	Name     string      `json:"name"`
	Quantity money.Milli `json:"quantity" doc:"thousandths"`
	ByWeight bool        `json:"by_weight"`
	Unit     money.Won   `json:"unit"`
	// Discount is the line's own; Amount is after it.
	Discount money.Won `json:"discount"`
	Amount   money.Won `json:"amount"`
}

// ScreenPaymentView is a payment at the terminal as the customer may see it.
type ScreenPaymentView struct {
	What string `json:"what" enum:"charge,refund,cash_receipt"`
	// State is "checking" while nobody knows the outcome and "failed" whatever
	// the reason.
	State       string    `json:"state" enum:"waiting,checking,failed"`
	Progress    string    `json:"progress,omitempty"`
	Amount      money.Won `json:"amount"`
	Instalments int       `json:"instalments,omitempty"`
}

// ScreenDoneView is the sale that was finished last, until the next touch at
// the counter.
type ScreenDoneView struct {
	Number   string    `json:"number"`
	Refund   bool      `json:"refund"`
	Cash     bool      `json:"cash"`
	Total    money.Won `json:"total"`
	Received money.Won `json:"received"`
	Change   money.Won `json:"change"`
}

// PairingView is the code of a browser that asks to be a screen.
type PairingView struct {
	Code string `json:"code"`
}

// PairRequest makes the browser that shows the code a screen.
type PairRequest struct {
	Code string `json:"code" minLength:"1" maxLength:"12"`
	Name string `json:"name" minLength:"1" maxLength:"40"`
}

// PairHereRequest makes the browser that sends it a screen.
type PairHereRequest struct {
	Name string `json:"name" minLength:"1" maxLength:"40"`
}

// PairedView is a screen in the list of devices.
type PairedView struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
}
