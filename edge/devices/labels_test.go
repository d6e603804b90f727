package devices_test

import (
	"errors"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/sim/zplsim"
	"shopbox/edge/devices"
	"shopbox/edge/printing"
)

func (s *shop) startLabels(id string) *zplsim.Simulator {
	s.t.Helper()
	printer, err := zplsim.Start(s.t.Context(), zplsim.Config{Listen: "127.0.0.1:0"})
	must(s.t, err)
	s.t.Cleanup(func() { printer.Close() })
	s.adopt(id, "zpl", printer.Addr())
	s.becomes(id, devices.OK, "")
	return printer
}

func (s *shop) label(printer string, copies int) int64 {
	s.t.Helper()
	id, err := s.store.Enqueue(s.t.Context(), printing.Job{Kind: printing.Label, Number: "우유", Printer: printer, Document: drivers.Document{
		Blocks: []drivers.Block{drivers.Label{Width: 40, Height: 25, Title: "우유", Price: "2,850원", Copies: copies}},
	}})
	must(s.t, err)
	s.manager.Wake()
	return id
}

// TestLabelPrinter: a printer of labels gets labels and never a receipt; without
// one they come out of the receipt printer.
func TestLabelPrinter(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	if _, err := s.manager.Labeller(""); !errors.Is(err, devices.ErrNoDevice) {
		t.Errorf("without a printer: %v", err)
	}
	counter := s.startPrinter("counter")
	first, err := s.manager.Labeller("")
	must(t, err)
	if first.ID != "counter" || first.Role != devices.ReceiptRole || first.Stock != (drivers.LabelStock{Resolution: 203, Widest: 576}) {
		t.Errorf("labels go to %+v", first)
	}
	labels := s.startLabels("labels")
	if then, err := s.manager.Labeller(""); err != nil || then.ID != "labels" || then.Role != devices.LabelRole || !then.Stock.Only {
		t.Errorf("labels go to %+v, %v", then, err)
	}
	if chosen, err := s.manager.Labeller("counter"); err != nil || chosen.ID != "counter" {
		t.Errorf("chosen by hand: %+v, %v", chosen, err)
	}
	s.printed(s.order("", "receipt"))
	s.printed(s.label("labels", 3))
	s.printed(s.label("counter", 2))
	if got := len(labels.Labels()); got != 3 || len(counter.Slips()) != 3 {
		t.Errorf("%d labels and %d slips", got, len(counter.Slips()))
	}
	for _, view := range s.manager.List() {
		if view.ID == "labels" && view.Duty.Role != devices.LabelRole {
			t.Errorf("the label printer is for %q", view.Duty.Role)
		}
	}
}

// TestLabelDuty: which duties go together.
func TestLabelDuty(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.startPrinter("counter")
	s.startPrinter("shelf")
	s.startLabels("labels")
	for _, tt := range []struct {
		id   string
		duty devices.Duty
		ok   bool
	}{
		{"labels", devices.Duty{Role: devices.LabelRole, Backup: "shelf"}, true},
		{"labels", devices.Duty{Role: devices.ReceiptRole}, false},
		{"labels", devices.Duty{Role: devices.KitchenRole}, false},
		{"labels", devices.Duty{}, false},
		{"shelf", devices.Duty{Role: devices.LabelRole, Backup: "labels"}, true},
		{"counter", devices.Duty{Role: devices.ReceiptRole, Backup: "labels"}, false},
		{"counter", devices.Duty{Role: "poster"}, false},
	} {
		if err := s.manager.SetDuty(tt.id, tt.duty); (err == nil) != tt.ok || !tt.ok && !errors.Is(err, devices.ErrDuty) {
			t.Errorf("%s as %+v: %v", tt.id, tt.duty, err)
		}
	}
	if got, err := s.manager.Labeller("shelf"); err != nil || got.Role != devices.LabelRole {
		t.Errorf("the receipt printer for labels: %+v, %v", got, err)
	}
	// What a label printer can never print does not hold up what comes after.
	wrong := s.order("labels", "an order")
	s.printed(s.label("labels", 1))
	if job, err := s.store.PrintJob(t.Context(), wrong); err != nil || job.State != printing.Failed || job.Code != "unsupported" {
		t.Errorf("the order is %s, %s, %v", job.State, job.Code, err)
	}
}
