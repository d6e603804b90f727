package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/sim/hidsim"
	"shopbox/drivers/sim/printersim"
	"shopbox/drivers/sim/scannersim"
	"shopbox/drivers/sim/zplsim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/app"
	"shopbox/edge/cli"
)

// device runs a command and returns its lines.
func device(t *testing.T, in string, args ...string) ([]map[string]any, error) {
	t.Helper()
	registry, err := app.Drivers()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	failed := cli.Device(t.Context(), registry, args, strings.NewReader(in), &out)
	var lines []map[string]any
	decoder := json.NewDecoder(&out)
	for decoder.More() {
		var line map[string]any
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines, failed
}

func terminalSim(t *testing.T) *zvtsim.Simulator {
	t.Helper()
	sim, err := zvtsim.Start(t.Context(), zvtsim.Config{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return sim
}

func last(lines []map[string]any) map[string]any {
	if len(lines) == 0 {
		return nil
	}
	return lines[len(lines)-1]
}

func TestDevicePaysAndReverses(t *testing.T) {
	sim := terminalSim(t)
	call := func(act ...string) map[string]any {
		t.Helper()
		lines, err := device(t, "", append([]string{"zvt", "--addr", sim.Addr()}, act...)...)
		if err != nil {
			t.Fatalf("%v: %v", act, err)
		}
		return last(lines)
	}
	if status := call("status"); status["ready"] != true {
		t.Errorf("status: %v", status)
	}
	paid := call("pay", "2040")
	if paid["outcome"] != "approved" || paid["amount"] != 2040.0 || sim.Balance() != 2040 {
		t.Errorf("paid %v, the terminal's book %d", paid, sim.Balance())
	}
	if again := call("last"); again["reference"] != paid["reference"] || again["amount"] != paid["amount"] {
		t.Errorf("last %v, paid %v", again, paid)
	}
	if reversed := call("reverse"); reversed["outcome"] != "approved" || sim.Balance() != 0 {
		t.Errorf("reversed %v, the terminal's book %d", reversed, sim.Balance())
	}
}

// A lost answer is asked for; the customer is charged once.
func TestDeviceAsksAfterALostAnswer(t *testing.T) {
	sim := terminalSim(t)
	if err := sim.SetFault("answer_lost_after_approval:once", true); err != nil {
		t.Fatal(err)
	}
	lines, err := device(t, "", "zvt", "--addr", sim.Addr(), "--set", "t4=1", "pay", "2040")
	found := last(lines)
	if found["asked"] != true {
		t.Fatalf("found %v, %v", found, err)
	}
	charged := map[string]int64{"approved": 2040, "not_charged": 0}
	if want, known := charged[fmt.Sprint(found["outcome"])]; !known || sim.Balance() != want {
		t.Errorf("found %v, the terminal's book %d", found, sim.Balance())
	}
}

func TestDeviceTellsFaults(t *testing.T) {
	sim := terminalSim(t)
	if err := sim.SetFault("decline", true); err != nil {
		t.Fatal(err)
	}
	lines, err := device(t, "", "zvt", "--addr", sim.Addr(), "pay", "2040")
	if err == nil || lines[len(lines)-1]["error"] == nil || lines[len(lines)-2]["outcome"] != "declined" {
		t.Errorf("declined: %v, %v", lines, err)
	}
	lines, err = device(t, "", "zvt", "--addr", "127.0.0.1:1", "status")
	if !errors.Is(err, drivers.ErrOffline) || last(lines)["error"] != "offline" {
		t.Errorf("nobody there: %v, %v", lines, err)
	}
	for name, args := range map[string][]string{
		"no act":       {"zvt", "--addr", "127.0.0.1:1"},
		"unknown flag": {"zvt", "--nothing", "status"},
		"no amount":    {"zvt", "--addr", sim.Addr(), "pay"},
		"two amounts":  {"zvt", "--addr", sim.Addr(), "pay", "3", "2", "1"},
		"not its act":  {"zvt", "--addr", sim.Addr(), "print", "-"},
	} {
		if _, err := device(t, "", args...); !errors.Is(err, cli.ErrDeviceUsage) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := device(t, "", "zvt", "--addr", sim.Addr(), "pay", "-5"); err == nil {
		t.Error("a negative amount was taken")
	}
	for name, args := range map[string][]string{
		"no such driver": {"nothing", "status"}, "no such setting": {"zvt", "--addr", sim.Addr(), "--set", "colour=red", "status"},
	} {
		if lines, err := device(t, "", args...); !errors.Is(err, drivers.ErrSettings) || last(lines)["error"] != "settings" {
			t.Errorf("%s: %v, %v", name, lines, err)
		}
	}
}

func TestDevicePrints(t *testing.T) {
	sim, err := printersim.Start(t.Context(), printersim.Config{Listen: "127.0.0.1:0", Columns: 48})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	addr := "--addr=" + sim.Addr()
	lines, err := device(t, "한글도 찍혀요\n", "escpos", addr, "print", "-")
	if err != nil || last(lines)["printed"] != true {
		t.Fatalf("print: %v, %v", lines, err)
	}
	if slips := sim.Slips(); len(slips) != 1 || !strings.Contains(slips[0].Text(), "한글도 찍혀요") {
		t.Errorf("on paper: %v", slips)
	}
	lines, err = device(t, "", "escpos", addr, "status")
	if err != nil || last(lines)["ready"] != true {
		t.Errorf("status: %v, %v", lines, err)
	}
}

// On a printer of labels a text is a label.
func TestDevicePrintsLabel(t *testing.T) {
	sim, err := zplsim.Start(t.Context(), zplsim.Config{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	lines, err := device(t, "향초\n100g\n", "zpl", "--addr="+sim.Addr(), "print", "-")
	if err != nil || last(lines)["printed"] != true {
		t.Fatalf("print: %v, %v", lines, err)
	}
	if labels := sim.Labels(); len(labels) != 1 || labels[0].Graphics() != 2 {
		t.Errorf("on paper: %+v", labels)
	}
}

func TestDeviceReadsScans(t *testing.T) {
	line, err := scannersim.Start(t.Context(), scannersim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = line.Close() })
	keyboard, err := hidsim.Start(t.Context(), hidsim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keyboard.Close() })
	for driver, sim := range map[string]scanner{"serialscan": line, "hidscan": keyboard} {
		t.Run(driver, func(t *testing.T) { readScans(t, driver, sim) })
	}
}

// scanner is a simulated one.
type scanner interface {
	Addr() string
	Scan(code string) error
}

func readScans(t *testing.T, driver string, sim scanner) {
	t.Helper()
	registry, err := app.Drivers()
	if err != nil {
		t.Fatal(err)
	}
	told, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := cli.Device(t.Context(), registry, []string{driver, "--addr", sim.Addr(), "read", "2"}, strings.NewReader(""), out)
		ended <- errors.Join(err, out.Close())
	}()
	lines := bufio.NewScanner(told)
	codes := []string{"8801234567893", "8809876543210"}
	// The first line says that the scanner is open.
	for said := 0; lines.Scan(); said++ {
		if said > 0 && !strings.Contains(lines.Text(), codes[said-1]) {
			t.Errorf("line %d is %s", said, lines.Text())
		}
		if said < len(codes) {
			if err := sim.Scan(codes[said]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestDeviceListsDrivers(t *testing.T) {
	lines, err := device(t, "")
	if err != nil || len(lines) < 3 || lines[0]["kind"] != "terminal" {
		t.Errorf("drivers: %v, %v", lines, err)
	}
}
