package zplsim_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"image"
	"strings"
	"testing"
	"time"

	"shopbox/drivers/port"
	"shopbox/drivers/sim/zplsim"
)

// A label as another program would write it: fonts of the printer, lines, field
// marks, pictures in the short form.
const foreign = "^XA^CI28^PW400^LL200^LH10,5^FX a note^CF0,40^FO20,10^FDShop^FS^FO20,60^A0N,30,30^FH_^FDcaf_C3_A9 _5E^FS" +
	"^FO20,100^GB200,3,3^FS^FT20,190^BY2,3,50^BCN,50,Y,N^FD>:AB>;1234>012^FS^FO300,10^GFA,8,8,2,H0,!:K0,^FS^PQ2^XZ"

func TestRead(t *testing.T) {
	t.Parallel()
	labels := zplsim.Read([]byte("noise" + foreign + "~HS^XA^BQN,2,5^FDMA,x^FS^XZ^FO1,1"))
	if len(labels) != 2 {
		t.Fatalf("%d labels", len(labels))
	}
	one := labels[0]
	if one.Width != 400 || one.Height != 200 || len(one.Unknown) > 0 || one.Graphics() != 2 {
		t.Errorf("label %+v", one)
	}
	if len(one.Texts) != 2 || one.Texts[0].Text != "Shop" || one.Texts[1].Text != "café ^" {
		t.Errorf("texts %+v", one.Texts)
	}
	if len(one.Codes) != 1 || one.Codes[0].System != "CODE128" || one.Codes[0].Data != "AB1234>12" {
		t.Errorf("codes %+v", one.Codes)
	}
	if len(labels[1].Unknown) != 1 || labels[1].Unknown[0] != "^BQ" {
		t.Errorf("unknown %v", labels[1].Unknown)
	}
	picture, err := one.Picture()
	if err != nil {
		t.Fatal(err)
	}
	// The line, and the rows of the picture: "00 00", "FF FF" twice.
	for at, want := range map[image.Point]uint8{
		{X: 30, Y: 105}: 0, {X: 231, Y: 105}: 0xFF, {X: 315, Y: 15}: 0xFF, {X: 315, Y: 16}: 0, {X: 315, Y: 17}: 0, {X: 315, Y: 18}: 0xFF,
	} {
		if got := picture.GrayAt(at.X, at.Y).Y; got != want {
			t.Errorf("at %v: %d", at, got)
		}
	}
}

// The printer itself makes EANs whole.
func TestCheckDigits(t *testing.T) {
	t.Parallel()
	labels := zplsim.Read([]byte("^XA^BEN,50^FD880104301480^FS^B8N,50^FD9638507^FS^BEN^FD123^FS^BEN^FD99999999999999^FS^XZ"))
	want := []string{"8801043014809", "96385074", "0000000001236", "9999999999994"}
	for i, code := range labels[0].Codes {
		if code.Data != want[i] {
			t.Errorf("%s, want %s", code.Data, want[i])
		}
	}
}

// wire is a driver's end of the line.
type wire struct {
	*zplsim.Simulator

	line port.Port
}

func start(t *testing.T, listen string) wire {
	t.Helper()
	simulator, err := zplsim.Start(context.Background(), zplsim.Config{Listen: listen})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = simulator.Close() })
	line, err := port.Open(t.Context(), simulator.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = line.Close() })
	return wire{simulator, line}
}

func (w wire) send(t *testing.T, text string) {
	t.Helper()
	if _, err := w.line.Write([]byte(text), 10*time.Second); err != nil {
		t.Fatal(err)
	}
}

func (w wire) want(t *testing.T, answer string) {
	t.Helper()
	var got []byte
	for buffer := make([]byte, 256); len(got) < len(answer); {
		n, err := w.line.Read(buffer, 10*time.Second)
		if err != nil {
			t.Fatalf("after %q: %v", got, err)
		}
		got = append(got, buffer[:n]...)
	}
	if string(got) != answer {
		t.Fatalf("the printer says %q; want %q", got, answer)
	}
}

