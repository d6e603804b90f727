package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"shopbox/hub/ingest"
	"shopbox/hub/packed"
	"shopbox/hub/report"
	"shopbox/protocol/money"
)

// The sums of a shop's day are kept as parts that add up: each projection
// appends one part per shop and day, and now and then the parts are folded
// into the first. So a sale costs one append however many products it has,
// and a reader adds up at most foldAfter parts.

// foldAfter is how many parts of a shop's day are folded.
const foldAfter = 32

// maxFolds bounds the memory of folds.
const maxFolds = 200_000

// errSums says that a stored part cannot be read.
var errSums = errors.New("sums unreadable")

// sumsFormat begins each part, so that a later form can be told apart.
const sumsFormat = 1

// shopDay names the day of a shop.
type shopDay struct {
	tenant, shop string
	day          int
}

// folds remembers how many parts were appended since the last fold. A day it
// does not know is folded at once.
type folds struct {
	mutex sync.Mutex
	parts map[shopDay]int
}

// due counts one part more and reports whether it is time to fold.
func (f *folds) due(day shopDay) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if len(f.parts) > maxFolds {
		clear(f.parts)
	}
	parts, known := f.parts[day]
	if fold := !known || parts+1 >= foldAfter; fold {
		f.parts[day] = 1
		return true
	}
	f.parts[day] = parts + 1
	return false
}

// part is what one projection adds to a shop's day.
type part struct {
	shopDay
	number  int64
	payload []byte
}

// cutSums makes the parts a projection adds, folding where it is due: a folded
// part stands for those before it, which are gone.
func (db *DB) cutSums(ctx context.Context, tx *sql.Tx, days []ingest.DaySums) ([]part, error) {
	parts := make([]part, len(days))
	for i := range days {
		day := shopDay{days[i].Tenant, days[i].Shop, days[i].Day}
		sums := toSums(days[i].Rollups)
		if !db.folds.due(day) {
			parts[i] = part{day, days[i].Part, encodeSums(sums)}
			continue
		}
		folded, err := fold(ctx, tx, day, sums)
		if err != nil {
			return nil, fmt.Errorf("fold sums of %v: %w", day, err)
		}
		parts[i] = part{day, 0, folded}
	}
	return parts, nil
}

// fold takes the parts of a day out and adds them and the new sums up. What
// is taken out is what is added, also when another hub writes the same day.
func fold(ctx context.Context, tx *sql.Tx, day shopDay, sums []report.Rollup) ([]byte, error) {
	parts, err := takeParts(ctx, tx, day)
	if err != nil {
		return nil, err
	}
	adder := newAdder()
	for _, part := range parts {
		if err := adder.addEncoded(part.payload); err != nil {
			return nil, err
		}
	}
	for i := range sums {
		adder.add(&sums[i])
	}
	return encodeSums(adder.sums), nil
}

// takeParts deletes the parts of a day and returns them in order.
func takeParts(ctx context.Context, tx *sql.Tx, day shopDay) ([]part, error) {
	rows, err := tx.QueryContext(ctx, `DELETE FROM sums WHERE tenant = $1 AND shop = $2 AND day = $3 RETURNING part, payload`,
		day.tenant, day.shop, day.day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parts []part
	for rows.Next() {
		var one part
		if err := rows.Scan(&one.number, &one.payload); err != nil {
			return nil, err
		}
		parts = append(parts, one)
	}
	slices.SortFunc(parts, func(x, y part) int { return cmp.Compare(x.number, y.number) })
	return parts, rows.Err()
}

func toSums(rollups []ingest.Rollup) []report.Rollup {
	sums := make([]report.Rollup, len(rollups))
	for i := range rollups {
		r := &rollups[i]
		sums[i] = report.Rollup{
			Kind: r.Kind, Key: r.Key, Label: r.Label, Sales: r.Sales, Refunds: r.Refunds, Refunded: r.Refunded,
			Quantity: r.Quantity, Total: r.Total, Costed: r.Costed, Cost: r.Cost, Uncosted: r.Uncosted,
		}
	}
	return sums
}

// adder adds sums of the same kind and key.
type adder struct {
	sums  []report.Rollup
	index map[sumKey]int
}

type sumKey struct {
	kind int
	key  string
}

func newAdder() *adder { return &adder{index: map[sumKey]int{}} }

func (a *adder) add(sum *report.Rollup) {
	name := sumKey{sum.Kind, sum.Key}
	at, known := a.index[name]
	if !known {
		a.index[name] = len(a.sums)
		a.sums = append(a.sums, *sum)
		return
	}
	into := &a.sums[at]
	into.Label = sum.Label
	into.Sales += sum.Sales
	into.Refunds += sum.Refunds
	into.Refunded += sum.Refunded
	into.Quantity += sum.Quantity
	into.Total += sum.Total
	into.Costed += sum.Costed
	into.Cost += sum.Cost
	into.Uncosted += sum.Uncosted
}

func (a *adder) addEncoded(payload []byte) error {
	if len(payload) == 0 || payload[0] != sumsFormat {
		return errSums
	}
	r := packed.NewReader(payload[1:])
	for r.More() {
		sum := report.Rollup{
			Kind: int(r.Number()), Key: r.Text(), Label: r.Text(), Sales: r.Number(), Refunds: r.Number(),
			Refunded: money.Won(r.Number()), Quantity: money.Milli(r.Number()), Total: money.Won(r.Number()),
			Costed: money.Won(r.Number()), Cost: money.Won(r.Number()), Uncosted: r.Number(),
		}
		if !r.Bad() {
			a.add(&sum)
		}
	}
	if r.Bad() {
		return errSums
	}
	return nil
}

// encodeSums writes sums in the form addEncoded reads.
func encodeSums(sums []report.Rollup) []byte {
	out := make([]byte, 0, 1+64*len(sums))
	out = append(out, sumsFormat)
	for i := range sums {
		s := &sums[i]
		out = packed.AppendNumber(out, s.Kind)
		out = packed.AppendText(packed.AppendText(out, s.Key), s.Label)
		for _, number := range [...]int64{
			s.Sales, s.Refunds, int64(s.Refunded), int64(s.Quantity), int64(s.Total), int64(s.Costed), int64(s.Cost), s.Uncosted,
		} {
			out = packed.AppendNumber(out, number)
		}
	}
	return out
}

// Rollups implements report.Figures.
func (db *DB) Rollups(ctx context.Context, scope report.Scope, day int) ([]report.Rollup, error) {
	shops, err := db.shopsOf(ctx, scope)
	if err != nil {
		return nil, err
	}
	var all []report.Rollup
	for _, shop := range shops {
		payloads, err := list(ctx, db.read, scanBytes,
			`SELECT payload FROM sums WHERE tenant = $1 AND shop = $2 AND day = $3 ORDER BY part`, scope.Tenant, shop, day)
		if err != nil {
			return nil, fmt.Errorf("read sums: %w", err)
		}
		adder := newAdder()
		for _, payload := range payloads {
			if err := adder.addEncoded(payload); err != nil {
				return nil, fmt.Errorf("read sums of %s: %w", shop, err)
			}
		}
		for i := range adder.sums {
			adder.sums[i].Shop = shop
		}
		all = append(all, adder.sums...)
	}
	return all, nil
}

func scanBytes(row func(...any) error) ([]byte, error) {
	var bytes []byte
	err := row(&bytes)
	return bytes, err
}
