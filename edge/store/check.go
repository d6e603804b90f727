package store

import (
	"context"
	"errors"
	"fmt"

	"shopbox/protocol"
)

// ErrBooks says that the shop's own records disagree with each other.
var ErrBooks = errors.New("books_disagree")

// checks are queries that find what must never be; each finds a number of
// faults.
var checks = []struct{ what, query string }{
	{"journal entries that do not sum to zero", `SELECT count(*) FROM (SELECT 1 FROM journal_line GROUP BY entry HAVING sum(amount) <> 0)`},
	{"sales without a journal entry", `SELECT count(*) FROM sale WHERE total <> 0
		AND (kind, number) NOT IN (SELECT kind, ref FROM journal_entry)`},
	{"sales that are not the sum of their lines", `SELECT count(*) FROM sale WHERE total <>
		(SELECT coalesce(sum(amount), 0) FROM sale_line WHERE sale_line.sale = sale.id)`},
	{"sales that are not the sum of their tenders", `SELECT count(*) FROM sale WHERE total <>
		(SELECT coalesce(sum(amount), 0) FROM tender WHERE tender.sale = sale.id)`},
	{"dates whose receipt numbers have gaps", `SELECT count(*) FROM number WHERE last - others <> (SELECT count(*) FROM sale WHERE sale.day = number.day)`},
	{"days that are not the sum of their sales", `SELECT count(*) FROM business_day LEFT JOIN
		(SELECT day_id, sum(CASE kind WHEN 'sale' THEN total ELSE -total END) AS moved FROM sale GROUP BY day_id) ON day_id = business_day.id
		WHERE sold - given_back <> coalesce(moved, 0)`},
	{"days whose tenders are not those of their sales", `SELECT count(*) FROM day_tender LEFT JOIN
		(SELECT day_id, tender.kind AS kind, sum(CASE sale.kind WHEN 'sale' THEN tender.amount ELSE -tender.amount END) AS moved
		FROM tender JOIN sale ON sale.id = tender.sale GROUP BY day_id, tender.kind) AS taken
		ON taken.day_id = day_tender.day AND taken.kind = day_tender.kind WHERE sum <> coalesce(moved, 0)`},
	{"levels that are not the sum of their movements", `SELECT count(*) FROM stock WHERE level <>
		(SELECT coalesce(sum(quantity), 0) FROM movement WHERE movement.product = stock.product)`},
	// The one gap there may be is in front of the record that says why.
	{"gaps in the outbox", `SELECT count(*) FROM outbox WHERE sequence > (SELECT min(sequence) FROM outbox)
		AND NOT EXISTS (SELECT 1 FROM outbox AS before WHERE before.sequence = outbox.sequence - 1)
		AND NOT (type = '` + protocol.TypeDeviceState + `' AND CAST(data AS TEXT) ->> '$.code' = '` + restored + `')`},
	{"card tenders without an approved payment", `SELECT count(*) FROM tender WHERE kind = 'card' AND NOT EXISTS
		(SELECT 1 FROM payment_attempt WHERE id = tender.attempt AND payment_attempt.state = 'approved' AND payment_attempt.amount = tender.amount)`},
	{"payments in two sales", `SELECT count(*) FROM (SELECT 1 FROM tender WHERE attempt <> '' GROUP BY attempt HAVING count(*) > 1)`},
}

// Check makes sure that the shop's records agree with each other: the books,
// the receipt numbers, the days, the stock, the outbox and the payments. It
// reads everything, so it is for tests and for a person who wants to know.
func (s *Store) Check(ctx context.Context) error {
	reader := s.read.in(ctx)
	var errs []error
	for _, check := range checks {
		var faults int64
		if err := reader.get(into{&faults}, check.query); err != nil {
			return fmt.Errorf("check: %w", err)
		}
		if faults != 0 {
			errs = append(errs, fmt.Errorf("%w: %d %s", ErrBooks, faults, check.what))
		}
	}
	return errors.Join(errs...)
}
