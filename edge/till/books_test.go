package till_test

import (
	"context"
	"encoding/json"
	"fmt"

	"shopbox/drivers/sim/zvtsim"
	"shopbox/edge/sale"
	"shopbox/edge/till"
	"shopbox/protocol"
	"shopbox/protocol/money"
)

// checkBooks makes sure that everything the shop knows agrees with itself and
// with the terminal.
func (s *shop) checkBooks(sim *zvtsim.Simulator) {
	s.t.Helper()
	ctx := context.Background()
	if err := s.store.Check(ctx); err != nil {
		s.t.Error(err)
	}
	rows, err := s.store.Sales(ctx, till.SaleQuery{Limit: 100_000})
	if err != nil {
		s.t.Fatal(err)
	}
	told := s.told()
	stock := map[string]money.Milli{}
	var cash money.Won
	for i, row := range rows {
		record := s.sale(row.Number)
		if want := fmt.Sprintf("20261123-%04d", len(rows)-i); row.Number != want {
			s.t.Errorf("number %s, want %s", row.Number, want)
		}
		var lines, tenders money.Won
		sign := money.Milli(-1)
		if record.Kind == sale.Refunded {
			sign = 1
		}
		for _, line := range record.Lines {
			lines += line.Amount
			stock[line.Item.Product] += sign * line.Quantity
		}
		for _, tender := range record.Tenders {
			tenders += tender.Amount
			if tender.Kind == sale.Cash {
				cash -= money.Won(sign) * tender.Amount
			}
		}
		if lines != record.Total || tenders != record.Total {
			s.t.Errorf("%s: total %s, lines %s, tenders %s", row.Number, record.Total, lines, tenders)
		}
		if told[row.Number] != record.Total {
			s.t.Errorf("%s: the hub is told %s, want %s", row.Number, told[row.Number], record.Total)
		}
	}
	if len(told) != len(rows) {
		s.t.Errorf("the hub is told of %d sales, want %d", len(told), len(rows))
	}
	for product, want := range stock {
		if product == "" {
			continue
		}
		if listed, err := s.store.ProductWithStock(ctx, product); err != nil || listed.Stock != want {
			s.t.Errorf("stock of %s: %s, want %s, %v", product, listed.Stock, want, err)
		}
	}
	if report, err := s.DayReport(ctx); err == nil && report.Part == 1 && report.Expected() != report.Float+cash {
		s.t.Errorf("cash expected %s, want %s", report.Expected(), report.Float+cash)
	}
	if sim != nil && sim.Balance() != s.cardMoney()+s.cardInCarts() {
		s.t.Errorf("terminal moved %d, sales say %d, carts %d; %+v", sim.Balance(), s.cardMoney(), s.cardInCarts(), sim.Transactions())
	}
}

// cardInCarts is the card money in carts that are not finished.
func (s *shop) cardInCarts() int64 {
	state := s.Snapshot()
	var sum int64
	for _, cart := range append(state.Parked, state.Cart) {
		for _, tender := range cart.Tenders {
			if tender.Kind == sale.Card {
				sum += int64(tender.Amount)
			}
		}
	}
	return sum
}

// told are the totals of the sales and refunds the hub will be told of, by
// number; the outbox has no gap.
func (s *shop) told() map[string]money.Won {
	s.t.Helper()
	told := map[string]money.Won{}
	var last int64
	for {
		rows, err := s.store.After(context.Background(), last, 500)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(rows) == 0 {
			return told
		}
		for _, row := range rows {
			if last++; row.Sequence != last {
				s.t.Fatalf("sequence %d, want %d", row.Sequence, last)
			}
			if row.Type != protocol.TypeSaleClosed && row.Type != protocol.TypeSaleRefunded {
				continue
			}
			var record protocol.Sale
			if err := json.Unmarshal(row.Data, &record); err != nil {
				s.t.Fatal(err)
			}
			if _, twice := told[record.Number]; twice {
				s.t.Errorf("the hub is told twice of %s", record.Number)
			}
			told[record.Number] = record.Total
		}
	}
}
