package till

import (
	"context"
	"fmt"
	"strings"

	"shopbox/drivers"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/protocol/money"
)

func checkCash(amount money.Won) error {
	if amount < 0 || amount > sale.MaxPrice {
		return ErrCash
	}
	return nil
}

// OpenDay opens the business day of today's date with the cash in the drawer.
func (t *Till) OpenDay(ctx context.Context, actor staff.Person, float money.Won) error {
	if err := actor.Need(staff.DayOpen); err != nil {
		return err
	}
	if err := checkCash(float); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.day != nil {
		return ErrDayOpen
	}
	now, _ := t.clock.Read()
	opening := Opening{Day: now.Format("2006-01-02"), At: now, By: person(actor), Float: float}
	opening.Acts = []staff.AuditEvent{t.act(actor, staff.ActDayOpened, opening.Day, float.String())}
	day, err := t.store.OpenDay(ctx, opening)
	if err != nil {
		return fmt.Errorf("open day: %w", err)
	}
	t.day = &day
	t.touch()
	t.publish()
	return nil
}

// DayReport is the open day added up.
func (t *Till) DayReport(ctx context.Context) (DayReport, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.report(ctx)
}

func (t *Till) report(ctx context.Context) (DayReport, error) {
	day, err := t.store.Day(ctx)
	if err != nil {
		return DayReport{}, fmt.Errorf("day report: %w", err)
	}
	if day == nil {
		return DayReport{}, ErrDayClosed
	}
	report := DayReport{Day: *day, Parked: len(t.parked), Unknown: len(t.pending)}
	if len(t.cart.Lines) > 0 {
		report.Parked++
	}
	return report, nil
}

// CloseDayRequest closes the day with what was counted.
type CloseDayRequest struct {
	Counted money.Won
	// Note is what the person says of a difference.
	Note string
	// Anyway closes although carts are parked; they stay for the next day.
	Anyway bool
}

// CloseDay closes the business day and prints its slip. It is a look at sums
// that every sale has kept up to date, so it takes no longer after three
// thousand sales than after three.
func (t *Till) CloseDay(ctx context.Context, actor staff.Person, request CloseDayRequest) (Day, error) {
	if err := actor.Need(staff.DayClose); err != nil {
		return Day{}, err
	}
	if err := checkCash(request.Counted); err != nil {
		return Day{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.closable(request.Anyway); err != nil {
		return Day{}, err
	}
	options, err := t.receiptOptions(ctx)
	if err != nil {
		return Day{}, err
	}
	now, _ := t.clock.Read()
	by := person(actor)
	day, err := t.store.CloseDay(ctx, DayClosing{
		Day: t.day.ID, At: now, By: by, Counted: request.Counted, Note: strings.TrimSpace(request.Note),
		Acts:  []staff.AuditEvent{t.act(actor, staff.ActDayClosed, t.day.Day, request.Counted.String())},
		Paper: func(day Day) drivers.Document { return t.paper.DayClose(slipOf(day, by), options) },
	})
	if err != nil {
		return Day{}, fmt.Errorf("close day: %w", err)
	}
	t.day = nil
	t.touch()
	t.publish()
	return day, nil
}

func (t *Till) closable(anyway bool) error {
	switch {
	case t.day == nil:
		return ErrDayClosed
	case t.running != nil:
		return ErrPaymentInProgress
	case len(t.pending) > 0:
		return ErrPaymentUnknown
	case t.cart.Locked():
		return ErrCartPaid
	}
	for _, cart := range t.parked {
		if cart.Locked() {
			return ErrCartPaid
		}
	}
	if !anyway && (len(t.parked) > 0 || len(t.cart.Lines) > 0) {
		return ErrParked
	}
	return nil
}

// slipOf is a day as its paper shows it.
func slipOf(day Day, by sale.Person) receipt.Day {
	slip := receipt.Day{
		Day: day.Day, OpenedAt: day.OpenedAt, ClosedAt: day.ClosedAt, By: by,
		Sales: day.Sales, Refunds: day.Refunds, Sold: day.Sold, GivenBack: day.GivenBack, Total: day.Total, Split: day.Split,
		Float: day.Float, Expected: day.Expected(), Counted: day.Counted, Difference: day.Difference(), Note: day.Note,
		FirstNumber: day.FirstNumber, LastNumber: day.LastNumber,
	}
	for _, tender := range day.Tenders {
		slip.Tenders = append(slip.Tenders, receipt.TenderSum(tender))
	}
	return slip
}

// PrintReport prints the open day added up so far.
func (t *Till) PrintReport(ctx context.Context, actor staff.Person) (job int64, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.printer() {
		return 0, ErrNoPrinter
	}
	report, err := t.report(ctx)
	if err != nil {
		return 0, err
	}
	options, err := t.receiptOptions(ctx)
	if err != nil {
		return 0, err
	}
	return t.store.PrintReport(ctx, report.Day.Day, t.paper.DayClose(slipOf(report.Day, person(actor)), options))
}
