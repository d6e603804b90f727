package store

import (
	"context"
	"encoding/json"
	"fmt"

	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol/money"
)

// cashKept is the cash of a sale that did not go back.
const cashKept = `(SELECT coalesce(sum(CASE sale.kind WHEN 'refund' THEN -tender.amount ELSE tender.amount END), 0)
	FROM sale JOIN tender ON tender.sale = sale.id
	WHERE tender.kind = 'cash' AND (sale.number = ?1 OR sale.original = ?1 AND sale.original <> ''))`

// keepCashReceipt writes down that an attempt issued a cash receipt or
// cancelled one. A second one that holds for the same sale cannot be written.
func (t *tx) keepCashReceipt(attempt till.Attempt) error {
	if attempt.CashReceipt == nil || attempt.State != till.Approved {
		return nil
	}
	if attempt.Purpose == till.CancelIssue {
		changed, err := t.change(`UPDATE cash_receipt SET cancelled = ? WHERE attempt = ? AND cancelled IS NULL`, attempt.ID, attempt.Original)
		if err == nil && changed == 0 {
			err = fmt.Errorf("%w: cash receipt %s is cancelled", ErrTaken, attempt.Original)
		}
		return err
	}
	err := t.exec(`INSERT INTO cash_receipt (attempt, number, amount, cancel_due) VALUES (?2, ?1, ?3, ?3 > `+cashKept+`)`,
		attempt.CashReceipt.Sale, attempt.ID, int64(attempt.Amount))
	if err != nil {
		return fmt.Errorf("cash receipt: %w", err)
	}
	return nil
}

// cashWentBack has the cash receipt of a sale cancelled when a refund gives
// cash of it back.
func (t *tx) cashWentBack(done sale.Sale) error {
	if done.Kind != sale.Refunded {
		return nil
	}
	err := t.exec(`UPDATE cash_receipt SET cancel_due = 1 WHERE number = ?1 AND cancelled IS NULL AND amount > `+cashKept, done.Original)
	if err != nil {
		return fmt.Errorf("cash receipt: %w", err)
	}
	return nil
}

func cashReceipts(q queries, where string, args ...any) ([]till.CashReceipt, error) {
	return list(q, func(row scanner) (till.CashReceipt, error) {
		var issued till.CashReceipt
		var content []byte
		if err := row.Scan(&content, &issued.Cancelled, &issued.CancelDue); err != nil {
			return till.CashReceipt{}, err
		}
		if err := json.Unmarshal(content, &issued.Issue); err != nil {
			return till.CashReceipt{}, fmt.Errorf("read attempt: %w", err)
		}
		return issued, nil
	}, `SELECT content, coalesce(cancelled, ''), cancel_due FROM cash_receipt JOIN payment_attempt ON id = attempt
		WHERE `+where+` ORDER BY attempt`, args...)
}

// CashReceiptsOwed are the numbers of the sales since a business day, over at
// least an amount, that took cash and never had a cash receipt, oldest first.
func (s *Store) CashReceiptsOwed(ctx context.Context, since string, least money.Won) ([]string, error) {
	return list(s.read.in(ctx), func(row scanner) (number string, err error) { return number, row.Scan(&number) },
		`SELECT number FROM sale WHERE day >= ? AND kind = 'sale' AND total >= ?
			AND EXISTS (SELECT 1 FROM tender WHERE tender.sale = sale.id AND tender.kind = 'cash')
			AND NOT EXISTS (SELECT 1 FROM cash_receipt WHERE cash_receipt.number = sale.number) ORDER BY day, id`, since, int64(least))
}

// CashReceiptsDue are the cash receipts that hold although cash they are over
// went back.
func (s *Store) CashReceiptsDue(ctx context.Context) ([]till.CashReceipt, error) {
	return cashReceipts(s.read.in(ctx), `cancel_due = 1 AND cancelled IS NULL`)
}
