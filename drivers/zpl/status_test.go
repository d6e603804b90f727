package zpl_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"shopbox/drivers"
	"shopbox/drivers/label"
	"shopbox/drivers/sim/zplsim"
	"shopbox/drivers/zpl"
)

// hostStatus is an answer to ~HS as the guide writes it.
func hostStatus(first, second string) string {
	return "\x02" + first + "\x03\r\n\x02" + second + "\x03\r\n\x021234,0\x03\r\n"
}

const (
	well1 = "030,0,0,0290,000,0,0,0,000,0,0,0"
	well2 = "001,0,0,0,1,2,4,0,00000000,1,000"
)

func TestReadStatus(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		heard string
		fault error
		idle  bool
	}{
		"well":          {hostStatus(well1, well2), nil, true},
		"paper out":     {hostStatus("030,1,0,0290,000,0,0,0,000,0,0,0", well2), drivers.ErrPaperOut, true},
		"paused":        {hostStatus("030,0,1,0290,000,0,0,0,000,0,0,0", well2), drivers.ErrPaused, true},
		"head open":     {hostStatus("030,1,1,0290,000,0,0,0,000,0,0,0", "001,0,1,0,1,2,4,0,00000000,1,000"), drivers.ErrCoverOpen, true},
		"ribbon out":    {hostStatus(well1, "001,0,0,1,1,2,4,0,00000000,1,000"), drivers.ErrRibbonOut, true},
		"cold":          {hostStatus("030,0,0,0290,000,0,0,0,000,0,1,0", well2), drivers.ErrPrinterFault, true},
		"corrupt":       {hostStatus("030,0,0,0290,000,0,0,0,000,1,0,0", well2), drivers.ErrPrinterFault, true},
		"waiting":       {hostStatus("030,0,0,0290,002,0,0,0,000,0,0,0", well2), nil, false},
		"half a format": {hostStatus("030,0,0,0290,000,0,0,1,000,0,0,0", well2), nil, false},
		"printing":      {hostStatus(well1, "001,0,0,0,1,2,4,0,00000012,1,000"), nil, false},
		"noise between": {"\x00?" + hostStatus(well1, well2), nil, true},
	} {
		fault, idle, err := zpl.ReadStatus([]byte(tt.heard))
		if err != nil || !errors.Is(fault, tt.fault) || (fault == nil) != (tt.fault == nil) || idle != tt.idle {
			t.Errorf("%s: %v, idle %v, %v", name, fault, idle, err)
		}
	}
	for name, heard := range map[string]string{
		"nothing":    "",
		"one line":   "\x02" + well1 + "\x03",
		"too short":  hostStatus("030,0,0", well2),
		"odd flag":   hostStatus("030,2,0,0290,000,0,0,0,000,0,0,0", well2),
		"no number":  hostStatus(well1, "001,0,0,0,1,2,4,0,many,1,000"),
		"not closed": "\x02" + well1,
	} {
		if _, _, err := zpl.ReadStatus([]byte(heard)); !errors.Is(err, zpl.ErrAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadErrors(t *testing.T) {
	t.Parallel()
	for bits, want := range map[string]error{
		"0 00000000 00000000": nil, "1 00000000 00000001": drivers.ErrPaperOut, "1 00000000 00000002": drivers.ErrRibbonOut,
		"1 00000000 00000005": drivers.ErrCoverOpen, "1 00000000 00000008": drivers.ErrCutter, "1 00000000 00000010": drivers.ErrPrinterFault,
		"1 00000000 00000000": drivers.ErrPrinterFault,
	} {
		var fault error
		ok := zpl.ReadErrors([]byte("\x02\r\n  PRINTER STATUS\r\n   ERRORS:         "+bits+"\r\n   WARNINGS:       0 00000000 00000000\r\n\x03"), &fault)
		if !ok || !errors.Is(fault, want) || (fault == nil) != (want == nil) {
			t.Errorf("%s: %v, %v", bits, fault, ok)
		}
	}
	for _, heard := range []string{"", "ERRORS: 1 00000000 00000001", "ERRORS: 1\r\n", "ERRORS: 1 0 nothing\r\n"} {
		var fault error
		if zpl.ReadErrors([]byte(heard), &fault) {
			t.Errorf("%q: %v", heard, fault)
		}
	}
}

func TestReadIdentity(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"ZD420-203dpi,V84.20.18Z,8,8192KB": "203", "ZTC ZT411,V92,12,65536KB,X": "300", "GK420d,V61.17.17Z,8 ,2104KB": "203",
		"": "", "text": "", ",V1,8,1": "", "X,V1,9,1": "",
	} {
		if got, err := zpl.ReadIdentity([]byte("\x02" + line + "\x03\r\n")); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", line, got, err)
		}
	}
}

