package all_test

import (
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/all"
)

// What a driver offers for a device that was seen can be adopted, as it is or
// with what only a person knows, and names lead to the right driver.
func TestSuits(t *testing.T) {
	t.Parallel()
	registry, err := all.Registry()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		seen  drivers.Sighting
		best  string
		score drivers.Score
	}{
		"printer":  {drivers.Sighting{Bus: drivers.BusPrinter, Path: "/dev/usb/lp0"}, "escpos", drivers.ScoreLikely},
		"labels":   {drivers.Sighting{Bus: drivers.BusPrinter, Path: "/dev/usb/lp1", Name: "Zebra ZD420", USB: drivers.USB{Vendor: "0a5f"}}, "zpl", drivers.ScoreLikely},
		"tags":     {drivers.Sighting{Bus: drivers.BusNetwork, Host: "192.168.0.52", Name: "Zebra Technologies ZT230"}, "zpl", drivers.ScoreLikely},
		"scanner":  {drivers.Sighting{Bus: drivers.BusInput, Path: "/dev/input/event3", Name: "Newland Auto-ID Scanner"}, "hidscan", drivers.ScoreLikely},
		"keyboard": {drivers.Sighting{Bus: drivers.BusInput, Path: "/dev/input/event4", Name: "USB Keyboard"}, "", drivers.ScoreNone},
		"terminal": {drivers.Sighting{Bus: drivers.BusSerial, Path: "/dev/ttyUSB0", Name: "SMARTRO TL3600"}, "tl3x00", drivers.ScoreLikely},
		"koces":    {drivers.Sighting{Bus: drivers.BusSerial, Path: "/dev/ttyUSB0", Name: "KOCES CAT"}, "koces", drivers.ScoreLikely},
		"display":  {drivers.Sighting{Bus: drivers.BusSerial, Path: "/dev/ttyUSB1", Name: "Pole Display"}, "vfd", drivers.ScoreLikely},
		"network":  {drivers.Sighting{Bus: drivers.BusNetwork, Host: "192.168.0.50", Name: "EPSON TM-T88VI"}, "escpos", drivers.ScoreLikely},
		"zvt":      {drivers.Sighting{Bus: drivers.BusNetwork, Host: "192.168.0.60:20007", Name: "192.168.0.60:20007"}, "zvt", drivers.ScoreLikely},
		"zvt line": {drivers.Sighting{Bus: drivers.BusSerial, Path: "/dev/ttyACM3", Name: "Verifone V200c", USB: drivers.USB{Vendor: "11ca"}}, "zvt", drivers.ScoreGuess},
		"office":   {drivers.Sighting{Bus: drivers.BusNetwork, Host: "192.168.0.51:9100", Name: "LaserJet"}, "escpos", drivers.ScorePossible},
	} {
		offers := registry.Offers(test.seen)
		if len(offers) == 0 {
			if test.best != "" {
				t.Errorf("%s: nothing offered", name)
			}
			continue
		}
		if offers[0].Driver != test.best || offers[0].Score != test.score {
			t.Errorf("%s: best is %+v", name, offers[0])
		}
		for _, offer := range offers {
			for _, field := range registry[offer.Driver].Fields {
				if field.Required && offer.Settings[field.Name] == "" && field.Default == "" {
					if field.Name == "addr" {
						t.Errorf("%s: %s is offered without an address", name, offer.Driver)
					}
					offer.Settings[field.Name] = "1234567890"
				}
			}
			if _, err := registry.New(offer.Driver, offer.Settings); err != nil {
				t.Errorf("%s: %s: %v", name, offer.Driver, err)
			}
		}
	}
}
