// Package all is the one list of drivers. Only edge/app calls it; adding a
// driver is one line here.
//
// What always holds: every driver of the list runs the conformance suite of
// its kind in its own test.
package all

import (
	"shopbox/drivers"
	"shopbox/drivers/cas"
	"shopbox/drivers/escpos"
	"shopbox/drivers/hidscan"
	"shopbox/drivers/koces"
	"shopbox/drivers/serialscan"
	"shopbox/drivers/tl3x00"
	"shopbox/drivers/toledo"
	"shopbox/drivers/vfd"
	"shopbox/drivers/zpl"
	"shopbox/drivers/zvt"
)

// Registry is a new registry of every driver.
func Registry() (drivers.Registry, error) {
	return drivers.NewRegistry(
		cas.Factory(),
		escpos.Factory(),
		hidscan.Factory(),
		koces.Factory(),
		serialscan.Factory(),
		tl3x00.Factory(),
		toledo.Factory(),
		vfd.Factory(),
		zpl.Factory(),
		zvt.Factory(),
	)
}
