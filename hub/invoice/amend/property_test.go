package amend_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"shopbox/hub/invoice"
	"shopbox/hub/invoice/amend"
	"shopbox/hub/invoice/refusal"
	"shopbox/protocol/money"
)

// random makes a document of a random kind with random lines.
func random(r *rand.Rand) *invoice.Invoice {
	i := original()
	kinds := []invoice.TypeCode{"0101", "0102", "0103", "0105", "0301", "0303"}
	i.Document.Type = kinds[r.IntN(len(kinds))]
	if i.Document.Type.Consigned() {
		i.Broker = &invoice.Party{ID: "2208162517", Name: "수탁", Representative: "수"}
	}
	i.Lines, i.Payments = nil, nil
	var charge, tax money.Won
	for range 1 + r.IntN(4) {
		c := money.Won(10 + r.Int64N(1_000_000_000))
		l := invoice.Line{Name: "품목", Charge: &c}
		charge += c
		if taxed(i) {
			vat := c / 10
			l.Tax = &vat
			tax += vat
		}
		i.Lines = append(i.Lines, l)
	}
	i.Totals = invoice.Totals{Charge: charge, Grand: charge + tax}
	if taxed(i) {
		i.Totals.Tax = &tax
		i.Payments = []invoice.Payment{{Kind: invoice.PaidCash, Amount: charge}, {Kind: invoice.PaidCredit, Amount: tax}}
	}
	return i
}

func taxed(i *invoice.Invoice) bool {
	return !i.Document.Type.Exempt() && !i.Document.Type.ZeroRated()
}

// request asks for something, often more than is left.
func request(r *rand.Rand, from *invoice.Invoice) amend.Request {
	q := amend.Request{Reason: []invoice.AmendmentCode{"01", "02", "03", "04", "05", "06"}[r.IntN(6)]}
	if q.Reason != "01" && q.Reason != "06" {
		q.On = "20261120"
	}
	switch q.Reason {
	case invoice.AmendCorrection:
		q.Replacement = from.Clone()
		q.Replacement.Buyer.Name = "바른곳"
	case invoice.AmendPrice, invoice.AmendReturn:
		charge := -money.Won(10 + r.Int64N(1+int64(from.Totals.Charge)))
		if q.Reason == invoice.AmendPrice && r.IntN(2) == 0 {
			charge = -charge
		}
		l := invoice.Line{Charge: &charge}
		if taxed(from) {
			vat := charge / 10
			l.Tax = &vat
		}
		q.Lines = []invoice.Line{l}
		q.StatusChanged = r.IntN(4) == 0
	default:
	}
	return q
}

// TestAmendmentsNeverTakeMoreThanWasGiven makes random amendments one after
// another. What is left is always what the sheets add up to, and never below
// nothing; whole reasons cancel to zero.
func TestAmendmentsNeverTakeMoreThanWasGiven(t *testing.T) {
	made := map[invoice.AmendmentCode]int{}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		by := issuing(t, 100)
		h := amend.History{Original: random(r)}
		left := amounts(h.Original)
		for range 8 {
			q := request(r, h.Original)
			sheets, err := amend.Make(h, q, by)
			if err != nil {
				if refused, ok := errors.AsType[*refusal.Error](err); !ok || errors.Is(refused, amend.ErrInvalid) {
					t.Fatalf("seed %d, %s: %v", seed, q.Reason, err)
				}
				continue
			}
			made[q.Reason]++
			for _, sheet := range sheets {
				sound(t, h.Original, q, sheet)
			}
			left = checkSum(t, left, q, sheets, h.Original)
			h.Earlier = append(h.Earlier, sheets...)
			r.Shuffle(len(h.Earlier), func(a, b int) { h.Earlier[a], h.Earlier[b] = h.Earlier[b], h.Earlier[a] })
			if got, err := h.Left(); err != nil || got != left || got.Charge < 0 || got.Tax < 0 {
				t.Fatalf("seed %d: %+v is left, %v, want %+v", seed, got, err, left)
			}
		}
	}
	for _, reason := range []invoice.AmendmentCode{"01", "02", "03", "04", "05", "06"} {
		if made[reason] < 10 {
			t.Errorf("%s was made %d times only", reason, made[reason])
		}
	}
}

// checkSum is what is left after the sheets, by the law's own words.
func checkSum(tb testing.TB, left amend.Amounts, q amend.Request, sheets []*invoice.Invoice, from *invoice.Invoice) amend.Amounts {
	tb.Helper()
	first, whole := amounts(sheets[0]), amounts(from)
	switch q.Reason {
	case invoice.AmendPrice, invoice.AmendReturn:
		want := amend.Amounts{Charge: *q.Lines[0].Charge}
		if q.Lines[0].Tax != nil {
			want.Tax = *q.Lines[0].Tax
		}
		if len(sheets) != 1 || first != want {
			tb.Fatalf("%s is %+v, want %+v", q.Reason, first, want)
		}
		return amend.Amounts{Charge: left.Charge + want.Charge, Tax: left.Tax + want.Tax}
	case invoice.AmendCorrection, invoice.AmendLocalCredit:
		if len(sheets) != 2 || sheets[1].Totals.Charge != whole.Charge {
			tb.Fatalf("%s: %+v", q.Reason, sheets)
		}
	default:
		if len(sheets) != 1 {
			tb.Fatalf("%s has %d sheets", q.Reason, len(sheets))
		}
	}
	if first.Charge+whole.Charge != 0 || first.Tax+whole.Tax != 0 || sheets[0].Totals.Grand+from.Totals.Grand != 0 {
		tb.Fatalf("%s does not cancel %+v: %+v", q.Reason, whole, first)
	}
	return amend.Amounts{}
}
