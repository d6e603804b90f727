package conformance

import (
	"context"
	"errors"
	"image"
	"strings"
	"testing"
	"time"

	"shopbox/drivers"
	"shopbox/drivers/paper"
)

// PaperTray is the simulated printer behind a driver: what came out of it, and
// the faults to switch on, named as in package printersim.
type PaperTray interface {
	SetFault(name string, on bool) error
	Slips() []paper.Slip
	WaitSlips(ctx context.Context, count int) ([]paper.Slip, error)
	Pulses() int
	WaitPulses(ctx context.Context, count int) error
}

// PrinterCase is a driver that is not open yet and the printer it is for. The
// test that makes it closes both in its clean-up.
type PrinterCase struct {
	Printer drivers.Printer
	Tray    PaperTray
}

// Patience bounds every wait of a suite; only a broken driver needs it all.
const patience = 20 * time.Second

// Printer runs what every printer driver must fulfil. Start makes a fresh case
// for each test.
func Printer(t *testing.T, start func(t *testing.T) PrinterCase) {
	t.Helper()
	for name, test := range map[string]func(t *testing.T, p *printing){
		"prints and confirms":            testPrints,
		"slips come out in order":        testOrder,
		"every block":                    testBlocks,
		"paper out before the job":       refuses("paper_out", drivers.ErrPaperOut),
		"cover open before the job":      refuses("cover_open", drivers.ErrCoverOpen),
		"cutter error before the job":    refuses("cutter", drivers.ErrCutter),
		"switched off before the job":    refuses("offline", drivers.ErrOffline),
		"paper out midway":               testPaperOutMidway,
		"power loss midway":              testPowerLoss,
		"never confirmed":                testNoConfirm,
		"garbage instead of status":      testGarbage,
		"slow":                           testSlow,
		"status":                         testStatus,
		"drawer":                         testDrawer,
		"closed twice and opened again":  testReopen,
		"closed while printing":          testClosedMidway,
		"two at once":                    testTwoAtOnce,
		"cancelled while it cannot send": testCancelled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			t.Cleanup(cancel)
			p := &printing{PrinterCase: start(t), ctx: ctx}
			if err := p.Printer.Open(ctx); err != nil {
				t.Fatalf("open: %v", err)
			}
			test(t, p)
		})
	}
}

// printing is a running test of a printer.
type printing struct {
	PrinterCase
	ctx context.Context //nolint:containedctx // lives as long as one test
}

// slip is a document of a title and some lines.
func slip(title string) drivers.Document {
	return drivers.Document{Blocks: []drivers.Block{
		drivers.Text{Text: title, Align: drivers.Centre, Bold: true},
		drivers.Columns{Left: "아메리카노 x2", Right: "9,000"},
		drivers.Columns{Left: "카페라떼", Right: "5,000"},
		drivers.Rule{},
		drivers.Columns{Left: "합계", Right: "14,000", Bold: true},
	}}
}

func (p *printing) fault(t *testing.T, name string, on bool) {
	t.Helper()
	if err := p.Tray.SetFault(name, on); err != nil {
		t.Fatal(err)
	}
}

func (p *printing) mustPrint(t *testing.T, document drivers.Document) {
	t.Helper()
	if err := p.Printer.Print(p.ctx, document); err != nil {
		t.Fatalf("print: %v", err)
	}
}

// mustFail wants every one of the errors.
func mustFail(t *testing.T, err error, wanted ...error) {
	t.Helper()
	for _, want := range wanted {
		if !errors.Is(err, want) {
			t.Fatalf("error is %v; want %v", err, want)
		}
	}
}

func (p *printing) mustHold(t *testing.T, titles ...string) {
	t.Helper()
	slips := p.Tray.Slips()
	if len(slips) != len(titles) {
		t.Fatalf("%d slips came out; want %d", len(slips), len(titles))
	}
	for i, title := range titles {
		if text := slips[i].Text(); !strings.Contains(text, title) || !slips[i].Cut {
			t.Errorf("slip %d is not %q, whole and cut:\n%s", i, title, text)
		}
	}
}

