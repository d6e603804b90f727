package store

import (
	"context"
	"errors"
	"fmt"

	"shopbox/drivers"
	"shopbox/edge/books"
	"shopbox/edge/printing"
	"shopbox/edge/till"
	"shopbox/protocol"
)

const dayColumns = `id, day, part, opened_at, opened_by, opened_name, cash_float, coalesce(closed_at, 0), closed_by, closed_name,
	sales, refunds, sold, given_back, supply, vat, exempt, counted, note, first_number, last_number`

func scanDay(row scanner) (till.Day, error) {
	var day till.Day
	var opened, closed int64
	err := row.Scan(&day.ID, &day.Day, &day.Part, &opened, &day.OpenedBy.ID, &day.OpenedBy.Name, &day.Float,
		&closed, &day.ClosedBy.ID, &day.ClosedBy.Name, &day.Sales, &day.Refunds, &day.Sold, &day.GivenBack,
		&day.Supply, &day.VAT, &day.Exempt, &day.Counted, &day.Note, &day.FirstNumber, &day.LastNumber)
	day.OpenedAt, day.ClosedAt = fromMillis(opened), fromMillis(closed)
	day.Total = day.Sold - day.GivenBack
	return day, err
}

// Day is the open business day, nil when there is none.
func (s *Store) Day(ctx context.Context) (*till.Day, error) {
	day, err := dayWhere(s.read.in(ctx), `SELECT `+dayColumns+` FROM business_day WHERE closed_at IS NULL`)
	if errors.Is(err, ErrNotFound) {
		return nil, nil //nolint:nilnil // no day open is no fault
	}
	if err != nil {
		return nil, fmt.Errorf("day: %w", err)
	}
	return &day, nil
}

// Days lists business days, the latest first.
func (s *Store) Days(ctx context.Context, limit, offset int) ([]till.Day, error) {
	reader := s.seek.in(ctx)
	days, err := list(reader, scanDay, `SELECT `+dayColumns+` FROM business_day ORDER BY id DESC LIMIT ? OFFSET ?`, limit, offset)
	if err != nil {
		return nil, fmt.Errorf("days: %w", err)
	}
	for i := range days {
		if days[i].Tenders, err = dayTenders(reader, days[i].ID); err != nil {
			return nil, err
		}
	}
	return days, nil
}

// DayByID is one business day.
func (s *Store) DayByID(ctx context.Context, id int64) (till.Day, error) {
	return dayWhere(s.read.in(ctx), `SELECT `+dayColumns+` FROM business_day WHERE id = ?`, id)
}

func dayWhere(q queries, query string, args ...any) (till.Day, error) {
	day, err := one(q, scanDay, query, args...)
	if err != nil {
		return till.Day{}, err
	}
	day.Tenders, err = dayTenders(q, day.ID)
	return day, err
}

func dayTenders(q queries, day int64) ([]till.TenderTotal, error) {
	return list(q, func(row scanner) (till.TenderTotal, error) {
		var total till.TenderTotal
		err := row.Scan(&total.Kind, &total.Count, &total.Sum)
		return total, err
	}, `SELECT kind, count, sum FROM day_tender WHERE day = ? ORDER BY kind = 'cash' DESC, kind`, day)
}

// OpenDay opens a business day. The same date opened again is its next part;
// receipt numbers go on.
func (s *Store) OpenDay(ctx context.Context, opening till.Opening) (day till.Day, err error) {
	err = s.inTx(ctx, func(tx *tx) error {
		id, err := tx.insert(`INSERT INTO business_day (day, part, opened_at, opened_by, opened_name, cash_float)
			SELECT ?1, 1 + (SELECT count(*) FROM business_day WHERE day = ?1), ?2, ?3, ?4, ?5`,
			opening.Day, millis(opening.At), opening.By.ID, opening.By.Name, int64(opening.Float))
		if isConstraint(err) {
			return till.ErrDayOpen
		}
		if err != nil {
			return err
		}
		record := protocol.DayOpened{Day: opening.Day, At: opening.At, By: wirePerson(opening.By), Float: opening.Float}
		if _, err := tx.record(record, opening.At); err != nil {
			return err
		}
		if err := tx.audit(opening.Acts...); err != nil {
			return err
		}
		day, err = dayWhere(tx.queries, `SELECT `+dayColumns+` FROM business_day WHERE id = ?`, id)
		return err
	})
	return day, err
}

// CloseDay closes the business day: a look at the sums, the cash difference in
// the books, the record and the slip.
func (s *Store) CloseDay(ctx context.Context, closing till.DayClosing) (day till.Day, err error) {
	err = s.inTx(ctx, func(tx *tx) error {
		day, err = tx.closeDay(closing)
		return err
	})
	return day, err
}

func (t *tx) closeDay(closing till.DayClosing) (till.Day, error) {
	closed, err := t.change(`UPDATE business_day SET closed_at = ?, closed_by = ?, closed_name = ?, counted = ?, note = ?
		WHERE id = ? AND closed_at IS NULL`,
		millis(closing.At), closing.By.ID, closing.By.Name, int64(closing.Counted), closing.Note, closing.Day)
	if err != nil {
		return till.Day{}, err
	}
	if closed == 0 {
		return till.Day{}, till.ErrDayClosed
	}
	day, err := dayWhere(t.queries, `SELECT `+dayColumns+` FROM business_day WHERE id = ?`, closing.Day)
	if err != nil {
		return till.Day{}, err
	}
	entry, err := books.ForCashDifference(day.Difference())
	if err != nil {
		return till.Day{}, err
	}
	if err := t.book(entry, day.Day, "cash_difference", fmt.Sprint(day.ID)); err != nil {
		return till.Day{}, err
	}
	if _, err := t.record(wireDayClosed(day), closing.At); err != nil {
		return till.Day{}, err
	}
	if _, err := t.enqueue(printing.Job{Kind: printing.Report, Number: day.Day, Document: closing.Paper(day)}); err != nil {
		return till.Day{}, err
	}
	return day, t.audit(closing.Acts...)
}

// PrintReport puts the slip of a day into the print queue.
func (s *Store) PrintReport(ctx context.Context, day string, slip drivers.Document) (job int64, err error) {
	return s.Enqueue(ctx, printing.Job{Kind: printing.Report, Number: day, Document: slip})
}
