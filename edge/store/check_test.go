package store_test

import (
	"errors"
	"strings"
	"testing"

	"shopbox/edge/store"
)

// TestCheckFinds: each kind of disagreement in the books is found and named.
func TestCheckFinds(t *testing.T) {
	for _, fault := range []struct{ want, statement string }{
		{"do not sum to zero", `UPDATE journal_line SET amount = amount + 1 WHERE id = 1`},
		{"without a journal entry", `UPDATE journal_entry SET ref = 'x' WHERE kind = 'sale'`},
		{"sum of their lines", `UPDATE sale_line SET amount = amount + 1 WHERE id = 1`},
		{"sum of their tenders", `UPDATE tender SET amount = amount + 1 WHERE id = 1`},
		{"numbers have gaps", `UPDATE number SET last = last + 1`},
		{"days that are not", `UPDATE business_day SET sold = sold + 1`},
		{"days whose tenders", `UPDATE day_tender SET sum = sum + 1`},
		{"of their movements", `UPDATE stock SET level = level + 1`},
		{"gaps in the outbox", `DELETE FROM outbox WHERE sequence = 5`},
		{"without an approved payment", `UPDATE tender SET kind = 'card' WHERE id = 1`},
		{"payments in two sales", `UPDATE tender SET attempt = 'one'`},
	} {
		b := newBox(t)
		b.setUp(t, milk())
		b.openDay(t)
		b.workADay(t)
		if err := b.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.meddle(t, fault.statement)
		if err := b.Check(t.Context()); !errors.Is(err, store.ErrBooks) || !strings.Contains(err.Error(), fault.want) {
			t.Errorf("%s: found %v", fault.want, err)
		}
	}
}
