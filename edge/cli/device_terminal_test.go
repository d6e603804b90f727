package cli_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/kocessim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/cli"
)

// zvtAt are simulated terminals on a port and on a pseudo-terminal.
func zvtAt(t *testing.T, config zvtsim.Config) map[string]*zvtsim.Simulator {
	t.Helper()
	sims := make(map[string]*zvtsim.Simulator)
	for name, serial := range map[string]bool{"tcp": false, "pty": true} {
		config.Serial, config.Listen = serial, "127.0.0.1:0"
		sim, err := zvtsim.Start(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = sim.Close() })
		sims[name] = sim
	}
	return sims
}

// TestDeviceZVT goes through every act with a terminal, over both lines.
func TestDeviceZVT(t *testing.T) {
	for line, sim := range zvtAt(t, zvtsim.Config{MessageIDs: true}) {
		t.Run(line, func(t *testing.T) {
			call := func(act string) map[string]any {
				t.Helper()
				lines, err := device(t, "", append([]string{"zvt", "--addr", sim.Addr()}, strings.Fields(act)...)...)
				if err != nil {
					t.Errorf("%s: %v, %v", act, lines, err)
				}
				return last(lines)
			}
			said := func(act string, want map[string]any) map[string]any {
				t.Helper()
				got := call(act)
				for name, value := range want {
					if fmt.Sprint(got[name]) != fmt.Sprint(value) {
						t.Errorf("%s: %s is %v, want %v", act, name, got[name], value)
					}
				}
				return got
			}
			said("status", map[string]any{"ready": true, "model": "SHOPBOX SIM", "serial": "20260001", "unit": "1 KRW"})
			paid := said("pay 20,000 tip-later", map[string]any{"outcome": "approved", "amount": 20_000, "money": "20000 KRW", "tippable": true})
			said(fmt.Sprintf("tip %v 20000 3000", paid["reference"]), map[string]any{"outcome": "approved", "amount": 23_000, "tip": 3000})
			said("pay 11000 1000", map[string]any{"outcome": "approved", "amount": 11_000, "tip": 1000})
			said("refund 4000", map[string]any{"outcome": "approved", "amount": 4000})
			said("totals", map[string]any{"count": 4, "total": 30_000, "unit": "1 KRW", "first": "0001", "last": "0004"})
			held := said("reserve 50000", map[string]any{"outcome": "approved", "amount": 50_000})
			reference := fmt.Sprint(held["reference"])
			said("reservations", map[string]any{"reservations": []string{reference}})
			said(fmt.Sprintf("book %s 42000 %v %v", reference, held["trace"], held["approval"]), map[string]any{"outcome": "approved", "amount": 42_000})
			said(fmt.Sprintf("lower %v 3000", call("reserve 9000")["reference"]), map[string]any{"outcome": "approved", "amount": 3000})
			said(fmt.Sprintf("release %v 7000", call("reserve 7000")["reference"]), map[string]any{"outcome": "approved", "amount": 7000})
			said("reservations", map[string]any{"reservations": []string{}})
			if diagnosis := said("diagnose", map[string]any{"host_reached": true}); diagnosis["host_time"] == nil {
				t.Errorf("diagnosis %v", diagnosis)
			}
			if slip := call("reprint 0001"); !strings.Contains(fmt.Sprint(slip["lines"]), "20000") {
				t.Errorf("slip %v", slip)
			}
			call("reprint")
			said("endofday", map[string]any{"total": 78_000})
			said("settime 2030-01-02T03:04:05+09:00", map[string]any{"time_set": "2030-01-02T03:04:05+09:00"})
			call("pay 500")
			if at := sim.Transactions()[len(sim.Transactions())-1].At; at.Year() != 2030 {
				t.Errorf("the terminal's clock says %v", at)
			}
			call("settime")
			call("pay 600")
			if at := sim.Transactions()[len(sim.Transactions())-1].At; time.Since(at).Abs() > time.Minute {
				t.Errorf("the terminal's clock says %v", at)
			}
			if sim.Balance() != 20_000+3000+11_000-4000+42_000+6000+500+600 || sim.Reserved() != 0 {
				t.Errorf("the terminal's book says %d, holds %d: %+v", sim.Balance(), sim.Reserved(), sim.Transactions())
			}
		})
	}
}

