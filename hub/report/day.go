package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxProducts is how many products a day's figures name.
const maxProducts = 200

// seoul has had no summer time since 1988.
var seoul = time.FixedZone("KST", 9*60*60)

// morning is the hour until which the day before goes on in a shop that still
// has it open.
const morning = 6

// running is the business day that runs in Seoul: today's date, or after
// midnight the day before while a shop has it open.
func (s *Service) running(shops []ShopInfo) string {
	now := s.config.Now().In(seoul)
	before := now.AddDate(0, 0, -1).Format(time.DateOnly)
	late := func(shop ShopInfo) bool { return shop.State.Day == before && shop.State.ClosedAt == nil }
	if now.Hour() < morning && slices.ContainsFunc(shops, late) {
		return before
	}
	return now.Format(time.DateOnly)
}

// Day is the figures of a business day of one shop, or of all shops of the
// tenant. An empty day is the one that runs; one that is not a date is
// ErrCursor.
func (s *Service) Day(ctx context.Context, scope Scope, day string) (Day, error) {
	shops, err := s.shopsIn(ctx, scope)
	if err != nil {
		return Day{}, err
	}
	running := s.running(shops)
	day = cmp.Or(day, running)
	date, err := time.ParseInLocation(time.DateOnly, day, seoul)
	if err != nil {
		return Day{}, fmt.Errorf("%w: day", ErrCursor)
	}
	if err := s.config.Settler.Settle(ctx, scope.Tenant, scope.Shop); err != nil {
		return Day{}, err
	}
	sums, err := s.config.Store.Rollups(ctx, scope, dayNumber(date))
	if err != nil {
		return Day{}, err
	}
	week := date.AddDate(0, 0, -7)
	earlier, err := s.config.Store.Rollups(ctx, scope, dayNumber(week))
	if err != nil {
		return Day{}, err
	}
	result := Day{Day: day, Today: day == running, At: s.config.Now()}
	result.add(sums, shops)
	result.addHours(sums, earlier)
	result.Before, err = s.before(ctx, scope, week, earlier, result.Today)
	return result, err
}

func dayNumber(date time.Time) int {
	return date.Year()*10000 + int(date.Month())*100 + date.Day()
}

// shopsIn are the shops of the scope; an unknown one is ErrNotFound.
func (s *Service) shopsIn(ctx context.Context, scope Scope) ([]ShopInfo, error) {
	if scope.Shop == "" {
		return s.Shops(ctx, scope.Tenant)
	}
	shop, err := s.Shop(ctx, scope.Tenant, scope.Shop)
	return []ShopInfo{shop}, err
}

// before is the week before; of a day that still runs, up to the same time.
func (s *Service) before(ctx context.Context, scope Scope, week time.Time, sums []Rollup, today bool) (Before, error) {
	before := Before{Day: week.Format(time.DateOnly)}
	for i := range sums {
		if sums[i].Kind == RollupHour {
			before.Total += sums[i].Total
			before.Known = true
		}
	}
	if !today || !before.Known {
		return before, nil
	}
	var err error
	before.Total, err = s.config.Store.TotalUntil(ctx, scope, dayNumber(week), s.config.Now().AddDate(0, 0, -7))
	return before, err
}

// add sums the roll-ups of all shops.
func (d *Day) add(sums []Rollup, shops []ShopInfo) {
	d.Shops = make([]ShopDay, len(shops))
	place := map[string]*ShopDay{}
	for i, shop := range shops {
		d.Shops[i] = ShopDay{Shop: shop.ID, Name: shop.Name, State: shop.State}
		place[shop.ID] = &d.Shops[i]
	}
	tenders, products := map[string]*TenderTotal{}, map[string]*Rollup{}
	for i := range sums {
		sum := &sums[i]
		switch sum.Kind {
		case RollupHour:
			d.Totals.add(sum)
			if shop := place[sum.Shop]; shop != nil {
				shop.Totals.add(sum)
			}
		case RollupTender:
			addTender(tenders, sum)
		case RollupProduct:
			addProduct(products, sum)
		}
	}
	for _, tender := range tenders {
		d.Tenders = append(d.Tenders, *tender)
	}
	slices.SortFunc(d.Tenders, func(x, y TenderTotal) int {
		return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(x.Kind, y.Kind))
	})
	d.addProducts(products)
}

func (t *Totals) add(sum *Rollup) {
	t.Total += sum.Total
	t.Sales += sum.Sales
	t.Refunds += sum.Refunds
	t.Refunded += sum.Refunded
}

func addTender(tenders map[string]*TenderTotal, sum *Rollup) {
	tender := tenders[sum.Key]
	if tender == nil {
		tender = &TenderTotal{Kind: sum.Key}
		tenders[sum.Key] = tender
	}
	tender.Total += sum.Total
	tender.Count += sum.Sales
}

func addProduct(products map[string]*Rollup, sum *Rollup) {
	product := products[sum.Key]
	if product == nil {
		product = &Rollup{Key: sum.Key, Label: sum.Label}
		products[sum.Key] = product
	}
	product.Quantity += sum.Quantity
	product.Total += sum.Total
	product.Costed += sum.Costed
	product.Cost += sum.Cost
	product.Uncosted += sum.Uncosted
}

// unlisted begins the key of goods that are not in the catalogue.
const unlisted = "~"

func (d *Day) addProducts(products map[string]*Rollup) {
	var margin Margin
	for _, sum := range products {
		product := ProductTotal{Product: sum.Key, Name: sum.Label, Quantity: sum.Quantity, Total: sum.Total}
		if strings.HasPrefix(sum.Key, unlisted) {
			product.Product = ""
		}
		if sum.Uncosted == 0 {
			left := sum.Costed - sum.Cost
			product.Margin = &left
		}
		margin.Of += sum.Costed
		margin.Amount += sum.Costed - sum.Cost
		d.Products = append(d.Products, product)
	}
	if margin != (Margin{}) {
		d.Margin = &margin
	}
	slices.SortFunc(d.Products, func(x, y ProductTotal) int {
		return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Product, y.Product))
	})
	d.Products = d.Products[:min(len(d.Products), maxProducts)]
}

// addHours lays the hours of both days side by side.
func (d *Day) addHours(sums, earlier []Rollup) {
	hours := map[int]*Hour{}
	at := func(sum *Rollup) *Hour {
		number, err := strconv.Atoi(sum.Key)
		if sum.Kind != RollupHour || err != nil {
			return nil
		}
		if hours[number] == nil {
			hours[number] = &Hour{Hour: number}
		}
		return hours[number]
	}
	for i := range sums {
		if hour := at(&sums[i]); hour != nil {
			hour.Total += sums[i].Total
			hour.Sales += sums[i].Sales
		}
	}
	for i := range earlier {
		if hour := at(&earlier[i]); hour != nil {
			hour.Before += earlier[i].Total
		}
	}
	for _, hour := range hours {
		d.Hours = append(d.Hours, *hour)
	}
	slices.SortFunc(d.Hours, func(x, y Hour) int { return cmp.Compare(x.Hour, y.Hour) })
}
