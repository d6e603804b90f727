package devices_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/printersim"
	"shopbox/edge/devices"
	"shopbox/edge/printing"
)

// startPrinter adopts a simulated printer and waits until it is well.
func (s *shop) startPrinter(id string) *printersim.Simulator {
	s.t.Helper()
	printer, err := printersim.Start(s.t.Context(), printersim.Config{Listen: "127.0.0.1:0"})
	must(s.t, err)
	s.t.Cleanup(func() { printer.Close() })
	s.adopt(id, "escpos", printer.Addr())
	s.becomes(id, devices.OK, "")
	return printer
}

// order queues a slip of five lines for a printer, "" for any receipt printer.
func (s *shop) order(printer, text string) int64 {
	s.t.Helper()
	blocks := []drivers.Block{drivers.Text{Text: text}}
	for range 4 {
		blocks = append(blocks, drivers.Text{Text: "."})
	}
	id, err := s.store.Enqueue(s.t.Context(), printing.Job{
		Kind: printing.Kitchen, Number: text, Printer: printer, Document: drivers.Document{Blocks: blocks},
	})
	must(s.t, err)
	s.manager.Wake()
	return id
}

// heads are the first lines of what came out.
func heads(printer *printersim.Simulator) string {
	var first []string
	for _, slip := range printer.Slips() {
		head, _, _ := strings.Cut(slip.Text(), "\n")
		first = append(first, head)
	}
	return strings.Join(first, " ")
}

// TestKitchenBackup: orders wait for the kitchen's printer for some seconds,
// then its backup prints them; what may be on paper is nobody's any more.
func TestKitchenBackup(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	bar, kitchen := s.startPrinter("bar"), s.startPrinter("kitchen")
	must(t, s.manager.SetDuty("kitchen", devices.Duty{Role: devices.KitchenRole, Backup: "bar"}))
	s.printed(s.order("kitchen", "one"))
	s.printed(s.order("", "receipt"))
	if heads(kitchen) != "one" || heads(bar) != "receipt" {
		t.Errorf("kitchen %q, bar %q", heads(kitchen), heads(bar))
	}

	began := time.Now()
	must(t, kitchen.SetFault(printersim.PaperOutMidway, true))
	torn := s.order("kitchen", "torn")
	s.becomes("kitchen", devices.Stop, "paper_out")
	waiting := s.order("kitchen", "two")
	s.printed(waiting)
	if took := time.Since(began); took < time.Second {
		t.Errorf("the backup took over after %s", took)
	}
	if heads(bar) != "receipt two" {
		t.Errorf("bar %q", heads(bar))
	}
	if job := s.job(torn); job.State != printing.Unknown || job.Tries != 1 {
		t.Errorf("the torn order is %s after %d tries", job.State, job.Tries)
	}
	loads, err := s.store.PrinterLoads(t.Context())
	if must(t, err); loads["kitchen"].LostOrders != 1 {
		t.Errorf("loads %+v", loads)
	}

	// With paper the kitchen prints its own again, and receipts never.
	must(t, kitchen.SetFault(printersim.PaperOut, false))
	s.becomes("kitchen", devices.OK, "")
	s.printed(s.order("kitchen", "three"))
	must(t, bar.SetFault(printersim.PaperOut, true))
	s.becomes("bar", devices.Stop, "paper_out")
	receipt := s.order("", "later")
	s.printed(s.order("kitchen", "four"))
	if got := s.job(receipt).State; got != printing.Queued {
		t.Errorf("the receipt is %s", got)
	}
	if !strings.HasSuffix(heads(kitchen), "three four") {
		t.Errorf("kitchen %q", heads(kitchen))
	}
}

func TestDutyRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.adopt("bar", "escpos", "tcp://127.0.0.1:1")
	s.adopt("scanner", "serialscan", "serial:///nowhere")
	for name, tt := range map[string]struct {
		id   string
		duty devices.Duty
		want error
	}{
		"no such printer":   {"other", devices.Duty{}, devices.ErrUnknownDevice},
		"not a printer":     {"scanner", devices.Duty{}, devices.ErrDuty},
		"role":              {"bar", devices.Duty{Role: "garden"}, devices.ErrDuty},
		"sensor":            {"bar", devices.Duty{Drawer: "wet"}, devices.ErrDuty},
		"its own backup":    {"bar", devices.Duty{Backup: "bar"}, devices.ErrDuty},
		"backup unknown":    {"bar", devices.Duty{Backup: "other"}, devices.ErrDuty},
		"backup no printer": {"bar", devices.Duty{Backup: "scanner"}, devices.ErrDuty},
	} {
		if err := s.manager.SetDuty(tt.id, tt.duty); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, s.manager.SetDuty("bar", devices.Duty{Role: devices.KitchenRole}))
	if s.manager.HasReceiptPrinter() {
		t.Error("a kitchen printer prints receipts")
	}
	if err := s.manager.OpenDrawer(t.Context()); !errors.Is(err, devices.ErrNoDevice) {
		t.Errorf("the drawer of the kitchen: %v", err)
	}
}

// TestDrawerUnasked, with a sensor that is high while the drawer is open and
// with one that is low.
func TestDrawerUnasked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		sensor   devices.DrawerSensor
		openHigh bool
	}{"high": {devices.OpenHigh, true}, "low": {devices.OpenLow, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			printer := s.startPrinter("bar")
			move := func(open bool) { must(t, printer.SetFault(printersim.DrawerOpen, open == tt.openHigh)) }
			move(false)
			high, err := s.manager.DrawerPin(t.Context(), "bar")
			if must(t, err); high == tt.openHigh {
				t.Fatalf("closed, the pin is high: %t", high)
			}
			must(t, s.manager.SetDuty("bar", devices.Duty{Drawer: tt.sensor}))
			s.looked(printer)

			// A drawer that we open is no news.
			must(t, s.manager.OpenDrawer(t.Context()))
			move(true)
			s.looked(printer)
			move(false)
			s.looked(printer)
			select {
			case view := <-s.unasked:
				t.Fatalf("alarm though the box opened it: %+v", view)
			default:
			}

			s.later(time.Minute)
			move(true)
			select {
			case view := <-s.unasked:
				if view.ID != "bar" {
					t.Errorf("alarm at %s", view.ID)
				}
			case <-time.After(within):
				t.Fatal("nobody heard of the open drawer")
			}
			s.becomes("bar", devices.Warn, "drawer_unasked")
			move(false)
			s.becomes("bar", devices.OK, "")
		})
	}
}

// looked waits until the manager looked at the printer: it tells what changed.
func (s *shop) looked(printer *printersim.Simulator) {
	s.t.Helper()
	must(s.t, printer.SetFault(printersim.NearEnd, true))
	s.becomes("bar", devices.Warn, "paper_low")
	must(s.t, printer.SetFault(printersim.NearEnd, false))
	s.becomes("bar", devices.OK, "")
}
