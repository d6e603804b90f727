package devices

import (
	"context"
	"slices"

	"shopbox/drivers"
)

// Show puts lines on every customer display of the shop: at once on those
// that are there, on the others when they come back.
func (m *Manager) Show(lines []drivers.DisplayLine) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.Equal(m.shown, lines) {
		return
	}
	m.shown = slices.Clone(lines)
	m.wakeKind(drivers.KindDisplay)
}

func (m *Manager) toShow() []drivers.DisplayLine {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.shown
}

// lookDisplay keeps what a display shows up to date. It is written anew at
// every look: a display answers nothing, so this is how one that was switched
// off and on catches up.
func (m *Manager) lookDisplay(ctx context.Context, e *entry) {
	display, is := e.device.(drivers.Display)
	if !is {
		m.fault(ctx, e, drivers.ErrUnsupported)
		return
	}
	for ctx.Err() == nil {
		if e.tryTake() {
			m.refresh(ctx, e, display)
			e.release()
		}
		e.sleep(ctx, m.config.Waits.Probe)
	}
}

func (m *Manager) refresh(ctx context.Context, e *entry, display drivers.Display) {
	limited, cancel := context.WithTimeout(ctx, m.config.Waits.Answer)
	defer cancel()
	err := e.ready(limited)
	if err == nil {
		err = display.Show(limited, m.toShow())
	}
	if err != nil {
		e.lose()
		m.fault(ctx, e, err)
		return
	}
	m.become(ctx, e, OK, "")
}
