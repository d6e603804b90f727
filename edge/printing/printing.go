// Package printing is what waits for paper: a job with its document, and the
// states it goes through. edge/till makes jobs together with a sale, edge/store
// keeps them, edge/devices prints them.
//
// What always holds: a job that may have reached the paper is never printed
// again as it was; a person may have it printed again, and then it is marked
// as a copy.
package printing

import (
	"time"

	"shopbox/drivers"
)

// State is where a job stands.
type State string

// The states of a job.
const (
	// Queued waits for the printer.
	Queued State = "queued"
	// Printing has been given to the printer.
	Printing State = "printing"
	// Printed is confirmed by the printer.
	Printed State = "printed"
	// Unknown may or may not be on paper.
	Unknown State = "unknown"
	// Failed will not be printed: the printer cannot, or a person gave it up.
	Failed State = "failed"
)

// Kind is what a job prints.
type Kind string

// The kinds of job.
const (
	Receipt Kind = "receipt"
	Report  Kind = "report"
	Test    Kind = "test"
	// Kitchen is an order for whoever prepares the goods.
	Kitchen Kind = "kitchen"
	// Slip is a merchant's copy to sign, or a cash receipt.
	Slip Kind = "slip"
	// Label is labels of goods.
	Label Kind = "label"
	// Drawer only opens the drawer.
	Drawer Kind = "drawer"
)

// Job is one document on its way to paper.
type Job struct {
	ID   int64
	Kind Kind
	// Number is the receipt number of a Receipt, a Slip or a Kitchen order, the
	// day of a Report, the name of what a Label is for.
	Number string
	// Copy marks a receipt that was printed before.
	Copy     bool
	Document drivers.Document
	State    State
	// Code is the fault's code when the job is not Printed.
	Code string
	// Printer is the device to print on, or its backup; empty for the shop's
	// receipt printer.
	Printer string
	// Tries counts how often the job was given to a printer.
	Tries   int
	Made    time.Time
	Changed time.Time
}

// Load is what a printer has before it.
type Load struct {
	// Waiting counts the slips that are not on paper yet.
	Waiting int
	// LostOrders counts the kitchen orders that may or may not be on paper. A
	// person must look, or nobody prepares them.
	LostOrders int
}
