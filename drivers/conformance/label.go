package conformance

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"testing"
	"time"

	"shopbox/drivers"
)

// SeenLabel is a label that came out of a simulated printer.
type SeenLabel struct {
	// Size is in dots.
	Size image.Point
	// Codes are its barcodes, as a scanner reads them.
	Codes []drivers.LabelCode
	// Inked says that there is something on it besides bars.
	Inked bool
	// Unknown are commands the printer did not understand.
	Unknown []string
}

// LabelTray is the simulated label printer behind a driver; faults are named as
// in package zplsim.
type LabelTray interface {
	SetFault(name string, on bool) error
	Labels() []SeenLabel
	// WaitLabels waits until at least so many labels came out.
	WaitLabels(ctx context.Context, count int) error
}

// LabelCase is a driver that is not open yet and the printer it is for. The test
// that makes it closes both in its clean-up.
type LabelCase struct {
	Printer interface {
		drivers.Printer
		drivers.Labeller
	}
	Tray LabelTray
}

// LabelPrinter runs what every driver of a label printer must fulfil. Start
// makes a fresh case for each test.
func LabelPrinter(t *testing.T, start func(t *testing.T) LabelCase) {
	t.Helper()
	for name, test := range map[string]func(t *testing.T, l *labelling){
		"prints and confirms":            labelPrints,
		"every barcode":                  labelCodes,
		"labels alone":                   labelsAlone,
		"paper out before the job":       labelRefuses("paper_out", drivers.ErrPaperOut),
		"head open before the job":       labelRefuses("head_open", drivers.ErrCoverOpen),
		"ribbon out before the job":      labelRefuses("ribbon_out", drivers.ErrRibbonOut),
		"paused before the job":          labelRefuses("paused", drivers.ErrPaused),
		"switched off before the job":    labelRefuses("offline", drivers.ErrOffline),
		"garbage before the job":         labelRefuses("garbage", drivers.ErrProtocol),
		"paper out midway":               labelPaperOutMidway,
		"power loss midway":              labelPowerLoss,
		"line cut midway":                labelCut,
		"slow":                           labelSlow,
		"status":                         labelStatus,
		"closed twice and opened again":  labelReopen,
		"closed while printing":          labelClosedMidway,
		"two at once":                    labelTwoAtOnce,
		"cancelled while it cannot send": labelCancelled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			t.Cleanup(cancel)
			l := &labelling{LabelCase: start(t), ctx: ctx}
			if err := l.Printer.Open(ctx); err != nil {
				t.Fatalf("open: %v", err)
			}
			test(t, l)
		})
	}
}

// labelling is a running test of a label printer.
type labelling struct {
	LabelCase
	ctx context.Context //nolint:containedctx // lives as long as one test
}

func ean13(data string) drivers.LabelCode {
	return drivers.LabelCode{Symbology: drivers.EAN13, Data: data}
}

// tag is a label with a code of its own, so many times.
func tag(code drivers.LabelCode, copies int) drivers.Document {
	return drivers.Document{Blocks: []drivers.Block{drivers.Label{
		Width: 50, Height: 30, Title: "서울우유 1L", Price: "2,850원", Notes: []string{"100mL당 285원"}, Code: code, Copies: copies,
	}}}
}

const (
	milkCode   = "8801043014809"
	candleCode = "0036000291452"
)

func (l *labelling) fault(t *testing.T, name string, on bool) {
	t.Helper()
	if err := l.Tray.SetFault(name, on); err != nil {
		t.Fatal(err)
	}
}

func (l *labelling) mustPrint(t *testing.T, document drivers.Document) {
	t.Helper()
	if err := l.Printer.Print(l.ctx, document); err != nil {
		t.Fatalf("print: %v", err)
	}
}

// mustHold compares the codes of all labels that came out.
func (l *labelling) mustHold(t *testing.T, codes ...drivers.LabelCode) {
	t.Helper()
	labels := l.Tray.Labels()
	if len(labels) != len(codes) {
		t.Fatalf("%d labels came out; want %d", len(labels), len(codes))
	}
	for i, code := range codes {
		if label := labels[i]; !slices.Equal(label.Codes, []drivers.LabelCode{code}) || !label.Inked || len(label.Unknown) > 0 {
			t.Errorf("label %d is %+v; want %v", i, label, code)
		}
	}
}

