package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shopbox/protocol"
)

const (
	defaultLimit = 50
	maxLimit     = 200
)

func limit(wanted int) int {
	if wanted <= 0 {
		return defaultLimit
	}
	return min(wanted, maxLimit)
}

// Sales is one page of the list of sales, newest first. A day or cursor that
// cannot be read is ErrCursor, an unknown shop ErrNotFound.
func (s *Service) Sales(ctx context.Context, query SalesQuery) (SalesPage, error) {
	search, err := prepare(query)
	if err != nil {
		return SalesPage{}, err
	}
	shops, err := s.shopsIn(ctx, query.Scope)
	if err != nil {
		return SalesPage{}, err
	}
	if err := s.config.Settler.Settle(ctx, query.Tenant, query.Shop); err != nil {
		return SalesPage{}, err
	}
	keys, err := s.newest(ctx, search, shops)
	if err != nil {
		return SalesPage{}, err
	}
	var page SalesPage
	if wanted := search.Limit - 1; len(keys) > wanted {
		keys = keys[:wanted]
		page.Next = cursorOf(keys[wanted-1])
	}
	names := map[string]string{}
	for _, shop := range shops {
		names[shop.ID] = shop.Name
	}
	page.Sales, err = s.rows(ctx, query.Tenant, keys, names)
	return page, err
}

// newest asks shop by shop, because that is how sales are kept, and merges.
func (s *Service) newest(ctx context.Context, search SaleSearch, shops []ShopInfo) ([]SaleKey, error) {
	var all []SaleKey
	for _, shop := range shops {
		search.Shop = shop.ID
		keys, err := s.config.Store.Sales(ctx, search)
		if err != nil {
			return nil, err
		}
		all = append(all, keys...)
	}
	slices.SortFunc(all, func(x, y SaleKey) int {
		return -cmp.Or(
			cmp.Compare(x.Day, y.Day), x.At.Compare(y.At), cmp.Compare(x.Number, y.Number),
			cmp.Compare(x.Shop, y.Shop), cmp.Compare(x.Batch, y.Batch), cmp.Compare(x.Sequence, y.Sequence),
		)
	})
	return all[:min(len(all), search.Limit)], nil
}

// prepare checks a query; it asks for one row more than wanted, to know
// whether there is a next page.
func prepare(query SalesQuery) (SaleSearch, error) {
	search := SaleSearch{Scope: query.Scope, Limit: limit(query.Limit) + 1}
	if query.Day != "" {
		date, err := time.Parse(time.DateOnly, query.Day)
		if err != nil {
			return search, fmt.Errorf("%w: day", ErrCursor)
		}
		search.Day = dayNumber(date)
	}
	search.Number = cleanNumber(query.Number)
	if query.Number != "" && search.Number == "" {
		return search, fmt.Errorf("%w: number", ErrCursor)
	}
	if date, count, _ := strings.Cut(search.Number, "-"); search.Day == 0 && len(date) == len("20261123") && count != "" {
		// A whole number names its day, which is quicker to look through than
		// all the years of a shop.
		if day, err := strconv.Atoi(date); err == nil {
			search.Day = day
		}
	}
	if query.Cursor != "" {
		after, err := parseCursor(query.Cursor)
		if err != nil {
			return search, err
		}
		search.After = &after
	}
	return search, nil
}

