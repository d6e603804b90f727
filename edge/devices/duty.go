package devices

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"shopbox/drivers"
)

// ErrDuty says that a printer cannot have this duty.
var ErrDuty = errors.New("printer_duty")

// Role is what a printer prints.
type Role string

// The roles of printers. Slips that name no printer are for receipt printers.
const (
	ReceiptRole Role = "receipt"
	KitchenRole Role = "kitchen"
	// LabelRole prints the labels of goods, and slips that name it.
	LabelRole Role = "label"
)

// Duty is what a printer is for in this shop, whatever drives it.
type Duty struct {
	// Role is ReceiptRole when empty.
	Role Role
	// Backup is the printer that prints in its place while it is stopped; empty
	// for none.
	Backup string
	// Drawer is how the sensor of its cash drawer reads.
	Drawer DrawerSensor
}

// role is what a printer prints: what it was told to, but one whose paper is
// labels prints nothing else.
func (e *entry) role() Role {
	if _, only := e.labels(); only {
		return LabelRole
	}
	return cmp.Or(e.Duty.Role, ReceiptRole)
}

// receipts reports whether slips that name no printer are for it.
func (e *entry) receipts() bool { return e.role() == ReceiptRole }

// CheckDuty says why a printer cannot have a duty; it is ErrDuty.
func (m *Manager) CheckDuty(id string, duty Duty) error {
	e, err := m.find(id)
	if err != nil {
		return err
	}
	switch {
	case e.kind != drivers.KindPrinter:
		return fmt.Errorf("%w: not a printer", ErrDuty)
	case !e.may(duty.Role):
		return fmt.Errorf("%w: role %q", ErrDuty, duty.Role)
	case !duty.Drawer.valid():
		return fmt.Errorf("%w: drawer sensor %q", ErrDuty, duty.Drawer)
	case duty.Backup == id:
		return fmt.Errorf("%w: a printer is no backup of its own", ErrDuty)
	case duty.Backup == "":
		return nil
	}
	backup, err := m.find(duty.Backup)
	if err != nil || backup.kind != drivers.KindPrinter {
		return fmt.Errorf("%w: the backup is no printer of the shop", ErrDuty)
	}
	if _, only := backup.labels(); only && duty.Role != LabelRole {
		return fmt.Errorf("%w: the backup prints labels alone", ErrDuty)
	}
	return nil
}

// may reports whether a printer can have a role.
func (e *entry) may(role Role) bool {
	_, only := e.labels()
	switch role {
	case LabelRole:
		return true
	case ReceiptRole, KitchenRole, "":
		return !only
	}
	return false
}

// SetDuty gives a printer its duty; it stays open meanwhile.
func (m *Manager) SetDuty(id string, duty Duty) error {
	if err := m.CheckDuty(id, duty); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, known := m.entries[id]; known {
		e.Duty = duty
	}
	m.wakeKind(drivers.KindPrinter)
	return nil
}

// HasReceiptPrinter reports whether there is a printer for receipts, well or
// not.
func (m *Manager) HasReceiptPrinter() bool {
	_, err := m.receiptPrinter()
	return err == nil
}

// receiptPrinter is the printer for receipts: a working one before one that is
// not.
func (m *Manager) receiptPrinter() (*entry, error) {
	return m.firstOf(drivers.KindPrinter, func(e *entry) bool { return e.receipts() })
}

// serves lists the printers whose slips a printer prints now, "" for slips that
// name none: its own, and those of a printer it is the backup of, once that one
// has been stopped for the time of Waits.TakeOver. A slip that was given to the
// other one already is not among them: it may be on paper.
func (m *Manager) serves(e *entry) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	served := e.own()
	for _, other := range m.entries {
		if other.kind == drivers.KindPrinter && other.Duty.Backup == e.ID && m.stoppedFor(other) >= m.config.Waits.TakeOver {
			served = append(served, other.own()...)
		}
	}
	return served
}

func (e *entry) own() []string {
	if e.receipts() {
		return []string{e.ID, ""}
	}
	return []string{e.ID}
}

// stoppedFor is how long a device has been stopped, whatever the faults were;
// -1 when it is not. The lock is held.
func (m *Manager) stoppedFor(e *entry) time.Duration {
	if e.state.Level != Stop {
		return -1
	}
	return m.config.Now().Sub(e.stopped)
}

// DrawerPin is what the sensor of a printer's cash drawer says now, high or
// not, for whoever teaches the box what it means.
func (m *Manager) DrawerPin(ctx context.Context, id string) (high bool, err error) {
	e, err := m.find(id)
	if err != nil {
		return false, err
	}
	printer, is := e.device.(drivers.Printer)
	if !is {
		return false, drivers.ErrUnsupported
	}
	if err := e.take(ctx); err != nil {
		return false, err
	}
	defer e.release()
	if err := e.ready(ctx); err != nil {
		return false, err
	}
	status, err := printer.Status(ctx)
	if errors.Is(status.Fault, drivers.ErrOffline) {
		return false, status.Fault
	}
	return status.DrawerOpen, err
}