// Questions are answered at once, by the form of the guide, whatever waits.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for name, listen := range map[string]string{"tcp": "127.0.0.1:0", "serial": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, listen)
			w.send(t, "~HI")
			w.want(t, "\x02SHOPBOX-SIM,V1.0.0,8,8192KB\x03\r\n")
			if err := w.SetFault(zplsim.PaperOut, true); err != nil {
				t.Fatal(err)
			}
			w.send(t, "^XA^FO1,1^FDx^FS^PQ3^XZ^XA^XZ^XA~HS")
			w.want(t, "\x02030,1,0,0400,002,0,0,1,000,0,0,0\x03\r\n\x02001,0,0,0,1,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n")
			w.send(t, "~HQES")
			w.want(t, "\x02\r\n\r\n  PRINTER STATUS\r\n   ERRORS:         1 00000000 00000001\r\n   WARNINGS:       0 00000000 00000000\r\n\x03")
			if err := w.SetFault(zplsim.PaperOut, false); err != nil {
				t.Fatal(err)
			}
			if labels, err := w.WaitLabels(t.Context(), 4); err != nil || len(labels) != 4 {
				t.Errorf("%d labels, %v", len(labels), err)
			}
		})
	}
}

// ~JA forgets what waits.
func TestCancelAll(t *testing.T) {
	t.Parallel()
	w := start(t, "127.0.0.1:0")
	if err := w.SetFault(zplsim.HeadOpen, true); err != nil {
		t.Fatal(err)
	}
	w.send(t, "^XA^PQ5^XZ~JA^XA^FDlast^FS^XZ~HI")
	w.want(t, "\x02SHOPBOX-SIM,V1.0.0,8,8192KB\x03\r\n")
	if err := w.SetFault(zplsim.HeadOpen, false); err != nil {
		t.Fatal(err)
	}
	labels, err := w.WaitLabels(t.Context(), 1)
	if err != nil || len(labels) != 1 || labels[0].Texts[0].Text != "last" {
		t.Errorf("%+v, %v", labels, err)
	}
}

// A picture of raw bytes may hold the signs that begin commands.
func TestBinaryPicture(t *testing.T) {
	t.Parallel()
	w := start(t, "127.0.0.1:0")
	w.send(t, "^XA^PW16^LL2^FO0,0^GFB,4,4,2,^~")
	w.send(t, "^~^FS^XZ")
	labels, err := w.WaitLabels(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := labels[0].Picture()
	if err != nil || labels[0].Graphics() != 1 {
		t.Fatal(labels[0], err)
	}
	for y := range 2 {
		var row []byte
		for x := 0; x < 16; x += 8 {
			var b byte
			for i := range 8 {
				if picture.GrayAt(x+i, y).Y == 0 {
					b |= 0x80 >> i
				}
			}
			row = append(row, b)
		}
		if !bytes.Equal(row, []byte("^~")) {
			t.Errorf("row %d is %s", y, hex.EncodeToString(row))
		}
	}
}

func TestFaultNames(t *testing.T) {
	t.Parallel()
	w := start(t, "127.0.0.1:0")
	for name := range w.Faults() {
		if err := w.SetFault(name, true); err != nil || !w.Faults()[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.SetFault("fire", true); err == nil {
		t.Error("a printer can burn")
	}
	if _, err := zplsim.Start(t.Context(), zplsim.Config{Listen: "nowhere"}); err == nil {
		t.Error("listening nowhere works")
	}
}

// Whatever comes, in whatever pieces, the printer takes it and every label can
// be drawn.
func FuzzRead(f *testing.F) {
	f.Add([]byte(foreign))
	f.Add([]byte("^XA^GFB,4,4,2,^~^~^FS^GFA,80,80,8,zF!,:^FS^XZ"))
	f.Add([]byte("^XA^FT9,9^B8^FDx^FS^BCR,9,Y,Y,Y,A^FD>^FS^A@N,9^FD^FS^XZ"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		labels := zplsim.Read(stream)
		if strings.Count(string(stream), "^XZ") < len(labels) {
			t.Errorf("%d labels from nowhere", len(labels))
		}
		for _, label := range labels[:min(len(labels), 2)] {
			if label.Width*label.Height > 1<<20 {
				continue
			}
			if _, err := label.Picture(); err != nil {
				t.Error(err)
			}
		}
	})
}
