package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"shopbox/edge/books"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/stock"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// CloseSale writes a sale or a refund and all that follows from it, in one
// transaction: number, lines, tenders, the day's sums, stock, journal, outbox,
// paper, carts, the payment's end and the answer to remember.
func (s *Store) CloseSale(ctx context.Context, closing till.Closing) (closed till.Closed, err error) {
	err = s.inTx(ctx, func(tx *tx) error {
		closed, err = tx.closeSale(closing)
		return err
	})
	return closed, err
}

func (t *tx) closeSale(closing till.Closing) (till.Closed, error) {
	done := closing.Sale
	day, err := t.numbered(&done)
	if err != nil {
		return till.Closed{}, err
	}
	if err := t.changeCarts(closing.CartChange); err != nil {
		return till.Closed{}, err
	}
	sequence, err := t.record(wireSale(done), done.At)
	if err != nil {
		return till.Closed{}, err
	}
	if err := t.insertSale(done, day, sequence); err != nil {
		return till.Closed{}, err
	}
	if err := t.addToDay(done, day); err != nil {
		return till.Closed{}, err
	}
	if err := t.cashWentBack(done); err != nil {
		return till.Closed{}, err
	}
	for _, movement := range stock.ForSale(done) {
		if err := t.move(movement, done.By.ID); err != nil {
			return till.Closed{}, err
		}
	}
	entry, err := books.ForSale(done)
	if err != nil {
		return till.Closed{}, err
	}
	if err := t.book(entry, done.Day, string(done.Kind), done.Number); err != nil {
		return till.Closed{}, err
	}
	return t.paperAndAnswer(closing, till.Closed{Sale: done})
}

// numbered gives a sale its day and its number: the next of the day's date.
func (t *tx) numbered(done *sale.Sale) (day int64, err error) {
	if err := t.get(into{&day, &done.Day}, `SELECT id, day FROM business_day WHERE closed_at IS NULL`); err != nil {
		return 0, orElse(err, till.ErrDayClosed)
	}
	var number int64
	err = t.get(into{&number}, `INSERT INTO number (day, last) VALUES (?, 1)
		ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last`, done.Day)
	if err != nil {
		return 0, fmt.Errorf("receipt number: %w", err)
	}
	done.Number = fmt.Sprintf("%s-%04d", strings.ReplaceAll(done.Day, "-", ""), number)
	return day, nil
}

// mostNumbers bounds what a hub may say was the last receipt number of a day.
const mostNumbers = 1_000_000

// Numbered has receipts go on behind the last numbers a hub has of this shop, by
// date: another box, or a later copy of this database, gave them out. What this
// box numbered itself never goes back.
func (s *Store) Numbered(ctx context.Context, last map[string]int64) error {
	for day, number := range last {
		if _, err := time.Parse(time.DateOnly, day); err != nil || number < 1 || number > mostNumbers {
			s.log.WarnContext(ctx, "the hub names a receipt number that cannot be", slog.String("day", day), slog.Int64("number", number))
			continue
		}
		var own int64
		err := s.read.in(ctx).get(into{&own}, `SELECT coalesce((SELECT last FROM number WHERE day = ?), 0)`, day)
		if err == nil && own < number {
			err = s.inTx(ctx, func(tx *tx) error {
				return tx.exec(`INSERT INTO number (day, last, others) VALUES (?1, ?2, ?2) ON CONFLICT (day) DO UPDATE
					SET last = excluded.last, others = others + excluded.last - last WHERE last < excluded.last`, day, number)
			})
		}
		if err != nil {
			return fmt.Errorf("receipt numbers: %w", err)
		}
	}
	return nil
}

