package zvt_test

import (
	"net"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/sim/zvtsim"
	"shopbox/drivers/zvt"
)

func registry(t *testing.T) drivers.Registry {
	t.Helper()
	registry, err := drivers.NewRegistry(zvt.Factory())
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

// TestProbe: a terminal answers on either line, whatever its currency and
// password, and nothing begins.
func TestProbe(t *testing.T) {
	t.Parallel()
	for name, serial := range map[string]bool{"tcp": false, "serial": true} {
		sim, err := zvtsim.Start(t.Context(), zvtsim.Config{
			Listen: "127.0.0.1:0", Serial: serial, Password: "123456", Currency: "0978", MessageIDs: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = sim.Close() })
		seen := drivers.Sighting{Bus: drivers.BusNetwork, Host: sim.Addr(), Name: sim.Addr()}
		if serial {
			path, _, _ := strings.Cut(strings.TrimPrefix(sim.Addr(), "serial://"), "?")
			seen = drivers.Sighting{Bus: drivers.BusSerial, Path: path, Name: "FT232R"}
		}
		for _, fault := range []string{"", "busy:once"} {
			if fault != "" {
				if err := sim.SetFault(fault, true); err != nil {
					t.Fatal(err)
				}
			}
			offers := registry(t).Ask(t.Context(), seen)
			if len(offers) != 1 || offers[0].Score != drivers.ScoreSure {
				t.Fatalf("%s %s: offers %+v", name, fault, offers)
			}
			if _, err := registry(t).New("zvt", offers[0].Settings); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(sim.Transactions()) != 0 {
			t.Errorf("%s: a question began %v", name, sim.Transactions())
		}
	}
}

// TestProbeQuestion: what is sent is one status enquiry, and a terminal without
// that command is one too.
func TestProbeQuestion(t *testing.T) {
	t.Parallel()
	s, address := play(t, map[string][]string{"0501": {"84 83 00"}})
	offers := registry(t).Ask(t.Context(), drivers.Sighting{Bus: drivers.BusNetwork, Host: address, Name: address})
	s.quiet()
	if len(offers) != 1 || offers[0].Score != drivers.ScoreSure || len(s.heard) != 1 || s.heard[0] != "050100" {
		t.Errorf("offers %+v, heard %v", offers, s.heard)
	}
}

// TestProbeOthers: what is no terminal is not taken for one, and a printer is
// not asked.
func TestProbeOthers(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			_ = conn.Close()
		}
	}()
	host := listener.Addr().String()
	if offers := registry(t).Ask(t.Context(), drivers.Sighting{Bus: drivers.BusNetwork, Host: host, Name: host}); offers[0].Score == drivers.ScoreSure {
		t.Errorf("taken for a terminal: %+v", offers)
	}
	for name, test := range map[string]struct {
		seen  drivers.Sighting
		score drivers.Score
		addr  string
	}{
		"address alone":      {drivers.Sighting{Bus: drivers.BusNetwork, Host: "192.168.0.60", Name: "192.168.0.60"}, drivers.ScorePossible, "tcp://192.168.0.60:20007"},
		"v6 address":         {drivers.Sighting{Bus: drivers.BusNetwork, Host: "[fe80::1]", Name: "[fe80::1]"}, drivers.ScorePossible, "tcp://[fe80::1]:20007"},
		"usual port":         {drivers.Sighting{Bus: drivers.BusNetwork, Host: "192.168.0.60:20007", Name: "PAX"}, drivers.ScoreLikely, "tcp://192.168.0.60:20007"},
		"a printer's port":   {drivers.Sighting{Bus: drivers.BusNetwork, Host: "192.168.0.60:9100", Name: "192.168.0.60:9100"}, drivers.ScoreNone, ""},
		"a known device":     {drivers.Sighting{Bus: drivers.BusNetwork, Host: "192.168.0.60:9101", Name: "SRP-350"}, drivers.ScoreNone, ""},
		"a USB printer":      {drivers.Sighting{Bus: drivers.BusPrinter, Path: "/dev/usb/lp0"}, drivers.ScoreNone, ""},
		"some line":          {drivers.Sighting{Bus: drivers.BusSerial, Path: "/dev/ttyS0"}, drivers.ScorePossible, "serial:///dev/ttyS0?baud=9600"},
		"a terminal's maker": {drivers.Sighting{Bus: drivers.BusSerial, Path: "/dev/ttyS0", Name: "Ingenico Move"}, drivers.ScoreGuess, "serial:///dev/ttyS0?baud=9600"},
		"by its name":        {drivers.Sighting{Bus: drivers.BusSerial, Path: "/dev/ttyS0", Name: "ZVT Terminal"}, drivers.ScoreLikely, "serial:///dev/ttyS0?baud=9600"},
	} {
		offer := zvt.Factory().Suits(test.seen)
		if offer.Score != test.score || offer.Settings["addr"] != test.addr && test.score > drivers.ScoreNone {
			t.Errorf("%s: %+v", name, offer)
		}
	}
}
