package main

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
)

// beginsReceipt stands near the top of every receipt, ownNumber names it.
const beginsReceipt = "사업자번호"

var ownNumber = regexp.MustCompile(`(?m)^번호\s+(20\d{6}-\d{4,})`)

// books reads the box's database with SQL of its own, so that a mistake in
// the box's queries is not repeated here.
type books struct {
	db  *sql.DB
	err []error
}

// rows runs a query whose every row is something wrong, told by its columns.
func (b *books) rows(ctx context.Context, query string, args ...any) []string {
	rows, err := b.db.QueryContext(ctx, query, args...)
	if err != nil {
		b.err = append(b.err, fmt.Errorf("%s: %w", query, err))
		return nil
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		b.err = append(b.err, err)
		return nil
	}
	var wrong []string
	for rows.Next() {
		values := make([]any, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			b.err = append(b.err, err)
			return nil
		}
		parts := make([]string, len(columns))
		for i, column := range columns {
			parts[i] = fmt.Sprintf("%s %v", column, values[i])
		}
		wrong = append(wrong, strings.Join(parts, ", "))
	}
	b.err = append(b.err, rows.Err())
	return wrong
}

func (b *books) integrity(ctx context.Context) []string {
	return b.rows(ctx, `SELECT integrity_check AS fault FROM pragma_integrity_check WHERE integrity_check <> 'ok'`)
}

func (b *books) numbers(ctx context.Context) []string {
	return b.rows(ctx, `
		SELECT day, count(*) AS sales, count(DISTINCT number) AS numbers,
		       min(CAST(substr(number, 10) AS INTEGER)) AS first, max(CAST(substr(number, 10) AS INTEGER)) AS last
		FROM sale GROUP BY substr(number, 1, 8)
		HAVING first <> 1 OR last <> sales OR numbers <> sales`)
}

func (b *books) sums(ctx context.Context) []string {
	return b.rows(ctx, `
		SELECT number, total,
		       (SELECT coalesce(sum(amount), 0) FROM sale_line WHERE sale = s.id) AS of_lines,
		       (SELECT coalesce(sum(amount), 0) FROM tender WHERE sale = s.id) AS of_tenders
		FROM sale s WHERE of_lines <> total OR of_tenders <> total OR supply + vat + exempt <> total`)
}

func (b *books) entries(ctx context.Context) []string {
	return b.rows(ctx, `
		SELECT e.id, e.kind, e.ref, coalesce(sum(l.amount), 0) AS off, count(l.id) AS lines
		FROM journal_entry e LEFT JOIN journal_line l ON l.entry = e.id
		GROUP BY e.id HAVING off <> 0 OR lines < 2`)
}

func (b *books) accounts(ctx context.Context) []string {
	wrong := b.rows(ctx, `
		SELECT kind, booked, tendered FROM (
			SELECT 'cash' AS kind,
			       (SELECT coalesce(sum(amount), 0) FROM journal_line l JOIN journal_entry e ON e.id = l.entry
			        WHERE account = '101' AND e.kind IN ('sale', 'refund')) AS booked,
			       (SELECT coalesce(sum(CASE s.kind WHEN 'sale' THEN t.amount ELSE -t.amount END), 0)
			        FROM tender t JOIN sale s ON s.id = t.sale WHERE t.kind = 'cash') AS tendered
			UNION ALL
			SELECT 'card',
			       (SELECT coalesce(sum(amount), 0) FROM journal_line l JOIN journal_entry e ON e.id = l.entry
			        WHERE account = '108' AND e.kind IN ('sale', 'refund')),
			       (SELECT coalesce(sum(CASE s.kind WHEN 'sale' THEN t.amount ELSE -t.amount END), 0)
			        FROM tender t JOIN sale s ON s.id = t.sale WHERE t.kind = 'card'))
		WHERE booked <> tendered`)
	return append(wrong, b.rows(ctx, `
		SELECT number AS sale_without_entry FROM sale s
		WHERE (SELECT count(*) FROM journal_entry WHERE ref = s.number AND kind IN ('sale', 'refund')) <> 1 AND total <> 0`)...)
}

func (b *books) stock(ctx context.Context, opening map[string]int64) []string {
	wrong := b.rows(ctx, `
		SELECT product, level, (SELECT coalesce(sum(quantity), 0) FROM movement m WHERE m.product = s.product) AS moved
		FROM stock s WHERE level <> moved`)
	for product, quantity := range opening {
		wrong = append(wrong, b.rows(ctx, `
			SELECT ?1 AS product, ?2 AS opening, sold, level FROM (
				SELECT (SELECT coalesce(sum(CASE s.kind WHEN 'sale' THEN l.quantity ELSE -l.quantity END), 0)
				        FROM sale_line l JOIN sale s ON s.id = l.sale WHERE l.product = ?1) AS sold,
				       (SELECT level FROM stock WHERE product = ?1) AS level)
			WHERE level <> ?2 - sold`, product, quantity)...)
	}
	return wrong
}

