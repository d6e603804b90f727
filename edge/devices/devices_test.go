package devices_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/cas"
	"shopbox/drivers/escpos"
	"shopbox/drivers/serialscan"
	"shopbox/drivers/sim/printersim"
	"shopbox/drivers/sim/scannersim"
	"shopbox/drivers/sim/usbsim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/toledo"
	"shopbox/drivers/vfd"
	"shopbox/drivers/zpl"
	"shopbox/drivers/zvt"
	"shopbox/edge/devices"
	"shopbox/edge/devices/hotplug"
	"shopbox/edge/printing"
	"shopbox/edge/store"
)

// within is the time a person may wait to see that a device is gone.
const within = 3 * time.Second

// queue is the print queue of a real store.
type queue struct{ *store.Store }

func (q queue) Next(ctx context.Context, printers []string) (devices.Job, bool, error) {
	job, ok, err := q.NextPrintJob(ctx, printers...)
	return devices.Job{ID: job.ID, Document: job.Document}, ok, err
}

func (q queue) Finish(ctx context.Context, id int64, verdict devices.Verdict, code string) error {
	return q.FinishPrintJob(ctx, id, printing.State(verdict), code)
}

type shop struct {
	t       *testing.T
	manager *devices.Manager
	store   *store.Store
	bus     *usbsim.Bus
	learned chan devices.Adopted
	changes chan devices.View
	scans   chan string
	garbage chan error
	unasked chan devices.View
	// ahead is how far the clock was moved by later.
	ahead atomic.Int64
}

func (s *shop) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// later lets time pass for the manager.
func (s *shop) later(by time.Duration) { s.ahead.Add(int64(by)) }

func registry() (drivers.Registry, error) {
	return drivers.NewRegistry(cas.Factory(), escpos.Factory(), serialscan.Factory(), toledo.Factory(), vfd.Factory(), zpl.Factory(), zvt.Factory())
}

