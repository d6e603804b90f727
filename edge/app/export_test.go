package app

import (
	"shopbox/drivers"
	"shopbox/edge/till"
)

// CustomerLines is customerLines for tests.
func CustomerLines(snapshot till.Snapshot) []drivers.DisplayLine { return customerLines(snapshot) }