func (b *books) outbox(ctx context.Context) []string {
	wrong := b.rows(ctx, `SELECT count(*) AS records, min(sequence) AS first, max(sequence) AS last FROM outbox HAVING last <> records OR first <> 1`)
	return append(wrong, b.rows(ctx, `
		SELECT number AS sale_without_record FROM sale s
		WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.sequence = s.sequence AND o.type LIKE 'shopbox.sale.%')`)...)
}

// terminal compares the terminal's own list with the sales and with what open
// carts hold as paid by card.
func (b *books) terminal(ctx context.Context, balance int64) []string {
	return b.rows(ctx, `
		SELECT ?1 AS terminal, approved AS box_attempts, sold AS box_sales, held AS open_carts FROM (
			SELECT (SELECT coalesce(sum(CASE purpose WHEN 'charge' THEN amount ELSE -amount END), 0)
			        FROM payment_attempt WHERE state = 'approved') AS approved,
			       (SELECT coalesce(sum(CASE s.kind WHEN 'sale' THEN t.amount ELSE -t.amount END), 0)
			        FROM tender t JOIN sale s ON s.id = t.sale WHERE t.kind = 'card') AS sold,
			       (SELECT coalesce(sum(json_extract(tender.value, '$.Amount')), 0)
			        FROM cart, json_each(cart.content, '$.Tenders') AS tender
			        WHERE json_extract(tender.value, '$.Kind') = 'card') AS held)
		WHERE approved <> ?1 OR sold + held <> ?1`, balance)
}

func (b *books) payments(ctx context.Context) []string {
	return b.rows(ctx, `SELECT id, cart, purpose, amount, state FROM payment_attempt WHERE ended = 0`)
}

// paper compares the slips that came out with the print jobs: a receipt that
// counts as printed is on paper once, an unknown one at most once, and none
// twice without the word copy.
func (b *books) paper(ctx context.Context, slips []string) []string {
	originals := make(map[string]int)
	for _, slip := range slips {
		// A box that dies while it prints leaves half a receipt without a cut;
		// the next one comes out below it on the same slip.
		for receipt := range strings.SplitSeq(slip, beginsReceipt) {
			if found := ownNumber.FindStringSubmatch(receipt); found != nil && !strings.Contains(receipt, "재출력") {
				originals[found[1]]++
			}
		}
	}
	rows, err := b.db.QueryContext(ctx, `SELECT number, state FROM print_job WHERE copy = 0 AND number <> ''`)
	if err != nil {
		b.err = append(b.err, err)
		return nil
	}
	defer rows.Close()
	var wrong []string
	for rows.Next() {
		var number, state string
		if err := rows.Scan(&number, &state); err != nil {
			b.err = append(b.err, err)
			return nil
		}
		count := originals[number]
		if count > 1 || state == "printed" && count != 1 {
			wrong = append(wrong, fmt.Sprintf("%s counts as %s and is on paper %d times", number, state, count))
		}
	}
	b.err = append(b.err, rows.Err())
	return append(wrong, b.rows(ctx, `
		SELECT number AS sale_without_slip FROM sale s WHERE NOT EXISTS (SELECT 1 FROM print_job j WHERE j.number = s.number)`)...)
}

func (b *books) hub(ctx context.Context, sales []hubSale) []string {
	there := make(map[string][]hubSale, len(sales))
	for _, sold := range sales {
		there[sold.Number] = append(there[sold.Number], sold)
	}
	rows, err := b.db.QueryContext(ctx, `SELECT number, total, kind FROM sale`)
	if err != nil {
		b.err = append(b.err, err)
		return nil
	}
	defer rows.Close()
	var wrong []string
	count := 0
	for rows.Next() {
		var number, kind string
		var total int64
		if err := rows.Scan(&number, &total, &kind); err != nil {
			b.err = append(b.err, err)
			return nil
		}
		count++
		if kind == "refund" {
			// The hub's list tells what came in, so a refund is negative there.
			total = -total
		}
		copies := there[number]
		if len(copies) != 1 || copies[0].Total != total || copies[0].Refund != (kind == "refund") {
			wrong = append(wrong, fmt.Sprintf("%s %s of %d is on the hub as %+v", kind, number, total, copies))
		}
	}
	b.err = append(b.err, rows.Err())
	if count != len(sales) {
		wrong = append(wrong, fmt.Sprintf("%d sales on the box, %d on the hub", count, len(sales)))
	}
	return wrong
}

// told checks every receipt number the cashier was told, and that no key made
// two sales.
func (b *books) told(ctx context.Context, acts []act) []string {
	var wrong []string
	for _, act := range acts {
		if !act.answered || act.number == "" {
			continue
		}
		wrong = append(wrong, b.rows(ctx, `
			SELECT ?1 AS receipt, ?2 AS act WHERE NOT EXISTS (SELECT 1 FROM sale WHERE number = ?1)`, act.number, act.key)...)
	}
	return wrong
}
