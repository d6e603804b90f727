package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

const saleColumns = `id, cart, number, kind, day, at, clock_doubt, person, name, total, supply, vat, exempt, note, original, reason, sequence`

// storedSale is a sale with the numbers the store knows it by.
type storedSale struct {
	sale.Sale
	id, sequence int64
}

func scanSale(row scanner) (storedSale, error) {
	var found storedSale
	var at int64
	err := row.Scan(&found.id, &found.ID, &found.Number, &found.Kind, &found.Day, &at, &found.ClockDoubt, &found.By.ID, &found.By.Name,
		&found.Total, &found.Supply, &found.VAT, &found.Exempt, &found.Note, &found.Original, &found.Reason, &found.sequence)
	found.At = fromMillis(at)
	return found, err
}

// Sale is a finished sale or refund with the refunds of it.
func (s *Store) Sale(ctx context.Context, number string) (till.Record, error) {
	reader := s.read.in(ctx)
	found, err := one(reader, scanSale, `SELECT `+saleColumns+` FROM sale WHERE number = ?`, number)
	if err != nil {
		return till.Record{}, err
	}
	record := till.Record{}
	if record.Sale, err = whole(reader, found); err != nil {
		return till.Record{}, err
	}
	refunds, err := list(reader, scanSale, `SELECT `+saleColumns+` FROM sale WHERE original = ? AND original <> '' ORDER BY id`, number)
	if err != nil {
		return till.Record{}, err
	}
	for _, refund := range refunds {
		one, err := whole(reader, refund)
		if err != nil {
			return till.Record{}, err
		}
		record.Refunds = append(record.Refunds, one)
	}
	if record.CashReceipts, err = cashReceipts(reader, `number = ?`, number); err != nil {
		return till.Record{}, err
	}
	acked, err := ackedThrough(reader)
	record.Sent = found.sequence <= acked
	return record, err
}

func whole(q queries, found storedSale) (sale.Sale, error) {
	var err error
	if found.Lines, err = list(q, scanLine, `SELECT line, product, name, category, barcode, vat, list, cost, by_weight, single,
		quantity, unit, discount, amount, note, of_line FROM sale_line WHERE sale = ? ORDER BY id`, found.id); err != nil {
		return sale.Sale{}, fmt.Errorf("sale lines: %w", err)
	}
	if found.Tenders, err = list(q, scanTender, `SELECT kind, amount, received, change, attempt, slip FROM tender
		WHERE sale = ? ORDER BY id`, found.id); err != nil {
		return sale.Sale{}, fmt.Errorf("tenders: %w", err)
	}
	return found.Sale, nil
}

func scanLine(row scanner) (sale.SoldLine, error) {
	var line sale.SoldLine
	var cost *int64
	err := row.Scan(&line.ID, &line.Item.Product, &line.Item.Name, &line.Item.Category, &line.Item.Barcode, &line.Item.VAT,
		&line.Item.Price, &cost, &line.Item.ByWeight, &line.Item.Single,
		&line.Quantity, &line.Unit, &line.Discount, &line.Amount, &line.Note, &line.Of)
	line.Item.Cost = won(cost)
	return line, err
}

func won(amount *int64) *money.Won {
	if amount == nil {
		return nil
	}
	value := money.Won(*amount)
	return &value
}

func scanTender(row scanner) (sale.Tender, error) {
	var tender sale.Tender
	var slip string
	if err := row.Scan(&tender.Kind, &tender.Amount, &tender.Received, &tender.Change, &tender.Attempt, &slip); err != nil {
		return sale.Tender{}, err
	}
	if slip != "" {
		tender.Slip = new(sale.CardSlip)
		if err := json.Unmarshal([]byte(slip), tender.Slip); err != nil {
			return sale.Tender{}, fmt.Errorf("read slip: %w", err)
		}
	}
	return tender, nil
}

const rowColumns = `SELECT number, kind, at, person, name, total, tenders, title, lines, sequence FROM sale `

const (
	ofDay  = `WHERE day = ?1`
	anyDay = `WHERE ?1 = ''`
	ofText = ` AND (instr(number, ?2) > 0
		OR EXISTS (SELECT 1 FROM sale_line WHERE sale_line.sale = sale.id AND (instr(lower(sale_line.name), lower(?2)) > 0 OR barcode = ?2))
		OR EXISTS (SELECT 1 FROM tender WHERE tender.sale = sale.id AND slip <> '' AND slip ->> 'Approval' = ?2))`
	anyText  = ` AND ?2 = ''`
	pageFrom = ` ORDER BY id DESC LIMIT ?3 OFFSET ?4`
)

// Sales is a page of finished sales and refunds, the latest first.
func (s *Store) Sales(ctx context.Context, query till.SaleQuery) ([]till.SaleRow, error) {
	reader := s.seek.in(ctx)
	acked, err := ackedThrough(reader)
	if err != nil {
		return nil, err
	}
	where, text := salesWhere(query)
	return list(reader, func(row scanner) (till.SaleRow, error) { return scanSaleRow(row, acked) },
		rowColumns+where+pageFrom, query.Day, text, query.Limit, query.Offset)
}

// CountSales is how many there are in all, without limit and offset.
func (s *Store) CountSales(ctx context.Context, query till.SaleQuery) (count int, err error) {
	where, text := salesWhere(query)
	err = s.seek.in(ctx).get(into{&count}, `SELECT count(*) FROM sale `+where, query.Day, text)
	return count, err
}

// salesWhere is the condition of a query, with its day as ?1 and its text as
// ?2. Each has conditions of its own, so that an index can serve the day.
func salesWhere(query till.SaleQuery) (where, text string) {
	where, text = anyDay, strings.TrimSpace(query.Text)
	if query.Day != "" {
		where = ofDay
	}
	if text == "" {
		return where + anyText, text
	}
	return where + ofText, text
}

func scanSaleRow(row scanner, acked int64) (till.SaleRow, error) {
	var found till.SaleRow
	var at, sequence int64
	var kinds string
	err := row.Scan(&found.Number, &found.Kind, &at, &found.By.ID, &found.By.Name, &found.Total, &kinds, &found.Title, &found.Lines, &sequence)
	found.At, found.Sent, found.Tenders = fromMillis(at), sequence <= acked, []sale.TenderKind{}
	for kind := range strings.SplitSeq(kinds, ",") {
		if kind != "" {
			found.Tenders = append(found.Tenders, sale.TenderKind(kind))
		}
	}
	return found, err
}
