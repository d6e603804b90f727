package till_test

import (
	"testing"

	"shopbox/drivers"
	"shopbox/edge/catalog"
	"shopbox/edge/printing"
	"shopbox/edge/sale"
	"shopbox/edge/till"
)

// serve makes categories with their printers and puts the milk into the first.
func (s *shop) serve(categories ...catalog.Category) {
	s.t.Helper()
	product, err := s.store.Product(s.t.Context(), milk)
	if err != nil {
		s.t.Fatal(err)
	}
	product.Category = categories[0].ID
	change := catalog.Change{Categories: categories, Products: []catalog.Product{product}}
	if err := s.store.ChangeCatalog(s.t.Context(), change, sale.Person{}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) jobs(kind printing.Kind) []printing.Job {
	s.t.Helper()
	all, err := s.store.PrintJobs(s.t.Context(), 100, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	var found []printing.Job
	for _, job := range all {
		if job.Kind == kind {
			found = append(found, job)
		}
	}
	return found
}

// TestKitchenOrder: what the kitchen has to prepare is written with the sale,
// without its price, for the printer of its category; a refund orders nothing;
// printed again it says that it is a copy.
func TestKitchenOrder(t *testing.T) {
	s := newShop(t)
	s.serve(catalog.Category{ID: "dairy", Name: "유제품", Color: catalog.Plain, Printer: "kitchen"})
	s.scan(milkCode)
	if _, err := s.AddProduct(t.Context(), owner(), till.AddRequest{Product: rice}); err != nil {
		t.Fatal(err)
	}
	request := s.request("k1")
	request.Tender, request.NoReceipt = sale.Cash, true
	answer := s.pay(request)
	orders := s.jobs(printing.Kitchen)
	if len(orders) != 1 || orders[0].Printer != "kitchen" || orders[0].Number != answer.Number || orders[0].Document.OpenDrawer {
		t.Fatalf("orders %+v", orders)
	}
	var lines []drivers.Columns
	for _, block := range orders[0].Document.Blocks {
		if line, is := block.(drivers.Columns); is && line.Wide {
			lines = append(lines, line)
		}
	}
	if len(lines) != 1 || lines[0].Left != "우유 1L" || lines[0].Right != "x 1" {
		t.Errorf("ordered %+v", lines)
	}

	again, err := s.PrintAgain(t.Context(), owner(), orders[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	printed, err := s.store.PrintJob(t.Context(), again)
	if err != nil || !printed.Copy || printed.Printer != "kitchen" {
		t.Errorf("again %+v, %v", printed, err)
	}
	if mark, is := printed.Document.Blocks[0].(drivers.Text); !is || mark.Text != "[재출력]" {
		t.Errorf("the copy begins with %+v", printed.Document.Blocks[0])
	}
	third, err := s.PrintAgain(t.Context(), owner(), again)
	if err != nil {
		t.Fatal(err)
	}
	if twice, err := s.store.PrintJob(t.Context(), third); err != nil || len(twice.Document.Blocks) != len(printed.Document.Blocks) {
		t.Errorf("a copy of the copy %+v, %v", twice.Document, err)
	}

	line := s.sale(answer.Number).Lines[0]
	if _, err := s.Refund(t.Context(), owner(), till.RefundRequest{
		Key: "r1", Number: answer.Number, Tender: sale.Cash, Reason: "상함",
		Picks: []sale.Pick{{Line: line.ID, Quantity: line.Quantity}},
	}); err != nil {
		t.Fatal(err)
	}
	if orders := s.jobs(printing.Kitchen); len(orders) != 3 {
		t.Errorf("%d orders after a refund", len(orders))
	}
}