// cleanNumber keeps digits and the dash. The barcode of a paper, R2611230001,
// becomes the number 20261123-0001.
func cleanNumber(text string) string {
	text = strings.ToUpper(strings.TrimSpace(text))
	if digits, found := strings.CutPrefix(text, "R"); found && len(digits) >= 10 {
		text = "20" + digits[:6] + "-" + digits[6:]
	}
	return strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

func cursorOf(key SaleKey) string {
	return fmt.Sprintf("%d_%d_%s_%s_%d_%d", key.Day, key.At.UnixMilli(), key.Number, key.Shop, key.Batch, key.Sequence)
}

func parseCursor(text string) (SaleKey, error) {
	parts := strings.Split(text, "_")
	if len(parts) != 6 || strings.IndexByte(text, 0) >= 0 {
		return SaleKey{}, fmt.Errorf("%w: cursor", ErrCursor)
	}
	var numbers [4]int64
	for i, part := range []string{parts[0], parts[1], parts[4], parts[5]} {
		var err error
		if numbers[i], err = strconv.ParseInt(part, 10, 64); err != nil {
			return SaleKey{}, fmt.Errorf("%w: cursor", ErrCursor)
		}
	}
	return SaleKey{
		Day: int(numbers[0]), At: time.UnixMilli(numbers[1]), Number: parts[2], Shop: parts[3], Batch: numbers[2], Sequence: numbers[3],
	}, nil
}

// rows reads what the slim rows leave out from the stored batches.
func (s *Service) rows(ctx context.Context, tenant string, keys []SaleKey, names map[string]string) ([]SaleRow, error) {
	contents, err := s.contents(ctx, tenant, keys)
	if err != nil {
		return nil, err
	}
	rows := make([]SaleRow, len(keys))
	for i, key := range keys {
		sale := contents[i]
		rows[i] = SaleRow{
			Shop: key.Shop, ShopName: names[key.Shop], Number: key.Number, Day: sale.Day, At: sale.At, Refund: sale.Refund,
			Total: key.Total, Lines: len(sale.Lines), Original: sale.Original,
		}
		if len(sale.Lines) > 0 {
			rows[i].Title = sale.Lines[0].Name
		}
		for _, tender := range sale.Tenders {
			rows[i].Tenders = append(rows[i].Tenders, tender.Kind)
		}
	}
	return rows, nil
}

// contents reads sales from their batches, each batch once.
func (s *Service) contents(ctx context.Context, tenant string, keys []SaleKey) ([]Sale, error) {
	var ids []int64
	wanted := map[int64][]int{}
	for i, key := range keys {
		if wanted[key.Batch] == nil {
			ids = append(ids, key.Batch)
		}
		wanted[key.Batch] = append(wanted[key.Batch], i)
	}
	batches, err := s.config.Store.Batches(ctx, tenant, ids)
	if err != nil {
		return nil, err
	}
	sales := make([]Sale, len(keys))
	for id, places := range wanted {
		items, err := s.config.Codec.Unpack(batches[id].Payload)
		if err != nil {
			return nil, fmt.Errorf("read stored batch: %w", err)
		}
		for _, at := range places {
			if sales[at], err = readSale(items, keys[at].Sequence); err != nil {
				return nil, err
			}
			sales[at].Box = batches[id].Box
		}
	}
	return sales, nil
}

func readSale(items []protocol.Item, sequence int64) (Sale, error) {
	for i := range items {
		event := &items[i].Event
		if items[i].Err != nil || int64(event.Sequence) != sequence {
			continue
		}
		if event.Type == protocol.TypeSaleRefunded {
			var refund protocol.SaleRefunded
			err := event.Decode(&refund)
			return Sale{Refund: true, Sale: refund.Sale, Original: refund.Original, Reason: refund.Reason}, err
		}
		var closed protocol.SaleClosed
		err := event.Decode(&closed)
		return Sale{Sale: closed.Sale}, err
	}
	return Sale{}, fmt.Errorf("read stored batch: record %d: %w", sequence, ErrNotFound)
}

// Sale is one sale or refund whole, by its number in a shop. Two boxes of a shop
// may have given the same number on a day; then the time tells them apart, and
// zero takes the first.
func (s *Service) Sale(ctx context.Context, scope Scope, number string, at time.Time) (Sale, error) {
	number = cleanNumber(number)
	date, _, _ := strings.Cut(number, "-")
	day, err := strconv.Atoi(date)
	if err != nil || scope.Shop == "" {
		return Sale{}, fmt.Errorf("sale: %w", ErrNotFound)
	}
	shop, err := s.Shop(ctx, scope.Tenant, scope.Shop)
	if err != nil {
		return Sale{}, err
	}
	if err := s.config.Settler.Settle(ctx, scope.Tenant, scope.Shop); err != nil {
		return Sale{}, err
	}
	key, err := s.config.Store.SaleByNumber(ctx, scope, day, number, at)
	if err != nil {
		return Sale{}, err
	}
	sales, err := s.contents(ctx, scope.Tenant, []SaleKey{key})
	if err != nil {
		return Sale{}, err
	}
	sale := sales[0]
	sale.Shop = shop
	sale.RefundedBy, err = s.config.Store.RefundsOf(ctx, scope, number)
	return sale, err
}

// Fleet is one page of the carrier's active boxes.
func (s *Service) Fleet(ctx context.Context, query FleetQuery) (FleetPage, error) {
	wanted := limit(query.Limit)
	query.Limit = wanted + 1
	boxes, err := s.config.Store.Fleet(ctx, query)
	if err != nil {
		return FleetPage{}, err
	}
	page := FleetPage{Boxes: boxes}
	if len(boxes) > wanted {
		page.Boxes = boxes[:wanted]
		page.Next = boxes[wanted-1].ID
	}
	for i := range page.Boxes {
		page.Boxes[i].Connected = s.connected(&page.Boxes[i])
	}
	return page, nil
}

// FleetCounts is how many active boxes each filter holds.
func (s *Service) FleetCounts(ctx context.Context) (FleetCounts, error) {
	var counts FleetCounts
	for _, wanted := range []struct {
		filter FleetFilter
		count  *int
	}{
		{FleetAll, &counts.All},
		{FleetOnline, &counts.Online},
		{FleetSilent, &counts.Silent},
		{FleetNew, &counts.New},
		{FleetUnsent, &counts.Unsent},
		{FleetFault, &counts.Fault},
	} {
		var err error
		if *wanted.count, err = s.config.Store.FleetCounts(ctx, wanted.filter); err != nil {
			return FleetCounts{}, err
		}
	}
	return counts, nil
}