// TestDeviceInEuro: pay 2040 works on a terminal in euro as well, and the answer
// says what it was.
func TestDeviceInEuro(t *testing.T) {
	for line, sim := range zvtAt(t, zvtsim.Config{Currency: "0978"}) {
		lines, err := device(t, "", "zvt", "--addr", sim.Addr(), "pay", "2040")
		paid := last(lines)
		if err != nil || paid["amount"] != 2040.0 || paid["unit"] != "0.01 EUR" || paid["money"] != "20.40 EUR" {
			t.Errorf("%s: %v, %v", line, paid, err)
		}
		lines, err = device(t, "", "zvt", "--addr", sim.Addr(), "--set", "currency=0410", "pay", "2040")
		if !errors.Is(err, drivers.ErrSettings) || last(lines)["error"] != "settings" || sim.Balance() != 2040 {
			t.Errorf("%s: in won: %v, %v, the terminal's book %d", line, lines, err, sim.Balance())
		}
	}
}

// TestDeviceAsksForReservations: the answer to a booking is lost, and the
// terminal's list tells what became of it.
func TestDeviceAsksForReservations(t *testing.T) {
	sim := terminalSim(t)
	call := func(act ...string) ([]map[string]any, error) {
		return device(t, "", append([]string{"zvt", "--addr", sim.Addr(), "--set", "t4=1"}, act...)...)
	}
	for fault, want := range map[string]string{"answer_lost_after_approval": "approved", "ack_lost": "not_charged"} {
		lines, err := call("reserve", "5000")
		if err != nil {
			t.Fatalf("%v, %v", lines, err)
		}
		if err := sim.SetFault(fault+":once", true); err != nil {
			t.Fatal(err)
		}
		before := sim.Balance()
		lines, err = call("book", fmt.Sprint(last(lines)["reference"]), "4000")
		told := slices.ContainsFunc(lines, func(line map[string]any) bool { return line["outcome"] == want && line["asked"] == true })
		if !told || (err == nil) != (want == "approved") || (sim.Balance()-before == 4000) != (want == "approved") {
			t.Errorf("%s: %v, %v, the terminal's book %+v", fault, lines, err, sim.Transactions())
		}
	}
}

// TestDeviceExplains: every failure ends with words for a person.
func TestDeviceExplains(t *testing.T) {
	sim := terminalSim(t)
	koces, err := kocessim.Start(t.Context(), kocessim.Config{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = koces.Close() })
	at := []string{"zvt", "--addr", sim.Addr()}
	for name, test := range map[string]struct {
		args []string
		code string
	}{
		"nothing yet":      {append(at, "last"), "no_transaction"},
		"nobody there":     {[]string{"zvt", "--addr", "127.0.0.1:1", "diagnose"}, "offline"},
		"no such slip":     {append(at, "reprint", "0042"), "unsupported"},
		"no such hold":     {append(at, "book", "0042", "1000"), "not_approved"},
		"no reference":     {append(at, "lower", "abc", "1000"), "unsupported"},
		"no amount":        {append(at, "reserve", "many"), "settings"},
		"no time":          {append(at, "settime", "noon"), "settings"},
		"tip of all":       {append(at, "pay", "100", "100"), "unsupported"},
		"cannot reserve":   {[]string{"koces", "--addr", koces.Addr(), "--set", "tid=1234567890", "reserve", "100"}, "unsupported"},
		"cannot diagnose":  {[]string{"koces", "--addr", koces.Addr(), "--set", "tid=1234567890", "diagnose"}, "unsupported"},
		"cannot set clock": {[]string{"koces", "--addr", koces.Addr(), "--set", "tid=1234567890", "settime"}, "unsupported"},
	} {
		lines, err := device(t, "", test.args...)
		fault := last(lines)
		told, _ := fault["words"].(map[string]any)
		if err == nil || fault["error"] != test.code || told["ko"] == "" || told["en"] == "" || told["ko"] == nil {
			t.Errorf("%s: %v, %v", name, lines, err)
		}
	}
	for _, act := range []string{
		"tip 0001 5", "reserve", "reserve 1 2", "book 0001", "book 0001 1 2 3 4", "lower 0001 1 2 3", "release 0001 1 2",
		"settime a b", "reprint 1 2", "pay 1 2 3", "refund 1 2",
	} {
		if _, err := device(t, "", append(at, strings.Fields(act)...)...); !errors.Is(err, cli.ErrDeviceUsage) {
			t.Errorf("%s: %v", act, err)
		}
	}
	if sim.Balance() != 0 || sim.Reserved() != 0 {
		t.Errorf("the terminal's book %+v", sim.Transactions())
	}
}