func testPrints(t *testing.T, p *printing) {
	t.Helper()
	p.mustPrint(t, slip("한글 영수증"))
	// Confirmed means that it is there already.
	p.mustHold(t, "한글 영수증")
	text := p.Tray.Slips()[0].Text()
	for _, want := range []string{"아메리카노 x2", "9,000", "합계", "14,000"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if width := paper.Width(strings.TrimSuffix(line, "\n")); width > p.Printer.Columns() {
			t.Errorf("%q is %d columns wide; the paper has %d", line, width, p.Printer.Columns())
		}
	}
}

func testOrder(t *testing.T, p *printing) {
	t.Helper()
	for _, title := range []string{"first", "second", "third"} {
		p.mustPrint(t, slip(title))
	}
	p.mustHold(t, "first", "second", "third")
}

func testBlocks(t *testing.T, p *printing) {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 900, 100))
	p.mustPrint(t, drivers.Document{OpenDrawer: true, Blocks: []drivers.Block{
		drivers.Image{Picture: picture},
		drivers.Text{Text: "big", Wide: true, Tall: true},
		drivers.Rule{Double: true},
		drivers.Feed{Lines: 2},
		drivers.Barcode{Data: "R2611230001"},
		drivers.QR{Data: "https://shop.example/r/2611230001"},
	}})
	if count := len(p.Tray.Slips()); count != 1 {
		t.Fatalf("%d slips; want 1", count)
	}
	printed := p.Tray.Slips()[0]
	if len(printed.Unknown) > 0 {
		t.Errorf("the printer did not understand %v", printed.Unknown)
	}
	if printed.Pulses != 1 {
		t.Errorf("%d drawer pulses; want 1", printed.Pulses)
	}
	text := printed.Text()
	for _, want := range []string{"[picture (", "big", "=====", "[CODE128 R2611230001]"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// refuses is a fault that is there before the job: not a byte goes out, and
// the same document can be sent again afterwards.
func refuses(fault string, want error) func(t *testing.T, p *printing) {
	return func(t *testing.T, p *printing) {
		t.Helper()
		p.fault(t, fault, true)
		err := p.Printer.Print(p.ctx, slip("kept"))
		mustFail(t, err, want)
		if errors.Is(err, drivers.ErrPrintUnknown) {
			t.Fatalf("%v: nothing was sent, so the outcome is known", err)
		}
		p.fault(t, fault, false)
		p.mustPrint(t, slip("kept"))
		p.mustHold(t, "kept")
	}
}

func testPaperOutMidway(t *testing.T, p *printing) {
	t.Helper()
	p.fault(t, "paper_out_midway", true)
	mustFail(t, p.Printer.Print(p.ctx, slip("half")), drivers.ErrPrintUnknown, drivers.ErrPaperOut)
	mustFail(t, p.Printer.Print(p.ctx, slip("next")), drivers.ErrPaperOut)
	p.fault(t, "paper_out", false)
	// The printer itself goes on where it stopped; the late word about the
	// first slip must not confirm the second.
	p.mustPrint(t, slip("next"))
	p.mustHold(t, "half", "next")
}

func testPowerLoss(t *testing.T, p *printing) {
	t.Helper()
	p.fault(t, "power_loss", true)
	mustFail(t, p.Printer.Print(p.ctx, slip("torn")), drivers.ErrPrintUnknown, drivers.ErrOffline)
	mustFail(t, p.Printer.Print(p.ctx, slip("later")), drivers.ErrOffline)
	p.fault(t, "power_loss", false)
	p.mustPrint(t, slip("later"))
	slips := p.Tray.Slips()
	if len(slips) != 2 || slips[0].Cut || !slips[1].Cut || !strings.Contains(slips[1].Text(), "later") {
		t.Errorf("want a torn slip and a whole one, got %v", slips)
	}
}

func testNoConfirm(t *testing.T, p *printing) {
	t.Helper()
	p.fault(t, "no_confirm", true)
	ctx, cancel := context.WithTimeout(p.ctx, 300*time.Millisecond)
	defer cancel()
	mustFail(t, p.Printer.Print(ctx, slip("unsure")), drivers.ErrPrintUnknown)
	p.fault(t, "no_confirm", false)
	p.mustPrint(t, slip("sure"))
	p.mustHold(t, "unsure", "sure")
}

func testGarbage(t *testing.T, p *printing) {
	t.Helper()
	p.fault(t, "garbage", true)
	mustFail(t, p.Printer.Print(p.ctx, slip("kept")), drivers.ErrProtocol)
	p.fault(t, "garbage", false)
	p.mustPrint(t, slip("kept"))
	p.mustHold(t, "kept")
}

func testSlow(t *testing.T, p *printing) {
	t.Helper()
	p.fault(t, "slow", true)
	p.mustPrint(t, slip("slow"))
	p.mustHold(t, "slow")
}

func testStatus(t *testing.T, p *printing) {
	t.Helper()
	for _, tt := range []struct {
		fault string
		want  drivers.PrinterStatus
	}{
		{"paper_out", drivers.PrinterStatus{Fault: drivers.ErrPaperOut, PaperLow: true}},
		{"cover_open", drivers.PrinterStatus{Fault: drivers.ErrCoverOpen}},
		{"cutter", drivers.PrinterStatus{Fault: drivers.ErrCutter}},
		{"near_end", drivers.PrinterStatus{PaperLow: true}},
		{"drawer_open", drivers.PrinterStatus{DrawerOpen: true}},
		{"offline", drivers.PrinterStatus{Fault: drivers.ErrOffline}},
		{"", drivers.PrinterStatus{}},
	} {
		if tt.fault != "" {
			p.fault(t, tt.fault, true)
		}
		got, err := p.Printer.Status(p.ctx)
		if err != nil {
			t.Fatalf("%s: %v", tt.fault, err)
		}
		if !errors.Is(got.Fault, tt.want.Fault) || got.PaperLow != tt.want.PaperLow || got.DrawerOpen != tt.want.DrawerOpen {
			t.Errorf("%s: status is %+v; want %+v", tt.fault, got, tt.want)
		}
		if tt.fault != "" {
			p.fault(t, tt.fault, false)
		}
	}
}

func testDrawer(t *testing.T, p *printing) {
	t.Helper()
	drawer, ok := p.Printer.(drivers.Drawer)
	if !ok {
		return
	}
	for pulses, fault := range []string{"near_end", "paper_out"} {
		p.fault(t, fault, true)
		if err := drawer.OpenDrawer(p.ctx); err != nil {
			t.Fatal(err)
		}
		if err := p.Tray.WaitPulses(p.ctx, pulses+1); err != nil {
			t.Fatalf("no pulse with %s: %v", fault, err)
		}
		p.fault(t, fault, false)
	}
	if slips := p.Tray.Slips(); len(slips) != 0 {
		t.Errorf("opening the drawer printed %v", slips)
	}
	p.fault(t, "offline", true)
	mustFail(t, drawer.OpenDrawer(p.ctx), drivers.ErrOffline)
}

func testReopen(t *testing.T, p *printing) {
	t.Helper()
	for range 2 {
		if err := p.Printer.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Printer.Open(p.ctx); err != nil {
		t.Fatal(err)
	}
	p.mustPrint(t, slip("again"))
	p.mustHold(t, "again")
}

func testClosedMidway(t *testing.T, p *printing) {
	t.Helper()
	p.fault(t, "slow", true)
	document := slip("half")
	document.OpenDrawer = true
	ended := make(chan error, 1)
	go func() { ended <- p.Printer.Print(p.ctx, document) }()
	// The pulse comes before the first line, so the job has begun.
	if err := p.Tray.WaitPulses(p.ctx, 1); err != nil {
		t.Fatal(err)
	}
	if err := p.Printer.Close(); err != nil {
		t.Fatal(err)
	}
	mustFail(t, <-ended, drivers.ErrPrintUnknown)
}

func testTwoAtOnce(t *testing.T, p *printing) {
	t.Helper()
	ended := make(chan error, 2)
	for range cap(ended) {
		go func() { ended <- p.Printer.Print(p.ctx, slip("same")) }()
	}
	for range cap(ended) {
		if err := <-ended; err != nil {
			t.Errorf("print: %v", err)
		}
	}
	p.mustHold(t, "same", "same")
}

func testCancelled(t *testing.T, p *printing) {
	t.Helper()
	ctx, cancel := context.WithCancel(p.ctx)
	cancel()
	if err := p.Printer.Print(ctx, slip("never")); err == nil || errors.Is(err, drivers.ErrPrintUnknown) {
		t.Fatalf("print with a dead context: %v", err)
	}
	p.mustPrint(t, slip("after"))
	p.mustHold(t, "after")
}
