package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/hub/report"
	"shopbox/protocol"
)

type salesInput struct {
	Shop   string `query:"shop" maxLength:"64" doc:"Empty for all shops."`
	Day    string `query:"day" maxLength:"10" doc:"2026-11-23; empty for today in Seoul, or all days with a search."`
	Query  string `query:"q" maxLength:"64" doc:"The end of a receipt number."`
	Cursor string `query:"cursor" maxLength:"200"`
}

type salesOutput struct{ Body Sales }

type saleInput struct {
	Shop   string `path:"shop" maxLength:"64"`
	Number string `path:"number" maxLength:"32"`
	// At tells sales of one number apart.
	At time.Time `query:"at" doc:"The time of the sale, where two have its number; the first when it is left out."`
}

type receiptOutput struct{ Body Receipt }

func (s *server) registerSales(api huma.API) {
	huma.Register(api, owner(huma.Operation{
		OperationID: "list-sales", Method: http.MethodGet, Path: "/api/sales", Tags: []string{"sales"},
		Summary: "Sales and refunds of a day, newest first; with a search, of all days",
	}), s.listSales)
	huma.Register(api, owner(huma.Operation{
		OperationID: "get-sale", Method: http.MethodGet, Path: "/api/sales/{shop}/{number}", Tags: []string{"sales"},
		Summary: "One sale or refund in full",
	}), s.getSale)
}

func (s *server) listSales(ctx context.Context, in *salesInput) (*salesOutput, error) {
	query := report.SalesQuery{
		Scope: report.Scope{Tenant: visitorOf(ctx).tenant, Shop: in.Shop},
		Day:   in.Day, Number: strings.TrimSpace(in.Query), Cursor: in.Cursor,
	}
	if query.Day == "" && query.Number == "" {
		query.Day = s.now().In(seoul).Format("2006-01-02")
	}
	page, err := s.reports.Sales(ctx, query)
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	view := Sales{Sales: make([]SaleRow, len(page.Sales)), Next: page.Next}
	for i, row := range page.Sales {
		view.Sales[i] = viewSaleRow(row)
	}
	return &salesOutput{Body: view}, nil
}

func viewSaleRow(row report.SaleRow) SaleRow {
	return SaleRow{
		Shop: Named{ID: row.Shop, Name: row.ShopName}, Number: row.Number, At: row.At, Refund: row.Refund,
		Total: int64(row.Total), Title: row.Title, Lines: row.Lines,
		Tenders: append([]string{}, row.Tenders...), Original: row.Original,
	}
}

func (s *server) getSale(ctx context.Context, in *saleInput) (*receiptOutput, error) {
	scope := report.Scope{Tenant: visitorOf(ctx).tenant, Shop: in.Shop}
	sale, err := s.reports.Sale(ctx, scope, in.Number, in.At)
	if err != nil {
		return nil, s.refuse(ctx, err, reportRefusals)
	}
	return &receiptOutput{Body: viewReceipt(sale)}, nil
}

func viewReceipt(sale report.Sale) Receipt {
	shop := sale.Shop
	view := Receipt{
		Shop: Named{ID: shop.ID, Name: shop.Name},
		Seller: Seller{
			Name: shop.Name, BusinessNumber: shop.BusinessNumber,
			Representative: shop.Representative, Address: shop.Address, Phone: shop.Phone,
		},
		Number: sale.Number, Barcode: receiptBarcode(sale.Number), At: sale.At, ClockDoubt: sale.ClockDoubt,
		Refund: sale.Refund, Original: sale.Original, Reason: sale.Reason,
		RefundedBy: append([]string{}, sale.RefundedBy...), By: sale.By.Name,
		Lines: make([]ReceiptLine, len(sale.Lines)), Tenders: make([]ReceiptTender, len(sale.Tenders)),
		Total: int64(sale.Total), Supply: int64(sale.Supply), VAT: int64(sale.VAT), Exempt: int64(sale.Exempt),
		Note: sale.Note,
	}
	for i, line := range sale.Lines {
		view.Lines[i] = ReceiptLine{
			Name: line.Name, Quantity: int64(line.Quantity), Unit: int64(line.Unit),
			Discount: int64(line.Discount), Amount: int64(line.Amount), VAT: string(line.VAT), Note: line.Note,
		}
	}
	for i, tender := range sale.Tenders {
		view.Tenders[i] = viewTender(tender)
	}
	return view
}

func viewTender(tender protocol.Tender) ReceiptTender {
	view := ReceiptTender{
		Kind: tender.Kind, Amount: int64(tender.Amount),
		Received: int64(tender.Received), Change: int64(tender.Change),
	}
	if card := tender.Card; card != nil {
		view.Card, view.Scheme, view.Approval = card.Number, card.Scheme, card.Approval
	}
	return view
}

// receiptBarcode is what the barcode on the paper holds: 20261123-0001 is
// R2611230001.
func receiptBarcode(number string) string {
	day, count, ok := strings.Cut(number, "-")
	if !ok || len(day) != 8 {
		return ""
	}
	return "R" + day[2:] + count
}
