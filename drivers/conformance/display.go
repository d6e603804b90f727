package conformance

import (
	"context"
	"errors"
	"slices"
	"testing"

	"shopbox/drivers"
)

// Glass is the simulated display behind a driver; faults are named as in
// package vfdsim.
type Glass interface {
	// Shown is what stands on the display and a channel that is closed when
	// that may have changed.
	Shown() (lines []string, changed <-chan struct{})
	SetFault(name string, on bool) error
	// Unknown counts the bytes that meant nothing to the display.
	Unknown() int
}

// DisplayCase is a driver that is not open yet and the display of 20 columns
// and two lines it is for. The test that makes it closes both in its clean-up.
type DisplayCase struct {
	Display drivers.Display
	Glass   Glass
	// Korean says that the display has Hangul.
	Korean bool
}

// Display runs what every display driver must fulfil. Start makes a fresh case
// for each test.
func Display(t *testing.T, start func(t *testing.T) DisplayCase) {
	t.Helper()
	for name, test := range map[string]func(t *testing.T, d *showing){
		"a line and a total":          displayLines,
		"amounts are never cut":       displayLong,
		"names command nothing":       displayClean,
		"names in Hangul":             displayKorean,
		"fewer lines clear the rest":  displayFewer,
		"unplugged and back":          displayUnplugged,
		"stopped, closed, not opened": displayClosed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			t.Cleanup(cancel)
			d := &showing{DisplayCase: start(t), ctx: ctx}
			if err := d.Display.Open(ctx); err != nil {
				t.Fatalf("open: %v", err)
			}
			test(t, d)
			if n := d.Glass.Unknown(); n > 0 {
				t.Errorf("%d bytes meant nothing to the display", n)
			}
		})
	}
}

// showing is a running test of a display.
type showing struct {
	DisplayCase
	ctx context.Context //nolint:containedctx // lives as long as one test
}

func (d *showing) show(t *testing.T, lines ...drivers.DisplayLine) {
	t.Helper()
	if err := d.Display.Show(d.ctx, lines); err != nil {
		t.Fatalf("show: %v", err)
	}
}

// want waits until the lines are shown.
func (d *showing) want(t *testing.T, lines ...string) {
	t.Helper()
	for {
		shown, changed := d.Glass.Shown()
		if slices.Equal(shown, lines) {
			return
		}
		select {
		case <-changed:
		case <-d.ctx.Done():
			t.Fatalf("shown %q; want %q", shown, lines)
		}
	}
}

func displayLines(t *testing.T, d *showing) {
	t.Helper()
	d.show(t, drivers.DisplayLine{Left: "Milk", Right: "2,800"}, drivers.DisplayLine{Left: "Total", Right: "12,300"})
	d.want(t, "Milk           2,800", "Total         12,300")
}

func displayLong(t *testing.T, d *showing) {
	t.Helper()
	d.show(t, drivers.DisplayLine{Left: "A name that does not fit", Right: "999,999,999"}, drivers.DisplayLine{Right: "1"})
	d.want(t, "A name t 999,999,999", "                   1")
}

func displayClean(t *testing.T, d *showing) {
	t.Helper()
	d.show(t, drivers.DisplayLine{Left: "a\x0c\x1b@b\n\x1f$"}, drivers.DisplayLine{Left: "ok"})
	d.want(t, "a  @b  $", "ok")
}

func displayKorean(t *testing.T, d *showing) {
	t.Helper()
	d.show(t, drivers.DisplayLine{Left: "우유", Right: "2,800원"}, drivers.DisplayLine{Left: "합계", Latin: "Total", Right: "2,800원"})
	if d.Korean {
		d.want(t, "우유         2,800원", "합계         2,800원")
		return
	}
	d.want(t, "uyu            2,800", "Total          2,800")
}

func displayFewer(t *testing.T, d *showing) {
	t.Helper()
	d.show(t, drivers.DisplayLine{Left: "one"}, drivers.DisplayLine{Left: "two"}, drivers.DisplayLine{Left: "three"})
	d.want(t, "one", "two")
	d.show(t, drivers.DisplayLine{Left: "one"})
	d.want(t, "one", "")
	d.show(t)
	d.want(t, "", "")
}

func displayUnplugged(t *testing.T, d *showing) {
	t.Helper()
	if err := d.Glass.SetFault("unplugged", true); err != nil {
		t.Fatal(err)
	}
	for {
		// The system may take a write or two before it knows.
		err := d.Display.Show(d.ctx, nil)
		if errors.Is(err, drivers.ErrOffline) {
			break
		}
		if err != nil || d.ctx.Err() != nil {
			t.Fatalf("show on nothing: %v", err)
		}
	}
	if err := d.Glass.SetFault("unplugged", false); err != nil {
		t.Fatal(err)
	}
	if err := d.Display.Open(d.ctx); err != nil {
		t.Fatalf("open again: %v", err)
	}
	d.show(t, drivers.DisplayLine{Left: "back"})
	d.want(t, "back", "")
}

func displayClosed(t *testing.T, d *showing) {
	t.Helper()
	ctx, cancel := context.WithCancel(d.ctx)
	cancel()
	if err := d.Display.Show(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	if err := errors.Join(d.Display.Close(), d.Display.Close()); err != nil {
		t.Error(err)
	}
	if err := d.Display.Show(d.ctx, nil); !errors.Is(err, drivers.ErrOffline) {
		t.Errorf("closed: %v", err)
	}
}
