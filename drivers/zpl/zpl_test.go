package zpl_test

import (
	"context"
	"image"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/conformance"
	"shopbox/drivers/label"
	"shopbox/drivers/sim/zplsim"
	"shopbox/drivers/zpl"
)

// tray shows the simulator as the suite wants it.
type tray struct{ *zplsim.Simulator }

func (t tray) Labels() []conformance.SeenLabel {
	labels := t.Simulator.Labels()
	seen := make([]conformance.SeenLabel, len(labels))
	for i, one := range labels {
		seen[i] = conformance.SeenLabel{Size: image.Pt(one.Width, one.Height), Inked: one.Graphics() > 0, Unknown: one.Unknown}
		for _, code := range one.Codes {
			symbology := map[string]drivers.Symbology{"EAN13": drivers.EAN13, "EAN8": drivers.EAN8, "CODE128": drivers.Code128}[code.System]
			seen[i].Codes = append(seen[i].Codes, drivers.LabelCode{Symbology: symbology, Data: code.Data})
		}
	}
	return seen
}

func (t tray) WaitLabels(ctx context.Context, count int) error {
	_, err := t.Simulator.WaitLabels(ctx, count)
	return err
}

func start(t *testing.T, config zplsim.Config) *zplsim.Simulator {
	t.Helper()
	simulator, err := zplsim.Start(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = simulator.Close() })
	return simulator
}

func driver(t *testing.T, address string) *zpl.Printer {
	t.Helper()
	printer, err := zpl.New(zpl.Config{
		Address: address, Resolution: 203, Answer: 300 * time.Millisecond, Poll: 10 * time.Millisecond, Patience: 2 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = printer.Close() })
	return printer
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, listen := range map[string]string{"tcp": "127.0.0.1:0", "serial": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conformance.LabelPrinter(t, func(t *testing.T) conformance.LabelCase {
				t.Helper()
				simulator := start(t, zplsim.Config{Listen: listen})
				return conformance.LabelCase{Printer: driver(t, simulator.Addr()), Tray: tray{simulator}}
			})
		})
	}
}

// What the printer draws from the commands is what was laid out, dot by dot,
// bars included.
func TestPictureIsThePlan(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]drivers.LabelCode{
		"ean13":   {Symbology: drivers.EAN13, Data: "8801043014809"},
		"ean8":    {Symbology: drivers.EAN8, Data: "96385074"},
		"letters": {Symbology: drivers.Code128, Data: "CANDLE-0A"},
		"digits":  {Symbology: drivers.Code128, Data: "12345678"},
		"none":    {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := drivers.Label{Width: 50, Height: 30, Title: "향초 ^XZ~JA", Price: "12,000원", Notes: []string{"100g당 6,000원"}, Code: code}
			simulator := start(t, zplsim.Config{Listen: "127.0.0.1:0"})
			if err := driver(t, simulator.Addr()).Print(t.Context(), drivers.Document{Blocks: []drivers.Block{asked}}); err != nil {
				t.Fatal(err)
			}
			labels := simulator.Labels()
			if len(labels) != 1 {
				t.Fatalf("%d labels", len(labels))
			}
			printed, err := labels[0].Picture()
			if err != nil {
				t.Fatal(err)
			}
			plan, err := label.Lay(asked, drivers.LabelStock{Resolution: 203})
			if err != nil {
				t.Fatal(err)
			}
			want := plan.Picture()
			if printed.Rect != want.Rect {
				t.Fatalf("printed %v, want %v", printed.Rect, want.Rect)
			}
			differ := 0
			for i := range want.Pix {
				if want.Pix[i] != printed.Pix[i] {
					differ++
				}
			}
			if differ > 0 {
				t.Errorf("%d dots differ", differ)
			}
		})
	}
}
