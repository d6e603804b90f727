package devices_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/sim/printersim"
	"shopbox/drivers/sim/scalesim"
	"shopbox/drivers/sim/scannersim"
	"shopbox/drivers/sim/usbsim"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/devices"
)

// usableWithin is what a person may wait after plugging a device in.
const usableWithin = 2 * time.Second

func (s *shop) scanner() *scannersim.Simulator {
	s.t.Helper()
	scanner, err := scannersim.Start(s.t.Context(), scannersim.Config{})
	must(s.t, err)
	s.t.Cleanup(func() { scanner.Close() })
	return scanner
}

func honeywell(serial, line string) usbsim.Device {
	return usbsim.Device{Vendor: "0c2e", Product: "0b6a", Serial: serial, Maker: "Honeywell", Name: "Scanner", Class: "02", Line: line}
}

func (s *shop) plug(socket string, device usbsim.Device) string {
	s.t.Helper()
	path, err := s.bus.Plug(socket, device)
	must(s.t, err)
	return path
}

// take adopts the device found at a path as a person would: with one tap.
func (s *shop) take(id, path string) devices.Adopted {
	s.t.Helper()
	for _, found := range s.manager.Found() {
		if found.Path == path {
			adopted := devices.Adopted{ID: id, Driver: found.Offers[0].Driver, Name: id, Settings: found.Offers[0].Settings}
			adopted.USB = s.manager.Identify(adopted)
			must(s.t, s.manager.Adopt(adopted))
			return adopted
		}
	}
	s.t.Fatalf("nothing found at %s: %+v", path, s.manager.Found())
	return devices.Adopted{}
}

// usable waits until a scan arrives, and tells how long that took.
func (s *shop) usable(scanner *scannersim.Simulator, code string) {
	s.t.Helper()
	began := time.Now()
	// What a scanner reads before the box listens is lost, so one scans again.
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		must(s.t, scanner.Scan(code))
		select {
		case got := <-s.scans:
			if got != code {
				continue
			}
			if took := time.Since(began); took > usableWithin {
				s.t.Errorf("usable after %s", took)
			}
			s.quiet()
			return
		case <-again.C:
			if time.Since(began) > 5*time.Second {
				s.t.Fatalf("never usable: %+v", s.manager.List())
			}
		}
	}
}

// quiet drops the scans that are still on their way.
func (s *shop) quiet() {
	for {
		select {
		case <-s.scans:
		case <-time.After(300 * time.Millisecond):
			return
		}
	}
}

func TestPluggedInElsewhere(t *testing.T) {
	t.Parallel()
	for name, serial := range map[string]string{"with a serial number": "17B2", "without one": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			scanner := s.scanner()
			path := s.plug("1-1", honeywell(serial, scanner.Addr()))
			adopted := s.take("scanner", path)
			if adopted.USB.Vendor != "0c2e" || adopted.USB.Port != "1-1" {
				t.Fatalf("adopted as %+v", adopted.USB)
			}
			s.becomes("scanner", devices.OK, "")
			s.usable(scanner, "8801000000012")

			s.pull("1-1", scanner)
			s.becomes("scanner", devices.Stop, "offline")
			s.back("1-1", scanner, honeywell(serial, scanner.Addr()))
			s.usable(scanner, "8801000000036")

			// Another device takes the number it had.
			s.pull("1-1", scanner)
			s.becomes("scanner", devices.Stop, "offline")
			other := s.scanner()
			s.plug("1-4", usbsim.Device{Vendor: "0403", Product: "6001", Maker: "FTDI", Name: "Adapter", Class: "02", Line: other.Addr()})
			moved := s.back("1-2", scanner, honeywell(serial, scanner.Addr()))
			if moved == path {
				t.Fatal("the scanner has its old number; nothing is tested")
			}
			s.usable(scanner, "R2611230001")
			must(t, other.Scan("0000"))
			select {
			case code := <-s.scans:
				t.Errorf("a device nobody adopted scanned %s", code)
			case <-time.After(500 * time.Millisecond):
			}
		})
	}
}

func (s *shop) pull(socket string, scanner *scannersim.Simulator) {
	s.t.Helper()
	must(s.t, scanner.SetFault(scannersim.Unplugged, true))
	must(s.t, s.bus.Pull(socket))
}

func (s *shop) back(socket string, scanner *scannersim.Simulator, device usbsim.Device) string {
	s.t.Helper()
	must(s.t, scanner.SetFault(scannersim.Unplugged, false))
	return s.plug(socket, device)
}

// Two of a sort without serial numbers are told apart by their sockets; a
// device that is away is never mixed up with its twin.
func TestTwins(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	left, right := s.scanner(), s.scanner()
	s.take("left", s.plug("1-1", honeywell("", left.Addr())))
	s.take("right", s.plug("1-2", honeywell("", right.Addr())))
	s.becomes("right", devices.OK, "")
	s.pull("1-1", left)
	s.becomes("left", devices.Stop, "offline")
	s.pull("1-2", right)
	s.becomes("right", devices.Stop, "offline")
	// The right one now gets the number the left one had.
	s.back("1-2", right, honeywell("", right.Addr()))
	s.becomes("right", devices.OK, "")
	s.usable(right, "8801000000012")
	for _, view := range s.manager.List() {
		if view.ID == "left" && view.State.Code != "offline" {
			t.Errorf("the left scanner is %+v", view.State)
		}
	}
}