func (t *tx) insertSale(done sale.Sale, day, sequence int64) error {
	kinds := make([]string, len(done.Tenders))
	for i, tender := range done.Tenders {
		kinds[i] = string(tender.Kind)
	}
	title := ""
	if len(done.Lines) > 0 {
		title = done.Lines[0].Item.Name
	}
	id, err := t.insert(`INSERT INTO sale (cart, number, kind, day, day_id, at, clock_doubt, person, name,
		total, supply, vat, exempt, note, original, reason, title, lines, tenders, sequence)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		done.ID, done.Number, string(done.Kind), done.Day, day, millis(done.At), done.ClockDoubt, done.By.ID, done.By.Name,
		int64(done.Total), int64(done.Supply), int64(done.VAT), int64(done.Exempt), done.Note, done.Original, done.Reason,
		title, len(done.Lines), strings.Join(kinds, ","), sequence)
	if err != nil {
		return fmt.Errorf("sale: %w", err)
	}
	for _, line := range done.Lines {
		if err := t.insertLine(id, line); err != nil {
			return err
		}
	}
	for _, tender := range done.Tenders {
		if err := t.insertTender(id, tender); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) insertLine(id int64, line sale.SoldLine) error {
	var cost any
	if line.Item.Cost != nil {
		cost = int64(*line.Item.Cost)
	}
	err := t.exec(`INSERT INTO sale_line (sale, line, product, name, category, barcode, vat, list, cost, by_weight, single,
		quantity, unit, discount, amount, note, of_line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, line.ID, line.Item.Product, line.Item.Name, line.Item.Category, line.Item.Barcode, string(line.Item.VAT),
		int64(line.Item.Price), cost, line.Item.ByWeight, line.Item.Single,
		int64(line.Quantity), int64(line.Unit), int64(line.Discount), int64(line.Amount), line.Note, line.Of)
	if err != nil {
		return fmt.Errorf("sale line: %w", err)
	}
	return nil
}

func (t *tx) insertTender(id int64, tender sale.Tender) error {
	slip := ""
	if tender.Slip != nil {
		text, err := json.Marshal(tender.Slip)
		if err != nil {
			return fmt.Errorf("encode slip: %w", err)
		}
		slip = string(text)
	}
	err := t.exec(`INSERT INTO tender (sale, kind, amount, received, change, attempt, slip) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id, string(tender.Kind), int64(tender.Amount), int64(tender.Received), int64(tender.Change), tender.Attempt, slip)
	if err != nil {
		return fmt.Errorf("tender: %w", err)
	}
	return nil
}

// addToDay keeps the day's sums up, so that closing it is only a look at them.
func (t *tx) addToDay(done sale.Sale, day int64) error {
	sales, refunds, sold, back, sign := 1, 0, done.Total, money.Won(0), money.Won(1)
	if done.Kind == sale.Refunded {
		sales, refunds, sold, back, sign = 0, 1, 0, done.Total, -1
	}
	err := t.exec(`UPDATE business_day SET sales = sales + ?, refunds = refunds + ?, sold = sold + ?, given_back = given_back + ?,
		supply = supply + ?, vat = vat + ?, exempt = exempt + ?,
		first_number = CASE first_number WHEN '' THEN ? ELSE first_number END, last_number = ? WHERE id = ?`,
		sales, refunds, int64(sold), int64(back), int64(sign*done.Supply), int64(sign*done.VAT), int64(sign*done.Exempt),
		done.Number, done.Number, day)
	if err != nil {
		return fmt.Errorf("day: %w", err)
	}
	for _, tender := range done.Tenders {
		err := t.exec(`INSERT INTO day_tender (day, kind, count, sum) VALUES (?, ?, 1, ?)
			ON CONFLICT (day, kind) DO UPDATE SET count = count + 1, sum = sum + excluded.sum`,
			day, string(tender.Kind), int64(sign*tender.Amount))
		if err != nil {
			return fmt.Errorf("day: %w", err)
		}
	}
	return nil
}

// book writes a journal entry down after making sure that it sums to zero.
func (t *tx) book(entry books.Entry, day, kind, ref string) error {
	if entry.Empty() {
		return nil
	}
	id, err := t.insert(`INSERT INTO journal_entry (at, day, kind, ref) VALUES (?, ?, ?, ?)`, millis(t.at), day, kind, ref)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	var sum money.Won
	for _, line := range entry.Lines() {
		sum += line.Amount
		err := t.exec(`INSERT INTO journal_line (entry, account, party, exempt, amount) VALUES (?, ?, ?, ?, ?)`,
			id, line.Account, line.Party, line.Exempt, int64(line.Amount))
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
	}
	if sum != 0 {
		return fmt.Errorf("%w: %s %s off by %s", ErrUnbalanced, kind, ref, sum)
	}
	return nil
}

func (t *tx) paperAndAnswer(closing till.Closing, closed till.Closed) (till.Closed, error) {
	if closing.Receipt != nil {
		document, err := closing.Receipt(closed.Sale)
		if err != nil {
			return till.Closed{}, err
		}
		if document != nil {
			kind := printing.Receipt
			if len(document.Blocks) == 0 {
				kind = printing.Drawer
			}
			if closed.Job, err = t.enqueue(printing.Job{Kind: kind, Number: closed.Number, Document: *document}); err != nil {
				return till.Closed{}, err
			}
		}
	}
	if err := errors.Join(t.orders(closing, closed), t.slips(closing, closed)); err != nil {
		return till.Closed{}, err
	}
	if closing.Answered != nil {
		answer, err := closing.Answered(closed)
		if err != nil {
			return till.Closed{}, err
		}
		if answer != nil {
			return closed, t.remember(*answer)
		}
	}
	return closed, nil
}

func (t *tx) slips(closing till.Closing, closed till.Closed) error {
	if closing.Slips == nil {
		return nil
	}
	for _, slip := range closing.Slips(closed.Sale) {
		if _, err := t.enqueue(printing.Job{Kind: printing.Slip, Number: closed.Number, Document: slip}); err != nil {
			return err
		}
	}
	return nil
}

// orders puts what the kitchen has to prepare into the print queue.
func (t *tx) orders(closing till.Closing, closed till.Closed) error {
	if closing.Kitchen == nil {
		return nil
	}
	printers := make(map[string]string)
	err := t.each(func(row scanner) error {
		var category, printer string
		err := row.Scan(&category, &printer)
		printers[category] = printer
		return err
	}, `SELECT id, printer FROM category WHERE printer <> ''`)
	if err != nil {
		return fmt.Errorf("kitchen printers: %w", err)
	}
	for _, order := range closing.Kitchen(closed.Sale, printers) {
		_, err := t.enqueue(printing.Job{Kind: printing.Kitchen, Number: closed.Number, Printer: order.Printer, Document: order.Document})
		if err != nil {
			return err
		}
	}
	return nil
}

func orElse(err, instead error) error {
	if err == ErrNotFound { //nolint:errorlint // get returns it bare
		return instead
	}
	return err
}
