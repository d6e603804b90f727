package escpos_test

import (
	"testing"
	"time"

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