// A device adopted by an older release has no identity; it gets one when it is
// seen at its path.
func TestLearned(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	scanner := s.scanner()
	path := s.plug("1-1", honeywell("A1", scanner.Addr()))
	s.adopt("scanner", "serialscan", "serial://"+path)
	select {
	case adopted := <-s.learned:
		if adopted.ID != "scanner" || adopted.USB.Serial != "A1" {
			t.Errorf("learned %+v", adopted)
		}
	case <-time.After(within):
		t.Fatal("nothing was learned")
	}
	s.pull("1-1", scanner)
	s.becomes("scanner", devices.Stop, "offline")
	s.back("1-3", scanner, honeywell("A1", scanner.Addr()))
	s.becomes("scanner", devices.OK, "")
}

func TestFound(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	lines := t.TempDir()
	line := func(name string) string {
		must(t, os.WriteFile(filepath.Join(lines, name), nil, 0o600))
		return filepath.Join(lines, name)
	}
	want := map[string]string{
		s.plug("1-1", honeywell("", line("1"))): "serialscan likely",
		s.plug("1-2", usbsim.Device{Vendor: "1504", Product: "0006", Maker: "BIXOLON", Name: "SRP-350III", Class: "07", Line: line("2")}): "escpos likely",
		s.plug("1-3", usbsim.Device{Vendor: "abcd", Product: "0001", Name: "Gadget", Class: "02", Line: line("3")}):                       "serialscan guess",
		s.plug("1-4", usbsim.Device{Vendor: "0eb8", Product: "f000", Name: "Balance", Class: "ff", Line: line("4")}):                      "toledo likely",
		s.plug("1-5", usbsim.Device{Vendor: "0403", Product: "6001", Maker: "FTDI", Name: "FT232R", Class: "ff", Line: line("5")}):        "cas possible",
	}
	scores := map[drivers.Score]string{drivers.ScorePossible: "possible", drivers.ScoreGuess: "guess", drivers.ScoreLikely: "likely"}
	registry, err := registry()
	must(t, err)
	found := s.manager.Found()
	if len(found) != len(want) {
		t.Errorf("found %+v", found)
	}
	for _, suggestion := range found {
		best := suggestion.Offers[0]
		if got := best.Driver + " " + scores[best.Score]; got != want[suggestion.Path] {
			t.Errorf("%s is %q, want %q", suggestion.Name, got, want[suggestion.Path])
		}
		for _, offer := range suggestion.Offers {
			if _, err := registry.New(offer.Driver, offer.Settings); err != nil {
				t.Errorf("the offer for %s does not do: %v", suggestion.Name, err)
			}
		}
	}
	for path := range want {
		adopted := devices.Adopted{ID: path, Driver: "vfd", Name: path, Settings: drivers.Settings{"addr": "serial://" + path}}
		adopted.USB = s.manager.Identify(adopted)
		must(t, s.manager.Adopt(adopted))
	}
	if left := s.manager.Found(); len(left) != 0 {
		t.Errorf("adopted and still found: %+v", left)
	}
}

// A device behind an adapter that says nothing of it is asked who it is.
func TestSearch(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	adapter := func(line string) usbsim.Device {
		return usbsim.Device{Vendor: "0403", Product: "6001", Maker: "FTDI", Name: "FT232R", Class: "ff", Line: line}
	}
	want := make(map[string]string)
	for dialect, driver := range map[scalesim.Dialect]string{scalesim.CASAsked: "cas", scalesim.CASStream: "cas", scalesim.Toledo: "toledo"} {
		scale, err := scalesim.Start(t.Context(), scalesim.Config{Dialect: dialect})
		must(t, err)
		t.Cleanup(func() { scale.Close() })
		want[s.plug("1-"+string(dialect), adapter(scale.Addr()))] = driver
	}
	printer, err := printersim.Start(t.Context(), printersim.Config{})
	must(t, err)
	t.Cleanup(func() { printer.Close() })
	want[s.plug("1-1", adapter(printer.Addr()))] = "escpos"
	terminal, err := zvtsim.Start(t.Context(), zvtsim.Config{Serial: true})
	must(t, err)
	t.Cleanup(func() { terminal.Close() })
	want[s.plug("1-3", adapter(terminal.Addr()))] = "zvt"
	silent := s.scanner()
	want[s.plug("1-2", adapter(silent.Addr()))] = ""

	found, err := s.manager.Search(t.Context(), "")
	must(t, err)
	if len(found) != len(want) {
		t.Errorf("found %+v", found)
	}
	for _, suggestion := range found {
		best := suggestion.Offers[0]
		switch driver := want[suggestion.Path]; {
		case driver == "" && best.Score != drivers.ScorePossible:
			t.Errorf("the silent line is %+v", best)
		case driver != "" && (best.Driver != driver || best.Score != drivers.ScoreSure):
			t.Errorf("%s is %+v, want %s", suggestion.Path, best, driver)
		case driver != "":
			if err := s.manager.Try(t.Context(), best.Driver, best.Settings); err != nil {
				t.Errorf("%s tried: %v", driver, err)
			}
		}
	}
	if slips := printer.Slips(); len(slips) != 0 {
		t.Errorf("a question was printed: %v", slips)
	}
	if begun := terminal.Transactions(); len(begun) != 0 {
		t.Errorf("a question began %v", begun)
	}
}