// A label printer that is found tells how fine it prints; what is no label
// printer by name is not asked.
func TestFound(t *testing.T) {
	t.Parallel()
	factory := zpl.Factory()
	for dots, dpi := range map[int]string{8: "203", 12: "300"} {
		simulator := start(t, zplsim.Config{Listen: "127.0.0.1:0", Dots: dots})
		host := strings.TrimPrefix(simulator.Addr(), "tcp://")
		seen := drivers.Sighting{Bus: drivers.BusNetwork, Host: host, Name: "Zebra Technologies ZD420"}
		if offer := factory.Suits(seen); offer.Score != drivers.ScoreLikely {
			t.Errorf("offered %+v", offer)
		}
		settings, err := factory.Probe(t.Context(), seen)
		if err != nil || settings["dpi"] != dpi || settings["addr"] != simulator.Addr() {
			t.Errorf("found %v, %v", settings, err)
		}
		if _, err := factory.New(settings); err != nil {
			t.Error(err)
		}
		seen.Name = "EPSON TM-T88VI"
		if _, err := factory.Probe(t.Context(), seen); !errors.Is(err, drivers.ErrNotMine) {
			t.Errorf("another printer was asked: %v", err)
		}
	}
	serial := start(t, zplsim.Config{})
	path := strings.TrimPrefix(strings.TrimSuffix(serial.Addr(), "?baud=9600"), "serial://")
	settings, err := factory.Probe(t.Context(), drivers.Sighting{Bus: drivers.BusSerial, Path: path, Name: "Zebra"})
	if err != nil || settings["addr"] != "serial://"+path+"?baud=9600" {
		t.Errorf("on a serial line: %v, %v", settings, err)
	}
	if offer := factory.Suits(drivers.Sighting{Bus: drivers.BusInput}); offer.Score != drivers.ScoreNone {
		t.Errorf("a keyboard is offered %+v", offer)
	}
}

// Something that listens and never says anything is not there.
func TestSilent(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	if err := driver(t, "tcp://"+listener.Addr().String()).Open(t.Context()); !errors.Is(err, drivers.ErrOffline) {
		t.Errorf("open: %v", err)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, settings := range []drivers.Settings{nil, {"addr": "printer"}, {"addr": "tcp://a:9100", "dpi": "7"}} {
		if _, err := zpl.Factory().New(settings); !errors.Is(err, drivers.ErrSettings) {
			t.Errorf("%v: %v", settings, err)
		}
	}
}

// Whatever a printer says, it is read or refused.
func FuzzReadAnswers(f *testing.F) {
	f.Add([]byte(hostStatus(well1, well2)))
	f.Add([]byte("\x02ZD420-203dpi,V84.20.18Z,8,8192KB\x03\r\n"))
	f.Add([]byte("ERRORS: 1 00000000 00000005\r\n"))
	f.Fuzz(func(t *testing.T, heard []byte) {
		if _, _, err := zpl.ReadStatus(heard); err != nil && !errors.Is(err, zpl.ErrAnswer) {
			t.Errorf("status: %v", err)
		}
		if dpi, err := zpl.ReadIdentity(heard); err == nil && dpi == "" {
			t.Error("an identity without dots")
		}
		var fault error
		zpl.ReadErrors(heard, &fault)
	})
}

// Whatever a shop types, a label's text and code are no commands.
func FuzzEncode(f *testing.F) {
	f.Add("서울우유 ^XZ~JA", "2,850원", "A^~>_17")
	f.Fuzz(func(t *testing.T, title, price, code string) {
		asked := drivers.Label{
			Width: 100, Height: 40, Title: title, Price: price, Code: drivers.LabelCode{Symbology: drivers.Code128, Data: code},
		}
		formats, err := zpl.Encode(drivers.Document{Blocks: []drivers.Block{asked}}, 203)
		if err != nil {
			if !errors.Is(err, drivers.ErrLabel) {
				t.Errorf("error %v", err)
			}
			return
		}
		labels := zplsim.Read(formats)
		if len(labels) != 1 || len(labels[0].Unknown) > 0 || labels[0].Width != 799 {
			t.Fatalf("%d labels, %+v", len(labels), labels)
		}
		if _, err := label.Lay(asked, drivers.LabelStock{Resolution: 203}); err == nil && code != "" && labels[0].Codes[0].Data != code {
			t.Errorf("%q reads as %q", code, labels[0].Codes[0].Data)
		}
	})
}