func newShop(t *testing.T) *shop {
	t.Helper()
	registry, err := registry()
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	s := &shop{
		t: t, learned: make(chan devices.Adopted, 100), changes: make(chan devices.View, 100), scans: make(chan string, 100), garbage: make(chan error, 100),
		unasked: make(chan devices.View, 10),
	}
	s.store, err = store.Open(t.Context(), store.Options{
		Path: filepath.Join(t.TempDir(), "box.db"), ReserveBytes: -1, Now: time.Now, Logger: log,
	})
	must(t, err)
	s.bus, err = usbsim.New(t.TempDir())
	must(t, err)
	s.manager = devices.New(devices.Config{
		Registry: registry, Queue: queue{s.store}, Now: s.now, Log: log,
		DrawerUnasked: func(_ context.Context, view devices.View) { s.unasked <- view },
		Waits:         devices.Waits{TakeOver: time.Second},
		Plugged:       hotplug.Tree{Root: s.bus.Folder}.Sightings, Learned: func(_ context.Context, adopted devices.Adopted) { s.learned <- adopted },
		Scanned: func(_ context.Context, _ string, scan drivers.Scan) { s.scans <- scan.Code },
		BadScan: func(_ string, err error) { s.garbage <- err },
		Changed: func(_ context.Context, view devices.View) { s.changes <- view },
	})
	t.Cleanup(func() {
		s.manager.Close()
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *shop) adopt(id, driver, address string) {
	s.t.Helper()
	must(s.t, s.manager.Adopt(devices.Adopted{ID: id, Driver: driver, Name: id, Settings: drivers.Settings{"addr": address}}))
}

// becomes waits for a change to a state, as long as a person may.
func (s *shop) becomes(id string, level devices.Level, code string) {
	s.t.Helper()
	late := time.NewTimer(within)
	defer late.Stop()
	for {
		select {
		case view := <-s.changes:
			if view.ID == id && view.State.Level == level && view.State.Code == code {
				return
			}
		case <-late.C:
			s.t.Fatalf("%s did not become %s %q within %s: %+v", id, level, code, within, s.manager.List())
		}
	}
}

func (s *shop) queue(text string) int64 {
	s.t.Helper()
	id, err := s.store.Enqueue(s.t.Context(), printing.Job{
		Kind: printing.Report, Document: drivers.Document{Blocks: []drivers.Block{
			drivers.Text{Text: text}, drivers.Text{Text: "2"}, drivers.Text{Text: "3"}, drivers.Text{Text: "4"}, drivers.Text{Text: "5"},
		}},
	})
	must(s.t, err)
	s.manager.Wake()
	return id
}

func (s *shop) job(id int64) printing.Job {
	s.t.Helper()
	job, err := s.store.PrintJob(s.t.Context(), id)
	must(s.t, err)
	return job
}

func TestPrinter(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	printer, err := printersim.Start(t.Context(), printersim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { printer.Close() })
	s.adopt("printer", "escpos", printer.Addr())
	s.becomes("printer", devices.OK, "")
	first := s.queue("first")
	_, err = printer.WaitSlips(t.Context(), 1)
	must(t, err)

	must(t, printer.SetFault(printersim.PaperOut, true))
	s.becomes("printer", devices.Stop, "paper_out")
	second := s.queue("second")
	third := s.queue("third")
	if err := s.manager.TestPrint(t.Context(), "printer", drivers.Document{}); !errors.Is(err, drivers.ErrPaperOut) {
		t.Errorf("test print without paper: %v", err)
	}
	if job := s.job(second); job.State != printing.Queued {
		t.Errorf("without paper the slip is %s", job.State)
	}
	must(t, printer.SetFault(printersim.PaperOut, false))
	s.becomes("printer", devices.OK, "")
	slips, err := printer.WaitSlips(t.Context(), 3)
	must(t, err)
	for i, want := range []string{"first\n", "second\n", "third\n"} {
		if got := slips[i].Text(); len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("slip %d is %q", i+1, got)
		}
	}
	for _, id := range []int64{first, second, third} {
		s.printed(id)
	}
	must(t, printer.SetFault(printersim.Offline, true))
	s.becomes("printer", devices.Stop, "offline")
	must(t, printer.SetFault(printersim.Offline, false))
	s.becomes("printer", devices.OK, "")
	must(t, printer.SetFault(printersim.NearEnd, true))
	s.becomes("printer", devices.Warn, "paper_low")
	must(t, s.manager.OpenDrawer(t.Context()))
	must(t, printer.WaitPulses(t.Context(), 1))
}

// A slip that may be on paper is not printed again by itself.
func TestPowerLossWhilePrinting(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	printer, err := printersim.Start(t.Context(), printersim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	t.Cleanup(func() { printer.Close() })
	s.adopt("printer", "escpos", printer.Addr())
	s.becomes("printer", devices.OK, "")
	must(t, printer.SetFault(printersim.PowerLoss, true))
	torn := s.queue("torn")
	s.becomes("printer", devices.Stop, "print_unknown")
	must(t, printer.SetFault(printersim.PowerLoss, false))
	s.becomes("printer", devices.OK, "")
	after := s.queue("after")
	s.printed(after)
	if job := s.job(torn); job.State != printing.Unknown || job.Tries != 1 {
		t.Errorf("the torn slip is %s after %d tries", job.State, job.Tries)
	}
}

// printed waits until a job is through.
func (s *shop) printed(id int64) {
	s.t.Helper()
	late := time.NewTimer(10 * time.Second)
	defer late.Stop()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for s.job(id).State != printing.Printed {
		select {
		case <-look.C:
		case <-late.C:
			s.t.Fatalf("job %d is %s", id, s.job(id).State)
		}
	}
}

func (s *shop) scanned(want string) {
	s.t.Helper()
	select {
	case got := <-s.scans:
		if got != want {
			s.t.Errorf("scanned %q, want %q", got, want)
		}
	case <-time.After(within):
		s.t.Fatalf("%q was not scanned", want)
	}
}

func TestScanner(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	scanner, err := scannersim.Start(t.Context(), scannersim.Config{})
	must(t, err)
	t.Cleanup(func() { scanner.Close() })
	s.adopt("scanner", "serialscan", scanner.Addr())
	s.becomes("scanner", devices.OK, "")
	for _, code := range []string{"8801000000012", "8801000000036", "R2611230001"} {
		must(t, scanner.Scan(code))
		s.scanned(code)
	}
	must(t, scanner.SetFault(scannersim.Garbage, true))
	must(t, scanner.Scan("8801000000012"))
	s.scanned("8801000000012")
	select {
	case bad := <-s.garbage:
		if bad == nil {
			t.Error("garbage without a reason")
		}
	case <-time.After(within):
		t.Error("nobody heard of the garbage")
	}
	must(t, scanner.SetFault(scannersim.Garbage, false))
	must(t, scanner.SetFault(scannersim.Unplugged, true))
	s.becomes("scanner", devices.Stop, "offline")
	must(t, scanner.SetFault(scannersim.Unplugged, false))
	s.becomes("scanner", devices.OK, "")
	must(t, scanner.Scan("8801000000036"))
	s.scanned("8801000000036")
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	if _, err := s.manager.Terminal(); !errors.Is(err, devices.ErrNoDevice) {
		t.Errorf("without a terminal: %v", err)
	}
	simulator, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: "127.0.0.1:0"})
	must(t, err)
	address := simulator.Addr()
	s.adopt("card", "zvt", address)
	s.becomes("card", devices.OK, "")
	terminal, err := s.manager.Terminal()
	must(t, err)
	if terminal.ID() != "card" || !terminal.CanAbort() {
		t.Errorf("terminal %s, can abort: %t", terminal.ID(), terminal.CanAbort())
	}
	mark, err := terminal.Mark(t.Context())
	must(t, err)
	charge := drivers.Charge{ID: "c1", Amount: 3000}
	result, err := terminal.Pay(t.Context(), charge)
	if err != nil || !result.Approved || result.Amount != 3000 {
		t.Fatalf("paid %+v %v", result, err)
	}
	found, err := terminal.Find(t.Context(), drivers.Query{Mark: mark, Charge: charge, Began: time.Now()})
	if err != nil || found.Outcome != drivers.OutcomeApproved {
		t.Errorf("found %+v %v", found, err)
	}
	must(t, simulator.SetFault("diagnosis_due", true))
	s.becomes("card", devices.Warn, "terminal_needs_diagnosis")
	if can := s.manager.List()[0].Services; len(can) != 3 {
		t.Errorf("services %v", can)
	}
	if _, err := s.manager.Serve(t.Context(), "card", devices.Diagnose); err != nil {
		t.Errorf("diagnosis: %v", err)
	}
	s.becomes("card", devices.OK, "")
	s.later(2 * time.Hour)
	if _, err := s.manager.Serve(t.Context(), "card", devices.SetTime); err != nil {
		t.Errorf("set the time: %v", err)
	}
	if later, err := terminal.Pay(t.Context(), charge); err != nil || later.At.Sub(s.now()).Abs() > time.Minute {
		t.Errorf("paid %+v, %v", later, err)
	}
	if totals, err := s.manager.Serve(t.Context(), "card", devices.EndOfDay); err != nil || totals.Total != 6000 || totals.Count != 2 {
		t.Errorf("end of day: %+v, %v", totals, err)
	}
	if _, err := s.manager.Serve(t.Context(), "card", "dance"); !errors.Is(err, drivers.ErrUnsupported) {
		t.Errorf("an unknown service: %v", err)
	}
	if _, err := s.manager.Serve(t.Context(), "nobody", devices.Diagnose); !errors.Is(err, devices.ErrUnknownDevice) {
		t.Errorf("nobody's service: %v", err)
	}
	must(t, simulator.Close())
	s.becomes("card", devices.Stop, "offline")
	if _, err := terminal.Status(t.Context()); !errors.Is(err, drivers.ErrOffline) {
		t.Errorf("status of a dead terminal: %v", err)
	}
	back, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: address})
	must(t, err)
	t.Cleanup(func() { back.Close() })
	s.becomes("card", devices.OK, "")
	if _, err := s.manager.TerminalByID("other"); !errors.Is(err, devices.ErrUnknownDevice) {
		t.Errorf("another terminal: %v", err)
	}
	// With two, the one that works is paid at.
	s.adopt("another", "zvt", "127.0.0.1:1")
	s.becomes("another", devices.Stop, "offline")
	if terminal, err := s.manager.Terminal(); err != nil || terminal.ID() != "card" {
		t.Errorf("paid at %v %v", terminal, err)
	}
	s.manager.Forget("card")
	if list := s.manager.List(); len(list) != 1 || list[0].ID != "another" {
		t.Errorf("left %+v", list)
	}
}

func TestAdoptRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, adopted := range []devices.Adopted{
		{ID: "a", Driver: "tape"}, {ID: "b", Driver: "escpos"}, {ID: "c", Driver: "escpos", Settings: drivers.Settings{"addr": "what"}},
	} {
		if err := s.manager.Adopt(adopted); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%+v: %v", adopted, err)
		}
	}
	if list := s.manager.List(); len(list) != 0 {
		t.Errorf("adopted all the same: %+v", list)
	}
	if err := s.manager.OpenDrawer(t.Context()); !errors.Is(err, devices.ErrNoDevice) {
		t.Errorf("drawer without a printer: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