func labelPrints(t *testing.T, l *labelling) {
	t.Helper()
	l.mustPrint(t, tag(ean13(milkCode), 3))
	// Confirmed means that they are there already.
	l.mustHold(t, ean13(milkCode), ean13(milkCode), ean13(milkCode))
	l.mustPrint(t, tag(ean13(candleCode), 1))
	l.mustHold(t, ean13(milkCode), ean13(milkCode), ean13(milkCode), ean13(candleCode))
	dots := func(mm int) int { return (mm*10*l.Printer.LabelStock().Resolution + 127) / 254 }
	if size := l.Tray.Labels()[0].Size; size != image.Pt(dots(50), dots(30)) {
		t.Errorf("the label is %v dots", size)
	}
}

func labelCodes(t *testing.T, l *labelling) {
	t.Helper()
	codes := []drivers.LabelCode{
		ean13(milkCode),
		{Symbology: drivers.EAN8, Data: "96385074"},
		{Symbology: drivers.Code128, Data: "A-17"},
		{Symbology: drivers.Code128, Data: "1234567890"},
		// Signs that mean something to a printer.
		{Symbology: drivers.Code128, Data: "^X~>0{_"},
	}
	document := drivers.Document{}
	for _, code := range codes {
		document.Blocks = append(document.Blocks, tag(code, 0).Blocks...)
	}
	l.mustPrint(t, document)
	l.mustHold(t, codes...)
}

// labelsAlone: what is no label, or has no room on one, is refused whole.
func labelsAlone(t *testing.T, l *labelling) {
	t.Helper()
	narrow := tag(drivers.LabelCode{Symbology: drivers.Code128, Data: "THIS-IS-A-VERY-LONG-NUMBER-OF-AN-ARTICLE"}, 1)
	for _, tt := range []struct {
		document drivers.Document
		want     error
	}{
		{slip("receipt"), drivers.ErrUnsupported},
		{drivers.Document{OpenDrawer: true}, drivers.ErrUnsupported},
		{drivers.Document{Blocks: append(tag(ean13(milkCode), 1).Blocks, drivers.Rule{})}, drivers.ErrUnsupported},
		{narrow, drivers.ErrLabel},
	} {
		mustFail(t, l.Printer.Print(l.ctx, tt.document), tt.want)
	}
	l.mustHold(t)
}

// labelRefuses is a fault that is there before the job: not a byte goes out,
// and the same document can be sent again afterwards.
func labelRefuses(fault string, want error) func(t *testing.T, l *labelling) {
	return func(t *testing.T, l *labelling) {
		t.Helper()
		l.fault(t, fault, true)
		err := l.Printer.Print(l.ctx, tag(ean13(milkCode), 2))
		mustFail(t, err, want)
		if errors.Is(err, drivers.ErrPrintUnknown) {
			t.Fatalf("%v: nothing was sent, so the outcome is known", err)
		}
		l.fault(t, fault, false)
		l.mustPrint(t, tag(ean13(milkCode), 2))
		l.mustHold(t, ean13(milkCode), ean13(milkCode))
	}
}

func labelPaperOutMidway(t *testing.T, l *labelling) {
	t.Helper()
	l.fault(t, "paper_out_midway", true)
	mustFail(t, l.Printer.Print(l.ctx, tag(ean13(milkCode), 3)), drivers.ErrPrintUnknown, drivers.ErrPaperOut)
	mustFail(t, l.Printer.Print(l.ctx, tag(ean13(candleCode), 1)), drivers.ErrPaperOut)
	l.fault(t, "paper_out", false)
	// The printer itself goes on where it stopped.
	if err := l.Tray.WaitLabels(l.ctx, 3); err != nil {
		t.Fatal(err)
	}
	l.mustPrint(t, tag(ean13(candleCode), 1))
	l.mustHold(t, ean13(milkCode), ean13(milkCode), ean13(milkCode), ean13(candleCode))
}

func labelPowerLoss(t *testing.T, l *labelling) {
	t.Helper()
	l.fault(t, "power_loss", true)
	mustFail(t, l.Printer.Print(l.ctx, tag(ean13(milkCode), 3)), drivers.ErrPrintUnknown, drivers.ErrOffline)
	mustFail(t, l.Printer.Print(l.ctx, tag(ean13(candleCode), 1)), drivers.ErrOffline)
	l.fault(t, "power_loss", false)
	l.mustPrint(t, tag(ean13(candleCode), 1))
	l.mustHold(t, ean13(milkCode), ean13(candleCode))
}

