package conformance

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"shopbox/drivers"
)

// Trigger is the simulated scanner behind a driver; faults are named as in
// package scannersim.
type Trigger interface {
	Scan(code string) error
	Raw(data []byte) error
	SetFault(name string, on bool) error
}

// ScannerCase is a driver that is not open yet and the scanner it is for. The
// test that makes it closes both in its clean-up.
type ScannerCase struct {
	Scanner drivers.Scanner
	Trigger Trigger
}

// The codes the suite scans: an EAN-13 of Korea and a GS1 medicine with a
// separator inside.
const (
	korean   = "8801043014809"
	medicine = "01088065720024331725061610HP04AA\x1d21HP04AA003122"
)

// Scanner runs what every scanner driver must fulfil. Start makes a fresh case
// for each test.
func Scanner(t *testing.T, start func(t *testing.T) ScannerCase) {
	t.Helper()
	for name, test := range map[string]func(t *testing.T, s *scanning){
		"codes arrive in order":         scannerOrder,
		"separators are kept":           scannerSeparators,
		"aim identifiers are taken off": scannerAIM,
		"garbage is reported only":      scannerGarbage,
		"a 4 KB line is reported only":  scannerLong,
		"twice is twice":                scannerTwice,
		"no suffix":                     scannerNoSuffix,
		"unplugged and back":            scannerUnplugged,
		"closed while reading":          scannerClosed,
		"stopped by the context":        scannerStopped,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			t.Cleanup(cancel)
			s := &scanning{ScannerCase: start(t), ctx: ctx}
			if err := s.Scanner.Open(ctx); err != nil {
				t.Fatalf("open: %v", err)
			}
			s.listen(ctx)
			test(t, s)
		})
	}
}

// scanning is a running test of a scanner.
type scanning struct {
	ScannerCase
	ctx   context.Context //nolint:containedctx // lives as long as one test
	codes chan drivers.Scan
	noise chan error
	ended chan error
}

// listen starts to read.
func (s *scanning) listen(ctx context.Context) {
	s.codes, s.noise, s.ended = make(chan drivers.Scan, 64), make(chan error, 64), make(chan error, 1)
	codes, noise, ended := s.codes, s.noise, s.ended
	go func() {
		ended <- s.Scanner.Scans(ctx,
			func(scan drivers.Scan) { codes <- scan },
			func(err error) { noise <- err })
	}()
}

func (s *scanning) scan(t *testing.T, codes ...string) {
	t.Helper()
	for _, code := range codes {
		if err := s.Trigger.Scan(code); err != nil {
			t.Fatalf("scan %q: %v", code, err)
		}
	}
}

func (s *scanning) want(t *testing.T, codes ...string) {
	t.Helper()
	var got []string
	for range codes {
		got = append(got, s.next(t).Code)
	}
	if !slices.Equal(got, codes) {
		t.Fatalf("codes are %q; want %q", got, codes)
	}
}

func (s *scanning) next(t *testing.T) drivers.Scan {
	t.Helper()
	select {
	case scan := <-s.codes:
		return scan
	case <-s.ctx.Done():
		t.Fatal("no code came")
		return drivers.Scan{}
	}
}

// wantNoise waits for the report; that nothing else came is seen by the next
// want.
func (s *scanning) wantNoise(t *testing.T) {
	t.Helper()
	select {
	case err := <-s.noise:
		if err == nil {
			t.Fatal("garbage was reported as no error")
		}
	case <-s.ctx.Done():
		t.Fatal("garbage was not reported")
	}
}

func (s *scanning) wantEnd(t *testing.T, want error) {
	t.Helper()
	select {
	case err := <-s.ended:
		if !errors.Is(err, want) {
			t.Fatalf("reading ended with %v; want %v", err, want)
		}
	case <-s.ctx.Done():
		t.Fatal("reading did not end")
	}
}

func (s *scanning) fault(t *testing.T, name string, on bool) {
	t.Helper()
	if err := s.Trigger.SetFault(name, on); err != nil {
		t.Fatal(err)
	}
}

func scannerOrder(t *testing.T, s *scanning) {
	t.Helper()
	codes := []string{korean, "96385074", "4006381333931", "R2611230001", "https://shop.example/상품?id=1"}
	s.scan(t, codes...)
	s.want(t, codes...)
}

func scannerSeparators(t *testing.T, s *scanning) {
	t.Helper()
	s.scan(t, medicine)
	s.want(t, medicine)
}

func scannerAIM(t *testing.T, s *scanning) {
	t.Helper()
	s.scan(t, "]E0"+korean, "]d2"+medicine)
	for _, want := range []drivers.Scan{{Code: korean, Symbology: "E0"}, {Code: medicine, Symbology: "d2"}} {
		if got := s.next(t); got != want {
			t.Errorf("scan is %+v; want %+v", got, want)
		}
	}
}

func scannerGarbage(t *testing.T, s *scanning) {
	t.Helper()
	s.fault(t, "garbage", true)
	s.scan(t, korean)
	s.wantNoise(t)
	s.want(t, korean)
	s.fault(t, "garbage", false)
	s.scan(t, korean)
	s.want(t, korean)
}

func scannerLong(t *testing.T, s *scanning) {
	t.Helper()
	// In pieces, since a line takes no more than 4 KB at once unread.
	for range 8 {
		if err := s.Trigger.Raw([]byte(strings.Repeat("8", 512))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Trigger.Raw([]byte("\r")); err != nil {
		t.Fatal(err)
	}
	s.wantNoise(t)
	s.scan(t, korean)
	s.want(t, korean)
}

func scannerTwice(t *testing.T, s *scanning) {
	t.Helper()
	s.fault(t, "twice", true)
	s.scan(t, korean)
	s.want(t, korean, korean)
}

func scannerNoSuffix(t *testing.T, s *scanning) {
	t.Helper()
	s.fault(t, "no_suffix", true)
	s.scan(t, korean)
	s.want(t, korean)
}

func scannerUnplugged(t *testing.T, s *scanning) {
	t.Helper()
	s.scan(t, korean)
	s.want(t, korean)
	s.fault(t, "unplugged", true)
	s.wantEnd(t, drivers.ErrOffline)
	if err := s.Scanner.Open(s.ctx); !errors.Is(err, drivers.ErrOffline) {
		t.Fatalf("open of an unplugged scanner: %v", err)
	}
	s.fault(t, "unplugged", false)
	if err := s.Scanner.Open(s.ctx); err != nil {
		t.Fatalf("open again: %v", err)
	}
	s.listen(s.ctx)
	s.scan(t, medicine)
	s.want(t, medicine)
}

func scannerClosed(t *testing.T, s *scanning) {
	t.Helper()
	for range 2 {
		if err := s.Scanner.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s.wantEnd(t, drivers.ErrOffline)
}

func scannerStopped(t *testing.T, s *scanning) {
	t.Helper()
	ctx, cancel := context.WithCancel(s.ctx)
	if err := s.Scanner.Close(); err != nil {
		t.Fatal(err)
	}
	s.wantEnd(t, drivers.ErrOffline)
	if err := s.Scanner.Open(s.ctx); err != nil {
		t.Fatal(err)
	}
	s.listen(ctx)
	cancel()
	s.wantEnd(t, context.Canceled)
}
