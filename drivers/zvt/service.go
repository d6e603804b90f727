package zvt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"shopbox/drivers"
)

// Diagnose lets the terminal report to its host (06 70), which tells the time.
func (t *Terminal) Diagnose(ctx context.Context) (drivers.Diagnosis, error) {
	s, release, err := t.beginAs(ctx, printedSlips)
	if err != nil {
		return drivers.Diagnosis{}, err
	}
	defer release()
	x := exchange{session: s}
	if _, err := x.run(order{command: cmdDiagnosis}); err != nil {
		return drivers.Diagnosis{}, plain(err)
	}
	return drivers.Diagnosis{HostTime: dateTimeOf(x.hostTime), Lines: x.lines}, nil
}

// SetTime sets the terminal's clock (06 91), in Korean time.
func (t *Terminal) SetTime(ctx context.Context, now time.Time) error {
	s, release, err := t.begin(ctx)
	if err != nil {
		return err
	}
	defer release()
	now = now.In(time.FixedZone("KST", korea))
	fields := Fields{
		{tagDateYear, AppendBCD(nil, uint64(now.Year()%100*10_000+int(now.Month())*100+now.Day()), 3)},
		{tagTime, AppendBCD(nil, uint64(now.Hour()*10_000+now.Minute()*100+now.Second()), 3)},
	}
	data, err := fields.Encode()
	if err != nil {
		return err
	}
	x := exchange{session: s}
	_, err = x.run(order{command: cmdSetTerminalTime, data: slices.Concat(t.password, data)})
	return plain(err)
}

// dateTimeOf reads date with year and time; zero when they make no time.
func dateTimeOf(fields Fields) time.Time {
	date, ok := fields.Number(tagDateYear)
	clock, also := fields.Number(tagTime)
	text := fmt.Sprintf("%06d%06d", date, clock)
	at, err := time.ParseInLocation("060102150405", text, time.FixedZone("KST", korea))
	if !ok || !also || err != nil {
		return time.Time{}
	}
	return at
}

// Reprint is a slip as lines: the last one again (06 20), whoever made it, or
// that of a receipt number (06 12). The box registers for print commands for
// it; a terminal that prints it itself sends no lines.
func (t *Terminal) Reprint(ctx context.Context, reference string) ([]string, error) {
	again := order{command: cmdRepeatReceipt, data: t.password}
	if reference != "" {
		number, err := receiptNumber(reference)
		if err != nil {
			return nil, err
		}
		// The range is sent whole: a container behind one number might be taken
		// for the other.
		again = order{command: cmdReprint, data: slices.Concat(t.password, number, number)}
	}
	s, release, err := t.beginAs(ctx, printedSlips)
	if err != nil {
		return nil, err
	}
	defer release()
	x := exchange{session: s}
	_, err = x.run(again)
	if no, ok := errors.AsType[*refusal](err); ok && no.late && no.code != codeNotPossible {
		return nil, fmt.Errorf("%w: no such receipt: %w", drivers.ErrUnsupported, no)
	}
	return x.lines, plain(err)
}
