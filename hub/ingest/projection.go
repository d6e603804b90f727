package ingest

import (
	"cmp"
	"slices"
	"time"

	"shopbox/protocol/money"
)

// Behind is a box whose records after Projected, through Through, are held
// and not in the read models yet.
type Behind struct {
	Tenant, Shop, Box  string
	Projected, Through int64
	// Batch is the id of the batch that ends with Through.
	Batch int64
}

// Projection is what one transaction adds to the read models.
type Projection struct {
	// Steps are in the order of tenant and box, Days of tenant, shop and day.
	Steps []Step
	Sales []Sale
	Days  []DaySums
}

// Step moves a box's place in the read models from Was to Through.
type Step struct {
	Tenant, Box  string
	Was, Through int64
}

// Sale is a slim row of the list of sales. Batch is the id of its batch.
type Sale struct {
	Tenant, Shop string
	// Day is the business day as an integer, 20261123.
	Day    int
	Number string
	At     time.Time
	Refund bool
	// Total is negative for a refund.
	Total    money.Won
	Original string
	Batch    int64
	Sequence int64
}

// DaySums is what a projection adds to the sums of a shop's day. Part is a
// number no other projection has for that day.
type DaySums struct {
	Tenant, Shop string
	Day          int
	Part         int64
	Rollups      []Rollup
}

// RollupKey names one sum of a day. Kind is one of report's rollup kinds.
type RollupKey struct {
	Kind int
	Key  string
}

// Rollup is what is added to one sum.
type Rollup struct {
	RollupKey
	Label    string
	Sales    int64
	Refunds  int64
	Refunded money.Won
	Quantity money.Milli
	Total    money.Won
	Costed   money.Won
	Cost     money.Won
	Uncosted int64
}

// tally puts a projection together, shop by shop: the boxes of a shop come
// one after the other.
type tally struct {
	projection   Projection
	tenant, shop string
	// part is the first batch of the shop.
	part    int64
	sums    []daySum
	indexes map[dayKey]int
}

type daySum struct {
	day int
	Rollup
}

type dayKey struct {
	day int
	RollupKey
}

func newTally() *tally { return &tally{indexes: map[dayKey]int{}} }

// box says that what follows is of this box; through is where it ends.
func (t *tally) box(b Behind, through int64) {
	if b.Tenant != t.tenant || b.Shop != t.shop {
		t.cut()
		t.tenant, t.shop, t.part = b.Tenant, b.Shop, 0
	}
	t.projection.Steps = append(t.projection.Steps, Step{Tenant: b.Tenant, Box: b.Box, Was: b.Projected, Through: through})
}

// sale adds a sale or refund of the box's shop.
func (t *tally) sale(s *sale, batch, sequence int64) {
	if t.part == 0 {
		t.part = batch
	}
	sign := int64(1)
	if s.refund {
		sign = -1
	}
	t.projection.Sales = append(t.projection.Sales, Sale{
		Tenant: t.tenant, Shop: t.shop, Day: s.day, Number: s.Number, At: s.At, Refund: s.refund,
		Total: s.Total * money.Won(sign), Original: s.Original, Batch: batch, Sequence: sequence,
	})
	t.addHour(s, sign)
	for _, paid := range s.Tenders {
		sum := t.sum(s.day, rollupTender, paid.Kind)
		sum.Total += paid.Amount * money.Won(sign)
		sum.Sales++
	}
	for i := range s.Lines {
		t.addLine(s.day, &s.Lines[i], sign)
	}
}

func (t *tally) addHour(s *sale, sign int64) {
	sum := t.sum(s.day, rollupHour, s.hour)
	sum.Total += s.Total * money.Won(sign)
	if s.refund {
		sum.Refunds++
		sum.Refunded += s.Total
		return
	}
	sum.Sales++
}

func (t *tally) addLine(day int, l *line, sign int64) {
	key := l.Product
	if key == "" {
		key = unlisted + cleanText(l.Name, maxKey)
	}
	sum := t.sum(day, rollupProduct, key)
	sum.Label = l.Name
	sum.Quantity += l.Quantity * money.Milli(sign)
	sum.Total += l.Amount * money.Won(sign)
	if l.Cost == nil {
		sum.Uncosted++
		return
	}
	net := l.Amount
	if l.VAT != money.Exempt {
		net, _ = money.SplitIncluded(l.Amount)
	}
	sum.Costed += net * money.Won(sign)
	sum.Cost += *l.Cost * money.Won(sign)
}

func (t *tally) sum(day, kind int, key string) *Rollup {
	name := dayKey{day, RollupKey{Kind: kind, Key: key}}
	index, known := t.indexes[name]
	if !known {
		index = len(t.sums)
		t.indexes[name] = index
		t.sums = append(t.sums, daySum{day, Rollup{RollupKey: name.RollupKey}})
	}
	return &t.sums[index].Rollup
}

// cut ends a shop: its sums become those of its days.
func (t *tally) cut() {
	slices.SortFunc(t.sums, func(x, y daySum) int {
		return cmp.Or(cmp.Compare(x.day, y.day), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Key, y.Key))
	})
	for rest := t.sums; len(rest) > 0; {
		day := DaySums{Tenant: t.tenant, Shop: t.shop, Day: rest[0].day, Part: t.part}
		for len(rest) > 0 && rest[0].day == day.Day {
			day.Rollups = append(day.Rollups, rest[0].Rollup)
			rest = rest[1:]
		}
		t.projection.Days = append(t.projection.Days, day)
	}
	t.sums = t.sums[:0]
	clear(t.indexes)
}

// finish orders the steps, so that two hubs never wait for each other in a
// circle.
func (t *tally) finish() *Projection {
	t.cut()
	slices.SortFunc(t.projection.Steps, func(x, y Step) int {
		return cmp.Or(cmp.Compare(x.Tenant, y.Tenant), cmp.Compare(x.Box, y.Box))
	})
	return &t.projection
}
