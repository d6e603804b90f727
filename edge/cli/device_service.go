package cli

import (
	"context"
	"fmt"
	"time"

	"shopbox/drivers"
	"shopbox/protocol/money"
)

// totalsLine are a terminal's totals; amounts are in the unit.
type totalsLine struct {
	Count   int          `json:"count"`
	Total   money.Won    `json:"total"`
	Unit    string       `json:"unit"`
	Money   string       `json:"money"`
	First   string       `json:"first,omitempty"`
	Last    string       `json:"last,omitempty"`
	Schemes []schemeLine `json:"schemes,omitempty"`
}

type schemeLine struct {
	Scheme string    `json:"scheme,omitempty"`
	Count  int       `json:"count"`
	Total  money.Won `json:"total"`
}

// totals tells the open day's, endOfDay closes the day.
func (h *hand) totals(ctx context.Context, terminal drivers.Terminal) error {
	teller, can := terminal.(drivers.TotalsTeller)
	if !can {
		return drivers.ErrUnsupported
	}
	totals, err := teller.Totals(ctx)
	return h.tellTotals(totals, purseOf(terminal), err)
}

func (h *hand) endOfDay(ctx context.Context, terminal drivers.Terminal) error {
	closer, can := terminal.(drivers.DayCloser)
	if !can {
		return drivers.ErrUnsupported
	}
	totals, err := closer.EndOfDay(ctx)
	return h.tellTotals(totals, purseOf(terminal), err)
}

func (h *hand) tellTotals(totals drivers.TerminalTotals, in purse, err error) error {
	if err != nil {
		return err
	}
	line := totalsLine{
		Count: totals.Count, Total: totals.Total, Unit: in.unit(), Money: in.write(totals.Total), First: totals.First, Last: totals.Last,
	}
	for _, scheme := range totals.Schemes {
		line.Schemes = append(line.Schemes, schemeLine(scheme))
	}
	return h.out.Encode(line)
}

// diagnosisLine is what came of a diagnosis.
type diagnosisLine struct {
	HostReached bool       `json:"host_reached"`
	HostTime    *time.Time `json:"host_time,omitempty"`
	Lines       []string   `json:"lines,omitempty"`
}

func (h *hand) diagnose(ctx context.Context, terminal drivers.Terminal) error {
	diagnoser, can := terminal.(drivers.Diagnoser)
	if !can {
		return drivers.ErrUnsupported
	}
	diagnosis, err := diagnoser.Diagnose(ctx)
	if err != nil {
		return err
	}
	line := diagnosisLine{HostReached: true, Lines: diagnosis.Lines}
	if !diagnosis.HostTime.IsZero() {
		line.HostTime = &diagnosis.HostTime
	}
	return h.out.Encode(line)
}

// setTime sets the terminal's clock to the time given, or to this machine's.
func (h *hand) setTime(ctx context.Context, terminal drivers.Terminal) error {
	setter, can := terminal.(drivers.TimeSetter)
	if !can {
		return drivers.ErrUnsupported
	}
	now := time.Now()
	switch len(h.call.operands) {
	case 0:
	case 1:
		var err error
		if now, err = time.Parse(time.RFC3339, h.call.operands[0]); err != nil {
			return fmt.Errorf("%w: %q is no time like 2026-11-25T12:00:00+09:00", drivers.ErrSettings, h.call.operands[0])
		}
	default:
		return ErrDeviceUsage
	}
	if err := setter.SetTime(ctx, now); err != nil {
		return err
	}
	return h.out.Encode(map[string]time.Time{"time_set": now.Truncate(time.Second)})
}

// slipLine is a slip made again. Without lines the terminal printed it itself.
type slipLine struct {
	Lines []string `json:"lines"`
}

func (h *hand) reprint(ctx context.Context, terminal drivers.Terminal) error {
	reprinter, can := terminal.(drivers.Reprinter)
	reference := ""
	switch {
	case !can:
		return drivers.ErrUnsupported
	case len(h.call.operands) > 1:
		return ErrDeviceUsage
	case len(h.call.operands) == 1:
		reference = h.call.operands[0]
	}
	lines, err := reprinter.Reprint(ctx, reference)
	if err != nil {
		return err
	}
	return h.out.Encode(slipLine{append([]string{}, lines...)})
}
