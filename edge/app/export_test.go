package app

import (
	"net"

	"shopbox/drivers"
	"shopbox/edge/till"
)

// CustomerLines is customerLines for tests.
func CustomerLines(snapshot till.Snapshot) []drivers.DisplayLine { return customerLines(snapshot) }

// Reach is reach for tests.
func Reach(listening net.Addr, own []net.Addr) []string { return reach(listening, own) }