func labelCut(t *testing.T, l *labelling) {
	t.Helper()
	l.fault(t, "cut", true)
	mustFail(t, l.Printer.Print(l.ctx, tag(ean13(milkCode), 3)), drivers.ErrPrintUnknown, drivers.ErrOffline)
	if err := l.Tray.WaitLabels(l.ctx, 3); err != nil {
		t.Fatal(err)
	}
	l.mustPrint(t, tag(ean13(candleCode), 1))
	l.mustHold(t, ean13(milkCode), ean13(milkCode), ean13(milkCode), ean13(candleCode))
}

func labelSlow(t *testing.T, l *labelling) {
	t.Helper()
	l.fault(t, "slow", true)
	l.mustPrint(t, tag(ean13(milkCode), 4))
	l.mustHold(t, ean13(milkCode), ean13(milkCode), ean13(milkCode), ean13(milkCode))
}

func labelStatus(t *testing.T, l *labelling) {
	t.Helper()
	// A printer may say nothing to the usual question while it has a fault.
	for _, mute := range []bool{false, true} {
		l.fault(t, "mute", mute)
		for fault, want := range map[string]error{
			"paper_out": drivers.ErrPaperOut, "head_open": drivers.ErrCoverOpen, "ribbon_out": drivers.ErrRibbonOut,
			"paused": drivers.ErrPaused, "offline": drivers.ErrOffline,
		} {
			l.fault(t, fault, true)
			got, err := l.Printer.Status(l.ctx)
			if err != nil || !errors.Is(got.Fault, want) {
				t.Errorf("%s: status is %+v, %v; want %v", fault, got, err, want)
			}
			l.fault(t, fault, false)
			if got, err := l.Printer.Status(l.ctx); err != nil || got.Fault != nil {
				t.Errorf("after %s: %+v, %v", fault, got, err)
			}
		}
	}
}

func labelReopen(t *testing.T, l *labelling) {
	t.Helper()
	for range 2 {
		if err := l.Printer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Printer.Open(l.ctx); err != nil {
		t.Fatal(err)
	}
	l.mustPrint(t, tag(ean13(milkCode), 1))
	l.mustHold(t, ean13(milkCode))
}

func labelClosedMidway(t *testing.T, l *labelling) {
	t.Helper()
	l.fault(t, "slow", true)
	ended := make(chan error, 1)
	go func() { ended <- l.Printer.Print(l.ctx, tag(ean13(milkCode), 50)) }()
	if err := l.Tray.WaitLabels(l.ctx, 1); err != nil {
		t.Fatal(err)
	}
	if err := l.Printer.Close(); err != nil {
		t.Fatal(err)
	}
	mustFail(t, <-ended, drivers.ErrPrintUnknown)
}

func labelTwoAtOnce(t *testing.T, l *labelling) {
	t.Helper()
	ended := make(chan error, 2)
	for range cap(ended) {
		go func() { ended <- l.Printer.Print(l.ctx, tag(ean13(milkCode), 2)) }()
	}
	for range cap(ended) {
		if err := <-ended; err != nil {
			t.Errorf("print: %v", err)
		}
	}
	if count := len(l.Tray.Labels()); count != 4 {
		t.Errorf("%d labels came out", count)
	}
}

func labelCancelled(t *testing.T, l *labelling) {
	t.Helper()
	ctx, cancel := context.WithCancel(l.ctx)
	cancel()
	if err := l.Printer.Print(ctx, tag(ean13(milkCode), 1)); err == nil || errors.Is(err, drivers.ErrPrintUnknown) {
		t.Fatalf("print with a dead context: %v", err)
	}
	late, end := context.WithTimeout(l.ctx, 300*time.Millisecond)
	defer end()
	l.fault(t, "slow", true)
	mustFail(t, l.Printer.Print(late, tag(ean13(milkCode), 20)), drivers.ErrPrintUnknown, context.DeadlineExceeded)
	mustFail(t, l.Printer.Print(l.ctx, tag(ean13(candleCode), 1)), drivers.ErrBusy)
	if err := l.Tray.WaitLabels(l.ctx, 20); err != nil {
		t.Fatal(fmt.Errorf("the printer did not go on: %w", err))
	}
	l.mustPrint(t, tag(ean13(candleCode), 1))
}
