package devices

import (
	"context"
	"fmt"

	"shopbox/drivers"
)

// Service is work on a card terminal that moves no money.
type Service string

// The services.
const (
	// Diagnose lets the terminal try its line to its host.
	Diagnose Service = "diagnose"
	// SetTime gives the terminal the box's time.
	SetTime Service = "set_time"
	// EndOfDay closes the terminal's own day with its host.
	EndOfDay Service = "end_of_day"
)

// services are those a device can have done.
func services(device drivers.Device) []Service {
	terminal, is := device.(drivers.Terminal)
	if !is {
		return nil
	}
	able := drivers.AbilitiesOf(terminal)
	var can []Service
	for _, each := range []struct {
		service Service
		able    bool
	}{{Diagnose, able.Diagnose}, {SetTime, able.SetTime}, {EndOfDay, able.EndOfDay}} {
		if each.able {
			can = append(can, each.service)
		}
	}
	return can
}

// Serve has a service done and waits for its turn. The totals are those of an
// end of day; what the terminal cannot do is drivers.ErrUnsupported.
func (m *Manager) Serve(ctx context.Context, id string, service Service) (totals drivers.TerminalTotals, err error) {
	terminal, err := m.TerminalByID(id)
	if err != nil {
		return drivers.TerminalTotals{}, err
	}
	err = terminal.run(ctx, func() error {
		totals, err = m.serve(ctx, terminal.Terminal, service)
		return err
	})
	terminal.entry.rouse()
	return totals, err
}

func (m *Manager) serve(ctx context.Context, terminal drivers.Terminal, service Service) (drivers.TerminalTotals, error) {
	switch service {
	case Diagnose:
		if diagnoser, can := terminal.(drivers.Diagnoser); can {
			_, err := diagnoser.Diagnose(ctx)
			return drivers.TerminalTotals{}, err
		}
	case SetTime:
		if setter, can := terminal.(drivers.TimeSetter); can {
			return drivers.TerminalTotals{}, setter.SetTime(ctx, m.config.Now())
		}
	case EndOfDay:
		if closer, can := terminal.(drivers.DayCloser); can {
			return closer.EndOfDay(ctx)
		}
	}
	return drivers.TerminalTotals{}, fmt.Errorf("%w: %q", drivers.ErrUnsupported, service)
}
