package tl3x00

import (
	"shopbox/drivers"
	"shopbox/protocol/money"
)

// Approval is the data of job B for the vectors.
func Approval(charge drivers.Charge, sign bool) []byte { return approval(charge, sign) }

// Cancellation is the data of job C for a kept reference.
func Cancellation(kept string, amount money.Won) ([]byte, bool) {
	named, ok := parseReference(kept)
	return cancellation(named, amount), ok
}

// Result is what an answer becomes.
func (a Answer) Result() drivers.Result { return a.result() }
