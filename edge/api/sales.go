package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shopbox/drivers"
	"shopbox/edge/receipt"
	"shopbox/edge/sale"
	"shopbox/edge/staff"
	"shopbox/edge/till"
)

// ByNumber is an operation on one sale.
type ByNumber struct {
	Number string `path:"number" maxLength:"32"`
}

type salesInput struct {
	Day   string `query:"day" maxLength:"10" doc:"2026-11-23; absent for all days"`
	Query string `query:"q" maxLength:"100" doc:"part of a receipt number, a product or an approval number"`
	Page
}

func (s *Server) registerSales(api huma.API) {
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "list-sales", Method: http.MethodGet, Path: "/api/sales", Tags: []string{"sales"}, Summary: "Finished sales and refunds, the latest first",
	}), s.listSales)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "get-sale", Method: http.MethodGet, Path: "/api/sales/{number}", Tags: []string{"sales"}, Summary: "One sale or refund",
	}), s.getSale)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "reprint", Method: http.MethodPost, Path: "/api/sales/{number}/reprint", Tags: []string{"sales"}, Summary: "Print a receipt again, marked as a copy",
		DefaultStatus: http.StatusNoContent,
	}), s.reprint)
	huma.Register(api, signedIn(huma.Operation{
		OperationID: "preview-receipt", Method: http.MethodGet, Path: "/api/sales/{number}/receipt.png", Tags: []string{"sales"}, Summary: "The receipt as it is printed",
		Responses: pictureAnswer(),
	}), s.receiptPicture)
}

func (s *Server) listSales(ctx context.Context, in *salesInput) (*bodyOf[SalesView], error) {
	query := till.SaleQuery{Day: in.Day, Text: strings.TrimSpace(in.Query), Limit: in.Limit, Offset: in.Offset}
	rows, err := s.Ledger.Sales(ctx, query)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	view := SalesView{Items: make([]SaleRow, len(rows))}
	for i, row := range rows {
		view.Items[i] = viewSaleRow(row)
	}
	view.Total, err = s.Ledger.CountSales(ctx, query)
	return answering(view, s.refuse(ctx, err))
}

func viewSaleRow(row till.SaleRow) SaleRow {
	kinds := make([]string, len(row.Tenders))
	for i, kind := range row.Tenders {
		kinds[i] = string(kind)
	}
	return SaleRow{
		Number: row.Number, At: row.At, Refund: row.Kind == sale.Refunded, Total: row.Total, Tenders: strings.Join(kinds, ","),
		By: row.By.Name, Title: row.Title, Lines: row.Lines, Sent: row.Sent,
	}
}

func (s *Server) sale(ctx context.Context, number string) (till.Record, error) {
	record, err := s.Ledger.Sale(ctx, number)
	if isNotFound(err) {
		return record, till.ErrNoSale
	}
	return record, err
}

func (s *Server) getSale(ctx context.Context, in *ByNumber) (*bodyOf[SaleView], error) {
	record, err := s.sale(ctx, in.Number)
	return answering(viewSale(record), s.refuse(ctx, err))
}

func viewSale(record till.Record) SaleView {
	view := SaleView{
		Number: record.Number, Day: record.Day, At: record.At, Refund: record.Kind == sale.Refunded, Original: record.Original,
		Reason: record.Reason, By: record.By.Name, Lines: make([]LineView, len(record.Lines)), Total: record.Total,
		Supply: record.Supply, VAT: record.VAT, Exempt: record.Exempt, Tenders: viewTenders(record.Tenders), Note: record.Note,
		ClockDoubt: record.ClockDoubt, Refunds: make([]string, len(record.Refunds)), Sent: record.Sent,
		Cash: viewCash(record.CashState()),
	}
	left := sale.Left(record.Sale, record.Refunds)
	for i, line := range record.Lines {
		view.Lines[i] = LineView{
			ID: line.ID, Product: line.Item.Product, Name: line.Item.Name, Quantity: line.Quantity, ByWeight: line.Item.ByWeight,
			Unit: line.Unit, List: line.Item.Price, Discount: line.Discount, Amount: line.Amount, VAT: line.Item.VAT, Note: line.Note,
		}
		if !view.Refund {
			view.Lines[i].Left = left[line.ID]
		}
	}
	for i, refund := range record.Refunds {
		view.Refunds[i] = refund.Number
	}
	return view
}

func (s *Server) reprint(ctx context.Context, in *ByNumber) (*none, error) {
	_, err := s.Till.Reprint(ctx, actor(ctx), in.Number)
	if err == nil {
		s.Devices.Wake()
		s.Changed()
	}
	return nil, s.refuse(ctx, err)
}

type pictureOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// pictureAnswer describes a pictureOutput.
func pictureAnswer() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: "A picture", Content: map[string]*huma.MediaType{"image/png": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
}

func (s *Server) receiptPicture(ctx context.Context, in *ByNumber) (*pictureOutput, error) {
	record, err := s.sale(ctx, in.Number)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	options, err := s.paperOptions(ctx)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return s.drawn(ctx, s.Paper.Sale(record.Sale, options))
}

// drawn is a document as the shop's printer makes it.
func (s *Server) drawn(ctx context.Context, document drivers.Document) (*pictureOutput, error) {
	picture, err := s.Preview(document)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &pictureOutput{ContentType: "image/png", Body: picture}, nil
}

func (s *Server) paperOptions(ctx context.Context) (receipt.Options, error) {
	shop, settings, err := s.Shop.Shop(ctx)
	if err != nil {
		return receipt.Options{}, err
	}
	logo, err := s.Shop.Logo(ctx)
	return receipt.Options{
		Shop: receipt.Shop{
			Name: shop.Name, BusinessNumber: shop.BusinessNumber, Representative: shop.Representative, Address: shop.Address, Phone: shop.Phone,
		},
		Language: receipt.Language(settings.Language), Foot: settings.ReceiptFoot, Logo: logo,
	}, err
}

// person is a signed-in person as a sale knows them.
func person(who staff.Person) sale.Person { return sale.Person{ID: who.ID, Name: who.Name} }
