package devices

import (
	"fmt"
	"slices"

	"shopbox/drivers"
)

// Labeller is a printer that labels can come out of.
type Labeller struct {
	// ID and Name are the device's.
	ID, Name string
	Stock    drivers.LabelStock
	// Role is what the printer is for: LabelRole before ReceiptRole.
	Role Role
}

// labels is what a printer prints labels on; only says that it prints nothing
// else. The zero stock is a printer that prints none.
func (e *entry) labels() (stock drivers.LabelStock, only bool) {
	labeller, is := e.device.(drivers.Labeller)
	if !is {
		return drivers.LabelStock{}, false
	}
	stock = labeller.LabelStock()
	return stock, stock.Only
}

// Labellers are the printers that labels may come out of, the best first: one
// whose duty they are before a receipt printer, a working one before one that is
// not.
func (m *Manager) Labellers() []Labeller {
	m.mu.Lock()
	defer m.mu.Unlock()
	var able []*entry
	for _, e := range m.entries {
		if stock, _ := e.labels(); e.kind == drivers.KindPrinter && stock.Resolution > 0 && e.role() != KitchenRole {
			able = append(able, e)
		}
	}
	slices.SortFunc(able, func(a, b *entry) int {
		switch {
		case a.role() != b.role() && a.role() == LabelRole, a.role() == b.role() && better(a, b):
			return -1
		}
		return 1
	})
	labellers := make([]Labeller, len(able))
	for i, e := range able {
		stock, _ := e.labels()
		labellers[i] = Labeller{ID: e.ID, Name: e.Name, Stock: stock, Role: e.role()}
	}
	return labellers
}

// Labeller is the printer of that id for labels, the best for an empty id;
// ErrNoDevice without one.
func (m *Manager) Labeller(id string) (Labeller, error) {
	for _, labeller := range m.Labellers() {
		if id == "" || labeller.ID == id {
			return labeller, nil
		}
	}
	return Labeller{}, fmt.Errorf("%w: no printer for labels", ErrNoDevice)
}
