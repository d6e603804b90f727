package devices

import (
	"context"
	"time"

	"shopbox/drivers"
)

// DrawerSensor is how the sensor of a cash drawer shows that it is open. It
// depends on the drawer, so a person teaches it: close, look, open, look.
type DrawerSensor string

// The ways a sensor reads.
const (
	// NoSensor: there is none, or nobody taught it yet.
	NoSensor DrawerSensor = ""
	// OpenHigh: the pin is high while the drawer is open; OpenLow: low.
	OpenHigh DrawerSensor = "high"
	OpenLow  DrawerSensor = "low"
)

func (s DrawerSensor) valid() bool { return s == NoSensor || s == OpenHigh || s == OpenLow }

// open is what a reading of the pin means.
func (s DrawerSensor) open(high bool) bool { return high == (s == OpenHigh) }

// drawerUnasked is the code of a drawer that was opened without us.
const drawerUnasked = "drawer_unasked"

// pulseLasts is how long after our pulse the drawer may be found open: the
// printer opens it at once, and we look every second.
const pulseLasts = 5 * time.Second

// watchDrawer notices a drawer that opens though nobody sent it a pulse, and
// keeps saying so until it is closed. It is called with the turn taken.
func (m *Manager) watchDrawer(ctx context.Context, e *entry, status drivers.PrinterStatus) {
	m.mu.Lock()
	sensor := e.Duty.Drawer
	m.mu.Unlock()
	if sensor == NoSensor {
		e.drawer = drawerState{}
		return
	}
	open := sensor.open(status.DrawerOpen)
	before := e.drawer
	e.drawer.known, e.drawer.open = true, open
	e.drawer.unasked = open && (before.unasked || before.known && !before.open && m.config.Now().Sub(before.pulsed) > pulseLasts)
	if e.drawer.unasked && !before.unasked && m.config.DrawerUnasked != nil {
		m.mu.Lock()
		view := e.view()
		m.mu.Unlock()
		m.config.DrawerUnasked(ctx, view)
	}
}

// drawerState is what is known of the drawer on a printer. It belongs to
// whoever has the printer's turn.
type drawerState struct {
	// known says that the sensor was read before, so that a change is one.
	known, open, unasked bool
	// pulsed is when we last opened it.
	pulsed time.Time
}

func (m *Manager) pulsed(e *entry) { e.drawer.pulsed = m.config.Now() }
