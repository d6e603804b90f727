package escpos_test

import (
	"errors"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/escpos"
	"shopbox/drivers/sim/printersim"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, listen := range map[string]string{"tcp": "127.0.0.1:0", "serial": ""} {
		for _, confirm := range []escpos.Confirm{escpos.ConfirmProcessID, escpos.ConfirmBarrier} {
			t.Run(name+" "+string(confirm), func(t *testing.T) {
				t.Parallel()
				conformance.Printer(t, func(t *testing.T) conformance.PrinterCase {
					t.Helper()
					simulator := startSimulator(t, listen)
					return conformance.PrinterCase{Printer: newPrinter(t, simulator, confirm), Tray: simulator}
				})
			})
		}
	}
}

func startSimulator(t *testing.T, listen string) *printersim.Simulator {
	t.Helper()
	simulator, err := printersim.Start(t.Context(), printersim.Config{Listen: listen})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = simulator.Close() })
	return simulator
}

func newPrinter(t *testing.T, simulator *printersim.Simulator, confirm escpos.Confirm) *escpos.Printer {
	t.Helper()
	printer, err := escpos.New(escpos.Config{Address: simulator.Addr(), Answer: 500 * time.Millisecond, Profile: escpos.Profile{
		Columns: 48, Korean: true, Cutter: true, QR: true, Confirm: confirm, DrawerPin: 2,
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = printer.Close() })
	return printer
}

// A printer that knows no confirmation counts as having printed when its
// status stayed good for longer than it needs.
func TestPoll(t *testing.T) {
	t.Parallel()
	simulator := startSimulator(t, "127.0.0.1:0")
	if err := simulator.SetFault(printersim.NoConfirm, true); err != nil {
		t.Fatal(err)
	}
	printer := newPrinter(t, simulator, escpos.ConfirmPoll)
	document := drivers.Document{Blocks: []drivers.Block{drivers.Text{Text: "하나"}, drivers.Text{Text: "둘"}, drivers.Text{Text: "셋"}}}
	if err := printer.Print(t.Context(), document); err != nil {
		t.Fatal(err)
	}
	if err := simulator.SetFault(printersim.PaperOutMidway, true); err != nil {
		t.Fatal(err)
	}
	err := printer.Print(t.Context(), document)
	if !errors.Is(err, drivers.ErrPrintUnknown) || !errors.Is(err, drivers.ErrPaperOut) {
		t.Errorf("paper out midway: %v", err)
	}
	if slips := simulator.Slips(); len(slips) != 1 {
		t.Errorf("%d slips came out; want 1", len(slips))
	}
}

// Without a deadline of the caller the driver itself gives up.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	simulator := startSimulator(t, "127.0.0.1:0")
	if err := simulator.SetFault(printersim.NoConfirm, true); err != nil {
		t.Fatal(err)
	}
	printer, err := escpos.New(escpos.Config{
		Address: simulator.Addr(), Patience: 100 * time.Millisecond,
		Profile: escpos.Profile{Columns: 42, Confirm: escpos.ConfirmProcessID},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = printer.Close() })
	if err := printer.Print(t.Context(), drivers.Document{}); !errors.Is(err, drivers.ErrPrintUnknown) {
		t.Errorf("print: %v", err)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry, err := drivers.NewRegistry(escpos.Factory())
	if err != nil {
		t.Fatal(err)
	}
	made, err := registry.New("escpos", drivers.Settings{"addr": "file:///dev/usb/lp0", "columns": "42"})
	if err != nil {
		t.Fatal(err)
	}
	if printer, ok := made.(drivers.Printer); !ok || printer.Columns() != 42 {
		t.Errorf("made a %T", made)
	}
	for name, settings := range map[string]drivers.Settings{
		"no address":  {},
		"no port":     {"addr": "tcp://printer"},
		"bad columns": {"addr": "tcp://printer:9100", "columns": "1"},
		"bad confirm": {"addr": "tcp://printer:9100", "confirm": "hope"},
		"bad model":   {"addr": "tcp://printer:9100", "model": "abacus"},
		"bad status":  {"addr": "tcp://printer:9100", "status": "never"},
	} {
		if _, err := registry.New("escpos", settings); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Settings stored before there were models mean what they meant; a model
// describes a printer, and a single setting corrects the description.
func TestModels(t *testing.T) {
	t.Parallel()
	models, err := escpos.Models()
	if err != nil || len(models) == 0 {
		t.Fatalf("%d models, %v", len(models), err)
	}
	old := escpos.Profile{
		Columns: 48, Dots: 576, Korean: true, Cutter: true, QR: true, Status: escpos.StatusAutomatic,
		Confirm: escpos.ConfirmBarrier, DrawerPin: 2,
	}
	corrected := old
	corrected.Columns, corrected.Dots, corrected.Korean, corrected.Confirm, corrected.DrawerPin = 42, 0, false, escpos.ConfirmPoll, 5
	epson := old
	epson.Columns, epson.Dots, epson.DPI, epson.Confirm, epson.Cutter = 42, 512, 180, escpos.ConfirmProcessID, false
	for name, tt := range map[string]struct {
		settings drivers.Settings
		want     escpos.Profile
	}{
		"none": {nil, old},
		"stored by an older version": {drivers.Settings{
			"columns": "42", "korean": "no", "confirm": "poll", "drawer": "5", "cutter": "yes", "qr": "yes",
		}, corrected},
		"a model and a correction": {drivers.Settings{"model": "epson-tm-t88v", "cutter": "no"}, epson},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := escpos.ProfileOf(tt.settings)
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
	seen := map[string]bool{}
	for _, model := range models {
		if seen[model.Name] || model.Title == "" || model.Source == "" {
			t.Errorf("%s is there twice, or says too little: %+v", model.Name, model)
		}
		seen[model.Name] = true
		if model.Dots < 12*model.Columns || model.Dots >= 12*(model.Columns+1) {
			t.Errorf("%s: %d columns on %d dots", model.Name, model.Columns, model.Dots)
		}
		if _, err := escpos.New(escpos.Config{Address: "tcp://printer:9100", Profile: model.Profile}); err != nil {
			t.Errorf("%s: %v", model.Name, err)
		}
	}
}
